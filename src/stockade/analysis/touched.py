"""Which calls touch items of a store, and by what they name them.

Items of tables of DynamoDB, objects of buckets, documents of MongoDB and rows of models of Prisma.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from stockade._late import pattern
from stockade.analysis.facts import ExternalCall, Facts
from stockade.analysis.operations import TABLES
from stockade.model import (
    Application,
    Concatenation,
    EventData,
    List,
    Map,
    Names,
    Value,
    constant,
    expression,
    walk,
)
from stockade.model.record import record

_BUCKETS: Final = ("AWS::S3::Bucket",)
_CALLS: Final = pattern(
    r"aws\.dynamodb\.(?:Table|Client)\.(get_item|put_item|update_item|delete_item|query|scan)"
)
_ON_DOCUMENTS: Final = pattern(
    r"(?:npm:mongodb\.Collection|pymongo\.(?:Collection|Database|MongoClient)([\w.\[\]]*))"
    r"\.((?:find|insert|update|replace|delete|count)\w*)"
)
"""With the names below a client of Python, the last of which is the collection's."""
_ON_MODELS: Final = pattern(
    r"npm:@prisma/client\.PrismaClient\.(\w+)\.((?:find|create|update|upsert|delete)\w*)"
)
_VERBS: Final = {
    "get_item": "read",
    "query": "read",
    "scan": "read",
    "put_item": "write",
    "update_item": "change",
    "delete_item": "delete",
}
_OF_OBJECTS: Final = {
    "get_object": "read",
    "getObject": "read",
    "put_object": "write",
    "putObject": "write",
    "delete_object": "delete",
    "deleteObject": "delete",
}
NAMES_USER: Final = pattern(
    r"(?i)(?:user|owner|customer|account|tenant|member|patient|student|player)_?-?(?:id|uuid|sub)"
    r"|uid|owner|user_?name"
)
"""What names a user, as attributes and fields of requests are called."""


@record(kw_only=True)
class Touch:
    """A call that touches items of a store.

    `table` is the id of a table or bucket, or how the code names it, empty where that is not
    known; `noun` says what it holds, `method` is that of DynamoDB or S3, `verb` what is done:
    `"read"`, `"write"`, `"change"` or `"delete"`.
    """

    call: ExternalCall
    table: str
    noun: str
    method: str
    verb: str
    named: Value | None
    """What names the items; of what is written, whose they are."""

    def fields(self, *arguments: str) -> list[EventData]:
        """Return the data of the event in some of the arguments."""
        return [part for part in self.parts(*arguments) if isinstance(part, EventData)]

    def parts(self, *arguments: str) -> Iterator[Value]:
        """Yield everything in some of the arguments, in all if none is named."""
        for name, value in self.call.arguments.items():
            if not arguments or name in arguments:
                yield from walk(value)


def touches(app: Application, facts: Facts) -> Iterator[Touch]:
    """Yield the calls that touch items of a store, in their order."""
    names = Names(app.resources)
    for call in facts.calls:
        found = _on_table(call, names) or _on_bucket(call, names) or _on_rows(call)
        if found is not None:
            yield found


def _on_table(call: ExternalCall, names: Names) -> Touch | None:
    matched = _CALLS.fullmatch(call.callee)
    if matched is None:
        return None
    method, named = matched[1], call.arguments.get("Key")
    if method == "put_item":
        named = _of_users(call.arguments.get("Item"))
    elif method == "query":
        named = call.arguments.get("ExpressionAttributeValues")
    ways = (call.arguments.get("TableName"), *call.receiver.values())
    return Touch(
        call=call,
        table=_store(names, ways, TABLES),
        noun="items",
        method=method,
        verb=_VERBS[method],
        named=named,
    )


def _on_bucket(call: ExternalCall, names: Names) -> Touch | None:
    service, _, method = call.callee.rpartition(".")
    if service != "aws.s3.Client":
        return None
    key, bucket = call.arguments.get("Key"), call.arguments.get("Bucket")
    if method == "generate_presigned_url":
        method = str(constant(_given(call, "ClientMethod", "0")))
        signed = _given(call, "Params", "1")
        if isinstance(signed, Map):
            key, bucket = signed.get("Key"), signed.get("Bucket")
    verb = _OF_OBJECTS.get(method)
    # A key that the caller begins opens all objects, whoever's they are: that is told elsewhere.
    if verb is None or not isinstance(key, Concatenation) or isinstance(key.parts[0], EventData):
        return None
    table = _store(names, (bucket,), _BUCKETS)
    return Touch(call=call, table=table, noun="objects", method=method, verb=verb, named=key)


def _on_rows(call: ExternalCall) -> Touch | None:
    """Return what is done with documents of MongoDB, or with rows of a model of Prisma."""
    asked = _given(call, "filter", "0")
    documents = _ON_DOCUMENTS.fullmatch(call.callee)
    if documents is not None:
        verb, noun, named = _verb(documents[2]), "documents", _of_users(asked)
        store = call.receiver.get("0")
        below = (documents[1] or "").rpartition(".")[2].replace("[]", "")
        table = below or ("" if store is None else _told(store))
    else:
        rows = _ON_MODELS.fullmatch(call.callee)
        if rows is None or not isinstance(asked, Map):
            return None
        table, verb, noun = rows[1], _verb(rows[2]), "rows"
        named = _of_users(asked.get("data" if verb == "write" else "where"))
    return Touch(call=call, table=table, noun=noun, method="", verb=verb, named=named)


def _verb(method: str) -> str:
    """Return what a method of a collection or model does with what it finds, by its name."""
    plain = method.lower().replace("_", "")
    if plain.startswith(("insert", "create", "upsert")):
        return "write"
    if plain.startswith(("delete", "findoneanddelete")):
        return "delete"
    return "change" if plain.startswith(("update", "replace", "findoneand")) else "read"


def _given(call: ExternalCall, *names: str) -> Value | None:
    """Return the argument of the first of several names that was given."""
    return next((call.arguments[name] for name in names if name in call.arguments), None)


def _of_users(written: Value | None) -> Value | None:
    """Return what a map holds under names of users, and nothing of the rest."""
    if not isinstance(written, Map):
        return None
    held = tuple(value for name, value in written if NAMES_USER.fullmatch(name.rpartition(".")[2]))
    return List(held, written.at)


def _store(names: Names, ways: Iterable[Value | None], types: tuple[str, ...]) -> str:
    """Return the id of a store, or how the code names it."""
    values = [way for way in ways if way is not None]
    found = next((one for way in values if (one := names.find(way, *types))), None)
    return found or next((_told(way) for way in values), "")


def _told(value: Value) -> str:
    """Return how the code names a table that no template declares; nothing where it is unknown."""
    text = expression(value)
    return "" if "${unknown}" in text or "${..." in text else text
