"""Nothing bounds a public function. Its page is docs/rules/function-without-bound.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.model import (
    Application,
    Confidence,
    EventSource,
    EventSourceType,
    Exposure,
    Match,
    Persona,
    Severity,
    Step,
)
from stockade.rules._open import route_name
from stockade.rules._rule import rule
from stockade.rules._spending import unbounded_ways

_NEVER_THROTTLED = frozenset(
    {
        EventSourceType.FUNCTION_URL,
        EventSourceType.LOAD_BALANCER,
        EventSourceType.GRAPHQL_API,
    }
)


@rule(
    title="nothing bounds how many copies of a public function run",
    harm=Severity.LOW,
    practice="F2",
    cwe=(770,),
    persona=Persona.STRICT,
)
def function_without_bound(app: Application, facts: Facts) -> Iterator[Match]:
    """Report functions that anyone runs through what knows no rates, once each.

    APIs know rates: where theirs are missing, api-without-throttling tells it.
    """
    found: dict[str, list[EventSource]] = {}
    for way in unbounded_ways(app, facts):
        found.setdefault(way.function, []).append(way)
    for ways in found.values():
        without_rates = [way for way in ways if way.type in _NEVER_THROTTLED]
        if without_rates:
            yield _match(app, facts, without_rates[0], ways)


def _match(app: Application, facts: Facts, way: EventSource, ways: list[EventSource]) -> Match:
    function = app.resources[way.function]
    return Match(
        at=function.at,
        message=(
            f"anyone can take all the concurrency of the account by {route_name(way)}: "
            f"{function.name} has no limit of its own"
        ),
        because=(
            *facts.exposures[way.id].because,
            Step(function.at, "it sets no ReservedConcurrentExecutions"),
        ),
        confidence=Confidence.HIGH,
        exposure=Exposure.ANYONE,
        identity=(way.function,),
        resource=way.function,
        help="set ReservedConcurrentExecutions to what its users need at once",
        # Once it is known who is calling, it is no longer anyone who takes it.
        rests_on=tuple(dict.fromkeys(one.at for one in ways)),
    )
