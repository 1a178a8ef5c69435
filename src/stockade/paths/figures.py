"""The principles as numbers: how large the surface is, and how deep the defence.

A way leads from an entry point, through the function behind it, to a store that the function's
role opens. It is the intended use of the application; what counts is how many independent
controls would each have to fail for it to be misused.
"""

from collections import Counter
from typing import Final

from stockade.analysis.facts import Facts
from stockade.analysis.figures import controls, privileges
from stockade.model import (
    Application,
    Exposure,
    Figures,
    Function,
    ResourceId,
    Surface,
    Unknown,
    Way,
    inside,
)
from stockade.paths.abilities import Abilities, Powers
from stockade.paths.controls import SCOPED_ROLE, Controls
from stockade.paths.footholds import is_outside

THIN: Final = 1
"""Controls of a way that is told because it has no more."""

MOST_WAYS: Final = 50
"""Thin ways that are told of one application; all are counted."""

MOST_COUNTED: Final = 100_000
"""Ways that are counted; an application with more is counted no further."""


def figures(app: Application, facts: Facts, abilities: Abilities) -> Figures:
    """Return the principles of one application as numbers."""
    counts, thin = _ways(app, facts, abilities)
    return Figures(
        application=app.name,
        surface=tuple(_surface(app, facts)),
        ways=tuple(sorted(counts.items())),
        thin=tuple(thin),
        privileges=tuple(privileges(app, facts)),
        controls=tuple(controls(app)),
    )


def _surface(app: Application, facts: Facts) -> list[Surface]:
    """Count ways in by who can send, the most exposed first."""
    told = []
    granted = {role.id: _granted(app, role.id) for role in app.roles.values()}
    for exposure in sorted(Exposure, reverse=True):
        sources = [
            one for one in app.event_sources if facts.exposures[one.id].exposure is exposure
        ]
        if not sources:
            continue
        behind = {
            one.function: app.functions[one.function]
            for one in sources
            if one.function in app.functions
        }
        roles = {one.role for one in behind.values() if isinstance(one.role, str)}
        told.append(
            Surface(
                exposure=exposure,
                entry_points=len(sources),
                functions=len(behind),
                files=len({_file(one) for one in behind.values()} - {""}),
                permissions=sum(granted.get(role, 0) for role in roles),
            )
        )
    return told


def _file(function: Function) -> str:
    return "" if isinstance(function.handler, Unknown) else function.handler.file.path


def _granted(app: Application, role: ResourceId) -> int:
    """Count the actions that a role's policies name, each once for each resource."""
    total = 0
    for policy in app.roles[role].policies:
        for statement in inside(policy.document, "Statement", "[]"):
            actions = sum(1 for _ in inside(statement, "Action", "[]"))
            resources = sum(1 for _ in inside(statement, "Resource", "[]"))
            total += max(actions, 1) * max(resources, 1)
    return total


def _ways(app: Application, facts: Facts, abilities: Abilities) -> tuple[Counter[int], list[Way]]:
    """Count the ways from outsiders to stores by their controls, and keep the thin ones."""
    controls = Controls(app)
    counts: Counter[int] = Counter()
    thin: list[Way] = []
    kept: dict[str, tuple[str, ...]] = {}
    left = MOST_COUNTED
    for source in app.event_sources:
        function = app.functions.get(source.function)
        role = app.role_of(function) if function is not None else None
        if role is None or not is_outside(facts.exposures[source.id].exposure):
            continue
        before = tuple(controls.before(source))
        for store, scoped in _opened(abilities.of(role)):
            if left <= 0:
                return counts, thin
            left -= 1
            if store not in kept:
                kept[store] = tuple(controls.on(store))
            on_it = (*before, *((SCOPED_ROLE,) if scoped else ()), *kept[store])
            counts[len(on_it)] += 1
            if len(on_it) <= THIN and len(thin) < MOST_WAYS:
                thin.append(
                    Way(entry=source.id, function=source.function, store=store, controls=on_it)
                )
    thin.sort(key=lambda way: (len(way.controls), way.entry, way.store))
    return counts, thin


def _opened(powers: Powers) -> list[tuple[str, bool]]:
    """Return what a role opens, and whether only what it names."""
    return [
        *((f"every {kind.one}", False) for kind in powers.every),
        *((store, True) for store in powers.stores),
    ]
