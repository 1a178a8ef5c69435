"""What every component is made with: its arguments, its resources, links to it, its functions."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from stockade.load.building import Plain, write
from stockade.load.sst.running import Program
from stockade.load.sst.stack import Stack
from stockade.load.sst.things import (
    Array,
    Closure,
    Component,
    Link,
    Native,
    Object,
    Resource,
    Statement,
    Thing,
    entries_of,
    is_nothing,
    listed,
    settled,
    truth,
)
from stockade.load.terraform.values import as_json
from stockade.model import List, Location, Map, Scalar, Unknown, Value, constant

Written: TypeAlias = (
    Thing | str | int | float | bool | Sequence["Written"] | Mapping[str, "Written"] | None
)
"""Plain data with things anywhere in it."""

_SECONDS: Final = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}
_MEGABYTES: Final = {"MB": 1, "GB": 1_024, "TB": 1_048_576}
_RETENTION: Final = {
    "1 day": 1,
    "3 days": 3,
    "5 days": 5,
    "1 week": 7,
    "2 weeks": 14,
    "1 month": 30,
    "2 months": 60,
    "3 months": 90,
    "4 months": 120,
    "5 months": 150,
    "6 months": 180,
    "1 year": 365,
    "13 months": 400,
    "18 months": 545,
    "2 years": 731,
    "3 years": 1096,
    "5 years": 1827,
    "6 years": 2192,
    "7 years": 2557,
    "8 years": 2922,
    "9 years": 3288,
    "10 years": 3653,
}


class Maker:
    """Makes the resources of one component."""

    def __init__(self, program: Program, component: Component, arguments: Object) -> None:
        self.program = program
        self.component = component
        self.arguments = arguments

    @property
    def stack(self) -> Stack:
        """What the configuration declares so far."""
        return self.program.stack

    @property
    def name(self) -> str:
        """The component's name."""
        return self.component.name

    @property
    def at(self) -> Location:
        """Where the component is written."""
        return self.component.at

    def resource(
        self, class_: str, name: str, written: Mapping[str, Written], transform: str = ""
    ) -> Resource:
        """Make a resource; `transform` names the author's changes to its arguments."""
        arguments = object_of(written, self.at)
        change = field(self.arguments, "transform", transform) if transform else None
        changed(self.program, change, arguments, name)
        return self.stack.resource(class_, name, arguments, self.at, self.component.kind)

    def attribute(self, resource: Resource, name: str) -> Value:
        """Return an attribute of a resource."""
        return self.stack.attribute(resource, name, self.at)

    def text(self, *parts: Value | str) -> Value:
        """Return the text that parts make."""
        values = [Scalar(part, self.at) if isinstance(part, str) else part for part in parts]
        return self.stack.text(values, self.at)

    def get(self, *path: str) -> Thing | None:
        """Return an argument by its way; None where it is not written."""
        return field(self.arguments, *path)

    def value(self, *path: str) -> Value | None:
        """Return an argument as a value."""
        found = self.get(*path)
        return None if found is None else settled(found)

    def main(self, resource: Resource, **nodes: Thing) -> None:
        """Note the resource that stands for the component, and what `nodes` gives."""
        self.component.main = resource
        self.component.members["nodes"] = Object(nodes, self.at)

    def link(
        self, properties: Mapping[str, Value], *grants: tuple[Sequence[str], Sequence[Value]]
    ) -> None:
        """Note what a link to the component gives: properties, and actions on resources."""
        statements = [statement(actions, resources, self.at) for actions, resources in grants]
        self.component.link = Link(properties, statements)
        for name, value in properties.items():
            self.component.members.setdefault(name, value)


def statement(actions: Sequence[str], resources: Sequence[Value], at: Location) -> Statement:
    """Return a statement that allows actions on resources."""
    return Statement(write(list(actions), at), List(tuple(resources), at), is_generated=True)


def changed(program: Program, change: Thing | None, arguments: Object, name: str) -> None:
    """Change arguments as a `transform` says: by settings, or by a function that sets some."""
    at = arguments.at
    if change is None or is_nothing(change):
        return
    if isinstance(change, Closure):
        program.call(change, [arguments, Object({}, at), Scalar(name, at)], change.at)
        return
    entries = entries_of(change)
    if entries is None:
        program.stack.miss(change.at, "what a transform changes is not known")
        return
    for key, value in entries.items():
        arguments.put(key, value, change.keys.get(key) if isinstance(change, Object) else None)


# --- data ---------------------------------------------------------------------------------------


def thing_of(written: Written, at: Location) -> Thing:
    """Return plain data as a thing; what is None is left out of objects."""
    if written is None:
        return Scalar(None, at)
    if isinstance(written, str | int | float):
        return Scalar(written, at)
    if isinstance(written, Mapping):
        return object_of(written, at)
    if isinstance(written, list | tuple):
        return Array([thing_of(one, at) for one in written], at)
    return written  # type: ignore[return-value]


def object_of(written: Mapping[str, Written], at: Location) -> Object:
    """Return arguments as an object; what is None is left out."""
    entries = {key: thing_of(one, at) for key, one in written.items() if not _is_nothing(one)}
    return Object(entries, at)


def _is_nothing(written: Written) -> bool:
    return written is None or (isinstance(written, Scalar) and written.value is None)


def field(thing: Thing | None, *path: str) -> Thing | None:
    """Return what stands in objects under a way of names; None where nothing does."""
    for name in path:
        entries = entries_of(thing) if thing is not None else None
        thing = entries.get(name) if entries is not None else None
    return None if is_nothing(thing) else thing


def as_object(thing: Thing | None, at: Location) -> Object:
    """Return arguments as an object that can be changed; an empty one where there are none."""
    if isinstance(thing, Object):
        return Object(thing.entries, thing.at, thing.keys)
    entries = entries_of(thing) if thing is not None else None
    keys = thing.keys if isinstance(thing, Map) else {}
    return Object(entries or {}, at, keys)


def text_of(thing: Thing | None) -> str | None:
    """Return the text that a thing surely is."""
    found = constant(settled(thing)) if thing is not None else None
    return found if isinstance(found, str) else None


def is_true(thing: Thing | None) -> bool:
    """Tell whether a thing surely counts as true."""
    return thing is not None and truth(thing) is True


def items_of(thing: Thing | None) -> list[Thing]:
    """Return the items of a list; a thing that is none as the only one."""
    if thing is None or is_nothing(thing):
        return []
    found = listed(thing)
    return [thing] if found is None else [one for one in found if not is_nothing(one)]


def document(statements: Sequence[Plain], at: Location) -> Value:
    """Return a policy as the text of JSON that Pulumi passes on."""
    return as_json(write({"Version": "2012-10-17", "Statement": list(statements)}, at), at)


def encoded(thing: Thing) -> Value:
    """Return the text of JSON that means a thing."""
    return as_json(settled(thing), thing.at)


def seconds(thing: Thing | None, default: str, at: Location) -> Value:
    """Return a duration in seconds: `20 seconds`, `5 minutes`."""
    return _counted(thing, default, at, lambda unit: _SECONDS.get(unit.lower().removesuffix("s")))


def megabytes(thing: Thing | None, default: str, at: Location) -> Value:
    """Return a size in megabytes: `1024 MB`, `2 GB`."""
    return _counted(thing, default, at, _MEGABYTES.get)


def _counted(thing: Thing | None, default: str, at: Location, size: object) -> Value:
    text = text_of(thing) if thing is not None else default
    if text is None:
        return Unknown("it is not known", thing.at if thing is not None else at)
    place = thing.at if thing is not None else at
    number, _, unit = text.strip().partition(" ")
    factor = size(unit.strip()) if callable(size) else None
    try:
        count = float(number)
    except ValueError:
        return Unknown(f"{text[:40]} is no such quantity", place)
    if factor is None or not 0 <= count < 1e9:  # noqa: PLR2004 - what is larger is a mistake
        return Unknown(f"{text[:40]} is no such quantity", place)
    return Scalar(int(count * factor), place)


def days(thing: Thing | None, at: Location) -> Value | None:
    """Return how many days logs are kept; None for ever."""
    text = text_of(thing) if thing is not None else "1 month"
    place = thing.at if thing is not None else at
    if text == "forever":
        return None
    found = _RETENTION.get(text or "")
    return Scalar(found, place) if found is not None else Unknown("it is not known", place)


def method(component: Component, name: str, run: object) -> None:
    """Give a component a method: `run(arguments, at)`."""
    component.members[name] = Native(run, component.at)  # type: ignore[arg-type]
