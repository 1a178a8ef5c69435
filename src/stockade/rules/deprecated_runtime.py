"""A runtime that AWS no longer mends. Its page is docs/rules/deprecated-runtime.md."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from stockade.analysis.facts import Facts
from stockade.analysis.limits import property_at
from stockade.analysis.runtimes import BLOCKED_BEFORE, DEPRECATED, NEWEST
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Function,
    Match,
    ResourceId,
    Severity,
    Step,
)
from stockade.rules._rule import rule


@rule(
    title="a runtime is no longer mended by AWS",
    harm=Severity.MEDIUM,
    practice="F4",
    cwe=(1104,),
)
def deprecated_runtime(app: Application, facts: Facts) -> Iterator[Match]:
    """Report runtimes past their deprecation date, each once with the functions that use it."""
    today = datetime.now(UTC).date()
    using: dict[str, list[Function]] = {}
    for function in app.functions.values():
        runtime = function.runtime
        if isinstance(runtime, str) and DEPRECATED.get(runtime, date.max) <= today:
            using.setdefault(runtime, []).append(function)
    for runtime, functions in using.items():
        yield _match(app, facts, runtime, functions)


def _match(app: Application, facts: Facts, runtime: str, functions: list[Function]) -> Match:
    since = DEPRECATED[runtime]
    blocked = since < BLOCKED_BEFORE
    first = functions[0]
    name = app.resources[first.id].logical_id
    others = len(functions) - 1
    who = f"{name} and {others} more run" if others else f"{name} runs"
    end = "and cannot be deployed anew" if blocked else "and gets no more security patches"
    places = dict.fromkeys(property_at(app.resources[one.id], "Runtime") for one in functions)
    language = runtime.rstrip("0123456789.x")
    return Match(
        at=next(iter(places)),
        message=f"{who} on {runtime}, which AWS gave up on {since.isoformat()}, {end}",
        because=tuple(Step(at, f"asks for {runtime}") for at in places),
        confidence=Confidence.HIGH,
        exposure=_exposure(app, facts, [one.id for one in functions]),
        identity=(runtime, *sorted(one.id for one in functions)),
        resource=first.id,
        help=f"set Runtime: {NEWEST.get(language, 'a supported one')}, and run the tests on it",
        harm=Severity.MEDIUM if blocked else Severity.LOW,
    )


def _exposure(app: Application, facts: Facts, functions: list[ResourceId]) -> Exposure:
    return max(
        (
            facts.exposures[source.id].exposure
            for function in functions
            for source in app.event_sources_of(function)
        ),
        default=Exposure.PROVIDER,
    )
