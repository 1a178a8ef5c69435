"""The event as code reads it: whose data each of its fields is."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from stockade.analysis.events import (
    ASKS,
    STORED,
    EventFields,
    name_of,
    says_who_calls,
    within_store,
)
from stockade.analysis.facts import OriginKind
from stockade.analysis.interpreter.journal import Call, Journal
from stockade.analysis.interpreter.protocol import Machine, Site
from stockade.analysis.interpreter.values import Data, Event, Val
from stockade.model import EventData

_WRAPPERS: Final = frozenset({"raw_event", "_data"})
"""Attributes of event classes that give the event itself."""

_ATTRIBUTES: Final[dict[str, tuple[str, ...]]] = {
    "json_body": ("body",),
    "data_as_bytes": ("data",),
    "data_as_json": ("data",),
    "data_as_text": ("data",),
    "decoded_value": ("value",),
    "json_value": ("value",),
    "decoded_body": ("body",),
    "records": ("Records",),
    "record": ("Records", "[]"),
    "get_object": ("object",),
    "sns": ("Sns",),
    "sns_message": ("Records", "[]", "Sns", "Message"),
    "message": ("Message",),
    "object_key": ("Records", "[]", "s3", "object", "key"),
    "raw_query_string": ("rawQueryString",),
    "get_query_string_value": ("queryStringParameters",),
    "resolved_query_string_parameters": ("queryStringParameters",),
    "get_multi_value_query_string_values": ("multiValueQueryStringParameters",),
    "get_header_value": ("headers",),
    "resolved_headers_field": ("headers",),
}
"""Attributes of event classes that are not the field's name in another spelling."""

_SHORT: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "key": (("Records", "[]", "s3", "object", "key"),),
    "bucket": (("Records", "[]", "s3", "bucket", "name"),),
    "message": (("Records", "[]", "Sns", "Message"),),
    "subject": (("Records", "[]", "Sns", "Subject"),),
    "body": (("Records", "[]", "body"),),
    "data": (("Records", "[]", "kinesis", "data"),),
    "partition_key": (("Records", "[]", "kinesis", "partitionKey"),),
    "new_image": (("Records", "[]", "dynamodb", "NewImage"),),
    "old_image": (("Records", "[]", "dynamodb", "OldImage"),),
    "keys": (("Records", "[]", "dynamodb", "Keys"),),
}
"""Attributes of Chalice's event classes, which leave out the records: of the event that holds one,
and of the records of one that holds several."""


class EventReader:
    """Reads fields of the event of one function."""

    def __init__(self, fields: EventFields, journal: Journal) -> None:
        self._fields = fields
        self._journal = journal
        self.others: frozenset[str] = frozenset()
        """Event sources that do not reach the code that runs now."""

    @contextmanager
    def without(self, others: Iterable[str]) -> Iterator[None]:
        """Read, for a while, an event that none of these event sources has sent."""
        before = self._fields, self.others
        self.others = frozenset(others)
        self._fields = self._fields.without(self.others)
        try:
            yield
        finally:
            self._fields, self.others = before

    def field(self, machine: Machine, path: tuple[str, ...], site: Site) -> Val:
        """Return the field of the event at `path`, tainted if somebody writes it."""
        if says_who_calls(path):
            read = {"field": EventData(name_of(path), site.location())}
            self._journal.asks(Call(ASKS, read, {}, site, machine.calls_here(), complete=True))
        field = self._fields.field(path)
        if not field.sources:
            return Val((Event(path),))
        name = name_of(path)
        if name.startswith(STORED):
            data = Data(OriginKind.STORED, name, field.sources)
            (store,) = field.sources
            attribute = within_store(name, store)
            note = f"reads `{attribute}` of an item of {store}" if attribute else f"reads {name}"
            return Val((Event(path),), (machine.start(site, data, note),))
        data = Data(OriginKind.EVENT, name, field.sources, field.verified)
        note = f"reads `{name}` of the event" if path else "the event arrives"
        return Val((Event(path),), (machine.start(site, data, note),))

    def attribute(self, machine: Machine, path: tuple[str, ...], name: str, site: Site) -> Val:
        """Return an attribute of a class that wraps the event: `event.query_string_parameters`."""
        if name in _WRAPPERS:
            return self.field(machine, path, site)
        if self._fields.is_inside(path):
            return self.field(machine, (*path, name), site)
        for way in _SHORT.get(name, ()):
            shortened = _whole(path, way)
            if shortened is not None and self._fields.field(shortened).sources:
                return self.field(machine, shortened, site)
        found = _ATTRIBUTES.get(name)
        if found is None:
            found = (re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), name),)
        return self.field(machine, path + found, site)


def _whole(path: tuple[str, ...], way: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the field that a short way leads to from `path`; None where it does not begin."""
    record = path in {("[]",), ("Records", "[]")}
    if record:
        return ("Records", "[]", *way[2:])
    return way if not path else None
