"""Places of syntax nodes: tree-sitter counts bytes from 0, we count characters from 1."""

from bisect import bisect_left
from itertools import accumulate

from tree_sitter import Node

from stockade.analysis.code.ir import Bodies, Span


class Text:
    """A file's text, with what is needed to find places in it."""

    __slots__ = ("_columns", "_lines", "bodies", "source", "span", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.bodies = Bodies()
        self.source = text.encode("utf-8", "replace")
        self._lines: list[bytes] | None = None
        self._columns: dict[int, list[int]] = {}
        self.span = _span_of if text.isascii() else self._wide_span
        """Gives the stretch of text that a syntax node covers."""

    def whole(self) -> Span:
        """Return the span of the whole text."""
        lines = self.text.split("\n")
        return Span(1, 1, len(lines), len(lines[-1]) + 1)

    def of(self, node: Node) -> str:
        """Return what is written at a node."""
        return self.source[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def _wide_span(self, node: Node) -> Span:
        start, end = node.start_point, node.end_point
        return Span(
            start.row + 1,
            self._column(start.row, start.column),
            end.row + 1,
            self._column(end.row, end.column),
        )

    def _column(self, row: int, offset: int) -> int:
        if self._lines is None:
            self._lines = self.source.split(b"\n")
        line = self._lines[row] if row < len(self._lines) else b""
        if line.isascii():
            return offset + 1
        starts = self._columns.get(row)
        if starts is None:
            widths = (len(character.encode()) for character in line.decode("utf-8", "replace"))
            starts = self._columns[row] = list(accumulate(widths, initial=0))
        return bisect_left(starts, offset) + 1


def _span_of(node: Node) -> Span:
    (row, column), (end_row, end_column) = node.start_point, node.end_point
    return tuple.__new__(Span, (row + 1, column + 1, end_row + 1, end_column + 1))
