"""Event data chooses where a request goes. Its page is docs/rules/event-chooses-host.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts, Flow
from stockade.model import Application, Exposure, Match, Severity
from stockade.rules._matches import from_flows
from stockade.rules._rule import rule
from stockade.rules._wording import carried, has_untold_senders


@rule(
    title="event data chooses the host of a request",
    harm=Severity.HIGH,
    practice="C3",
    cwe=(918,),
)
def event_chooses_host(app: Application, facts: Facts) -> Iterator[Match]:
    """Report flows into the host of a request, from events that others than the owner may send."""
    flows = (
        flow
        for flow in facts.flows_into("host")
        if flow.origin.exposure > Exposure.APPLICATION or has_untold_senders(app, flow)
    )
    return from_flows(app, flows, _can, _instead)


def _can(flow: Flow) -> str:
    return f"make {flow.function} call a host of their choice"


def _instead(flow: Flow) -> str:
    return (
        f"write the host as a constant, or look {carried(flow)} up in a fixed set of "
        "hosts; a check of the text alone misses redirects and names that point inside"
    )
