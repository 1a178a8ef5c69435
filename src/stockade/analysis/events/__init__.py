"""What an event is made of, and who writes each part of it."""

from collections.abc import Collection, Iterable
from functools import cache
from typing import Final, TypeAlias

from stockade.analysis.events.shapes import (
    ANSWERING,
    ASSIGNED,
    ENVELOPES,
    PROVIDED,
    VERIFIED,
    WRITTEN,
)
from stockade.model import EventSourceType
from stockade.model.record import record

__all__ = [
    "ANSWERING",
    "ANY_NAME",
    "ASKS",
    "CONTENT",
    "OWN_CLAIM",
    "PATHS",
    "STORED",
    "EventFields",
    "Field",
    "Path",
    "Written",
    "envelope_of",
    "name_of",
    "path_of",
    "says_who_calls",
    "within_store",
    "written",
]

Path: TypeAlias = tuple[str, ...]
"""The way to a field: keys, and `[]` for an item of a list."""

OWN_CLAIM: Final = "custom:"
"""Begins the names of the attributes that the author of a user pool adds."""

CONTENT: Final = "the content of the object"
"""The field that stands for what is in an object, which whoever sent the object wrote."""

ANY_NAME: Final = "*"
"""Stands in the name of a stored object for what of it is not known."""

PATHS: Final[tuple[Path, ...]] = (
    ("path",),
    ("rawPath",),
    ("requestContext", "http", "path"),
    ("requestContext", "path"),
)
"""Where a request's path stands in its event."""

ASKS: Final = "event.who'"
"""Stands, where calls are noted, for reading who calls: a claim, a token, a cookie. Its argument
`field` is what was read, if that is known."""

STORED: Final = "an item of "
"""Begins a path into what is read back from a store; the store's id follows."""


@record
class Field:
    """Who writes a field: the ids of the event sources that let someone write it.

    `verified` if it is what a checked token says of its holder.
    """

    sources: tuple[str, ...]
    verified: bool = False


@record
class Written:
    """The fields that somebody writes of an event, and those below them that he does not."""

    fields: tuple[Path, ...]
    others: tuple[Path, ...] = ()

    def holds(self, path: Path) -> bool:
        """Tell whether he writes the field at `path`, or anything below it."""
        return any(
            _below(path, field) or _below(field, path) for field in self.fields
        ) and not any(_below(path, other) for other in self.others)


class EventFields:
    """The event of one function, whichever of its event sources sends it.

    A field that none of them sends can only come from whoever calls the function by its name:
    `called` is the id of that source, `envelope` the names of the fields at the top of all other
    events. Without an envelope, no field is known to be none of theirs.
    """

    def __init__(
        self,
        sources: Iterable[tuple[str, Written]],
        envelope: frozenset[str] | None = None,
        called: str = "",
    ) -> None:
        self._written = tuple(sources)
        self._envelope = envelope
        self._called = called
        self._known: dict[Path, Field] = {}

    def field(self, path: Path) -> Field:
        """Return who writes the field at `path`, or anything below it."""
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = self._look_up(path)
        return known

    def without(self, sources: Collection[str]) -> "EventFields":
        """Return the event as it is where none of these event sources sends it."""
        left = ((source, his) for source, his in self._written if source not in sources)
        return EventFields(left, self._envelope, self._called)

    def is_inside(self, path: Path) -> bool:
        """Tell whether `path` lies in what a sender writes freely: its keys are his own words."""
        return any(
            _below(path, field) and field for _, his in self._written for field in his.fields
        )

    def _look_up(self, path: Path) -> Field:
        if path[:1] and path[0].startswith(STORED):
            return Field((path[0].removeprefix(STORED),))
        if path[-1:] and path[-1] in ASSIGNED and any(_below(path, each) for each in _VERIFIED):
            return Field(())
        if name_of(path) in PROVIDED:
            return Field(())
        if self._is_strange(path):
            return Field((self._called,))
        sources = tuple(source for source, his in self._written if his.holds(path))
        return Field(sources, any(_below(path, each) for each in _VERIFIED))

    def _is_strange(self, path: Path) -> bool:
        """Tell whether the field's name is one that no event source of the function sends."""
        top = path[0] if path else "[]"
        return self._envelope is not None and top != "[]" and top not in self._envelope


@cache
def written(kind: EventSourceType) -> Written:
    """Return the fields that someone writes of the events of a type of event source."""
    return Written(tuple(path_of(field) for field in WRITTEN[kind]))


def envelope_of(kinds: Iterable[EventSourceType]) -> frozenset[str] | None:
    """Return the fields at the top of events of these types; None if others may be there too."""
    fields: frozenset[str] = frozenset()
    for kind in kinds:
        own = ENVELOPES.get(kind)
        if own is None:
            return None
        fields |= own
    return fields


def within_store(field: str, store: str) -> str:
    """Return what of an item a field is that was read from a store; nothing for all of it.

    `field` begins with `STORED` and the store's id, which may hold dots of its own.
    """
    return field.removeprefix(f"{STORED}{store}").removeprefix(".")


def name_of(path: Path) -> str:
    """Write a path as people do: `Records[].s3.object.key`."""
    text = ""
    for part in path:
        text += part if part == "[]" or not text else f".{part}"
    return text


def path_of(field: str) -> Path:
    """Read a path as people write it: the inverse of `name_of`, but for keys with dots."""
    if not field:
        return ()
    return tuple(
        part
        for name in field.split(".")
        for part in ((name.removesuffix("[]"), "[]") if name.endswith("[]") else (name,))
        if part
    )


_WHO: Final = frozenset(["authorizer", "claims", "cookies", "jwt"])
_WHO_SIGNED: Final = frozenset(
    ["accountId", "apiKey", "apiKeyId", "caller", "cognitoIdentityId", "user", "userArn", "[]"]
)
_PROOFS: Final = ("authorization", "cookie", "token", "api-key", "[]")


def says_who_calls(path: Path) -> bool:
    """Tell whether a field of a request says who calls, or holds what proves it."""
    if not path:
        return False
    top, last = path[0], path[-1]
    if top in ("headers", "multiValueHeaders"):
        return len(path) > 1 and path[1].lower().endswith(_PROOFS)
    if top == "requestContext":
        return not _WHO.isdisjoint(path) or ("identity" in path and last in _WHO_SIGNED)
    return top in ("identity", "cookies", "authorizationToken")


def _below(path: Path, prefix: Path) -> bool:
    return path[: len(prefix)] == prefix


_VERIFIED = tuple(path_of(field) for field in VERIFIED)
