"""Values as JSON text, as the framework writes patterns and inputs."""

import json
from typing import Any

from stockade.model import List, Map, Scalar, Value

_MAX_DEPTH = 40


def shape(value: Value) -> object:
    """Return what a value says without the places where it says it, to compare it by."""
    match value:
        case Scalar():
            return value.value
        case List():
            return ("list", *(shape(item) for item in value.items))
        case Map():
            return ("map", *((key, shape(item)) for key, item in value))
        case _:
            return value


def as_json(value: Value) -> Value:
    """Return a map or list as the JSON text that it is; as it is where not all of it is known."""
    if not isinstance(value, Map | List):
        return value
    try:
        return Scalar(json.dumps(_plain(value, 0), separators=(",", ":")), value.at)
    except ValueError:
        return value


def _plain(value: Value, depth: int) -> Any:  # noqa: ANN401 - JSON has no type of its own
    if depth > _MAX_DEPTH:
        raise ValueError
    match value:
        case Scalar():
            return value.value
        case List():
            return [_plain(item, depth + 1) for item in value.items]
        case Map() if not any(key == "Ref" or key.startswith("Fn::") for key in value.entries):
            return {key: _plain(item, depth + 1) for key, item in value}
        case _:
            raise ValueError
