"""The report as the page reads it: every text safe to show, everything by number."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from stockade import __version__
from stockade.analysis.facts import SourceExposure
from stockade.model import (
    Application,
    EventSource,
    Exposure,
    Finding,
    Function,
    Ignore,
    Location,
    Match,
    Parameter,
    Report,
    Step,
    Unknown,
    Value,
    expression,
)
from stockade.reports.excerpt import Excerpts, marked
from stockade.reports.html.drawing import Drawing, _event, as_data, policy_names, text
from stockade.reports.html.grants import Statement, name
from stockade.reports.layout import HARM, MARK
from stockade.reports.terminal import ignore_line
from stockade.reports.untrusted import shown
from stockade.reports.words import EXPOSED_TO, code

WIDTH = 160
"""Characters of a source line that are shown."""

ACTIONS = 40
"""Actions or resources of one statement that are listed; the others are counted."""


def content(report: Report) -> dict[str, Any]:
    """Return the whole report as dictionaries, lists, texts and numbers."""
    drawings = {app.name: Drawing(app) for app in report.applications}
    numbers = {app.name: number for number, app in enumerate(report.applications)}
    rules = {rule.id: number for number, rule in enumerate(report.rules)}
    tell = _Telling(report, drawings, numbers, rules)
    return {
        "stockade": __version__,
        "root": text(report.root),
        "exposures": [EXPOSED_TO[exposure] for exposure in Exposure],
        "rules": [
            {
                "id": rule.id,
                "title": rule.title,
                "practice": rule.practice,
                "cwe": list(rule.cwe),
            }
            for rule in report.rules
        ],
        "applications": [_application(drawings[app.name]) for app in report.applications],
        "findings": [tell.finding(finding) for finding in report.findings],
        "ignored": [
            {**tell.finding(one.finding), "reason": shown(one.ignore.reason)}
            for one in report.ignored
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


class _Telling:
    """Writes findings, with the source lines that their steps need and no others."""

    def __init__(
        self,
        report: Report,
        drawings: Mapping[str, Drawing],
        numbers: Mapping[str, int],
        rules: Mapping[str, int],
    ) -> None:
        self._excerpts = Excerpts(report)
        self._drawings = drawings
        self._numbers = numbers
        self._rules = rules

    def finding(self, finding: Finding) -> dict[str, Any]:
        drawing = self._drawings.get(finding.application)
        match = finding.match
        function = drawing.node(match.resource) if drawing and match.resource else None
        return {
            "rule": self._rules.get(finding.rule.id),
            "application": self._numbers.get(finding.application),
            "severity": int(finding.severity),
            "exposure": int(match.exposure),
            "confidence": match.confidence.name.lower(),
            "message": shown(match.message),
            "help": shown(match.help),
            "at": place(match.at),
            "node": function,
            "steps": list(self._steps(finding.application, match, drawing, function)),
            "fingerprint": finding.fingerprint,
            "ignore": shown(ignore_line(finding)),
            "also": [{"message": shown(one.message), "at": place(one.at)} for one in finding.also],
        }

    def _steps(
        self, application: str, match: Match, drawing: Drawing | None, function: int | None
    ) -> Iterator[dict[str, Any]]:
        """Yield the steps; those of one line follow each other and share it."""
        steps = match.because or (Step(match.at, "here"),)
        for at, together in groupby(steps, key=lambda step: (step.at.path, step.at.line)):
            same_line = tuple(together)
            node, edge = drawing.shown_by(same_line[-1], function) if drawing else (None, None)
            yield {
                "notes": [shown(step.note) for step in same_line],
                "at": place(same_line[0].at),
                "code": self._code(application, at, [step.at for step in same_line]),
                "node": node,
                "edge": edge,
            }

    def _code(
        self, application: str, at: tuple[str, int], places: Sequence[Location]
    ) -> list[list[Any]]:
        line = self._excerpts.line(application, *at)
        if not line.strip():
            return []
        pieces = marked(line, places, WIDTH)
        return [[piece.text, int(piece.style in (MARK, HARM))] for piece in pieces]


def place(at: Location) -> list[Any] | None:
    """Write a place as path, line and column; None for what no file states."""
    return [shown(at.path), at.line, at.column] if at.path else None


def _stale(ignore: Ignore) -> dict[str, Any]:
    return {
        "rule": text(ignore.rule),
        "fingerprint": text(ignore.fingerprint),
        "reason": shown(ignore.reason),
        "at": place(ignore.at),
    }


def _application(drawing: Drawing) -> dict[str, Any]:
    app = drawing.app
    roles = {id_: number for number, id_ in enumerate(drawing.statements)}
    sources: dict[str, list[EventSource]] = {}
    for source in app.event_sources:
        sources.setdefault(source.function, []).append(source)
    return {
        "name": text(app.name),
        "templates": [text(one) for one in dict.fromkeys(stack.template for stack in app.stacks)],
        **as_data(drawing),
        "functions": [
            _function(drawing, function, sources.get(function.id, ()), roles)
            for function in app.functions.values()
        ],
        "roles": [
            {"name": text(id_), "statements": [_statement(one) for one in statements]}
            for id_, statements in drawing.statements.items()
        ],
    }


def _function(
    drawing: Drawing,
    function: Function,
    sources: Iterable[EventSource],
    roles: Mapping[str, int],
) -> dict[str, Any]:
    role = drawing.app.role_of(function)
    return {
        "node": drawing.node(function.id),
        "runtime": _known(function.runtime),
        "handler": _handler(function),
        "events": [_source(source, drawing.exposures[source.id]) for source in sources],
        "environment": _environment(function),
        "role": roles.get(role.id) if role is not None else None,
        "role_told": _known(function.role),
        "policies": policy_names(drawing.app, function),
    }


def _source(source: EventSource, who: SourceExposure) -> dict[str, Any]:
    return {
        "type": source.type.value,
        "told": text(_event(source)),
        "exposure": int(who.exposure),
        "why": [shown(step.note) for step in who.because],
        "at": place(source.at),
    }


def _environment(function: Function) -> list[list[str]] | str:
    """List the names of environment variables, and what kind of thing each holds: no value."""
    if isinstance(function.environment, Unknown):
        return text(f"unknown: {function.environment.why}")
    return [[text(key), text(_held(value))] for key, value in function.environment.items()]


def _held(value: Value) -> str:
    if isinstance(value, Parameter):
        return f"parameter {value.name}{', NoEcho' if value.no_echo else ''}"
    told = expression(value)
    return told if "${" in told else "a literal"


def _handler(function: Function) -> str:
    if isinstance(function.handler, Unknown):
        return text(f"unknown: {function.handler.why}")
    return text(f"{function.handler.file.path}:{function.handler.symbol}")


def _known(value: str | Unknown) -> str:
    return text(f"unknown: {value.why}" if isinstance(value, Unknown) else value)


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "policy": text(name(statement.policy)),
        "from": statement.policy.source,
        "allows": statement.allows,
        "actions": _cut(statement.actions),
        "resources": _cut(statement.resources),
        "conditional": statement.conditional,
        "at": place(statement.policy.at),
    }


def _cut(texts: Sequence[str]) -> list[str]:
    told = [text(one) for one in texts[:ACTIONS]]
    left = len(texts) - len(told)
    return [*told, f"and {left} more"] if left else told


__all__ = ["code", "content"]
