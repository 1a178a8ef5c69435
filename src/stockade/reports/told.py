"""A finding in a few lines of text, for formats that show no more than text."""

from collections.abc import Iterator

from stockade.model import Finding
from stockade.reports import words
from stockade.reports.untrusted import shown


def told(finding: Finding, root: str) -> Iterator[str]:
    """Yield the steps that prove a finding, where else it shows, and what to do instead.

    Each is one line, redacted and without control characters.
    """
    match = finding.match
    for step in match.because:
        yield shown(f"{words.place(step.at, root)}  {step.note}")
    for other in finding.elsewhere:
        yield shown(f"also: {other.message} ({words.place(other.at, root)})")
    if match.help:
        yield shown(f"help: {match.help}")


def claimed(finding: Finding) -> str:
    """Return the claim of a finding in one line, redacted and without control characters."""
    return shown(finding.match.message)
