"""Lists whose first items are known by their place, and what keeps or moves them.

`entries` of a list are its first items, in order; what may follow them is `rest`.
"""

from typing import Final

from stockade.analysis.interpreter.values import HeapObject, Val, join_all
from stockade.model.record import replace

MOST_PLACES: Final = 64
"""Items beyond this are not told apart by their place."""

IN_ORDER: Final = frozenset({"list", "tuple"})


def appended(found: HeapObject, value: Val) -> HeapObject:
    """Return the list with one more item at its end."""
    place = len(found.entries)
    if found.rest is None and found.kind in IN_ORDER and place < MOST_PLACES:
        return found.having(place, value)
    return found.holding(value)


def moved(found: HeapObject) -> HeapObject:
    """Return the list with its items at any place, as sorting leaves them."""
    if found.kind not in IN_ORDER:
        return found
    return replace(found, entries={}, rest=found.contents())


def followed(first: HeapObject, second: HeapObject) -> HeapObject:
    """Return the items of one list, and those of another after them."""
    if first.rest is None and len(first.entries) + len(second.entries) <= MOST_PLACES:
        entries = dict(enumerate((*first.entries.values(), *second.entries.values())))
        return replace(first, entries=entries, rest=second.rest)
    more = [value for value in (first.rest, second.contents()) if value is not None]
    return replace(first, rest=join_all(more))
