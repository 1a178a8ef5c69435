"""The repository's own pipelines: which jobs deploy, and what stands before them.

Read from GitHub's workflows, GitLab's and AWS CodeBuild's files, and only when a rule asks.
"""

from collections.abc import Callable, Iterator

from stockade.analysis.pipelines import codebuild, github, gitlab
from stockade.analysis.pipelines.commands import WORDS
from stockade.analysis.pipelines.job import Job
from stockade.model import Application, Map, Sources, Unknown
from stockade.model.remembered import remembered

__all__ = ["Job", "jobs"]

_BUILDS = ("buildspec.yml", "buildspec.yaml")

MOST_FILES = 200
"""Files of pipelines that are read in one repository."""

Reader = Callable[[str, Map, str], Iterator[Job]]
"""Yields the jobs of a file: its path, what it says, and its text."""


def jobs(app: Application) -> tuple[Job, ...]:
    """Return the jobs that deploy, of the pipelines around an application.

    A check that runs on every pull request stands before whatever is deployed from a branch that
    is merged into, in whichever file it is written. A build specification is of the applications
    in its folder and below.
    """
    return (*_of_repository(app.sources), *_of_builds(app))


@remembered
def _of_repository(sources: Sources) -> tuple[Job, ...]:
    """Return the jobs that deploy; files that cannot hold one are read only if there are any."""
    files = list(_files(sources))
    speaking = [one for one in files if _speaks_of_deploying(sources, one[0])]
    deploying = [job for one in speaking for job in _read(sources, *one) if job.deploys]
    checked = bool(deploying) and any(
        job.runs_on_requests and job.checks for one in files for job in _read(sources, *one)
    )
    return tuple(job.checked_elsewhere() if checked else job for job in deploying)


def _of_builds(app: Application) -> Iterator[Job]:
    sources = app.sources
    for folder in _folders(app.name):
        for name in _BUILDS:
            path = f"{folder}/{name}" if folder else name
            if sources.is_file(path) and _speaks_of_deploying(sources, path):
                yield from (job for job in _read(sources, path, codebuild.jobs) if job.deploys)


def _files(sources: Sources) -> Iterator[tuple[str, Reader]]:
    workflows = [
        path
        for path in sources.files_below(".github/workflows")
        if path.endswith((".yml", ".yaml"))
    ]
    for path in workflows[:MOST_FILES]:
        yield path, github.jobs
    if sources.is_file(".gitlab-ci.yml"):
        yield ".gitlab-ci.yml", gitlab.jobs


def _speaks_of_deploying(sources: Sources, path: str) -> bool:
    file = sources.read(path)
    return not isinstance(file, Unknown) and any(word in file.text for word in WORDS)


def _read(sources: Sources, path: str, read: Reader) -> Iterator[Job]:
    document, file = sources.document(path), sources.read(path)
    if isinstance(document, Map) and not isinstance(file, Unknown):
        yield from read(path, document, file.text)


def _folders(name: str) -> Iterator[str]:
    """Yield the folder of a template and those above it."""
    parts = name.split("/")[:-1]
    return ("/".join(parts[:end]) for end in range(len(parts), -1, -1))
