"""A runtime that AWS no longer mends. Its page is docs/rules/deprecated-runtime.md."""

from collections.abc import Iterator
from datetime import UTC, datetime

from stockade.analysis.facts import Facts
from stockade.analysis.limits import property_at
from stockade.analysis.runtimes import DEPRECATED, successor
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Function,
    Match,
    ResourceId,
    Responsibility,
    Severity,
    Step,
    constant,
)
from stockade.rules._advice import advice
from stockade.rules._rule import rule


@rule(
    title="a runtime is no longer mended by AWS",
    harm=Severity.MEDIUM,
    practice="F4",
    cwe=(1104,),
    responsibility=Responsibility.SHARED,
)
def deprecated_runtime(app: Application, facts: Facts) -> Iterator[Match]:
    """Report runtimes past their deprecation date, each once with the functions that use it."""
    today = datetime.now(UTC).date()
    using: dict[tuple[str, bool], list[Function]] = {}
    for function in app.functions.values():
        runtime = function.runtime
        known = DEPRECATED.get(runtime) if isinstance(runtime, str) else None
        if isinstance(runtime, str) and known is not None and known.deprecated <= today:
            using.setdefault((runtime, _is_image(app, function)), []).append(function)
    for (runtime, is_image), functions in using.items():
        # Lambda does not look into images: they can be deployed for ever.
        blocked = not is_image and DEPRECATED[runtime].creation_blocked <= today
        yield _match(app, facts, runtime, functions, blocked=blocked)


def _is_image(app: Application, function: Function) -> bool:
    return constant(app.resources[function.id].properties.get("PackageType")) == "Image"


def _match(
    app: Application, facts: Facts, runtime: str, functions: list[Function], *, blocked: bool
) -> Match:
    since = DEPRECATED[runtime].deprecated
    first = functions[0]
    name = app.resources[first.id].name
    others = len(functions) - 1
    who = f"{name} and {others} more run" if others else f"{name} runs"
    end = "and cannot be deployed anew" if blocked else "and gets no more security patches"
    places = dict.fromkeys(property_at(app.resources[one.id], "Runtime") for one in functions)
    return Match(
        at=next(iter(places)),
        message=f"{who} on {runtime}, which AWS gave up on {since.isoformat()}, {end}",
        because=tuple(Step(at, f"asks for {runtime}") for at in places),
        confidence=Confidence.HIGH,
        exposure=_exposure(app, facts, [one.id for one in functions]),
        identity=(runtime, *sorted(one.id for one in functions)),
        resource=first.id,
        help=_help(app, first, successor(runtime)),
        harm=Severity.MEDIUM if blocked else Severity.LOW,
    )


def _help(app: Application, function: Function, new: str) -> str:
    if _is_image(app, function):
        return f"begin its Dockerfile with the image of {new}, and run the tests on it"
    return advice(
        app,
        function.id,
        f"set Runtime: {new}, and run the tests on it",
        serverless=f"set runtime: {new}, and run the tests on it",
        terraform=f'set runtime = "{new}", and run the tests on it',
        sst=f'set runtime: "{new}", and run the tests on it',
        cdk=f"take the Runtime of {new}, and run the tests on it",
        zappa=f'set "runtime": "{new}", and run the tests on it',
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
