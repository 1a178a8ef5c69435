"""Events write into what all objects share. Its page is docs/rules/event-in-prototype.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts, Flow
from stockade.model import Application, Exposure, Match, Severity
from stockade.rules._matches import from_flows
from stockade.rules._rule import rule
from stockade.rules._wording import carried


@rule(
    title="event data is written into the prototype of all objects",
    harm=Severity.MEDIUM,
    practice="C5",
    cwe=(1321,),
)
def event_in_prototype(app: Application, facts: Facts) -> Iterator[Match]:
    """Report entries of entries that are written under keys which outsiders choose."""
    flows = (
        flow
        for flow in facts.flows_into("prototype")
        if flow.origin.exposure > Exposure.APPLICATION
    )
    return from_flows(app, flows, _can, _instead, once_a_field=True)


def _can(flow: Flow) -> str:
    return (
        f"give every object in {flow.function} a property, for all who call it after them: the key"
        " may be `__proto__`"
    )


def _instead(flow: Flow) -> str:
    return (
        f"keep what {carried(flow)} names in a Map or in Object.create(null), or leave out the"
        " keys `__proto__`, `constructor` and `prototype`"
    )
