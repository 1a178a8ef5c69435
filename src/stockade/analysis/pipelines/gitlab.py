"""GitLab's pipelines, as "CI/CD YAML syntax reference" says. Included files are not read."""

from collections.abc import Iterator

from stockade.analysis.pipelines.commands import deploying, is_check
from stockade.analysis.pipelines.job import Job, Line
from stockade.model import Map, Value, constant, expression, inside

_NO_JOBS = frozenset(
    {
        "stages",
        "variables",
        "default",
        "workflow",
        "include",
        "image",
        "services",
        "cache",
        "before_script",
        "after_script",
        "spec",
    }
)
_SCRIPTS = ("before_script", "script")


def jobs(path: str, document: Map, text: str) -> Iterator[Job]:
    """Yield the jobs of a pipeline. One job's check stands before another's deployment."""
    found = {
        name: job
        for name, job in document
        if isinstance(job, Map) and name not in _NO_JOBS and not name.startswith(".")
    }
    checks = any(is_check(_script(job)) for job in found.values())
    for name, job in found.items():
        yield Job(
            file=path,
            name=name,
            at=document.key_at(name),
            deploys=tuple(_deploys(job, text)),
            checks=checks,
            asks=_asks(job),
            starts="whatever is pushed",
            runs_on_requests=_mentions(job, "merge_request"),
        )


def _script(job: Map) -> str:
    lines = (constant(one) for key in _SCRIPTS for one in inside(job, key, "[]"))
    return "\n".join(line for line in lines if isinstance(line, str))


def _deploys(job: Map, text: str) -> Iterator[Line]:
    for key in _SCRIPTS:
        for command in inside(job, key, "[]"):
            written = constant(command)
            if isinstance(written, str):
                yield from deploying(written, command.at, text)


def _asks(job: Map) -> bool:
    """Tell whether a person starts it, approves it, or names a version first."""
    if "environment" in job or _is_manual(job.get("when")):
        return True
    rules = [one for one in inside(job, "rules", "[]") if isinstance(one, Map)]
    if any(_is_manual(one.get("when")) for one in rules):
        return True
    return _mentions(job, "tags") or _mentions(job, "CI_COMMIT_TAG")


def _is_manual(value: Value | None) -> bool:
    return constant(value) == "manual"


def _mentions(job: Map, word: str) -> bool:
    """Tell whether what decides when a job runs speaks of something."""
    conditions = [
        *inside(job, "rules", "[]", "if"),
        *inside(job, "only", "[]"),
        *inside(job, "only", "refs", "[]"),
    ]
    return any(word in expression(one) for one in conditions)
