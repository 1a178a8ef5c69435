"""What a trigger makes of what lies in its queue, bucket, table ..., and what it keeps out.

Each function here turns a document as a resource keeps it into the document as an event holds
it, or says that the trigger's filter keeps it out. Follows the pages "Using Lambda with ..." of
the AWS Lambda Developer Guide, "Event message structure" of the Amazon S3 User Guide, "Fanout to
Amazon SQS queues" and "Amazon SNS raw message delivery" of the Amazon SNS Developer Guide.
"""

from collections.abc import Iterator
from typing import Final, TypeAlias

from stockade.analysis.across.likeness import may_be, may_begin, may_end
from stockade.analysis.across.patterns import passes, read
from stockade.analysis.across.templates import filled, given_input, picked
from stockade.analysis.events import CONTENT, Path, Written, path_of, written
from stockade.analysis.events.mapping import mapped
from stockade.analysis.facts import OriginKind
from stockade.analysis.interpreter.documents import ANY, Carried, Document, Part, below, under
from stockade.analysis.interpreter.updates import plain
from stockade.analysis.interpreter.values import NOBODY, Data
from stockade.model import (
    Choice,
    Delivery,
    EventSource,
    EventSourceType,
    Location,
    Map,
    Reference,
    Scalar,
    Unknown,
    Value,
    constant,
    expression,
    inside,
)
from stockade.model.naming import FUNCTION

Trigger: TypeAlias = EventSource | Delivery

_INPUTS: Final = ("Input", "InputPath", "InputTransformer")
_IMAGES: Final = ("NewImage", "OldImage", "Keys")


def arriving(trigger: Trigger, document: Document, receiver: str) -> Iterator[Document]:
    """Yield what arrives through a trigger at a receiver of this CloudFormation type.

    Nothing where the trigger's filter keeps it out. The content of an object that is on the
    way stays beside what tells of the object.
    """
    beside = tuple(part for part in document if part.path[:1] == (CONTENT,))
    rest = tuple(part for part in document if part.path[:1] != (CONTENT,))
    for told in _told(trigger, rest, receiver):
        yield (*_kept(trigger, told, receiver), *beside)


def written_through(source: EventSource) -> Written:
    """Return the fields that someone writes of the events that an event source sends.

    Those of its type, unless a rule's target, a pipe or a mapping template rearranges what it
    passes on.
    """
    detail = source.detail
    if source.type is EventSourceType.REST_API and detail is not None and _is_custom(detail):
        return Written(tuple(path_of(field) for field in mapped(_templates(detail))))
    if detail is None or not (_is_pipe(detail) or any(name in detail for name in _INPUTS)):
        return written(source.type)
    kept = {
        EventSourceType.EVENT_BUS: (("detail",), ("resources",)),
        EventSourceType.SQS: (("body",), ("messageAttributes",)),
        EventSourceType.KINESIS: (("data",), ("partitionKey",)),
        EventSourceType.DYNAMODB_STREAM: ((),),
    }.get(source.type)
    if kept is None:
        return written(source.type)
    someone = Carried(Data(OriginKind.EVENT, "", (source.id,)), NOBODY, frozenset())
    told = Unknown("someone writes it", source.at)
    document = (Part((ANY,), told), *(Part(path, told, (someone,)) for path in kept))
    arrived = [part for each in _told(source, document, FUNCTION) for part in each]
    return Written(tuple(part.path for part in arrived if part.carried))


def is_rearranged(source: EventSource) -> bool:
    """Tell whether the events that arrive have another shape than their type's own."""
    detail = source.detail
    return detail is not None and (
        _is_pipe(detail) or _is_custom(detail) or any(name in detail for name in _INPUTS)
    )


def _is_custom(integration: Map) -> bool:
    """Tell whether an API's integration sends what its template says, not the request."""
    ways = (*inside(integration, "Type"), *inside(integration, "type"))
    return any(expression(way).upper() == "AWS" for way in ways)


def _templates(integration: Map) -> Iterator[str | None]:
    """Yield the request templates of an integration; None for one that is not known."""
    for name in ("RequestTemplates", "requestTemplates"):
        for templates in inside(integration, name):
            if not isinstance(templates, Map):
                yield None
                continue
            for _, template in templates:
                text = constant(template)
                yield text if isinstance(text, str) else None


def normal(path: Path) -> Path:
    """Return the way to a field as documents have it: items without descriptors of types."""
    for place, part in enumerate(path):
        if part in _IMAGES:
            return (*path[: place + 1], *plain(path[place + 1 :]))
    return path


def _told(trigger: Trigger, document: Document, receiver: str) -> Iterator[Document]:
    """Yield the documents that tell the receiver what happened."""
    detail = trigger.detail
    match trigger.type:
        case EventSourceType.S3:
            if _notifies(detail, document):
                yield _notification(trigger, document, receiver)
        case EventSourceType.SNS:
            if _subscribed(detail, document):
                yield from _published(detail, document, receiver)
        case EventSourceType.SQS:
            if detail is None:
                yield document  # The messages of a queue whose receiver failed.
            elif _wanted(detail, document):
                yield _polled(trigger, _message(document), receiver)
        case EventSourceType.DYNAMODB_STREAM:
            for change in _changes(document, trigger.at):
                if _wanted(detail, change):
                    yield _polled(trigger, change, receiver)
        case EventSourceType.KINESIS:
            if _wanted(detail, document):
                inner = document if _is_pipe(detail) else under(("kinesis",), document)
                yield _polled(trigger, inner, receiver)
        case EventSourceType.FIREHOSE:
            yield under(("records", "[]"), document)
        case EventSourceType.EVENT_BUS:
            if passes(detail.get("EventPattern") if detail is not None else None, document):
                yield given_input(detail, document)
        case EventSourceType.INVOKE | EventSourceType.STEP_FUNCTIONS:
            yield document
        case _:
            return


def _kept(trigger: Trigger, told: Document, receiver: str) -> Document:
    """Return what is told as the receiver keeps it."""
    match receiver:
        case "AWS::SQS::Queue":
            raw = trigger.type in (EventSourceType.SNS, EventSourceType.SQS)
            return told if raw and not _is_pipe(trigger.detail) else under(("body",), told)
        case "AWS::SNS::Topic":
            return under(("Message",), told)
        case "AWS::Kinesis::Stream" | "AWS::KinesisFirehose::DeliveryStream":
            own = trigger.type is EventSourceType.KINESIS and not _is_pipe(trigger.detail)
            return below(told, ("kinesis",)) if own else under(("data",), told)
        case "AWS::S3::Bucket":
            return under((CONTENT,), below(told, ("records", "[]", "data")))
        case "AWS::Events::EventBus" if _is_pipe(trigger.detail):
            return under(("detail",), told)
        case _:
            return told


def _is_pipe(detail: Map | None) -> bool:
    return detail is not None and "Source" in detail and "RoleArn" in detail


# --- Amazon S3 -----------------------------------------------------------------------------


def _notifies(detail: Map | None, document: Document) -> bool:
    """Tell whether a notification is about such an event of such a key."""
    if detail is None:
        return True
    events = list(inside(detail, "Event")) or list(inside(detail, "Events", "[]"))
    kinds = [part.value for part in below(document, ("event",))]
    if events and kinds and not any(_is_event(kind, one) for kind in kinds for one in events):
        return False
    keys = [part.value for part in below(document, ("key",))]
    for rule in inside(detail, "Filter", "S3Key", "Rules", "[]"):
        name = next((constant(one) for one in inside(rule, "Name")), None)
        wanted = next((constant(one) for one in inside(rule, "Value")), None)
        if not isinstance(name, str) or not isinstance(wanted, str) or not keys:
            continue
        test = may_begin if name.lower() == "prefix" else may_end
        if not any(test(key, wanted) for key in keys):
            return False
    return True


def _is_event(kind: Value, wanted: Value) -> bool:
    text = constant(wanted)
    if not isinstance(text, str):
        return True
    text = text.removeprefix("s3:")
    if text.endswith("*"):
        return may_begin(kind, text[:-1])
    return may_be(kind, Scalar(text, wanted.at))


def _notification(trigger: Trigger, document: Document, receiver: str) -> Document:
    at = trigger.at
    key = below(document, ("key",))
    bucket = Part((), Reference(trigger.resource or "", "Ref", at))
    if receiver == "AWS::Events::EventBus":
        return (
            Part(("source",), Scalar("aws.s3", at)),
            Part(("detail-type",), Scalar("Object Created", at)),
            *under(("detail", "bucket", "name"), (bucket,)),
            *under(("detail", "object", "key"), key),
        )
    record = (
        *under(("s3", "object", "key"), key),
        *under(("s3", "bucket", "name"), (bucket,)),
        *under(("eventName",), below(document, ("event",))),
    )
    return under(("Records", "[]"), record)


# --- Amazon SNS ----------------------------------------------------------------------------


def _subscribed(detail: Map | None, document: Document) -> bool:
    """Tell whether a subscription's filter policy lets a message pass."""
    if detail is None or "FilterPolicy" not in detail:
        return True
    scope = next((constant(one) for one in inside(detail, "FilterPolicyScope")), None)
    if scope == "MessageBody":
        return passes(detail.get("FilterPolicy"), below(document, ("Message",)))
    attributes = below(document, ("MessageAttributes",))
    values = tuple(
        Part(part.path[:1], part.value, part.carried)
        for part in attributes
        if part.path[1:] != ("DataType",)
    )
    return passes(detail.get("FilterPolicy"), values)


def _published(detail: Map | None, document: Document, receiver: str) -> Iterator[Document]:
    if receiver == FUNCTION:
        yield under(("Records", "[]", "Sns"), _attributes(document, "Value"))
        return
    raw = detail is not None and constant(detail.get("RawMessageDelivery")) == "true"
    if receiver != "AWS::SQS::Queue":
        yield below(document, ("Message",)) if raw else _attributes(document, "Value")
    elif raw:
        message = under(("body",), below(document, ("Message",)))
        attributes = below(document, ("MessageAttributes",))
        yield (*message, *under(("messageAttributes",), attributes))
    else:
        yield under(("body",), _attributes(document, "Value"))


def _attributes(document: Document, word: str) -> Document:
    """Name the values of message attributes as an event does."""
    return tuple(
        Part((*part.path[:2], word), part.value, part.carried)
        if part.path[2:] == ("value",) and part.path[0].lower() == "messageattributes"
        else part
        for part in document
    )


# --- what is polled ------------------------------------------------------------------------


def _message(document: Document) -> Document:
    return _attributes(document, "stringValue")


def _changes(document: Document, at: Location) -> Iterator[Document]:
    """Yield what a stream tells of an item: first that it is written, later that it was there."""
    for image, names in (("NewImage", ("INSERT", "MODIFY")), ("OldImage", ("MODIFY", "REMOVE"))):
        first, second = (Scalar(name, at) for name in names)
        kind = Choice("what was there", first, second, at)
        item = under(("dynamodb", image), document)
        keys = under(("dynamodb", "Keys"), document)
        yield (Part(("eventName",), kind), *item, *keys)


def _wanted(detail: Map | None, document: Document) -> bool:
    """Tell whether the criteria of a mapping or pipe let a record pass: one is enough."""
    found = [
        *inside(detail, "FilterCriteria", "Filters", "[]", "Pattern"),
        *inside(detail, "SourceParameters", "FilterCriteria", "Filters", "[]", "Pattern"),
    ]
    return not found or any(passes(_untyped(read(one)), document) for one in found)


def _untyped(value: Value) -> Value:
    """Return a pattern with the attributes of items as documents have them."""
    if not isinstance(value, Map):
        return value
    entries = {key: _plain(inner) if key in _IMAGES else _untyped(inner) for key, inner in value}
    return Map(entries, value.at, value.keys)


def _plain(image: Value) -> Value:
    if not isinstance(image, Map):
        return image
    entries = {}
    for key, value in image:
        inner = value
        while isinstance(inner, Map) and plain(("", *inner.entries)) == ("",) and inner.entries:
            inner = next(iter(inner.entries.values()))
        entries[key] = inner
    return Map(entries, image.at, image.keys)


def _polled(trigger: Trigger, record: Document, receiver: str) -> Document:
    """Return a batch of records as a mapping or a pipe passes it on."""
    detail = trigger.detail
    if not _is_pipe(detail):
        whole = receiver == FUNCTION
        return under(("Records", "[]"), record) if whole else record
    template = next(
        iter(
            [
                *inside(detail, "EnrichmentParameters", "InputTemplate"),
                *inside(detail, "TargetParameters", "InputTemplate"),
            ]
        ),
        None,
    )
    if template is not None:
        record = filled(template, lambda name: picked(record, name))
    batched = receiver in (FUNCTION, "AWS::StepFunctions::StateMachine")
    return under(("[]",), record) if batched else record
