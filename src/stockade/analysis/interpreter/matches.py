"""Matches of regular expressions: what their groups hold is no more than their parts let through.

Follows "Match Objects" of the documentation of `re`, and "String.prototype.match()" of MDN.
"""

from typing import Final

from stockade.analysis.interpreter.protocol import Invocation, Machine, Site
from stockade.analysis.interpreter.values import (
    NUMBER,
    UNKNOWN,
    Anything,
    Const,
    HeapObject,
    Truth,
    Val,
    const,
    only_constant,
)

_NUMBERS: Final = frozenset({"start", "end", "span", "pos", "endpos"})
METHODS: Final = frozenset({"group", "groups", "groupdict", "__getitem__", *_NUMBERS})
"""What a match object of Python is asked."""


def group(machine: Machine, match: Truth, value: Val, key: Val, site: Site) -> Val:
    """Return what a group of a match holds; `value` is the match, with whose data is in it."""
    known = only_constant(key)
    kinds = frozenset[str]()
    if known is not None:
        kinds = dict(match.parts).get(_name(known), kinds)
    elif match.parts:
        kinds = frozenset.intersection(*(safe for _, safe in match.parts))
    return Val((Anything("it is part of a match"),), machine.derive(site, value, kinds=kinds))


def _name(key: Const) -> str | int:
    value = key.value
    if isinstance(value, str):
        return int(value) if value.isdigit() else value
    return value if isinstance(value, int) else ""


def method(machine: Machine, match: Truth, call: Invocation) -> Val:
    """Call a method of a match object of Python."""
    value, site = call.receiver, call.site
    if call.callee in _NUMBERS:
        return NUMBER
    numbers = [name for name, _ in match.parts if isinstance(name, int) and name]
    if call.callee == "groups":
        items: dict[str | int, Val] = {
            number - 1: group(machine, match, value, const(number), site) for number in numbers
        }
        return machine.allocate(site, HeapObject("tuple", items), "groups")
    if call.callee == "groupdict":
        named: dict[str | int, Val] = {
            name: group(machine, match, value, const(name), site)
            for name, _ in match.parts
            if isinstance(name, str)
        }
        return machine.allocate(site, HeapObject("map", named), "groups")
    asked = list(call.arguments.positional) or [const(0)]
    found = [group(machine, match, value, key, site) for key in asked]
    if len(found) > 1:
        return machine.allocate(site, HeapObject("tuple", dict(enumerate(found))), "groups")
    return found[0] if call.arguments.complete else group(machine, match, value, UNKNOWN, site)
