"""Event data chooses a module. Its page is docs/rules/event-imported.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts, Flow
from stockade.model import Application, Match, Severity
from stockade.rules._matches import from_flows
from stockade.rules._rule import rule
from stockade.rules._wording import carried, in_javascript


@rule(
    title="event data chooses the module that is imported",
    harm=Severity.HIGH,
    practice="C5",
    cwe=(470, 94),
)
def event_imported(app: Application, facts: Facts) -> Iterator[Match]:
    """Report every flow from an event into the name or path of a module."""
    return from_flows(app, facts.flows_into("import"), _can, _instead)


def _can(flow: Flow) -> str:
    return f"choose the module that {flow.function} imports and runs"


def _instead(flow: Flow) -> str:
    among = "an object" if in_javascript(flow) else "a dictionary"
    field = carried(flow)
    return f"import the modules by name and let {field} choose from {among} of them"
