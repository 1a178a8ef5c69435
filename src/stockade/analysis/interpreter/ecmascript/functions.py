"""Functions as values: which they are, and how libraries call them back."""

from typing import Final

from stockade.analysis.interpreter.ecmascript.protocol import ScriptMachine
from stockade.analysis.interpreter.protocol import Arguments, Site, call_apart
from stockade.analysis.interpreter.values import (
    NONE,
    UNKNOWN,
    Bound,
    Function,
    Special,
    Val,
    join,
)

OF_FUNCTION: Final = "of a function"
"""Begins the keys of the state under which the properties of functions are."""
PROTOTYPE: Final = "prototype"


def is_function(value: Val) -> bool:
    """Tell whether the value may be a function of the application."""
    return any(
        isinstance(shape, (Function, Bound))
        or (isinstance(shape, Special) and shape.role == "method")
        for shape in value.shapes
    )


_ERRORS: Final = frozenset({"err", "error", "e", "er", "_err", "_", "_error", "ex", "__"})

_UNUSED: Final = frozenset({"_", "__", "_err", "_error"})


def call_back(machine: ScriptMachine, function: Val, result: Val, site: Site) -> None:
    """Call a function with the result of what it was given to: after an error, if it takes one."""
    for shape in function.shapes:
        inner = shape.function if isinstance(shape, Special) else None
        named = inner.shapes[0] if inner is not None else shape
        names = [p.name for p in named.code.parameters] if isinstance(named, Function) else []
        names = [name for name in names if name != "this"]
        if len(names) > 1 and names[0].lower() in _ERRORS:
            error = NONE if names[0] in _UNUSED else join(NONE, machine.caught(site))
            passed = Arguments([error, result], {}, result)
        elif len(names) == 1 and names[0].lower() in _ERRORS:
            passed = Arguments([UNKNOWN])
        else:
            passed = Arguments([], {}, result)
        call_apart(machine, Val((shape,)), passed, site)
