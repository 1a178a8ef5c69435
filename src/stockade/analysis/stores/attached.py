"""The policies that protect each resource, wherever they stand."""

from collections.abc import Mapping

from stockade.analysis.exposure.statements import statements
from stockade.model import (
    DEFAULT_BUS,
    Application,
    Map,
    Names,
    Resource,
    ResourceId,
    Scalar,
    Value,
    constant,
    inside,
)

_ATTACHED = (
    ("AWS::S3::BucketPolicy", ("Bucket",), "AWS::S3::Bucket"),
    ("AWS::SQS::QueuePolicy", ("Queues", "[]"), "AWS::SQS::Queue"),
    ("AWS::SQS::QueueInlinePolicy", ("Queue",), "AWS::SQS::Queue"),
    ("AWS::SNS::TopicPolicy", ("Topics", "[]"), "AWS::SNS::Topic"),
    ("AWS::SNS::TopicInlinePolicy", ("TopicArn",), "AWS::SNS::Topic"),
    ("AWS::SecretsManager::ResourcePolicy", ("SecretId",), "AWS::SecretsManager::Secret"),
)
"""Types that hold another resource's policy, the way to what it protects, and its type."""

_OWN = {
    "AWS::KMS::Key": ("KeyPolicy",),
    "AWS::Events::EventBus": ("Policy",),
    "AWS::DynamoDB::Table": ("ResourcePolicy", "PolicyDocument"),
}
"""Where a resource holds its own policy."""


def resource_policies(app: Application) -> Mapping[ResourceId, tuple[Map, ...]]:
    """Return the statements that protect each resource that has a policy of its own."""
    found: dict[ResourceId, list[Map]] = {}
    names = Names(app.resources)
    for resource in app.resources.values():
        if resource.type == "AWS::Events::EventBusPolicy":
            _add_bus_policy(found, resource, names)
        for path in (_OWN[resource.type],) if resource.type in _OWN else ():
            for document in inside(resource.properties, *path):
                # A bus's policy may be one statement alone.
                own = tuple(statements(document)) or _statement(document)
                found.setdefault(resource.id, []).extend(own)
    for kind, path, protected in _ATTACHED:
        for resource in app.of_type(kind):
            properties = resource.properties
            written = properties.get("PolicyDocument") or properties.get("ResourcePolicy")
            for held in inside(resource.properties, *path):
                target = names.find(held, protected)
                if target is not None:
                    found.setdefault(target, []).extend(statements(written))
    return {resource: tuple(held) for resource, held in found.items() if held}


def _statement(document: Value) -> tuple[Map, ...]:
    return (document,) if isinstance(document, Map) and "Effect" in document else ()


def _add_bus_policy(found: dict[ResourceId, list[Map]], resource: Resource, names: Names) -> None:
    """Add an event bus's policy: a statement, or in the older form its parts."""
    properties = resource.properties
    name = properties.get("EventBusName")
    bus: ResourceId | None = DEFAULT_BUS
    if name is not None and constant(name) != "default":
        bus = names.find(name, "AWS::Events::EventBus")
    if bus is None:
        return
    statement = properties.get("Statement")
    if not isinstance(statement, Map):
        parts = {
            key: value for key, value in properties if key in ("Action", "Principal", "Condition")
        }
        parts |= {"Effect": Scalar("Allow", resource.at), "Resource": Scalar("*", resource.at)}
        statement = Map(parts, resource.at, properties.keys)
    found.setdefault(bus, []).append(statement)
