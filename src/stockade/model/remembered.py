"""What was worked out of an object is kept while that object is the one that is asked about."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

_Asked = TypeVar("_Asked")
_Made = TypeVar("_Made")
_Beside = ParamSpec("_Beside")


def remembered(
    make: Callable[Concatenate[_Asked, _Beside], _Made],
) -> Callable[Concatenate[_Asked, _Beside], _Made]:
    """Return `make` with a memory of one: the same object asked again costs nothing.

    Rule after rule asks for the same indexes of one application, then all ask for the next
    one's. Objects are told apart by identity, so what is asked about must not change; what is
    passed beside it must follow from it, as the application follows from its facts.
    """
    last: tuple[_Asked, _Made] | None = None

    def again(asked: _Asked, /, *beside: _Beside.args, **named: _Beside.kwargs) -> _Made:
        nonlocal last
        known = last
        if known is None or known[0] is not asked:
            last = known = (asked, make(asked, *beside, **named))
        return known[1]

    return again
