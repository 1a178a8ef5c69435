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
    by_function: dict[str, list[EventSource]] = {}
    for way in unbounded_ways(app, facts):
        by_function.setdefault(way.function, []).append(way)
    effects = Effects(app, facts) if by_function else None
    for function, found in by_function.items():
        done = effects.of(function) if effects is not None else ()
        spent = [one for one in done if one.kind is EffectKind.SPENDS]
        if spent:
            yield _match(app, facts, found, spent[0])


def _match(app: Application, facts: Facts, found: list[EventSource], spent: Effect) -> Match:
    way = found[0]
    function = app.resources[way.function]
    does = f"{spent.does} each time" if spent.sure else f"may {spent.may} each time"
    note = f"this {spent.does}" if spent.sure else f"its role may {spent.may}"
    return Match(
        at=function.at,
        message=(f"anyone can call {route_name(way)} without end, and {function.name} {does}"),
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
        # Once it is known who is calling, it is no longer anyone who runs up the bill.
        rests_on=tuple(dict.fromkeys(one.at for one in found)),
    )
