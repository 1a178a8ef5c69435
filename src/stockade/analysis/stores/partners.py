"""Roles that partners assume from accounts of their own, and what they reach with them.

Follows "Access to AWS accounts owned by third parties" of the IAM User Guide. A role for another
account of one's own looks the same, but for the external id, which third parties are given.
"""

from collections.abc import Iterator

from stockade.analysis.statements import admitted, conditions, covers, effect, statements
from stockade.model import Application, Exposure, Location, Map, Role
from stockade.model.record import record

REACHES = {
    "lambda:InvokeFunction": "invoke functions",
    "dynamodb:GetItem": "read tables",
    "dynamodb:PutItem": "write to tables",
    "s3:PutObject": "write to buckets",
    "sqs:SendMessage": "send to queues",
    "sns:Publish": "publish to topics",
    "events:PutEvents": "put events on buses",
    "states:StartExecution": "start state machines",
    "rds-data:ExecuteStatement": "query databases",
}
"""What an API should stand before, and what it amounts to."""


@record
class Reached:
    """A statement by which a partner gets past the application's API."""

    role: Role
    trust: Location
    statement: Map
    what: tuple[str, ...]


def reached(app: Application) -> Iterator[Reached]:
    """Yield what partners may do besides calling an API."""
    for role in app.roles.values():
        trust = next((one for one in statements(role.trust) if _is_of_partner(one)), None)
        if trust is None:
            continue
        for policy in role.policies:
            for statement in statements(policy.document):
                what = tuple(
                    words for action, words in REACHES.items() if covers(statement, (action,))
                )
                if what and effect(statement) == "allow":
                    yield Reached(role, trust.at, statement, what)


def _is_of_partner(statement: Map) -> bool:
    """Tell whether a trust policy lets another account in that shows an external id."""
    return (
        effect(statement) == "allow"
        and admitted(statement) in (Exposure.OTHER_ACCOUNT, Exposure.ANYONE)
        and any(condition.key == "sts:externalid" for condition in conditions(statement))
    )
