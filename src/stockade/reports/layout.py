"""Lines of a report for people: text in pieces, each with what it means, not how it looks."""

import unicodedata
from collections.abc import Iterable
from typing import TypeAlias

from stockade._record import record


@record
class Piece:
    """A stretch of a line. `style` is a word of `STYLES`, or empty."""

    text: str
    style: str = ""


Line: TypeAlias = tuple[Piece, ...]

MARK = "mark"
"""The style of the stretch of source text that a step is about."""

HARM = "harm"
"""The same, of the step that does the harm."""

STYLES = {
    "critical": "1;7;31",
    "high": "1;31",
    "medium": "1;38;5;166",
    "low": "1;38;5;33",
    "claim": "1",
    "dim": "38;5;244",
    MARK: "1;4",
    HARM: "1;4;31",
    "good": "1;32",
    "warning": "38;5;166",
    "error": "1;31",
}
"""How each looks with colours, as parameters of the terminal's "select graphic rendition".

Chosen to be read on dark and on light: 166 is orange, 33 blue and 244 grey in every palette.
"""


def line(*pieces: Piece | str) -> Line:
    """Make a line of pieces; texts have no style."""
    return tuple(piece if isinstance(piece, Piece) else Piece(piece) for piece in pieces)


def plain(lines: Iterable[Line]) -> str:
    """Write the lines without colours: marks become carets on a line of their own."""
    written = []
    for one in lines:
        written.append("".join(piece.text for piece in one).rstrip())
        if any(piece.style in (MARK, HARM) for piece in one):
            written.append(_carets(one))
    return "".join(f"{text}\n" for text in written)


def coloured(lines: Iterable[Line]) -> str:
    """Write the lines for a terminal, each piece in its style."""
    return "".join(f"{''.join(map(_styled, one))}\n" for one in lines)


def _styled(piece: Piece) -> str:
    codes = STYLES.get(piece.style)
    return f"\x1b[{codes}m{piece.text}\x1b[0m" if codes else piece.text


def _carets(one: Line) -> str:
    marks = "".join(
        _columns(piece.text, " " if piece.style == "source" else "^")
        if piece.style in (MARK, HARM, "source")
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
