"""GitHub's workflows, as "Workflow syntax for GitHub Actions" says."""

from collections.abc import Iterator

from stockade._late import pattern
from stockade.analysis.pipelines.commands import checks_first, deploying, is_check
from stockade.analysis.pipelines.job import Job, Line
from stockade.model import List, Location, Map, Scalar, Value, constant, inside

_REQUESTS = frozenset({"pull_request", "pull_request_target", "merge_group"})
_AUTOMATIC = frozenset({"push", "schedule"})
_DEPLOYING_ACTIONS = (
    "aws-actions/aws-cloudformation-github-deploy@",
    "aws-actions/aws-lambda-deploy@",
    "serverless/github-action@",
)
_CHECKING_ACTIONS = pattern(
    r"(?i)codeql|checkov|trivy|semgrep|snyk|cfn-lint|tfsec|stockade|sonar|super-linter|pre-commit|"
    r"dependency-review|gitleaks|bandit|ruff-action"
)
_TRUSTED = ("actions/", "github/", "aws-actions/", "./", "docker://")
"""Who makes the runner and the cloud may change their actions' tags anyway."""
_PINNED = pattern(r"@[0-9a-f]{40,64}$")
_CREDENTIALS = "aws-actions/configure-aws-credentials@"
_PIPED = pattern(r"\b(?:curl|wget)\b[^\n;&]{0,400}\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b")


def jobs(path: str, document: Map, text: str) -> Iterator[Job]:
    """Yield the jobs of a workflow."""
    triggers = _triggers(document.get("on"))
    written = document.get("jobs")
    if not isinstance(written, Map):
        return
    automatic = _AUTOMATIC.intersection(triggers)
    for name, job in written:
        if not isinstance(job, Map):
            continue
        steps = _steps(job)
        waited = (step for needed in _needs(job, written) for step in _steps(needed))
        yield Job(
            file=path,
            name=name,
            at=written.key_at(name),
            deploys=tuple(line for step in steps for line in _deploying(step, text)),
            checks=_checks(steps) or any(_is_check(step) for step in waited),
            asks="environment" in job or not automatic or _by_tag(triggers),
            starts=_starts(triggers),
            runs_on_requests=bool(_REQUESTS.intersection(triggers)),
            strangers=tuple(line for step in steps for line in _strangers(step)),
            keys=tuple(at for step in steps for at in _keys(step)),
        )


def _steps(job: Value) -> list[Map]:
    return [one for one in inside(job, "steps", "[]") if isinstance(one, Map)]


def _triggers(on: Value | None) -> dict[str, Value | None]:
    match on:
        case Scalar(value=str(name)):
            return {name: None}
        case List():
            names = (constant(one) for one in on)
            return {name: None for name in names if isinstance(name, str)}
        case Map():
            return dict(on.entries)
        case _:
            return {}


def _by_tag(triggers: dict[str, Value | None]) -> bool:
    """Tell whether a person names a version first: pushed tags, and nothing else, start it."""
    pushed = triggers.get("push")
    return isinstance(pushed, Map) and "tags" in pushed and "branches" not in pushed


def _starts(triggers: dict[str, Value | None]) -> str:
    if "push" not in triggers:
        return "whatever is there when the clock strikes"
    branches = [constant(one) for one in inside(triggers["push"], "branches", "[]")]
    known = [one for one in branches if isinstance(one, str)]
    return f"whatever is pushed to {' or '.join(known[:3])}" if known else "whatever is pushed"


def _needs(job: Map, every: Map) -> Iterator[Value]:
    """Yield the jobs that one waits for, and those that these wait for."""
    waiting, seen = [job], set[str]()
    while waiting:
        for needed in inside(waiting.pop(), "needs", "[]"):
            name = constant(needed)
            found = every.get(name) if isinstance(name, str) else None
            if isinstance(name, str) and isinstance(found, Map) and name not in seen:
                seen.add(name)
                waiting.append(found)
                yield found


def _text(step: Map, key: str) -> str:
    written = constant(step.get(key))
    return written if isinstance(written, str) else ""


def _deploying(step: Map, text: str) -> Iterator[Line]:
    script = step.get("run")
    if script is not None:
        yield from deploying(_text(step, "run"), script.at, text)
    used = step.get("uses")
    if used is not None and _text(step, "uses").startswith(_DEPLOYING_ACTIONS):
        yield Line(_text(step, "uses").partition("@")[0], used.at)


def _checks(steps: list[Map]) -> bool:
    """Tell whether a step checks before the first that deploys; with none that does, any."""
    for step in steps:
        if checks_first(_text(step, "run")) or _CHECKING_ACTIONS.search(_text(step, "uses")):
            return True
        if any(_deploying(step, "")):
            return False
    return False


def _is_check(step: Map) -> bool:
    return is_check(_text(step, "run")) or bool(_CHECKING_ACTIONS.search(_text(step, "uses")))


def _strangers(step: Map) -> Iterator[Line]:
    """Yield the actions of others that are named by what can be moved, and scripts of others."""
    used, script = step.get("uses"), step.get("run")
    name = _text(step, "uses")
    if used is not None and name and not name.startswith(_TRUSTED) and not _PINNED.search(name):
        yield Line(name, used.at)
    if script is not None and _PIPED.search(_text(step, "run")[:20_000]):
        yield Line("a script from the network", script.at)


def _keys(step: Map) -> Iterator[Location]:
    """Yield where an access key is given without a session token."""
    given = step.get("with")
    if _text(step, "uses").startswith(_CREDENTIALS) and isinstance(given, Map):
        key = given.get("aws-access-key-id")
        if key is not None and "aws-session-token" not in given:
            yield key.at
