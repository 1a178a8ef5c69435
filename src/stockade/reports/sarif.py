"""The report as SARIF 2.1.0, for code scanning services and editors.

Follows "Static Analysis Results Interchange Format (SARIF) Version 2.1.0" of OASIS and, for
`security-severity` and tags, GitHub's page "SARIF support for code scanning".
"""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from stockade import __version__
from stockade.model import (
    Baseline,
    Finding,
    Ignore,
    Ignored,
    Location,
    Match,
    Report,
    RuleInfo,
    Severity,
    Step,
)
from stockade.reports.untrusted import redacted
from stockade.reports.words import code

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
BASE = "SRCROOT"
"""The name of the scanned folder, to which all addresses are relative."""

FINGERPRINT = "stockade/v1"
"""The name under which a result holds its fingerprint."""

LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}

SECURITY_SEVERITIES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.0",
}
"""Scores in the middle of the ranges that services map back to these four words."""

Pages = Callable[[str], str]
"""Gives the page of a rule as Markdown, by its id."""


def render(report: Report, pages: Pages | None = None, relative_to: str | None = None) -> str:
    """Write the report as SARIF text, in ASCII.

    Addresses are relative to the scanned folder, or to the folder `relative_to` above it: some
    services take them for relative to the repository, whatever the base is said to be.
    """
    written = document(report, pages)
    if relative_to is not None:
        _move(written, relative_to, report.root)
    return json.dumps(written, indent=2) + "\n"


def document(report: Report, pages: Pages | None = None) -> dict[str, Any]:
    """Return what is written, as dictionaries and lists."""
    rules = _rules_named(report)
    results = [*_results(report.findings, rules), *_suppressed(report.ignored, rules)]
    if report.baseline is not None:
        results = [*_since(report.baseline, report, rules)]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "stockade",
                        "semanticVersion": __version__,
                        "rules": [_rule(rule, pages) for rule in rules],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {BASE: {"uri": _folder_uri(report.root)}},
                "invocations": [_invocation(report)],
                "results": results,
            }
        ],
    }


def _move(document: dict[str, Any], folder: str, root: str) -> None:
    """Make every address relative to `folder`, in which the scanned folder lies."""
    within = Path(root).resolve().relative_to(Path(folder).resolve()).as_posix()
    document["runs"][0]["originalUriBaseIds"] = {BASE: {"uri": _folder_uri(folder)}}
    before = "" if within == "." else f"{quote(within)}/"
    waiting: list[Any] = [document["runs"]]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting.extend(part)
        elif isinstance(part, dict):
            if "uriBaseId" in part:
                part["uri"] = f"{before}{part['uri']}"
            waiting.extend(part.values())


def _rules_named(report: Report) -> list[RuleInfo]:
    """Return the rules that ran, and those of findings beside them, each once."""
    found = [finding.rule for finding in report.findings]
    found += [ignored.finding.rule for ignored in report.ignored]
    found += [one.rule for one in report.baseline.known] if report.baseline is not None else []
    return list({rule.id: rule for rule in (*report.rules, *found)}.values())


def _folder_uri(root: str) -> str:
    return Path(root).resolve().as_uri().rstrip("/") + "/"


def _rule(rule: RuleInfo, pages: Pages | None) -> dict[str, Any]:
    described = {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.id.split("-")),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": f"{rule.title} (practice {rule.practice})"},
        "defaultConfiguration": {"level": LEVELS[rule.harm]},
        "properties": {
            "tags": [
                "security",
                f"practice/{rule.practice}",
                *(f"external/cwe/cwe-{number}" for number in rule.cwe),
            ],
            "security-severity": SECURITY_SEVERITIES[rule.harm],
        },
    }
    if pages is not None:
        described["help"] = {
            "text": f"{rule.title}. `stockade explain {rule.id}` tells more.",
            "markdown": pages(rule.id),
        }
    return described


def _results(findings: Iterable[Finding], rules: list[RuleInfo]) -> Iterator[dict[str, Any]]:
    places = {rule.id: number for number, rule in enumerate(rules)}
    for finding in findings:
        yield _result(finding, places[finding.rule.id])


def _suppressed(ignored: Iterable[Ignored], rules: list[RuleInfo]) -> Iterator[dict[str, Any]]:
    places = {rule.id: number for number, rule in enumerate(rules)}
    for one in ignored:
        result = _result(one.finding, places[one.finding.rule.id])
        yield {**result, "suppressions": [_suppression(one.ignore)]}


def _since(baseline: Baseline, report: Report, rules: list[RuleInfo]) -> Iterator[dict[str, Any]]:
    """Yield all results, each with what became of it since the baseline, as SARIF 3.27.24 says.

    What was there before stays in the log: a service would close whatever is missing.
    """
    for result in _results(report.findings, rules):
        yield {**result, "baselineState": "new"}
    for result in (*_results(baseline.known, rules), *_suppressed(report.ignored, rules)):
        yield {**result, "baselineState": "unchanged"}
    for one in baseline.gone:
        yield {
            "ruleId": one.rule,
            "message": {"text": _escaped(redacted(one.message)) or "no longer found"},
            "partialFingerprints": {FINGERPRINT: one.fingerprint},
            "baselineState": "absent",
        }


def _result(finding: Finding, rule_index: int) -> dict[str, Any]:
    match = finding.match
    sentences = [text[:1].upper() + text[1:] for text in (match.message, match.help) if text]
    result: dict[str, Any] = {
        "ruleId": finding.rule.id,
        "ruleIndex": rule_index,
        "level": LEVELS[finding.severity],
        "message": {"text": _escaped(redacted(". ".join(sentences)))},
        "locations": [_location(match.at)],
        "codeFlows": [_code_flow(one) for one in (match, *finding.also)],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
        "properties": {
            "severity": code(finding.severity),
            "security-severity": SECURITY_SEVERITIES[finding.severity],
            "confidence": match.confidence.name.lower(),
            "exposure": code(match.exposure),
            "practice": finding.rule.practice,
            "application": finding.application,
        },
    }
    if finding.also_fingerprints:
        result["properties"]["also-fingerprints"] = list(finding.also_fingerprints)
    if finding.brings:
        result["properties"]["brings"] = [_brought(one) for one in finding.brings]
    elsewhere = [one for one in finding.elsewhere if one.at != match.at]
    if elsewhere:
        result["relatedLocations"] = [
            _location(one.at, redacted(one.message), number)
            for number, one in enumerate(elsewhere)
        ]
    return result


def _brought(finding: Finding) -> dict[str, Any]:
    """Name a finding of another rule that is over once this one is mended."""
    return {
        "ruleId": finding.rule.id,
        "message": {"text": _escaped(redacted(finding.match.message))},
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
        "properties": {"also-fingerprints": list(finding.also_fingerprints)},
    }


def _escaped(text: str) -> str:
    """Write a text so that it is no link and holds no placeholder, as SARIF 3.11 says."""
    return text.replace("](", "] (").replace("{", "{{").replace("}", "}}")


def _code_flow(match: Match) -> dict[str, Any]:
    """Tell the steps: the first is where the data enters, the last where it does harm."""
    steps = list(match.because)
    if not steps or steps[-1].at[:2] != match.at[:2]:
        steps.append(Step(match.at, match.message))
    return {
        "message": {"text": _escaped(redacted(match.message))},
        "threadFlows": [
            {
                "locations": [
                    {"location": _location(step.at, redacted(step.note)), "nestingLevel": 0}
                    for step in steps
                ]
            }
        ],
    }


def _location(at: Location, text: str = "", number: int | None = None) -> dict[str, Any]:
    location: dict[str, Any] = {}
    if number is not None:
        location["id"] = number
    if at.path:
        location["physicalLocation"] = {
            "artifactLocation": {"uri": quote(at.path), "uriBaseId": BASE},
            "region": _region(at),
        }
    if text:
        location["message"] = {"text": _escaped(text)}
    return location


def _region(at: Location) -> dict[str, int]:
    region = {"startLine": max(at.line, 1), "startColumn": max(at.column, 1)}
    if at.end_line >= at.line and at.end_column:
        region |= {"endLine": at.end_line, "endColumn": at.end_column}
    return region


def _suppression(ignore: Ignore) -> dict[str, Any]:
    outside = ignore.at.path.endswith(".toml") or not ignore.at.path
    return {
        "kind": "external" if outside else "inSource",
        "justification": redacted(ignore.reason),
        "location": _location(ignore.at),
    }


def _invocation(report: Report) -> dict[str, Any]:
    """Tell what was not seen and what failed: a result list without it would look complete."""
    told = [
        _notification("warning", f"unseen/{one.kind}", one.why, one.at) for one in report.unseen
    ]
    told += [
        _notification(
            "error",
            "rule-failure",
            f"{one.rule} failed on {one.application}: {one.error}",
            Location(one.application, 1),
        )
        for one in report.failures
    ]
    told += [
        _notification("note", "stale-ignore", f"covers no finding of {one.rule} any more", one.at)
        for one in report.stale_ignores
    ]
    return {
        "executionSuccessful": not report.failures,
        "toolExecutionNotifications": told,
    }


def _notification(level: str, name: str, text: str, at: Location) -> dict[str, Any]:
    notification: dict[str, Any] = {
        "level": level,
        "descriptor": {"id": name},
        "message": {"text": _escaped(redacted(text))},
    }
    if at.path:
        notification["locations"] = [_location(at)]
    return notification
