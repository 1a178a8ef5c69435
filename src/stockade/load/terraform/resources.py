"""One resource or data source, its arguments evaluated when they are asked for."""

from collections.abc import Iterator, Mapping
from typing import Final

from stockade.load.terraform.evaluate import settled
from stockade.load.terraform.scope import Failed, Module, Scope
from stockade.load.terraform.syntax import Block, Body, Name
from stockade.load.terraform.values import at_deployment, known, mapped, pairs
from stockade.model import (
    List,
    Location,
    Map,
    Scalar,
    Unknown,
    Value,
)

_META: Final = frozenset(("count", "for_each", "provider", "depends_on"))
_META_BLOCKS: Final = frozenset(("lifecycle", "provisioner", "connection", "timeouts"))


class ResourceInstance:
    """A resource or data source, one of those that its block makes.

    `repeated` tells that `count` or `for_each` is not known: it stands for all of them.
    """

    def __init__(
        self,
        module: Module,
        address: str,
        block: Block,
        names: Mapping[str, Value],
        *,
        repeated: bool,
    ) -> None:
        self.module = module
        self.address = address
        self.block = block
        self.names = names
        self.repeated = repeated
        self._arguments: dict[str, Value | None] = {}
        self._busy: set[str] = set()

    @property
    def type(self) -> str:
        """The first label: `aws_lambda_function`."""
        return self.block.labels[0]

    @property
    def is_data(self) -> bool:
        """Tell whether it is a data source."""
        return self.block.type == "data"

    @property
    def at(self) -> Location:
        """The first line of its block; that of the call for what a published module makes."""
        return self.module.at(self.block.at)

    @property
    def scope(self) -> Scope:
        """The names that mean something in its block."""
        return Scope(self.module, self.names)

    def argument(self, name: str) -> Value | None:
        """Return an argument, a list of objects for nested blocks; None if there is none."""
        if name in self._busy:
            return Unknown(f"{self.address}.{name} hangs on itself", self.at)
        if name not in self._arguments:
            self._busy.add(name)
            self._arguments[name] = self._argument(name)
            self._busy.discard(name)
        return self._arguments[name]

    def _argument(self, name: str) -> Value | None:
        planned = self.module.planned(self.address)
        if planned.values is None:
            return self._written(name)
        unknown = planned.unknown.get(name) if planned.unknown is not None else None
        return _combined(planned.values.get(name), unknown, self._written(name))

    def _written(self, name: str) -> Value | None:
        written = self.block.body.attributes.get(name)
        if written is not None:
            return settled(written, self.scope)
        blocks = [block for block in self.block.body.blocks if _is_of(block, name)]
        if not blocks:
            return None
        found = [one for block in blocks for one in _block_values(block, self.scope)]
        return List(tuple(found), blocks[0].at) if found else None

    def arguments(self) -> Map:
        """Return every argument that is written."""
        values = self.module.planned(self.address).values
        names = dict.fromkeys(
            (
                *(values.entries if values is not None else ()),
                *self.block.body.attributes,
                *(_name(block) for block in self.block.body.blocks),
            )
        )
        entries = {
            name: value
            for name in names
            if name not in _META
            and name not in _META_BLOCKS
            and (value := self.argument(name)) is not None
        }
        keys = {name: self.key_at(name) for name in entries}
        return Map(entries, self.block.at, keys)

    def key_at(self, name: str) -> Location:
        """Tell where an argument is written."""
        place = self.block.body.keys.get(name)
        if place is not None:
            return place
        for block in self.block.body.blocks:
            if _is_of(block, name):
                return block.at
        return self.block.at


def _combined(planned: Value | None, unknown: Value | None, written: Value | None) -> Value | None:
    """Return what a plan tells of a value; where it is not known, what is written."""
    match unknown:
        case Scalar(value=True):
            return written or planned
        case Map():
            entries: dict[str, Value] = dict(planned.entries) if isinstance(planned, Map) else {}
            for key, one in unknown:
                own = written.get(key) if isinstance(written, Map) else written
                before = planned.get(key) if isinstance(planned, Map) else None
                found = _combined(before, one, own)
                if found is not None:
                    entries[key] = found
            at = planned.at if planned is not None else unknown.at
            return Map(entries, at, dict.fromkeys(entries, at))
        case List() if isinstance(planned, List):
            return List(tuple(_combined_items(planned, unknown, written)), planned.at)
        case _:
            return planned if planned is not None else written


def _combined_items(planned: List, unknown: List, written: Value | None) -> Iterator[Value]:
    for number, one in enumerate(planned.items):
        mark = unknown.items[number] if number < len(unknown.items) else None
        own: Value | None = written
        if isinstance(written, List):
            own = written.items[number] if number < len(written.items) else None
        found = _combined(one, mark, own)
        if found is not None:
            yield found


def _is_of(block: Block, name: str) -> bool:
    return _name(block) == name


def _name(block: Block) -> str:
    """Return the name of a nested block, also where a `dynamic` block makes it."""
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type


def body_value(body: Body, at: Location, scope: Scope) -> Map:
    """Return what stands in a nested block; blocks in it are lists of objects."""
    entries: dict[str, Value] = {}
    keys: dict[str, Location] = dict(body.keys)
    for name, written in body.attributes.items():
        entries[name] = settled(written, scope)
    nested: dict[str, list[Value]] = {}
    for block in body.blocks:
        name = _name(block)
        keys.setdefault(name, block.at)
        nested.setdefault(name, []).extend(_block_values(block, scope))
    for name, values in nested.items():
        if values:
            entries[name] = List(tuple(values), keys[name])
    return Map(entries, at, keys)


def _block_values(block: Block, scope: Scope) -> Iterator[Value]:
    """Yield what a nested block says, once for each item if it is dynamic."""
    if block.type != "dynamic":
        yield body_value(block.body, block.at, scope)
        return
    content = next((one for one in block.body.blocks if one.type == "content"), None)
    for_each = block.body.attributes.get("for_each")
    if content is None or for_each is None or not block.labels:
        return
    iterator = block.body.attributes.get("iterator")
    name = iterator.name if isinstance(iterator, Name) else block.labels[0]
    of = settled(for_each, scope)
    for key, value in _rounds(of, name, block.at):
        names = {name: mapped({"key": key, "value": value}, block.at)}
        yield body_value(content.body, block.at, scope.having(names))


def _rounds(of: Value, name: str, at: Location) -> Iterator[tuple[Value, Value]]:
    """Yield key and value of each round; one round of the unknown where they are not known."""
    try:
        yield from pairs(known(of), at)
    except Failed:
        if not (isinstance(of, Scalar) and of.value is None):
            yield at_deployment(f"{name}.key", at), at_deployment(f"{name}.value", at)
