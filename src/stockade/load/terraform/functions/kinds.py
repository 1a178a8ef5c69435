"""What all functions of the language have in common."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from stockade.load.terraform.scope import Scope
from stockade.load.terraform.values import known
from stockade.model import List, Location, Map, Scalar, Unknown, Value, constant

Function: TypeAlias = Callable[[Sequence[Value], Location, Scope], Value]
"""Given its arguments, the place of the call and the scope. Raises `Failed` or a usual error of
Python where it surely fails."""


def undecided(value: Value) -> Unknown | None:
    """Return why a value is not known, None where it is (a text, a number, a collection)."""
    found = known(value)
    if isinstance(found, List | Map):
        return None
    told = constant(found)
    return told if isinstance(told, Unknown) else None


def of_texts(work: Callable[..., object]) -> Function:
    """Make a function of one that takes and gives plain texts (or numbers, or lists of texts)."""

    def function(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
        texts: list[str] = []
        for argument in arguments:
            text = constant(argument)
            if isinstance(text, Unknown):
                return Unknown(text.why, at)
            texts.append(text or "")
        return as_value(work(*texts), at)

    return function


def as_value(found: object, at: Location) -> Value:
    """Return what Python gives as a value."""
    if isinstance(found, list | tuple):
        return List(tuple(as_value(one, at) for one in found), at)
    if isinstance(found, dict):
        return Map(
            {str(key): as_value(one, at) for key, one in found.items()},
            at,
            dict.fromkeys(map(str, found), at),
        )
    if found is None or isinstance(found, str | int | float | bool):
        return Scalar(found, at)
    return Unknown("it is worked out at deployment", at)
