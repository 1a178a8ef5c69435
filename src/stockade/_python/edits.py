"""Changes of a text, and where each place of the changed text stood before them."""

import ast
from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import NamedTuple

from stockade._late import pattern

_LINE_END = pattern(r"\r\n|\r|\n")


class Edit(NamedTuple):
    """What stood from `start` to `end` is written anew; `rank` orders those at one place."""

    start: int
    end: int
    text: str
    rank: int = 0


class Edited:
    """A piece of a text with edits made in it, between `start` and `end`.

    Edits that lie within another one are left out: it writes all that is there anew.
    """

    def __init__(self, old: "Lines", edits: list[Edit], start: int, end: int) -> None:
        self._old, text = old, old.text
        pieces: list[str] = []
        # From these places of the new text on, in bytes, the old text goes on from those.
        self._new_starts: list[int] = []
        self._old_starts: list[int] = []
        self._is_new: list[bool] = []
        done, size = start, 0
        for edit in sorted(edits, key=lambda one: (one.start, one.end, one.rank)):
            if edit.start < done or edit.end > end:
                continue
            for piece, place, is_new in (
                (text[done : edit.start], done, False),
                (edit.text, edit.start, True),
            ):
                pieces.append(piece)
                self._new_starts.append(size)
                self._old_starts.append(self._old.byte(place))
                self._is_new.append(is_new)
                size += len(piece.encode())
            done = edit.end
        pieces.append(text[done:end])
        self._new_starts.append(size)
        self._old_starts.append(self._old.byte(done))
        self._is_new.append(False)
        self.text = "".join(pieces)

    def relocate(self, tree: ast.AST, before: str = "") -> None:
        """Give all of a tree the places of the old text; it was parsed with `before` in front."""
        lines = Lines(before + self.text)
        ahead = len(before.encode())
        for node in ast.walk(tree):
            line: int | None = getattr(node, "lineno", None)
            end_line: int | None = getattr(node, "end_lineno", None)
            if line is None or end_line is None:
                continue
            columns = getattr(node, "col_offset", 0), getattr(node, "end_col_offset", 0)
            start = self._before(lines.offset(line, columns[0]) - ahead)
            end = self._before(lines.offset(end_line, columns[1]) - ahead, is_end=True)
            for name, place in (("", start), ("end_", max(start, end))):
                setattr(node, f"{name}lineno", place[0])
                setattr(node, f"{name}col_offset", place[1])

    def _before(self, place: int, *, is_end: bool = False) -> tuple[int, int]:
        """Return the line and column in the old text of a place in the new one, all in bytes."""
        find = bisect_left if is_end else bisect_right
        piece = max(find(self._new_starts, place) - 1, 0)
        start = self._old_starts[piece]
        if self._is_new[piece]:
            return self._old.position(self._old_starts[piece + 1] if is_end else start)
        return self._old.position(start + max(place - self._new_starts[piece], 0))


class Lines:
    """The lines of a text, by their bytes as `ast` counts them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._widths = None if text.isascii() else _widths(text)
        ends = [match.end() for match in _LINE_END.finditer(text)]
        self._starts = [0, *map(self.byte, ends)]
        self._size = self.byte(len(text))

    def byte(self, place: int) -> int:
        """Return the place of a character in bytes."""
        return place if self._widths is None else self._widths[place]

    def offset(self, line: int, column: int) -> int:
        """Return how many bytes stand before a place."""
        return min(self._starts[min(line, len(self._starts)) - 1] + column, self._size)

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and column of the byte that so many stand before."""
        line = bisect_right(self._starts, min(offset, self._size))
        return line, min(offset, self._size) - self._starts[line - 1]


def _widths(text: str) -> list[int]:
    return list(accumulate((len(one.encode()) for one in text), initial=0))
