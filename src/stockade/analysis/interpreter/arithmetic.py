"""Arithmetic on numbers that the code writes out: `7 * 24 * 60 * 60`."""

import operator as operators
from collections.abc import Callable
from typing import Final

from stockade.analysis.interpreter.values import NUMBER, Val, const, only_constant

_OF_NUMBERS: Final[dict[str, Callable[[float, float], float]]] = {
    "*": operators.mul,
    "-": operators.sub,
    "/": operators.truediv,
}
_LARGEST: Final = 2**53
"""Beyond this numbers of JavaScript are no longer exact, and Python's need no end of memory."""


def computed(operator: str, left: Val, right: Val) -> Val:
    """Return what an operator makes of two numbers; it makes nothing but a number of others."""
    function = _OF_NUMBERS.get(operator)
    first, second = _number(left), _number(right)
    if function is None or first is None or second is None or (operator == "/" and not second):
        return NUMBER
    result = function(first, second)
    if not abs(result) <= _LARGEST:
        return NUMBER
    return const(int(result) if result == int(result) else result)


def _number(value: Val) -> float | None:
    known = only_constant(value)
    if known is None or isinstance(known.value, bool):
        return None
    return known.value if isinstance(known.value, (int, float)) else None
