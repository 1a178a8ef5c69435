"""Where the outcome of asynchronous invocations goes: `EventInvokeConfig`.

Follows "EventInvokeConfiguration" of AWS::Serverless::Function. A queue or topic that the
author does not name is made; the function's role may send to each destination.
"""

from stockade.load.building import condition_name, entry, guarded_items, join, only, text
from stockade.load.sam.expansion import Expansion
from stockade.load.sam.policies import allow
from stockade.load.sam.role import RoleDraft
from stockade.model import Choice, Location, Map, NoValue, Reference, Resource, Scalar, Value
from stockade.model.record import replace

_MADE = {
    "SQS": ("Queue", "AWS::SQS::Queue", "Arn", "DestinationQueue"),
    "SNS": ("Topic", "AWS::SNS::Topic", "Ref", "DestinationTopic"),
}


def expand_destinations(
    expansion: Expansion, owner: Resource, alias: Reference | None, role: RoleDraft
) -> None:
    """Add the settings of asynchronous invocation, with the destinations they make."""
    config = entry(owner.properties, "EventInvokeConfig")
    if not isinstance(config, Map):
        return
    at = owner.properties.key_at("EventInvokeConfig")
    logical_id = f"{owner.logical_id}EventInvokeConfig"
    destinations = {}
    written = entry(config, "DestinationConfig")
    for outcome in ("OnSuccess", "OnFailure"):
        given = entry(written, outcome)
        if isinstance(given, Map):
            arn = _destination(expansion, owner, given, logical_id + outcome, role)
            destinations[outcome] = {"Destination": arn}
    name = text(entry(owner.properties, "AutoPublishAlias"))
    expansion.add(
        owner,
        logical_id,
        "AWS::Lambda::EventInvokeConfig",
        {
            "FunctionName": expansion.refer(owner.logical_id, at),
            "Qualifier": name if alias and name else "$LATEST",
            "DestinationConfig": destinations,
            **only(config, "MaximumEventAgeInSeconds", "MaximumRetryAttempts"),
        },
        at,
    )


def _destination(
    expansion: Expansion, owner: Resource, given: Map, logical_id: str, role: RoleDraft
) -> Value | None:
    at = given.at
    kind = text(entry(given, "Type")) or ""
    arn = given.get("Destination")
    if isinstance(arn, Scalar) and arn.value is None:
        arn = None
    if kind in _MADE:
        arn = _with_made(expansion, owner, arn, logical_id, kind)
    if arn is None or isinstance(arn, NoValue):
        expansion.miss(at, "is a destination without an address")
        return None
    imply_sending(role, kind, arn, logical_id, at)
    return arn


def _with_made(
    expansion: Expansion, owner: Resource, arn: Value | None, logical_id: str, kind: str
) -> Value:
    """Make the queue or topic, wherever the author leaves it open."""
    suffix, type_, attribute, property_name = _MADE[kind]
    at = arn.at if arn is not None else owner.properties.key_at("EventInvokeConfig")
    made = expansion.refer(logical_id + suffix, at, attribute)
    filled = _fill(arn, made)
    for guards, used in guarded_items(filled):
        if used is made:
            under = replace(owner, condition=condition_name(guards, owner.condition))
            resource = expansion.add(under, logical_id + suffix, type_, {}, at)
            expansion.aliases[owner.id, property_name] = resource.id
            break
    return filled


def _fill(arn: Value | None, made: Value) -> Value:
    match arn:
        case None | NoValue():
            return made
        case Choice():
            then, otherwise = _fill(arn.then, made), _fill(arn.otherwise, made)
            return Choice(arn.condition, then, otherwise, arn.at)
        case _:
            return arn


def imply_sending(role: RoleDraft, kind: str, arn: Value, logical_id: str, at: Location) -> None:
    """Let the role send to a destination of the given kind."""
    objects = join((arn, Scalar("/*", at)), at)
    match kind:
        case "SQS":
            role.imply(f"{logical_id}SQSPolicy", allow(at, ("sqs:SendMessage", arn)), at)
        case "SNS":
            role.imply(f"{logical_id}SNSPolicy", allow(at, ("sns:publish", arn)), at)
        case "EventBridge":
            document = allow(at, ("events:PutEvents", arn))
            role.imply(f"{logical_id}EventBridgePolicy", document, at)
        case "Lambda":
            document = allow(at, ("lambda:InvokeFunction", arn))
            role.imply(f"{logical_id}LambdaPolicy", document, at)
        case "S3Bucket" | "S3":
            document = allow(at, ("s3:PutObject", objects), ("s3:ListBucket", arn))
            role.imply(f"{logical_id}S3Policy", document, at)
        case _:
            pass
