"""Event data is a template. Its page is docs/rules/event-as-template.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts, Flow
from stockade.model import Application, Match, Severity
from stockade.rules._matches import from_flows
from stockade.rules._rule import rule
from stockade.rules._wording import carried


@rule(
    title="event data is rendered as a template",
    harm=Severity.CRITICAL,
    practice="C7",
    cwe=(1336, 94),
)
def event_as_template(app: Application, facts: Facts) -> Iterator[Match]:
    """Report every flow from an event into the text of a template that can run code."""
    return from_flows(app, facts.flows_into("template"), _can, _instead)


def _can(flow: Flow) -> str:
    return f"run code in {flow.function} by what they write into its template"


def _instead(flow: Flow) -> str:
    return f"keep the template constant and pass {carried(flow)} as a value when it is rendered"
