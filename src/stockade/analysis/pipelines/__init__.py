"""The repository's own pipelines: which jobs deploy, and what stands before them.

Read from GitHub's workflows, GitLab's and AWS CodeBuild's files, and only when a rule asks.
"""

from collections.abc import Callable, Iterator

from stockade.analysis.pipelines.job import Job
from stockade.model import Application, Map, Sources, Unknown
from stockade.model.remembered import remembered

__all__ = ["Job", "jobs"]

_WORKFLOWS = ".github/workflows"
_GITLAB = ".gitlab-ci.yml"
_BUILDS = ("buildspec.yml", "buildspec.yaml")
_WORDS = (
    "deploy",
    "terraform",
    "tofu",
    "pulumi",
    "update-function-code",
    "cloudformation",
    "sst ",
)
"""A file without any of these deploys nothing."""

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
    speaking = [one for one in files if _speaks_of_deploying(sources, one)]
    deploying = [job for one in speaking for job in _read(sources, one) if job.deploys]
    checked = bool(deploying) and any(
        job.runs_on_requests and job.checks for one in files for job in _read(sources, one)
    )
    return tuple(job.checked_elsewhere() if checked else job for job in deploying)


def _of_builds(app: Application) -> Iterator[Job]:
    sources = app.sources
    for folder in _folders(app.name):
        for name in _BUILDS:
            path = f"{folder}/{name}" if folder else name
            if sources.is_file(path) and _speaks_of_deploying(sources, path):
                yield from (job for job in _read(sources, path) if job.deploys)


def _files(sources: Sources) -> Iterator[str]:
    workflows = [
        path for path in sources.files_below(_WORKFLOWS) if path.endswith((".yml", ".yaml"))
    ]
    yield from workflows[:MOST_FILES]
    if sources.is_file(_GITLAB):
        yield _GITLAB


def _speaks_of_deploying(sources: Sources, path: str) -> bool:
    file = sources.read(path)
    return not isinstance(file, Unknown) and any(word in file.text for word in _WORDS)


def _read(sources: Sources, path: str) -> Iterator[Job]:
    document, file = sources.document(path), sources.read(path)
    if isinstance(document, Map) and not isinstance(file, Unknown):
        yield from _reader(path)(path, document, file.text)


def _reader(path: str) -> Reader:
    """Return what reads a file; it is imported here, for most applications have no such file."""
    if path.startswith(_WORKFLOWS):
        from stockade.analysis.pipelines import github  # noqa: PLC0415

        return github.jobs
    if path == _GITLAB:
        from stockade.analysis.pipelines import gitlab  # noqa: PLC0415

        return gitlab.jobs
    from stockade.analysis.pipelines import codebuild  # noqa: PLC0415

    return codebuild.jobs


def _folders(name: str) -> Iterator[str]:
    """Yield the folder of a template and those above it."""
    parts = name.split("/")[:-1]
    return ("/".join(parts[:end]) for end in range(len(parts), -1, -1))
