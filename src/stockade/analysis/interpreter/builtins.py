"""Methods of lists, maps and events, and records: what the language itself does with data."""

from collections.abc import Callable
from typing import Final

from stockade.analysis.interpreter import files, records, texts
from stockade.analysis.interpreter.protocol import Arguments, Machine, Site
from stockade.analysis.interpreter.secrets import without_plain_parts
from stockade.analysis.interpreter.values import (
    NONE,
    NUMBER,
    UNKNOWN,
    Anything,
    Const,
    Environment,
    Event,
    External,
    HeapObject,
    Number,
    Ref,
    Text,
    Val,
    const,
    join,
    join_all,
    only_constant,
)

MAP_METHODS: Final = frozenset(
    "get items keys values pop setdefault update copy popitem clear".split()
)


def method(machine: Machine, receiver: Val, name: str, arguments: Arguments, site: Site) -> Val:
    """Call a method of a value that is no object of a class of the application."""
    results = []
    for shape in receiver.shapes:
        one = Val((shape,), receiver.taints)
        match shape:
            case Ref(address):
                found = _object_at(machine, one, address)
                if found is not None:
                    results.append(_object_method(machine, one, found, name, arguments, site))
            case Event(path) if name in MAP_METHODS:
                results.append(_event_method(machine, one, path, name, arguments, site))
            case Number():
                results.append(NUMBER)
            case Const() | Text() | Environment() | Event():
                results.append(texts.text_method(machine, one, name, arguments, site))
            case External():
                callee = machine.attribute(one, name, site)
                results.append(machine.call(callee, arguments, site))
            case _:
                results.append(_unknown_method(machine, one, name, arguments, site))
    return join_all(results) or UNKNOWN


def _object_at(machine: Machine, value: Val, address: int) -> HeapObject | None:
    return next((found for at, found in machine.objects(value) if at == address), None)


def _unknown_method(
    machine: Machine, receiver: Val, name: str, arguments: Arguments, site: Site
) -> Val:
    """A method of something unknown: texts' methods keep their meaning, others only derive."""
    if name in ("format", "join") or name in texts.TESTS:
        return texts.text_method(machine, receiver, name, arguments, site)
    if name == "get":
        item = Val((Anything("it is an item"),), machine.derive(site, receiver))
        return without_plain_parts(item, arguments.get(0, "key") or UNKNOWN)
    if name in ("startswith", "endswith", "find", "count", "index"):
        return NUMBER
    whole = [machine.inside(value) for value in arguments.all()]
    for value in arguments.all():
        run_given(machine, value, site)
    if name in ("items", "values", "split", "splitlines", "rsplit", "keys"):
        item = Val((Anything("it is an item"),), machine.derive(site, receiver))
        if name == "items":
            pair = HeapObject("tuple", {0: item, 1: item})
            item = machine.allocate(site, pair, "pair")
        return machine.allocate(site, HeapObject("list", {}, item), name)
    return Val((Anything(f"`{name}()` is not known"),), machine.derive(site, receiver, *whole))


def run_given(machine: Machine, value: Val, site: Site) -> None:
    """Run a function that is handed to unknown code: it may be called with anything."""
    if any(type(shape).__name__ in ("Function", "Bound") for shape in value.shapes):
        machine.call(value, Arguments(more_items=UNKNOWN), site)


# --- the event ---------------------------------------------------------------------------


def _event_method(
    machine: Machine,
    receiver: Val,
    path: tuple[str, ...],
    name: str,
    arguments: Arguments,
    site: Site,
) -> Val:
    if name in ("get", "pop", "setdefault"):
        key = arguments.get(0, "key") or UNKNOWN
        value = machine.index(receiver, key, site)
        default = arguments.get(1, "default")
        return value if default is None or only_constant(default) else join(value, default)
    if name == "copy":
        return receiver
    value = machine.index(receiver, UNKNOWN, site)
    key = Val((Anything("it is a key of the event"),), value.taints)
    match name:
        case "items":
            pair = machine.allocate(site, HeapObject("tuple", {0: key, 1: value}), "pair")
            return machine.allocate(site, HeapObject("list", {}, pair), "items")
        case "keys":
            return machine.allocate(site, HeapObject("list", {}, key), "keys")
        case "values":
            return machine.allocate(site, HeapObject("list", {}, value), "values")
        case "update":
            return NONE
        case _:
            return Val((Event((*path, "[]")),), value.taints)


# --- lists, maps, sets -------------------------------------------------------------------

_Method = Callable[[Machine, Val, HeapObject, Arguments, Site], Val]


def _object_method(
    machine: Machine,
    receiver: Val,
    found: HeapObject,
    name: str,
    arguments: Arguments,
    site: Site,
) -> Val:
    if found.kind == "class":
        return records.method(machine, receiver, found, name, arguments, site)
    if found.kind == "instance" and name in records.AS_MAP:
        return records.as_map(machine, found, site)
    if found.kind == "file":
        return files.method(machine, found, name, arguments, site)
    known = _METHODS.get(name)
    if known is not None:
        return known(machine, receiver, found, arguments, site)
    values = [machine.inside(value) for value in arguments.all()]
    whole = machine.inside(receiver)
    return Val((Anything(f"`{name}()` is not known"),), machine.derive(site, whole, *values))


def _first_address(receiver: Val) -> int:
    shape = receiver.shapes[0]
    return shape.address if isinstance(shape, Ref) else 0


def _append(
    machine: Machine, receiver: Val, found: HeapObject, arguments: Arguments, site: Site
) -> Val:
    value = arguments.get(len(arguments.positional) - 1, None)
    if value is not None:
        machine.change(receiver, _first_address(receiver), found.holding(value))
    return NONE


def _extend(
    machine: Machine, receiver: Val, found: HeapObject, arguments: Arguments, site: Site
) -> Val:
    for value in arguments.all():
        item = machine.item(value, site)
        found = found.holding(item)
    machine.change(receiver, _first_address(receiver), found)
    return NONE


def _get(
    machine: Machine, receiver: Val, found: HeapObject, arguments: Arguments, site: Site
) -> Val:
    key = arguments.get(0, "key") or UNKNOWN
    default = arguments.get(1, "default") or NONE
    known = only_constant(key)
    if known is not None and isinstance(known.value, (str, int)):
        exact = found.entries.get(known.value)
        if exact is not None:
            return exact
        return default if found.rest is None else join(found.rest, default)
    return join(found.contents() or default, default)


def _pop(
    machine: Machine, receiver: Val, found: HeapObject, arguments: Arguments, site: Site
) -> Val:
    if found.kind == "map":
        return _get(machine, receiver, found, arguments, site)
    return found.contents() or UNKNOWN


def _setdefault(
    machine: Machine, receiver: Val, found: HeapObject, arguments: Arguments, site: Site
) -> Val:
    value = _get(machine, receiver, found, arguments, site)
    key = only_constant(arguments.get(0, "key") or UNKNOWN)
    if key is not None and isinstance(key.value, (str, int)):
        made = found.having(key.value, value)
    else:
        made = found.holding(value)
    machine.change(receiver, _first_address(receiver), made)
    return value


def _update(
    machine: Machine, receiver: Val, found: HeapObject, arguments: Arguments, site: Site
) -> Val:
    for value in arguments.positional:
        others = [other for _, other in machine.objects(value)]
        for other in others:
            found = HeapObject(
                found.kind,
                {**found.entries, **other.entries},
                join_all(v for v in (found.rest, other.rest) if v is not None),
                found.type,
                found.name,
            )
        if not others:
            found = found.holding(machine.index(value, UNKNOWN, site))
    for key, value in arguments.named.items():
        found = found.having(key, value)
    machine.change(receiver, _first_address(receiver), found)
    return NONE


def _items(
    machine: Machine, receiver: Val, found: HeapObject, arguments: Arguments, site: Site
) -> Val:
    pairs: dict[str | int, Val] = {}
    for position, (key, value) in enumerate(found.entries.items()):
        pair = HeapObject("tuple", {0: const(key), 1: value})
        pairs[position] = machine.allocate(site, pair, f"pair {key}")
    rest = None
    if found.rest is not None:
        pair = HeapObject("tuple", {0: _key_of(found), 1: found.rest})
        rest = machine.allocate(site, pair, "pair")
    return machine.allocate(site, HeapObject("list", pairs, rest), "items")


def _key_of(found: HeapObject) -> Val:
    """Return a key of which only the value beside it is known."""
    taints = found.rest.taints if found.rest is not None else ()
    return Val((Anything("it is a key"),), taints)


def _keys(
    machine: Machine, receiver: Val, found: HeapObject, arguments: Arguments, site: Site
) -> Val:
    keys: dict[str | int, Val] = {i: const(key) for i, key in enumerate(found.entries)}
    rest = _key_of(found) if found.rest is not None else None
    return machine.allocate(site, HeapObject("list", keys, rest), "keys")


def _values(
    machine: Machine, receiver: Val, found: HeapObject, arguments: Arguments, site: Site
) -> Val:
    values: dict[str | int, Val] = dict(enumerate(found.entries.values()))
    return machine.allocate(site, HeapObject("list", values, found.rest), "values")


def _copy(
    machine: Machine, receiver: Val, found: HeapObject, arguments: Arguments, site: Site
) -> Val:
    return machine.allocate(site, found, "copy")


def _nothing(
    machine: Machine, receiver: Val, found: HeapObject, arguments: Arguments, site: Site
) -> Val:
    return NONE


_METHODS: Final[dict[str, _Method]] = {
    "append": _append,
    "appendleft": _append,
    "add": _append,
    "insert": _append,
    "push": _append,
    "put": _append,
    "extend": _extend,
    "get": _get,
    "pop": _pop,
    "popleft": _pop,
    "popitem": _pop,
    "setdefault": _setdefault,
    "update": _update,
    "items": _items,
    "keys": _keys,
    "values": _values,
    "copy": _copy,
    "union": _copy,
    "remove": _nothing,
    "sort": _nothing,
    "reverse": _nothing,
    "clear": _nothing,
}


def merged(machine: Machine, site: Site, left: Val, right: Val) -> Val:
    """Return `left | right` of maps and sets."""
    made = HeapObject("map")
    for value in (left, right):
        others = [other for _, other in machine.objects(value)]
        for other in others:
            rest = join_all(v for v in (made.rest, other.rest) if v is not None)
            made = HeapObject(other.kind, {**made.entries, **other.entries}, rest)
        if not others:
            made = made.holding(machine.index(value, UNKNOWN, site))
    return machine.allocate(site, made, "merged")
