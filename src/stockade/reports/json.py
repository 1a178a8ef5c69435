"""The report as JSON, for programs. docs/json.md describes it; the shape is kept stable."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from stockade import __version__
from stockade.model import (
    Application,
    Baseline,
    BlastRadius,
    Figures,
    Finding,
    Ignore,
    Location,
    Match,
    Path,
    Report,
    RuleInfo,
    Step,
)
from stockade.reports.untrusted import redacted
from stockade.reports.words import code

VERSION = 1
"""Grows when a key is taken away or changes its meaning, not when one is added."""


def render(report: Report) -> str:
    """Write the report as JSON text, in ASCII."""
    return json.dumps(document(report), indent=2) + "\n"


def document(report: Report) -> dict[str, Any]:
    """Return what is written, as dictionaries and lists."""
    applications = {app.name: app for app in report.applications}
    baseline = report.baseline
    return {
        "version": VERSION,
        "stockade": __version__,
        "root": report.root,
        "severity": code(report.severity) if report.severity else None,
        "applications": [
            {
                "name": app.name,
                "templates": list(dict.fromkeys(stack.template for stack in app.stacks)),
                "functions": len(app.functions),
                "event_sources": len(app.event_sources),
            }
            for app in report.applications
        ],
        "rules": [_rule(rule) for rule in report.rules],
        "findings": [_finding(finding, applications) for finding in report.findings],
        "ignored": [
            {**_finding(one.finding, applications), "ignore": _ignore(one.ignore)}
            for one in report.ignored
        ],
        "stale_ignores": [_ignore(ignore) for ignore in report.stale_ignores],
        "unseen": [
            {"kind": one.kind, "why": redacted(one.why), "at": place(one.at)}
            for one in report.unseen
        ],
        "failures": [
            {"rule": one.rule, "application": one.application, "error": redacted(one.error)}
            for one in report.failures
        ],
        **({"baseline": _baseline(baseline, applications)} if baseline is not None else {}),
        "paths": [_path(path) for path in report.paths],
        "blast_radius": [_radius(radius) for radius in report.blast_radius],
        "figures": [_figures(figures) for figures in report.figures],
    }


def _path(path: Path) -> dict[str, Any]:
    return {
        "application": path.application,
        "severity": code(path.severity),
        "exposure": code(path.exposure),
        "confidence": code(path.confidence),
        "says": redacted(path.says),
        "entry": path.entry,
        "goal": {
            "kind": code(path.goal.kind),
            "words": redacted(path.goal.words),
            "resources": list(path.goal.resources),
        },
        "moves": [
            {
                "kind": move.kind.value,
                "note": redacted(move.note),
                "target": move.target,
                "steps": _steps(move.because),
            }
            for move in path.moves
        ],
        "cuts": [
            {
                "kind": cut.kind.value,
                "move": cut.move,
                "at": place(cut.at),
                "also": [place(one) for one in cut.also],
                "help": redacted(cut.help),
            }
            for cut in path.cuts
        ],
        "controls": list(path.controls),
        "findings": list(path.findings),
        "fingerprint": path.fingerprint,
    }


def _radius(radius: BlastRadius) -> dict[str, Any]:
    return {
        "application": radius.application,
        "function": radius.function,
        "stores": [
            {"what": one.what, "reads": one.reads, "writes": one.writes, "deletes": one.deletes}
            for one in radius.stores
        ],
        "secrets": list(radius.secrets),
        "functions": list(radius.functions),
        "roles": list(radius.roles),
        "account": radius.account or None,
        "unknown": [redacted(why) for why in radius.unknown],
    }


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "application": figures.application,
        "surface": [
            {
                "exposure": code(one.exposure),
                "entry_points": one.entry_points,
                "functions": one.functions,
                "files": one.files,
                "permissions": one.permissions,
            }
            for one in figures.surface
        ],
        "ways": [{"controls": controls, "ways": number} for controls, number in figures.ways],
        "thin": [
            {
                "entry": way.entry,
                "function": way.function,
                "store": way.store,
                "controls": list(way.controls),
            }
            for way in figures.thin
        ],
        "privileges": [
            {
                "function": one.function,
                "granted": one.granted,
                "needed": one.needed,
                "spare": one.spare,
                "missing": one.missing,
                "complete": one.complete,
            }
            for one in figures.privileges
        ],
        "controls": [
            {
                "control": one.name,
                "provider": one.provider,
                "application": one.application,
                "nobody": one.nobody,
            }
            for one in figures.controls
        ],
    }


def _rule(rule: RuleInfo) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title,
        "practice": rule.practice,
        "cwe": list(rule.cwe),
        "harm": code(rule.harm),
        "persona": rule.persona.value,
        "responsibility": rule.responsibility.value,
    }


def _baseline(baseline: Baseline, applications: Mapping[str, Application]) -> dict[str, Any]:
    return {
        "file": baseline.name,
        "known": [_finding(finding, applications) for finding in baseline.known],
        "gone": [
            {"rule": one.rule, "fingerprint": one.fingerprint, "message": redacted(one.message)}
            for one in baseline.gone
        ],
    }


def _finding(finding: Finding, applications: Mapping[str, Application]) -> dict[str, Any]:
    application = applications.get(finding.application)
    return {
        "rule": finding.rule.id,
        "practice": finding.rule.practice,
        "severity": code(finding.severity),
        "fingerprint": finding.fingerprint,
        "application": finding.application,
        **_match(finding.match, application),
        "also": [_match(match, application) for match in finding.also],
        "also_fingerprints": list(finding.also_fingerprints),
        "brings": [_finding(one, applications) for one in finding.brings],
    }


def _match(match: Match, application: Application | None) -> dict[str, Any]:
    declared = application.resources.get(match.resource or "") if application else None
    return {
        "message": redacted(match.message),
        "confidence": match.confidence.name.lower(),
        "exposure": code(match.exposure),
        "resource": match.resource,
        "logical_id": declared.logical_id if declared is not None else None,
        "at": place(match.at),
        "steps": _steps(match.because),
        "help": redacted(match.help),
    }


def _steps(steps: Sequence[Step]) -> list[dict[str, Any]]:
    return [{"note": redacted(step.note), "at": place(step.at)} for step in steps]


def _ignore(ignore: Ignore) -> dict[str, Any]:
    return {
        "rule": ignore.rule,
        "fingerprint": ignore.fingerprint,
        "reason": ignore.reason,
        "until": ignore.until.isoformat() if ignore.until else None,
        "at": place(ignore.at),
    }


def place(at: Location) -> dict[str, Any] | None:
    """Return a place as JSON holds it; None for what no file states."""
    if not at.path:
        return None
    return {
        "path": at.path,
        "line": at.line,
        "column": at.column,
        "end_line": at.end_line or at.line,
        "end_column": at.end_column or at.column,
    }
