"""How the tables say what a resource of Terraform is in CloudFormation."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, Protocol, TypeAlias

from stockade.load.sources import Folder
from stockade.load.terraform.bundles import Package
from stockade.load.terraform.resources import ResourceInstance
from stockade.load.terraform.scope import Scope
from stockade.model import Location, Map, Scalar, Value
from stockade.model.record import record


class Made:
    """A resource of CloudFormation while it is put together."""

    def __init__(self, id_: str, type_: str, properties: Map, at: Location) -> None:
        self.id = id_
        self.type = type_
        self.entries: dict[str, Value] = dict(properties.entries)
        self.keys: dict[str, Location] = dict(properties.keys)
        self.at = at
        self.metadata: dict[str, Value] = {}

    def put(self, name: str, value: Value, at: Location | None = None) -> None:
        """Set a property."""
        self.entries[name] = value
        self.keys[name] = at or value.at

    def take(self, name: str) -> Value | None:
        """Take a property away and return it."""
        self.keys.pop(name, None)
        return self.entries.pop(name, None)

    def rename(self, name: str, new: str) -> None:
        """Give a property another name, if it is there."""
        if name in self.entries:
            at = self.keys.get(name)
            self.put(new, self.entries.pop(name), at)

    def wrap(self, name: str, *path: str) -> None:
        """Move a property into maps, one in the other: `Enabled` into `Specification.Enabled`."""
        value = self.take(name)
        if value is not None:
            self.put(path[0], nested(value, *path[1:]))

    @property
    def properties(self) -> Map:
        """Its properties."""
        return Map(self.entries, self.at, self.keys)


class Template(Protocol):
    """The template while it is put together: what a table may ask of it, and do to it."""

    instances: Mapping[str, ResourceInstance]
    bundles: dict[str, Package]

    @property
    def scope(self) -> Scope:
        """The names of the root module."""

    @property
    def sources(self) -> Folder:
        """The files of the scanned folder."""

    @property
    def root_folder(self) -> str:
        """The folder to which paths are relative."""

    def of_type(self, *types: str) -> Iterator[ResourceInstance]:
        """Yield the resources of the given types of Terraform."""

    def find(self, value: Value | None, *types: str) -> str | None:
        """Return the resource of one of the types that a value means: by reference, or by name."""

    def add(self, made: Made, written_as: str) -> None:
        """Take in a resource."""

    def add_policy(
        self,
        instance: ResourceInstance,
        type_: str,
        holder: str,
        policy: Value,
        name: str = "PolicyDocument",
    ) -> None:
        """Add the policy that a resource of Terraform holds as one of its own arguments."""

    def merge(self, owner: str, properties: Map) -> None:
        """Put properties into a resource: lists are joined, maps are merged."""


Shape: TypeAlias = Callable[[Made, ResourceInstance, Template], None]
"""Brings properties into CloudFormation's form where another name is not enough."""

Owner: TypeAlias = Callable[[Made, ResourceInstance, Template], str | None]
"""Returns the id of the resource that a separately declared piece belongs to."""


@record(kw_only=True)
class Kind:
    """What a resource type of Terraform is.

    Names of arguments become CloudFormation's by their words (`memory_size`, `MemorySize`)
    except those in `names`. Arguments of nested blocks are named with a dot (`rule.id`). Blocks
    that stand at most once are `single`; the others are lists. `json` holds documents in texts.
    `references` are the forms of attributes (see `stockade.load.terraform.references`).

    A type with an `owner` is a piece of that resource: its properties are put into the owner's.
    """

    type: str
    names: Mapping[str, str] = {}
    single: frozenset[str] = frozenset()
    json: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()
    references: Mapping[str, str] = {}
    shape: Shape | None = None
    owner: Owner | None = None


def words(text: str) -> frozenset[str]:
    """Return the words of a text: how the tables write sets."""
    return frozenset(text.split())


def pairs(text: str) -> Mapping[str, str]:
    """Return what a text of `name=Name` pairs says: how the tables write renamings."""
    return dict(pair.split("=", 1) for pair in text.split())


def nested(value: Value, *path: str) -> Value:
    """Return a value inside maps with one key each."""
    for key in reversed(path):
        value = Map({key: value}, value.at, {key: value.at})
    return value


def text(value: str, at: Location) -> Scalar:
    """Return a text."""
    return Scalar(value, at)


def owned_by(argument: str, *types: str) -> Owner:
    """Make the owner of pieces that name it in an argument; the property of it is taken away."""

    def owner(made: Made, _instance: ResourceInstance, into: Template) -> str | None:
        return into.find(made.take(argument), *types)

    return owner


NAMED: Final[Mapping[str, str]] = {"name": "", "id": ""}
"""Resources whose `Ref` is their name."""
