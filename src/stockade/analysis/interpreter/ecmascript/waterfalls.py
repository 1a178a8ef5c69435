"""Functions that are called one after the other, each with what the one before passes on.

`waterfall([download, transform], callback)` of `async`: each calls `next(error, ...values)`.
"""

from collections.abc import Sequence
from typing import Final

from stockade.analysis.interpreter.ecmascript.protocol import ScriptMachine
from stockade.analysis.interpreter.protocol import Arguments, Invocation, call_apart
from stockade.analysis.interpreter.values import NONE, External, Val

_STARTS: Final = frozenset({"npm:async.waterfall", "npm:async/waterfall"})
NEXT: Final = "ecmascript.next'"


def called(machine: ScriptMachine, call: Invocation) -> Val | None:
    """Call the first function; the call itself goes on as it is."""
    tasks = call.arguments.get(0, None)
    if call.callee not in _STARTS or tasks is None:
        return None
    functions = [one for _, found in machine.objects(tasks) for one in found.entries.values()]
    last = call.arguments.get(1, None)
    following = [*functions, *([last] if last is not None else [])]
    if functions:
        call_apart(machine, following[0], Arguments([_next(following[1:])]), call.site)
    return NONE


def passed(machine: ScriptMachine, call: Invocation) -> Val:
    """Call the next function with what is passed on; the last is told of an error too."""
    given = call.arguments.positional
    for shape in call.receiver.shapes:
        following = [value for _, value in shape.made_of] if isinstance(shape, External) else []
        if len(following) > 1:
            told = Arguments([*given[1:], _next(following[1:])])
            call_apart(machine, following[0], told, call.site)
        elif following:
            call_apart(machine, following[0], Arguments([*given]), call.site)
    return NONE


def _next(following: Sequence[Val]) -> Val:
    made_of = tuple((str(place), value) for place, value in enumerate(following))
    return Val((External(NEXT, instance=True, made_of=made_of),))
