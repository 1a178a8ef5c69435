"""What sends to topics, queues and buses, and what becomes of it."""

from collections.abc import Iterator

from stockade.model import (
    Application,
    Delivery,
    EventSource,
    Resource,
)

SENDING = {
    "AWS::SQS::Queue": {
        "sqs:SendMessage": "send messages to",
        "sqs:ReceiveMessage": "take messages from",
    },
    "AWS::SNS::Topic": {"sns:Publish": "publish to", "sns:Subscribe": "subscribe to"},
    "AWS::Kinesis::Stream": {
        "kinesis:PutRecord": "put records into",
        "kinesis:GetRecords": "read the records of",
    },
    "AWS::Events::EventBus": {"events:PutEvents": "put events on"},
}
"""What senders and receivers do, by the type of the resource."""


def kept_for(app: Application, resource: Resource) -> Iterator[tuple[EventSource | Delivery, str]]:
    """Yield what passes on what is sent to a resource, with a note for the proof."""
    for source in app.event_sources:
        if source.resource == resource.id:
            name = app.resources[source.function].name
            yield source, f"and each message reaches {name}"
            return
    for delivery in app.deliveries:
        if delivery.resource == resource.id:
            yield delivery, "and each message is passed on"
            return
