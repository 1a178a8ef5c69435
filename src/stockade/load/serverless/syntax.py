"""The variables of the Serverless Framework in a text: `${opt:stage, 'dev'}`.

Serverless: "Variables". A variable names one or more sources, the first that has a value wins;
names and addresses may hold variables themselves. What looks otherwise is no variable:
`${AWS::Region}` and `${Table}` are left to CloudFormation.
"""

from functools import lru_cache
from typing import TypeAlias

from stockade._late import pattern
from stockade.model.record import record

_TYPE = pattern(r"\s*([A-Za-z][A-Za-z0-9_-]*)(?:\.[a-z0-9-]+)?(?:\(|:(?!:))")
_ADDRESS = pattern(r"\s*(?::(?!:))?")
_NUMBER = pattern(r"-?\d+(?:\.\d+)?")
_WORDS = {"true": True, "false": False, "null": None}

MAX_TEXT = 100_000
"""Characters of a text in which variables are looked for."""

_MAX_NESTING = 20
"""Variables in variables in variables; deeper ones stay text."""


@record
class Literal:
    """A value written out as a fallback: `'dev'`, `3`, `true`."""

    value: str | int | float | bool | None


@record
class Source:
    """One source of a variable: `file(./a.yml):key` has the type, a parameter and the address.

    `parameter` and `address` are None where none is written.
    """

    type: str
    parameter: "Parts | None"
    address: "Parts | None"


@record
class Variable:
    """A variable: what is asked for a value, in this order."""

    sources: "tuple[Source | Literal | Parts, ...]"


Parts: TypeAlias = tuple[str | Variable, ...]
"""A text: pieces of it as they are, and variables between them."""


class _Open:
    """A `${` that is not closed yet, or the whole text."""

    __slots__ = ("parts", "piece", "quote")

    def __init__(self) -> None:
        self.parts: list[str | Variable] = []
        self.piece: list[str] = []
        self.quote = ""

    def add(self, parts: "Parts | list[str | Variable]") -> None:
        for part in parts:
            if isinstance(part, str):
                self.piece.append(part)
            else:
                self.flush()
                self.parts.append(part)

    def flush(self) -> None:
        if self.piece:
            self.parts.append("".join(self.piece))
            self.piece = []

    def finished(self) -> "list[str | Variable]":
        self.flush()
        return self.parts


@lru_cache(maxsize=4096)
def parse(text: str) -> "Parts":
    """Split a text at its variables. A text without any gives itself."""
    if "${" not in text or len(text) > MAX_TEXT:
        return (text,)
    stack = [_Open()]
    index = 0
    while index < len(text):
        top = stack[-1]
        inside = len(stack) > 1
        character = text[index]
        if text.startswith("${", index) and len(stack) <= _MAX_NESTING:
            stack.append(_Open())
            index += 2
            continue
        if inside and top.quote:
            if character == top.quote:
                top.quote = ""
        elif inside and character in "'\"":
            top.quote = character
        elif inside and character == "}":
            stack.pop()
            stack[-1].add(_closed(top.finished()))
            index += 1
            continue
        top.piece.append(character)
        index += 1
    while len(stack) > 1:
        opened = stack.pop()
        stack[-1].add(["${", *opened.finished()])
    return tuple(stack[0].finished())


def _closed(inner: "list[str | Variable]") -> "list[str | Variable]":
    """Return the variable that stands in the braces, or the braces with what is in them."""
    first = inner[0] if inner else ""
    if not isinstance(first, str) or not _TYPE.match(first):
        return ["${", *inner, "}"]
    sources = [_source(way) for way in _split(inner)]
    return [Variable(tuple(sources))]


def _split(inner: "list[str | Variable]") -> "list[Parts]":
    """Split at the commas that stand in no quotes and no parentheses."""
    ways: list[_Open] = [_Open()]
    quote, depth = "", 0
    for part in inner:
        if not isinstance(part, str):
            ways[-1].add((part,))
            continue
        for character in part:
            if quote:
                quote = "" if character == quote else quote
            elif character in "'\"":
                quote = character
            elif character == "(":
                depth += 1
            elif character == ")":
                depth -= 1
            elif character == "," and depth <= 0:
                ways.append(_Open())
                continue
            ways[-1].piece.append(character)
    return [tuple(way.finished()) for way in ways]


def _source(way: "Parts") -> "Source | Literal | Parts":
    stripped = _stripped(way)
    if not stripped:
        return Literal(None)
    first = stripped[0]
    if not isinstance(first, str):
        return stripped
    if first[0] in "'\"":
        inner = _stripped(_without_quotes(stripped))
        if all(isinstance(part, str) for part in inner):
            return Literal("".join(part for part in inner if isinstance(part, str)))
        return inner
    found = _TYPE.match(first)
    if found is None:
        return _word(first) if len(stripped) == 1 else stripped
    rest: Parts = (first[found.end() :], *stripped[1:])
    if found.group(0).endswith(":"):
        return Source(found.group(1), None, _stripped(rest))
    parameter, after = _parenthesized(rest)
    return Source(found.group(1), parameter, after)


def _word(text: str) -> "Literal":
    if text in _WORDS:
        return Literal(_WORDS[text])
    if _NUMBER.fullmatch(text):
        return Literal(float(text) if "." in text else int(text))
    return Literal(text)


def _parenthesized(rest: "Parts") -> "tuple[Parts, Parts | None]":
    """Split what follows `file(` at the closing parenthesis."""
    inside, after = _Open(), _Open()
    target = inside
    for part in rest:
        if not isinstance(part, str) or target is after:
            target.add((part,))
            continue
        before, closing, behind = part.partition(")")
        inside.add((before,))
        if closing:
            target = after
            matched = _ADDRESS.match(behind)
            after.add((behind[matched.end() :] if matched else behind,))
    address = _stripped(tuple(after.finished()))
    return _stripped(tuple(inside.finished())), address or None


def _stripped(parts: "Parts") -> "Parts":
    """Return a text without the blanks at its ends."""
    trimmed = list(parts)
    if trimmed and isinstance(first := trimmed[0], str):
        trimmed[0] = first.lstrip()
    if trimmed and isinstance(last := trimmed[-1], str):
        trimmed[-1] = last.rstrip()
    return tuple(part for part in trimmed if part != "")


def _without_quotes(parts: "Parts") -> "Parts":
    trimmed = list(parts)
    if isinstance(first := trimmed[0], str):
        trimmed[0] = first[1:]
    if isinstance(last := trimmed[-1], str) and last.endswith(("'", '"')):
        trimmed[-1] = last[:-1]
    return tuple(part for part in trimmed if part != "")
