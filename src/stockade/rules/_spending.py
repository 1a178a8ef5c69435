"""Functions that anyone can make run, and what bounds how often."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.gateway import (
    Api,
    Stage,
    Throttling,
    Way,
    apis,
    is_preflight,
    stages,
    throttling,
    ways,
)
from stockade.analysis.limits import is_bounded
from stockade.model import Application, EventSource, EventSourceType, Exposure, Names

_WITHOUT_RATES = (EventSourceType.GRAPHQL_API, EventSourceType.LOAD_BALANCER)


def unbounded_ways(app: Application, facts: Facts) -> Iterator[EventSource]:
    """Yield the routes by which anyone makes a function run as often as they like.

    What bounds a function: its own concurrency, its API's stage, a usage plan.
    """
    names = Names(app.resources)
    held = {api.resource.id: (api, _stages(app, names, api)) for api in apis(app)}
    for way in ways(app):
        if (
            isinstance(way, EventSource)
            and not (way.route is not None and is_preflight(way.route))
            and facts.exposures[way.id].exposure is Exposure.ANYONE
            and not is_bounded(app, way.function)
            and not _is_throttled(app, names, held.get(way.resource or ""), way)
        ):
            yield way


def _stages(app: Application, names: Names, api: Api) -> tuple[Stage, ...]:
    return () if api.type in _WITHOUT_RATES else stages(app, names, api)


def _is_throttled(
    app: Application, names: Names, known: tuple[Api, tuple[Stage, ...]] | None, way: Way
) -> bool:
    if way.type is EventSourceType.FUNCTION_URL:
        return False
    if known is None:
        return True  # An API that is made elsewhere: what stands before it is not seen.
    api, declared = known
    if api.type in _WITHOUT_RATES:
        return False
    return not declared or throttling(app, names, api, declared, way) is not Throttling.NONE
