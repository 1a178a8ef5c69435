"""Attack paths and blast radius as the page shows them: played on the drawing, lit in it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, TypeAlias

from stockade.model import BlastRadius, Location, Loss, Move, MoveKind, Path, ResourceId, Step
from stockade.reports.html.drawing import Drawing
from stockade.reports.html.graph import text
from stockade.reports.html.places import place
from stockade.reports.html.steps import Places
from stockade.reports.paths import CUTS
from stockade.reports.untrusted import shown

Code: TypeAlias = Callable[[str, tuple[str, int], list[Location]], list[list[Any]]]
"""Writes the source line of an application's file, with the places that are marked in it."""

_OPENS = frozenset(
    {
        MoveKind.READ_STORE,
        MoveKind.WRITE_STORE,
        MoveKind.READ_SECRET,
        MoveKind.POISON_EVENT,
        MoveKind.INVOKE,
        MoveKind.CHANGE_CODE,
    }
)
"""Moves along what a function's role opens."""

_TOLD_BY_THEMSELVES = frozenset(
    {MoveKind.USE_ROLE, MoveKind.READ_STORE, MoveKind.WRITE_STORE, MoveKind.READ_SECRET}
)
"""Moves whose last line needs no reason besides itself."""

LISTED = 40
"""Things lost with one function that are listed; the others are counted."""


class Played:
    """Writes the paths of one application, each step with what it lights in the drawing."""

    def __init__(self, drawing: Drawing, code: Code) -> None:
        self._drawing = drawing
        self._code = code
        self._places = Places(drawing)
        self._edges = {key: number for number, key in enumerate(drawing.graph.edges)}

    def path(self, path: Path, application: int) -> dict[str, Any]:
        """Write one path, in the shape of a finding: so it is listed, searched and played."""
        function = self._function(path)
        last = path.moves[-1]
        ends = [*self._ends(function, last), *self._nodes(path.goal.resources)]
        return {
            "rule": None,
            "application": application,
            "severity": int(path.severity),
            "exposure": int(path.exposure),
            "confidence": path.confidence.name.lower(),
            "message": shown(path.says),
            "help": "",
            "at": place(path.cuts[0].at) if path.cuts else None,
            "node": function,
            "steps": list(self._steps(path)),
            "fingerprint": path.fingerprint,
            "ignore": "",
            "also": [],
            "cuts": [
                {
                    "does": CUTS[cut.kind],
                    "help": shown(cut.help),
                    "at": place(cut.at),
                    "also": [place(one) for one in cut.also],
                    "code": self._line(path.application, [cut.at]),
                }
                for cut in path.cuts
            ],
            "controls": list(path.controls),
            "ends": list(dict.fromkeys(ends)),
        }

    def _steps(self, path: Path) -> Iterator[dict[str, Any]]:
        """Yield the steps: of each move its reasons, the last of them with what it does."""
        here: int | None = None
        for move in path.moves:
            reasons = [one for one in move.because if one.at.path]
            reasons = reasons[-1:] if move.kind is MoveKind.INJECT else reasons
            if move.kind in (MoveKind.SEND, MoveKind.INJECT):
                here = self._node(move.target) if move.target else here
            grouped = groupby(reasons, key=lambda step: (step.at.path, step.at.line))
            lines = [list(steps) for _, steps in grouped]
            for number, steps in enumerate(lines):
                last = number == len(lines) - 1
                node, edge = self._shown(move, steps[-1], here)
                yield {
                    "notes": list(_notes(move, steps, last=last)),
                    "at": place(steps[0].at),
                    "code": self._line(path.application, [step.at for step in steps]),
                    "node": node,
                    "edge": edge,
                }

    def _shown(self, move: Move, step: Step, here: int | None) -> tuple[int | None, int | None]:
        """Return the node and the edge that a step of a move is about."""
        if move.kind is MoveKind.SEND:
            return self._places.shown_by(step, here)
        if move.kind in _OPENS:
            for end in self._ends(here, move):
                return end, self._edges.get((here or 0, end, "opens"))
        target = self._node(move.target) if move.target else None
        return (here if target is None else target), None

    def _ends(self, function: int | None, move: Move) -> list[int]:
        """Return what a move opens: its target, or every store of the kinds that it names."""
        if move.target is not None and move.kind in _OPENS:
            target = self._node(move.target)
            return [] if target is None else [target]
        if move.kind not in _OPENS:
            return []
        words = move.note.replace(",", " ").split()
        nodes = self._drawing.graph.nodes
        return [
            end
            for start, end, kind in self._edges
            if start == function
            and kind == "opens"
            and nodes[end].label.startswith("every ")
            and nodes[end].label.removeprefix("every ") in words
        ]

    def _function(self, path: Path) -> int | None:
        for move in path.moves:
            if move.kind in (MoveKind.SEND, MoveKind.INJECT) and move.target is not None:
                return self._node(move.target)
        return None

    def _nodes(self, resources: Iterable[ResourceId]) -> Iterator[int]:
        for resource in resources:
            node = self._node(resource)
            if node is not None:
                yield node

    def _node(self, resource: ResourceId) -> int | None:
        return self._drawing.node(resource)

    def _line(self, application: str, places: list[Location]) -> list[list[Any]]:
        first = places[0]
        return self._code(application, (first.path, first.line), places)


def _notes(move: Move, steps: Iterable[Step], *, last: bool) -> Iterator[str]:
    """Yield what a line of a move tells: why it can be made, and at the last what is done."""
    if last and move.kind is not MoveKind.SEND:
        yield shown(move.note)
    if not last or move.kind not in _TOLD_BY_THEMSELVES:
        yield from (shown(step.note) for step in steps)


def opened(drawing: Drawing) -> dict[int, dict[str, int]]:
    """Return the nodes that the role of each function's node opens, by their labels."""
    found: dict[int, dict[str, int]] = {}
    for start, end, kind in drawing.graph.edges:
        if kind == "opens":
            found.setdefault(start, {})[drawing.graph.nodes[end].label] = end
    return found


def radius(
    drawing: Drawing, one: BlastRadius | None, opened: Mapping[int, Mapping[str, int]]
) -> dict[str, Any] | None:
    """Write what is lost with a function, and what of it is drawn; None if nobody measured."""
    if one is None:
        return None
    function = drawing.node(one.function)
    labels = opened.get(function, {}) if function is not None else {}
    lost = [
        *([["the account", f"its role may {one.account}"]] if one.account else []),
        *([_name(drawing, loss.what), _does(loss)] for loss in one.stores),
        *([_name(drawing, secret), "a secret"] for secret in one.secrets),
        *([_name(drawing, name), "invoked or replaced"] for name in one.functions),
        *([_name(drawing, role), "taken on"] for role in one.roles),
    ]
    names = [*(loss.what for loss in one.stores), *one.secrets, *one.functions]
    nodes = [drawing.node(name) for name in names]
    nodes += [labels.get(name) for name in names]
    return {
        "lost": [[text(what), text(how)] for what, how in lost[:LISTED]],
        "more": max(0, len(lost) - LISTED),
        "unknown": [text(why) for why in one.unknown],
        "nodes": list(dict.fromkeys(node for node in nodes if node is not None)),
    }


def _name(drawing: Drawing, resource: str) -> str:
    declared = drawing.app.resources.get(resource)
    return declared.name if declared is not None else resource


def _does(loss: Loss) -> str:
    verbs: Mapping[str, bool] = {
        "read": loss.reads,
        "changed": loss.writes,
        "deleted": loss.deletes,
    }
    return ", ".join(verb for verb, held in verbs.items() if held)
