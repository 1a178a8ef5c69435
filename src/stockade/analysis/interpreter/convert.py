"""Abstract values as the values that templates have, for rules, permissions and reports."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from stockade.analysis.events import STORED, name_of
from stockade.analysis.facts import OriginKind
from stockade.analysis.interpreter.places import made_of
from stockade.analysis.interpreter.protocol import Invocation, Machine, Site
from stockade.analysis.interpreter.values import (
    Anything,
    Const,
    Environment,
    Event,
    External,
    HeapObject,
    Ref,
    Shape,
    Taint,
    Text,
    Val,
    const,
)
from stockade.analysis.libraries.model import Argument, Named, Test
from stockade.model import (
    Choice,
    Concatenation,
    EventData,
    List,
    Location,
    Map,
    Scalar,
    Unknown,
    Value,
    in_words,
)

MOST_DEEP: Final = 4
MOST_ITEMS: Final = 64
DEEP_FOR_TESTS: Final = 16
"""A test may look deeper into an argument than a report does: schemas are nested."""
MOST_FOR_TESTS: Final = 1_000
"""Values inside one argument that are converted for a test."""


class Converter:
    """Follows environment variables into the template of one function."""

    def __init__(self, environment: Mapping[str, Value] | Unknown) -> None:
        self._environment = environment

    def at(self, machine: Machine, site: Site) -> "Conversion":
        """Begin to convert at this point of the run, with the place of the code for constants."""
        return Conversion(self._environment, machine, location(site))

    def value(self, machine: Machine, value: Val, site: Site) -> Value:
        """Return `value` as a template would have it, with the place of the code for constants."""
        return self.at(machine, site).value(value)

    def values(self, machine: Machine, values: Mapping[str, Val], site: Site) -> dict[str, Value]:
        """Return each of several values as a template would have it."""
        if not values:
            return {}
        conversion = self.at(machine, site)
        return {name: conversion.value(value) for name, value in values.items()}

    def argument(self, machine: Machine, value: Val, site: Site) -> Argument:
        """Return `value` for a table's test: a library's object is named."""
        for shape in value.shapes:
            if isinstance(shape, External) and len(value.shapes) == 1:
                return Named(shape.name)
        conversion = Conversion(self._environment, machine, location(site), MOST_FOR_TESTS)
        return conversion.value(value, DEEP_FOR_TESTS)

    def words(self, machine: Machine, value: Val, site: Site) -> str:
        """Return `value` as a few words for people: `${SecretName}`, `prod/...`, `...`."""
        return _words(self.value(machine, value, site)) or "..."


class Conversion:
    """Converts values as they are at one point of the run.

    Objects refer to each other: each is converted once for each depth it is met at, and of each
    way of data it is asked once whether anything has checked it. `left` is how many entries may
    be converted in all, if that is bounded.
    """

    __slots__ = ("_at", "_environment", "_left", "_looked_at", "_machine", "_objects")

    def __init__(
        self,
        environment: Mapping[str, Value] | Unknown,
        machine: Machine,
        at: Location,
        left: int | None = None,
    ) -> None:
        self._environment = environment
        self._machine = machine
        self._at = at
        self._left = left
        self._objects: dict[tuple[int, int], Value] = {}
        self._looked_at: dict[Taint, bool] = {}

    def value(self, value: Val, depth: int = MOST_DEEP) -> Value:
        """Return `value` as a template would have it, looked into so many objects deep."""
        first, *others = value.shapes
        result = self._shape(first, value, depth)
        for shape in others:
            other = self._shape(shape, value, depth)
            result = Choice("the code's branches", result, other, self._at)
        return result

    def _shape(self, shape: Shape, value: Val, depth: int) -> Value:
        at = self._at
        match shape:
            case Const(bytes() as raw):
                return Scalar(raw.decode("utf-8", "replace"), at)
            case Const(str() | int() | float() | None as plain):
                return Scalar(plain, at)
            case Environment(name):
                return self._variable(name)
            case Text(parts) if depth:
                return _concatenated(tuple([self.value(part, depth - 1) for part in parts]), at)
            case Ref(address) if depth:
                found = self._machine.state.object(address)
                if found is None:
                    return Unknown("it is not followed further", at)
                return self._object(address, found, depth - 1)
            case Event((first, *_)) if first.startswith(STORED):
                return Unknown("it was stored before", at)
            case Event(path) if not value.taints:
                return Unknown("AWS writes it into the event", at, name_of(path))
            case _ if written := _written_by_others(value):
                checked = all(self._is_looked_at(taint) for taint in written)
                return EventData(written[0].data.field, at, checked)
            case Anything(why) if why:
                return Unknown(why, at)
            case External(name):
                return Unknown(f"it comes from {name}", at)
            case _:
                return Unknown("the code computes it", at)

    def _variable(self, name: str) -> Value:
        if isinstance(self._environment, Unknown):
            return self._environment
        value = self._environment.get(name)
        if value is None:
            return Unknown(f"the template sets no variable {name}", self._at)
        return value

    def _is_looked_at(self, taint: Taint) -> bool:
        known = self._looked_at.get(taint)
        if known is None:
            known = self._looked_at[taint] = self._machine.looked_at(taint)
        return known

    def _object(self, address: int, found: HeapObject, depth: int) -> Value:
        if self._left is not None:
            return self._contents(found, depth)
        known = self._objects.get((address, depth))
        if known is None:
            known = self._objects[address, depth] = self._contents(found, depth)
        return known

    def _contents(self, found: HeapObject, depth: int) -> Value:
        entries = dict(list(found.entries.items())[:MOST_ITEMS])
        if self._left is not None:
            self._left -= len(entries)
            # What refers to itself many times over would not end at this depth.
            depth = depth if self._left > 0 else 0
        if found.kind == "map":
            made = {str(key): self.value(content, depth) for key, content in entries.items()}
            return Map(made, self._at, {})
        if found.kind in ("list", "tuple", "set", "iterator"):
            contents = [*entries.values(), *([found.rest] if found.rest is not None else [])]
            return List(tuple([self.value(each, depth) for each in contents]), self._at)
        return Unknown(f"it is an object of {found.name or found.kind}", self._at)


class Converted(Mapping[str, Argument]):
    """A call's arguments for a table's test, each converted when the test looks at it.

    `"0.key"` is the entry of a map that argument 0 is, if the code writes it or spreads data of
    others into the map.
    """

    __slots__ = ("_converted", "_converter", "_machine", "_site", "_values")

    def __init__(
        self, machine: Machine, converter: Converter, values: Mapping[str, Val], site: Site
    ) -> None:
        self._machine = machine
        self._converter = converter
        self._values = values
        self._site = site
        self._converted: dict[str, Argument] = {}

    def __getitem__(self, key: str) -> Argument:
        known = self._converted.get(key)
        if known is None:
            value = self._values.get(key)
            if value is None:
                value = self._entry(key)
            known = self._converter.argument(self._machine, value, self._site)
            self._converted[key] = known
        return known

    def __contains__(self, key: object) -> bool:
        return key in self._values

    def _entry(self, key: str) -> Val:
        holder, _, name = key.rpartition(".")
        value = self._values.get(holder)
        for _, found in self._machine.objects(value) if value is not None else ():
            if name in found.entries:
                return found.entries[name]
            for spread in found.spread:
                given = self._machine.index(spread, const(name), self._site)
                if given.taints:
                    return given
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class Tests:
    """The tests of a table's lines for one call, whose arguments are converted once for all."""

    __slots__ = ("_arguments", "_call", "_converter", "_machine")

    def __init__(self, machine: Machine, converter: Converter, call: Invocation) -> None:
        self._machine = machine
        self._converter = converter
        self._call = call
        self._arguments: Converted | None = None

    def holds(self, test: Test | None) -> bool | None:
        """Tell whether a line holds for this call; None where its test cannot tell."""
        return True if test is None else test(self.arguments)

    @property
    def arguments(self) -> Converted:
        """The call's arguments as tables name them."""
        if self._arguments is None:
            call = self._call
            given = dict(call.arguments.by_key())
            given["self"] = call.receiver
            given.update((f"self.{name}", value) for name, value in made_of(call.receiver))
            self._arguments = Converted(self._machine, self._converter, given, call.site)
        return self._arguments


def _written_by_others(value: Val) -> list[Taint]:
    """Return the data of others in a value; whose data a store gave back is not known here."""
    return [taint for taint in value.taints if taint.data.kind is not OriginKind.STORED]


def _words(value: Value) -> str:
    """Write a text for people; what the code computes or the event decides is `...`."""
    if isinstance(value, Concatenation):
        return re.sub(r"(?:\.\.\.)+", "...", "".join(_words(part) for part in value.parts))
    if isinstance(value, Choice | EventData | Unknown | List | Map):
        return "..."
    return in_words(value)


def _concatenated(parts: tuple[Value, ...], at: Location) -> Value:
    flat: list[Value] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Concatenation) else (part,))
    return Concatenation(tuple(flat), at)


def location(site: Site) -> Location:
    """Return the place in the author's file."""
    return site.file.at(*site.span)
