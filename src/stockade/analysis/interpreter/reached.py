"""Which ways of an API lead to a route of a framework, by what both call their paths.

One function behind many ways of an API, or behind one for all that is left, has routes of its
own: `app.post("/orders/:id", ...)` is reached through `/v1/orders/{id}` or `/{proxy+}`, and not
through `/`.
"""

from collections.abc import Mapping
from typing import Final

from stockade._late import pattern

_VARIES: Final = pattern(r":\w+|\{\w+\}|<[\w:]+>")
_OF_PATTERNS: Final = pattern(r"[*?()+]")
_LONGEST: Final = 500
_REST: Final = ("+}", "$default", "*")


def others(paths: Mapping[str, str], written: str | None) -> frozenset[str]:
    """Return the event sources whose paths do not lead to the route that is `written` so.

    `paths` are those of the API's ways, by event source. A route may be put below a path that
    is not looked at, so it is known by how its path ends.
    """
    if len(paths) < 2 or written is None or len(written) > _LONGEST:  # noqa: PLR2004 - no choice
        return frozenset()
    wanted = _segments(written)
    if not wanted or _is_pattern(wanted):
        return frozenset()
    ways = {source: _segments(path) for source, path in paths.items()}
    leading = {source for source, way in ways.items() if way[-len(wanted) :] == wanted}
    if not leading:
        leading = {source for source, path in paths.items() if path.endswith(_REST)}
    if not leading:
        return frozenset()
    perhaps = {source for source, way in ways.items() if _may_end_with(way, wanted)}
    return frozenset(paths.keys() - leading - perhaps)


def is_reached(paths: Mapping[str, str], written: str) -> bool:
    """Tell whether any of the ways may lead to the route that is `written` so.

    A part of the path may be taken off before the framework sees it, or be left out of the route
    because it stands where the router is put; so the one may be the end of the other.
    """
    wanted = _segments(written)
    if not written.startswith("/") or len(written) > _LONGEST or not wanted:
        return True
    return _is_pattern(wanted) or any(
        path.endswith(_REST) or _may_be_one(_segments(path), wanted) for path in paths.values()
    )


def _is_pattern(wanted: list[str]) -> bool:
    """Tell whether a route is written as a pattern, which more paths may fit than can be told."""
    return any(_OF_PATTERNS.search(one) for one in wanted)


def _may_be_one(way: list[str], wanted: list[str]) -> bool:
    """Tell whether one path may be the end of the other."""
    pairs = list(zip(reversed(way), reversed(wanted), strict=False))
    return bool(pairs) and all(one == other or "{}" in (one, other) for one, other in pairs)


def _may_end_with(way: list[str], wanted: list[str]) -> bool:
    """Tell whether a way may end with what is wanted: what varies in it may be anything."""
    last = way[-len(wanted) :]
    return len(last) == len(wanted) and all(
        one in ("{}", other) for one, other in zip(last, wanted, strict=True)
    )


def _segments(path: str) -> list[str]:
    """Return the parts of a path, with `{}` for what varies."""
    parts = [part for part in path[:_LONGEST].split("/") if part]
    return ["{}" if _VARIES.fullmatch(part) else part.lower() for part in parts]
