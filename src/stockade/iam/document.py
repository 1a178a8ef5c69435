"""JSON text to plain values, with what JSON readers lose: places and doubled keys."""

import json
import re
from collections.abc import Iterator

from stockade._late import pattern
from stockade.iam.errors import PolicyError
from stockade.iam.policy import Place

_TOKEN = pattern(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]:,]', re.DOTALL)
_NEWLINE = pattern("\n")
_HINT = "a policy is one JSON object with a Statement"


class Element(dict[str, object]):
    """A JSON object that remembers which of its keys were written twice."""

    doubled: tuple[str, ...] = ()


def read_json(text: str) -> object:
    """Read JSON strictly. Raises `PolicyError` with line and column if it is not JSON."""
    text = text.removeprefix("\ufeff")
    try:
        return json.loads(text, object_pairs_hook=_element, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        message = f"{error.lineno}:{error.colno}: not JSON: {error.msg}"
        raise PolicyError(message, _HINT) from None
    except RecursionError:
        message = "nested too deeply to be a policy"
        raise PolicyError(message, _HINT) from None
    except ValueError as error:
        message = f"not JSON: {error}"
        raise PolicyError(message, _HINT) from None


def has_doubled(value: object) -> bool:
    """Whether some object in a value that `read_json` gave has a key that was written twice."""
    if isinstance(value, list):
        return any(map(has_doubled, value))
    if isinstance(value, dict):
        doubled = isinstance(value, Element) and bool(value.doubled)
        return doubled or any(map(has_doubled, value.values()))
    return False


def statement_places(text: str) -> list[Place]:
    """Where each statement starts in a text that is known to be JSON."""
    starts = list(_statement_offsets(text))
    breaks = [match.end() for match in _NEWLINE.finditer(text)]
    places: list[Place] = []
    line, line_start = 1, 0
    for offset in starts:
        while line <= len(breaks) and breaks[line - 1] <= offset:
            line_start = breaks[line - 1]
            line += 1
        places.append(Place(line, offset - line_start + 1))
    return places


def _statement_offsets(text: str) -> Iterator[int]:
    depth, inside, last, pending = 0, False, "", ""
    for match in _TOKEN.finditer(text):
        mark = match.group()
        if mark in "{[":
            if depth == 1 and pending == '"Statement"':
                if mark == "{":
                    yield match.start()
                inside = mark == "["
            elif depth == 2 and inside and mark == "{":  # noqa: PLR2004 - document, list, statement
                yield match.start()
            pending = ""
            depth += 1
        elif mark in "}]":
            depth -= 1
            inside = inside and depth > 1
        elif mark == ":":
            pending = last if depth == 1 else ""
        last = mark


def _element(pairs: list[tuple[str, object]]) -> Element:
    element = Element(pairs)
    if len(element) != len(pairs):
        seen: set[str] = set()
        element.doubled = tuple(
            dict.fromkeys(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        )
    return element


def _no_constant(name: str) -> object:
    message = f"{name} is not a JSON value"
    raise ValueError(message)
