"""The small words of reports: counts, lists, kinds of things."""

from collections import Counter
from collections.abc import Iterable
from enum import Enum

from stockade.model import Exposure, Finding, Location, Report, Unseen

EXPOSED_TO = {
    Exposure.ANYONE: "anyone",
    Exposure.SIGNED_IN: "any signed-in user",
    Exposure.PARTNER: "a partner",
    Exposure.OTHER_ACCOUNT: "another account",
    Exposure.STAFF: "users with a role",
    Exposure.APPLICATION: "only this application",
    Exposure.PROVIDER: "only AWS",
}
"""Who can send, as a reader says it."""

_KINDS = {
    "template": ("template", "templates"),
    "code": ("file of code", "files of code"),
    "handler": ("handler", "handlers"),
    "resource": ("resource", "resources"),
    "link": ("link", "links"),
    "limit": ("limit that was reached", "limits that were reached"),
    "ignore": ("ignore", "ignores"),
}


def code(value: Enum) -> str:
    """Write a severity, exposure or the like as machines read it: `"signed-in"`."""
    return value.name.lower().replace("_", "-")


def count(number: int, one: str, many: str = "") -> str:
    """Write a number with its noun: `1 function`, `2 functions`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def kinds(unseen: Iterable[Unseen]) -> list[tuple[str, list[Unseen]]]:
    """Group what was not seen by kind, the most frequent first."""
    groups: dict[str, list[Unseen]] = {}
    for one in unseen:
        groups.setdefault(one.kind, []).append(one)
    return sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))


def kind(name: str, number: int) -> str:
    """Write a number of things of one kind of the unseen: `3 handlers`."""
    one, many = _KINDS.get(name, (name, f"{name}s"))
    return count(number, one, many)


def by_severity(findings: Iterable[Finding]) -> list[str]:
    """Count findings by severity, the worst first: `["1 critical", "2 high"]`."""
    numbers = Counter(finding.severity for finding in findings)
    return [f"{numbers[one]} {code(one)}" for one in sorted(numbers, reverse=True)]


def found(report: Report) -> str:
    """Count the findings of a report: `2 findings (1 critical, 1 low)`; new ones say so."""
    new = "new " if report.baseline is not None else ""
    told = count(len(report.findings), f"{new}finding")
    severities = by_severity(report.findings)
    return f"{told} ({', '.join(severities)})" if severities else told


def set_aside(report: Report) -> list[str]:
    """Count what was found and does not count: ignored, or in the baseline; and what is gone."""
    told = [f"{len(report.ignored)} ignored"] if report.ignored else []
    if report.baseline is not None:
        told.append(f"{len(report.baseline.known)} in the baseline")
        if report.baseline.gone:
            told.append(f"{len(report.baseline.gone)} of the baseline gone")
    return told


def place(at: Location, root: str = "") -> str:
    """Write a place as terminals make it clickable: `path:line:column`."""
    path = f"{root}/{at.path}" if root and root != "." else at.path
    return f"{path}:{at.line}:{at.column}" if at.line else path
