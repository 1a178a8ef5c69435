"""Another account takes on a role. Its page is docs/rules/role-of-another-account.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.statements import conditions, effect, named, statements
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Map,
    Match,
    Persona,
    Role,
    Severity,
    Step,
    Value,
    expression,
    inside,
)
from stockade.rules._rule import rule

_NARROWS = frozenset(
    {
        "sts:externalid",
        "aws:multifactorauthpresent",
        "aws:multifactorauthage",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourcearn",
        "aws:sourceaccount",
        "aws:sourceidentity",
        "aws:userid",
        "sts:sourceidentity",
    }
)
"""Keys by which a trust asks for more than the account."""


@rule(
    title="another account takes on a role without an external id",
    harm=Severity.MEDIUM,
    practice="I6",
    cwe=(441,),
    persona=Persona.STRICT,
)
def role_of_another_account(app: Application, _facts: Facts) -> Iterator[Match]:
    """Report trust in a whole account of others that asks for nothing besides."""
    for role in app.roles.values():
        for statement, account in _trusting(role):
            yield Match(
                at=account.at,
                message=(
                    f"whoever makes {_shown(account)} act can have it take on "
                    f"{app.resources[role.id].name}, and do all that it may do"
                ),
                because=(
                    Step(account.at, "everyone in this account may take it on"),
                    Step(role.policies[0].at, "and this is what they may do then"),
                ),
                confidence=Confidence.MEDIUM,
                exposure=Exposure.OTHER_ACCOUNT,
                identity=(role.id, expression(account)),
                resource=role.id,
                mends=(statement.at,),
                help=(
                    "ask for an sts:ExternalId that the partner chose for you alone; of an "
                    "account of your own, name the role that takes this one on"
                ),
            )


def _trusting(role: Role) -> Iterator[tuple[Map, Value]]:
    """Yield the whole accounts that a role's trust lets in with nothing else asked."""
    if not role.policies:
        return  # Whoever takes it on can do nothing with it.
    for statement in statements(role.trust):
        if effect(statement) != "allow":
            continue
        if any(one.key in _NARROWS for one in conditions(statement)):
            continue
        for one in inside(statement, "Principal", "AWS", "[]"):
            if named(one) is Exposure.OTHER_ACCOUNT and _is_whole(expression(one)):
                yield statement, one


def _is_whole(principal: str) -> bool:
    return principal.endswith(":root") or ":" not in principal


def _shown(account: Value) -> str:
    parts = expression(account).split(":")
    return parts[4] if len(parts) > 1 else parts[0]
