"""A body reaches a function unchecked. Its page is docs/rules/body-without-schema.md."""

from collections.abc import Iterator

from stockade.analysis.code.languages import is_analysed
from stockade.analysis.facts import Facts, OriginKind
from stockade.analysis.gateway import Api, apis, validates_body
from stockade.analysis.validators import validating
from stockade.model import (
    RESTFUL_APIS,
    Application,
    Confidence,
    EventSource,
    EventSourceType,
    Exposure,
    Match,
    Names,
    Persona,
    Severity,
    Step,
)
from stockade.rules._matches import event_fields
from stockade.rules._open import route_name
from stockade.rules._rule import rule

_SENDING = frozenset({"POST", "PUT", "PATCH", "ANY"})


@rule(
    title="a request's body reaches a function without a schema",
    harm=Severity.LOW,
    practice="G5",
    cwe=(20,),
    persona=Persona.STRICT,
)
def body_without_schema(app: Application, facts: Facts) -> Iterator[Match]:
    """Report routes whose body is read although nothing checks it, once for each API."""
    found = [api for api in apis(app) if api.type in RESTFUL_APIS]
    if not found:
        return
    names = Names(app.resources)
    reading, checking = _readers(app, facts), validating(facts)
    for api in found:
        unchecked = [
            way
            for way in api.ways
            if isinstance(way, EventSource)
            and way.route is not None
            and way.route.method in _SENDING
            and way.function in reading
            and way.function not in checking
            and facts.exposures[way.id].exposure > Exposure.APPLICATION
            and not validates_body(app, names, way)
        ]
        if unchecked:
            yield _match(app, facts, api, unchecked)


def _match(app: Application, facts: Facts, api: Api, unchecked: list[EventSource]) -> Match:
    first = unchecked[0]
    routes = sorted({route_name(way) for way in unchecked})
    more = f" and of {len(routes) - 1} more" if len(routes) > 1 else ""
    function = app.resources[first.function].name
    return Match(
        at=first.at,
        message=f"the body of {route_name(first)}{more} reaches {function} without a schema",
        because=tuple(Step(way.at, "whatever is sent is passed on") for way in unchecked[:6]),
        confidence=Confidence.MEDIUM,
        exposure=max(facts.exposures[way.id].exposure for way in unchecked),
        identity=(api.resource.id, *routes),
        resource=api.resource.id,
        help=_REST if api.type is EventSourceType.REST_API else _HTTP,
    )


def _readers(app: Application, facts: Facts) -> frozenset[str]:
    """Return the functions that are seen to use something of a request's body."""
    found = {
        flow.function
        for flow in facts.flows
        if flow.origin.kind is OriginKind.EVENT and flow.origin.field.startswith("body")
    }
    for call in facts.calls:
        if call.function not in found and any(
            data.field.startswith("body")
            for value in call.arguments.values()
            for data in event_fields(value)
        ):
            found.add(call.function)
    return frozenset(one for one in found if is_analysed(app.functions[one]))


_REST = "give the route a model and a request validator that checks bodies"
_HTTP = (
    "check the body where it is parsed, with a JSON schema or a model (pydantic, zod): HTTP APIs "
    "check nothing"
)
