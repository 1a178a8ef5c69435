"""Event data chooses where browsers go. Its page is docs/rules/event-chooses-redirect.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts, Flow
from stockade.model import Application, Match, Severity
from stockade.rules._matches import from_flows
from stockade.rules._rule import rule
from stockade.rules._wording import carried

# What a link can bring. The headers of a request are the visitor's own browser's.
_IN_A_LINK = (
    "queryStringParameters",
    "multiValueQueryStringParameters",
    "rawQueryString",
    "pathParameters",
    "body",
    "Records[].cf.request.querystring",
)


@rule(
    title="event data chooses where browsers are sent",
    harm=Severity.MEDIUM,
    practice="C6",
    cwe=(601,),
)
def event_chooses_redirect(app: Application, facts: Facts) -> Iterator[Match]:
    """Report flows from what a link can bring into the host of a redirect."""
    flows = (
        flow for flow in facts.flows_into("redirect") if flow.origin.field.startswith(_IN_A_LINK)
    )
    return from_flows(app, flows, _can, _instead)


def _can(flow: Flow) -> str:
    return f"have {flow.function} send whoever follows their link to a site of their choice"


def _instead(flow: Flow) -> str:
    return (
        f"put the address of your own site before {carried(flow)}, or look it up in a fixed set "
        "of addresses"
    )
