"""What sends to topics, queues and buses, and who acts for whom.

Which services of AWS deliver for any customer is told by their own pages ("Confused deputy
prevention" of each guide); others take a role, and so act for nobody else.
"""

from collections.abc import Iterator

from stockade.model import (
    Application,
    Delivery,
    EventSource,
    Map,
    Resource,
    constant,
    inside,
)

SENDING = {
    "AWS::SQS::Queue": {
        "sqs:SendMessage": "send messages to",
        "sqs:ReceiveMessage": "take messages from",
    },
    "AWS::SNS::Topic": {"sns:Publish": "publish to", "sns:Subscribe": "subscribe to"},
    "AWS::Events::EventBus": {"events:PutEvents": "put events on"},
}
"""What senders and receivers do, by the type of the resource."""

_DELIVER_FOR_ANYONE = (
    "s3.amazonaws.com",
    "sns.amazonaws.com",
    "events.amazonaws.com",
    "ses.amazonaws.com",
)


def serves_any_account(statement: Map) -> str | None:
    """Return the service that a statement names and that any account may put to work."""
    for service in inside(statement, "Principal", "Service", "[]"):
        name = constant(service)
        if name in _DELIVER_FOR_ANYONE:
            return str(name)
    return None


def kept_for(app: Application, resource: Resource) -> Iterator[tuple[EventSource | Delivery, str]]:
    """Yield what passes on what is sent to a resource, with a note for the proof."""
    for source in app.event_sources:
        if source.resource == resource.id:
            name = app.resources[source.function].logical_id
            yield source, f"and each message reaches {name}"
            return
    for delivery in app.deliveries:
        if delivery.resource == resource.id:
            yield delivery, "and each message is passed on"
            return
