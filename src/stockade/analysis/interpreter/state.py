"""What holds at one point of the run: variables, objects, files, and what was checked.

A branch writes on a sheet laid over the state before it; where branches meet, the sheets are
joined. So work is in proportion to what a branch changes, not to all there is.
"""

from itertools import chain
from typing import TypeAlias

from stockade.analysis.interpreter.values import HeapObject, Val, join, join_objects

Kinds: TypeAlias = frozenset[str]
Key: TypeAlias = tuple[object, ...] | int
"""A variable is `(scope, name)`, an object its address, a file `("file", path)`, a check
`("safe", node)`."""
Content: TypeAlias = Val | HeapObject | Kinds

_UNREAD: Kinds = frozenset({"<unread>"})


class State:
    """A sheet of writes over the state it began from.

    While a sheet lies on top, nothing below it changes: what was once read from below is kept.
    `read` is therefore also all that what was run on the sheet, and on those above, depends on.
    """

    __slots__ = ("below", "read", "writes")

    def __init__(self, below: "State | None" = None) -> None:
        self.below = below
        self.writes: dict[Key, Content] = {}
        self.read: dict[Key, Content | None] = {}

    def get(self, key: Key) -> Content | None:
        """Return what was last written under `key`."""
        content = self.writes.get(key)
        if content is not None or self.below is None:
            return content
        content = self.read.get(key, _UNREAD)
        return self._look_below(key) if content is _UNREAD else content

    def _look_below(self, key: Key) -> Content | None:
        """Find what was written below, and keep it in each sheet on the way to it."""
        content: Content | None = None
        found = self.below
        while found is not None:
            content = found.writes.get(key)
            if content is not None:
                break
            content = found.read.get(key, _UNREAD)
            if content is not _UNREAD:
                break
            content = None
            found = found.below
        sheet: State | None = self
        while sheet is not None and sheet is not found:
            sheet.read[key] = content
            sheet = sheet.below
        return content

    def variable(self, key: Key) -> Val | None:
        """Return a variable's value, or None where it has none."""
        content = self.get(key)
        return content if isinstance(content, Val) else None

    def object(self, address: int) -> HeapObject | None:
        """Return the object at `address`."""
        content = self.get(address)
        return content if isinstance(content, HeapObject) else None

    def checked(self, node: int) -> Kinds:
        """Return the kinds of sinks for which the data of this node was checked."""
        content = self.get(("safe", node))
        return content if isinstance(content, frozenset) else frozenset()

    def names_in(self, scope: int) -> list[tuple[str, Val]]:
        """Return the variables of a scope, with their values."""
        every = self.since(State())
        return [
            (str(key[1]), content)
            for key, content in every.items()
            if isinstance(key, tuple) and key[0] == scope and isinstance(content, Val)
        ]

    def since(self, base: "State") -> dict[Key, Content]:
        """Return all writes of this sheet and those below, down to and with `base`'s own."""
        sheets = []
        state: State | None = self
        while state is not None:
            sheets.append(state.writes)
            if state is base:
                break
            state = state.below
        result: dict[Key, Content] = {}
        for writes in reversed(sheets):
            result.update(writes)
        return result


def is_check(key: Key) -> bool:
    """Tell whether what stands under `key` is a check of data, not a value."""
    return isinstance(key, tuple) and key[0] == "safe"


def meet(base: State, outcomes: list[dict[Key, Content]]) -> dict[Key, Content | None]:
    """Write onto `base` what holds where `outcomes` meet. Return what was there before it changed.

    Each outcome is what one way wrote since `base`; what a way did not write, it left as in
    `base`. A check counts only if every way made it.
    """
    if len(outcomes) < 2:  # noqa: PLR2004 - one way alone, or none
        for outcome in outcomes:
            base.writes.update(outcome)
        return {}
    changed: dict[Key, Content | None] = {}
    for key in dict.fromkeys(chain.from_iterable(outcomes)):
        before: Content | None = _UNREAD
        ways = []
        for outcome in outcomes:
            content = outcome.get(key)
            if content is None:
                if before is _UNREAD:
                    before = base.get(key)
                content = before
            ways.append(content)
        if before is _UNREAD:
            before = None
        met = _meet(key, ways)
        if met is not None and met is not before and met != before:
            base.writes[key] = met
            changed[key] = before
    return changed


def _meet(key: Key, ways: list[Content | None]) -> Content | None:
    """Join what the ways left under one key."""
    if is_check(key):
        checked = [way for way in ways if isinstance(way, frozenset)]
        return frozenset.intersection(*checked) or None if len(checked) == len(ways) else None
    result: Content | None = None
    for content in ways:
        if content is not None and content is not result:
            result = content if result is None else _join(result, content)
    return result


def _join(first: Content, second: Content) -> Content:
    if isinstance(first, Val) and isinstance(second, Val):
        return join(first, second)
    if isinstance(first, HeapObject) and isinstance(second, HeapObject):
        return join_objects(first, second)
    return second
