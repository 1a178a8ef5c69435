"""Roles that strangers can take on: trust policies decided for somebody nobody meant.

Three of them ask: an administrator of an account that has nothing to do with the application, a
job of somebody else's project at a service that builds for all, and a user of any application
that signs people in with the same provider. What they can choose themselves (the name of a
session, of a project, of a branch) is chosen to suit them. Follows "How to use an external ID when
granting access to your AWS resources to a third party" and "Create a role for OpenID Connect
federation" of the IAM User Guide, and what the services say of their tokens: "Configuring OpenID
Connect in Amazon Web Services" of GitHub, "Connect to cloud services" of GitLab, "Workload
identity tokens" of HCP Terraform, "OIDC with Buildkite".
"""

from collections.abc import Iterator, Mapping
from typing import Final

from stockade import iam
from stockade.analysis.statements import conditions, effect, statements
from stockade.analysis.stores.outsiders import (
    EVERYTHING,
    OVER_TLS,
    STRANGER,
    STRANGERS,
    is_open,
    statement_behind,
)
from stockade.analysis.stores.symbols import ACCOUNT, Symbols
from stockade.iam.symbolic import OPEN, atom
from stockade.model import (
    Application,
    Map,
    Role,
    Value,
    expression,
    inside,
    references,
)
from stockade.model.record import record

_WITH_TOKEN: Final = "sts:AssumeRoleWithWebIdentity"  # noqa: S105 - an action's name
_SIGNING_IN: Final = (
    "accounts.google.com",
    "graph.facebook.com",
    "www.amazon.com",
    "cognito-identity.amazonaws.com",
)
"""Providers of IAM's own, whose tokens tell for which application they were made."""
_CHOSEN: Final = (
    "aws:principaltag/*",
    "aws:requesttag/*",
    "aws:tagkeys",
    "aws:multifactorauthage",
    "aws:sourceidentity",
    "sts:rolesessionname",
    "sts:sourceidentity",
    "sts:durationseconds",
    "sts:transitivetagkeys",
    "cognito-identity.amazonaws.com:amr",
)
"""What whoever takes on a role can choose at will."""


@record
class Assumable:
    """A role that strangers can take on: who they are, and the statement that lets them."""

    role: Role
    who: str
    statement: Map


def assumable(app: Application) -> Iterator[Assumable]:
    """Yield the roles that strangers can take on."""
    symbols = Symbols(app)
    for role in app.roles.values():
        held = tuple(statements(role.trust))
        strangers = [
            *(_ANYONE if any(map(is_open, held)) else ()),
            *(stranger for one in held for stranger in _federated(app, one, symbols)),
        ]
        for who, principal, action, context in strangers:
            statement = _letting_in(role, held, symbols, (principal, action, context))
            if statement is not None:
                yield Assumable(role, who, statement)
                break


_Stranger = tuple[str, str, str, Mapping[str, str]]

_ANYONE: Final[tuple[_Stranger, ...]] = tuple(
    (
        "anyone with an AWS account",
        STRANGER,
        "sts:AssumeRole",
        {
            **foreign,
            **OVER_TLS,
            "aws:MultiFactorAuthPresent": "true",
            "sts:ExternalId": atom("an external id that a stranger makes up", unique=True),
        },
    )
    for foreign in STRANGERS
)


@record
class _Builder:
    """A service that runs jobs for everyone, and how its tokens name a job (`sub`).

    The name begins with whose it is, between `before` and the first character of `project`;
    `project` and `job` are what follows, and may be anything. Whom the token is for (`aud`) is
    chosen by who writes the job, unless `audience` says that it names the owner.
    """

    who: str
    before: str
    project: str
    job: str
    audience: bool = False


_BUILDERS: Final = {
    "token.actions.githubusercontent.com": _Builder(
        "any workflow of any repository at GitHub",
        "repo:",
        "/a-repository",
        ":ref:refs/heads/main",
    ),
    "gitlab.com": _Builder(
        "any job of any project at GitLab",
        "project_path:",
        "/a-project",
        ":ref_type:branch:ref:main",
    ),
    "app.terraform.io": _Builder(
        "any workspace of any organisation at HCP Terraform",
        "organization:",
        ":project:a-project:workspace:a-workspace",
        ":run_phase:apply",
    ),
    "agent.buildkite.com": _Builder(
        "any pipeline of any organisation at Buildkite",
        "organization:",
        ":pipeline:a-pipeline",
        ":ref:refs/heads/main:commit:0:step:build",
    ),
    "oidc.vercel.com": _Builder(
        "any project of any team at Vercel",
        "owner:",
        ":project:a-project",
        ":environment:production",
        audience=True,
    ),
    "api.pulumi.com/oidc": _Builder(
        "any stack of any organisation at Pulumi Cloud",
        "pulumi:deploy:org:",
        ":project:a-project:stack:a-stack",
        ":operation:update",
        audience=True,
    ),
}
_OWNER: Final = "a-stranger"


def _jobs(host: str, builder: _Builder, statement: Map, symbols: Symbols) -> Iterator[_Stranger]:
    """Yield jobs that a stranger may write, with names that suit the patterns of a statement.

    Whoever builds may choose the name of an organisation and all that follows, so a pattern lets
    strangers in unless the owner is written out up to the character that ends it.
    """
    names = {f"{builder.before}{_OWNER}{builder.project}{builder.job}": None}
    for condition in conditions(statement):
        if condition.key == f"{host}:sub":
            for written in condition.values:
                names |= dict.fromkeys(_suiting(builder, symbols.text(written)))
    for name in names:
        context: dict[str, str] = {f"{host}:sub": name}
        if builder.audience:
            context[f"{host}:aud"] = atom("a stranger's audience", unique=True)
        if host.startswith("token.actions"):
            owner = name.removeprefix(builder.before).partition("/")[0]
            context[f"{host}:repository_owner"] = owner
            context[f"{host}:repository"] = name.removeprefix(builder.before).partition(":")[0]
        yield builder.who, host, _WITH_TOKEN, context


def _suiting(builder: _Builder, pattern: str) -> Iterator[str]:
    """Yield names of a stranger's jobs that a pattern may match."""
    head, star, rest = pattern.partition("*")
    before, ends = builder.before, builder.project[0]
    if not star or not (before.startswith(head) or head.startswith(before)):
        return
    owner = head.removeprefix(before) if head.startswith(before) else ""
    if ends in owner or owner.startswith(OPEN):
        return  # The owner is written out, or is what the deployment says.
    owner += _OWNER
    rest = rest.replace("*", "x")
    yield f"{before}{owner}{builder.project}{builder.job}"
    yield f"{before}{owner}{builder.project}{rest}"
    yield f"{before}{owner}{rest}" if rest.startswith(ends) else f"{before}{owner}{ends}{rest}"


def _federated(app: Application, statement: Map, symbols: Symbols) -> Iterator[_Stranger]:
    """Yield those who sign in with a provider that strangers can sign in with."""
    if effect(statement) != "allow":
        return
    for written in inside(statement, "Principal", "Federated", "[]"):
        name = symbols.text(written)
        host = _host(app, written, name)
        builder = _BUILDERS.get(host)
        if builder is not None:
            for who, _, action, context in _jobs(host, builder, statement, symbols):
                yield who, name, action, context
        elif name in _SIGNING_IN:
            who = f"any user of any application that signs in with {name}"
            keys = (f"{name}:{key}" for key in ("aud", "app_id", "sub", "id", "user_id"))
            context = {key: atom(f"a stranger's {key}", unique=True) for key in keys}
            yield who, name, _WITH_TOKEN, context


def _host(app: Application, provider: Value, name: str) -> str:
    """Return the address of an identity provider, from its ARN or where it is declared."""
    for reference in references(provider):
        declared = app.resources.get(reference.resource)
        if declared is not None and declared.type == "AWS::IAM::OIDCProvider":
            url = declared.properties.get("Url")
            written = expression(url) if url is not None else ""
            return written.removeprefix("https://").rstrip("/")
    return name.partition(":oidc-provider/")[2]


def _letting_in(
    role: Role,
    held: tuple[Map, ...],
    symbols: Symbols,
    stranger: tuple[str, str, Mapping[str, str]],
) -> Map | None:
    """Return the statement that lets a stranger in, or None; what is not known lets nobody in."""
    principal, action, context = stranger
    policies = iam.Policies(identity=[EVERYTHING], resource=iam.read(symbols.document(held)))
    arn = f"arn:aws:iam::{ACCOUNT}:role/{atom(role.id, unique=True)}"
    unknown = [*_CHOSEN]
    if principal and f"{action}" == _WITH_TOKEN:
        hosts = {key.rpartition(":")[0] for key in context}
        unknown += [f"{host}:aud" for host in hosts if f"{host}:aud" not in context]
    request = iam.Request(
        principal, action, arn, context=context, account=ACCOUNT, unknown=unknown
    )
    decision = iam.decide(request, policies)
    suits = decision.allowed or (
        decision.effect is iam.Effect.UNKNOWN
        and all(_is_in(key, unknown) for key in decision.unknown)
    )
    return statement_behind(decision, held) if suits else None


def _is_in(key: str, listed: list[str]) -> bool:
    return any(key == one or (one.endswith("*") and key.startswith(one[:-1])) for one in listed)
