"""One function does unrelated things. Its page is docs/rules/function-of-many-jobs.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.jobs import Job, jobs
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
            found = jobs(app, facts, function)
            if len(found) > 1:
                yield _match(app, facts, function.id, found)


def _match(app: Application, facts: Facts, function: ResourceId, found: tuple[Job, ...]) -> Match:
    name = app.resources[function].logical_id
    told = "; ".join(f"{_labels(job)}: {_does(job)}" for job in found[:_MOST_SHOWN])
    parts = "; ".join(f"{_labels(job)}: {_permissions(job)}" for job in found[:_MOST_SHOWN])
    return Match(
        at=app.functions[function].at,
        message=f"{name} does {len(found)} jobs with the permissions of all: {told}",
        because=tuple(
            Step(job.at, f"this branch {_does(job)}, which needs {_permissions(job)}")
            for job in found
        ),
        confidence=Confidence.MEDIUM,
        exposure=max(
            (facts.exposures[one.id].exposure for one in app.event_sources_of(function)),
            default=Exposure.PROVIDER,
        ),
        identity=(function, *(_labels(job) for job in found)),
        resource=function,
        help=f"make a function of each, with a role of its own: {parts}",
    )


def _labels(job: Job) -> str:
    return " and ".join(job.labels)


def _does(job: Job) -> str:
    return " and ".join(one.does for one in job.effects)


def _permissions(job: Job) -> str:
    return ", ".join(dict.fromkeys(one.action for one in job.effects))
