"""Commands of shells: which of them deploy, and which check.

A shell's text is split into commands and no further; what is only printed or commented out is
none. What a script or a Makefile does that a command calls is not followed.
"""

from collections.abc import Iterator

from stockade._late import pattern
from stockade.analysis.pipelines.job import Line
from stockade.model import Location

LONGEST = 20_000
"""Characters of a script that are looked at."""

_ENDS = pattern(r"&&|\|\||[;|\n]")
_PRINTS = ("echo", "printf", "#", ":", "Write-Host")
_DEPLOYS = pattern(
    r"(?:^|[\s/])(?:sam(?:\.cmd)? deploy|cdk deploy|(?:serverless|sls) deploy|terraform apply|"
    r"tofu apply|pulumi up|chalice deploy|zappa (?:deploy|update)|sst deploy|amplify push|"
    r"aws cloudformation (?:deploy|create-stack|update-stack|execute-change-set)|"
    r"aws lambda update-function-code)(?=\s|$)"
)
_ELSEWHERE = pattern(
    r"(?i)(?:^|[\s=/_:-])(?:dev|develop|development|test|testing|qa|int|integ|staging|stg|"
    r"sandbox|preview|pr|demo|ephemeral)(?=$|[\s/_:.-])"
)
_CHECKS = pattern(
    r"(?:^|[\s/])(?:stockade|cfn-lint|cfn_nag(?:_scan)?|cfn-guard|checkov|tfsec|tflint|trivy|"
    r"semgrep|bandit|snyk|gitleaks|prowler|kics|pytest|tox|nox|ruff|flake8|pylint|mypy|unittest|"
    r"jest|vitest|mocha|eslint|tsc|pre-commit|jasmine|rspec|golangci-lint|pip-audit|npm t|"
    r"(?:npm|yarn|pnpm|bun|deno)(?: run)? (?:-\S+ )*(?:test|lint|check|audit|typecheck)\S*|"
    r"make \S*(?:test|check|lint|scan|verify)\S*|go (?:test|vet)|cargo (?:test|clippy|audit)|"
    r"(?:mvn|\./mvnw) .{0,80}(?:test|verify|install|package)|dotnet test|sam validate|"
    r"(?:gradle|\./gradlew) .{0,80}(?:test|check|build)|terraform (?:plan|validate)|cdk diff)"
    r"(?=\s|$)"
)


_INSTALLS = pattern(
    r"(?:sudo )?(?:python3? -m )?(?:pip3?|pipx|uv(?: pip| tool)?|poetry|npm|yarn|pnpm|apt-get|apt|"
    r"apk|yum|dnf|brew|gem|cargo|go) (?:-\S+ )*(?:install|add|i|ci)(?=\s|$)"
)


def deploying(script: str, at: Location, text: str) -> Iterator[Line]:
    """Yield the commands of a script that deploy to what may be production."""
    for command in commands(script):
        found = _DEPLOYS.search(command)
        if found is not None and not _ELSEWHERE.search(command[found.end() :]):
            yield Line(found[0].strip(), _line_of(found[0].strip(), at, text))


def is_check(script: str) -> bool:
    """Tell whether a test, a linter or a scan is among the commands of a script."""
    return any(_checks(command) for command in commands(script))


def checks_first(script: str) -> bool:
    """Tell whether one of them stands before the first that deploys."""
    for command in commands(script):
        if _checks(command):
            return True
        if _DEPLOYS.search(command):
            return False
    return False


def _checks(command: str) -> bool:
    return bool(_CHECKS.search(command)) and not _INSTALLS.match(command)


def commands(script: str) -> Iterator[str]:
    """Yield the commands of a script, without what is printed or commented out."""
    joined = script[:LONGEST].replace("\\\n", " ")
    for part in _ENDS.split(joined):
        command = " ".join(part.split())
        if command and not command.startswith(_PRINTS):
            yield command


def _line_of(words: str, at: Location, text: str) -> Location:
    """Return the line of a block of text in which the words stand, its beginning if in none."""
    lines = text.splitlines()[at.line - 1 : max(at.end_line, at.line)]
    for number, line in enumerate(lines, start=at.line):
        start = line.find(words)
        if start >= 0 and not line.lstrip("- ").startswith(_PRINTS):
            return Location(at.path, number, start + 1, number, start + len(words) + 1)
    return at
