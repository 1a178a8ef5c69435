"""Calls of DynamoDB that write items: which attributes of which table get what.

Follows "PutItem", "UpdateItem", "BatchWriteItem" and "TransactWriteItems" of the Amazon DynamoDB
API Reference, and "Update expressions" of its Developer Guide. An attribute counts as what it
holds, with or without the descriptor of its type (`{"S": ...}`).
"""

from collections.abc import Iterator
from typing import Final, TypeAlias

from stockade._late import pattern
from stockade.analysis.events import Path
from stockade.analysis.interpreter import places
from stockade.analysis.interpreter.convert import location
from stockade.analysis.interpreter.documents import ANY, Document, Documents, Part
from stockade.analysis.interpreter.protocol import Invocation, Machine, Site
from stockade.analysis.interpreter.values import UNKNOWN, Const, Val, const, constant_text
from stockade.model import Unknown
from stockade.model.record import record, replace

_Written: TypeAlias = tuple[Val, str, Document]
"""The table's name, the action, and the attributes that are written."""

_TYPES: Final = frozenset({"S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS"})
_SETS: Final = pattern(r"([#\w.\[\]-]+)\s*=\s*((?:[^,()]|\([^()]*\))+)")
_ADDS: Final = pattern(r"([#\w.\[\]-]+)\s+(:\w+)")
_CLAUSES: Final = pattern(r"(?i)\b(SET|ADD|REMOVE|DELETE)\b")
_VALUES: Final = pattern(r":\w+")
MOST_TEXT: Final = 4_000
"""An update expression that is longer is not read: its values may go into any attribute."""


@record
class _Write:
    """One item that is put or updated, and the arguments that say how."""

    kind: str
    table: Val
    given: dict[str, Val | None]


def plain(path: Path) -> Path:
    """Leave out of the way into an item the descriptors of types."""
    return (*path[:1], *(part for part in path[1:] if part not in _TYPES))


def writes(callee: str) -> bool:
    """Tell whether a call writes items."""
    return callee in _WRITES


def written(machine: Machine, documents: Documents, call: Invocation) -> Iterator[_Written]:
    """Yield what a call writes, table by table."""
    kind = _WRITES[call.callee]
    if kind == "batch":
        yield from _batch(machine, documents, call)
    elif kind == "transaction":
        yield from _transaction(machine, documents, call)
    else:
        table = table_of(machine, call)
        given = {name: places.at(machine, name, call) for name in _ARGUMENTS}
        if table is not None:
            yield from _one(machine, documents, call.site, _Write(kind, table, given))


def table_of(machine: Machine, call: Invocation) -> Val | None:
    """Return the name of the table that a call is about."""
    if ".Client." in call.callee:
        return places.at(machine, "TableName", call)
    made_of = dict(places.made_of(call.receiver))
    return made_of.get("name") or made_of.get("0")


def _one(machine: Machine, documents: Documents, site: Site, write: _Write) -> Iterator[_Written]:
    item = write.given["Item" if write.kind == "put" else "Key"]
    parts = [] if item is None else list(_item(machine, documents, item, site))
    if write.kind == "put":
        yield write.table, "dynamodb:PutItem", tuple(parts)
        return
    parts.extend(_updated(machine, documents, write.given, site))
    parts.append(Part((ANY,), Unknown("it was there before", location(site))))
    yield write.table, "dynamodb:UpdateItem", tuple(parts)


def _item(machine: Machine, documents: Documents, item: Val, site: Site) -> Document:
    return tuple(
        replace(part, path=plain(part.path)) for part in documents.of(machine, item, site)
    )


def _updated(
    machine: Machine, documents: Documents, given: dict[str, Val | None], site: Site
) -> Iterator[Part]:
    values = given["ExpressionAttributeValues"]
    if values is None:
        return
    expression = given["UpdateExpression"]
    text = constant_text(expression) if expression is not None else None
    attributes = _attributes(text) if text is not None and len(text) <= MOST_TEXT else None
    for part in _item(machine, documents, values, site):
        named = part.path[:1]
        if attributes is not None and named:
            places_ = attributes.get(named[0], [])
        else:
            places_ = _in_a_loop(machine, given) if named == (ANY,) else [(ANY,)]
        for place in places_:
            path = tuple(_name(machine, given, one, site) for one in place)
            yield replace(part, path=(*path, *part.path[1:]))


def _in_a_loop(machine: Machine, given: dict[str, Val | None]) -> list[Path]:
    """Return the attributes that code may set which names each value, and what it is for, itself.

    `for key, value in changes.items(): names["#" + key] = key; values[":" + key] = value`
    """
    names = given["ExpressionAttributeNames"] or UNKNOWN
    maps = [found for _, found in machine.objects(names)]
    rest = [found.rest for found in maps if found.rest is not None]
    texts = [
        shape.value if isinstance(shape, Const) else None for one in rest for shape in one.shapes
    ]
    known: list[Path] = [(text,) for text in texts if isinstance(text, str)]
    is_known = len(maps) == len(names.shapes) and len(known) == len(texts)
    return known if known and is_known else [(ANY,)]


def _attributes(text: str) -> dict[str, list[Path]]:
    """Return which attributes an update expression sets, by the name of the value."""
    found: dict[str, list[Path]] = {}
    _, *clauses = _CLAUSES.split(text)
    for word, clause in zip(clauses[::2], clauses[1::2], strict=False):
        pairs = _SETS.findall(clause) if word.upper() == "SET" else ()
        pairs = pairs or (_ADDS.findall(clause) if word.upper() == "ADD" else ())
        for attribute, given in pairs:
            path = tuple(one.partition("[")[0] for one in attribute.split("."))
            for value in _VALUES.findall(given):
                found.setdefault(value, []).append(path)
    return found


def _name(machine: Machine, given: dict[str, Val | None], word: str, site: Site) -> str:
    """Return the attribute that a word of an expression stands for."""
    names = given["ExpressionAttributeNames"]
    if not word.startswith("#"):
        return word
    value = machine.index(names, const(word), site) if names is not None else None
    return (constant_text(value) if value is not None else None) or ANY


def _batch(machine: Machine, documents: Documents, call: Invocation) -> Iterator[_Written]:
    requests = places.at(machine, "RequestItems", call)
    for _, found in machine.objects(requests) if requests is not None else ():
        for name, listed in found.entries.items():
            request = machine.item(listed, call.site)
            put = _under(machine, request, "PutRequest", call.site)
            item = _under(machine, put, "Item", call.site) if put is not None else None
            if item is not None:
                document = _item(machine, documents, item, call.site)
                yield const(name), "dynamodb:BatchWriteItem", document


def _transaction(machine: Machine, documents: Documents, call: Invocation) -> Iterator[_Written]:
    listed = places.at(machine, "TransactItems", call)
    for _, found in machine.objects(listed) if listed is not None else ():
        for entry in (*found.entries.values(), *([found.rest] if found.rest else [])):
            for name, kind in (("Put", "put"), ("Update", "update")):
                one = _under(machine, entry, name, call.site)
                if one is None:
                    continue
                given = {each: _under(machine, one, each, call.site) for each in _ARGUMENTS}
                table = _under(machine, one, "TableName", call.site)
                if table is not None:
                    yield from _one(machine, documents, call.site, _Write(kind, table, given))


def _under(machine: Machine, value: Val, name: str, site: Site) -> Val | None:
    """Return what stands under a name, None where the map surely holds no such thing."""
    objects = [found for _, found in machine.objects(value)]
    if objects and not any(name in found.entries or found.rest for found in objects):
        return None
    return machine.index(value, const(name), site)


_ARGUMENTS: Final = (
    "Item",
    "Key",
    "UpdateExpression",
    "ExpressionAttributeValues",
    "ExpressionAttributeNames",
)
_WRITES: Final = {
    "aws.dynamodb.Client.put_item": "put",
    "aws.dynamodb.Table.put_item": "put",
    "aws.dynamodb.Batch.put_item": "put",
    "aws.dynamodb.Client.update_item": "update",
    "aws.dynamodb.Table.update_item": "update",
    "aws.dynamodb.Client.batch_write_item": "batch",
    "aws.dynamodb.ServiceResource.batch_write_item": "batch",
    "aws.dynamodb.Client.transact_write_items": "transaction",
}
