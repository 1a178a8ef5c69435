"""Which ways of an API an event came by, as the code asks it: by its method, path, key or field.

A function behind several ways asks the event which one it was: `event["httpMethod"] == "POST"`,
`event.routeKey === "GET /orders"`, `event["info"]["fieldName"] == "order"`. Where the answer is
yes, whoever may only use the others is not there.

Follows "Input format of a Lambda function for proxy integration" and "AWS Lambda function
integrations" in the API Gateway Developer Guide, "Lambda context object reference" in the AWS
AppSync Developer Guide.
"""

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from stockade.analysis.events import PATHS
from stockade.model.record import record

Asked: TypeAlias = tuple[str, ...]
"""The field of the event that is asked."""


@record
class Way:
    """A method and path of an API, or the type and field of one that speaks GraphQL."""

    method: str
    path: str


@record
class Told:
    """The event sources that did not send the event, where the answer is yes, and where no."""

    if_so: frozenset[str] = frozenset()
    if_not: frozenset[str] = frozenset()


_METHODS: Final = frozenset[Asked](
    [
        ("httpMethod",),
        ("requestContext", "httpMethod"),
        ("requestContext", "http", "method"),
        ("info", "parentTypeName"),
        ("typeName",),
    ]
)
_TEMPLATES: Final = frozenset[Asked](
    [("resource",), ("requestContext", "resourcePath"), ("info", "fieldName"), ("fieldName",)]
)
_KEYS: Final = frozenset[Asked]([("routeKey",), ("requestContext", "routeKey")])
_PATHS: Final = frozenset[Asked](PATHS) - {("requestContext", "path")}
"""Where a request's path stands as a route is written: the one left out begins with the stage."""
_NOTHING: Final = Told()
_ANY: Final = "ANY"
_LONGEST: Final = 500


def is_asked(field: Asked) -> bool:
    """Tell whether a field of the event says which way it came."""
    return field in _METHODS or field in _TEMPLATES or field in _KEYS or field in _PATHS


def equal(ways: Mapping[str, Way], field: Asked, values: Iterable[str]) -> Told:
    """Return what it tells that a field is one of several texts, or is none of them."""
    came, may_come = set[str](), set[str]()
    for value in values:
        for source, way in ways.items():
            if _says(way, field, value):
                came.add(source)
            elif _may_say(way, field, value):
                may_come.add(source)
    if came and field in _PATHS:
        may_come.clear()  # What fits best is chosen: what is written out, before what varies.
    if not came and not may_come:
        return _NOTHING  # The code speaks of ways that are not these.
    return Told(frozenset(ways.keys() - came - may_come), frozenset(came))


def begins(ways: Mapping[str, Way], field: Asked, beginning: str) -> Told:
    """Return what it tells that a path begins with a text, or does not."""
    if field not in _PATHS or not beginning.startswith("/") or len(beginning) < _SHORTEST:
        return _NOTHING
    came = {source for source, way in ways.items() if _fixed(way.path).startswith(beginning)}
    return Told(frozenset(ways.keys() - came), frozenset(came)) if came else _NOTHING


_SHORTEST: Final = 2


def _fixed(path: str) -> str:
    """Return what a path begins with, up to what varies in it."""
    return path.partition("{")[0]


def _says(way: Way, field: Asked, value: str) -> bool:
    """Tell whether each event that comes this way has the value in the field."""
    if field in _METHODS:
        return way.method == value.upper()
    if field in _KEYS:
        return value in (way.path, f"{way.method} {way.path}")
    return way.path == value and (field in _TEMPLATES or "{" not in value)


def _may_say(way: Way, field: Asked, value: str) -> bool:
    """Tell whether an event that comes this way may have the value in the field."""
    if field in _METHODS:
        return way.method == _ANY
    if field not in _PATHS:
        return False
    wanted, parts = value[:_LONGEST].split("/"), way.path[:_LONGEST].split("/")
    if parts[-1].endswith("+}"):
        wanted, parts = wanted[: len(parts) - 1], parts[:-1]
    if way.path == "$default":
        return True
    return len(wanted) == len(parts) and all(
        one == other or other.startswith("{") for one, other in zip(wanted, parts, strict=True)
    )
