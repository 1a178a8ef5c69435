"""Which stores the code writes what users send into, and which rights its functions use.

A store is found by the argument of the call that names it, followed into the template.
"""

from collections.abc import Iterator

from stockade._late import pattern
from stockade.analysis.facts import ExternalCall, Facts
from stockade.model import (
    Application,
    EventData,
    EventSourceType,
    Exposure,
    Names,
    ResourceId,
    Value,
    walk,
)
from stockade.model.record import record

BUCKETS = ("AWS::S3::Bucket",)
TABLES = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")

_PUTS = {
    "aws.dynamodb.Table.put_item": ("TableName",),
    "aws.dynamodb.Table.update_item": ("TableName",),
    "aws.dynamodb.Batch.put_item": ("TableName",),
    "aws.dynamodb.Client.put_item": ("TableName",),
    "aws.dynamodb.Client.update_item": ("TableName",),
    "aws.s3.Client.put_object": ("Bucket",),
    "aws.s3.Client.upload_file": ("Bucket", "1"),
    "aws.s3.Client.upload_fileobj": ("Bucket", "1"),
    "aws.s3.Client.generate_presigned_post": ("Bucket", "0"),
    "aws.s3.Bucket.put_object": ("Bucket",),
    "aws.s3.Bucket.upload_fileobj": ("Bucket",),
    "aws.s3.Object.put": ("Bucket",),
}


_PASSING = pattern(r"(?i)connection|session|cache|lock|idempoten|temp|scratch")
"""Names of stores whose content nobody misses."""


def is_passing(name: str) -> bool:
    """Tell whether a store keeps nothing that anybody misses, by its name."""
    return _PASSING.search(name) is not None


@record
class Write:
    """A call that puts something into a store of the application."""

    call: ExternalCall
    store: ResourceId


def writes(app: Application, facts: Facts, *types: str) -> Iterator[Write]:
    """Yield the calls by which functions that outsiders reach write to stores of these types."""
    names: Names | None = None
    for call in facts.calls:
        ways = _PUTS.get(call.callee)
        if ways is None or not _brings_in(call):
            continue
        names = names or Names(app.resources)
        for named in (*(call.arguments.get(way) for way in ways), *call.receiver.values()):
            store = names.find(named, *types)
            if store is not None:
                yield Write(call, store)
                break


def _brings_in(call: ExternalCall) -> bool:
    """Tell whether a call stores what someone outside sent, as far as that is known."""
    return call.exposure > Exposure.APPLICATION or carries_event(call)


def carries_event(call: ExternalCall) -> bool:
    """Tell whether event data stands in an argument of a call."""
    return any(_holds(value) for value in call.arguments.values())


def _holds(value: Value) -> bool:
    return any(isinstance(part, EventData) for part in walk(value))


def fed(app: Application, facts: Facts, *types: str) -> dict[ResourceId, ExternalCall | None]:
    """Return the stores that hold what outsiders send, with the call that writes it.

    Besides what code writes, these are the buckets that AWS itself stores mail into.
    """
    found: dict[ResourceId, ExternalCall | None] = {}
    for write in writes(app, facts, *types):
        if not is_passing(app.resources[write.store].name):
            found.setdefault(write.store, write.call)
    for delivery in app.deliveries:
        target = app.resources.get(delivery.target)
        if target is None or target.type not in types:
            continue
        if delivery.type is EventSourceType.SES:
            found.setdefault(target.id, None)
    return found
