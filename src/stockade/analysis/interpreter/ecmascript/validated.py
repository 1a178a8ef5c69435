"""Classes whose fields say what they hold: class-validator and class-transformer.

`plainToInstance(Job, data)` makes an object of the class, `validate(job)` gives the errors of
its fields and `validateOrReject(job)` raises them. Follows the packages' own documentation.
"""

from collections.abc import Iterator
from typing import Final

from stockade.analysis.interpreter.ecmascript import formats
from stockade.analysis.interpreter.ecmascript.protocol import ScriptMachine
from stockade.analysis.interpreter.protocol import Invocation
from stockade.analysis.interpreter.values import (
    UNKNOWN,
    External,
    HeapObject,
    Node,
    Ref,
    Truth,
    Val,
    const,
)

_MAKES: Final = frozenset(
    f"npm:class-transformer.{name}" for name in ("plainToInstance", "plainToClass")
)
_VALIDATOR: Final = "npm:class-validator."
_TRANSFORMS: Final = "npm:class-transformer-validator.transformAndValidate"
_ERRORS: Final = "npm:class-validator.Errors"


def called(machine: ScriptMachine, call: Invocation) -> Val | None:
    """Make an object of a class, or check one."""
    given = call.arguments.get(0, None) or UNKNOWN
    if call.callee in _MAKES:
        return _made(machine, call, given)
    if call.callee == _TRANSFORMS:
        made = _made(machine, call, given)
        machine.trust(tuple(_shown(machine, made)))
        return made
    if not call.callee.startswith(_VALIDATOR):
        return None
    name = call.callee.removeprefix(_VALIDATOR)
    if name not in ("validate", "validateSync", "validateOrReject"):
        return None
    machine.noted(call)
    shown = tuple(_shown(machine, given))
    if name == "validateOrReject":
        machine.trust(shown)
        return UNKNOWN
    return errors(Val((Truth((), shown),)))


def errors(count: Val) -> Val:
    """Return the errors of a check, by what it shows where there are none."""
    return Val((External(_ERRORS, instance=True, made_of=(("length", count),)),))


def length(value: External) -> Val | None:
    """Return how many errors a check gave: with none of them the fields hold what they should."""
    return dict(value.made_of).get("length") if value.name == _ERRORS else None


def _made(machine: ScriptMachine, call: Invocation, class_: Val) -> Val:
    data = call.arguments.get(1, None) or UNKNOWN
    rest = machine.index(data, UNKNOWN, call.site)
    made = HeapObject("instance", {}, rest, class_, "plain", spread=(data,))
    return machine.allocate(call.site, made, "plain")


def _shown(machine: ScriptMachine, value: Val) -> Iterator[tuple[Node, str]]:
    """Yield the fields of an object that the decorators of its class keep harmless."""
    for address, found in machine.objects(value):
        held = Val((Ref(address),))
        for name, kinds in fields(machine, found.type or UNKNOWN):
            field = machine.index(held, const(name), machine.here())
            yield from ((taint.node, kind) for taint in field.taints for kind in kinds)


def fields(machine: ScriptMachine, class_: Val) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the fields of a class that decorators keep harmless, for which kinds of sinks."""
    for address, found in machine.objects(class_):
        for name in found.entries:
            told = machine.state.variable(("field", address, name))
            kinds = _kept_out(machine, told) if told is not None else frozenset()
            if kinds:
                yield str(name), kinds


def _kept_out(machine: ScriptMachine, decorators: Val) -> frozenset[str]:
    kinds: frozenset[str] = frozenset()
    for _, found in machine.objects(decorators):
        for shape in (shape for one in found.entries.values() for shape in one.shapes):
            if isinstance(shape, External) and shape.name.startswith(_VALIDATOR):
                name = shape.name.removeprefix(_VALIDATOR).removesuffix("()")
                given = dict(shape.made_of)
                kinds |= formats.of(name, [given["0"]] if "0" in given else [])
    return kinds
