"""HCL to the tree: files, and texts with `${...}` in them, through tree-sitter's grammar.

What does not parse is left out and told with its line; the rest of the file counts.
Follows the "HCL Native Syntax Specification".
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Final

from tree_sitter import Language, Node, Parser

from stockade._late import pattern
from stockade.load.scalars import number
from stockade.load.terraform.syntax import (
    Block,
    Body,
    Broken,
    Call,
    Conditional,
    Expression,
    For,
    GetAttribute,
    Index,
    ListOf,
    Literal,
    Name,
    ObjectOf,
    Operation,
    Splat,
    Text,
)
from stockade.model import Location, Scalar, SourceFile, Unseen

_MOST_LEVELS: Final = 64
"""Levels of expressions within expressions, or of blocks within blocks."""
_MOST_ERRORS: Final = 5
"""Pieces of one file that do not parse and are told one by one."""
_TOO_DEEP: Final = "it is nested too deep to be followed"
_BROKEN: Final = "it is not valid HCL"
_MARK: Final = "STOCKADE_TEMPLATE"

_MOST_PIECES: Final = 5_000
_BLOCK = pattern(
    r"^(?:resource|data|module|variable|output|locals|provider|terraform|moved|import|removed"
    r"|check|ephemeral)\b",
    re.MULTILINE,
)
_ESCAPE = pattern(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)|\$\$\{|%%\{", re.DOTALL)
_DOUBLED = pattern(r"([$%])\1\{")
_ESCAPED: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


@cache
def _parser() -> Parser:
    import tree_sitter_hcl  # noqa: PLC0415 - only a folder with Terraform pays for it

    return Parser(Language(tree_sitter_hcl.language()))


def parse_hcl(file: SourceFile, unseen: list[Unseen]) -> Body:
    """Return the body of a file; what of it does not parse is added to `unseen`."""
    reader = _Reader(file)
    root = reader.tree()
    if not root.has_error:
        return reader.file(root)
    # The grammar may lose what follows an error: block by block, only the broken one is lost.
    found = [_parse_piece(file, *piece, unseen) for piece in _pieces(file.text)]
    attributes = {name: one for body in found for name, one in body.attributes.items()}
    keys = {name: at for body in found for name, at in body.keys.items()}
    return Body(attributes, keys, tuple(block for body in found for block in body.blocks))


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """Yield the text from each line that begins a block, and how many lines stand before it."""
    starts = [0, *(found.start() for found in islice(_BLOCK.finditer(text), _MOST_PIECES))]
    lines = 0
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield text[start:end], lines
        lines += text.count("\n", start, end)


def _parse_piece(file: SourceFile, text: str, lines: int, unseen: list[Unseen]) -> Body:
    reader = _Reader(SourceFile(file.path, text), above=lines)
    root = reader.tree()
    if root.has_error:
        unseen.extend(reader.errors(root))
    return reader.file(root)


def parse_template(text: str, at: Location) -> Expression:
    """Read a text as `templatefile()` and the JSON form do: with `${...}` and `%{...}` in it.

    Its parts have the place `at`.
    """
    if "${" not in text and "%{" not in text:
        return Literal(Scalar(text, at))
    # A heredoc is the one place where the grammar takes such a text, line ends and all.
    mark = _MARK
    while mark in text:
        mark += "_"
    source = f"x = <<{mark}\n{text}\n{mark}\n"
    reader = _Reader(SourceFile(at.path, source), at)
    body = reader.file(reader.tree())
    found = body.attributes.get("x")
    if found is None:
        return Broken(_BROKEN, at)
    return _without_last_newline(found)


def parse_expression(text: str, at: Location) -> Expression:
    """Read one expression: the value of a variable that the command line gives."""
    reader = _Reader(SourceFile(at.path, f"x = {text}\n"), at)
    body = reader.file(reader.tree())
    return body.attributes.get("x") or Broken(_BROKEN, at)


def _without_last_newline(found: Expression) -> Expression:
    """Take away the line end that ends every heredoc, and that the text did not have."""
    if isinstance(found, Literal):
        return Literal(Scalar(str(found.value.value).removesuffix("\n"), found.at))
    if isinstance(found, Text) and found.parts and isinstance(found.parts[-1], Literal):
        last = _without_last_newline(found.parts[-1])
        return Text((*found.parts[:-1], last), found.at)
    return found


class _Reader:
    """Turns the nodes of one file into the tree."""

    def __init__(self, file: SourceFile, at: Location | None = None, *, above: int = 0) -> None:
        self.path = file.path
        self.source = file.text.encode("utf-8", "replace")
        self.fixed = at
        self.above = above
        self.lines = None if file.text.isascii() else self.source.split(b"\n")
        self.level = 0

    def tree(self) -> Node:
        return _parser().parse(self.source).root_node

    def text(self, node: Node) -> str:
        return self.source[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def at(self, node: Node, last: Node | None = None) -> Location:
        if self.fixed is not None:
            return self.fixed
        line, column = node.start_point
        end_line, end_column = (last or node).end_point
        return Location(
            self.path,
            line + 1 + self.above,
            self._column(line, column),
            end_line + 1 + self.above,
            self._column(end_line, end_column),
        )

    def _column(self, line: int, column: int) -> int:
        """Count characters, where the tree counts bytes."""
        if self.lines is None or line >= len(self.lines):
            return column + 1
        return len(self.lines[line][:column].decode("utf-8", "replace")) + 1

    def errors(self, root: Node) -> Iterator[Unseen]:
        """Yield the outermost pieces that do not parse, the first few of them."""
        waiting, told = [root], 0
        while waiting:
            node = waiting.pop()
            if node.type == "ERROR" or node.is_missing:
                if told == _MOST_ERRORS:
                    return
                told += 1
                line = node.start_point.row + 1 + self.above
                why = "a part of it is not valid HCL and was left out"
                yield Unseen(Location(self.path, line), "template", why)
            elif node.has_error:
                waiting.extend(reversed(node.children))

    def file(self, root: Node) -> Body:
        """Return what a whole file says, also where its outermost node is an error."""
        found: list[Node] = []
        for node in root.named_children:
            if node.type in ("body", "ERROR"):
                found.extend(node.named_children)
            elif node.type in ("block", "attribute"):
                found.append(node)
        return self._body(found)

    def _body(self, nodes: Sequence[Node]) -> Body:
        attributes: dict[str, Expression] = {}
        keys: dict[str, Location] = {}
        blocks: list[Block] = []
        for node in nodes:
            if node.type == "attribute":
                name, value = node.named_children[0], node.named_children[-1]
                if name.type == "identifier" and value.type == "expression":
                    key = self.text(name)
                    attributes[key] = self.expression(value)
                    keys[key] = self.at(node)
            elif node.type == "block":
                blocks.append(self._block(node))
        return Body(attributes, keys, tuple(blocks))

    def _block(self, node: Node) -> Block:
        children = [child for child in node.named_children if child.type != "comment"]
        header: list[Node] = []
        inner: list[Node] = []
        for child in children:
            if child.type in ("identifier", "string_lit"):
                header.append(child)
            elif child.type == "body":
                inner = child.named_children
        words = [self._word(child) for child in header]
        at = self.at(node, header[-1]) if header else self.at(node)
        kind = words[0] if words else ""
        self.level += 1
        body = self._body(inner) if self.level <= _MOST_LEVELS else Body({}, {}, ())
        self.level -= 1
        return Block(kind, tuple(words[1:]), body, at)

    def _word(self, node: Node) -> str:
        if node.type != "string_lit":
            return self.text(node)
        return _unescaped(self.text(node)[1:-1])

    def expression(self, node: Node) -> Expression:
        """Return the expression of a node of type `expression`, or of an operand."""
        if self.level > _MOST_LEVELS:
            return Broken(_TOO_DEEP, self.at(node))
        self.level += 1
        found = self._expression(node)
        self.level -= 1
        return found

    def _expression(self, node: Node) -> Expression:
        children = [child for child in node.children if child.type not in ("comment", "(", ")")]
        return self._chain(children, node)

    def _chain(self, children: Sequence[Node], node: Node) -> Expression:
        """Return a value with what follows it: attributes, indexes, splats."""
        if not children:
            return Broken(_BROKEN, self.at(node))
        found = self._primary(children[0])
        for position, child in enumerate(children[1:], 1):
            at = self.at(children[0], child)
            match child.type:
                case "get_attr":
                    found = GetAttribute(found, self.text(child.named_children[-1]), at)
                case "index":
                    found = Index(found, self._index(child), at)
                case "splat":
                    # What follows an attribute splat belongs to it as well.
                    steps = (*self._steps(child), *self._further(children[position + 1 :]))
                    return Splat(found, steps, self.at(children[0], children[-1]))
                case _:
                    return Broken(_BROKEN, at)
        return found

    def _further(self, nodes: Sequence[Node]) -> Iterator[str | Expression]:
        for node in nodes:
            if node.type == "get_attr":
                yield self.text(node.named_children[-1])
            elif node.type == "index":
                yield self._index(node)

    def _steps(self, splat: Node) -> Iterator[str | Expression]:
        for kind in splat.named_children:
            yield from self._further(kind.named_children)

    def _index(self, node: Node) -> Expression:
        inner = node.named_children[0] if node.named_children else node
        if inner.type == "legacy_index":
            digits = self.text(inner).removeprefix(".")
            return Literal(Scalar(number(digits) if digits.isdigit() else 0, self.at(inner)))
        for child in inner.named_children:
            if child.type == "expression":
                return self.expression(child)
        return Broken(_BROKEN, self.at(node))

    def _primary(self, node: Node) -> Expression:
        match node.type:
            case "expression":
                return self.expression(node)
            case "literal_value":
                return self._literal(node)
            case "template_expr":
                return self._template(node.named_children[0])
            case "variable_expr":
                return Name(self.text(node), self.at(node))
            case "collection_value":
                return self._collection(node.named_children[0])
            case "function_call":
                return self._call(node)
            case "for_expr":
                return self._for(node.named_children[0])
            case "conditional":
                parts = [one for one in node.named_children if one.type == "expression"]
                if len(parts) == 3:  # noqa: PLR2004 - a test and two branches
                    test, then, otherwise = (self.expression(one) for one in parts)
                    return Conditional(test, then, otherwise, self.at(node))
            case "operation":
                return self._operation(node.named_children[0])
        return Broken(_BROKEN, self.at(node))

    def _literal(self, node: Node) -> Expression:
        inner = node.named_children[0] if node.named_children else node
        text, at = self.text(inner), self.at(node)
        match inner.type:
            case "numeric_lit":
                return Literal(Scalar(number(text), at))
            case "bool_lit":
                return Literal(Scalar(text == "true", at))
            case "null_lit":
                return Literal(Scalar(None, at))
            case "string_lit":
                return Literal(Scalar(_unescaped(text[1:-1]), at))
        return Broken(_BROKEN, at)

    def _collection(self, node: Node) -> Expression:
        at = self.at(node)
        if node.type == "tuple":
            items = (one for one in node.named_children if one.type == "expression")
            return ListOf(tuple(self.expression(one) for one in items), at)
        entries = []
        for element in node.named_children:
            if element.type == "object_elem":
                pair = [one for one in element.named_children if one.type == "expression"]
                if len(pair) == 2:  # noqa: PLR2004 - a key and a value
                    key = self.expression(pair[0])
                    if isinstance(key, Name) and not self.text(pair[0]).startswith("("):
                        key = Literal(Scalar(key.name, key.at))
                    entries.append((key, self.expression(pair[1])))
        return ObjectOf(tuple(entries), at)

    def _call(self, node: Node) -> Expression:
        name = self.text(node.named_children[0])
        arguments: list[Expression] = []
        spread = False
        for child in node.named_children[1:]:
            if child.type == "function_arguments":
                for one in child.named_children:
                    if one.type == "expression":
                        arguments.append(self.expression(one))
                    elif one.type == "ellipsis":
                        spread = True
        return Call(name, tuple(arguments), spread, self.at(node))

    def _for(self, node: Node) -> Expression:
        at = self.at(node)
        intro = next((one for one in node.named_children if one.type == "for_intro"), None)
        if intro is None:
            return Broken(_BROKEN, at)
        condition = None
        results: list[Expression] = []
        grouped = False
        for child in node.named_children:
            if child.type == "expression":
                results.append(self.expression(child))
            elif child.type == "for_cond":
                condition = self.expression(child.named_children[0])
            elif child.type == "ellipsis":
                grouped = True
        named = self._iterators(intro)
        if named is None or not results:
            return Broken(_BROKEN, at)
        key, value, of = named
        result_key = results[0] if node.type == "for_object_expr" else None
        return For(
            key,
            value,
            of,
            result_key,
            results[-1],
            condition,
            grouped=grouped,
            joined=False,
            at=at,
        )

    def _iterators(self, intro: Node) -> tuple[str | None, str, Expression] | None:
        names = [self.text(one) for one in intro.named_children if one.type == "identifier"]
        of = [one for one in intro.named_children if one.type == "expression"]
        if not names or not of:
            return None
        return (names[0] if len(names) > 1 else None), names[-1], self.expression(of[0])

    def _operation(self, node: Node) -> Expression:
        """Read an operator; its operands may have attributes and indexes of their own."""
        at = self.at(node)
        operator = ""
        sides: list[list[Node]] = [[]]
        for child in node.children:
            if child.type in ("comment", "(", ")"):
                continue
            if not child.is_named:
                operator = self.text(child)
                sides.append([])
            else:
                sides[-1].append(child)
        if node.type == "unary_operation" and sides[-1]:
            return Operation(operator, self._operand(sides[-1], node), None, at)
        if len(sides) != 2 or not all(sides):  # noqa: PLR2004 - left and right
            return Broken(_BROKEN, at)
        left, right = (self._operand(side, node) for side in sides)
        return Operation(operator, left, right, at)

    def _operand(self, side: Sequence[Node], node: Node) -> Expression:
        if self.level > _MOST_LEVELS:
            return Broken(_TOO_DEEP, self.at(node))
        self.level += 1
        found = self._chain(side, node)
        self.level -= 1
        return found

    def _template(self, node: Node) -> Expression:
        if node.type == "heredoc_template":
            return self._heredoc(node)
        start, end = node.start_byte + 1, node.end_byte - 1
        parts = self._parts(node.named_children, start, end, _unescaped, self.at(node))
        return _text(parts, self.at(node))

    def _heredoc(self, node: Node) -> Expression:
        """Read `<<EOT`: its lines up to the closing word, without the indent of `<<-`."""
        start = self.source.find(b"\n", node.start_byte)
        end = self.source.rfind(b"\n", 0, node.end_byte) + 1
        is_indented = self.source.startswith(b"<<-", node.start_byte)
        indent = self._indent(start, end) if is_indented else 0
        indented = re.compile(rf"(?<=\n)[ \t]{{1,{indent}}}") if indent else None

        def plain(text: str) -> str:
            doubled = _DOUBLED.sub(r"\1{", text.replace("\r\n", "\n"))
            return indented.sub("", doubled) if indented else doubled

        at = self.at(node)
        parts = self._parts(node.named_children, start, end, plain, at)
        if parts and isinstance(parts[0], Literal):
            # The line end after the opening word helped to find the first line's indent.
            text = str(parts[0].value.value).removeprefix("\n")
            parts = [Literal(Scalar(text, at)), *parts[1:]] if text else parts[1:]
        return _text(parts, at)

    def _indent(self, start: int, end: int) -> int:
        lines = self.source[start:end].split(b"\n")
        widths = [len(line) - len(line.lstrip(b" \t")) for line in lines if line.strip()]
        return min(widths, default=0)

    def _parts(
        self,
        nodes: Iterable[Node],
        start: int,
        end: int,
        plain: Callable[[str], str],
        at: Location,
    ) -> list[Expression]:
        """Return the pieces of a text between two bytes: what is put in, and what is between.

        The grammar drops white space around what is put in, so the text is taken from the file.
        """
        pieces: list[Expression] = []
        position, strip_next = start, False
        for node in nodes:
            if node.type not in ("template_interpolation", "template_directive"):
                continue
            piece = self._piece(position, node.start_byte, plain)
            stripped = self.source.startswith(b"~", node.start_byte + 2)
            _add(pieces, _stripped(piece, left=strip_next, right=stripped), at)
            if node.type == "template_interpolation":
                pieces.append(self._interpolation(node))
            else:
                pieces.append(self._directive(node.named_children[0], plain))
            strip_next = self.source.endswith(b"~}", node.start_byte, node.end_byte)
            position = node.end_byte
        piece = self._piece(position, end, plain)
        _add(pieces, _stripped(piece, left=strip_next, right=False), at)
        return pieces

    def _piece(self, start: int, end: int, plain: Callable[[str], str]) -> str:
        return plain(self.source[start:end].decode("utf-8", "replace"))

    def _interpolation(self, node: Node) -> Expression:
        for child in node.named_children:
            if child.type == "expression":
                return self.expression(child)
        return Broken(_BROKEN, self.at(node))

    def _directive(self, node: Node, plain: Callable[[str], str]) -> Expression:
        """Read `%{ if }...%{ else }...%{ endif }` or `%{ for }...%{ endfor }`."""
        if self.level > _MOST_LEVELS:
            return Broken(_TOO_DEEP, self.at(node))
        self.level += 1
        branches: list[list[Node]] = [[]]
        marks: list[Node] = []
        for child in node.named_children:
            if child.type.startswith(("template_if_", "template_else_", "template_for_")):
                marks.append(child)
                branches.append([])
            else:
                branches[-1].append(child)
        texts = [
            self._between(first, second, inside, plain)
            for first, second, inside in zip(marks, marks[1:], branches[1:], strict=False)
        ]
        found = self._decided(node, marks, texts)
        self.level -= 1
        return found

    def _between(
        self, first: Node, second: Node, inside: list[Node], plain: Callable[[str], str]
    ) -> Expression:
        at = self.at(first, second)
        parts = self._parts(inside, first.end_byte, second.start_byte, plain, at)
        if self.source.endswith(b"~}", first.start_byte, first.end_byte):
            parts = _strip_end(parts, at, first=True)
        if self.source.startswith(b"~", second.start_byte + 2):
            parts = _strip_end(parts, at, first=False)
        return _text(parts, at)

    def _decided(self, node: Node, marks: list[Node], texts: list[Expression]) -> Expression:
        at = self.at(node)
        if not marks or not texts:
            return Broken(_BROKEN, at)
        if node.type == "template_if":
            for child in marks[0].named_children:
                if child.type == "expression":
                    otherwise = texts[1] if len(texts) > 1 else Literal(Scalar("", at))
                    return Conditional(self.expression(child), texts[0], otherwise, at)
        named = self._iterators(marks[0])
        if node.type != "template_for" or named is None:
            return Broken(_BROKEN, at)
        key, value, of = named
        return For(key, value, of, None, texts[0], None, grouped=False, joined=True, at=at)


def _text(parts: Sequence[Expression], at: Location) -> Expression:
    if not parts:
        return Literal(Scalar("", at))
    if len(parts) == 1 and isinstance(parts[0], Literal):
        return Literal(Scalar(parts[0].value.value, at))
    return Text(tuple(parts), at)


def _add(pieces: list[Expression], text: str, at: Location) -> None:
    if text:
        pieces.append(Literal(Scalar(text, at)))


def _stripped(text: str, *, left: bool, right: bool) -> str:
    if left:
        text = text.lstrip()
    return text.rstrip() if right else text


def _strip_end(parts: list[Expression], at: Location, *, first: bool) -> list[Expression]:
    """Strip the white space that a `~` takes away at one end of a text."""
    end = parts[0 if first else -1] if parts else None
    if not isinstance(end, Literal):
        return parts
    text = _stripped(str(end.value.value), left=first, right=not first)
    rest = parts[1:] if first else parts[:-1]
    piece = [Literal(Scalar(text, at))] if text else []
    return [*piece, *rest] if first else [*rest, *piece]


def _unescaped(text: str) -> str:
    """Return what a quoted text means."""
    if "\\" not in text and "{" not in text:
        return text

    def one(found: re.Match[str]) -> str:
        word = found[1]
        if word is None:
            return found[0][1:]
        if word[0] in "uU" and len(word) > 1:
            code = int(word[1:], 16)
            return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"  # noqa: PLR2004
        return _ESCAPED.get(word, word)

    return _ESCAPE.sub(one, text)
