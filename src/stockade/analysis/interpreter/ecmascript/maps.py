"""Methods that change arrays, and methods of `Map` and `Set`, which the application made."""

from collections.abc import Callable
from typing import Final, TypeAlias

from stockade.analysis.interpreter import checks, sequences
from stockade.analysis.interpreter.ecmascript.arrays import called, list_of
from stockade.analysis.interpreter.ecmascript.protocol import ScriptMachine
from stockade.analysis.interpreter.protocol import Invocation, Machine, Site
from stockade.analysis.interpreter.values import (
    NONE,
    NUMBER,
    UNKNOWN,
    HeapObject,
    Ref,
    Val,
    const,
    join,
    join_all,
    only_constant,
)

_Object: TypeAlias = Callable[[ScriptMachine, HeapObject, Invocation], Val]


def _address(call: Invocation) -> int:
    shape = call.receiver.shapes[0]
    return shape.address if isinstance(shape, Ref) else 0


def _push(machine: ScriptMachine, found: HeapObject, call: Invocation) -> Val:
    for value in call.arguments.positional:
        found = sequences.appended(found, value)
    if call.arguments.more_items is not None:
        found = found.holding(call.arguments.more_items)
    machine.change(call.receiver, _address(call), found)
    return NUMBER


def _put_before(machine: ScriptMachine, found: HeapObject, call: Invocation) -> Val:
    found = sequences.moved(found)
    for value in call.arguments.all():
        found = found.holding(value)
    machine.change(call.receiver, _address(call), found)
    return NUMBER


def _add(machine: ScriptMachine, found: HeapObject, call: Invocation) -> Val:
    _push(machine, found, call)
    return call.receiver


def _get(_machine: ScriptMachine, found: HeapObject, call: Invocation) -> Val:
    key = only_constant(call.arguments.get(0, None) or UNKNOWN)
    if key is not None and isinstance(key.value, (str, int)):
        exact = found.entries.get(key.value)
        if exact is not None:
            return exact
        return found.rest or UNKNOWN
    return found.contents() or UNKNOWN


def _set(machine: ScriptMachine, found: HeapObject, call: Invocation) -> Val:
    key = call.arguments.get(0, None) or UNKNOWN
    value = call.arguments.get(1, None) or UNKNOWN
    known = only_constant(key)
    if known is not None and isinstance(known.value, (str, int)):
        made = found.having(known.value, value)
    else:
        made = found.holding(value, key)
    machine.change(call.receiver, _address(call), made)
    return call.receiver


def _has(machine: ScriptMachine, _found: HeapObject, call: Invocation) -> Val:
    value = call.arguments.get(0, None) or UNKNOWN
    return checks.comparison(machine, "in", value, call.receiver)


def _nothing(_machine: ScriptMachine, _found: HeapObject, _call: Invocation) -> Val:
    return NUMBER


def pair_of(machine: Machine, found: HeapObject, site: Site) -> Val:
    """Return a pair of a key of a map and the value under it."""
    value = found.contents() or UNKNOWN
    key = join_all(const(key) for key in list(found.entries)[:8])
    if key is None or found.rest is not None:
        unknown = found.unknown_key()
        key = unknown if key is None else join(key, unknown)
    return machine.allocate(site, HeapObject("tuple", {0: key, 1: value}), "pair")


def _map_for_each(machine: ScriptMachine, found: HeapObject, call: Invocation) -> Val:
    called(machine, call, found.contents() or UNKNOWN)
    return NONE


def _map_entries(machine: ScriptMachine, found: HeapObject, call: Invocation) -> Val:
    return list_of(machine, call, pair_of(machine, found, call.site))


def _map_values(machine: ScriptMachine, found: HeapObject, call: Invocation) -> Val:
    return list_of(machine, call, found.contents())


def _map_keys(machine: ScriptMachine, found: HeapObject, call: Invocation) -> Val:
    pair = pair_of(machine, found, call.site)
    return list_of(machine, call, machine.index(pair, const(0), call.site))


OF_OBJECTS: Final[dict[str, _Object]] = {
    "push": _push,
    "unshift": _put_before,
    "fill": _put_before,
    "add": _add,
    "has": _has,
    "hasOwnProperty": _has,
    "clear": _nothing,
    "delete": _nothing,
}
OF_MAPS: Final[dict[str, _Object]] = {
    "get": _get,
    "set": _set,
    "forEach": _map_for_each,
    "entries": _map_entries,
    "values": _map_values,
    "keys": _map_keys,
}
