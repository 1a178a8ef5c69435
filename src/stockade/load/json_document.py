"""JSON documents: a tokeniser of our own, because the standard one keeps no places."""

import json
import re
from typing import NoReturn

from stockade._late import pattern
from stockade.load.parsed import MAX_DEPTH, MAX_VALUES, Document, fail
from stockade.load.scalars import number
from stockade.model import List, Location, Map, Scalar, SourceFile, Unseen, Value

_TOKEN = pattern(
    r"""[ \t\r\n]*+(?:
        (?P<string>"(?:[^"\\\x00-\x1f]++|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*")
      | (?P<mark>[{}\[\],:])
      | (?P<number>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?)
      | (?P<word>true|false|null)
      | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
_WORDS = {"true": True, "false": False, "null": None}
_WHITE = pattern(r"[ \t\r\n]*")
_LONE_RETURN = pattern("\r(?!\n)")


class _Open:
    """A collection that has begun and not ended; `expect` says what may come next."""

    __slots__ = ("column", "entries", "expect", "is_map", "items", "key", "keys", "line")

    def __init__(self, line: int, column: int, *, is_map: bool) -> None:
        self.is_map = is_map
        self.line = line
        self.column = column
        self.expect = "key or end" if is_map else "value or end"
        self.items: list[Value] = []
        self.entries: dict[str, Value] = {}
        self.keys: dict[str, Location] = {}
        self.key = ""


def parse_json(file: SourceFile) -> Document:
    """Read a JSON file.

    Raises `DocumentError` where the text is no JSON, is nested too deep, or is too large.
    """
    return _Reader(file).read()


class _Reader:
    """Builds values from tokens, with a stack of its own so that no nesting can overflow."""

    def __init__(self, file: SourceFile) -> None:
        self.path = file.path
        # A lone carriage return ends a line, too; the replacement keeps every position.
        self.text = _LONE_RETURN.sub("\n", file.text) if "\r" in file.text else file.text
        self.unseen: list[Unseen] = []
        self.stack: list[_Open] = []
        self.root: Value | None = None
        self.line = 1
        self.line_start = 0
        self.count = 0

    def read(self) -> Document:
        """Return the document."""
        text, position = self.text, 0
        match_token = _TOKEN.match
        while True:
            token = match_token(text, position)
            if token is None:
                self._fail("a value, or a comma or bracket, was expected", position)
            kind = token.lastgroup or ""
            start, end = token.span(kind)
            if start > position and (newlines := text.count("\n", position, start)):
                self.line += newlines
                self.line_start = text.rfind("\n", position, start) + 1
            if kind == "end":
                break
            if kind == "mark":
                self._mark(text[start], start)
            else:
                self._scalar(kind, start, end)
            position = end
        if self.stack or self.root is None:
            self._fail("it ends too early", start)
        return Document(self.root, tuple(self.unseen))

    def _fail(self, why: str, position: int) -> NoReturn:
        white = _WHITE.match(self.text, position)
        at = white.end() if white else position
        line = self.line + self.text.count("\n", position, at)
        line_start = max(self.text.rfind("\n", 0, at) + 1, self.line_start)
        column = at - line_start + 1
        fail(f"it is not valid JSON: {why}", Location(self.path, line, column, line, column))

    def _scalar(self, kind: str, start: int, end: int) -> None:
        text = self.text[start:end]
        line, line_start = self.line, self.line_start
        at = Location(self.path, line, start - line_start + 1, line, end - line_start + 1)
        if kind == "string":
            decoded = _decode(text)
            top = self.stack[-1] if self.stack else None
            if top is not None and top.expect in ("key", "key or end"):
                self._key(top, decoded, at)
                return
            value: str | float | bool | None = decoded
        else:
            value = number(text) if kind == "number" else _WORDS[text]
        self._add(Scalar(value, at), start)

    def _key(self, top: _Open, key: str, at: Location) -> None:
        if key in top.entries:
            why = f"the key {key[:60]} is written more than once, the last one counts"
            self.unseen.append(Unseen(at, "template", why))
        top.key = key
        top.keys[key] = at
        top.expect = "colon"

    def _mark(self, mark: str, start: int) -> None:
        if mark in "{[":
            if len(self.stack) >= MAX_DEPTH:
                at = Location(self.path, self.line, start - self.line_start + 1)
                fail(f"it is nested deeper than {MAX_DEPTH} levels", at)
            self._expect_value(start)
            column = start - self.line_start + 1
            self.stack.append(_Open(self.line, column, is_map=mark == "{"))
        elif not self.stack:
            self._fail("a value was expected", start)
        elif mark in "}]":
            self._close(mark, start)
        else:
            self._separate(mark, self.stack[-1], start)

    def _separate(self, mark: str, top: _Open, start: int) -> None:
        if mark == ":" and top.expect == "colon":
            top.expect = "value"
        elif mark == "," and top.expect == "comma or end":
            top.expect = "key" if top.is_map else "value"
        else:
            self._fail(f"a `{mark}` stands where none may stand", start)

    def _close(self, mark: str, start: int) -> None:
        top = self.stack[-1]
        if top.is_map != (mark == "}") or not top.expect.endswith("end"):
            self._fail(f"a `{mark}` stands where none may stand", start)
        end = start - self.line_start + 2
        at = Location(self.path, top.line, top.column, self.line, end)
        node = Map(top.entries, at, top.keys) if top.is_map else List(tuple(top.items), at)
        self.stack.pop()
        self._put(node)

    def _expect_value(self, start: int) -> None:
        self.count += 1
        if self.count > MAX_VALUES:
            at = Location(self.path, self.line, start - self.line_start + 1)
            fail(f"it holds more than {MAX_VALUES:,} values", at)
        if self.stack:
            if self.stack[-1].expect not in ("value", "value or end"):
                self._fail("a comma, a colon or a bracket was expected", start)
        elif self.root is not None:
            self._fail("nothing may follow the first value", start)

    def _add(self, node: Value, start: int) -> None:
        self._expect_value(start)
        self._put(node)

    def _put(self, node: Value) -> None:
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        top.expect = "comma or end"
        if top.is_map:
            top.entries[top.key] = node
        else:
            top.items.append(node)


def _decode(token: str) -> str:
    """Return the text of a string token; half of a surrogate pair becomes U+FFFD."""
    if "\\" not in token:
        return token[1:-1]
    text: str = json.loads(token)
    if any("\ud800" <= character <= "\udfff" for character in text):
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
