"""Read the code of other versions of Python: what they write otherwise is written anew.

Each change is local, and places are those of the author's text: `print "x"` of Python 2 is the
call `print("x")`, the type parameters of Python 3.12 are left out. Time and memory are in
proportion to the text.
"""

import ast
from collections.abc import Iterable, Iterator
from typing import Final

from stockade._python.edits import Edit, Edited, Lines
from stockade._python.statements import rewritten
from stockade._python.tokens import Field, Refused, Token, tokens
from stockade._python.trees import TemplateText

_MOST_BYTES: Final = 4_000_000


def translated(text: str) -> ast.Module | None:
    """Return the tree of code that the running Python refuses; None if no version takes it."""
    if len(text) > _MOST_BYTES:
        return None
    try:
        found = tokens(text)
        edits = rewritten(text, found)
        lifted = _Lifted(text)
        edits.extend(lifted.edits(found))
        if not edits:
            return None
        whole = Edited(lifted.lines, edits, 0, len(text))
        tree = ast.parse(whole.text)
        whole.relocate(tree)
        lifted.put_back(tree)
    except (Refused, SyntaxError):
        return None
    return tree


class _Lifted:
    """Expressions in f-strings that the running Python refuses there: parsed on their own."""

    def __init__(self, text: str) -> None:
        self.lines = Lines(text)
        self._text = text
        self._name = "_lifted"
        while self._name in text:
            self._name += "_"
        self._expressions: dict[str, ast.expr] = {}
        self._templates: set[tuple[int, int]] = set()

    def edits(self, found: Iterable[Token]) -> Iterator[Edit]:
        """Yield the changes that let texts with values in them be read."""
        for token in found:
            if "t" in token.word and token.kind == "string":
                end = token.start + len(token.word)
                yield Edit(token.start, end, token.word.replace("t", "f"))
                self._templates.add(self.lines.position(self.lines.byte(token.start)))
            for field in token.fields:
                yield from self._field(field)

    def _field(self, field: Field) -> Iterator[Edit]:
        for inner in field.inner:
            yield from self._field(inner)
        if not _is_hard(self._text[field.start : field.end], field.quote):
            yield from self.edits(field.texts)
            return
        name = f"{self._name}{len(self._expressions)}"
        self._expressions[name] = ast.Constant(None)
        self._expressions[name] = self._parsed(field)
        # `{value=}` would show the new name.
        yield Edit(field.start, field.end + self._text.startswith("=", field.end), name)

    def _parsed(self, field: Field) -> ast.expr:
        piece = Edited(self.lines, list(self.edits(field.texts)), field.start, field.end)
        tree = ast.parse(f"({piece.text}\n)", mode="eval")
        piece.relocate(tree, "(")
        return tree.body

    def put_back(self, tree: ast.AST) -> None:
        """Put the lifted expressions where they stood, and tell t-strings from f-strings."""
        if not self._expressions and not self._templates:
            return
        waiting: list[ast.AST] = [tree]
        while waiting:
            node = waiting.pop()
            for name, value in ast.iter_fields(node):
                if isinstance(value, list):
                    value[:] = [self._meant(one) for one in value]
                    waiting.extend(one for one in value if isinstance(one, ast.AST))
                elif isinstance(value, ast.AST):
                    meant = self._meant(value)
                    setattr(node, name, meant)
                    waiting.append(meant)

    def _meant(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.Name):
            return self._expressions.get(node.id, node)
        if type(node) is ast.JoinedStr and (node.lineno, node.col_offset) in self._templates:
            return ast.copy_location(TemplateText(values=node.values), node)
        return node


def _is_hard(text: str, quote: str) -> bool:
    """Tell whether Python before 3.12 refuses an expression in a text with these quotes."""
    return any(sign in text for sign in (quote, "\\", "#")) or (
        len(quote) == 1 and any(end in text for end in "\r\n")
    )
