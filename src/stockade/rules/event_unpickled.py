"""Event data becomes objects of any type. Its page is docs/rules/event-unpickled.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts, Flow
from stockade.model import Application, Match, Severity
from stockade.rules._matches import from_flows
from stockade.rules._rule import rule
from stockade.rules._wording import in_javascript


@rule(
    title="event data is turned into objects of any type",
    harm=Severity.CRITICAL,
    practice="C5",
    cwe=(502,),
)
def event_unpickled(app: Application, facts: Facts) -> Iterator[Match]:
    """Report every flow from an event into a loader that lets the data choose the types."""
    return from_flows(app, facts.flows_into("unpickle"), _can, _instead)


def _can(flow: Flow) -> str:
    return f"run code in {flow.function} by the objects that it loads"


def _instead(flow: Flow) -> str:
    if in_javascript(flow):
        return "send JSON and read it with JSON.parse()"
    if "yaml" in flow.callee:
        return "use yaml.safe_load(), which makes plain values only"
    if flow.callee.startswith("numpy."):
        return "leave allow_pickle out"
    if flow.callee.startswith("torch."):
        return "leave weights_only at its default, which is True since torch 2.6"
    return "send JSON and read it with json.loads()"
