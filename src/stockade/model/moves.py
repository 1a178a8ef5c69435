"""Where lines went when files were edited.

A line that is put in at the top moves all that stands below it and changes nothing of what that
says: what was worked out of it still holds, at its new places.
"""

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from enum import Enum
from operator import attrgetter
from typing import Any, Final

from stockade.model.location import Location
from stockade.model.record import fields, record
from stockade.model.source import SourceFile

MOST_STEPS: Final = 40
"""Edits of one file that are looked back on; what was worked out before them is done again."""


@record
class _Step:
    """One edit: the lines up to `above` stayed, those from `below` on went `down` by so many."""

    time: int
    above: int
    below: int
    down: int


class Moves:
    """The edits of a folder's files, one after the other."""

    def __init__(self) -> None:
        self.now = 0
        """How often something was edited."""
        self._steps: dict[str, deque[_Step]] = {}

    def edited(self, texts: Iterable[tuple[str, str | None, str | None]]) -> None:
        """Note that files were edited: each with its text before and after, None if unknown."""
        self.now += 1
        for path, before, after in texts:
            if before is None or before != after:
                steps = self._steps.setdefault(path, deque(maxlen=MOST_STEPS))
                steps.append(_step(self.now, before, after))

    def since(self, time: int) -> "Since":
        """Return where lines went after that time."""
        found = {}
        for path, steps in self._steps.items():
            later = tuple(step for step in steps if step.time > time)
            # There may have been others that are forgotten by now.
            found[path] = (_LOST,) if len(later) == MOST_STEPS else later
        return Since({path: steps for path, steps in found.items() if steps})


_WHOLE_FILE: Final = Location("", 1)[1:]
"""What follows the path where a place is the file, not a line of it."""
_LOST: Final = _Step(0, 0, sys.maxsize, 0)
"""An edit of which nothing is known."""


def _step(time: int, before: str | None, after: str | None) -> _Step:
    if before is None or after is None or not (_is_plain(before) and _is_plain(after)):
        return _Step(time, _LOST.above, _LOST.below, _LOST.down)
    most = min(len(before), len(after))
    first = _most(most, lambda size: before[:size] == after[:size])
    # A line break within the common beginning ends a line that stayed.
    above = before.count("\n", 0, first)
    most -= before.rfind("\n", 0, first) + 1
    last = _most(most, lambda size: before[len(before) - size :] == after[len(after) - size :])
    left = before.count("\n", len(before) - last)
    if _begins_line(before, len(before) - last) and _begins_line(after, len(after) - last):
        left += 1
    old, new = before.count("\n"), after.count("\n")
    return _Step(time, above, old - left + 2, new - old)


def _begins_line(text: str, at: int) -> bool:
    return at == 0 or text[at - 1] == "\n"


def _most(most: int, holds: Callable[[int], bool]) -> int:
    """Return the largest number up to `most` for which something holds that holds for 0."""
    least = 0
    while least < most:
        middle = (least + most + 1) // 2
        if holds(middle):
            least = middle
        else:
            most = middle - 1
    return least


def _is_plain(text: str) -> bool:
    """Tell whether everybody counts the same lines in a text."""
    return len(text.splitlines()) == text.count("\n") + (not text.endswith("\n")) or not text


class Since:
    """Where lines went since some time.

    What is no record and yet holds places says itself where they are now: its `is_now(now, since)`
    tells whether another of its kind says the same where the lines went, and its
    `moved_by(since, moved)` returns it at its new places, `moved` being what does that for others,
    and its `held()` are the places that it holds, and what else may hold any.
    """

    def __init__(self, steps: Mapping[str, tuple[_Step, ...]]) -> None:
        self._steps = steps
        self._compared: dict[tuple[int, int], tuple[object, object, bool]] = {}

    def following(self, earlier: "Since | None") -> "Since":
        """Return where lines went since the time from which on `earlier` tells it."""
        if earlier is None:
            return self
        paths = dict.fromkeys((*earlier._steps, *self._steps))  # noqa: SLF001 - of the same kind
        steps = {
            path: (*earlier._steps.get(path, ()), *self._steps.get(path, ()))  # noqa: SLF001
            for path in paths
        }
        if any(len(one) >= MOST_STEPS for one in steps.values()):
            raise LookupError
        return Since(steps)

    def __bool__(self) -> bool:
        """Tell whether any file was edited."""
        return bool(self._steps)

    def only_moved(self, before: object, now: object) -> bool:
        """Tell whether two things say the same, where the lines went in which it was said.

        What is listed in several things, such as a resource, is compared once.
        """
        if before is now:
            return True
        known = self._compared.get((id(before), id(now)))
        if known is None:
            try:
                is_so = self._items_moved(before, now)
            except RecursionError:
                is_so = False
            # With the objects, which may not go while their numbers stand for them.
            known = self._compared[id(before), id(now)] = (before, now, is_so)
        return known[2]

    def moved(self, thing: Any, mentioned: tuple[frozenset[str], ...] = ()) -> Any:  # noqa: ANN401 - whatever holds places
        """Return a thing with its places where they are now.

        `mentioned` is what `mentions` says of it: parts that speak of no file that was edited
        stay as they are. Raises `LookupError` if a place is lost, or if the thing is made of
        others than records, tuples, lists, mappings and what is sure to hold no place.
        """
        known = zip(parts(thing), mentioned, strict=True) if mentioned else ()
        stay = {id(part): part for part, paths in known if not self.is_of(paths)}
        try:
            return self._moved(thing, stay)
        except RecursionError as error:
            raise LookupError from error

    def is_nowhere(self) -> bool:
        """Tell whether no line went anywhere: what was edited is lost, and all else is there."""
        return not any(step.down for steps in self._steps.values() for step in steps)

    def is_of(self, paths: AbstractSet[str]) -> bool:
        """Tell whether any of these files was edited."""
        return not paths.isdisjoint(self._steps)

    def went_as(self, other: "Since", path: str) -> bool:
        """Tell whether the lines of a file went where they did since another time."""
        return self._steps.get(path) == other._steps.get(path)  # noqa: SLF001 - of the same kind

    def line(self, path: str, line: int) -> int | None:
        """Return where a line is now; None if it is lost."""
        try:
            for step in self._steps.get(path, ()):
                line = _line(step, line)
        except LookupError:
            return None
        return line

    def place(self, at: Location) -> Location:
        """Return where a place is now. Raises `LookupError` if it is lost."""
        steps = self._steps.get(at.path)
        if steps is None or at[1:] == _WHOLE_FILE:
            return at
        line, end = at.line, at.end_line
        for step in steps:
            line, end = _line(step, line), _line(step, end)
        now = Location(at.path, line, at.column, end, at.end_column)
        return at if now == at else now

    def is_place(self, before: Location, now: Location) -> bool:
        """Tell whether a place is now at another."""
        if before[0] not in self._steps:
            return before == now
        try:
            return self.place(before) == now
        except LookupError:
            return False

    def _items_moved(self, before: object, now: object) -> bool:
        if type(before) is tuple and type(now) is tuple:
            return len(before) == len(now) and all(map(self.only_moved, before, now))
        if isinstance(before, dict) and isinstance(now, dict):
            return list(before) == list(now) and all(
                map(self.only_moved, before.values(), now.values())
            )
        return self._is_now(before, now)

    def _is_now(self, before: Any, now: Any) -> bool:  # noqa: ANN401 - whatever holds places
        if before is now:
            return True
        kind = type(before)
        if kind is not type(now):
            return False
        compare = _COMPARED.get(kind) or _COMPARED.setdefault(kind, _comparing(kind))
        return compare(self, before, now)

    def _moved(self, thing: Any, done: dict[int, Any]) -> Any:  # noqa: ANN401 - whatever holds places
        kind = type(thing)
        if kind is Location:
            return self.place(thing) if thing[0] in self._steps else thing
        make = _MAKERS[kind] if kind in _MAKERS else _maker(kind)
        if make is None:
            return thing
        known = done.get(id(thing))
        if known is None:
            if make is _by_itself:
                known = thing.moved_by(self, lambda part: self._moved(part, done))
            else:
                old = _parts(thing)
                new = [self._moved(part, done) for part in old]
                known = thing if all(map(_is, old, new)) else make(thing, new)
            done[id(thing)] = known
        return known


def _line(step: _Step, line: int) -> int:
    if line <= step.above:
        return line
    if line < step.below:
        raise LookupError
    return line + step.down


def _is(one: object, other: object) -> bool:
    return one is other


_PLACELESS: Final = (str, int, float, bytes, type(None), frozenset, SourceFile, Enum)
"""What holds no `Location`; sets are of texts."""


_Compare = Callable[["Since", Any, Any], bool]


def _comparing(kind: type) -> _Compare:
    """Return what tells whether two things of a kind say the same, where the lines went."""
    if kind is Location:
        return Since.is_place
    if kind is SourceFile:
        return _same_text
    if hasattr(kind, "is_now"):
        return lambda since, before, now: bool(before.is_now(now, since))
    if issubclass(kind, Mapping):
        return _same_entries
    if issubclass(kind, (tuple, list)):
        return _same_items
    if _is_record(kind) and fields(kind):
        return _same_fields(fields(kind))
    return lambda _since, before, now: bool(before == now)


def _same_text(since: Since, before: SourceFile, now: SourceFile) -> bool:
    """Tell whether a text is the same, as a whole where its first and last line went."""
    if (before.path, before.text) != (now.path, now.text):
        return False
    last = before.text.count("\n") + 1
    return all(
        since.is_place(before.at(line, 1, line, 1), now.at(line, 1, line, 1)) for line in (1, last)
    )


def _same_entries(since: Since, before: Any, now: Any) -> bool:  # noqa: ANN401
    return list(before) == list(now) and all(
        map(since._is_now, before.values(), now.values())  # noqa: SLF001 - one module
    )


def _same_items(since: Since, before: Any, now: Any) -> bool:  # noqa: ANN401
    return len(before) == len(now) and all(map(since._is_now, before, now))  # noqa: SLF001


def _same_fields(names: tuple[str, ...]) -> _Compare:
    get: Callable[[object], Any] = attrgetter(*names)
    if len(names) == 1:
        return lambda since, before, now: since._is_now(get(before), get(now))  # noqa: SLF001
    return lambda since, before, now: all(map(since._is_now, get(before), get(now)))  # noqa: SLF001


_COMPARED: dict[type, _Compare] = {}


def _is_record(kind: type) -> bool:
    return hasattr(kind, "_fields") and kind is not SourceFile


def _parts(thing: Any) -> list[Any]:  # noqa: ANN401 - whatever holds places
    """Return what a thing of a kind that has a maker is made of."""
    if isinstance(thing, Mapping):
        return list(thing.values())
    if isinstance(thing, (tuple, list)):
        return list(thing)
    return [getattr(thing, name) for name in fields(thing)]


def _maker(kind: type) -> Callable[[Any, list[Any]], Any] | None:
    """Return what makes a thing anew of other parts; None for what is taken as a whole."""
    if kind not in _MAKERS:
        _MAKERS[kind] = _maker_of(kind)
    return _MAKERS[kind]


def _by_itself(_thing: Any, _parts: list[Any]) -> Any:  # noqa: ANN401 - stands for `moved_by`
    raise NotImplementedError


def _maker_of(kind: type) -> Callable[[Any, list[Any]], Any] | None:
    if hasattr(kind, "moved_by"):
        return _by_itself
    if issubclass(kind, dict):
        return lambda thing, parts: dict(zip(thing, parts, strict=True))
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return lambda _thing, parts: kind(*parts)
    if kind in (tuple, list):
        return lambda _thing, parts: kind(parts)
    if _is_record(kind):
        return lambda thing, parts: kind(**dict(zip(fields(thing), parts, strict=True)))
    if issubclass(kind, _PLACELESS):
        return None
    raise LookupError


_MAKERS: dict[type, Callable[[Any, list[Any]], Any] | None] = {}


_MOST_BELOW: Final = 2
"""How deep in a result the parts stand of which it is known what files they speak of."""


def mentions(result: object) -> tuple[frozenset[str], ...]:
    """Return the files in which each part of a result has places.

    Raises `LookupError` where that cannot be told.
    """
    found = []
    try:
        for part in parts(result):
            paths: set[str] = set()
            _paths_in(part, paths, set())
            found.append(frozenset(paths))
    except RecursionError as error:
        raise LookupError from error
    return tuple(found)


def parts(result: Any, depth: int = _MOST_BELOW) -> Iterator[object]:  # noqa: ANN401
    """Yield the items of the tuples that a result is made of, in order."""
    if type(result) is tuple:
        for item in result:
            if depth and type(item) is tuple:
                yield from parts(item, depth - 1)
            else:
                yield item
    elif depth and _is_record(type(result)):
        for part in _parts(result):
            yield from parts(part, depth - 1)


def _paths_in(thing: Any, paths: set[str], seen: set[int]) -> None:  # noqa: ANN401
    kind = type(thing)
    if kind is Location:
        paths.add(thing.path)
        return
    make = _maker(kind)
    if make is None or id(thing) in seen:
        return
    seen.add(id(thing))
    for part in thing.held() if make is _by_itself else _parts(thing):
        _paths_in(part, paths, seen)
