"""Which method is called of what: texts, arrays, maps, promises, and what libraries gave."""

from stockade.analysis.interpreter import texts
from stockade.analysis.interpreter.ecmascript import arrays, functions, maps, strings
from stockade.analysis.interpreter.ecmascript.protocol import ScriptMachine
from stockade.analysis.interpreter.protocol import Arguments, Invocation
from stockade.analysis.interpreter.values import (
    NUMBER,
    Anything,
    External,
    Number,
    Ref,
    Truth,
    Val,
    join,
)
from stockade.model.record import replace


def promise(machine: ScriptMachine, call: Invocation) -> Val:
    """Call `then`, `catch` or `finally`: a promise is what it will give."""
    given = call.arguments.positional
    receiver = call.receiver
    if call.callee == "then" and given:
        result = machine.call(given[0], Arguments([receiver]), call.site)
        return result if len(given) == 1 else join(result, _caught(machine, given[1], call))
    if call.callee == "catch" and given:
        return join(receiver, _caught(machine, given[0], call))
    if given:
        machine.call(given[0], Arguments(), call.site)
    return receiver


def _caught(machine: ScriptMachine, function: Val, call: Invocation) -> Val:
    return machine.call(function, Arguments([machine.caught(call.site)]), call.site)


def of_result(machine: ScriptMachine, whole: str, call: Invocation) -> Val | None:
    """Use what a library gave as the text or array that it may be; None if it is neither."""
    name = call.callee
    calls = any(functions.is_function(value) for value in call.arguments.positional)
    if machine.describes(whole):
        return None
    if (
        (name in arrays.CALLING and calls)
        or name in strings.METHODS
        or name in ("join", "includes", "toJSON")
    ):
        receiver = call.receiver
        if name in strings.METHODS or name == "toJSON":
            receiver = Val((Anything("a library gave it"),), machine.inside(receiver).taints)
        return method(machine, replace(call, receiver=receiver))
    if name in ("push", "set", "append", "add"):
        for value in call.arguments.all():
            machine.hold(call.receiver, value)
    return None


def method(machine: ScriptMachine, call: Invocation) -> Val:
    """Call a method of one shape that is no object of a class; its name is the callee."""
    if call.callee == "promise" and not call.arguments.positional:
        # What SDK 2 answers, be it known or not.
        return call.receiver
    shape = call.receiver.shapes[0]
    name = call.callee
    if isinstance(shape, Anything):
        machine.runs_statement(call)
    if name in strings.OF_NOTHING_ELSE:
        # No object out of JSON has it: what comes after this line was a text.
        machine.trust(
            tuple((taint.node, kind) for taint in call.receiver.taints for kind in texts.SAFE_IN)
        )
    if isinstance(shape, Ref):
        found = next((o for at, o in machine.objects(call.receiver) if at == shape.address), None)
        if found is not None:
            known = maps.OF_OBJECTS.get(name)
            if known is not None:
                return known(machine, found, call)
            if found.kind == "map" and name in maps.OF_MAPS:
                return maps.OF_MAPS[name](machine, found, call)
    if isinstance(shape, (Number, Truth)) and name not in arrays.CALLING:
        return NUMBER
    in_order = arrays.METHODS.get(name)
    if in_order is not None and not (_is_text(shape) and name in strings.METHODS):
        return in_order(machine, call)
    return strings.method(machine, call)


def _is_text(shape: object) -> bool:
    return not isinstance(shape, (Ref, External))
