"""OpenAPI documents of APIs: the author's own, and what events add to them.

Documents are values like every other; what is changed here is made anew. Paths and methods may
hang on conditions, so that every change goes into each branch.
"""

from collections.abc import Callable, Iterable, Mapping

from stockade.load.building import Plain, entry, guard, is_empty, write, write_map
from stockade.load.sam.api_draft import Operation
from stockade.model import Choice, List, Location, Map, NoValue, Value
from stockade.model.record import replace

INTEGRATION = "x-amazon-apigateway-integration"
ENDPOINT = "x-amazon-apigateway-endpoint-configuration"

_NO_METHODS = frozenset({"summary", "description", "parameters", "servers", "$ref"})

Change = Callable[[str, str, Map], Map]
"""Takes a path, a method and its definition, and returns the definition changed."""

Requirements = list[tuple[str, Value]]
"""What a method asks of callers: names of security schemes, with their scopes."""


def extended(base: Map, entries: Mapping[str, Value], at: Location | None = None) -> Map:
    """Return `base` with `entries` added or replaced; `at` tells where new keys stand."""
    keys = dict(base.keys)
    if at is not None:
        keys.update((key, at) for key in entries if key not in base.entries)
    return Map({**base.entries, **entries}, base.at, keys)


def without(base: Map, *removed: str) -> Map:
    """Return `base` without some keys."""
    kept = {key: value for key, value in base.entries.items() if key not in removed}
    return replace(base, entries=kept)


def in_each_map(value: Value, change: Callable[[Map], Value]) -> Value:
    """Change the map that `value` is, in every branch; other values stay."""
    match value:
        case Map():
            return change(value)
        case Choice():
            then = in_each_map(value.then, change)
            return Choice(value.condition, then, in_each_map(value.otherwise, change), value.at)
        case _:
            return value


def add_operations(paths: Map, operations: Iterable[Operation], *, replacing: bool) -> Map:
    """Return `paths` with the methods that events add, each at its event's line.

    Where the author's document has the method with an integration, it stays as it is, unless
    `replacing` says that the event's part goes over it.
    """
    entries, keys = dict(paths.entries), dict(paths.keys)
    for operation in operations:
        item = entries.get(operation.path)
        if item is None:
            keys[operation.path] = operation.at
        base = Map({}, operation.at, {}) if item is None or isinstance(item, NoValue) else item
        entries[operation.path] = in_each_map(base, _adder(operation, replacing=replacing))
    return Map(entries, paths.at, keys)


def _adder(operation: Operation, *, replacing: bool) -> Callable[[Map], Value]:
    def add(item: Map) -> Value:
        present = item.get(operation.key)
        if isinstance(present, Map) and INTEGRATION in present and not replacing:
            return item
        made = write_map(operation.definition, operation.at)
        if isinstance(present, Map):
            made = extended(present, made.entries, operation.at)
        if operation.security is not None:
            previous = requirements(made)
            added = [(name, write(scopes, operation.at)) for name, scopes in operation.security]
            made = with_requirements(made, [*previous, *added], operation.at)
        conditions = ((operation.condition, True),) if operation.condition else ()
        value = guard(made, conditions, operation.at)
        return extended(item, {operation.key: value}, operation.at)

    return add


def change_methods(paths: Map, change: Change) -> Map:
    """Return `paths` with every method that has an integration changed."""

    def of_path(path: str) -> Callable[[Map], Value]:
        def change_item(item: Map) -> Value:
            changed = {}
            for method, definition in item:
                if method not in _NO_METHODS:
                    changed[method] = in_each_map(definition, of_method(path, method))
            return extended(item, changed)

        return change_item

    def of_method(path: str, method: str) -> Callable[[Map], Value]:
        def change_definition(definition: Map) -> Value:
            if is_empty(entry(definition, INTEGRATION)):
                return definition
            return change(path, method, definition)

        return change_definition

    return extended(paths, {path: in_each_map(item, of_path(path)) for path, item in paths})


def methods_of(item: Value) -> list[str]:
    """Return the keys of a path, of every branch."""
    match item:
        case Map():
            return list(item.entries)
        case Choice():
            return methods_of(item.then) + methods_of(item.otherwise)
        case _:
            return []


def requirements(definition: Map) -> Requirements:
    """Return what the method's `security` asks for."""
    written = entry(definition, "security")
    found: Requirements = []
    for one in written.items if isinstance(written, List) else ():
        if isinstance(one, Map):
            found.extend(one.entries.items())
    return found


def with_requirements(definition: Map, wanted: Requirements, at: Location) -> Map:
    """Return the method with `security` set; each requirement stands where its scopes do."""
    listed: list[Plain] = [
        Map({name: scopes}, scopes.at, {name: scopes.at}) for name, scopes in wanted
    ]
    return extended(definition, {"security": write(listed, at)}, at)


def disabled_endpoint(document: Map, disabled: Value) -> dict[str, Value]:
    """Say in the document whether the default address is closed."""
    config = {ENDPOINT: {"disableExecuteApiEndpoint": disabled}}
    if "openapi" not in document:
        return {ENDPOINT: write(config[ENDPOINT], disabled.at)}
    servers = entry(document, "servers")
    listed = servers.items if isinstance(servers, List) else (Map({}, disabled.at, {}),)
    added = write_map(config, disabled.at)
    closed = [extended(one, added.entries) if isinstance(one, Map) else one for one in listed]
    return {"servers": write(closed, disabled.at)}
