"""What was worked out of an object is kept while that object is the one that is asked about."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from stockade.model.asked import Asked, noted

_PLAIN = (dict, frozenset, list, set, str, tuple, type(None))
"""What works nothing out when it is asked."""

_Thing = TypeVar("_Thing")
_Made = TypeVar("_Made")
_Beside = ParamSpec("_Beside")


def remembered(
    make: Callable[Concatenate[_Thing, _Beside], _Made],
) -> Callable[Concatenate[_Thing, _Beside], _Made]:
    """Return `make` with a memory of one: the same object asked again costs nothing.

    Rule after rule asks for the same indexes of one application, then all ask for the next
    one's. Objects are told apart by identity, so what is asked about must not change; what is
    passed beside it must follow from it, as the application follows from its facts. Who is given
    what was kept has asked what was asked for it; what is no plain collection may ask more later,
    and is shared as `Asked.shares` says.
    """
    last: tuple[_Thing, _Made, Asked | None] | None = None

    def again(about: _Thing, /, *beside: _Beside.args, **named: _Beside.kwargs) -> _Made:
        nonlocal last
        known, notes = last, noted()
        if known is None or known[0] is not about or (notes is not None and known[2] is None):
            own = None if notes is None else Asked()
            token = None if own is None else own.begin()
            try:
                made = make(about, *beside, **named)
            finally:
                if token is not None:
                    Asked.end(token)
            last = known = (about, made, own)
        if notes is not None and known[2] is not None:
            notes.include(known[2])
            notes.shares = notes.shares or type(known[1]) not in _PLAIN
        return known[1]

    return again
