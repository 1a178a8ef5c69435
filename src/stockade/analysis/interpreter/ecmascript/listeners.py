"""Emitters and streams: a function that listens is called with what is put in later.

`bus.on("job", run)` first and `bus.emit("job", data)` after it, `source.pipe(parser)` where
`parser` has listeners, `parser.end(data)`. An object of the application's own class that is made
from a library's listens and emits as that does. Follows "Events" and "Stream" of the Node.js API.
"""

from typing import Final

from stockade.analysis.interpreter.ecmascript.functions import is_function
from stockade.analysis.interpreter.ecmascript.protocol import ScriptMachine
from stockade.analysis.interpreter.protocol import Arguments, Invocation, call_apart
from stockade.analysis.interpreter.values import (
    UNKNOWN,
    Anything,
    External,
    Ref,
    Val,
    constant_text,
    join,
    join_all,
)

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
        if isinstance(shape, (External, Ref)) and shape.address:
            for key in (("listens", shape.address), ("listens", shape.address, _named(call))):
                before = machine.state.variable(key)
                machine.state.writes[key] = function if before is None else join(before, function)


def _named(call: Invocation) -> str:
    """Return the name of what happens, if it is certain."""
    return constant_text(call.arguments.get(0, None) or UNKNOWN) or ""


def _waiting(machine: ScriptMachine, address: int, call: Invocation) -> Val | None:
    """Return who listens: to what happens by this name, or to whatever is put into a stream."""
    if call.callee.rpartition(".")[2] != "emit" or not _named(call):
        return machine.state.variable(("listens", address))
    told = [machine.state.variable(("listens", address, name)) for name in (_named(call), "")]
    return join_all(one for one in told if one is not None)


def _puts_in(machine: ScriptMachine, call: Invocation, method: str) -> None:
    given = call.arguments.positional
    holder, values = call.receiver, given[method == "emit" :]
    if method == "pipe":
        holder, values = (given[0] if given else call.receiver), [call.receiver]
    for shape in holder.shapes:
        if not isinstance(shape, (External, Ref)) or not shape.address:
            continue
        function = _waiting(machine, shape.address, call)
        if function is None or not any(machine.inside(value).taints for value in values):
            continue
        if method != "emit":
            taints = machine.derive(call.site, *map(machine.inside, values))
            values = [Val((Anything("a stream gives it"),), taints)]
        call_apart(machine, function, Arguments(list(values), {}, values[0]), call.site)
