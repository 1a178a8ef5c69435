"""Methods that a schema of mongoose gives its documents and models, by their names.

`schema.methods.sign = function () {...}`, `schema.statics.named = ...`,
`schema.method("sign", ...)`. Which of several schemas a document has is not told apart. Follows
"Schemas" of the mongoose guide.
"""

from typing import Final

from stockade.analysis.interpreter.ecmascript import given
from stockade.analysis.interpreter.ecmascript.functions import is_function
from stockade.analysis.interpreter.ecmascript.protocol import ScriptMachine
from stockade.analysis.interpreter.protocol import Arguments, Invocation
from stockade.analysis.interpreter.state import Key
from stockade.analysis.interpreter.values import (
    NONE,
    UNKNOWN,
    External,
    Val,
    constant_text,
    join,
)

_SCHEMA: Final = "npm:mongoose.Schema"
_HOLDERS: Final = (f"{_SCHEMA}.methods", f"{_SCHEMA}.statics")
_GIVES: Final = (f"{_SCHEMA}.method", f"{_SCHEMA}.static")
_HAVE: Final = "npm:mongodb.Collection"


def assigned(machine: ScriptMachine, holder: Val, name: str, value: Val) -> None:
    """Remember a function that is written into the methods of a schema."""
    if any(isinstance(one, External) and one.name in _HOLDERS for one in holder.shapes):
        _remember(machine, name, value)


def called(machine: ScriptMachine, call: Invocation) -> Val | None:
    """Remember what a schema is given, and call what a document or a model has by its name."""
    if call.callee in _GIVES:
        name = constant_text(call.arguments.get(0, None) or UNKNOWN)
        if name is not None:
            _remember(machine, name, call.arguments.get(1, None) or UNKNOWN)
        return NONE
    kind, _, name = call.callee.rpartition(".")
    if not kind.startswith(_HAVE):
        return None
    function = machine.state.variable(_key(name))
    if function is None:
        return None
    bound = given.bound(function, Arguments([call.receiver]))
    return machine.call(bound, call.arguments, call.site)


def _remember(machine: ScriptMachine, name: str, function: Val) -> None:
    if is_function(function):
        before = machine.state.variable(_key(name))
        machine.state.writes[_key(name)] = function if before is None else join(before, function)


def _key(name: str) -> Key:
    return ("document method", name)
