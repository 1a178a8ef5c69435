"""What a template says may start something: the common form of every kind of trigger."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from stockade.model import (
    EventSourceType,
    Location,
    Map,
    Names,
    Resource,
    ResourceId,
    Route,
    Sources,
    Unseen,
    Value,
    constant,
    expression,
)
from stockade.model.record import record


@record(kw_only=True)
class Trigger:
    """Something that passes events to `target`, which may turn out to be a function or not.

    `targets` are the resources that the value means where it is not the value that tells (an
    integration names its queue in a request parameter).
    """

    type: EventSourceType
    at: Location
    target: Value | None = None
    targets: tuple[ResourceId, ...] = ()
    resource: ResourceId | None = None
    source: Value | None = None
    route: Route | None = None
    detail: Map | None = None


class Declared:
    """The resources of one application, as the readers of triggers ask for them."""

    def __init__(self, resources: Mapping[ResourceId, Resource], sources: Sources) -> None:
        self.resources = resources
        self.sources = sources
        self.names = Names(resources)
        self._by_type: dict[str, list[Resource]] = {}
        for resource in resources.values():
            self._by_type.setdefault(resource.type, []).append(resource)

    def of_type(self, *types: str) -> Iterator[Resource]:
        """Yield the resources of the given types, in the author's order type by type."""
        for name in types:
            yield from self._by_type.get(name, ())

    def has(self, types: Iterable[str]) -> bool:
        """Tell whether any resource has one of the types."""
        return any(name in self._by_type for name in types)

    def types(self) -> Iterator[str]:
        """Yield each type that the application uses."""
        return iter(self._by_type)


Reader: TypeAlias = Callable[[Declared], Iterable[Trigger | Unseen]]
"""Reads one family of triggers. What it cannot read it yields as `Unseen`."""


def shown(value: Value) -> str:
    """Return the text that a value surely is, else the expression that it is written as."""
    known = constant(value)
    return known if isinstance(known, str) else expression(value)


def merged(at: Location, *maps: Map | None, only: Iterable[str] | None = None) -> Map:
    """Put the entries of several maps into one; the first to have a key has it."""
    wanted = None if only is None else frozenset(only)
    entries: dict[str, Value] = {}
    keys: dict[str, Location] = {}
    for one in maps:
        for key, value in one or ():
            if key not in entries and (wanted is None or key in wanted):
                entries[key] = value
                keys[key] = one.key_at(key) if one else at
    return Map(entries, at, keys)
