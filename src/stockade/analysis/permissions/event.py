"""What AWS writes into events, followed to the resources of the application that send them."""

from collections.abc import Callable, Iterator
from typing import Final

from stockade.model import (
    Application,
    EventSource,
    EventSourceType,
    Function,
    Reference,
    ResourceId,
    Value,
    inside,
    references,
)
from stockade.model.watched import type_of

_PROPERTIES: Final = "ResourceProperties."
_SENDERS: Final = ("AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::Kinesis::Stream")
"""Types of senders whose ARN or name stands in the event as that of the sender."""

MOST_HOPS: Final = 4
"""A notification travels over at most so many topics, queues and buses."""

_FIELDS: Final = {
    "s3.bucket.name": "AWS::S3::Bucket",
    "s3.bucket.arn": "AWS::S3::Bucket",
    "detail.bucket.name": "AWS::S3::Bucket",
    "detail.requestParameters.bucketName": "AWS::S3::Bucket",
    "bucket.name": "AWS::S3::Bucket",
    "eventSourceARN": "",
    "Sns.TopicArn": "AWS::SNS::Topic",
    "userPoolId": "AWS::Cognito::UserPool",
}
"""Fields by their ends, and the type of resource that each names; empty: whichever sends it."""


def senders(app: Application, function: Function) -> Callable[[str], tuple[Value, ...]]:
    """Return what looks a field of the function's event up: what may stand in it.

    The names of the resources that send the event; the properties of a custom resource.
    """
    found: list[ResourceId] | None = None

    def look_up(field: str) -> tuple[Value, ...]:
        nonlocal found
        if field.startswith(_PROPERTIES):
            return tuple(_properties(app, function, field.removeprefix(_PROPERTIES)))
        wanted = next((kind for end, kind in _FIELDS.items() if field.endswith(end)), None)
        if wanted is None:
            return ()
        if found is None:
            found = _sending(app, function)
        types = (wanted,) if wanted else _SENDERS
        return tuple(
            Reference(name, "Ref", app.resources[name].at)
            for name in found
            if type_of(app.resources, name) in types
        )

    return look_up


def _properties(app: Application, function: Function, path: str) -> Iterator[Value]:
    """Yield a property of each custom resource that the function handles."""
    for source in app.event_sources_of(function.id):
        resource = app.resources.get(source.resource or "")
        if source.type is EventSourceType.CUSTOM_RESOURCE and resource is not None:
            steps = path.replace("[]", ".[]").split(".")
            yield from inside(resource.properties, *steps)


def _sending(app: Application, function: Function) -> list[ResourceId]:
    """Return the resources that send the function events, themselves or over others."""
    names: dict[str, None] = {}
    ahead = [one for source in app.event_sources_of(function.id) for one in _named(source)]
    for _ in range(MOST_HOPS):
        following: list[str] = []
        for name in ahead:
            if name in names:
                continue
            names[name] = None
            following.extend(
                one
                for delivery in app.deliveries
                if delivery.target == name
                for one in ([delivery.resource] if delivery.resource else [])
            )
        ahead = following
    return [name for name in names if name in app.resources]


def _named(source: EventSource) -> list[str]:
    """Return what an event source names: its resource, and buckets that its filter names."""
    named = [source.resource] if source.resource is not None else []
    if source.type is EventSourceType.EVENT_BUS and source.detail is not None:
        named.extend(reference.resource for reference in references(source.detail))
    return named
