"""One function does unrelated things. Its page is docs/rules/function-of-many-jobs.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.jobs import Job
from stockade.analysis.least_privilege import place_of
from stockade.analysis.least_privilege.split import Part, parts
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Match,
    Persona,
    ResourceId,
    Severity,
    Step,
)
from stockade.rules._rule import rule

_MOST_SHOWN = 8


@rule(
    title="one function does unrelated things",
    harm=Severity.LOW,
    practice="F3",
    cwe=(250,),
    persona=Persona.STRICT,
)
def function_of_many_jobs(app: Application, facts: Facts) -> Iterator[Match]:
    """Report handlers whose branches act on different things, with the split."""
    busy = {call.function for call in facts.calls}
    for function in app.functions.values():
        if function.id in busy:
            found = parts(app, facts, function)
            if found:
                yield _match(app, facts, function.id, found)


def _match(app: Application, facts: Facts, function: ResourceId, found: tuple[Part, ...]) -> Match:
    name = app.resources[function].name
    told = "; ".join(f"{_labels(one.job)}: {_does(one.job)}" for one in found[:_MOST_SHOWN])
    split = "; ".join(f"{_labels(one.job)}: {_permissions(one)}" for one in found[:_MOST_SHOWN])
    return Match(
        at=app.functions[function].at,
        message=f"{name} does {len(found)} jobs with the permissions of all: {told}",
        because=tuple(
            Step(one.job.at, f"this branch {_does(one.job)}, which needs {_permissions(one)}")
            for one in found
        ),
        confidence=Confidence.MEDIUM,
        exposure=max(
            (facts.exposures[one.id].exposure for one in app.event_sources_of(function)),
            default=Exposure.PROVIDER,
        ),
        identity=(function, *(_labels(one.job) for one in found)),
        resource=function,
        help=f"make a function of each, with a role of its own: {split}",
    )


def _labels(job: Job) -> str:
    return " and ".join(job.labels)


def _does(job: Job) -> str:
    return " and ".join(one.does for one in job.effects)


def _permissions(part: Part) -> str:
    """List the permissions that the calls of a part need, with the resource that each is on."""
    called = [f"{need.action} on {place_of(need)}" for need in part.needs.needed if need.calls]
    told = list(dict.fromkeys(called)) or [one.action for one in part.job.effects]
    more = len(told) - _MOST_SHOWN
    return ", ".join(told[:_MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")
