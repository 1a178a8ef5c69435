"""Methods of texts, arrays, maps and promises."""

from collections.abc import Callable
from typing import Final, TypeAlias

from stockade.analysis.interpreter import checks, texts
from stockade.analysis.interpreter.ecmascript import expressions
from stockade.analysis.interpreter.ecmascript.protocol import ScriptMachine
from stockade.analysis.interpreter.protocol import Arguments, Invocation, Site
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
    Special,
    Taint,
    Text,
    Truth,
    Val,
    const,
    constant_text,
    join,
    join_all,
    only_constant,
    text_of,
)

_SAME: Final = frozenset(
    [
        "toString",
        "toLocaleString",
        "valueOf",
        "normalize",
        "trim",
        "trimStart",
        "trimEnd",
        "trimLeft",
        "trimRight",
        "toLowerCase",
        "toUpperCase",
        "toLocaleLowerCase",
        "toLocaleUpperCase",
        "toWellFormed",
    ]
)
"""Methods of texts that leave them the same data."""

_NUMBERS: Final = frozenset(
    [
        "startsWith",
        "endsWith",
        "search",
        "localeCompare",
        "charCodeAt",
        "codePointAt",
        "lastIndexOf",
        "indexOf",
        "findIndex",
        "findLastIndex",
        "getTime",
        "toFixed",
        "toISOString",
        "toPrecision",
    ]
)
_CUT: Final = frozenset(
    [
        "slice",
        "substring",
        "substr",
        "at",
        "charAt",
        "padStart",
        "padEnd",
        "repeat",
        "concat",
        "replace",
        "replaceAll",
        "anchor",
        "link",
    ]
)
_TEXT: Final = _SAME | _CUT | {"split", "match", "matchAll"}
_COMPUTED: Final[dict[str, Callable[[str], str]]] = {
    "toLowerCase": str.lower,
    "toUpperCase": str.upper,
    "trim": str.strip,
    "trimStart": str.lstrip,
    "trimEnd": str.rstrip,
}


def is_function(value: Val) -> bool:
    """Tell whether the value may be a function of the application."""
    return any(
        isinstance(shape, (Function, Bound))
        or (isinstance(shape, Special) and shape.role == "method")
        for shape in value.shapes
    )


_ERRORS: Final = frozenset({"err", "error", "e", "er", "_err", "_", "_error", "ex", "__"})


def call_back(machine: ScriptMachine, function: Val, result: Val, site: Site) -> None:
    """Call a function with the result of what it was given to: after an error, if it takes one."""
    for shape in function.shapes:
        inner = shape.function if isinstance(shape, Special) else None
        named = inner.shapes[0] if inner is not None else shape
        names = [p.name for p in named.code.parameters] if isinstance(named, Function) else []
        names = [name for name in names if name != "this"]
        if len(names) > 1 and names[0].lower() in _ERRORS:
            passed = Arguments([NONE, result], {}, result)
        elif len(names) == 1 and names[0].lower() in _ERRORS:
            passed = Arguments([UNKNOWN])
        else:
            passed = Arguments([], {}, result)
        machine.call(Val((shape,)), passed, site)


def promise(machine: ScriptMachine, call: Invocation) -> Val:
    """Call `then`, `catch` or `finally`: a promise is what it will give."""
    functions = call.arguments.positional
    receiver = call.receiver
    if call.callee == "then" and functions:
        result = machine.call(functions[0], Arguments([receiver]), call.site)
        return (
            result if len(functions) == 1 else join(result, _caught(machine, functions[1], call))
        )
    if call.callee == "catch" and functions:
        return join(receiver, _caught(machine, functions[0], call))
    if functions:
        machine.call(functions[0], Arguments(), call.site)
    return receiver


def _caught(machine: ScriptMachine, function: Val, call: Invocation) -> Val:
    return machine.call(function, Arguments([machine.caught(call.site)]), call.site)


def of_result(machine: ScriptMachine, whole: str, call: Invocation) -> Val | None:
    """Use what a library gave as the text or array that it may be; None if it is neither."""
    name = call.callee
    functions = any(is_function(value) for value in call.arguments.positional)
    if machine.describes(whole):
        return None
    if (name in _CALLING and functions) or name in _TEXT or name in ("join", "includes", "toJSON"):
        receiver = call.receiver
        if name in _TEXT or name == "toJSON":
            receiver = Val((Anything("a library gave it"),), machine.inside(receiver).taints)
        return method(machine, call._replace(receiver=receiver))
    if name in ("push", "set", "append", "add"):
        for value in call.arguments.all():
            machine.hold(call.receiver, value)
    return None


def method(machine: ScriptMachine, call: Invocation) -> Val:
    """Call a method of one shape that is no object of a class; its name is the callee."""
    shape = call.receiver.shapes[0]
    name = call.callee
    if isinstance(shape, Ref):
        found = next((o for at, o in machine.objects(call.receiver) if at == shape.address), None)
        if found is not None:
            known = _OF_OBJECTS.get(name)
            if known is not None:
                return known(machine, found, call)
            if found.kind == "map" and name in _OF_MAPS:
                return _OF_MAPS[name](machine, found, call)
    if isinstance(shape, (Number, Truth)) and name not in _CALLING:
        return NUMBER
    in_order = _ARRAYS.get(name)
    if in_order is not None and not (_is_text(shape) and name in _TEXT):
        return in_order(machine, call)
    return _text_method(machine, call)


def _is_text(shape: object) -> bool:
    return not isinstance(shape, (Ref, External))


# --- texts -------------------------------------------------------------------------------


def _text_method(machine: ScriptMachine, call: Invocation) -> Val:
    name, receiver, site = call.callee, call.receiver, call.site
    values = call.arguments.positional
    if name in _SAME:
        known = constant_text(receiver)
        if known is not None and name in _COMPUTED and len(known) < texts.MOST_LENGTH:
            return Val((Const(_COMPUTED[name](known)),), receiver.taints)
        shape = receiver.shapes[0]
        kept = (
            shape if isinstance(shape, (Const, Text, Event, Environment)) else Anything("a text")
        )
        whole = machine.inside(receiver)
        return Val((kept,), machine.derive(site, whole, kinds=texts.SAFE_IN))
    if name in _NUMBERS:
        return NUMBER
    if name == "concat" and values:
        return text_of([receiver, *values])
    if name == "split":
        return _split(machine, call)
    if name in ("match", "matchAll") and values:
        return expressions.matched(machine, values[0], receiver, site)
    if name in ("replace", "replaceAll") and len(values) > 1:
        return _replaced(machine, call)
    for value in values:
        if is_function(value):
            machine.call(value, Arguments([], {}, UNKNOWN), site)
    held = [machine.inside(value) for value in (receiver, *values)]
    if name in ("slice", "substring", "substr", "at", "charAt", "padStart", "padEnd", "repeat"):
        held = held[:1]
    return Val((Anything(f"`{name}()` is not known"),), machine.derive(site, *held))


def _split(machine: ScriptMachine, call: Invocation) -> Val:
    separator = constant_text(call.arguments.get(0, None) or UNKNOWN)
    safe = frozenset({"path"}) if separator == "/" else frozenset[str]()
    taints = machine.derive(call.site, machine.inside(call.receiver), kinds=safe)
    part = Val((Anything("it is part of a text"),), taints)
    return machine.allocate(call.site, HeapObject("list", {}, part), "split")


def _replaced(machine: ScriptMachine, call: Invocation) -> Val:
    pattern, put = call.arguments.positional[:2]
    receiver = machine.inside(call.receiver)
    kinds = expressions.cleaned(pattern, put, everywhere=call.callee == "replaceAll")
    if is_function(put):
        part = Val((Anything("it is part of a text"),), receiver.taints)
        put = machine.call(put, Arguments([part], {}, part), call.site)
    taints = machine.derive(call.site, receiver, machine.inside(put), kinds=kinds)
    return Val((Anything("it is a text"),), taints)


# --- arrays ------------------------------------------------------------------------------

_Array: TypeAlias = Callable[[ScriptMachine, Invocation], Val]


def _item(machine: ScriptMachine, call: Invocation) -> Val:
    return machine.item(call.receiver, call.site)


def _called(machine: ScriptMachine, call: Invocation, *values: Val) -> Val:
    function = call.arguments.get(0, None)
    if function is None:
        return UNKNOWN
    passed = Arguments([*values, NUMBER, call.receiver])
    return machine.call(function, passed, call.site)


def _list(machine: ScriptMachine, call: Invocation, item: Val | None) -> Val:
    return machine.allocate(call.site, HeapObject("list", {}, item), call.callee)


def _map(machine: ScriptMachine, call: Invocation) -> Val:
    return _list(machine, call, _called(machine, call, _item(machine, call)))


def _flat_map(machine: ScriptMachine, call: Invocation) -> Val:
    result = _called(machine, call, _item(machine, call))
    inner = [c for _, o in machine.objects(result) if (c := o.contents()) is not None]
    return _list(machine, call, join_all([*inner, *([] if inner else [result])]))


def _for_each(machine: ScriptMachine, call: Invocation) -> Val:
    _called(machine, call, _item(machine, call))
    return NONE


def _chosen(machine: ScriptMachine, call: Invocation) -> Val:
    """Return an item for which the function said yes: what it checked is safe."""
    item = _item(machine, call)
    if not is_function(call.arguments.get(0, None) or UNKNOWN):
        return item
    verdict = _called(machine, call, item)
    checked: dict[int, set[str]] = {}
    for node, kind in checks.outcomes(verdict)[0]:
        checked.setdefault(node.id, set()).add(kind)
    taints = tuple(
        Taint(taint.data, taint.node, taint.safe | checked.get(taint.node.id, set()))
        for taint in item.taints
    )
    return Val(item.shapes, taints)


def _filter(machine: ScriptMachine, call: Invocation) -> Val:
    return _list(machine, call, _chosen(machine, call))


def _some(machine: ScriptMachine, call: Invocation) -> Val:
    verdict = _called(machine, call, _item(machine, call))
    return Val(verdict.shapes) if isinstance(verdict.shapes[0], Truth) else NUMBER


def _reduce(machine: ScriptMachine, call: Invocation) -> Val:
    item = _item(machine, call)
    positional = call.arguments.positional
    result = positional[1] if len(positional) > 1 else item
    for _ in range(2):
        result = join(result, _called(machine, call, result, item))
    return result


def _sorted(machine: ScriptMachine, call: Invocation) -> Val:
    if call.arguments.positional:
        item = _item(machine, call)
        _called(machine, call, item, item)
    return call.receiver


def _joined(machine: ScriptMachine, call: Invocation) -> Val:
    separator = call.arguments.get(0, None) or const(",")
    return texts.join_text(machine, separator, call.receiver, call.site)


def _includes(machine: ScriptMachine, call: Invocation) -> Val:
    value = call.arguments.get(0, None) or UNKNOWN
    if constant_text(call.receiver) is not None or isinstance(call.receiver.shapes[0], Text):
        return NUMBER
    return checks.comparison(machine, "in", value, call.receiver)


def _some_items(machine: ScriptMachine, call: Invocation) -> Val:
    return _list(machine, call, _item(machine, call))


def _concatenated(machine: ScriptMachine, call: Invocation) -> Val:
    items = [_item(machine, call)]
    for value in call.arguments.all():
        is_list = any(True for _ in machine.objects(value))
        items.append(machine.item(value, call.site) if is_list else value)
    return _list(machine, call, join_all(items))


def _flat(machine: ScriptMachine, call: Invocation) -> Val:
    item = _item(machine, call)
    return _list(machine, call, join(item, machine.item(item, call.site)))


def _entries(machine: ScriptMachine, call: Invocation) -> Val:
    pair = HeapObject("tuple", {0: NUMBER, 1: _item(machine, call)})
    return _list(machine, call, machine.allocate(call.site, pair, "pair"))


def _keys(machine: ScriptMachine, call: Invocation) -> Val:
    return _list(machine, call, NUMBER)


_ARRAYS: Final[dict[str, _Array]] = {
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
    "slice": _some_items,
    "reverse": _some_items,
    "toReversed": _some_items,
    "concat": _concatenated,
    "flat": _flat,
    "values": _some_items,
    "entries": _entries,
    "keys": _keys,
    "pop": _item,
    "shift": _item,
    "at": _item,
    "next": _item,
    "splice": _some_items,
}
_CALLING: Final = frozenset(
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

# --- arrays and maps that the application made -------------------------------------------

_Object: TypeAlias = Callable[[ScriptMachine, HeapObject, Invocation], Val]


def _address(call: Invocation) -> int:
    shape = call.receiver.shapes[0]
    return shape.address if isinstance(shape, Ref) else 0


def _push(machine: ScriptMachine, found: HeapObject, call: Invocation) -> Val:
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
    key = only_constant(call.arguments.get(0, None) or UNKNOWN)
    value = call.arguments.get(1, None) or UNKNOWN
    is_known = key is not None and isinstance(key.value, (str, int))
    made = found.having(key.value, value) if is_known and key is not None else found.holding(value)  # type: ignore[arg-type]
    machine.change(call.receiver, _address(call), made)
    return call.receiver


def _has(machine: ScriptMachine, _found: HeapObject, call: Invocation) -> Val:
    value = call.arguments.get(0, None) or UNKNOWN
    return checks.comparison(machine, "in", value, call.receiver)


def _nothing(_machine: ScriptMachine, _found: HeapObject, _call: Invocation) -> Val:
    return NUMBER


def pair_of(machine: ScriptMachine, found: HeapObject, site: Site) -> Val:
    """Return a pair of a key of a map and the value under it."""
    value = found.contents() or UNKNOWN
    key = join_all(const(key) for key in list(found.entries)[:8])
    if key is None or found.rest is not None:
        unknown = Val((Anything("it is a key"),), found.rest.taints if found.rest else ())
        key = unknown if key is None else join(key, unknown)
    return machine.allocate(site, HeapObject("tuple", {0: key, 1: value}), "pair")


def _map_for_each(machine: ScriptMachine, found: HeapObject, call: Invocation) -> Val:
    _called(machine, call, found.contents() or UNKNOWN)
    return NONE


def _map_entries(machine: ScriptMachine, found: HeapObject, call: Invocation) -> Val:
    return _list(machine, call, pair_of(machine, found, call.site))


def _map_values(machine: ScriptMachine, found: HeapObject, call: Invocation) -> Val:
    return _list(machine, call, found.contents())


def _map_keys(machine: ScriptMachine, found: HeapObject, call: Invocation) -> Val:
    pair = pair_of(machine, found, call.site)
    return _list(machine, call, machine.index(pair, const(0), call.site))


_OF_OBJECTS: Final[dict[str, _Object]] = {
    "push": _push,
    "unshift": _push,
    "fill": _push,
    "add": _add,
    "has": _has,
    "hasOwnProperty": _has,
    "clear": _nothing,
    "delete": _nothing,
}
_OF_MAPS: Final[dict[str, _Object]] = {
    "get": _get,
    "set": _set,
    "forEach": _map_for_each,
    "entries": _map_entries,
    "values": _map_values,
    "keys": _map_keys,
}
