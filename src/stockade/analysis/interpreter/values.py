"""Abstract values: what an expression may be, and whose data is in it.

A value has shapes (what it may be: a constant, a text made of parts, an object on the heap, a
function, a library's object) and taints (which data of others is in it, and the way it came).
Values are immutable and compared by content; what changes lives in the state.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias, cast

from stockade.analysis.code.ir import Code, Span
from stockade.analysis.facts import OriginKind
from stockade.model import Location, SourceFile
from stockade.model.moves import Since
from stockade.model.record import record, replace

Plain: TypeAlias = str | bytes | int | float | bool | None
"""A constant of the language."""

MOST_SHAPES = 12
"""Beyond this a value is `Anything` besides its objects: more cases tell nobody anything."""
MOST_TAINTS = 8
MOST_PARTS = 48

EVERYTHING = "*"
CALLER = "caller"
"""Stands among kinds of sinks: whose data it is, the code had found out before."""
ROLE = "caller's role"
"""Stands among them likewise: that somebody gave whoever calls a role, the code had found out."""


@record
class Data:
    """Data of others, by where it enters: `kind` and `field` as in `facts.Origin`.

    `sources` are the event sources through which the field is written by someone. `verified`
    marks what a token that was checked says of its holder. `name` is that of the stored object
    which it was read from, `*` for what of it is not known; empty for other data.
    """

    kind: OriginKind
    field: str
    sources: tuple[str, ...] = ()
    verified: bool = False
    name: str = ""

    def __hash__(self) -> int:
        return hash(self.field)


class Node:
    """One step of data's way: made once for each step, so that identity is equality.

    Steps with a `note` are told in reports; the others only keep the identity of what was
    checked. `through` names the call, of code that is not read, that gave the data at this step.
    `exact` is the step at which the data became what it still is: where it is merely passed on,
    a check of it here is a check of it there.
    """

    __slots__ = ("exact", "file", "id", "note", "parent", "span", "through")

    def __init__(  # noqa: PLR0913 - a step has as many sides
        self,
        number: int,
        parent: "Node | None",
        file: SourceFile | None,
        span: Span,
        note: str,
        *,
        through: str = "",
    ) -> None:
        self.id = number
        self.parent = parent
        self.file = file
        self.span = span
        self.note = note
        self.through = through
        self.exact = self

    @property
    def shown(self) -> bool:
        """Whether reports tell this step."""
        return bool(self.note)

    @property
    def location(self) -> Location | None:
        """The place in the author's file; None for a step that stands for no code."""
        return None if self.file is None else self.file.at(*self.span)

    def is_now(self, now: "Node", since: Since) -> bool:
        """Tell whether another step is this one, come the same way, where its lines went."""
        one: Node | None = self
        other: Node | None = now
        while one is not None and other is not None and one is not other:
            before, after = one.location, other.location
            if one.note != other.note or (before is None) is not (after is None):
                return False
            if before is not None and after is not None and not since.is_place(before, after):
                return False
            one, other = one.parent, other.parent
        return one is other

    def held(self) -> tuple["Location | Node | None", ...]:
        """Return what holds its places. See `Since`."""
        return (self.location, self.parent)

    def moved_by(self, since: Since, moved: Callable[[object], object]) -> "Node":
        """Return the step where its lines went, with the way to it. A run that is over uses it."""
        parent = cast("Node | None", moved(self.parent))
        before = self.location
        now = None if before is None else since.place(before)
        if parent is self.parent and now is before:
            return self
        if now is None:
            return Node(self.id, parent, self.file, self.span, self.note, through=self.through)
        file = SourceFile(now.path, "")
        return Node(self.id, parent, file, Span(*now[1:]), self.note, through=self.through)


NOBODY: Final = Node(-1, None, None, Span(1, 1, 1, 1), "")
"""A step that stands for no code: what is only asked where it would go."""


class Taint(NamedTuple):
    """Data in a value: whose it is, how it came, and for which kinds of sinks it was made safe."""

    data: Data
    node: Node
    safe: frozenset[str] = frozenset()


# --- shapes ------------------------------------------------------------------------------


@record
class Anything:
    """A value of which nothing is known, and why not.

    `of` is what it says in another form: of a text of JSON, the object that it was made from.
    """

    why: str = ""
    of: "Val | None" = None


@record
class Const:
    """A constant of the language."""

    value: str | bytes | int | float | bool | None

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Const)
            and type(self.value) is type(other.value)
            and self.value == other.value
        )


@record
class Number:
    """A number, date or flag that is not known; nobody can write text with it."""


@record
class Text:
    """A text made of parts, in order. Parts are values; no part is itself one `Text`."""

    parts: tuple["Val", ...]


@record
class Some:
    """A text that is not empty: more is not known of it."""


@record
class Environment:
    """An environment variable's value, by the variable's name.

    `may_be` is what it can only be where the function is deployed, None where the template sets
    no such variable; empty where that cannot be known.
    """

    name: str
    may_be: "tuple[Const | Some, ...]" = ()


@record
class Absence:
    """The outcome of asking whether a variable is there that the template does not set."""

    outcome: bool


@record
class Chosen:
    """A variable of the environment that the event names, by the data of `name`."""

    name: "Val"


@record
class Event:
    """The event, or what is found in it by following `path`: `("Records", "[]", "s3")`."""

    path: tuple[str, ...]


@record
class Ref:
    """An object on the heap: list, map, instance, class, file."""

    address: int


@record
class Function:
    """A function of the application, with the scopes that it sees, innermost first."""

    code: Code
    file: SourceFile
    scopes: tuple[int, ...]
    defaults: tuple[tuple[str, "Val"], ...] = ()
    owner: int | None = None
    """The class it was defined in, by its address, for `super()`."""


@record
class Bound:
    """A function with its first argument."""

    function: "Val"
    receiver: "Val"


@record
class Partial:
    """A function with some arguments by name, as `functools.partial` makes it."""

    function: "Val"
    named: tuple[tuple[str, "Val"], ...]


@record
class Method:
    """A method of a value that is no object of the application: text, list, event, library."""

    receiver: "Val"
    name: str


@record
class Special:
    """A function in a role the language gives it: `property`, `staticmethod`, `classmethod`."""

    role: str
    function: "Val"


@record
class ModuleShape:
    """A module of the application, by the scope that holds its names."""

    scope: int
    name: str


@record
class External:
    """Something of a library, by its qualified name: module, function, class or object.

    For an object, `instance` is true, `name` is its type, `made_of` the arguments of the call
    that made it, and `address` tells it from others, so that the state can say what it holds.
    """

    name: str
    instance: bool = False
    made_of: tuple[tuple[str, "Val"], ...] = ()
    address: int = 0

    def __hash__(self) -> int:
        # What it is made of was made of others in its turn: a hash would look through all of it.
        return hash((self.name, self.address))


@record
class Truth:
    """The outcome of a check: what is safe where it is true, and where it is false.

    Of a match with a regular expression, `parts` says of its groups, by number and name, for
    which kinds of sinks what they hold is safe.
    """

    when_true: tuple[tuple[Node, str], ...]
    when_false: tuple[tuple[Node, str], ...]
    parts: tuple[tuple[str | int, frozenset[str]], ...] = ()
    beside: "tuple[Shape, ...]" = ()
    """What a function gives where it is true, if that is more than yes: an answer, an error."""


Shape: TypeAlias = (
    Anything
    | Const
    | Number
    | Text
    | Environment
    | Absence
    | Chosen
    | Event
    | Ref
    | Function
    | Bound
    | Partial
    | Method
    | Special
    | ModuleShape
    | External
    | Truth
)


class Val(NamedTuple):
    """A value: what it may be, and whose data is in it."""

    shapes: tuple[Shape, ...]
    taints: tuple[Taint, ...] = ()


MadeOf: TypeAlias = tuple[tuple[str, Val], ...]
"""The arguments that made a library's object, by name or position."""

UNKNOWN = Val((Anything(),))
NONE = Val((Const(None),))
NUMBER = Val((Number(),))
EMPTY_TEXT = Val((Const(""),))


def const(value: Plain, /) -> Val:
    """Return the value that is surely this constant."""
    return Val((Const(value),))


def external(name: str) -> Val:
    """Return the library's thing of this qualified name."""
    return Val((External(name),))


def join(first: Val, second: Val) -> Val:
    """Return what is one or the other."""
    if first is second:
        return first
    shapes = _join_shapes(first.shapes, second.shapes)
    taints = _join_two(first.taints, second.taints)
    if shapes is first.shapes and taints is first.taints:
        return first
    return Val(shapes, taints)


def join_all(values: Iterable[Val]) -> Val | None:
    """Return what is any of the values, or None where there is none."""
    result: Val | None = None
    for value in values:
        result = value if result is None else join(result, value)
    return result


def _join_shapes(first: tuple[Shape, ...], second: tuple[Shape, ...]) -> tuple[Shape, ...]:
    if first is second:
        return first
    more = tuple([shape for shape in second if shape not in first])
    if not more:
        return first
    shapes = first + more
    if len(shapes) > MOST_SHAPES:
        kept = tuple(s for s in shapes if not isinstance(s, (Const, Text, Number, Anything)))
        shapes = (*kept[: MOST_SHAPES - 1], Anything("it has many values"))
    return shapes


def join_taints(*values: Val) -> tuple[Taint, ...]:
    """Return the taints of all the values, one for each way that data came."""
    result: tuple[Taint, ...] = ()
    for value in values:
        if value.taints:
            result = _join_two(result, value.taints) if result else value.taints
    return result


def _join_two(first: tuple[Taint, ...], second: tuple[Taint, ...]) -> tuple[Taint, ...]:
    if not second or first is second:
        return first
    if not first:
        return second
    if first == second:
        return first
    result = {_way(taint): taint for taint in first}
    new = False
    for taint in second:
        key = _way(taint)
        known = result.get(key)
        if known is None:
            result[key] = taint
            new = True
        elif known.safe != taint.safe:
            result[key] = Taint(taint.data, taint.node, known.safe & taint.safe)
            new = True
    if not new:
        return first
    kept = result.values()
    if len(kept) > MOST_TAINTS:
        # What can do no harm goes first.
        return tuple(sorted(kept, key=_harmlessness)[:MOST_TAINTS])
    return tuple(kept)


def _harmlessness(taint: Taint) -> tuple[bool, int]:
    return EVERYTHING in taint.safe, len(taint.safe)


def _way(taint: Taint) -> int | Data:
    """Return what tells ways apart: a step belongs to the data whose way it is on.

    Steps that stand for no code belong to none, so that the data tells.
    """
    return taint.node.id if taint.node.id >= 0 else taint.data


def text_of(parts: Iterable[Val]) -> Val:
    """Return the text made of the parts, constants merged."""
    flat: list[Val] = []
    for part in parts:
        shape = part.shapes[0]
        if len(part.shapes) == 1 and isinstance(shape, Text):
            flat.extend(shape.parts)
        else:
            flat.append(part)
    merged: list[Val] = []
    for part in flat:
        constant = constant_text(part)
        before = constant_text(merged[-1]) if merged else None
        if constant is not None and before is not None:
            merged[-1] = Val((Const(before + constant),), join_taints(merged[-1], part))
        else:
            merged.append(part)
    taints = join_taints(*merged)
    if len(merged) == 1 and constant_text(merged[0]) is not None:
        return merged[0]
    if len(merged) > MOST_PARTS or not merged:
        return Val((Anything("it is a long text"),), taints) if merged else EMPTY_TEXT
    return Val((Text(tuple(merged)),), taints)


def is_number(value: Val) -> bool:
    """Tell whether the value is surely a number."""
    return all(
        isinstance(shape, Number)
        or (isinstance(shape, Const) and isinstance(shape.value, (int, float)))
        for shape in value.shapes
    )


def constant_text(value: Val) -> str | None:
    """Return the text that the value surely is, if it is one constant text."""
    if len(value.shapes) == 1:
        shape = value.shapes[0]
        if isinstance(shape, Const) and isinstance(shape.value, str):
            return shape.value
    return None


def possible(value: Val) -> tuple[Const | Some, ...]:
    """Return all that the value may be, as far as the template decides it; nothing if unknown."""
    if len(value.shapes) != 1:
        return ()
    match value.shapes[0]:
        case Const() as known:
            return (known,)
        case Environment(may_be=known):
            return known
        case Absence(outcome):
            return (Const(outcome),)
        case _:
            return ()


def settled(value: Val) -> Val:
    """Return the constant that a variable of the environment surely is, else the value itself."""
    known = possible(value)
    if len(known) == 1 and isinstance(known[0], Const):
        return Val((known[0],), value.taints)
    return value


def only_constant(value: Val) -> Const | None:
    """Return the constant that the value surely is."""
    if len(value.shapes) == 1 and isinstance(value.shapes[0], Const):
        return value.shapes[0]
    return None


MOST_MADE_OF: Final = 4
"""How deep it is looked for what a library's object was made of."""


def without_itself(made_of: MadeOf, address: int, depth: int = MOST_MADE_OF) -> MadeOf:
    """Return what the library's object at `address` is made of.

    In `text = clean(text)` that is, in a loop, also what the same call gave before. It is named,
    but not what it was made of in its turn: otherwise each time round gave something else.
    """
    changed: list[tuple[str, Val]] | None = None
    for place, (name, value) in enumerate(made_of):
        shapes: list[Shape] | None = None
        for position, shape in enumerate(value.shapes):
            if not isinstance(shape, External) or not shape.made_of:
                continue
            inner: MadeOf = () if shape.address == address else shape.made_of
            if inner and depth:
                inner = without_itself(inner, address, depth - 1)
            if inner is not shape.made_of:
                shapes = shapes or list(value.shapes)
                shapes[position] = External(shape.name, shape.instance, inner, shape.address)
        if shapes is not None:
            changed = changed or list(made_of)
            changed[place] = (name, Val(tuple(dict.fromkeys(shapes)), value.taints))
    return made_of if changed is None else tuple(changed)


def own_function(value: Val) -> Function | None:
    """Return the application's function that a value is: as it is, bound, or in a role."""
    for shape in value.shapes:
        if isinstance(shape, Function):
            return shape
        if isinstance(shape, (Bound, Partial, Special)):
            return own_function(shape.function)
    return None


def something(value: Val) -> tuple[Shape, ...]:
    """Return what the value may be besides nothing: of nothing, no part can be read."""
    if len(value.shapes) == 1:
        return value.shapes
    there = tuple(s for s in value.shapes if not (isinstance(s, Const) and s.value is None))
    return there or value.shapes


_NO_ENTRIES: Mapping[str | int, Val] = MappingProxyType({})


# --- the heap ----------------------------------------------------------------------------


@record
class HeapObject:
    """An object that can change: each change makes a new one in the state.

    `kind` is `list`, `tuple`, `set`, `map`, `iterator`, `instance`, `class` or `file`.
    `entries` are what is known by key: the keys of a map, the attributes of an instance or
    class, the positions of a list. `rest` is whatever else it holds: items at unknown places.
    `type` is the class of an instance, the path of a file; `bases` are those of a class.
    """

    kind: str
    entries: Mapping[str | int, Val] = _NO_ENTRIES
    rest: Val | None = None
    type: Val | None = None
    name: str = ""
    bases: tuple[Val, ...] = ()
    spread: tuple[Val, ...] = ()
    """What was spread into a map (`**event`), which may be asked for a key. `rest` holds what
    any key of it gives."""
    keys: Val | None = None
    """What keys at unknown places may be; None where only the values beside them are known."""

    def __hash__(self) -> int:
        marks = frozenset(zip(self.entries, map(_mark, self.entries.values()), strict=True))
        return hash((self.kind, self.name, marks, None if self.rest is None else _mark(self.rest)))

    def contents(self) -> Val | None:
        """Return what any item of it may be."""
        values = [*self.entries.values()]
        if self.rest is not None:
            values.append(self.rest)
        return join_all(values)

    def having(self, key: str | int, value: Val) -> "HeapObject":
        """Return the object with `value` under `key`."""
        return replace(self, entries={**self.entries, key: value})

    def holding(self, value: Val, key: Val | None = None) -> "HeapObject":
        """Return the object with `value` somewhere in it, under what `key` may be."""
        if self.rest is None:
            return replace(self, rest=value, keys=key)
        keys = None if key is None or self.keys is None else join(self.keys, key)
        return replace(self, rest=join(self.rest, value), keys=keys)

    def unknown_key(self) -> Val:
        """Return a key of what `rest` is: of one that nobody knows, its data is the value's."""
        if self.keys is not None:
            return self.keys
        taints = self.rest.taints if self.rest is not None else ()
        return Val((Anything("it is a key"),), taints)


def _mark(value: Val) -> tuple[object, ...]:
    """Return what tells most values apart at little cost: a hash would look all through them."""
    shapes, taints = value
    first = shapes[0] if shapes else None
    shape: object = type(first)
    if isinstance(first, (Ref, Const)):
        shape = hash(first) if isinstance(first, Const) else first.address
    return (len(shapes), shape, len(taints), taints[0].node.id if taints else None)


def join_objects(first: HeapObject, second: HeapObject) -> HeapObject:
    """Return what is one object or the other."""
    if first is second or first == second:
        return first
    entries = {**first.entries, **second.entries}
    for key, value in first.entries.items():
        other = entries[key]
        if other is not value:
            entries[key] = join(value, other)
    rests = [value for value in (first.rest, second.rest) if value is not None]
    if first.kind == "list" and len(first.entries) != len(second.entries):
        # Past the shorter one, what is put at the end of it stands where the longer has others.
        shorter = min(len(first.entries), len(second.entries))
        rests += [entries.pop(key) for key in list(entries)[shorter:]]
    rest = join_all(rests)
    type_ = join_all(value for value in (first.type, second.type) if value is not None)
    spread = tuple(dict.fromkeys((*first.spread, *second.spread)))[:MOST_SHAPES]
    keys = _joined_keys(first, second)
    return replace(first, entries=entries, rest=rest, type=type_, spread=spread, keys=keys)


def _joined_keys(first: HeapObject, second: HeapObject) -> Val | None:
    """Return what keys at unknown places may be in one object or the other."""
    if first.rest is None or second.rest is None:
        return second.keys if first.rest is None else first.keys
    if first.keys is None or second.keys is None:
        return None
    return join(first.keys, second.keys)
