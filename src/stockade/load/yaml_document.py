"""YAML documents: the events of libyaml made into values with exact places.

libyaml gives exact character positions, except that block collections end where the next token
begins (their last descendant's end is taken), that block scalars end after their line break, and
that a tag or anchor counts as the start of what it belongs to.
"""

from bisect import bisect_right
from typing import Any, Protocol

from stockade._late import late_patterns, pattern
from stockade.load.parsed import MAX_DEPTH, MAX_VALUES, Document, fail
from stockade.load.scalars import long_form, plain
from stockade.model import List, Location, Map, Scalar, SourceFile, Unseen, Value

with late_patterns():
    import yaml

_PROPERTIES = pattern(r"(?:[!&]\S*+|\s++|\#[^\n]*+)*")
_TAG = pattern(r"(?:&\S*+\s++)?(![^\s,\[\]{}]*+)")
_LONE_RETURN = pattern("\r(?!\n)")
_BAD_CHARACTER = pattern("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_END = pattern("\r\n|\n|\r")
_CORE = "tag:yaml.org,2002:"

_Parser: Any = yaml.SafeLoader
if yaml.__with_libyaml__:
    # The parser alone: what a loader adds makes objects of events, and nobody asks for any.
    from yaml._yaml import CParser as _Parser
_ScalarEvent = yaml.ScalarEvent
_MappingStart = yaml.MappingStartEvent
_SequenceStart = yaml.SequenceStartEvent
_MappingEnd = yaml.MappingEndEvent
_SequenceEnd = yaml.SequenceEndEvent
_Alias = yaml.AliasEvent

_BLOCK_STYLES = frozenset("|>")
_NO_WORD = frozenset(("", " ", "\t", "&", "#", "!"))
_TEXT_TAGS = frozenset((_CORE + "str", _CORE + "binary"))
_new = tuple.__new__

_Position = tuple[int, int]


class _Mark(Protocol):
    """A position in the text, counted from 0 in characters."""

    index: int
    line: int
    column: int


class _Event(Protocol):
    """An event of libyaml; which of these attributes it has depends on its class."""

    start_mark: _Mark
    end_mark: _Mark
    value: str
    tag: str | None
    anchor: str | None
    implicit: tuple[bool, bool]
    style: str | None
    flow_style: bool


class _Open:
    """A collection that has begun and not ended."""

    __slots__ = (
        *("anchor", "end", "entries", "is_flow", "is_map", "is_merge", "items", "key", "key_at"),
        *("keys", "merged", "start", "tag", "weight"),
    )

    items: list[Value]
    entries: dict[str, Value]
    keys: dict[str, Location]

    def __init__(self, event: _Event, tag: str | None, *, is_map: bool) -> None:
        self.start = event.start_mark
        self.is_flow = event.flow_style
        self.tag = tag
        self.anchor = event.anchor
        self.is_map = is_map
        self.end: Location | None = None
        if is_map:
            self.entries, self.keys = {}, {}
        else:
            self.items = []
        self.merged: list[Value] | None = None
        self.key: str | None = None
        self.key_at: Location | None = None
        self.is_merge = False
        self.weight = 1


def _has_odd_line_ends(text: str) -> bool:
    odd = not text.isascii() and any(end in text for end in "\x85\u2028\u2029")
    return odd or ("\r" in text and _LONE_RETURN.search(text) is not None)


def parse_yaml(file: SourceFile) -> Document:
    """Read the first document of a YAML file.

    Raises `DocumentError` where the text is no YAML, is nested too deep, or grows too large
    through its aliases.
    """
    return _Reader(file).read()


class _Reader:
    """Builds values from events, with a stack of its own so that no nesting can overflow."""

    def __init__(self, file: SourceFile) -> None:
        self.path = file.path
        self.text = file.text
        self.unseen: list[Unseen] = []
        self.stack: list[_Open] = []
        self.top: _Open | None = None
        self.anchors: dict[str, tuple[Value, int]] = {}
        self.root: Value | None = None
        self.count = 0
        self.is_odd = False
        self.line_starts: list[int] | None = None
        if _has_odd_line_ends(file.text):
            # libyaml counts line ends that editors do not count, so lines are counted here.
            self.is_odd = True
            self.line_starts = [0, *(end.end() for end in _LINE_END.finditer(file.text))]

    def read(self) -> Document:
        """Return the document."""
        try:
            self._events()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            at = self._found_at(mark.index if mark else 0)
            problem = error.problem or error.context or "it cannot be read"
            fail(f"it is not valid YAML: {problem}", at)
        except (yaml.YAMLError, UnicodeError):
            fail("it holds a character that YAML does not allow", self._bad_character())
        if self.root is None:
            fail("it is empty", Location(self.path, 1))
        return Document(self.root, tuple(self.unseen))

    def _bad_character(self) -> Location:
        bad = _BAD_CHARACTER.search(self.text)
        return self._found_at(bad.start() if bad else 0)

    def _found_at(self, index: int) -> Location:
        """Return the place of one character; libyaml's own lines go beyond the end of the text."""
        starts = [0, *(end.end() for end in _LINE_END.finditer(self.text))]
        first = self._at_index(starts, min(index, len(self.text)))
        return Location(self.path, *first, *first)

    def _events(self) -> None:
        parser = _Parser(self.text)
        get_event, scalar = parser.get_event, self._scalar
        documents = 0
        try:
            while (event := get_event()) is not None:
                kind = type(event)
                if kind is _ScalarEvent:
                    scalar(event)
                elif kind is _MappingStart or kind is _SequenceStart:
                    self._open(event, is_map=kind is _MappingStart)
                elif kind is _MappingEnd or kind is _SequenceEnd:
                    self._close(event)
                elif kind is _Alias:
                    self._alias(event)
                elif kind is yaml.DocumentStartEvent:
                    documents += 1
                    if documents > 1:
                        self._problem("only the first of its documents was read", event)
                        return
        finally:
            parser.dispose()

    def _problem(self, why: str, event: _Event) -> None:
        at = self._place(event.start_mark, event.end_mark)
        self.unseen.append(Unseen(at, "template", why))

    def _place(self, start: _Mark, end: _Mark) -> Location:
        if self.line_starts is None:
            return _new(
                Location,
                (self.path, start.line + 1, start.column + 1, end.line + 1, end.column + 1),
            )
        return Location(self.path, *self._at(start), *self._at(end))

    def _at(self, mark: _Mark) -> _Position:
        """Return line and column of a mark, counted from 1."""
        if self.line_starts is None:
            return mark.line + 1, mark.column + 1
        return self._at_index(self.line_starts, mark.index)

    @staticmethod
    def _at_index(line_starts: list[int], index: int) -> _Position:
        line = bisect_right(line_starts, index)
        return line, index - line_starts[line - 1] + 1

    def _advance(self, start: _Mark, index: int) -> _Position:
        """Return line and column of `index`, which lies at or after the mark `start`."""
        if self.line_starts is not None:
            return self._at_index(self.line_starts, index)
        newlines = self.text.count("\n", start.index, index)
        if newlines == 0:
            return start.line + 1, start.column + 1 + index - start.index
        return start.line + 1 + newlines, index - self.text.rfind("\n", start.index, index)

    def _grow(self, event: _Event, weight: int) -> None:
        self.count += weight
        if self.count > MAX_VALUES:
            why = f"it holds more than {MAX_VALUES:,} values, aliases counted as often as used"
            fail(why, self._place(event.start_mark, event.end_mark))

    def _scalar(self, event: _Event) -> None:
        self.count += 1
        top, text, implicit = self.top, event.value, event.implicit[0]
        start, end = event.start_mark, event.end_mark
        is_marked = event.tag is not None or event.anchor is not None
        if event.tag is not None and top is not None and (top.key_at or not top.is_map):
            word = self._tagged_word(event)
            if word is not None:
                self._add(word, 1, word.at)
                return
        if is_marked or not text or self.is_odd or event.style in _BLOCK_STYLES:
            at = self._careful_place(event)
        else:
            # Most of the time goes into places: this is Location(...) without its wrapper.
            at = _new(
                Location,
                (self.path, start.line + 1, start.column + 1, end.line + 1, end.column + 1),
            )
        if top is None:
            self.root = self._marked(Scalar(plain(text) if implicit else text, at), event)
            return
        top.end = at
        key_at = top.key_at
        if key_at is None and top.is_map:
            top.key = text
            top.key_at = at
            top.is_merge = implicit and text == "<<"
            return
        scalar = Scalar(plain(text) if implicit else text, at)
        node = self._marked(scalar, event) if is_marked else scalar
        top.weight += 1
        if key_at is None:
            top.items.append(node)
        elif (key := top.key) is not None and key not in top.entries and not top.is_merge:
            # What `_entry` does for all but odd entries, without the call.
            top.entries[key] = node
            top.keys[key] = key_at
            top.key = top.key_at = None
        else:
            self._entry(top, node, key_at)
        if self.count > MAX_VALUES:
            self._grow(event, 0)

    def _tagged_word(self, event: _Event) -> Map | None:
        """Return the long form of `!Tag word` on one line, as nearly all are; None for others.

        The same as `_marked` and `_tagged` make, in a fifth of their time.
        """
        start, end, tag = event.start_mark, event.end_mark, event.tag or ""
        after = start.index + len(tag)
        if (
            start.line != end.line
            or not event.value
            or event.anchor is not None
            or self.is_odd
            or event.style in _BLOCK_STYLES
            or len(tag) == 1
            or not self.text.startswith(tag, start.index)
            or self.text[after : after + 1] != " "
            or self.text[after + 1 : after + 2] in _NO_WORD
        ):
            return None
        path, line, column, last = self.path, start.line + 1, start.column + 1, end.column + 1
        tag_end = column + len(tag)
        word = Scalar(event.value, _new(Location, (path, line, tag_end + 1, line, last)))
        name = long_form(tag)
        node = attribute_pair(word) if name == "Fn::GetAtt" else word
        key_at = _new(Location, (path, line, column, line, tag_end))
        return Map({name: node}, _new(Location, (path, line, column, line, last)), {name: key_at})

    def _careful_place(self, event: _Event) -> Location:
        if not event.value and event.start_mark.index >= len(self.text):
            return self._found_at(event.start_mark.index)
        if event.tag is None and event.anchor is None and event.style not in _BLOCK_STYLES:
            return self._place(event.start_mark, event.end_mark)
        return self._content_place(event)

    def _marked(self, node: Scalar, event: _Event) -> Value:
        """Return a scalar with what its tag and its anchor make of it."""
        tag = event.tag
        marked: Value = node
        if tag is not None and tag.startswith(_CORE):
            if tag not in _TEXT_TAGS:
                marked = Scalar(plain(event.value), node.at)
        elif tag is not None and tag != "!":
            marked = self._tagged(tag, node, event.start_mark, node.at[3:])
        if event.anchor is not None:
            self.anchors[event.anchor] = (marked, 1)
        return marked

    def _content_place(self, event: _Event) -> Location:
        """Return the place of a scalar without its tag and anchor and closing line break."""
        start, end = event.start_mark, event.end_mark
        properties = _PROPERTIES.match(self.text, start.index, end.index)
        first = properties.end() if properties and (event.tag or event.anchor) else start.index
        last = end.index
        if event.style in ("|", ">"):
            last = first + len(self.text[first:last].rstrip())
        return Location(self.path, *self._advance(start, first), *self._advance(start, last))

    def _tagged(self, tag: str, node: Value, start: _Mark, end: _Position) -> Map:
        """Return the long form of an intrinsic function: a map of one entry."""
        name = long_form(tag)
        if name == "Fn::GetAtt" and isinstance(node, Scalar):
            node = attribute_pair(node)
        written = _TAG.match(self.text, start.index)
        first = self._at(start)
        key_at = Location(self.path, *first, *first)
        if written:
            key_at = Location(
                self.path,
                *self._advance(start, written.start(1)),
                *self._advance(start, written.end(1)),
            )
        return Map({name: node}, Location(self.path, *first, *end), {name: key_at})

    def _open(self, event: _Event, *, is_map: bool) -> None:
        self.count += 1
        if self.count > MAX_VALUES:
            self._grow(event, 0)
        if len(self.stack) >= MAX_DEPTH:
            at = self._place(event.start_mark, event.start_mark)
            fail(f"it is nested deeper than {MAX_DEPTH} levels", at)
        tag = event.tag
        if tag is not None and (tag.startswith(_CORE) or tag == "!"):
            tag = None
        self.top = _Open(event, tag, is_map=is_map)
        self.stack.append(self.top)

    def _close(self, event: _Event) -> None:
        opened = self.stack.pop()
        self.top = self.stack[-1] if self.stack else None
        start, last = opened.start, opened.end
        end = self._at(event.end_mark) if opened.is_flow or last is None else last[3:]
        if self.line_starts is None:
            at = _new(Location, (self.path, start.line + 1, start.column + 1, *end))
        else:
            at = _new(Location, (self.path, *self._at(start), *end))
        node: Value
        if opened.is_map:
            if opened.merged:
                self._merge(opened, event)
            node = Map(opened.entries, at, opened.keys)
        else:
            node = List(tuple(opened.items), at)
        if opened.tag is not None:
            node = self._tagged(opened.tag, node, opened.start, end)
        if opened.anchor is not None:
            self.anchors[opened.anchor] = (node, opened.weight)
        self._add(node, opened.weight, at)

    def _merge(self, opened: _Open, event: _Event) -> None:
        """Put the entries of `<<` under those that the map has itself; earlier ones win."""
        for merged in opened.merged or ():
            for one in merged.items if isinstance(merged, List) else (merged,):
                if not isinstance(one, Map):
                    self._problem("what `<<` merges is not a map", event)
                    continue
                self._grow(event, len(one.entries))
                for key, value in one:
                    if key not in opened.entries:
                        opened.entries[key] = value
                        opened.keys[key] = one.key_at(key)

    def _alias(self, event: _Event) -> None:
        name = event.anchor or ""
        anchored = self.anchors.get(name)
        if anchored is None:
            at = self._place(event.start_mark, event.end_mark)
            fail(f"the alias `*{name[:40]}` stands before what it names", at)
        node, weight = anchored
        self._grow(event, weight)
        top = self.top
        if top is not None and top.is_map and top.key_at is None:
            top.key = str(node.value) if isinstance(node, Scalar) else None
            top.key_at = self._place(event.start_mark, event.end_mark)
            return
        self._add(node, weight, self._place(event.start_mark, event.end_mark))

    def _add(self, node: Value, weight: int, end: Location) -> None:
        top = self.top
        if top is None:
            self.root = node
            return
        top.weight += weight
        top.end = end
        if not top.is_map:
            top.items.append(node)
        elif top.key_at is None:
            # The key of a map is itself a collection.
            top.key_at = node.at
        else:
            self._entry(top, node, top.key_at)

    def _entry(self, top: _Open, node: Value, key_at: Location) -> None:
        if top.is_merge:
            top.merged = [*(top.merged or ()), node]
        elif top.key is None:
            self.unseen.append(Unseen(key_at, "template", "its key is not a text"))
        else:
            if top.key in top.entries:
                why = f"the key {top.key[:60]} is written more than once, the last one counts"
                self.unseen.append(Unseen(key_at, "template", why))
            top.entries[top.key] = node
            top.keys[top.key] = key_at
        top.key = top.key_at = None
        top.is_merge = False


def attribute_pair(node: Scalar) -> Value:
    """Return `Resource.Attribute` as the list of two that the long form of `Fn::GetAtt` has."""
    text = node.value
    if not isinstance(text, str) or "." not in text:
        return node
    resource, attribute = text.split(".", 1)
    path, line, column, end_line, end_column = node.at
    extra = end_column - column - len(text)
    if line != end_line or extra not in (0, 2):
        return List((Scalar(resource, node.at), Scalar(attribute, node.at)), node.at)
    first = column + extra // 2
    dot = first + len(resource)
    return List(
        (
            Scalar(resource, Location(path, line, first, line, dot)),
            Scalar(attribute, Location(path, line, dot + 1, line, first + len(text))),
        ),
        node.at,
    )
