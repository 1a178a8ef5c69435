"""PartiQL: the statement tells action and table.

Follows "PartiQL - a SQL-compatible query language for Amazon DynamoDB" and "IAM security policies
with PartiQL for DynamoDB".
"""

import re
from collections.abc import Iterator
from typing import Final

from stockade._late import pattern
from stockade.analysis.permissions.parameters import Given, at_path
from stockade.analysis.permissions.texts import Part, pieces, text, ways
from stockade.catalogue import Authorization, Catalogue
from stockade.model import Location, Unknown, Value, expression

_STATEMENT: Final = pattern(
    r"""\s*(?:
        (?P<select>select)\b.*?\bfrom\s+ |
        (?P<insert>insert)\s+into\s+ |
        (?P<update>update)\s+ |
        (?P<delete>delete)\s+from\s+
    )"?(?P<table>[\w.\-\x00]+)"?(?:\."?(?P<index>[\w.\-\x00]+)"?)?""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
MOST_TEXT: Final = 20_000

_ACTIONS: Final = {
    "select": "PartiQLSelect",
    "insert": "PartiQLInsert",
    "update": "PartiQLUpdate",
    "delete": "PartiQLDelete",
}


def authorizations(
    given: Given, parameter: str, at: Location, catalogue: Catalogue
) -> Iterator[Authorization | Unknown]:
    """Yield what each statement of a parameter needs."""
    found = [each for one in at_path(given, parameter) for each in ways(one)]
    if not found:
        yield Unknown("the statement is not followed", at)
    for value in found:
        yield _authorization(value, at, catalogue)


def _authorization(value: Value, at: Location, catalogue: Catalogue) -> Authorization | Unknown:
    parts = pieces(value)
    flat = "".join(one if isinstance(one, str) else "\0" for one in parts)
    match = _STATEMENT.match(flat[:MOST_TEXT])
    if match is None:
        return Unknown("the statement does not show its table", at)
    action = next(_ACTIONS[kind] for kind in _ACTIONS if match[kind])
    table = text(_piece(parts, match.start("table"), match.end("table")), at)
    if isinstance(table, Unknown):
        return table
    type_ = "index" if match["index"] else "table"
    format_ = catalogue.format_of("dynamodb", type_) or ""
    names = [expression(table)]
    if match["index"]:
        names.append(match["index"])
    return Authorization(
        action=f"dynamodb:{action}",
        resource=format_,
        type=f"dynamodb:{type_}",
        arguments=tuple((f"'{name}'",) for name in names),
    )


def _piece(parts: list[Part], start: int, end: int) -> list[Part]:
    """Cut a stretch out of a text whose values count as one character each."""
    found: list[Part] = []
    place = 0
    for part in parts:
        length = len(part) if isinstance(part, str) else 1
        first, last = max(start - place, 0), min(end - place, length)
        if first < last:
            found.append(part[first:last] if isinstance(part, str) else part)
        place += length
    return found
