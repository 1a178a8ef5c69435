"""Methods of lists, maps and events, and records: what the language itself does with data."""

from collections.abc import Callable
from typing import Final, TypeAlias

from stockade.analysis.interpreter import (
    files,
    matches,
    overlay,
    places,
    records,
    sequences,
    texts,
)
from stockade.analysis.interpreter.defaults import or_default
from stockade.analysis.interpreter.protocol import Arguments, Invocation, Machine, Site, call_apart
from stockade.analysis.interpreter.secrets import without_plain_parts
from stockade.analysis.interpreter.values import (
    NONE,
    NUMBER,
    UNKNOWN,
    Anything,
    Bound,
    Const,
    Environment,
    Event,
    External,
    Function,
    HeapObject,
    Number,
    Ref,
    Shape,
    Text,
    Truth,
    Val,
    const,
    join,
    join_all,
    join_objects,
    only_constant,
)
from stockade.model.record import replace

MAP_METHODS: Final = frozenset(
    ["get", "items", "keys", "values", "pop", "setdefault", "update", "copy", "popitem", "clear"]
)


_OF_PYTHON_2: Final = {
    f"{how}{what}": what for how in ("iter", "view") for what in ("items", "keys", "values")
}


def method(machine: Machine, call: Invocation) -> Val:
    """Call a method of a value that is no object of a class of the application.

    The method's name is the invocation's callee.
    """
    today = _OF_PYTHON_2.get(call.callee)
    call = call if today is None else replace(call, callee=today)
    results = []
    made: dict[int, HeapObject] = {}
    for shape in call.receiver.shapes:
        one = replace(call, receiver=Val((shape,), call.receiver.taints))
        result = _method_of(machine, shape, one)
        if result is not None:
            keep(machine, made, result)
            results.append(result)
    return met(results)


def met(results: list[Val]) -> Val:
    """Return what a method gives for all shapes of its receiver.

    What a test shows of data holds beside constants, which are no data: `(to or "/")`.
    """
    truths = [one for one in results if len(one.shapes) == 1 and isinstance(one.shapes[0], Truth)]
    if len(truths) == 1 and all(one in truths or only_constant(one) for one in results):
        return truths[0]
    return join_all(results) or UNKNOWN


def keep(machine: Machine, made: dict[int, HeapObject], result: Val) -> None:
    """Keep what a method made for one shape of its receiver, where it makes more for another.

    What is made at one place has one address: `(names or []).map(f)` makes two lists there.
    """
    for address, found in machine.objects(result):
        before = made.get(address)
        if before is not None and before is not found:
            found = join_objects(before, found)  # noqa: PLW2901 - what is there from now on
            machine.state.writes[address] = found
        made[address] = found


def _method_of(machine: Machine, shape: Shape, call: Invocation) -> Val | None:
    match shape:
        case Ref(address):
            found = _object_at(machine, call.receiver, address)
            return None if found is None else _object_method(machine, found, call)
        case Event(path) if call.callee in MAP_METHODS:
            return _event_method(machine, path, call)
        case Number():
            return NUMBER
        case Truth(parts=parts) if parts and call.callee in matches.METHODS:
            return matches.method(machine, shape, call)
        case Const() | Text() | Environment() | Event():
            return texts.text_method(machine, call)
        case External():
            callee = machine.attribute(call.receiver, call.callee, call.site)
            return machine.call(callee, call.arguments, call.site)
        case _:
            return _unknown_method(machine, call)


def _object_at(machine: Machine, value: Val, address: int) -> HeapObject | None:
    return next((found for at, found in machine.objects(value) if at == address), None)


def _unknown_method(machine: Machine, call: Invocation) -> Val:
    """Call a method of something unknown: what texts have keeps its meaning, others derive."""
    name, site = call.callee, call.site
    machine.runs_statement(call)
    if name in texts.SAME and texts.tells(call.receiver.shapes[0]):
        return Val(call.receiver.shapes, machine.derive(site, call.receiver))
    if name in ("format", "join", "replace") or name in texts.TESTS:
        return texts.text_method(machine, call)
    if name in ("startswith", "endswith", "find", "count", "index"):
        return NUMBER
    item = Val((Anything("it is an item"),), machine.derive(site, call.receiver))
    if name == "get":
        return without_plain_parts(item, call.arguments.get(0, "key") or UNKNOWN)
    whole = [machine.inside(value) for value in call.arguments.all()]
    for value in call.arguments.all():
        run_given(machine, value, site)
    if name == "items":
        item = machine.allocate(site, HeapObject("tuple", {0: item, 1: item}), "pair")
    if name in ("items", "values", "split", "splitlines", "rsplit", "keys"):
        return machine.allocate(site, HeapObject("list", {}, item), name)
    taints = machine.derive(site, call.receiver, *(() if name in places.LOOKUPS else whole))
    return Val((Anything(f"`{name}()` is not known"),), taints)


def run_given(machine: Machine, value: Val, site: Site) -> None:
    """Run a function that is handed to unknown code: it may be called with anything."""
    if any(isinstance(shape, (Function, Bound)) for shape in value.shapes):
        call_apart(machine, value, Arguments(more_items=UNKNOWN), site)


# --- the event ---------------------------------------------------------------------------


def _event_method(machine: Machine, path: tuple[str, ...], call: Invocation) -> Val:
    site = call.site
    if call.callee in ("get", "pop", "setdefault"):
        key = call.arguments.get(0, "key") or UNKNOWN
        value = machine.index(call.receiver, key, site)
        default = call.arguments.get(1, "default")
        return value if default is None else or_default(machine, value, default)
    if call.callee == "copy":
        return call.receiver
    value = machine.index(call.receiver, UNKNOWN, site)
    # A check of the key tells nothing of what stands under it.
    taints = machine.derive(site, value, note="is a key of it")
    key = Val((Anything("it is a key of the event"),), taints)
    match call.callee:
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

_Method: TypeAlias = Callable[[Machine, HeapObject, Invocation], Val]


def _object_method(machine: Machine, found: HeapObject, call: Invocation) -> Val:
    if found.kind == "class":
        return records.method(machine, found, call)
    if found.kind == "instance" and call.callee in records.AS_MAP:
        return records.as_map(machine, found, call.site)
    if found.kind == "file":
        return files.method(machine, found, call)
    if found.kind == "instance" and call.callee in ("load", "loads"):
        read = records.loaded(machine, found, call)
        if read is not None:
            return read
    known = _METHODS.get(call.callee)
    if known is not None:
        return known(machine, found, call)
    values = [machine.inside(value) for value in (call.receiver, *call.arguments.all())]
    taints = machine.derive(call.site, *values)
    return Val((Anything(f"`{call.callee}()` is not known"),), taints)


def _first_address(receiver: Val) -> int:
    shape = receiver.shapes[0]
    return shape.address if isinstance(shape, Ref) else 0


def _append(machine: Machine, found: HeapObject, call: Invocation) -> Val:
    value = call.arguments.get(0, None)
    if value is not None:
        made = sequences.appended(found, value)
        machine.change(call.receiver, _first_address(call.receiver), made)
    return NONE


def _insert(machine: Machine, found: HeapObject, call: Invocation) -> Val:
    value = call.arguments.get(len(call.arguments.positional) - 1, None)
    if value is not None:
        made = sequences.moved(found).holding(value)
        machine.change(call.receiver, _first_address(call.receiver), made)
    return NONE


def _moved(machine: Machine, found: HeapObject, call: Invocation) -> Val:
    machine.change(call.receiver, _first_address(call.receiver), sequences.moved(found))
    return NONE


def _extend(machine: Machine, found: HeapObject, call: Invocation) -> Val:
    for value in call.arguments.all():
        known = list(machine.objects(value))
        if len(known) == len(value.shapes) == 1 and known[0][1].kind in sequences.IN_ORDER:
            found = sequences.followed(found, known[0][1])
        else:
            found = found.holding(machine.item(value, call.site))
    machine.change(call.receiver, _first_address(call.receiver), found)
    return NONE


def _get(machine: Machine, found: HeapObject, call: Invocation) -> Val:
    key = call.arguments.get(0, "key") or UNKNOWN
    default = call.arguments.get(1, "default") or NONE
    known = only_constant(key)
    if known is not None and isinstance(known.value, (str, int)):
        exact = found.entries.get(known.value)
        if exact is not None:
            return exact
        if found.spread:
            values = [machine.index(each, key, call.site) for each in found.spread]
            return join_all([*values, default]) or UNKNOWN
        return default if found.rest is None else join(found.rest, default)
    return join(found.contents() or default, default)


def _pop(machine: Machine, found: HeapObject, call: Invocation) -> Val:
    if found.kind == "map":
        return _get(machine, found, call)
    if call.callee == "popleft" or call.arguments.get(0, None) is not None:
        machine.change(call.receiver, _first_address(call.receiver), sequences.moved(found))
    item = found.contents() or UNKNOWN
    # A check of the item that is taken out is none of those that stay.
    return Val(item.shapes, machine.derive(call.site, item))


def _setdefault(machine: Machine, found: HeapObject, call: Invocation) -> Val:
    value = _get(machine, found, call)
    key = only_constant(call.arguments.get(0, "key") or UNKNOWN)
    if key is not None and isinstance(key.value, (str, int)):
        made = found.having(key.value, value)
    else:
        made = found.holding(value)
    machine.change(call.receiver, _first_address(call.receiver), made)
    return value


def _update(machine: Machine, found: HeapObject, call: Invocation) -> Val:
    for value in call.arguments.positional:
        found = overlay.laid_over(machine, found, value, call.site)
    for key, value in call.arguments.named.items():
        found = found.having(key, value)
    machine.change(call.receiver, _first_address(call.receiver), found)
    return NONE


def _items(machine: Machine, found: HeapObject, call: Invocation) -> Val:
    pairs: dict[str | int, Val] = {}
    for position, (key, value) in enumerate(found.entries.items()):
        pair = HeapObject("tuple", {0: const(key), 1: value})
        pairs[position] = machine.allocate(call.site, pair, f"pair {key}")
    rest = None
    if found.rest is not None:
        pair = HeapObject("tuple", {0: found.unknown_key(), 1: found.rest})
        rest = machine.allocate(call.site, pair, "pair")
    return machine.allocate(call.site, HeapObject("list", pairs, rest), "items")


def _keys(machine: Machine, found: HeapObject, call: Invocation) -> Val:
    keys: dict[str | int, Val] = {i: const(key) for i, key in enumerate(found.entries)}
    rest = found.unknown_key() if found.rest is not None else None
    return machine.allocate(call.site, HeapObject("list", keys, rest), "keys")


def _values(machine: Machine, found: HeapObject, call: Invocation) -> Val:
    values: dict[str | int, Val] = dict(enumerate(found.entries.values()))
    return machine.allocate(call.site, HeapObject("list", values, found.rest), "values")


def _copy(machine: Machine, found: HeapObject, call: Invocation) -> Val:
    return machine.allocate(call.site, found, "copy")


def _nothing(_machine: Machine, _found: HeapObject, _call: Invocation) -> Val:
    return NONE


_METHODS: Final[dict[str, _Method]] = {
    "append": _append,
    "appendleft": _insert,
    "add": _append,
    "insert": _insert,
    "push": _append,
    "put": _append,
    "put_nowait": _append,
    "extend": _extend,
    "get": _get,
    "pop": _pop,
    "popleft": _pop,
    "get_nowait": _pop,
    "popitem": _pop,
    "setdefault": _setdefault,
    "update": _update,
    "items": _items,
    "keys": _keys,
    "values": _values,
    "copy": _copy,
    "union": _copy,
    "remove": _moved,
    "sort": _moved,
    "reverse": _moved,
    "clear": _nothing,
}


def merged(machine: Machine, site: Site, left: Val, right: Val) -> Val:
    """Return `left | right` of maps and sets."""
    kinds = [found.kind for value in (left, right) for _, found in machine.objects(value)]
    made = HeapObject(kinds[0] if kinds else "map")
    for value in (left, right):
        made = overlay.laid_over(machine, made, value, site)
    return machine.allocate(site, made, "merged")
