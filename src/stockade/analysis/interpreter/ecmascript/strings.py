"""Methods of texts."""

from collections.abc import Callable
from typing import Final

from stockade.analysis.interpreter import places, texts
from stockade.analysis.interpreter.ecmascript import expressions, functions
from stockade.analysis.interpreter.ecmascript.protocol import ScriptMachine
from stockade.analysis.interpreter.protocol import Arguments, Invocation
from stockade.analysis.interpreter.values import (
    NUMBER,
    UNKNOWN,
    Anything,
    Const,
    Environment,
    Event,
    HeapObject,
    Text,
    Val,
    const,
    constant_text,
    settled,
    text_of,
)

BETWEEN_DOTS: Final = Anything("it stands between dots, as the claims of a token do")

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
METHODS: Final = _SAME | _CUT | {"split", "match", "matchAll"}
OF_NOTHING_ELSE: Final = frozenset(
    [
        *_SAME.difference(["toString", "toLocaleString", "valueOf"]),
        *("startsWith", "endsWith", "search", "localeCompare", "charCodeAt", "codePointAt"),
        *("substring", "substr", "charAt", "padStart", "padEnd", "repeat"),
        *("replace", "replaceAll", "split", "match", "matchAll"),
    ]
)
"""Methods that texts have, and neither arrays nor objects."""
_PARTS: Final = frozenset(
    ["slice", "substring", "substr", "at", "charAt", "padStart", "padEnd", "repeat"]
)
_ASKED: Final[dict[str, Callable[[str, str], bool]]] = {
    "startsWith": str.startswith,
    "endsWith": str.endswith,
}
_COMPUTED: Final[dict[str, Callable[[str], str]]] = {
    "toLowerCase": str.lower,
    "toUpperCase": str.upper,
    "trim": str.strip,
    "trimStart": str.lstrip,
    "trimEnd": str.rstrip,
}


def method(machine: ScriptMachine, call: Invocation) -> Val:
    """Call a method of a text, or of what may be one."""
    name, receiver, site = call.callee, call.receiver, call.site
    values = call.arguments.positional
    if name in _SAME:
        known = constant_text(settled(receiver))
        if known is not None and name in _COMPUTED and len(known) < texts.MOST_LENGTH:
            computed = _COMPUTED[name](known)
            return receiver if computed == known else Val((Const(computed),), receiver.taints)
        shape = receiver.shapes[0]
        kept = (
            shape
            if isinstance(shape, (Const, Text, Event, Environment)) or texts.tells(shape)
            else Anything("a text")
        )
        whole = machine.inside(receiver)
        return Val((kept,), machine.derive(site, whole, kinds=texts.SAFE_IN))
    if name in _ASKED and values:
        first, second = constant_text(settled(receiver)), constant_text(settled(values[0]))
        if first is not None and second is not None and len(values) == 1:
            return const(_ASKED[name](first, second))
    if name == "startsWith" and values:
        return texts.begins_with(machine, receiver, values[0]) or NUMBER
    if name in _NUMBERS:
        if name == "search" and values:
            expressions.runs(machine, values[0], receiver, site)
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
        if functions.is_function(value):
            machine.call(value, Arguments([], {}, UNKNOWN), site)
    held = [machine.inside(value) for value in (receiver, *values)]
    if name in _PARTS or name in places.LOOKUPS:
        held = held[:1]
    return Val((Anything(f"`{name}()` is not known"),), machine.derive(site, *held))


def _split(machine: ScriptMachine, call: Invocation) -> Val:
    by = call.arguments.get(0, None) or UNKNOWN
    expressions.runs(machine, by, call.receiver, call.site)
    separator = constant_text(by)
    safe = frozenset({"path"}) if separator == "/" else frozenset[str]()
    taints = machine.derive(call.site, machine.inside(call.receiver), kinds=safe)
    part = Val((BETWEEN_DOTS if separator == "." else Anything("it is part of a text"),), taints)
    return machine.allocate(call.site, HeapObject("list", {}, part), "split")


def _replaced(machine: ScriptMachine, call: Invocation) -> Val:
    pattern, put = call.arguments.positional[:2]
    computed = expressions.replaced(pattern, put, settled(call.receiver))
    if computed is not None:
        return call.receiver if computed == settled(call.receiver) else computed
    receiver = machine.inside(call.receiver)
    expressions.runs(machine, pattern, receiver, call.site)
    if functions.is_function(put):
        part = Val((Anything("it is part of a text"),), receiver.taints)
        put = machine.call(put, Arguments([part], {}, part), call.site)
    elif any(True for _ in machine.objects(put)):
        put = machine.index(put, UNKNOWN, call.site)
    kinds = expressions.cleaned(pattern, put, everywhere=call.callee == "replaceAll")
    in_parts = texts.replaced_in_parts(machine, call, [pattern, put], kinds)
    if in_parts is not None:
        return in_parts
    if "page" in kinds and len(put.shapes) > 1:
        put = Val(put.shapes)  # What is no sign of a page stays as it was: `MAP[sign] || sign`.
    taints = machine.derive(call.site, receiver, machine.inside(put), kinds=kinds)
    is_part = BETWEEN_DOTS in call.receiver.shapes
    return Val((BETWEEN_DOTS if is_part else Anything("it is a text"),), taints)
