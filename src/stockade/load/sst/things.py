"""What a configuration of SST holds while it is read: JavaScript's own kinds, and components.

Values of the model stand for themselves. Objects and lists can be changed, as in JavaScript; what
becomes of them in a template is told by `settled`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias, Union

from stockade.load.javascript import Node
from stockade.load.scripts import Script
from stockade.load.terraform.values import ITSELF
from stockade.model import (
    Choice,
    List,
    Location,
    Map,
    Parameter,
    Reference,
    Scalar,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from stockade.load.terraform.resources import ResourceInstance

Thing: TypeAlias = Union[
    Value, "Object", "Array", "Closure", "Class", "Native", "Namespace", "Resource", "Component"
]

_DEEPEST = 60
"""Objects within objects."""
_LARGEST = 20_000
"""Values within one value."""


class Object:
    """An object: entries in the author's order, and where each key was written."""

    def __init__(
        self,
        entries: Mapping[str, Thing],
        at: Location,
        keys: Mapping[str, Location] | None = None,
    ) -> None:
        self.entries: dict[str, Thing] = dict(entries)
        self.at = at
        self.keys: dict[str, Location] = dict(keys or {})

    def get(self, name: str) -> Thing | None:
        """Return an entry; None where there is none, or it is undefined or null."""
        found = self.entries.get(name)
        return None if is_nothing(found) else found

    def put(self, name: str, thing: Thing, at: Location | None = None) -> None:
        """Set an entry."""
        self.entries[name] = thing
        self.keys[name] = at or thing.at


class Array:
    """A list."""

    def __init__(self, items: Iterable[Thing], at: Location) -> None:
        self.items: list[Thing] = list(items)
        self.at = at


class Scope:
    """Names and what they stand for, within those of the scopes around."""

    def __init__(self, outer: "Scope | None" = None) -> None:
        self.outer = outer
        self.names: dict[str, Thing] = {}

    def find(self, name: str) -> Thing | None:
        """Return what a name stands for; None if nothing has that name."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return None

    def assign(self, name: str, thing: Thing) -> None:
        """Give a name that is there another meaning."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                scope.names[name] = thing
                return
            scope = scope.outer
        self.names[name] = thing


class Closure:
    """A function of the author, with the names that it sees."""

    def __init__(self, node: Node, script: Script, scope: Scope, at: Location) -> None:
        self.node = node
        self.script = script
        self.scope = scope
        self.at = at


class Class:
    """A class of the author, with the names that it sees and the class that it extends."""

    def __init__(
        self, node: Node, script: Script, scope: Scope, base: "Class | None", at: Location
    ) -> None:
        self.node = node
        self.script = script
        self.scope = scope
        self.base = base
        self.at = at


class Native:
    """A function of JavaScript, of SST or of Pulumi."""

    def __init__(self, run: Callable[[list[Thing], Location], Thing], at: Location) -> None:
        self.run = run
        self.at = at


class Namespace:
    """A name of SST, of a provider or of JavaScript: `sst.aws.Bucket`."""

    def __init__(self, name: str, at: Location) -> None:
        self.name = name
        self.at = at


class Resource:
    """A resource of Pulumi, by its class there: what Terraform knows under another name."""

    def __init__(self, class_: str, instance: "ResourceInstance", at: Location) -> None:
        self.class_ = class_
        self.instance = instance
        self.at = at

    @property
    def address(self) -> str:
        """Its name in the template."""
        return self.instance.address


class Statement:
    """A statement of a policy that a link brings, or that the author writes."""

    def __init__(
        self,
        actions: Value,
        resources: Value,
        effect: Value | None = None,
        *,
        is_generated: bool = False,
    ) -> None:
        self.actions = actions
        self.resources = resources
        self.effect = effect
        self.is_generated = is_generated


class Link:
    """What a function that is linked to something gets: properties to read, and permissions."""

    def __init__(
        self, properties: Mapping[str, Value], statements: Sequence[Statement] = ()
    ) -> None:
        self.properties = properties
        self.statements = tuple(statements)


class Component:
    """A component of SST: `new sst.aws.Queue("Orders")`.

    `link` is None where a link to it grants something that is not known here.
    """

    def __init__(self, kind: str, name: str, at: Location) -> None:
        self.kind = kind
        self.name = name
        self.at = at
        self.main: Resource | None = None
        self.members: dict[str, Thing] = {}
        self.link: Link | None = None


def is_nothing(thing: Thing | None) -> bool:
    """Tell whether a thing is undefined or null, for certain."""
    return thing is None or (isinstance(thing, Scalar) and thing.value is None)


def nothing(at: Location) -> Scalar:
    """Return `undefined`."""
    return Scalar(None, at)


def settled(thing: Thing) -> Value:
    """Return what a thing is in a template. What is undefined is left out of objects and lists."""
    return _Settling().settled(thing)


class _Settling:
    """Things on their way into a template: each object once, none too large, none in itself."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Value, int]] = {}
        self._busy: set[int] = set()

    def settled(self, thing: Thing) -> Value:
        """Return what a thing is."""
        return self._weighed(thing)[0]

    def _weighed(self, thing: Thing) -> tuple[Value, int]:
        """Return what a thing is, and how many values that holds where it is written out."""
        if not isinstance(thing, Object | Array):
            return _plain(thing), 1
        key = id(thing)
        known = self._known.get(key)
        if known is None:
            if key in self._busy or len(self._busy) > _DEEPEST:
                return Unknown("it holds itself, or too much", thing.at), 1
            self._busy.add(key)
            known = self._known[key] = self._collection(thing)
            self._busy.discard(key)
        return known

    def _collection(self, thing: Object | Array) -> tuple[Value, int]:
        if isinstance(thing, Array):
            items = [self._weighed(one) for one in thing.items if not is_nothing(one)]
            weight = 1 + sum(one for _, one in items)
            made: Value = List(tuple(value for value, _ in items), thing.at)
        else:
            entries = {
                name: self._weighed(one)
                for name, one in thing.entries.items()
                if not is_nothing(one)
            }
            weight = 1 + sum(one for _, one in entries.values())
            made = Map({name: value for name, (value, _) in entries.items()}, thing.at, thing.keys)
        if weight > _LARGEST:
            return Unknown("it is too large to be read", thing.at), 1
        return made, weight


def _plain(thing: Thing) -> Value:
    match thing:
        case Resource():
            return Reference(thing.address, ITSELF, thing.at)
        case Component():
            if thing.main is not None:
                return Reference(thing.main.address, ITSELF, thing.at)
            return Unknown(f"it is the component {thing.name[:60]} as a whole", thing.at)
        case Closure() | Native() | Class():
            return Unknown("it is a function of the configuration", thing.at)
        case Namespace():
            return Unknown(f"it is {thing.name[:60]}, which is not known here", thing.at)
        case Object() | Array():
            return Unknown("it is an object", thing.at)
        case _:
            return thing


def truth(thing: Thing) -> bool | None:
    """Tell whether a thing counts as true; None where only a deployment tells."""
    match thing:
        case Parameter(value=None):
            return None
        case Parameter(value=given) if given is not None:
            return truth(given)
        case Scalar(value=value):
            return bool(value)
        case Unknown() | Choice():
            return None
        case _:
            return True


def listed(thing: Thing) -> list[Thing] | None:
    """Return the items of a list; None if it is not known to be one."""
    match thing:
        case Array():
            return list(thing.items)
        case List():
            return list(thing.items)
        case Parameter(value=List() as given):
            return list(given.items)
        case _:
            return None


def entries_of(thing: Thing) -> Mapping[str, Thing] | None:
    """Return the entries of an object; None if it is not known to be one."""
    match thing:
        case Object():
            return dict(thing.entries)
        case Map():
            return dict(thing.entries)
        case Scalar(value=None | False):
            return {}
        case _:
            return None
