"""Nothing bounds an API's calls. Its page is docs/rules/api-without-throttling.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.gateway import Api, Throttling, Way, apis, has_plan, stages, throttling
from stockade.model import (
    GATEWAY_APIS,
    Application,
    Confidence,
    EventSourceType,
    Exposure,
    Match,
    Names,
    Persona,
    Responsibility,
    Severity,
    Step,
)
from stockade.rules._open import Ways, route_name
from stockade.rules._rule import rule


@rule(
    title="nothing bounds how often an API is called",
    harm=Severity.LOW,
    practice="G3",
    cwe=(770,),
    persona=Persona.STRICT,
    responsibility=Responsibility.SHARED,
)
def api_without_throttling(app: Application, facts: Facts) -> Iterator[Match]:
    """Report APIs with routes that neither their stage nor a usage plan bounds, once each."""
    names = Names(app.resources)
    ways = Ways(app, facts)
    for api in apis(app):
        held = stages(app, names, api) if api.type in GATEWAY_APIS else ()
        if not held:
            continue  # Its stages are made elsewhere.
        free = [
            way
            for way in api.ways
            if throttling(app, names, api, held, way) is Throttling.NONE
            and ways.exposure(way).exposure > Exposure.APPLICATION
        ]
        if free:
            yield _match(app, names, ways, api, free)


def _match(app: Application, names: Names, ways: Ways, api: Api, free: list[Way]) -> Match:
    first = free[0]
    routes = sorted({route_name(way) for way in free})
    asks_for_key = first.route is not None and first.route.api_key_required
    all_of_them = len(free) == len(api.ways)
    what = api.name if all_of_them and len(routes) > 1 else route_name(first)
    more = f" and {len(routes) - 1} more" if not all_of_them and len(routes) > 1 else ""
    note = "its stage sets no rate of its own"
    if asks_for_key and not has_plan(app, names, api):
        note = "asks for a key, but no usage plan gives keys a rate or a quota"
    return Match(
        at=api.at,
        message=f"nothing but the account's limit bounds how often {what}{more} is called",
        because=(Step(first.at, note),),
        confidence=Confidence.HIGH,
        exposure=max(ways.exposure(way).exposure for way in free),
        identity=(api.resource.id, *routes),
        resource=api.resource.id,
        help=_HTTP if api.type is not EventSourceType.REST_API else _REST,
    )


_REST = (
    "set ThrottlingRateLimit and ThrottlingBurstLimit in the stage's MethodSettings, for "
    "`/*` and `*` at least; give partners a usage plan"
)
_HTTP = "set ThrottlingRateLimit and ThrottlingBurstLimit in the stage's DefaultRouteSettings"
