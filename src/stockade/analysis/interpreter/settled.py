"""Whether what a loop leaves is anything new to it.

In `text = clean(text)` the data goes a longer way each time round. Whatever made it safe before
makes it safe still, so where the longer way does harm the shorter one did: once is enough.
"""

from collections.abc import Mapping

from stockade.analysis.interpreter.state import Content
from stockade.analysis.interpreter.values import External, HeapObject, Node, Shape, Taint, Val


def covers(before: Content | None, now: Content) -> bool:
    """Tell whether `now` is what was there before, but for longer ways of the same data."""
    if before is now:
        return True
    if isinstance(before, Val) and isinstance(now, Val):
        return all(
            any(_covers_shape(known, shape) for known in before.shapes) for shape in now.shapes
        ) and all(
            taint in before.taints or _is_longer(taint, before.taints) for taint in now.taints
        )
    if isinstance(before, HeapObject) and isinstance(now, HeapObject):
        return (
            before.type == now.type
            and before.spread == now.spread
            and _covers_some(before.rest, now.rest)
            and _covers_each(before.entries, now.entries)
        )
    return before == now


def _covers_shape(before: Shape, now: Shape) -> bool:
    if before is now:
        return True
    if isinstance(before, External) and isinstance(now, External):
        return (
            (before.name, before.instance, before.address) == (now.name, now.instance, now.address)
            and len(before.made_of) == len(now.made_of)
            and all(
                name == other and covers(known, value)
                for (name, known), (other, value) in zip(before.made_of, now.made_of, strict=True)
            )
        )
    return before == now


def _covers_some(before: Val | None, now: Val | None) -> bool:
    return now is None or covers(before, now)


def _covers_each(before: Mapping[str | int, Val], now: Mapping[str | int, Val]) -> bool:
    return len(before) == len(now) and all(
        _covers_some(before.get(key), value) for key, value in now.items()
    )


def _is_longer(taint: Taint, known: tuple[Taint, ...]) -> bool:
    """Tell whether the way of this data goes on from where the same data was known to be."""
    nodes = {one.node for one in known if one.data == taint.data and one.safe <= taint.safe}
    node: Node | None = taint.node if nodes else None
    while node is not None and node not in nodes:
        node = node.parent
    return node is not None
