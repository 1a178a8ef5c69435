"""What was made anew and says the same: the objects that there were are kept in its place.

Values and resources are compared by identity wherever something is remembered of them. What a
front end reads a second time is made of new objects; where they say what the old ones said, at
the same places, the old ones stay, and with them all that was worked out of them.
"""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, TypeVar

from stockade.model.location import Location
from stockade.model.record import fields, replace

_Thing = TypeVar("_Thing")
_Key = TypeVar("_Key")

_PLAIN = frozenset((str, int, float, bool, type(None), bytes, Location, frozenset))


def same(one: object, other: object) -> bool:
    """Tell whether two things say the same at the same places, in the same order."""
    try:
        return _same(one, other)
    except RecursionError:
        return False


def kept(before: _Thing, now: _Thing) -> _Thing:
    """Return `before` where `now` says the same, else `now`."""
    return before if same(before, now) else now


def kept_of(before: Mapping[_Key, _Thing], now: Mapping[_Key, _Thing]) -> Mapping[_Key, _Thing]:
    """Return `now` with what is in `before` wherever that says the same; `before` if all does."""
    made = {key: kept(before[key], one) if key in before else one for key, one in now.items()}
    if len(made) == len(before) and all(
        old == new and before[old] is made[new] for old, new in zip(before, made, strict=True)
    ):
        return before
    return made


def kept_parts(before: _Thing, now: _Thing) -> _Thing:
    """Return a record with the parts of `before` that say the same; `before` if all do."""
    parts = {name: kept(getattr(before, name), getattr(now, name)) for name in fields(now)}
    if all(part is getattr(before, name) for name, part in parts.items()):
        return before
    return replace(now, **parts)


def _same(one: object, other: object) -> bool:
    if one is other:
        return True
    kind = type(one)
    if kind is not type(other):
        return False
    if kind in _PLAIN:
        return one == other
    parts = _PARTS.get(kind) or _PARTS.setdefault(kind, _parts_of(kind))
    return parts(one, other)


def _parts_of(kind: type) -> Callable[[Any, Any], bool]:
    """Return what compares two things of a kind."""
    if issubclass(kind, Mapping):
        return _same_entries
    if issubclass(kind, (tuple, list)):
        return _same_items
    if hasattr(kind, "_fields") and fields(kind):
        return _same_fields(fields(kind))
    return lambda one, other: bool(one == other)


def _same_fields(names: tuple[str, ...]) -> Callable[[Any, Any], bool]:
    get: Callable[[object], Any] = attrgetter(*names)
    if len(names) == 1:
        return lambda one, other: _same(get(one), get(other))
    return lambda one, other: all(map(_same, get(one), get(other)))


def _same_items(one: Any, other: Any) -> bool:  # noqa: ANN401 - tuples and lists of anything
    return len(one) == len(other) and all(map(_same, one, other))


def _same_entries(one: Any, other: Any) -> bool:  # noqa: ANN401 - mappings of anything
    return list(one) == list(other) and all(map(_same, one.values(), other.values()))


_PARTS: dict[type, Callable[[Any, Any], bool]] = {}
