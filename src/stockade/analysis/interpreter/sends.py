"""Calls of AWS that put data where other functions receive it, and what each puts there.

A document has the form in which its kind of resource keeps it: a queue `body` and
`messageAttributes`, a bucket `key` and `content`, a table the item's attributes, a bus the event
itself. What triggers make of it is told in `analysis.across`. Follows the pages of the operations
in the API references of the services.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from stockade.analysis.events import CONTENT, Path
from stockade.analysis.facts import OriginKind
from stockade.analysis.interpreter import places, updates
from stockade.analysis.interpreter.convert import Converter, location
from stockade.analysis.interpreter.documents import (
    ANY,
    Carried,
    Document,
    Documents,
    Part,
    carries,
    under,
)
from stockade.analysis.interpreter.journal import Journal, Sent
from stockade.analysis.interpreter.protocol import Invocation, Machine, Site
from stockade.analysis.interpreter.values import Data, External, Val, constant_text
from stockade.analysis.operations import TABLES
from stockade.model import Choice, EventData, Scalar, Unknown, Value
from stockade.model.naming import FUNCTION
from stockade.model.record import record

_Give: TypeAlias = Callable[[str], Val | None]
"""Returns what stands under a name in a call, or in one of the entries that it is given."""


@record(kw_only=True)
class Sending:
    """What one call of AWS puts into which resource.

    `target` names the argument that tells the resource (`self` for what it is called on),
    `each` the argument that holds several documents, `parts` where in the document each
    argument goes.
    """

    types: tuple[str, ...]
    action: str
    target: str
    parts: tuple[tuple[str, Path], ...]
    each: str = ""
    says: str = "and sends it to {}"


_QUEUE = (
    ("MessageBody", ("body",)),
    ("MessageAttributes", ("messageAttributes",)),
    ("MessageGroupId", ("attributes", "MessageGroupId")),
    ("MessageDeduplicationId", ("attributes", "MessageDeduplicationId")),
)
_TOPIC = (
    ("Message", ("Message",)),
    ("Subject", ("Subject",)),
    ("MessageAttributes", ("MessageAttributes",)),
)
_RECORD = (("Data", ("data",)), ("PartitionKey", ("partitionKey",)))
_EVENT = (
    ("Source", ("source",)),
    ("DetailType", ("detail-type",)),
    ("Detail", ("detail",)),
    ("Resources", ("resources",)),
)
_OBJECT = (("Body", (CONTENT,)), ("Key", ("key",)), ("Metadata", ("metadata",)))
_MACHINES = ("AWS::StepFunctions::StateMachine",)
_STREAMS = ("AWS::Kinesis::Stream",)
_FIREHOSES = ("AWS::KinesisFirehose::DeliveryStream",)
_BUCKETS = ("AWS::S3::Bucket",)
_QUEUES = ("AWS::SQS::Queue",)
_TOPICS = ("AWS::SNS::Topic",)
BUSES: Final = ("AWS::Events::EventBus",)

_POST: Final = "aws.s3.Client.generate_presigned_post"
_LINKS: Final = {
    "aws.s3.Client.generate_presigned_url": ("Params@1.Bucket", "Params@1.Key"),
    _POST: ("Bucket@0", "Key@1"),
}
"""Calls that make a link by which whoever has it stores an object: its bucket and its key."""
_UPLOADING: Final = frozenset({"put_object", "upload_part"})

_STORES = "and stores it in {}"


def _to_queue(target: str, each: str = "") -> Sending:
    return Sending(
        types=_QUEUES,
        action="sqs:SendMessage",
        target=target,
        parts=_QUEUE,
        each=each,
        says="and sends it to {} in a message",
    )


def _to_topic(target: str, each: str = "") -> Sending:
    return Sending(
        types=_TOPICS,
        action="sns:Publish",
        target=target,
        parts=_TOPIC,
        each=each,
        says="and publishes it to {}",
    )


def _to_bucket(target: str, *parts: tuple[str, Path]) -> Sending:
    return Sending(
        types=_BUCKETS,
        action="s3:PutObject",
        target=target,
        parts=(*parts, ("Metadata", ("metadata",))),
        says=_STORES,
    )


_TO_STREAM = Sending(
    types=_STREAMS,
    action="kinesis:PutRecord",
    target="StreamName",
    parts=_RECORD,
    says="and puts it into {} in a record",
)
_TO_MACHINE = Sending(
    types=_MACHINES,
    action="states:StartExecution",
    target="stateMachineArn",
    parts=(("input", ()),),
    says="and starts {} with it",
)
_INVOKE = Sending(
    types=(FUNCTION,),
    action="lambda:InvokeFunction",
    target="FunctionName",
    parts=(("Payload", ()),),
    says="and invokes {} with it",
)
_KEY_AND_FILE = (("Key@2", ("key",)), ("contents of Filename@0", (CONTENT,)))

SENDINGS: Final[Mapping[str, Sending]] = {
    "aws.sqs.Client.send_message": _to_queue("QueueUrl"),
    "aws.sqs.Client.send_message_batch": _to_queue("QueueUrl", "Entries"),
    "aws.sqs.Queue.send_message": _to_queue("self"),
    "aws.sqs.Queue.send_messages": _to_queue("self", "Entries"),
    "aws.sns.Client.publish": _to_topic("TopicArn"),
    "aws.sns.Client.publish_batch": _to_topic("TopicArn", "PublishBatchRequestEntries"),
    "aws.sns.Topic.publish": _to_topic("self"),
    "aws.events.Client.put_events": Sending(
        types=BUSES,
        action="events:PutEvents",
        target="EventBusName",
        parts=_EVENT,
        each="Entries",
        says="and puts it on {} in an event",
    ),
    "aws.kinesis.Client.put_record": _TO_STREAM,
    "aws.kinesis.Client.put_records": Sending(
        types=_STREAMS,
        action="kinesis:PutRecords",
        target="StreamName",
        parts=_RECORD,
        each="Records",
        says="and puts it into {} in a record",
    ),
    "aws.firehose.Client.put_record": Sending(
        types=_FIREHOSES,
        action="firehose:PutRecord",
        target="DeliveryStreamName",
        parts=(("Record.Data", ("data",)),),
        says="and puts it into {} in a record",
    ),
    "aws.firehose.Client.put_record_batch": Sending(
        types=_FIREHOSES,
        action="firehose:PutRecordBatch",
        target="DeliveryStreamName",
        parts=(("Data", ("data",)),),
        each="Records",
        says="and puts it into {} in a record",
    ),
    "aws.stepfunctions.Client.start_execution": _TO_MACHINE,
    "aws.stepfunctions.Client.start_sync_execution": _TO_MACHINE,
    "aws.lambda.Client.invoke": _INVOKE,
    "aws.lambda.Client.invoke_async": Sending(
        types=(FUNCTION,),
        action="lambda:InvokeFunction",
        target="FunctionName",
        parts=(("InvokeArgs", ()),),
        says="and invokes {} with it",
    ),
    "aws.s3.Client.put_object": _to_bucket("Bucket", *_OBJECT[:2]),
    "aws.s3.Client.upload_file": _to_bucket("Bucket@1", *_KEY_AND_FILE),
    "aws.s3.Client.upload_fileobj": _to_bucket(
        "Bucket@1", ("Key@2", ("key",)), ("Fileobj@0", (CONTENT,))
    ),
    "aws.s3.Client.copy_object": _to_bucket("Bucket", ("Key", ("key",))),
    "aws.s3.Bucket.put_object": _to_bucket("self", *_OBJECT[:2]),
    "aws.s3.Bucket.upload_file": _to_bucket(
        "self", ("Key@1", ("key",)), ("contents of Filename@0", (CONTENT,))
    ),
    "aws.s3.Bucket.upload_fileobj": _to_bucket(
        "self", ("Key@1", ("key",)), ("Fileobj@0", (CONTENT,))
    ),
    "aws.s3.Object.put": _to_bucket("self", ("self.key", ("key",)), ("Body", (CONTENT,))),
    "aws.s3.Object.upload_file": _to_bucket(
        "self", ("self.key", ("key",)), ("contents of Filename@0", (CONTENT,))
    ),
}
"""By the name of the call. Those that write into tables are told by `updates`."""


UPLOAD: Final = "the upload"
"""Names what somebody stores by a link that a function gave him."""

ANSWER: Final = "return"
"""Stands for the callee where a handler gives something back."""


class Sends:
    """Notes in the journal what a function sends, as far as others wrote any of it."""

    def __init__(
        self, converter: Converter, journal: Journal, callers: tuple[str, ...] = ()
    ) -> None:
        """Begin; `callers` are the event sources whose senders receive what the handler gives."""
        self._converter = converter
        self._documents = Documents(converter)
        self._journal = journal
        self._callers = callers

    def note(self, machine: Machine, call: Invocation) -> None:
        """Note what a call puts where others receive it, if others wrote any of it."""
        for sent in self._sent(machine, call):
            if carries(sent.document):
                self._journal.send(sent)

    def answer(self, machine: Machine, value: Val, site: Site) -> None:
        """Note what the handler gives back, if others wrote any of it."""
        document = self._documents.of(machine, value, site)
        if carries(document):
            self._journal.answer(
                Sent(
                    callee=ANSWER,
                    types=(),
                    action="",
                    target=None,
                    document=document,
                    site=site,
                    way=(),
                    says="and returns it",
                )
            )

    def _sent(self, machine: Machine, call: Invocation) -> Iterator[Sent]:
        sending = SENDINGS.get(call.callee)
        way = machine.calls_here()
        if sending is not None:
            for give in _entries(machine, sending, call):
                yield Sent(
                    callee=call.callee,
                    types=sending.types,
                    action=sending.action,
                    target=self._target(machine, sending, call, give),
                    document=tuple(self._document(machine, sending, call, give)),
                    site=call.site,
                    way=way,
                    says=sending.says,
                )
        elif call.callee in _LINKS and self._callers:
            yield from self._link(machine, call)
        elif updates.writes(call.callee):
            for table, action, document in updates.written(machine, self._documents, call):
                yield Sent(
                    callee=call.callee,
                    types=TABLES,
                    action=action,
                    target=self._value(machine, table, call),
                    document=document,
                    site=call.site,
                    way=way,
                    says="and writes it to {}",
                )

    def _link(self, machine: Machine, call: Invocation) -> Iterator[Sent]:
        """Yield what those who call may store by a link that a call makes for them."""
        method = call.arguments.get(0, "ClientMethod")
        if call.callee != _POST and (method is None or constant_text(method) not in _UPLOADING):
            return
        bucket, key = (places.at(machine, name, call) for name in _LINKS[call.callee])
        if bucket is None:
            return
        data = Data(OriginKind.EVENT, UPLOAD, self._callers)
        taint = machine.start(call.site, data, "gives the caller a link")
        carried = Carried(data, taint.node, frozenset(), whole=True)
        at = location(call.site)
        event = "ObjectCreated:Post" if call.callee == _POST else "ObjectCreated:Put"
        named = () if key is None else self._documents.of(machine, key, call.site, ("key",))
        yield Sent(
            callee=call.callee,
            types=_BUCKETS,
            action="s3:PutObject",
            target=self._value(machine, bucket, call),
            document=(
                *named,
                Part((CONTENT,), EventData(UPLOAD, at), (carried,)),
                Part(("event",), Scalar(event, at)),
            ),
            site=call.site,
            way=machine.calls_here(),
            says="and what is uploaded by it is stored in {}",
        )

    def _document(
        self, machine: Machine, sending: Sending, call: Invocation, give: _Give
    ) -> Iterator[Part]:
        for name, path in sending.parts:
            value = give(name)
            if value is not None:
                document = self._documents.of(machine, value, call.site)
                if path[-1:] in (("messageAttributes",), ("MessageAttributes",)):
                    document = named_attributes(document)
                yield from under(path, document)
        at = location(call.site)
        if sending.types == _BUCKETS:
            once, parts = (Scalar(name, at) for name in ("ObjectCreated:Put", _IN_PARTS))
            created = _CREATED.get(call.callee)
            either = Choice("its size", once, parts, at)
            yield Part(("event",), either if created is None else Scalar(created, at))
        elif not call.arguments.complete:
            yield Part((ANY,), Unknown("what was spread is not known", at))

    def _target(
        self, machine: Machine, sending: Sending, call: Invocation, give: _Give
    ) -> Value | None:
        """Return what tells the resource; None where nothing does: the default bus."""
        if sending.target == "self":
            made_of = dict(places.made_of(call.receiver))
            # An object that a bucket made was given its key after the bucket its name.
            of_bucket = ".Object." in call.callee and "1" not in made_of
            last = "self.0" if of_bucket and "self.0" in made_of else "0"
            value = next((made_of[one] for one in (*_NAMING, last) if one in made_of), None)
        elif sending.types == BUSES:
            value = give(sending.target)
        else:
            value = places.at(machine, sending.target, call)
            if value is None and sending.types == _STREAMS:
                value = places.at(machine, "StreamARN", call)
        return None if value is None else self._value(machine, value, call)

    def _value(self, machine: Machine, value: Val, call: Invocation) -> Value:
        for shape in value.shapes:
            if isinstance(shape, External):
                # The URL of a queue that was asked for by its name.
                named = dict(shape.made_of).get("QueueName")
                if named is not None:
                    return self._converter.value(machine, named, call.site)
        return self._converter.value(machine, value, call.site)


_NAMING: Final = ("bucket_name", "self.bucket_name", "name", "QueueName", "url", "arn")
_IN_PARTS: Final = "ObjectCreated:CompleteMultipartUpload"
_CREATED: Final = {
    "aws.s3.Client.put_object": "ObjectCreated:Put",
    "aws.s3.Bucket.put_object": "ObjectCreated:Put",
    "aws.s3.Object.put": "ObjectCreated:Put",
    "aws.s3.Client.copy_object": "ObjectCreated:Copy",
}
"""From "Supported event types for SQS, SNS, and Lambda" in the Amazon S3 User Guide."""


def named_attributes(document: Document) -> Document:
    """Return message attributes as documents have them: by name, with `value`."""
    return tuple(_attribute(part) for part in document)


def _attribute(part: Part) -> Part:
    """Name what a message attribute holds `value`, whatever the service calls it."""
    if len(part.path) > 1 and part.path[1] != "DataType":
        return Part((part.path[0], "value"), part.value, part.carried)
    return part


def _entries(machine: Machine, sending: Sending, call: Invocation) -> Iterator[_Give]:
    """Yield, for each document that a call sends, what returns its arguments."""
    if not sending.each:
        yield lambda name: _given(machine, name, call)
        return
    listed = call.arguments.get(0, sending.each)
    if listed is None:
        return
    entries: list[Val] = []
    for _, found in machine.objects(listed):
        entries.extend(found.entries.values())
        if found.rest is not None:
            entries.append(found.rest)
    for entry in entries:
        for _, found in machine.objects(entry):
            # One at a time: each has a destination of its own.
            yield _of_map(found.entries, found.rest)


def _of_map(entries: Mapping[str | int, Val], rest: Val | None) -> _Give:
    return lambda name: entries.get(name, rest)


def _given(machine: Machine, name: str, call: Invocation) -> Val | None:
    if name == "self.key":
        made_of = dict(places.made_of(call.receiver))
        return made_of.get("key") or made_of.get("1") or made_of.get("0")
    return places.at(machine, name, call)
