"""The report as JUnit XML, which build servers show as tests.

There is no standard; this follows what Jenkins, GitLab and Azure Pipelines read: a suite for each
application, in it a case for each finding. A finding that does not make the exit code speak
(`--fail-on`) is a case that passes and says so, so that the build server and the exit code agree.
Findings that are ignored, or were in the baseline, are skipped. An application without any has
one case that passes.
"""

import re
from collections.abc import Iterable, Iterator

from stockade.model import Finding, Location, Report, Severity
from stockade.model.record import record
from stockade.reports import words
from stockade.reports.told import claimed, told
from stockade.reports.untrusted import printable, shown

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML 1.0 document may hold, not even escaped."""

_ESCAPES = (
    ("&", "&amp;"),
    ("<", "&lt;"),
    (">", "&gt;"),
    ('"', "&quot;"),
    ("\n", "&#10;"),
    ("\r", "&#13;"),
    ("\t", "&#9;"),
)


@record
class _Case:
    name: str
    classname: str
    at: Location
    outcome: str = ""
    """The element inside: `failure`, `error`, `skipped`, `system-out`; empty if it passed."""
    message: str = ""
    kind: str = ""
    text: str = ""


def render(report: Report, fail_on: Severity = Severity.LOW) -> str:
    """Write the report as XML text, in ASCII."""
    suites = {app.name: list(_cases(app.name, report, fail_on)) for app in report.applications}
    everything = [case for cases in suites.values() for case in cases]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f'<testsuites name="stockade"{_counts(everything)}>')
    for name, cases in suites.items():
        lines.append(f"  <testsuite{_attributes(name=name)}{_counts(cases)}>")
        lines += [line for case in cases for line in _case(case, report.root)]
        lines.append("  </testsuite>")
    lines.append("</testsuites>")
    text = "".join(f"{line}\n" for line in lines)
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _cases(application: str, report: Report, fail_on: Severity) -> Iterator[_Case]:
    found = [
        *_failures(application, report),
        *(_found(one, report.root, fail_on) for one in _of(application, report.findings)),
        *_set_aside(application, report),
    ]
    yield from found or (_Case("nothing found", "stockade", Location(application, 1)),)


def _of(application: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    return (one for one in findings if one.application == application)


def _failures(application: str, report: Report) -> Iterator[_Case]:
    for failure in report.failures:
        if failure.application == application:
            at, error = Location(application, 1), shown(failure.error)
            yield _Case(f"{failure.rule} failed", failure.rule, at, "error", error, "failure")


def _found(finding: Finding, root: str, fail_on: Severity) -> _Case:
    severity = words.code(finding.severity)
    claim, proof = claimed(finding), "\n".join(told(finding, root))
    if finding.severity < fail_on:
        return _told_only(finding, f"{severity}: {claim}\n{proof}")
    return _Case(claim, finding.rule.id, finding.match.at, "failure", claim, severity, proof)


def _told_only(finding: Finding, text: str) -> _Case:
    at, rule = finding.match.at, finding.rule.id
    return _Case(claimed(finding), rule, at, "system-out", text=text)


def _set_aside(application: str, report: Report) -> Iterator[_Case]:
    for ignored in report.ignored:
        if ignored.finding.application == application:
            yield _skipped(ignored.finding, f"ignored: {shown(ignored.ignore.reason)}")
    if report.baseline is not None:
        for finding in _of(application, report.baseline.known):
            yield _skipped(finding, "in the baseline")


def _skipped(finding: Finding, why: str) -> _Case:
    return _Case(claimed(finding), finding.rule.id, finding.match.at, "skipped", why)


def _case(case: _Case, root: str) -> Iterator[str]:
    attributes = {"classname": case.classname, "name": case.name}
    if case.at.path:
        attributes["file"] = words.place(Location(case.at.path, 0), root)
        attributes["line"] = str(max(case.at.line, 1))
    opening = f"    <testcase{_attributes(**attributes)}"
    if not case.outcome:
        yield f"{opening}/>"
        return
    yield f"{opening}>"
    inner = {"message": case.message, "type": case.kind}
    given = _attributes(**{key: value for key, value in inner.items() if value})
    yield f"      <{case.outcome}{given}>{_text(case.text)}</{case.outcome}>"
    yield "    </testcase>"


def _counts(cases: list[_Case]) -> str:
    """Write how many cases there are of each outcome, as attributes."""
    outcomes = [case.outcome for case in cases]
    numbers = {
        "tests": len(cases),
        "failures": outcomes.count("failure"),
        "errors": outcomes.count("error"),
        "skipped": outcomes.count("skipped"),
    }
    return _attributes(**{key: str(number) for key, number in numbers.items()})


def _attributes(**values: str) -> str:
    return "".join(f' {key}="{_escaped(printable(value))}"' for key, value in values.items())


def _text(text: str) -> str:
    """Escape text between tags; its line ends stay."""
    return _escaped(text).replace("&#10;", "\n")


def _escaped(text: str) -> str:
    text = _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    for character, escape in _ESCAPES:
        text = text.replace(character, escape)
    return text
