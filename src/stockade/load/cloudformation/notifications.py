"""Buckets that notify, topics that fan out: Amazon S3 and Amazon SNS.

Follows "NotificationConfiguration" of AWS::S3::Bucket and AWS::SNS::Subscription in the
CloudFormation template reference.
"""

from collections.abc import Iterator

from stockade.load.cloudformation.trigger import Declared, Trigger, merged
from stockade.model import (
    DEFAULT_BUS,
    EventSourceType,
    List,
    Map,
    ResourceId,
    Value,
    constant,
    inside,
)

_BY_CONFIGURATION = {
    "LambdaConfigurations": "Function",
    "QueueConfigurations": "Queue",
    "TopicConfigurations": "Topic",
}
_CDK = "Custom::S3BucketNotifications"
_CDK_CONFIGURATIONS = {
    "LambdaFunctionConfigurations": ("LambdaConfigurations", "LambdaFunctionArn", "Function"),
    "QueueConfigurations": ("QueueConfigurations", "QueueArn", "Queue"),
    "TopicConfigurations": ("TopicConfigurations", "TopicArn", "Topic"),
}
"""The words of the request PutBucketNotificationConfiguration, and those of CloudFormation."""

_PROTOCOLS = ("lambda", "sqs", "firehose")


def bucket_notifications(declared: Declared) -> Iterator[Trigger]:
    """Yield what each bucket notifies: functions, queues, topics and the default event bus."""
    for bucket in declared.of_type("AWS::S3::Bucket"):
        for settings in inside(bucket.properties, "NotificationConfiguration"):
            if isinstance(settings, Map):
                yield from _configured(settings, bucket.id, None)
    for custom in declared.of_type(_CDK):
        name = custom.properties.get("BucketName")
        bucket_id = declared.names.find(name, "AWS::S3::Bucket")
        for settings in inside(custom.properties, "NotificationConfiguration"):
            if isinstance(settings, Map):
                yield from _configured(_as_property(settings), bucket_id, name)


def _configured(
    settings: Map, bucket: ResourceId | None, source: Value | None
) -> Iterator[Trigger]:
    for kind, target in _BY_CONFIGURATION.items():
        for one in inside(settings, kind, "[]"):
            if isinstance(one, Map):
                yield Trigger(
                    type=EventSourceType.S3,
                    at=one.at,
                    target=one.get(target),
                    resource=bucket,
                    source=source,
                    detail=one,
                )
    for enabled in _event_bridge(settings):
        yield Trigger(
            type=EventSourceType.S3,
            at=enabled.at,
            targets=(DEFAULT_BUS,),
            resource=bucket,
            source=source,
        )


def _as_property(request: Map) -> Map:
    """Return what the CDK's own resource asks Amazon S3 for, in the words of the property.

    Follows "PutBucketNotificationConfiguration" of the Amazon S3 API: a configuration has a
    list of events, and its filter is called `Key`.
    """
    entries: dict[str, Value] = {}
    for key, value in request:
        words = _CDK_CONFIGURATIONS.get(key)
        if words is None:
            entries[key] = value
            continue
        kind, arn, target = words
        configurations = [
            Map({"Event": event, target: named, **_filter(one)}, one.at, {})
            for one in inside(value, "[]")
            if isinstance(one, Map) and (named := one.get(arn)) is not None
            for event in inside(one, "Events", "[]")
        ]
        entries[kind] = List(tuple(configurations), value.at)
    return Map(entries, request.at, {})


def _filter(configuration: Map) -> dict[str, Value]:
    for rules in inside(configuration, "Filter", "Key", "FilterRules"):
        key = Map({"Rules": rules}, rules.at, {})
        return {"Filter": Map({"S3Key": key}, rules.at, {})}
    return {}


def _event_bridge(settings: Map) -> Iterator[Value]:
    """Yield where S3 is told to send to EventBridge. An empty configuration tells it too."""
    for configuration in inside(settings, "EventBridgeConfiguration"):
        if isinstance(configuration, Map):
            enabled = configuration.get("EventBridgeEnabled")
            if constant(enabled) != "false":
                yield configuration


def subscriptions(declared: Declared) -> Iterator[Trigger]:
    """Yield what each topic's subscriptions deliver to."""
    for topic in declared.of_type("AWS::SNS::Topic"):
        for one in inside(topic.properties, "Subscription", "[]"):
            if isinstance(one, Map) and _delivers(one):
                yield Trigger(
                    type=EventSourceType.SNS,
                    at=one.at,
                    target=one.get("Endpoint"),
                    resource=topic.id,
                    detail=one,
                )
    for subscription in declared.of_type("AWS::SNS::Subscription"):
        properties = subscription.properties
        if _delivers(properties):
            topic_arn = properties.get("TopicArn")
            yield Trigger(
                type=EventSourceType.SNS,
                at=subscription.at,
                target=properties.get("Endpoint"),
                resource=declared.names.find(topic_arn, "AWS::SNS::Topic"),
                source=topic_arn,
                detail=merged(properties.at, properties),
            )


def _delivers(subscription: Map) -> bool:
    protocol = constant(subscription.get("Protocol"))
    return not isinstance(protocol, str) or protocol.lower() in _PROTOCOLS
