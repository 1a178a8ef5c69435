"""A whole request is logged. Its page is docs/rules/event-in-log.md."""

from collections.abc import Iterator

from stockade.analysis.events import ANSWERING
from stockade.analysis.facts import Facts, Flow
from stockade.model import Application, Exposure, Match, Persona, Severity
from stockade.rules._matches import leaks
from stockade.rules._rule import rule
from stockade.rules._wording import source_of

_HEADERS = ("headers", "multiValueHeaders")
_TOKENS = ("authorization", "cookie", "token")


@rule(
    title="a request is logged with its tokens",
    harm=Severity.MEDIUM,
    practice="C9",
    cwe=(532,),
    persona=Persona.STRICT,
)
def event_in_log(app: Application, facts: Facts) -> Iterator[Match]:
    """Report logs of whole requests, or of the headers that hold tokens."""
    flows = (flow for flow in facts.flows_into("log") if _holds_tokens(app, flow))
    return leaks(flows, lambda _flow: Exposure.APPLICATION, _says, _instead)


def _holds_tokens(app: Application, flow: Flow) -> bool:
    source = source_of(app, flow.origin.event_source)
    if source is None or source.type not in ANSWERING or source.function != flow.function:
        # What another function passes on of a request has left its headers behind.
        return False
    field = flow.origin.field
    if field in ("", *_HEADERS):
        return True
    return field.startswith(_HEADERS) and any(word in field.lower() for word in _TOKENS)


def _says(flow: Flow) -> str:
    return f"whoever reads the log of {flow.function} can use its callers' tokens while they last"


def _instead(_flow: Flow) -> str:
    return "log the fields that you need by name: the request's id, the route, the status"
