"""A push is a deployment. Its page is docs/rules/deployed-past-the-gate.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.pipelines import Job, jobs
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Match,
    Persona,
    Severity,
    Step,
    constant,
    inside,
)
from stockade.rules._rule import rule


@rule(
    title="what is pushed is deployed, and nothing stands between",
    harm=Severity.LOW,
    practice="N3",
    cwe=(693,),
    persona=Persona.STRICT,
)
def deployed_past_the_gate(app: Application, _facts: Facts) -> Iterator[Match]:
    """Report jobs that deploy with no check before them and nobody who is asked."""
    for job in jobs(app):
        if not job.checks and not job.asks and not (job.is_part and _is_approved(app)):
            yield _match(job)


def _match(job: Job) -> Match:
    command = job.deploys[0]
    file = job.file.rpartition("/")[2]
    missing = "nothing in it checks first" if job.is_part else "no check or approval stands before"
    return Match(
        at=command.at,
        message=f"{job.starts} is deployed by {file}, and {missing}",
        because=(
            Step(job.at, "nothing in this tests, scans or asks"),
            Step(command.at, "and this deploys"),
        ),
        confidence=Confidence.LOW if job.is_part else Confidence.MEDIUM,
        exposure=Exposure.APPLICATION,
        identity=(job.file, job.name),
        help=(
            "run the tests and `stockade scan` in the pull request and before this step, and let "
            "production be an environment that somebody approves; docs/continuous-integration.md "
            "shows it"
        ),
    )


def _is_approved(app: Application) -> bool:
    """Tell whether a pipeline of the templates asks somebody before it goes on."""
    return any(
        constant(category) == "Approval"
        for pipeline in app.of_type("AWS::CodePipeline::Pipeline")
        for category in inside(
            pipeline.properties, "Stages", "[]", "Actions", "[]", "ActionTypeId", "Category"
        )
    )
