"""Events that another service pushes to the function: S3, SNS, Cognito, IoT, logs, Alexa.

Follows the pages of these event types of AWS::Serverless::Function.
"""

from stockade.load.building import (
    Plain,
    entry,
    guard,
    is_empty,
    is_true,
    items_of,
    only,
    substitute,
    text,
    write,
)
from stockade.load.sam.events.permission import permit
from stockade.load.sam.events.target import Event, Target
from stockade.load.sam.expansion import Expansion
from stockade.load.sam.role import RoleDraft
from stockade.model import List, Map, Parameter, Reference, Resource, Value
from stockade.model.record import replace


def s3(expansion: Expansion, event: Event, target: Target, role: RoleDraft) -> None:
    """Let the bucket invoke the function, and tell the bucket to do so."""
    del role
    account = Parameter("AWS::AccountId", None, event.at)
    permit(expansion, event, target, "s3.amazonaws.com", SourceAccount=account)
    bucket = _declared(expansion, event, "Bucket")
    if bucket is None:
        return
    wanted = event.get("Events")
    notifications = []
    for kind in items_of(wanted):
        notification: dict[str, Plain] = {
            "Function": target.arn,
            "Filter": event.get("Filter"),
            "Event": kind,
        }
        written = write(notification, event.at)
        conditions = ((event.owner.condition, True),) if event.owner.condition else ()
        notifications.append(guard(written, conditions, event.at))
    _notify(expansion, bucket, notifications)


def _declared(expansion: Expansion, event: Event, key: str) -> Resource | None:
    """Return the resource of the template that the event names, as it is by now."""
    value = event.get(key)
    resource = expansion.resources.get(value.resource) if isinstance(value, Reference) else None
    if resource is None:
        expansion.miss(event.key_at(key), f"names a {key.lower()} that the template does not hold")
    return resource


def _notify(expansion: Expansion, bucket: Resource, notifications: list[Value]) -> None:
    config = _map(entry(bucket.properties, "NotificationConfiguration"), bucket)
    present = entry(config, "LambdaConfigurations")
    listed = present.items if isinstance(present, List) else ()
    at = present.at if present is not None else config.at
    entries: dict[str, Value] = {"LambdaConfigurations": List((*listed, *notifications), at)}
    _set(expansion, bucket, "NotificationConfiguration", _extended(config, entries))


def _map(value: Value | None, resource: Resource) -> Map:
    return value if isinstance(value, Map) else Map({}, resource.at, {})


def _extended(base: Map, entries: dict[str, Value]) -> Map:
    return Map({**base.entries, **entries}, base.at, base.keys)


def _set(expansion: Expansion, resource: Resource, key: str, value: Value) -> None:
    properties = _extended(resource.properties, {key: value})
    expansion.resources[resource.id] = replace(resource, properties=properties)


def cognito(expansion: Expansion, event: Event, target: Target, role: RoleDraft) -> None:
    """Let the user pool invoke the function at the named triggers."""
    del role
    pool = event.get("UserPool")
    source = Reference(pool.resource, "Arn", pool.at) if isinstance(pool, Reference) else pool
    start = target.name.resource.removeprefix(expansion.prefix)
    logical_id = f"{start}CognitoPermission"
    principal = "cognito-idp.amazonaws.com"
    permit(expansion, event, target, principal, logical_id, SourceArn=source)
    declared = _declared(expansion, event, "UserPool")
    if declared is None:
        return
    config = _map(entry(declared.properties, "LambdaConfig"), declared)
    triggers: dict[str, Value] = {}
    for trigger in items_of(event.get("Trigger")):
        name = text(trigger)
        if name is None:
            expansion.miss(trigger.at, "is a trigger whose name cannot be known")
        else:
            triggers[name] = replace(target.arn, at=event.at)
    _set(expansion, declared, "LambdaConfig", _extended(config, triggers))


def iot_rule(expansion: Expansion, event: Event, target: Target, role: RoleDraft) -> None:
    """Add the rule over device messages that invokes the function."""
    del role
    at = event.at
    rule = expansion.refer(event.logical_id, at)
    arn = "arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:rule/${Rule}"
    permit(
        expansion,
        event,
        target,
        "iot.amazonaws.com",
        SourceArn=substitute(arn, at, {"Rule": rule}),
        SourceAccount=Parameter("AWS::AccountId", None, at),
    )
    payload = {
        "Sql": event.get("Sql"),
        "RuleDisabled": False,
        "Actions": [{"Lambda": {"FunctionArn": target.arn}}],
        "AwsIotSqlVersion": event.get("AwsIotSqlVersion"),
    }
    made = {"TopicRulePayload": payload}
    expansion.add(event.owner, event.logical_id, "AWS::IoT::TopicRule", made, at)


def logs(expansion: Expansion, event: Event, target: Target, role: RoleDraft) -> None:
    """Subscribe the function to a log group."""
    del role
    group = event.get("LogGroupName")
    arn = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Group}:*"
    source = substitute(arn, event.at, {"Group": group} if group is not None else None)
    permit(expansion, event, target, "logs.amazonaws.com", SourceArn=source)
    made = {
        **only(event.properties, "LogGroupName", "FilterPattern"),
        "DestinationArn": target.arn,
    }
    expansion.add(event.owner, event.logical_id, "AWS::Logs::SubscriptionFilter", made, event.at)


def alexa(expansion: Expansion, event: Event, target: Target, role: RoleDraft) -> None:
    """Let an Alexa skill invoke the function; any skill, if none is named."""
    del role
    skill = event.get("SkillId")
    permit(expansion, event, target, "alexa-appkit.amazon.com", EventSourceToken=skill)


def sns(expansion: Expansion, event: Event, target: Target, role: RoleDraft) -> None:
    """Subscribe the function to a topic, directly or by way of a queue."""
    topic = event.get("Topic")
    if topic is None:
        expansion.miss(event.at, "is an event without its Topic")
        return
    queue = event.get("SqsSubscription")
    if is_empty(queue) or text(queue) == "false":
        permit(expansion, event, target, "sns.amazonaws.com", SourceArn=topic)
        _subscribe(expansion, event, "lambda", target.arn)
    elif isinstance(queue, Map):
        _through(expansion, event, target, role, queue)
    else:
        _through_new_queue(expansion, event, target, role, topic)


def _subscribe(expansion: Expansion, event: Event, protocol: str, endpoint: Value) -> None:
    properties = {
        "Protocol": protocol,
        "Endpoint": endpoint,
        "TopicArn": event.get("Topic"),
        **only(event.properties, "Region", "FilterPolicy", "FilterPolicyScope", "RedrivePolicy"),
    }
    kind = "AWS::SNS::Subscription"
    expansion.add(event.owner, event.logical_id, kind, properties, event.at)


def _through(
    expansion: Expansion, event: Event, target: Target, role: RoleDraft, queue: Map
) -> None:
    """Use the author's queue."""
    arn, url = entry(queue, "QueueArn"), entry(queue, "QueueUrl")
    if arn is None or url is None:
        expansion.miss(queue.at, "names no queue by ARN and URL")
        return
    _poll(expansion, event, target, role, {"EventSourceArn": arn, **only(queue, "BatchSize")})
    policy = text(entry(queue, "QueuePolicyLogicalId"))
    _admit_topic(expansion, event, arn, url, policy or f"{event.logical_id}QueuePolicy")
    _subscribe(expansion, event, "sqs", arn)


def _poll(
    expansion: Expansion, event: Event, target: Target, role: RoleDraft, settings: dict[str, Value]
) -> None:
    """Have the function take from a queue what the topic put there."""
    from stockade.load.sam.events import poll  # noqa: PLC0415 - few topics send through a queue

    poll.add_queue_mapping(expansion, event, target, settings)
    role.attach(poll.QUEUE_POLICY, event.at)


def _through_new_queue(
    expansion: Expansion, event: Event, target: Target, role: RoleDraft, topic: Value
) -> None:
    logical_id = f"{event.logical_id}Queue"
    url = expansion.refer(logical_id, event.at)
    arn = expansion.refer(logical_id, event.at, "Arn")
    declared = expansion.find(topic)
    fifo = entry(declared.properties, "FifoTopic") if declared else None
    settings = {"FifoQueue": fifo if is_true(fifo) else None}
    expansion.add(event.owner, logical_id, "AWS::SQS::Queue", settings, event.at)
    _poll(expansion, event, target, role, {"EventSourceArn": arn})
    _admit_topic(expansion, event, arn, url, f"{event.logical_id}QueuePolicy")
    _subscribe(expansion, event, "sqs", arn)


def _admit_topic(
    expansion: Expansion, event: Event, arn: Value, url: Value, logical_id: str
) -> None:
    """Let the topic, and nobody else, send to the queue."""
    statement: Plain = {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Principal": "*",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": event.get("Topic")}},
    }
    document: Plain = {"Version": "2012-10-17", "Statement": [statement]}
    made: dict[str, Plain] = {"PolicyDocument": document, "Queues": [url]}
    expansion.add(event.owner, logical_id, "AWS::SQS::QueuePolicy", made, event.at)
