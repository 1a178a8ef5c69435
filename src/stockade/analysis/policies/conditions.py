"""What a value is under each way that the template's undecided conditions may turn out."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Final, TypeAlias

from stockade.model import (
    Choice,
    Concatenation,
    List,
    Map,
    NoValue,
    Parameter,
    Unknown,
    Value,
    walk,
)

Truths: TypeAlias = Mapping[str, bool]
"""What each condition turned out to be."""

MOST_CONDITIONS: Final = 4
"""In one statement: each doubles the ways it may be read."""


def listed(value: Value | None, truths: Truths) -> Iterator[tuple[Value, Truths]]:
    """Yield the items of a list, of every branch, with what its conditions must be."""
    match value:
        case None | NoValue():
            return
        case List():
            for item in value.items:
                yield from listed(item, truths)
        case Parameter(value=List() as given):
            yield from listed(given, truths)
        case Choice():
            for branch, answer in ((value.then, True), (value.otherwise, False)):
                if truths.get(value.condition, answer) is answer:
                    yield from listed(branch, {**truths, value.condition: answer})
        case _:
            yield value, truths


def told_apart(value: Value, truths: Truths) -> Iterator[tuple[Value, Truths]]:
    """Yield `value` without choices, once for each way that its conditions may turn out."""
    names = {part.condition: None for part in walk(value) if isinstance(part, Choice)}
    open_ = [name for name in names if name not in truths]
    if len(open_) > MOST_CONDITIONS:
        yield Unknown(f"it hangs on more than {MOST_CONDITIONS} conditions", value.at), truths
        return
    for answers in product((True, False), repeat=len(open_)):
        settled = {**truths, **dict(zip(open_, answers, strict=True))}
        yield _settled(value, settled), settled


def _settled(value: Value, truths: Truths) -> Value:
    match value:
        case Choice():
            return _settled(value.then if truths[value.condition] else value.otherwise, truths)
        case Map():
            entries = {key: _settled(one, truths) for key, one in value}
            kept = {key: one for key, one in entries.items() if not isinstance(one, NoValue)}
            return Map(kept, value.at, value.keys)
        case List():
            items = (_settled(one, truths) for one in value.items)
            return List(tuple(one for one in items if not isinstance(one, NoValue)), value.at)
        case Concatenation():
            return Concatenation(tuple(_settled(one, truths) for one in value.parts), value.at)
        case _:
            return value
