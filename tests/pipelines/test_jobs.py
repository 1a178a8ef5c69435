"""Jobs of pipelines: what starts them, what stands before them, whose code they run."""

from pathlib import Path

import pytest

from stockade.analysis.pipelines import Job, jobs
from stockade.load import load

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: {Type: AWS::Serverless::SimpleTable}
"""


def found(folder: Path, files: dict[str, str], template: str = "template.yaml") -> list[Job]:
    """Return the jobs that deploy in a repository with one application."""
    for name, text in {template: TEMPLATE, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (app,) = load(folder).applications
    return list(jobs(app))


def workflow(on: str, job: str = "", steps: str = "- run: sam deploy") -> dict[str, str]:
    """Return a workflow with one job."""
    text = f"on: {on}\njobs:\n  go:\n    runs-on: x\n{job}    steps:\n      {steps}\n"
    return {".github/workflows/deploy.yml": text}


@pytest.mark.parametrize(
    ("on", "asks"),
    [
        ("push", False),
        ("[push, workflow_dispatch]", False),
        ("{push: {branches: [main]}}", False),
        ("{schedule: [{cron: '1 1 * * *'}]}", False),
        ("workflow_dispatch", True),
        ("{release: {types: [published]}}", True),
        ("{push: {tags: ['v*']}}", True),
        ("workflow_call", True),
    ],
)
def test_what_starts_a_workflow(tmp_path: Path, on: str, asks: bool) -> None:  # noqa: FBT001
    """What a person starts, tags or releases asks that person; a push and a clock do not."""
    (job,) = found(tmp_path, workflow(on))

    assert job.asks is asks


def test_branches_are_named(tmp_path: Path) -> None:
    """The message says what is pushed where."""
    (job,) = found(tmp_path, workflow("{push: {branches: [main, release]}}"))

    assert job.starts == "whatever is pushed to main or release"


def test_environment_asks(tmp_path: Path) -> None:
    """A job in an environment is one that can be held back there."""
    (job,) = found(tmp_path, workflow("push", "    environment: production\n"))

    assert job.asks


def test_waiting_for_a_check_counts_over_several_jobs(tmp_path: Path) -> None:
    """A check in a job that another waits for, which this one waits for, stands before it."""
    text = (
        "on: push\njobs:\n"
        "  a: {steps: [{run: pytest}]}\n"
        "  b: {needs: a, steps: [{run: sam build}]}\n"
        "  c: {needs: [b], steps: [{run: sam deploy}]}\n"
    )
    (job,) = found(tmp_path, {".github/workflows/x.yaml": text})

    assert job.checks


def test_jobs_that_wait_for_each_other_end(tmp_path: Path) -> None:
    """A circle of jobs, which GitHub refuses, is walked once."""
    text = (
        "on: push\njobs:\n"
        "  a: {needs: b, steps: [{run: sam deploy}]}\n"
        "  b: {needs: [a, b, none], steps: []}\n"
    )
    (job,) = found(tmp_path, {".github/workflows/x.yaml": text})

    assert not job.checks


def test_check_beside_it_in_another_job_is_none_before_it(tmp_path: Path) -> None:
    """A job that runs at the same time turns nothing away."""
    text = "on: push\njobs:\n  a: {steps: [{run: pytest}]}\n  b: {steps: [{run: sam deploy}]}\n"
    (job,) = found(tmp_path, {".github/workflows/x.yaml": text})

    assert not job.checks


def test_build_belongs_to_the_applications_below_it(tmp_path: Path) -> None:
    """A build specification is of its own folder, not of every application beside it."""
    spec = "version: 0.2\nphases: {build: {commands: [sam deploy]}}\n"

    assert found(tmp_path, {"buildspec.yml": spec}, "services/mail/template.yaml")
    assert not found(
        tmp_path / "other", {"services/web/buildspec.yml": spec}, "services/mail/template.yaml"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "deploy",
        "- deploy",
        "on: push\njobs: deploy",
        "on: push\njobs: {a: deploy, b: {steps: deploy}, c: {steps: [deploy, {run: [deploy]}]}}",
        "on: 3\njobs: {a: {steps: [{run: sam deploy, uses: {}, with: []}], needs: {}}}",
        "on: [[push]]\njobs: {a: {steps: [{run: !x sam deploy}]}}",
        "a: &a [*a]\njobs: deploy",
        "jobs: {deploy: " * 2000,
        "\x00deploy",
    ],
)
def test_malformed_pipelines_fail_nothing(tmp_path: Path, text: str) -> None:
    """Whatever stands in the files of pipelines, the scan goes on."""
    files = dict.fromkeys(
        (".github/workflows/x.yml", ".gitlab-ci.yml", "buildspec.yml", "buildspec.yaml"), text
    )

    assert all(isinstance(job, Job) for job in found(tmp_path, files))
