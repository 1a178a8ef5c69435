"""Emitters and streams: a function that listens is called with what is put in later.

`bus.on("job", run)` first and `bus.emit("job", data)` after it, `source.pipe(parser)` where
`parser` has listeners, `parser.end(data)`. Follows "Events" and "Stream" of the Node.js API.
"""

from typing import Final

from stockade.analysis.interpreter.ecmascript.functions import is_function
from stockade.analysis.interpreter.ecmascript.protocol import ScriptMachine
from stockade.analysis.interpreter.protocol import Arguments, Invocation, call_apart
from stockade.analysis.interpreter.values import Anything, External, Val, join

_LISTENS: Final = frozenset({"on", "once", "addListener", "addEventListener", "prependListener"})
_PUTS_IN: Final = frozenset({"emit", "write", "end", "push", "pipe"})


def is_listened(call: Invocation) -> bool:
    """Tell whether the functions that a call is given wait for something to happen."""
    return call.callee.rpartition(".")[2] in _LISTENS


def called(machine: ScriptMachine, call: Invocation) -> Val | None:
    """Remember who listens, and call those who do; the call itself goes on as it is."""
    method = call.callee.rpartition(".")[2]
    if method in _LISTENS:
        _listens(machine, call)
    elif method in _PUTS_IN:
        _puts_in(machine, call, method)
    return None


def _listens(machine: ScriptMachine, call: Invocation) -> None:
    function = call.arguments.get(1, None)
    if function is None or not is_function(function):
        return
    for shape in call.receiver.shapes:
        if isinstance(shape, External) and shape.address:
            key = ("listens", shape.address)
            before = machine.state.variable(key)
            machine.state.writes[key] = function if before is None else join(before, function)


def _puts_in(machine: ScriptMachine, call: Invocation, method: str) -> None:
    given = call.arguments.positional
    holder, values = call.receiver, given[method == "emit" :]
    if method == "pipe":
        holder, values = (given[0] if given else call.receiver), [call.receiver]
    for shape in holder.shapes:
        if not isinstance(shape, External) or not shape.address:
            continue
        function = machine.state.variable(("listens", shape.address))
        if function is None or not any(machine.inside(value).taints for value in values):
            continue
        if method != "emit":
            taints = machine.derive(call.site, *map(machine.inside, values))
            values = [Val((Anything("a stream gives it"),), taints)]
        call_apart(machine, function, Arguments(list(values), {}, values[0]), call.site)
