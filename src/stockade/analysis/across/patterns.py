"""The language of event patterns, filter policies and filter criteria.

Follows "Comparison operators for use in event patterns" of the Amazon EventBridge User Guide,
"Amazon SNS subscription filter policies" of the Amazon SNS Developer Guide and "Control which
events Lambda sends to your function" of the AWS Lambda Developer Guide, which share it. What
cannot be known passes.
"""

import json
from collections.abc import Callable
from typing import Final, TypeAlias

from stockade.analysis.across.likeness import known_texts, may_be, may_begin, may_end
from stockade.analysis.events import Path
from stockade.analysis.interpreter.documents import Document, found_at
from stockade.model import (
    List,
    Location,
    Map,
    Scalar,
    Value,
    alternatives,
    constant,
    inside,
    items,
)

MOST_DEEP: Final = 12
MOST_TEXT: Final = 100_000
"""A pattern that is written as a longer text is not read, and passes everything."""

_Given: TypeAlias = list[Value]
"""What stands in the document where a pattern looks; nothing where the field is not there."""


def passes(pattern: Value | None, document: Document, path: Path = ()) -> bool:
    """Tell whether a document may match a pattern; a text is read as JSON."""
    return pattern is None or any(
        _passes(read(one), document, path, MOST_DEEP) for one in alternatives(pattern)
    )


def read(value: Value) -> Value:
    """Return a pattern that is written as JSON in a text as what it says."""
    text = constant(value) if not isinstance(value, Map | List) else None
    if not isinstance(text, str) or len(text) > MOST_TEXT:
        return value
    try:
        return _value(json.loads(text), value.at, MOST_DEEP)
    except (ValueError, RecursionError):
        return value


def _value(plain: object, at: Location, depth: int) -> Value:
    if depth and isinstance(plain, dict):
        return Map({str(k): _value(v, at, depth - 1) for k, v in plain.items()}, at, {})
    if depth and isinstance(plain, list):
        return List(tuple(_value(one, at, depth - 1) for one in plain), at)
    return Scalar(plain if isinstance(plain, str | int | float | bool) else None, at)


def _passes(pattern: Value, document: Document, path: Path, depth: int) -> bool:
    if not isinstance(pattern, Map) or not depth:
        return True
    for key, wanted in pattern:
        if key == "$or":
            if not any(_passes(one, document, path, depth - 1) for one in items(wanted)):
                return False
        elif isinstance(wanted, Map):
            if not _passes(wanted, document, (*path, key), depth - 1):
                return False
        elif not _any_of(wanted, document, (*path, key)):
            return False
    return True


def _any_of(wanted: Value, document: Document, path: Path) -> bool:
    """Tell whether what stands at `path` may be one of the things that a list names."""
    if not isinstance(read(wanted), List):
        return True
    given = [_below(part.value, rest) for part, rest in found_at(document, path)]
    return any(_matches(one, given) for one in items(read(wanted)))


def _below(value: Value, rest: Path) -> Value:
    """Return what stands `rest` below a value: a text of JSON is looked into."""
    if not rest:
        return value
    found = read(value)
    return next(inside(found, *rest), value) if isinstance(found, Map) else _unsure(value)


def _unsure(value: Value) -> Value:
    """Return a value of which only the place is known."""
    return Map({}, value.at, {})


def _matches(wanted: Value, given: _Given) -> bool:
    if not isinstance(wanted, Map):
        return any(_is_open(value) or may_be(value, wanted) for value in given)
    for operator, operand in wanted:
        test = _OPERATORS.get(operator)
        if test is not None and not test(operand, given):
            return False
    return True


def _is_open(value: Value) -> bool:
    return isinstance(value, Map | List)


def _exists(operand: Value, given: _Given) -> bool:
    return bool(given) if constant(operand) == "true" else not given


def _prefix(operand: Value, given: _Given) -> bool:
    return _texts(operand, given, may_begin)


def _suffix(operand: Value, given: _Given) -> bool:
    return _texts(operand, given, may_end)


def _texts(operand: Value, given: _Given, test: Callable[[Value, str], bool]) -> bool:
    text = constant(operand)
    if not isinstance(text, str):
        return bool(given)
    return any(_is_open(value) or test(value, text) for value in given)


def _same_letters(operand: Value, given: _Given) -> bool:
    wanted = constant(operand)
    return any(
        (texts := known_texts(value)) is None
        or not isinstance(wanted, str)
        or any(text.lower() == wanted.lower() for text in texts)
        for value in given
    )


def _anything_but(operand: Value, given: _Given) -> bool:
    """Exclude only what surely is one of the things that are named."""
    if isinstance(operand, Map):
        return bool(given)
    excluded = {text for one in items(operand) for text in known_texts(one) or ()}
    return any((texts := known_texts(value)) is None or set(texts) - excluded for value in given)


def _wildcard(operand: Value, given: _Given) -> bool:
    """Look at what stands before the first and after the last star."""
    text = constant(operand)
    if not isinstance(text, str):
        return bool(given)
    if "*" not in text:
        return _matches(operand, given)
    head, tail = text.partition("*")[0], text.rpartition("*")[2]
    return any(
        _is_open(value) or (may_begin(value, head) and may_end(value, tail)) for value in given
    )


def _some(_operand: Value, given: _Given) -> bool:
    return bool(given)


_OPERATORS: Final[dict[str, Callable[[Value, _Given], bool]]] = {
    "exists": _exists,
    "prefix": _prefix,
    "suffix": _suffix,
    "equals-ignore-case": _same_letters,
    "anything-but": _anything_but,
    "wildcard": _wildcard,
    "numeric": _some,
    "cidr": _some,
}
