"""Methods of arrays, whoever made them: they see any item, and call functions with it."""

from collections.abc import Callable
from typing import Final, TypeAlias

from stockade.analysis.interpreter import checks, sequences, texts
from stockade.analysis.interpreter.ecmascript import functions
from stockade.analysis.interpreter.ecmascript.protocol import ScriptMachine
from stockade.analysis.interpreter.protocol import Arguments, Invocation
from stockade.analysis.interpreter.values import (
    NONE,
    NUMBER,
    UNKNOWN,
    HeapObject,
    Taint,
    Text,
    Truth,
    Val,
    const,
    constant_text,
    join,
    join_all,
    only_constant,
)

_Array: TypeAlias = Callable[[ScriptMachine, Invocation], Val]


def _item(machine: ScriptMachine, call: Invocation) -> Val:
    return machine.item(call.receiver, call.site)


def called(machine: ScriptMachine, call: Invocation, *values: Val) -> Val:
    """Call the function that a method is given, with these values."""
    function = call.arguments.get(0, None)
    if function is None:
        return UNKNOWN
    passed = Arguments([*values, NUMBER, call.receiver])
    return machine.call(function, passed, call.site)


def list_of(machine: ScriptMachine, call: Invocation, item: Val | None) -> Val:
    """Return a new array that holds `item` at unknown places."""
    return machine.allocate(call.site, HeapObject("list", {}, item), call.callee)


def _map(machine: ScriptMachine, call: Invocation) -> Val:
    return list_of(machine, call, called(machine, call, _item(machine, call)))


def _flat_map(machine: ScriptMachine, call: Invocation) -> Val:
    result = called(machine, call, _item(machine, call))
    inner = [c for _, o in machine.objects(result) if (c := o.contents()) is not None]
    return list_of(machine, call, join_all([*inner, *([] if inner else [result])]))


def _for_each(machine: ScriptMachine, call: Invocation) -> Val:
    called(machine, call, _item(machine, call))
    return NONE


def _chosen(machine: ScriptMachine, call: Invocation) -> Val:
    """Return an item for which the function said yes: what it checked is safe."""
    item = _item(machine, call)
    if not functions.is_function(call.arguments.get(0, None) or UNKNOWN):
        return item
    verdict = called(machine, call, item)
    checked: dict[int, set[str]] = {}
    for node, kind in checks.outcomes(verdict)[0]:
        checked.setdefault(node.id, set()).add(kind)
    taints = tuple(
        Taint(taint.data, taint.node, taint.safe | checked.get(taint.node.id, set()))
        for taint in item.taints
    )
    return Val(item.shapes, taints)


def _filter(machine: ScriptMachine, call: Invocation) -> Val:
    return list_of(machine, call, _chosen(machine, call))


def _some(machine: ScriptMachine, call: Invocation) -> Val:
    verdict = called(machine, call, _item(machine, call))
    return Val(verdict.shapes) if isinstance(verdict.shapes[0], Truth) else NUMBER


def _reduce(machine: ScriptMachine, call: Invocation) -> Val:
    item = _item(machine, call)
    positional = call.arguments.positional
    result = positional[1] if len(positional) > 1 else item
    for _ in range(2):
        result = join(result, called(machine, call, result, item))
    return result


def _sorted(machine: ScriptMachine, call: Invocation) -> Val:
    if call.arguments.positional:
        item = _item(machine, call)
        called(machine, call, item, item)
    _moved(machine, call)
    return call.receiver


def _moved(machine: ScriptMachine, call: Invocation) -> None:
    for address, found in machine.objects(call.receiver):
        machine.change(call.receiver, address, sequences.moved(found))


def _shifted(machine: ScriptMachine, call: Invocation) -> Val:
    item = _taken(machine, call)
    _moved(machine, call)
    return item


def _taken(machine: ScriptMachine, call: Invocation) -> Val:
    """Return an item that is taken out: a check of it is none of those that stay."""
    item = _item(machine, call)
    return Val(item.shapes, machine.derive(call.site, item))


def _reversed(machine: ScriptMachine, call: Invocation) -> Val:
    if call.callee == "reverse":
        _moved(machine, call)
    return _some_items(machine, call)


def _spliced(machine: ScriptMachine, call: Invocation) -> Val:
    removed = _some_items(machine, call)
    for address, found in machine.objects(call.receiver):
        made = sequences.moved(found)
        for value in call.arguments.positional[2:]:
            made = made.holding(value)
        machine.change(call.receiver, address, made)
    return removed


def _joined(machine: ScriptMachine, call: Invocation) -> Val:
    separator = call.arguments.get(0, None) or const(",")
    return texts.join_text(machine, separator, call.receiver, call.site)


def _includes(machine: ScriptMachine, call: Invocation) -> Val:
    value = call.arguments.get(0, None) or UNKNOWN
    text, part = constant_text(call.receiver), constant_text(value)
    if text is not None and part is not None:
        return const(part in text)
    if text is not None or isinstance(call.receiver.shapes[0], Text):
        return NUMBER
    return checks.comparison(machine, "in", value, call.receiver)


def _some_items(machine: ScriptMachine, call: Invocation) -> Val:
    return list_of(machine, call, _item(machine, call))


def _sliced(machine: ScriptMachine, call: Invocation) -> Val:
    """Return the items from a place on: a check of those before is none of them."""
    first = call.arguments.get(0, None)
    known = only_constant(first) if first is not None else None
    if known is None or known.value == 0:
        return _some_items(machine, call)
    return list_of(machine, call, _taken(machine, call))


def _concatenated(machine: ScriptMachine, call: Invocation) -> Val:
    made = HeapObject("list")
    for value in (call.receiver, *call.arguments.all()):
        lists = [found for _, found in machine.objects(value)]
        if len(lists) == len(value.shapes) == 1 and lists[0].kind in sequences.IN_ORDER:
            made = sequences.followed(made, lists[0])
        elif lists or value is call.receiver:
            made = made.holding(machine.item(value, call.site))
        else:
            made = sequences.appended(made, value)
    return machine.allocate(call.site, made, call.callee)


def _flat(machine: ScriptMachine, call: Invocation) -> Val:
    item = _item(machine, call)
    return list_of(machine, call, join(item, machine.item(item, call.site)))


def _entries(machine: ScriptMachine, call: Invocation) -> Val:
    pair = HeapObject("tuple", {0: NUMBER, 1: _item(machine, call)})
    return list_of(machine, call, machine.allocate(call.site, pair, "pair"))


def _keys(machine: ScriptMachine, call: Invocation) -> Val:
    return list_of(machine, call, NUMBER)


METHODS: Final[dict[str, _Array]] = {
    "map": _map,
    "flatMap": _flat_map,
    "forEach": _for_each,
    "filter": _filter,
    "find": _chosen,
    "findLast": _chosen,
    "some": _some,
    "every": _some,
    "reduce": _reduce,
    "reduceRight": _reduce,
    "sort": _sorted,
    "toSorted": _sorted,
    "join": _joined,
    "includes": _includes,
    "slice": _sliced,
    "reverse": _reversed,
    "toReversed": _some_items,
    "concat": _concatenated,
    "flat": _flat,
    "values": _some_items,
    "entries": _entries,
    "keys": _keys,
    "pop": _taken,
    "shift": _shifted,
    "at": _item,
    "next": _item,
    "splice": _spliced,
}
CALLING: Final = frozenset(
    [
        "map",
        "flatMap",
        "forEach",
        "filter",
        "find",
        "findLast",
        "some",
        "every",
        "reduce",
        "reduceRight",
        "sort",
        "toSorted",
        "findIndex",
        "findLastIndex",
    ]
)
"""Methods that call a function with items."""
