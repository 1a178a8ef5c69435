"""Anyone can run up the bill. Its page is docs/rules/spending-without-bound.md."""

from collections.abc import Iterator

from stockade.analysis.effects import Effect, Effects
from stockade.analysis.facts import Facts
from stockade.analysis.operations import EffectKind
from stockade.model import Application, Confidence, EventSource, Exposure, Match, Severity, Step
from stockade.rules._open import route_name
from stockade.rules._rule import rule
from stockade.rules._spending import unbounded_ways


@rule(
    title="anyone can run up the bill of a service that is paid by call",
    harm=Severity.MEDIUM,
    practice="F2",
    cwe=(770,),
)
def spending_without_bound(app: Application, facts: Facts) -> Iterator[Match]:
    """Report functions that spend on each call and that nothing bounds, once each."""
    effects: Effects | None = None
    told = set()
    for way in unbounded_ways(app, facts):
        effects = effects or Effects(app, facts)
        spent = [one for one in effects.of(way.function) if one.kind is EffectKind.SPENDS]
        if spent and way.function not in told:
            told.add(way.function)
            yield _match(app, facts, way, spent[0])


def _match(app: Application, facts: Facts, way: EventSource, spent: Effect) -> Match:
    function = app.resources[way.function]
    does = f"{spent.does} each time" if spent.sure else f"may {spent.may} each time"
    note = f"this {spent.does}" if spent.sure else f"its role may {spent.may}"
    return Match(
        at=function.at,
        message=(
            f"anyone can call {route_name(way)} without end, and {function.logical_id} {does}"
        ),
        because=(
            *facts.exposures[way.id].because,
            Step(function.at, "no rate before it and no concurrency of its own bound it"),
            *spent.steps,
            Step(spent.at, note),
        ),
        confidence=Confidence.HIGH if spent.sure else Confidence.LOW,
        exposure=Exposure.ANYONE,
        identity=(way.function, spent.does),
        resource=way.function,
        help=(
            "set a ThrottlingRateLimit on the stage and ReservedConcurrentExecutions on the "
            "function, to what its users need"
        ),
        harm=Severity.MEDIUM if spent.sure else Severity.LOW,
    )
