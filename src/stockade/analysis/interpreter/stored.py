"""Reading back what functions keep in tables and queues: whose it is, its writers tell.

Follows the response syntax of "GetItem", "Query", "Scan" and "BatchGetItem" in the Amazon
DynamoDB API Reference and of "ReceiveMessage" in the Amazon SQS API Reference, as SDKs give them.
"""

from typing import Final

from stockade.analysis.events import STORED
from stockade.analysis.interpreter import language, places
from stockade.analysis.interpreter.convert import Converter
from stockade.analysis.interpreter.protocol import Invocation, Machine
from stockade.analysis.interpreter.updates import table_of
from stockade.analysis.interpreter.values import HeapObject, Val, const
from stockade.analysis.operations import TABLES
from stockade.model import Names

_QUEUES: Final = ("AWS::SQS::Queue",)
_PAGES: Final = "aws.dynamodb.Client.get_paginator().paginate"


class Stored:
    """Gives the answers of calls that read what the application keeps."""

    def __init__(self, converter: Converter, names: Names) -> None:
        self._converter = converter
        self._names = names

    def read(self, machine: Machine, call: Invocation) -> Val | None:
        """Return what a call reads back, or None where it reads nothing of the application's."""
        if call.callee == "aws.sqs.Client.receive_message":
            return self._messages(machine, call)
        form = _FORMS.get(call.callee)
        if call.callee == _PAGES and places.paginated(call) in ("query", "scan"):
            page = self._items(machine, call, "Items")
            return None if page is None else language.list_of(machine, page, call.site, "pages")
        if call.callee.endswith(".batch_get_item"):
            return self._batch(machine, call)
        return None if form is None else self._items(machine, call, form)

    def _items(self, machine: Machine, call: Invocation, form: str) -> Val | None:
        item = self._of_store(machine, table_of(machine, call), TABLES, call)
        if item is None:
            return None
        if form == "Items":
            item = language.list_of(machine, item, call.site, "items")
        return machine.allocate(call.site, HeapObject("map", {form: item}), "answer")

    def _batch(self, machine: Machine, call: Invocation) -> Val | None:
        """Return the answer for several tables: any of their items under any name."""
        requests = places.at(machine, "RequestItems", call)
        tables: dict[str | int, Val] = {}
        for _, found in machine.objects(requests) if requests is not None else ():
            for name in found.entries:
                named = const(name)
                item = self._of_store(machine, named, TABLES, call)
                if item is not None:
                    tables[name] = language.list_of(machine, item, call.site, f"items {name}")
        if not tables:
            return None
        responses = machine.allocate(call.site, HeapObject("map", tables), "tables")
        return machine.allocate(call.site, HeapObject("map", {"Responses": responses}), "answer")

    def _messages(self, machine: Machine, call: Invocation) -> Val | None:
        url = places.at(machine, "QueueUrl", call)
        body = self._of_store(machine, url, _QUEUES, call, "body")
        if body is None:
            return None
        message = machine.allocate(call.site, HeapObject("map", {"Body": body}), "message")
        messages = language.list_of(machine, message, call.site, "messages")
        return machine.allocate(call.site, HeapObject("map", {"Messages": messages}), "answer")

    def _of_store(
        self,
        machine: Machine,
        named: Val | None,
        types: tuple[str, ...],
        call: Invocation,
        *path: str,
    ) -> Val | None:
        if named is None:
            return None
        value = self._converter.value(machine, named, call.site)
        store = self._names.find(value, *types)
        return None if store is None else machine.event((f"{STORED}{store}", *path), call.site)


_FORMS: Final = {
    f"aws.dynamodb.{kind}.{operation}": form
    for kind in ("Client", "Table")
    for operation, form in (
        ("get_item", "Item"),
        ("query", "Items"),
        ("scan", "Items"),
        ("update_item", "Attributes"),
        ("delete_item", "Attributes"),
    )
}
"""What an answer calls the items that it holds, by the name of the call."""
