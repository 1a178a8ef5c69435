"""What a call is given, taken apart: every text in a document, and whose data is in it.

What functions send each other are documents: maps and lists of texts, often written as JSON.
Each part keeps its way in the document, its value as a template would have it (which filters
look at), and the data of others that is in it.
"""

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from stockade.analysis.events import Path, path_of
from stockade.analysis.interpreter import files, sinks
from stockade.analysis.interpreter.convert import Conversion, Converter, location
from stockade.analysis.interpreter.protocol import Machine, Site
from stockade.analysis.interpreter.values import (
    CALLER,
    EVERYTHING,
    ROLE,
    Anything,
    Data,
    Event,
    HeapObject,
    Node,
    Ref,
    Taint,
    Val,
)
from stockade.model import Location, Unknown, Value
from stockade.model.record import record, replace

ITEM: Final = "[]"
ANY: Final = "*"
"""Any key that is not named beside it."""

MOST_PARTS: Final = 96
MOST_DEEP: Final = 8


@record
class Carried:
    """Data of others in a part of a document, and the step at which it was there.

    `safe` are the kinds of sinks for which it was made safe before. `whole` tells that the part
    is the data itself, so that what lies below it in the document lies below it in the data.
    """

    data: Data
    node: Node
    safe: frozenset[str]
    whole: bool = False


@record(eq=False)
class Part:
    """One text of a document, or one thing of which only this much is known."""

    path: Path
    value: Value
    carried: tuple[Carried, ...] = ()


Document: TypeAlias = tuple[Part, ...]


def under(path: Iterable[str], document: Document) -> Document:
    """Return the document as it stands below `path` in another."""
    before = tuple(path)
    return tuple(replace(part, path=before + part.path) for part in document)


def found_at(document: Document, path: Path) -> Iterator[tuple[Part, Path]]:
    """Yield the parts at `path`, in it and around it, with the way from the part to `path`."""
    for part in document:
        length = len(part.path)
        if all(_same(one, two) for one, two in zip(part.path, path, strict=False)):
            if ANY in part.path and _is_named(document, part.path, path):
                continue
            # What stands for any key is about the key itself, too.
            yield part, path[length - 1 if part.path[-1:] == (ANY,) else length :]


def below(document: Document, path: Path) -> Document:
    """Return what stands at `path` as a document of its own; parts around it are in it whole."""
    return tuple(
        replace(part, path=part.path[len(path) :], carried=tuple(_inner(part.carried, rest)))
        for part, rest in found_at(document, path)
    )


def without(part: Part, path: Path) -> Iterator[Part]:
    """Yield what is left of a part once something else stands at `path`."""
    length = len(part.path)
    if part.path[: len(path)] == path:
        return
    if part.path != path[:length]:
        yield part
        return
    for place in range(length, len(path)):
        carried = _inner(part.carried, path[length:place])
        yield replace(part, path=(*path[:place], ANY), carried=tuple(carried))


def carries(document: Document) -> bool:
    """Tell whether data of others is anywhere in a document."""
    return any(part.carried for part in document)


def _inner(carried: Iterable[Carried], rest: Path) -> Iterator[Carried]:
    for one in carried:
        yield at_path(one, rest)


def at_path(carried: Carried, rest: Path) -> Carried:
    """Return the data that lies `rest` below what is carried, where that can be told."""
    if not rest or not carried.whole or rest[0] == ITEM:
        return carried
    data = carried.data
    field = ".".join((data.field, *rest)) if data.field else ".".join(rest)
    deeper = replace(data, field=field.replace(".[]", "[]"))
    return Carried(deeper, carried.node, carried.safe, whole=True)


def _same(one: str, two: str) -> bool:
    return one == two or one in (ITEM, ANY) or two in (ITEM, ANY)


def _is_named(document: Document, path: Path, wanted: Path) -> bool:
    """Tell whether the key that `ANY` would stand for is named beside it."""
    place = path.index(ANY)
    if place >= len(wanted) or wanted[place] in (ITEM, ANY):
        return False
    named = (*path[:place], wanted[place])
    return any(part.path[: place + 1] == named for part in document)


class Documents:
    """Takes values apart as they are at this point of the run."""

    def __init__(self, converter: Converter) -> None:
        self._converter = converter

    def of(self, machine: Machine, value: Val, site: Site, path: Path = ()) -> Document:
        """Return the parts of `value`, each below `path`."""
        parts: list[Part] = []
        taking = _Taking(machine, self._converter.at(machine, site), location(site))
        for part in taking.parts(value, path, MOST_DEEP):
            parts.append(part)
            if len(parts) >= MOST_PARTS:
                parts.append(Part(path, Unknown("it holds more than is followed", taking.at)))
                break
        return tuple(parts)


class _Taking:
    """Takes one value apart."""

    __slots__ = ("_conversion", "_machine", "at")

    def __init__(self, machine: Machine, conversion: Conversion, at: Location) -> None:
        self._machine = machine
        self._conversion = conversion
        self.at = at

    def parts(self, value: Val, path: Path, depth: int) -> Iterator[Part]:
        """Yield the parts of a value."""
        others = []
        for shape in value.shapes:
            if depth and isinstance(shape, Anything) and shape.of is not None:
                yield from self.parts(shape.of, path, depth - 1)
            elif depth and isinstance(shape, Ref):
                for _, found in self._machine.objects(Val((shape,))):
                    yield from self._inside(found, path, depth - 1)
            else:
                others.append(shape)
        if others:
            yield self._part(Val(tuple(others), value.taints), path)

    def _inside(self, found: HeapObject, path: Path, depth: int) -> Iterator[Part]:
        if found.kind == "file":
            file = found.type
            content = files.read_file(self._machine, file) if file is not None else None
            if content is not None:
                yield from self.parts(content, path, depth)
            return
        in_order = found.kind in ("list", "tuple", "set", "iterator")
        for key, content in found.entries.items():
            inner = (*path, ITEM if in_order else str(key))
            yield from self.parts(content, inner, depth)
        spread = found.spread or (() if found.rest is None else (found.rest,))
        for content in spread:
            if found.spread and any(isinstance(shape, Event) for shape in content.shapes):
                # Any other key is that key of what was spread.
                yield self._part(content, (*path, ANY), whole=True)
            else:
                inner = (*path, ITEM if in_order else ANY)
                yield from self.parts(content, inner, depth)
        if not found.entries and not spread:
            yield Part(path, Unknown("it is empty", self.at))

    def _part(self, value: Val, path: Path, *, whole: bool = False) -> Part:
        machine = self._machine
        whole = whole or any(isinstance(shape, Event) for shape in value.shapes)
        proved = machine.proved()
        known = [] if proved is None else [CALLER, ROLE] if proved.of_role else [CALLER]
        carried = []
        taints = machine.inside(value).taints
        placed = _placed(machine, value) if taints else {}
        for taint in taints:
            here = (kind for kind, reached in placed.items() if taint.data not in reached)
            safe = machine.made_safe(taint).union(known, here)
            if EVERYTHING not in safe:
                is_it = whole and _is_field(value, taint)
                carried.append(Carried(machine.narrowed(taint).data, taint.node, safe, is_it))
        return Part(path, self._conversion.value(value), tuple(carried))


def _is_field(value: Val, taint: Taint) -> bool:
    """Tell whether the data is the field of the event that the value is."""
    field = path_of(taint.data.field)
    return any(isinstance(shape, Event) and shape.path == field for shape in value.shapes)


def _placed(machine: Machine, value: Val) -> dict[str, frozenset[Data]]:
    """Return the data that may do harm by its place in a text, for each such kind of sinks.

    Other data in the text stands at a harmless place of it.
    """
    return {
        kind: frozenset(one.data for one in sinks.reaching(machine, kind, value))
        for kind in sinks.PLACED
    }
