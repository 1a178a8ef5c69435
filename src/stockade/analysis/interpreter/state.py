"""What holds at one point of the run: variables, objects, files, and what was checked.

A branch writes on a sheet laid over the state before it; where branches meet, the sheets are
joined. So work is in proportion to what a branch changes, not to all there is.
"""

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
    """

    __slots__ = ("_read", "below", "writes")

    def __init__(self, below: "State | None" = None) -> None:
        self.below = below
        self.writes: dict[Key, Content] = {}
        self._read: dict[Key, Content | None] = {}

    def get(self, key: Key) -> Content | None:
        """Return what was last written under `key`."""
        content = self.writes.get(key)
        if content is not None or self.below is None:
            return content
        content = self._read.get(key, _UNREAD)
        if content is _UNREAD:
            content = self._read[key] = self._look_below(key)
        return content

    def _look_below(self, key: Key) -> Content | None:
        state = self.below
        while state is not None:
            content = state.writes.get(key)
            if content is not None:
                return content
            if key in state._read:  # noqa: SLF001 - another sheet of the same class
                return state._read[key]  # noqa: SLF001
            state = state.below
        return None

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


def meet(base: State, outcomes: list[dict[Key, Content]]) -> bool:
    """Write onto `base` what holds where `outcomes` meet. Return whether anything changed.

    Each outcome is what one way wrote since `base`; what a way did not write, it left as in
    `base`. A check counts only if every way made it.
    """
    if not outcomes:
        return False
    if len(outcomes) == 1:
        base.writes.update(outcomes[0])
        return True
    changed = False
    keys = {key for outcome in outcomes for key in outcome}
    for key in keys:
        before = base.get(key)
        met = _meet(key, before, outcomes)
        if met is not None and met != before:
            base.writes[key] = met
            changed = True
    return changed


def _meet(key: Key, before: Content | None, outcomes: list[dict[Key, Content]]) -> Content | None:
    """Join what the ways left under one key."""
    if isinstance(key, tuple) and key[0] == "safe":
        kinds: Kinds | None = None
        for outcome in outcomes:
            content = outcome.get(key, before)
            found = content if isinstance(content, frozenset) else frozenset[str]()
            kinds = found if kinds is None else kinds & found
        return kinds or None
    result: Content | None = None
    for outcome in outcomes:
        content = outcome.get(key, before)
        if content is None:
            continue
        result = content if result is None else _join(result, content)
    return result


def _join(first: Content, second: Content) -> Content:
    if isinstance(first, Val) and isinstance(second, Val):
        return join(first, second)
    if isinstance(first, HeapObject) and isinstance(second, HeapObject):
        return join_objects(first, second)
    return second
