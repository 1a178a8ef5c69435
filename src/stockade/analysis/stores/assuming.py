"""Roles that strangers can take on: trust policies decided for somebody nobody meant.

Three of them ask: an administrator of an account that has nothing to do with the application, a
workflow of somebody else's repository at GitHub, and a user of any application that signs people
in with the same provider. Follows "How to use an external ID when granting access to your AWS
resources to a third party" and "Create a role for OpenID Connect federation" of the IAM User
Guide, and "Configuring OpenID Connect in Amazon Web Services" of GitHub's documentation.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from stockade import iam
from stockade.analysis.statements import effect, statements
from stockade.analysis.stores.outsiders import (
    EVERYTHING,
    FOREIGN,
    OVER_TLS,
    STRANGER,
    is_open,
    statement_behind,
)
from stockade.analysis.stores.symbols import ACCOUNT, Symbols
from stockade.iam.symbolic import atom
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

_GITHUB: Final = "token.actions.githubusercontent.com"
_WITH_TOKEN: Final = "sts:AssumeRoleWithWebIdentity"  # noqa: S105 - an action's name
_SIGNING_IN: Final = ("accounts.google.com", "graph.facebook.com", "www.amazon.com")
"""Providers of IAM's own, whose tokens tell for which application they were made."""


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

_ANYONE: Final[tuple[_Stranger, ...]] = (
    (
        "anyone with an AWS account",
        STRANGER,
        "sts:AssumeRole",
        {
            **FOREIGN,
            **OVER_TLS,
            "aws:MultiFactorAuthPresent": "true",
            "sts:ExternalId": atom("an external id that a stranger makes up", unique=True),
        },
    ),
)


_WORKFLOW: Final = {
    f"{_GITHUB}:aud": "sts.amazonaws.com",
    f"{_GITHUB}:sub": "repo:a-stranger/a-repository:ref:refs/heads/main",
    f"{_GITHUB}:repository": "a-stranger/a-repository",
    f"{_GITHUB}:repository_owner": "a-stranger",
}
"""What a token of GitHub says of a workflow, where anyone may have written the workflow."""


def _federated(app: Application, statement: Map, symbols: Symbols) -> Iterator[_Stranger]:
    """Yield those who sign in with a provider that strangers can sign in with."""
    if effect(statement) != "allow":
        return
    for written in inside(statement, "Principal", "Federated", "[]"):
        name = symbols.text(written)
        if name.endswith(f":oidc-provider/{_GITHUB}") or _is_of_github(app, written):
            yield "any workflow of any repository at GitHub", name, _WITH_TOKEN, _WORKFLOW
        elif name in _SIGNING_IN:
            who = f"any user of any application that signs in with {name}"
            keys = (f"{name}:{key}" for key in ("aud", "app_id", "sub", "id", "user_id"))
            context = {key: atom(f"a stranger's {key}", unique=True) for key in keys}
            yield who, name, _WITH_TOKEN, context


def _is_of_github(app: Application, provider: Value) -> bool:
    """Tell whether the application declares a provider, for GitHub's workflows."""
    for reference in references(provider):
        declared = app.resources.get(reference.resource)
        if declared is not None and declared.type == "AWS::IAM::OIDCProvider":
            url = declared.properties.get("Url")
            return url is not None and _GITHUB in expression(url)
    return False


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
    request = iam.Request(principal, action, arn, context=context, account=ACCOUNT)
    decision = iam.decide(request, policies)
    return statement_behind(decision, held) if decision.allowed else None
