"""How exposed a resource is by its own policy and settings, and by what clients may do."""

from collections.abc import Iterator

from stockade.analysis.exposure.clients import Clients
from stockade.analysis.facts import SourceExposure
from stockade.analysis.statements import admitted, covers, effect, statements
from stockade.analysis.stores.buckets import blocks, by_acl
from stockade.model import (
    DEFAULT_BUS,
    Application,
    Exposure,
    List,
    Location,
    Map,
    Names,
    Resource,
    ResourceId,
    Scalar,
    Step,
    Value,
    constant,
    inside,
)
from stockade.model.naming import FUNCTION
from stockade.model.record import record

_SENDING = {
    "AWS::S3::Bucket": ("s3:PutObject",),
    "AWS::SQS::Queue": ("sqs:SendMessage",),
    "AWS::SNS::Topic": ("sns:Publish",),
    "AWS::Events::EventBus": ("events:PutEvents",),
    "AWS::Kinesis::Stream": ("kinesis:PutRecord", "kinesis:PutRecords"),
    "AWS::DynamoDB::Table": ("dynamodb:PutItem", "dynamodb:UpdateItem"),
    "AWS::DynamoDB::GlobalTable": ("dynamodb:PutItem", "dynamodb:UpdateItem"),
    "AWS::StepFunctions::StateMachine": ("states:StartExecution", "states:StartSyncExecution"),
    FUNCTION: ("lambda:InvokeFunction",),
}
"""What a sender must be allowed, by the type of the resource that it sends to."""

_ATTACHED = (
    ("AWS::S3::BucketPolicy", ("Bucket",), "AWS::S3::Bucket"),
    ("AWS::SQS::QueuePolicy", ("Queues", "[]"), "AWS::SQS::Queue"),
    ("AWS::SQS::QueueInlinePolicy", ("Queue",), "AWS::SQS::Queue"),
    ("AWS::SNS::TopicPolicy", ("Topics", "[]"), "AWS::SNS::Topic"),
    ("AWS::SNS::TopicInlinePolicy", ("TopicArn",), "AWS::SNS::Topic"),
)
"""Types that hold another resource's policy, the way to it, and its type."""

_WORDS = {
    Exposure.ANYONE: "anyone",
    Exposure.PARTNER: "whoever comes from the allowed addresses",
    Exposure.OTHER_ACCOUNT: "another account",
}


@record
class _Policy:
    document: Value
    at: Location


class Policies:
    """The resource policies of an application, found by the resource that they protect."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._names = Names(app.resources)
        self._clients = Clients(app)
        self._by_resource: dict[ResourceId, list[_Policy]] = {}
        for kind, path, protected in _ATTACHED:
            for resource in app.of_type(kind):
                document = resource.properties.get("PolicyDocument")
                for held in inside(resource.properties, *path):
                    found = self._names.find(held, protected)
                    if found is not None and document is not None:
                        self._add(found, document, resource.at)
        for resource in app.of_type("AWS::Events::EventBusPolicy"):
            self._add_bus_policy(resource)

    def admitted(self, resource: ResourceId) -> SourceExposure:
        """Return who may send to a resource by its own policy; at least the application may."""
        declared = self._app.resources.get(resource)
        widest = _of_the_account(declared)
        for found in self._ways(resource, declared):
            if found.exposure > widest.exposure:
                widest = found
        return widest

    def _ways(self, resource: ResourceId, declared: Resource | None) -> Iterator[SourceExposure]:
        kind = declared.type if declared is not None else "AWS::Events::EventBus"
        actions = _SENDING.get(kind)
        if actions is None:
            return
        if declared is not None:
            yield from self._clients.allowed(resource, actions)
            if kind == "AWS::S3::Bucket":
                yield from _by_acl(declared)
            for name, path in (("Policy", ()), ("ResourcePolicy", ("PolicyDocument",))):
                for document in inside(declared.properties, name, *path):
                    yield from _by_policy(_Policy(document, document.at), actions, declared)
        private = kind == "AWS::S3::Bucket" and declared is not None and _is_private(declared)
        for policy in self._by_resource.get(resource, ()):
            for found in _by_policy(policy, actions, declared):
                if not private or found.exposure is not Exposure.ANYONE:
                    yield found

    def _add(self, resource: ResourceId, document: Value, at: Location) -> None:
        self._by_resource.setdefault(resource, []).append(_Policy(document, at))

    def _add_bus_policy(self, resource: Resource) -> None:
        """Add an event bus's policy: a statement, or in the older form its parts."""
        properties = resource.properties
        name = properties.get("EventBusName")
        bus = DEFAULT_BUS
        if name is not None and constant(name) != "default":
            found = self._names.find(name, "AWS::Events::EventBus")
            if found is None:
                return
            bus = found
        statement = properties.get("Statement")
        if statement is None:
            parts = dict(properties.entries)
            parts["Effect"] = Scalar("Allow", resource.at)
            statement = Map(parts, resource.at, {})
        listed = List((statement,), resource.at)
        self._add(bus, Map({"Statement": listed}, resource.at, {}), resource.at)


def _of_the_account(declared: Resource | None) -> SourceExposure:
    steps: tuple[Step, ...] = ()
    if declared is not None:
        verb = "invoke it" if declared.type == FUNCTION else "send to it"
        steps = (Step(declared.at, f"only its own account may {verb}"),)
    return SourceExposure(exposure=Exposure.APPLICATION, because=steps)


def _by_acl(bucket: Resource) -> Iterator[SourceExposure]:
    """Yield that anyone may write, if the ACL says so and the bucket has ACLs at all."""
    for one in by_acl(bucket, ("s3:PutObject",)):
        if one.unsigned and not one.unless:
            note = f"anyone can write to {bucket.name}: its ACL is public"
            yield SourceExposure(exposure=Exposure.ANYONE, because=(Step(one.at, note),))


def _is_private(bucket: Resource) -> bool:
    """Tell whether the bucket admits nobody by a policy that admits everybody.

    A new bucket blocks public policies unless its template says otherwise.
    """
    return any(
        blocks(bucket, setting) is not False
        for setting in ("BlockPublicPolicy", "RestrictPublicBuckets")
    )


def _by_policy(
    policy: _Policy, actions: tuple[str, ...], declared: Resource | None
) -> Iterator[SourceExposure]:
    name = declared.name if declared is not None else "the default event bus"
    for statement in statements(policy.document):
        if effect(statement) != "allow" or not covers(statement, actions):
            continue
        exposure = admitted(statement)
        who = _WORDS.get(exposure)
        if who is not None:
            at = statement.key_at("Principal")
            note = f"{who} can send to {name}: its policy says so"
            yield SourceExposure(exposure=exposure, because=(Step(at, note),))
