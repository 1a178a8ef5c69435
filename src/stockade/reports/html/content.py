"""The report as the page reads it: every text safe to show, everything by number."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from stockade import __version__
from stockade.model import (
    BlastRadius,
    Exposure,
    Finding,
    Ignore,
    LeastPrivilege,
    Location,
    Match,
    Path,
    Report,
    RuleInfo,
    Step,
)
from stockade.reports.excerpt import Excerpts, marked
from stockade.reports.html.drawing import Drawing
from stockade.reports.html.functions import application
from stockade.reports.html.graph import text
from stockade.reports.html.paths import Played
from stockade.reports.html.places import place
from stockade.reports.html.steps import Places
from stockade.reports.layout import HARM, MARK
from stockade.reports.terminal import ignore_line
from stockade.reports.untrusted import shown
from stockade.reports.words import EXPOSED_TO

WIDTH = 160
"""Characters of a source line that are shown."""


def content(report: Report) -> dict[str, Any]:
    """Return the whole report as dictionaries, lists, texts and numbers."""
    drawings = {app.name: Drawing(app) for app in report.applications}
    tell = _Telling(report, drawings)
    roles: dict[str, dict[str, LeastPrivilege]] = {}
    for one in report.least_privilege:
        roles.setdefault(one.application, {})[one.function] = one
    radii: dict[str, dict[str, BlastRadius]] = {}
    for radius in report.blast_radius:
        radii.setdefault(radius.application, {})[radius.function] = radius
    return {
        "stockade": __version__,
        "root": text(report.root),
        "exposures": [EXPOSED_TO[exposure] for exposure in Exposure],
        "rules": [_rule(rule) for rule in report.rules],
        "applications": [
            application(drawings[app.name], roles.get(app.name, {}), radii.get(app.name, {}))
            for app in report.applications
        ],
        "paths": [written for path in report.paths if (written := tell.path(path)) is not None],
        "findings": [tell.finding(finding) for finding in report.findings],
        "ignored": [
            {**tell.finding(finding), "reason": shown(reason)}
            for finding, reason in _set_aside(report)
        ],
        "stale": [_stale(one) for one in report.stale_ignores],
        "unseen": [
            {"kind": one.kind, "why": shown(one.why), "at": place(one.at)} for one in report.unseen
        ],
        "failures": [
            {"rule": one.rule, "application": text(one.application), "error": shown(one.error)}
            for one in report.failures
        ],
    }


def _set_aside(report: Report) -> Iterator[tuple[Finding, str]]:
    """Yield what does not count, each with the reason: accepted, or in the baseline."""
    for ignored in report.ignored:
        yield ignored.finding, ignored.ignore.reason
    if report.baseline is not None:
        for finding in report.baseline.known:
            yield finding, f"in the baseline {report.baseline.name}"


class _Telling:
    """Writes findings, with the source lines that their steps need and no others."""

    def __init__(self, report: Report, drawings: Mapping[str, Drawing]) -> None:
        self._excerpts = Excerpts(report)
        self._drawings = drawings
        self._places: dict[str, Places] = {}
        self._played: dict[str, Played] = {}
        self._applications = {app.name: at for at, app in enumerate(report.applications)}
        self._rules = {rule.id: at for at, rule in enumerate(report.rules)}

    def finding(self, finding: Finding) -> dict[str, Any]:
        """Write one finding."""
        drawing = self._drawings.get(finding.application)
        match = finding.match
        function = drawing.node(match.resource) if drawing and match.resource else None
        return {
            "rule": self._rules.get(finding.rule.id),
            "application": self._applications.get(finding.application),
            "severity": int(finding.severity),
            "exposure": int(match.exposure),
            "confidence": match.confidence.name.lower(),
            "message": shown(match.message),
            "help": shown(match.help),
            "at": place(match.at),
            "node": function,
            "steps": list(self._steps(finding.application, match, function)),
            "fingerprint": finding.fingerprint,
            "ignore": shown(ignore_line(finding)),
            "also": [
                {"message": shown(one.message), "at": place(one.at)} for one in finding.elsewhere
            ],
        }

    def path(self, path: Path) -> dict[str, Any] | None:
        """Write one attack path; None where its application is not drawn."""
        name = path.application
        if name not in self._drawings:
            return None
        if name not in self._played:
            self._played[name] = Played(self._drawings[name], self._code)
        return self._played[name].path(path, self._applications[name])

    def _steps(self, app: str, match: Match, function: int | None) -> Iterator[dict[str, Any]]:
        """Yield the steps; those of one line follow each other and share it."""
        steps = match.because or (Step(match.at, "here"),)
        for at, together in groupby(steps, key=lambda step: (step.at.path, step.at.line)):
            same_line = tuple(together)
            node, edge = self._shown_by(app, same_line[-1], function)
            yield {
                "notes": [shown(step.note) for step in same_line],
                "at": place(same_line[0].at),
                "code": self._code(app, at, [step.at for step in same_line]),
                "node": node,
                "edge": edge,
            }

    def _shown_by(
        self, app: str, step: Step, function: int | None
    ) -> tuple[int | None, int | None]:
        if app not in self._drawings:
            return None, None
        if app not in self._places:
            self._places[app] = Places(self._drawings[app])
        return self._places[app].shown_by(step, function)

    def _code(
        self, application: str, at: tuple[str, int], places: Sequence[Location]
    ) -> list[list[Any]]:
        line = self._excerpts.line(application, *at)
        if not line.strip():
            return []
        pieces = marked(line, places, WIDTH)
        return [[piece.text, int(piece.style in (MARK, HARM))] for piece in pieces]


def _rule(rule: RuleInfo) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title,
        "practice": rule.practice,
        "cwe": list(rule.cwe),
    }


def _stale(ignore: Ignore) -> dict[str, Any]:
    return {
        "rule": text(ignore.rule),
        "fingerprint": text(ignore.fingerprint),
        "reason": shown(ignore.reason),
        "at": place(ignore.at),
    }
