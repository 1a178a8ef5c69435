"""What an attacker can reach, move by move: findings to paths.

Most applications have no finding that a path begins at; what finds paths is loaded for the others.
"""

from collections.abc import Iterable
from typing import Final

from stockade.analysis.facts import Facts
from stockade.model import Application, BlastRadius, Figures, Finding, Path, Unseen

__all__ = ["BEGINS", "find_paths", "measure"]

BEGINS: Final = frozenset(
    {
        "client-past-gateway",
        "event-as-template",
        "event-chooses-host",
        "event-chooses-object-key",
        "event-chooses-path",
        "event-chooses-target",
        "event-evaluated",
        "event-imported",
        "event-in-query-expression",
        "event-in-shell",
        "event-in-sql",
        "event-unpickled",
        "function-url-without-authorizer",
        "outsiders-write-to-bucket",
        "public-bucket",
        "route-without-authorizer",
    }
)
"""Rules whose findings a path may begin at."""


def find_paths(
    app: Application, facts: Facts, findings: Iterable[Finding]
) -> tuple[tuple[Path, ...], tuple[Unseen, ...]]:
    """Return the paths from outside to what is worth protecting, and what was left out.

    Only the worst are told; the second value says so. What is lost is decided by the policy
    language on the statements of roles, resources and keys.
    """
    begins = tuple(one for one in findings if one.rule.id in BEGINS)
    if not begins:
        return (), ()
    from stockade.paths.found import paths_of  # noqa: PLC0415 - few applications have paths

    return paths_of(app, facts, begins)


def measure(app: Application, facts: Facts) -> tuple[tuple[BlastRadius, ...], Figures]:
    """Return what is lost with each function, and the principles as numbers."""
    from stockade.paths.abilities import abilities_of  # noqa: PLC0415 - asked for by few formats
    from stockade.paths.figures import figures  # noqa: PLC0415
    from stockade.paths.radius import blast_radius  # noqa: PLC0415

    abilities = abilities_of(app)
    return tuple(blast_radius(app, abilities)), figures(app, facts, abilities)
