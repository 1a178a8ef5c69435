"""Values that a framework writes into a template: texts, documents, each with its place.

What it generates is written here as plain Python data in which the author's own values stand
where the framework would copy them: `write({"Action": "sqs:SendMessage", "Resource": queue}, at)`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from stockade._late import pattern
from stockade.model import (
    Choice,
    Concatenation,
    List,
    Location,
    Map,
    NoValue,
    Parameter,
    Scalar,
    Value,
    constant,
)

Plain: TypeAlias = (
    "Value | str | int | float | bool | Sequence[Plain] | Mapping[str, Plain] | None"
)
"""Data to be written: Python's own kinds, with values of the author anywhere inside."""

_VARIABLE = pattern(r"\$\{([A-Za-z0-9_:.]+)\}")


def write(plain: "Plain", at: Location) -> Value:
    """Turn plain data into a value whose generated parts all stand at `at`.

    Entries of a map that are None are left out; the author's values keep their own places.
    """
    if isinstance(plain, str | int | float):
        return Scalar(plain, at)
    if plain is None:
        return NoValue(at)
    if isinstance(plain, Mapping):
        return write_map(plain, at)
    if isinstance(plain, list | tuple):
        return List(tuple([write(item, at) for item in plain]), at)
    return plain  # type: ignore[return-value]


def write_map(plain: Mapping[str, "Plain"], at: Location) -> Map:
    """Turn a mapping into a map at `at`, without the entries that are None."""
    entries = {key: write(item, at) for key, item in plain.items() if item is not None}
    return Map(entries, at, {})


def join(parts: Iterable[Value], at: Location) -> Value:
    """Make one text of `parts`. Texts within texts are flattened, as the model asks."""
    flat: list[Value] = []
    for part in parts:
        if isinstance(part, Concatenation):
            flat.extend(part.parts)
        elif not isinstance(part, NoValue):
            flat.append(part)
    return flat[0] if len(flat) == 1 else Concatenation(tuple(flat), at)


@lru_cache(maxsize=1024)
def _pieces(text: str) -> tuple[str, ...]:
    """Split a template text: literal pieces at even places, names of variables at odd ones."""
    return tuple(_VARIABLE.split(text))


def substitute(text: str, at: Location, values: Mapping[str, Value] | None = None) -> Value:
    """Write a text as `Fn::Sub` would: `${AWS::Region}` stays open, `${Name}` is in `values`.

    A variable that is neither stays in the text as it is.
    """
    parts: list[Value] = []
    for number, piece in enumerate(_pieces(text)):
        if number % 2 == 0:
            if piece:
                parts.append(Scalar(piece, at))
        elif values is not None and piece in values:
            parts.append(values[piece])
        elif piece.startswith("AWS::"):
            parts.append(Parameter(piece, None, at))
        else:
            parts.append(Scalar(f"${{{piece}}}", at))
    return join(parts, at) if parts else Scalar("", at)


def substitute_all(plain: "Plain", at: Location, values: Mapping[str, Value]) -> Value:
    """Write a document in which every text is treated as `substitute` does."""
    if isinstance(plain, str):
        return substitute(plain, at, values)
    if isinstance(plain, Mapping):
        return write_map(
            {key: substitute_all(item, at, values) for key, item in plain.items()}, at
        )
    if isinstance(plain, list | tuple):
        return List(tuple([substitute_all(item, at, values) for item in plain]), at)
    return write(plain, at)


def entry(container: Value | None, key: str) -> Value | None:
    """Return what the author wrote under `key`; None for nothing, null and `AWS::NoValue`."""
    if not isinstance(container, Map):
        return None
    value = container.entries.get(key)
    if value is None or isinstance(value, NoValue):
        return None
    if isinstance(value, Scalar) and value.value is None:
        return None
    return value


def text(value: Value | None) -> str | None:
    """Return the text that `value` surely is, or None."""
    known = constant(value)
    return known if isinstance(known, str) else None


def is_true(value: Value | None) -> bool:
    """Tell whether `value` surely is true, however it was written."""
    known = text(value)
    return known is not None and known.lower() == "true"


def is_false(value: Value | None) -> bool:
    """Tell whether `value` surely is false, however it was written."""
    known = text(value)
    return known is not None and known.lower() == "false"


def is_empty(value: Value | None) -> bool:
    """Tell whether `value` is what counts as not written: absent, empty, false or zero."""
    match value:
        case None | NoValue():
            return True
        case Scalar():
            return not value.value
        case List():
            return not value.items
        case Map():
            return not value.entries
        case _:
            return False


def only(container: Map, *keys: str) -> dict[str, Value]:
    """Return the author's entries for `keys`, in that order, without those not written."""
    written = container.entries
    return {
        key: value
        for key in keys
        if key in written and (value := entry(container, key)) is not None
    }


def guard(value: Value, conditions: Iterable[tuple[str, bool]], at: Location) -> Value:
    """Let `value` exist only where each condition has the given outcome."""
    for condition, outcome in conditions:
        nothing = NoValue(at)
        if outcome:
            value = Choice(condition, value, nothing, at)
        else:
            value = Choice(condition, nothing, value, at)
    return value


Guards: TypeAlias = tuple[tuple[str, bool], ...]
"""Conditions that must hold (True) or not hold (False), the outermost last."""


def guarded_items(value: Value | None, guards: Guards = ()) -> Iterator[tuple[Guards, Value]]:
    """Yield each item of a list, or a single value, with the conditions that it hangs on."""
    match value:
        case None | NoValue():
            return
        case List():
            for item in value.items:
                yield from guarded_items(item, guards)
        case Choice():
            yield from guarded_items(value.then, ((value.condition, True), *guards))
            yield from guarded_items(value.otherwise, ((value.condition, False), *guards))
        case Parameter(value=List() as given):
            yield from guarded_items(given, guards)
        case _:
            yield guards, value


def items_of(value: Value | None) -> Iterator[Value]:
    """Yield the items of a list in every branch; nothing where there is none."""
    return (item for _, item in guarded_items(value))


def condition_name(guards: Guards, own: str | None) -> str | None:
    """Name the condition under which all `guards` and `own` hold, as SAM names such ones."""
    names = [own] if own else []
    names += [name if outcome else f"NOT{name}" for name, outcome in guards]
    return "AND".join(names) or None
