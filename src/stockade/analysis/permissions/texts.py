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
    values: list[Value] = []
    constant = ""
    for part in parts:
        for piece in (part,) if isinstance(part, str) else pieces(part):
            if isinstance(piece, str):
                constant += piece
                continue
            if constant:
                values.append(Scalar(constant, at))
                constant = ""
            values.append(piece)
    if constant:
        values.append(Scalar(constant, at))
    return values[0] if len(values) == 1 else Concatenation(tuple(values), at)


def _told(value: Value) -> Iterator[Value]:
    """Yield what a part of a text may be; nothing is no text that a name is made of."""
    for each in alternatives(value):
        if not (isinstance(each, Scalar) and each.value is None):
            yield each


def pieces(value: Value) -> list[Part]:
    """Take a text apart: constants as `str`, the rest as values."""
    if type(value) is Concatenation:
        found: list[Part] = []
        for part in value.parts:
            found += pieces(part)
        return found
    if type(value) is not Scalar:
        return [value]
    constant = value.value
    if type(constant) is str:
        return [constant]
    if constant is None:
        return []
    if isinstance(constant, bool):
        return ["true" if constant else "false"]
    return [str(constant)]


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
