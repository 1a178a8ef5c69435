"""Functions of the language extensions: `Fn::Length` and `Fn::ToJsonString`.

AWS: "AWS::LanguageExtensions transform".
"""

import json
from collections.abc import Iterator, Sequence

from stockade.load.scope import Counting, Scope
from stockade.load.texts import concatenate
from stockade.model import (
    Concatenation,
    List,
    Location,
    Map,
    NoValue,
    Parameter,
    Scalar,
    Unknown,
    Value,
)


def length(argument: Value, at: Location, scope: Scope) -> Value:
    """Return the number of items of a list."""
    del scope
    if isinstance(argument, Parameter) and argument.value is not None:
        argument = argument.value
    if isinstance(argument, List):
        return Scalar(len(argument.items), at)
    return Unknown("the length of the list is known at deployment", at)


def to_json_string(argument: Value, at: Location, scope: Counting) -> Value:
    """Return the JSON text of a value, with what is named at deployment as parts of the text."""
    return concatenate(_json(argument), at, scope)


def _json(value: Value) -> Iterator[Value]:
    match value:
        case Scalar():
            yield Scalar(json.dumps(value.value), value.at)
        case List():
            yield from _enclosed("[", "]", [(None, item) for item in value.items], value.at)
        case Map():
            yield from _enclosed("{", "}", list(value), value.at)
        case Concatenation():
            yield Scalar('"', value.at)
            for part in value.parts:
                if isinstance(part, Scalar):
                    yield Scalar(json.dumps(str(part.value))[1:-1], part.at)
                else:
                    yield part
            yield Scalar('"', value.at)
        case _:
            yield Scalar('"', value.at)
            yield value
            yield Scalar('"', value.at)


def _enclosed(
    opening: str,
    closing: str,
    entries: Sequence[tuple[str | None, Value]],
    at: Location,
) -> Iterator[Value]:
    separator = opening
    for key, entry in entries:
        if isinstance(entry, NoValue):
            continue
        yield Scalar(separator + ("" if key is None else json.dumps(key) + ":"), entry.at)
        yield from _json(entry)
        separator = ","
    yield Scalar(closing if separator == "," else opening + closing, at)
