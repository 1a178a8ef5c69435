"""Where an event goes that a function fails on.

Follows "Capturing records of Lambda asynchronous invocations", "Retain discarded records" of
streams and "Using dead-letter queues in Amazon SQS". A topic's or rule's own dead-letter queue
keeps only what could not be handed to Lambda: what the function fails on has been handed over.
"""

from collections.abc import Iterator

from stockade.model import (
    Application,
    EventSource,
    EventSourceType,
    Map,
    Names,
    ResourceId,
    Unknown,
    Value,
    inside,
    walk,
)
from stockade.model.naming import FUNCTION

_ASYNCHRONOUS = frozenset(
    {
        EventSourceType.S3,
        EventSourceType.SNS,
        EventSourceType.EVENT_BUS,
        EventSourceType.IOT,
        EventSourceType.SES,
    }
)
"""Sources whose events are handed over once: a schedule comes again, a log line is a copy."""

_STREAMS = frozenset({EventSourceType.DYNAMODB_STREAM, EventSourceType.KINESIS})


def losing(app: Application) -> Iterator[EventSource]:
    """Yield the event sources whose events are lost when their function fails on them."""
    names = Names(app.resources)
    kept = _kept(app, names)
    mapped = _mapped(app, names)
    last = _last_queues(app, names)
    for source in app.event_sources:
        if source.type in _ASYNCHRONOUS:
            if source.function not in kept:
                yield source
        elif source.type in _STREAMS:
            if (source.function, source.resource) in mapped:
                yield source
        elif source.type is EventSourceType.SQS:
            queue = app.resources.get(source.resource or "")
            if (
                queue is not None
                and queue.id not in last
                and not any(True for _ in inside(queue.properties, "RedrivePolicy"))
            ):
                yield source


def _last_queues(app: Application, names: Names) -> set[ResourceId]:
    """Return the queues that keep what failed elsewhere: nothing comes after them."""
    found = set()
    for resource in app.of_type(*_WITH_LAST_QUEUES):
        for value in walk(resource.properties):
            if isinstance(value, Map):
                for key, target in value:
                    queue = names.find(target, "AWS::SQS::Queue") if key in _LAST else None
                    if queue is not None:
                        found.add(queue)
    return found


_LAST = ("deadLetterTargetArn", "DeadLetterConfig", "OnFailure")
_WITH_LAST_QUEUES = (
    "AWS::SQS::Queue",
    "AWS::SNS::Subscription",
    "AWS::Events::Rule",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Scheduler::Schedule",
    FUNCTION,
)


def _kept(app: Application, names: Names) -> set[ResourceId]:
    """Return the functions whose failed asynchronous events go somewhere."""
    kept = set()
    for function in app.of_type(FUNCTION):
        told = inside(function.properties, "DeadLetterConfig")
        if any(isinstance(one, Unknown) or _names_target(one) for one in told):
            kept.add(function.id)
    for settings in app.of_type("AWS::Lambda::EventInvokeConfig"):
        way = ("DestinationConfig", "OnFailure", "Destination")
        if any(True for _ in inside(settings.properties, *way)):
            found = names.function(settings.properties.get("FunctionName"))
            if found is not None:
                kept.add(found)
    return kept


def _names_target(settings: Value) -> bool:
    return any(True for _ in inside(settings, "TargetArn"))


def _mapped(app: Application, names: Names) -> set[tuple[ResourceId, ResourceId | None]]:
    """Return the functions and streams of mappings that keep nothing."""
    found: set[tuple[ResourceId, ResourceId | None]] = set()
    for mapping in app.of_type("AWS::Lambda::EventSourceMapping"):
        properties = mapping.properties
        if any(True for _ in inside(properties, "DestinationConfig", "OnFailure", "Destination")):
            continue
        function = names.function(properties.get("FunctionName"))
        stream = names.find(
            properties.get("EventSourceArn"),
            "AWS::Kinesis::Stream",
            "AWS::DynamoDB::Table",
            "AWS::DynamoDB::GlobalTable",
        )
        if function is not None and stream is not None:
            found.add((function, stream))
    return found
