"""What the page tells of an application and of each of its functions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stockade.analysis.facts import SourceExposure
from stockade.model import (
    WHOLE_FOLDER,
    BlastRadius,
    EventSource,
    Function,
    LeastPrivilege,
    Parameter,
    Unknown,
    Value,
    expression,
)
from stockade.reports.html.drawing import Drawing
from stockade.reports.html.events import sent
from stockade.reports.html.grants import Statement, name
from stockade.reports.html.graph import text
from stockade.reports.html.paths import opened, radius
from stockade.reports.html.places import place
from stockade.reports.policy.snippets import sam_policies
from stockade.reports.untrusted import shown

PERMISSIONS = 80
"""Permissions of one function that are listed; the others are counted."""

ACTIONS = 40
"""Actions or resources of one statement that are listed; the others are counted."""


def application(
    drawing: Drawing,
    should_be: Mapping[str, LeastPrivilege],
    radii: Mapping[str, BlastRadius],
) -> dict[str, Any]:
    """Write an application: its graph, its functions and the roles that they have.

    `should_be` has what the role of each function should have been, as far as that was judged,
    `radii` what is lost with each.
    """
    app = drawing.app
    roles = {id_: number for number, id_ in enumerate(drawing.statements)}
    labels = opened(drawing)
    sources: dict[str, list[EventSource]] = {}
    for source in app.event_sources:
        sources.setdefault(source.function, []).append(source)
    return {
        "name": text("code without a template" if app.name == WHOLE_FOLDER else app.name),
        "templates": [
            text(one)
            for one in dict.fromkeys(stack.template for stack in app.stacks)
            if one != WHOLE_FOLDER
        ],
        **drawing.graph.data(),
        "functions": [
            {
                **_function(drawing, function, sources.get(function.id, ()), roles),
                "should_be": _should_be(should_be.get(function.id)),
                "radius": radius(drawing, radii.get(function.id), labels),
            }
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
        "policies": [text(name(policy)) for policy in role.policies] if role is not None else [],
    }


def _should_be(judged: LeastPrivilege | None) -> dict[str, Any] | None:
    """Write needed against granted, each permission once with what is to be said of it."""
    if judged is None:
        return None
    lacking = {(one.action, one.resource) for one in judged.missing}
    needed = [
        ("missing" if (one.action, one.resource) in lacking else "needed", one)
        for one in judged.needed
    ]
    rows = sorted(needed, key=lambda row: row[0]) + [("too much", one) for one in judged.excess]
    return {
        "rows": [
            [kind, text(one.action), text(one.resource), text(one.note), place(one.at)]
            for kind, one in rows[:PERMISSIONS]
        ],
        "more": max(0, len(rows) - PERMISSIONS),
        "unknown": [[text(one.why), place(one.at)] for one in judged.unknown[:ACTIONS]],
        "proved": judged.proved,
        "policy": "\n".join(sam_policies(judged.policy)) if judged.policy else "",
    }


def _source(source: EventSource, who: SourceExposure) -> dict[str, Any]:
    return {
        "type": source.type.value,
        "told": text(sent(source)),
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
