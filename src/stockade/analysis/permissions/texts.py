"""Texts made of constants and values of the template, put together and taken apart."""

from collections.abc import Iterable, Iterator
from itertools import islice, product
from typing import Final, TypeAlias

from stockade.model import (
    NOWHERE,
    Choice,
    Concatenation,
    EventData,
    Location,
    Parameter,
    Reference,
    Scalar,
    Unknown,
    Value,
    alternatives,
)

MOST_WAYS: Final = 16
"""A text that may be more than so many others is not told apart any further."""

Part: TypeAlias = str | Value
"""A piece of a text: constant, or a value that CloudFormation puts in."""

PSEUDO: Final = {
    "Partition": Parameter("AWS::Partition", None, NOWHERE),
    "Region": Parameter("AWS::Region", None, NOWHERE),
    "Account": Parameter("AWS::AccountId", None, NOWHERE),
}


def text(parts: Iterable[Part], at: Location) -> Value:
    """Put a text together, constants merged."""
    merged: list[Part] = []
    for part in parts:
        for piece in pieces(part) if not isinstance(part, str) else [part]:
            if isinstance(piece, str) and merged and isinstance(merged[-1], str):
                merged[-1] += piece
            elif piece != "":
                merged.append(piece)
    values = tuple(Scalar(one, at) if isinstance(one, str) else one for one in merged)
    return values[0] if len(values) == 1 else Concatenation(values, at)


def _told(value: Value) -> Iterator[Value]:
    """Yield what a part of a text may be; nothing is no text that a name is made of."""
    for each in alternatives(value):
        if not (isinstance(each, Scalar) and each.value is None):
            yield each


def pieces(value: Value) -> list[Part]:
    """Take a text apart: constants as `str`, the rest as values."""
    match value:
        case Scalar(value=None):
            return []
        case Scalar(value=bool(flag)):
            return ["true" if flag else "false"]
        case Scalar():
            return [str(value.value)]
        case Concatenation():
            return [piece for part in value.parts for piece in pieces(part)]
        case _:
            return [value]


def ways(value: Value) -> Iterator[Value]:
    """Yield every text that `value` may be: choices in it told apart, parameters followed.

    A parameter that another template of the application gives is what that template gives.
    """
    for each in alternatives(value):
        if isinstance(each, Parameter) and isinstance(
            each.value, Reference | Concatenation | Choice | Parameter
        ):
            yield from ways(each.value)
        elif isinstance(each, Concatenation) and any(
            isinstance(part, Choice) for part in each.parts
        ):
            options = [[*_told(part)] for part in each.parts]
            combinations = product(*options)
            for combination in islice(combinations, MOST_WAYS):
                yield text(combination, each.at)
            if next(combinations, None) is not None:
                yield Unknown(f"it is one of more than {MOST_WAYS} texts", each.at)
        else:
            yield each


def known_start(parts: list[Part]) -> tuple[list[Part], Unknown | EventData | None]:
    """Return the pieces before the first that cannot be known, and that piece."""
    for number, part in enumerate(parts):
        if isinstance(part, Unknown | EventData):
            return parts[:number], part
        if not isinstance(part, str | Parameter | Reference) and not _is_import(part):
            return parts[:number], Unknown("it is not a text", part.at)
    return parts, None


def _is_import(part: Part) -> bool:
    return type(part).__name__ == "Import"


def split(parts: list[Part], separator: str) -> list[list[Part]]:
    """Split a text at each place where a constant piece holds `separator`."""
    found: list[list[Part]] = [[]]
    for part in parts:
        if isinstance(part, str):
            first, *rest = part.split(separator)
            found[-1].append(first)
            found.extend([one] for one in rest)
        else:
            found[-1].append(part)
    return [[one for one in group if one != ""] for group in found]


def starts(parts: list[Part], *prefixes: str) -> bool:
    """Tell whether a text begins with one of the constants."""
    return bool(parts) and isinstance(parts[0], str) and parts[0].startswith(prefixes)
