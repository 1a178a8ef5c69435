"""Attack paths as people read them."""

from collections.abc import Iterator

from stockade.model import (
    Confidence,
    Cut,
    CutKind,
    Exposure,
    Move,
    MoveKind,
    Path,
    Report,
)
from stockade.reports import words
from stockade.reports.layout import Line, Piece, line
from stockade.reports.untrusted import shown

IN_BRIEF = 3
"""Paths that a scan tells, in one line each."""

_TOLD_BY_A_FINDING = frozenset(
    {MoveKind.SEND, MoveKind.INJECT, MoveKind.READ_STORE, MoveKind.WRITE_STORE}
)

CUTS = {
    CutKind.MEND_CODE: "mend",
    CutKind.CLOSE_STORE: "close",
    CutKind.NARROW_ROLE: "narrow",
    CutKind.REQUIRE_AUTHORIZER: "ask who calls",
    CutKind.MOVE_SECRET: "move the secret",
}
"""What each kind of cut does, before the place."""


def leads_on(path: Path) -> bool:
    """Tell whether a path goes on where its first finding ends: that is what it adds."""
    return any(move.kind not in _TOLD_BY_A_FINDING for move in path.moves)


def brief(report: Report) -> Iterator[Line]:
    """Yield the worst paths in a line each, as far as they say more than the findings do."""
    paths = [path for path in report.paths if leads_on(path)]
    if not paths:
        return
    yield line(Piece("attack paths", "claim"), Piece("  where these lead", "dim"))
    for path in paths[:IN_BRIEF]:
        yield _claim(path, indent="  ")
        yield line("    ", Piece("cut ", "good"), _cuts_in_brief(path, report.root))
    more = len(report.paths) - min(len(paths), IN_BRIEF)
    told = f"  and {words.count(more, 'more path')}: " if more else "  "
    yield line(Piece(f"{told}`stockade show paths` tells each move by move", "dim"))


def in_full(report: Report) -> Iterator[Line]:
    """Yield every path with its moves, their places and all that cuts it."""
    if not report.paths:
        yield line(Piece("paths: none", "dim"))
    for number, path in enumerate(report.paths):
        if number:
            yield ()
        yield from _path(path, report.root)


def _path(path: Path, root: str) -> Iterator[Line]:
    yield _claim(path)
    for number, move in enumerate(path.moves, 1):
        places = [step for step in move.because if step.at.path]
        at = words.place(places[-1].at, root) if places else ""
        yield line(f"  {number}  {shown(move.note)}  ", Piece(shown(at), "place"))
        for step in _reasons(move):
            yield line(Piece(f"       {shown(step)}", "dim"))
    for cut in path.cuts:
        yield line(Piece("  cut ", "good"), f"{_what(cut, root)}: {shown(cut.help)}")
    if path.controls:
        yield line(Piece(f"  on it: {', '.join(path.controls)}", "dim"))
    elif path.exposure > Exposure.APPLICATION:
        yield line(Piece("  no independent control stands on it", "dim"))


def _reasons(move: Move) -> Iterator[str]:
    """Yield why a move can be made; the steps of a flow are the finding's to tell."""
    if move.kind is not MoveKind.INJECT:
        yield from dict.fromkeys(step.note for step in move.because)


def _claim(path: Path, indent: str = "") -> Line:
    severity = words.code(path.severity)
    sure = "" if path.confidence is Confidence.HIGH else f"  {path.confidence.name.lower()}"
    return line(
        indent,
        Piece(severity, severity),
        "  ",
        Piece(shown(path.says), "claim"),
        Piece(f"{sure} confidence" if sure else "", "dim"),
    )


def _cuts_in_brief(path: Path, root: str) -> str:
    told = [_what(cut, root) for cut in path.cuts]
    return ", or ".join(told)


def _what(cut: Cut, root: str) -> str:
    more = f" and {words.count(len(cut.also), 'more place')}" if cut.also else ""
    return f"{CUTS[cut.kind]} {shown(words.place(cut.at, root))}{more}"
