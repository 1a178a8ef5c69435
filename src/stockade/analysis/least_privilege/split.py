"""A handler of several jobs, split: what each part would need in a role of its own."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.jobs import Job, jobs
from stockade.analysis.permissions import Needs, needs_of
from stockade.model import Application, Function
from stockade.model.record import record


@record
class Part:
    """One job, and what a function would need that did nothing else."""

    job: Job
    needs: Needs


def parts(app: Application, facts: Facts, function: Function) -> tuple[Part, ...]:
    """Return the parts that a function should be split into; none where it does one job."""
    return tuple(_parts(app, facts, function))


def _parts(app: Application, facts: Facts, function: Function) -> Iterator[Part]:
    found = jobs(app, facts, function)
    for job in found if len(found) > 1 else ():
        yield Part(job, needs_of(app, facts, function, job.calls))
