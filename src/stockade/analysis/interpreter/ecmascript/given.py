"""What functions are given: `this`, and arguments that were bound to them."""

from stockade.analysis.interpreter.protocol import Arguments
from stockade.analysis.interpreter.values import (
    UNKNOWN,
    Bound,
    HeapObject,
    Special,
    Val,
    join_all,
)
from stockade.model.record import replace


def bound(function: Val, arguments: Arguments) -> Val:
    """Return `function.bind(this, ...)`."""
    this, *others = arguments.positional or [UNKNOWN]
    results = []
    for shape in function.shapes:
        inner = Val((shape,))
        if isinstance(shape, Special) and shape.role == "method":
            inner = Val((Bound(shape.function, this),))
        for value in others:
            inner = Val((Bound(inner, value),))
        results.append(inner)
    return join_all(results) or UNKNOWN


def merged(found: HeapObject, other: HeapObject) -> HeapObject:
    """Return an object with the entries of another put into it."""
    rest = join_all(each for each in (found.rest, other.rest) if each is not None)
    return replace(found, entries={**found.entries, **other.entries}, rest=rest)
