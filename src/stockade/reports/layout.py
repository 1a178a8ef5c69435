"""Lines of a report for people: text in pieces, each with what it means, not how it looks."""

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple, TypeAlias


class Piece(NamedTuple):
    """A stretch of a line. `style` is a word of `STYLES`, or empty."""

    text: str
    style: str = ""


Line: TypeAlias = tuple[Piece, ...]

MARK = "mark"
"""The style of the stretch of source text that a step is about."""

STYLES = {
    "critical": "bold reverse red",
    "high": "bold red",
    "medium": "bold dark_orange3",
    "low": "bold dodger_blue1",
    "claim": "bold",
    "dim": "grey50",
    "place": "",
    "source": "",
    MARK: "bold red underline",
    "good": "bold green",
    "warning": "dark_orange3",
    "error": "bold red",
}
"""How each looks with colours, in rich's words; chosen to be read on dark and on light."""


def line(*pieces: Piece | str) -> Line:
    """Make a line of pieces; texts have no style."""
    return tuple(piece if isinstance(piece, Piece) else Piece(piece) for piece in pieces)


def plain(lines: Iterable[Line]) -> str:
    """Write the lines without colours: marks become carets on a line of their own."""
    written = []
    for one in lines:
        written.append("".join(piece.text for piece in one).rstrip())
        if any(piece.style == MARK for piece in one):
            written.append(_carets(one))
    return "".join(f"{text}\n" for text in written)


def _carets(one: Line) -> str:
    marks = "".join(
        _columns(piece.text, "^" if piece.style == MARK else " ")
        if piece.style in (MARK, "source")
        else piece.text
        for piece in one
    )
    return marks.rstrip()


def _columns(text: str, filler: str) -> str:
    """Return as much of `filler` as `text` is wide on a terminal."""
    if text.isascii():
        return filler * len(text)
    return filler * sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
