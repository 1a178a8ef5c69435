"""The report as annotations of a workflow run of GitHub Actions.

Follows "Workflow commands for GitHub Actions" of GitHub's documentation, and for the characters
that are escaped the runner's own `ActionCommand`. GitHub shows ten errors, ten warnings and ten
notices of a step: the worst come first.
"""

from collections.abc import Iterator

from stockade.model import Finding, Location, Report, RuleFailure, Severity
from stockade.reports import words
from stockade.reports.told import claimed, told
from stockade.reports.untrusted import shown

_COMMANDS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
}


def render(report: Report) -> str:
    """Write a workflow command for each finding and failure, and a line of totals."""
    lines = [*_failures(report), *(_annotation(one, report.root) for one in report.findings)]
    return "".join(f"{line}\n" for line in (*lines, _totals(report)))


def _annotation(finding: Finding, root: str) -> str:
    severity = words.code(finding.severity)
    title = f"{severity}: {finding.rule.id} ({finding.rule.practice})"
    text = "\n".join((claimed(finding), *told(finding, root)))
    return _command(_COMMANDS[finding.severity], finding.match.at, title, text, root)


def _failures(report: Report) -> Iterator[str]:
    for failure in report.failures:
        yield _failure(failure, report.root)


def _failure(failure: RuleFailure, root: str) -> str:
    text = shown(f"{failure.rule} failed on {failure.application}: {failure.error}")
    at = Location(failure.application, 1)
    return _command("error", at, "stockade could not finish", text, root)


def _command(name: str, at: Location, title: str, text: str, root: str) -> str:
    """Write one workflow command; whatever it holds, it stays one line and one command."""
    properties = {"title": title}
    if at.path:
        path = words.place(Location(at.path, 0), root)
        properties = {"file": path, "line": str(max(at.line, 1)), **properties}
        if at.end_line > at.line:
            properties["endLine"] = str(at.end_line)
        elif at.end_column > at.column:
            # Columns are those of one line; with an end line GitHub does not take them.
            properties |= {"col": str(at.column), "endColumn": str(at.end_column)}
    written = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {written}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(shown(text)).replace(":", "%3A").replace(",", "%2C")


def _totals(report: Report) -> str:
    """Write what was looked at and found: numbers only, so that nothing in it is a command."""
    functions = sum(len(app.functions) for app in report.applications)
    parts = [
        words.count(len(report.applications), "application"),
        words.count(functions, "function"),
        words.found(report),
        *words.set_aside(report),
    ]
    if report.unseen:
        parts.append(f"{len(report.unseen)} not seen")
    return ", ".join(parts)
