"""The definition of a state machine as one tree, wherever and however it is written.

In place, as a text of JSON with references in it, with `${Name}` to be filled from
`DefinitionSubstitutions`. Follows AWS::StepFunctions::StateMachine in the CloudFormation
template reference.
"""

import json
from typing import Final

from stockade._late import pattern
from stockade.model import (
    Concatenation,
    List,
    Location,
    Map,
    Resource,
    Scalar,
    Value,
    alternatives,
    constant,
)

MOST_TEXT: Final = 1_000_000
"""Step Functions takes no definition that is longer."""
MOST_DEEP: Final = 40

_MARK: Final = pattern("\ue000(\\d+)\ue001")
_SUBSTITUTION: Final = pattern(r"\$\{([A-Za-z0-9_]{1,128})\}")


def definition_of(machine: Resource) -> Map | None:
    """Return the definition of a state machine; None for one that cannot be read."""
    properties = machine.properties
    written = properties.get("Definition") or properties.get("DefinitionString")
    for way in alternatives(written) if written is not None else ():
        tree = way if isinstance(way, Map) else _parsed(way)
        if isinstance(tree, Map):
            given = properties.get("DefinitionSubstitutions")
            return _filled_map(tree, given) if isinstance(given, Map) else tree
    return None


def _parsed(value: Value) -> Value | None:
    """Read a text of JSON in which references may stand."""
    parts = value.parts if isinstance(value, Concatenation) else (value,)
    text = ""
    marked: list[Value] = []
    for part in parts:
        known = constant(part) if isinstance(part, Scalar) else None
        if isinstance(known, str):
            text += known
        else:
            text += f"\ue000{len(marked)}\ue001"
            marked.append(part)
    if len(text) > MOST_TEXT:
        return None
    try:
        return _tree(json.loads(text), marked, value.at, MOST_DEEP)
    except (ValueError, RecursionError):
        return None


def _tree(plain: object, marked: list[Value], at: Location, depth: int) -> Value:
    if depth and isinstance(plain, dict):
        entries = {str(key): _tree(one, marked, at, depth - 1) for key, one in plain.items()}
        return Map(entries, at, {})
    if depth and isinstance(plain, list):
        return List(tuple(_tree(one, marked, at, depth - 1) for one in plain), at)
    if isinstance(plain, str) and "\ue000" in plain:
        pieces = _MARK.split(plain)
        parts = tuple(
            marked[int(piece)] if place % 2 else Scalar(piece, at)
            for place, piece in enumerate(pieces)
            if place % 2 or piece
        )
        return parts[0] if len(parts) == 1 else Concatenation(parts, at)
    return Scalar(plain if isinstance(plain, str | int | float | bool) else None, at)


def _filled_map(tree: Map, given: Map) -> Map:
    filled = _filled(tree, given, MOST_DEEP)
    return filled if isinstance(filled, Map) else tree


def _filled(value: Value, given: Map, depth: int) -> Value:
    """Put what is substituted in its place: the whole of a text, or a part of it."""
    if not depth:
        return value
    match value:
        case Map():
            entries = {key: _filled(one, given, depth - 1) for key, one in value}
            return Map(entries, value.at, value.keys)
        case List():
            return List(tuple(_filled(one, given, depth - 1) for one in value), value.at)
        case Scalar(value=str(text)) if "${" in text:
            pieces = _SUBSTITUTION.split(text)
            parts = tuple(
                (given.get(piece) or Scalar(f"${{{piece}}}", value.at))
                if place % 2
                else Scalar(piece, value.at)
                for place, piece in enumerate(pieces)
                if place % 2 or piece
            )
            return parts[0] if len(parts) == 1 else Concatenation(parts, value.at)
        case _:
            return value
