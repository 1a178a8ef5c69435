"""The policies that protect each resource, wherever they stand."""

from collections.abc import Iterator, Mapping

from stockade.analysis.statements import statements
from stockade.model import (
    DEFAULT_BUS,
    Application,
    List,
    Map,
    Names,
    Resource,
    ResourceId,
    Scalar,
    Value,
    constant,
    inside,
)
from stockade.model.record import record
from stockade.model.remembered import remembered

_ATTACHED = (
    ("AWS::S3::BucketPolicy", ("Bucket",), "AWS::S3::Bucket"),
    ("AWS::SQS::QueuePolicy", ("Queues", "[]"), "AWS::SQS::Queue"),
    ("AWS::SQS::QueueInlinePolicy", ("Queue",), "AWS::SQS::Queue"),
    ("AWS::SNS::TopicPolicy", ("Topics", "[]"), "AWS::SNS::Topic"),
    ("AWS::SNS::TopicInlinePolicy", ("TopicArn",), "AWS::SNS::Topic"),
    ("AWS::SecretsManager::ResourcePolicy", ("SecretId",), "AWS::SecretsManager::Secret"),
    ("AWS::Kinesis::ResourcePolicy", ("ResourceArn",), "AWS::Kinesis::Stream"),
)
"""Types that hold another resource's policy, the way to what it protects, and its type."""

_OWN = {
    "AWS::KMS::Key": ("KeyPolicy",),
    "AWS::KMS::ReplicaKey": ("KeyPolicy",),
    "AWS::Events::EventBus": ("Policy",),
    "AWS::DynamoDB::Table": ("ResourcePolicy", "PolicyDocument"),
    "AWS::DynamoDB::GlobalTable": ("Replicas", "[]", "ResourcePolicy", "PolicyDocument"),
    "AWS::OpenSearchService::Domain": ("AccessPolicies",),
    "AWS::Elasticsearch::Domain": ("AccessPolicies",),
    "AWS::ECR::Repository": ("RepositoryPolicyText",),
    "AWS::EFS::FileSystem": ("FileSystemPolicy",),
    "AWS::CodeArtifact::Repository": ("PermissionsPolicyDocument",),
    "AWS::Backup::BackupVault": ("AccessPolicy",),
    "AWS::SES::EmailIdentity": ("Policies", "[]"),
    "AWS::Glue::ResourcePolicy": ("Policy",),
}
"""Where a resource holds its own policy."""
_OF_THEMSELVES = ("AWS::ECR::Repository", "AWS::EFS::FileSystem")
"""Whose statements name no resource, or may leave it out."""


@record
class Attached:
    """A policy document that protects a resource.

    `holder` is the resource that it is written in: a policy's own, or the one that it protects.
    """

    resource: ResourceId
    holder: Resource
    document: Value


@remembered
def resource_policies(app: Application) -> Mapping[ResourceId, tuple[Map, ...]]:
    """Return the statements that protect each resource that has a policy of its own."""
    found: dict[ResourceId, list[Map]] = {}
    for one in attached(app):
        found.setdefault(one.resource, []).extend(statements(one.document))
    return {resource: tuple(held) for resource, held in found.items() if held}


@remembered
def attached(app: Application) -> tuple[Attached, ...]:
    """Return the policies of resources, wherever they stand."""
    return tuple(_attached(app))


def _attached(app: Application) -> Iterator[Attached]:
    names = Names(app.resources)
    for resource in app.of_type("AWS::Events::EventBusPolicy", *_OWN):
        if resource.type == "AWS::Events::EventBusPolicy":
            yield from _of_bus(resource, names)
        for path in (_OWN[resource.type],) if resource.type in _OWN else ():
            for document in inside(resource.properties, *path):
                whole = _as_document(document)
                if resource.type in _OF_THEMSELVES:
                    whole = _of_itself(whole)
                yield Attached(resource.id, resource, whole)
    for shared in app.of_type("AWS::Lambda::LayerVersionPermission"):
        yield Attached(shared.id, shared, _of_layer(shared))
    for kind, path, protected in _ATTACHED:
        for resource in app.of_type(kind):
            properties = resource.properties
            written = properties.get("PolicyDocument") or properties.get("ResourcePolicy")
            for held in inside(resource.properties, *path):
                target = names.find(held, protected)
                if target is not None and written is not None:
                    yield Attached(target, resource, written)


def _as_document(written: Value) -> Value:
    """Return a document: a bus's policy may be one statement alone."""
    if isinstance(written, Map) and "Effect" in written:
        return Map({"Statement": written}, written.at, {})
    return written


def _of_itself(document: Value) -> Value:
    """Return a policy, whose statements name no resource, with the one it is of."""
    if not isinstance(document, Map):
        return document
    told = [
        one
        if "Resource" in one
        else Map({**one.entries, "Resource": Scalar("*", one.at)}, one.at, one.keys)
        for one in statements(document)
    ]
    return Map({**document.entries, "Statement": List(tuple(told), document.at)}, document.at, {})


def _of_layer(shared: Resource) -> Map:
    """Return what `AddLayerVersionPermission` makes of a permission: a statement of the layer."""
    at, principal = shared.at, shared.properties.get("Principal")
    made: dict[str, Value] = {"Effect": Scalar("Allow", at), "Resource": Scalar("*", at)}
    made["Action"] = shared.properties.get("Action") or Scalar("lambda:GetLayerVersion", at)
    if principal is not None:
        everyone = constant(principal) == "*"
        made["Principal"] = principal if everyone else Map({"AWS": principal}, at, {})
    organisation = shared.properties.get("OrganizationId")
    if organisation is not None:
        key = Map({"aws:PrincipalOrgID": organisation}, at, {})
        made["Condition"] = Map({"StringEquals": key}, at, {})
    keys = {"Principal": principal.at} if principal is not None else {}
    return Map({"Statement": Map(made, at, keys)}, at, {})


def _of_bus(resource: Resource, names: Names) -> Iterator[Attached]:
    """Yield an event bus's policy: a statement, or in the older form its parts."""
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
        sender = parts.get("Principal")
        if sender is not None and constant(sender) != "*":
            parts["Principal"] = Map({"AWS": sender}, sender.at, {})
        statement = Map(parts, resource.at, properties.keys)
    yield Attached(bus, resource, Map({"Statement": statement}, resource.at, {}))
