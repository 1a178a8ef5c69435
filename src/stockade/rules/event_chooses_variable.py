"""Event data chooses what it is compared with. Page: docs/rules/event-chooses-variable.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts, Flow
from stockade.model import Application, Match, Severity
from stockade.rules._matches import from_flows
from stockade.rules._rule import rule
from stockade.rules._wording import carried, in_javascript


@rule(
    title="event data chooses the variable that it is compared with",
    harm=Severity.HIGH,
    practice="C8",
    cwe=(807, 287),
)
def event_chooses_variable(app: Application, facts: Facts) -> Iterator[Match]:
    """Report every name of an event whose variable is compared with other data of it."""
    return from_flows(app, facts.flows_into("variable"), _can, _instead)


def _can(flow: Flow) -> str:
    return f"get past a check of {flow.function} by naming a variable they know, like AWS_REGION"


def _instead(flow: Flow) -> str:
    among = "an object" if in_javascript(flow) else "a dictionary"
    return (
        f"look {carried(flow)} up in {among} of those that may be named, and let Cognito sign in"
    )
