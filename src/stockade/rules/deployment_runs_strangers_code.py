"""A stranger's code deploys. Its page is docs/rules/deployment-runs-strangers-code.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.pipelines import jobs
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Match,
    Persona,
    Severity,
    Step,
)
from stockade.rules._rule import rule


@rule(
    title="a job that deploys runs code that strangers can change",
    harm=Severity.MEDIUM,
    practice="N2",
    cwe=(829, 494),
    persona=Persona.STRICT,
)
def deployment_runs_strangers_code(app: Application, _facts: Facts) -> Iterator[Match]:
    """Report deploying jobs with actions of others that are not pinned, once for each job."""
    for job in jobs(app):
        if not job.strangers:
            continue
        names = list(dict.fromkeys(line.text for line in job.strangers))
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        yield Match(
            at=job.strangers[0].at,
            message=(
                f"whoever controls {names[0]}{more} can deploy in place of {job.name} in "
                f"{job.file.rpartition('/')[2]}"
            ),
            because=(
                *(
                    Step(line.at, "what runs here can be changed from outside")
                    for line in job.strangers
                ),
                Step(job.deploys[0].at, "in the same job, with what it may deploy"),
            ),
            confidence=Confidence.HIGH,
            exposure=Exposure.APPLICATION,
            identity=(job.file, job.name, *names),
            help=(
                "name actions of others by the full commit (`owner/action@<40 digits> # v1.2.3`) "
                "and check what is downloaded against a known digest before it runs"
            ),
        )
