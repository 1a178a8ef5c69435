"""Places of syntax nodes in the text: `ast` counts bytes from 0, we count characters from 1."""

import ast
from bisect import bisect_left
from itertools import accumulate

from stockade._late import pattern
from stockade.analysis.code.ir import Bodies, Span

_LINE_END = pattern(r"\r\n|\r|\n")
_WORD = pattern(r"\w+")

Located = ast.expr | ast.stmt | ast.arg | ast.keyword | ast.alias | ast.ExceptHandler | ast.pattern


class Text:
    """A file's text, with what is needed to find places in it."""

    __slots__ = ("_columns", "_lines", "_text", "bodies", "span")

    def __init__(self, text: str) -> None:
        self._text = text
        self.bodies = Bodies()
        self._lines: list[str] | None = None
        self._columns: dict[int, list[int]] = {}
        self.span = _span_of if text.isascii() else self._wide_span
        """Gives the stretch of text that a syntax node covers."""

    @property
    def lines(self) -> list[str]:
        """The lines as Python's parser counts them, without their ends."""
        if self._lines is None:
            self._lines = _LINE_END.split(self._text)
        return self._lines

    def whole(self) -> Span:
        """Return the span of the whole text."""
        return Span(1, 1, len(self.lines), len(self.lines[-1]) + 1)

    def word(self, word: str, line: int, column: int, otherwise: Span) -> Span:
        """Find a word that `ast` gives no place, on `line` from `column` on."""
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        for match in _WORD.finditer(text, column - 1):
            if match.group() == word:
                return Span(line, match.start() + 1, line, match.end() + 1)
        return otherwise

    def _wide_span(self, node: Located) -> Span:
        end_line = node.end_lineno or node.lineno
        return Span(
            node.lineno,
            self._column(node.lineno, node.col_offset),
            end_line,
            self._column(end_line, node.end_col_offset or node.col_offset),
        )

    def _column(self, line: int, offset: int) -> int:
        if line > len(self.lines) or self.lines[line - 1].isascii():
            return offset + 1
        starts = self._columns.get(line)
        if starts is None:
            widths = (len(character.encode()) for character in self.lines[line - 1])
            starts = self._columns[line] = list(accumulate(widths, initial=0))
        return bisect_left(starts, offset) + 1


def _span_of(node: Located) -> Span:
    # Called for every node: `tuple.__new__` takes half the time of the constructor.
    return tuple.__new__(
        Span,
        (
            node.lineno,
            node.col_offset + 1,
            node.end_lineno or node.lineno,
            (node.end_col_offset or node.col_offset) + 1,
        ),
    )
