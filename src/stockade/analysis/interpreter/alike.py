"""Calls that are alike: what of their arguments tells what they do."""

from collections.abc import Iterator, Mapping

from stockade.analysis.interpreter.core import NOWHENCE
from stockade.analysis.interpreter.state import State
from stockade.analysis.interpreter.values import (
    Anything,
    Bound,
    Const,
    Environment,
    External,
    Function,
    Number,
    Partial,
    Ref,
    Special,
    Taint,
    Text,
    Val,
    constant_text,
    own_function,
)


def outline(value: Val) -> Val:
    """Return what of a value decides a call's outcome, whatever way its data came."""
    shapes = tuple(
        shape
        for shape in value.shapes
        if not isinstance(shape, (Text, Anything, Const, Number, Environment))
    )
    ways = {(taint.data, taint.safe): taint for taint in value.taints}
    kept = sorted(ways, key=lambda way: way[0].field)
    return Val(shapes or (Anything(),), tuple(Taint(data, NOWHENCE, safe) for data, safe in kept))


def gist(state: State, value: Val, whole: Val) -> tuple[object, ...]:
    """Return of a value what it is and whose data is in it, but not which one of its like it is.

    `whole` is the value with the taints of all that it contains.
    """
    kinds: list[object] = []
    for shape in value.shapes:
        match shape:
            case Ref(address):
                found = state.object(address)
                if found is not None:
                    kinds.append((found.kind, address if found.kind == "class" else found.name))
            case Function() | Bound() | Partial() | Special():
                own = own_function(Val((shape,)))
                kinds.append(type(shape) if own is None else own.code)
            case External():
                kinds.append(shape.name)
            case Const(value=str(text)) | Environment(name=text):
                kinds.append(text)
            case Text(parts):
                kinds.append(tuple(filter(None, map(constant_text, parts))))
            case Anything() | Const() | Number():
                pass
            case _:
                kinds.append(type(shape))
    data = frozenset([(taint.data, taint.safe) for taint in whole.taints])
    return (frozenset(kinds), data)


def in_place_of(before: Mapping[str, Val], now: Mapping[str, Val]) -> Iterator[tuple[Ref, Ref]]:
    """Yield the objects that were one call's arguments, each with what another has instead."""
    for name, value in now.items():
        match before[name].shapes, value.shapes:
            case ((Ref() as was,), (Ref() as one,)) if was != one:
                yield was, one
            case _:
                pass
