"""Strangers can take on a role. Its page is docs/rules/role-for-anyone.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.stores.assuming import assumable
from stockade.model import Application, Confidence, Exposure, Match, Severity, Step
from stockade.rules._rule import rule


@rule(title="strangers can take on a role", harm=Severity.CRITICAL, practice="I6", cwe=(284, 863))
def role_for_anyone(app: Application, _facts: Facts) -> Iterator[Match]:
    """Report roles whose trust policy lets in somebody whom nobody meant."""
    for found in assumable(app):
        role = found.role
        name = app.resources[role.id].name
        at = found.statement.key_at("Principal")
        may = tuple(Step(one.at, "and this is what they may do then") for one in role.policies[:1])
        yield Match(
            at=at,
            message=f"{found.who} can take on {name}, and do all that it may do",
            because=(
                Step(at, "this lets them in"),
                *(may or (Step(role.at, "and what they may do then is not told here"),)),
            ),
            confidence=Confidence.HIGH if may else Confidence.MEDIUM,
            harm=None if may else Severity.MEDIUM,
            exposure=Exposure.ANYONE,
            identity=(role.id, found.who),
            resource=role.id,
            mends=(found.statement.at,),
            help=(
                "name who may: the roles of your own account, a partner's account with "
                "sts:ExternalId, your own repository and branch in the condition on "
                "token.actions.githubusercontent.com:sub, your own application in the one on aud"
            ),
        )
