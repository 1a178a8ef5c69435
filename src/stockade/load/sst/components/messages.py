"""What carries events: queues, topics, buses, streams, schedules, devices, mail.

Follows "Queue", "SnsTopic", "Bus", "KinesisStream", "Cron", "CronV2", "Realtime" and "Email" of
the SST reference.
"""

from typing import Final

from stockade.load.building import Plain, substitute
from stockade.load.sst.components.functions import Called, allow, called, nodes_of
from stockade.load.sst.components.making import (
    Maker,
    Written,
    document,
    encoded,
    field,
    is_true,
    method,
    object_of,
    seconds,
    statement,
    text_of,
)
from stockade.load.sst.components.storage import (
    from_stream,
    let_send,
    mapping_of,
    subscriber,
)
from stockade.load.sst.things import Object, Thing, entries_of, settled
from stockade.model import Location, Scalar, Unknown, Value

_RECEIVE: Final = (
    *("sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
    *("sqs:GetQueueUrl", "sqs:ReceiveMessage"),
)
READ_STREAM: Final = (
    *("kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords"),
    *("kinesis:GetShardIterator", "kinesis:ListShards", "kinesis:ListStreams"),
    "kinesis:SubscribeToShard",
)


def queue(maker: Maker) -> None:
    """Make a queue."""
    at, fifo = maker.at, maker.get("fifo")
    is_fifo = fifo is not None and not (isinstance(fifo, Scalar) and fifo.value is False)
    dlq = maker.get("dlq")
    retry: Written = field(dlq, "retry") or 3
    dead: Thing | None = field(dlq, "queue") or dlq
    redrive: Written = None
    if dead is not None:
        both: dict[str, Written] = {"deadLetterTargetArn": dead, "maxReceiveCount": retry}
        redrive = _json(maker, both)
    delay = maker.get("delay")
    made = maker.resource(
        "sqs.Queue",
        maker.name,
        {
            "fifoQueue": True if is_fifo else None,
            "contentBasedDeduplication": field(fifo, "contentBasedDeduplication"),
            "visibilityTimeoutSeconds": seconds(maker.get("visibilityTimeout"), "30 seconds", at),
            "delaySeconds": seconds(delay, "", at) if delay is not None else None,
            "redrivePolicy": redrive,
        },
        "queue",
    )
    maker.main(made, queue=made)
    arn, url = maker.attribute(made, "arn"), maker.attribute(made, "url")
    maker.component.members["arn"] = arn
    maker.link({"url": url}, (["sqs:*"], [arn]))

    def subscribe(given: list[Thing], where: Location) -> Thing:
        settings = given[1] if len(given) > 1 else None
        return receive(maker, arn, (given[0] if given else None, settings), where)

    method(maker.component, "subscribe", subscribe)


def _json(maker: Maker, written: dict[str, Written]) -> Value:
    return encoded(object_of(written, maker.at))


def receive(
    maker: Maker, arn: Value, given: tuple[Thing | None, Thing | None], at: Location
) -> Thing:
    """Let a function receive a queue's messages, as its settings say."""
    definition, settings = given
    id_ = f'{maker.name}["subscriber"]'
    what = called(maker, id_, definition, permissions=[statement(_RECEIVE, [arn], at)])
    batch = field(settings, "batch")
    window = field(batch, "window")
    partial = is_true(field(batch, "partialResponses"))
    written: dict[str, Written] = {
        "eventSourceArn": arn,
        "batchSize": field(batch, "size") or 10,
        "maximumBatchingWindowInSeconds": seconds(window, "", at) if window is not None else None,
        "functionResponseTypes": ["ReportBatchItemFailures"] if partial else None,
    }
    arguments = mapping_of(maker, settings, what.arn, written, starts=False)
    class_ = "lambda.EventSourceMapping"
    mapping = maker.stack.resource(class_, f"{id_}Mapping", arguments, at, maker.component.kind)
    return Object({"nodes": Object(nodes_of(what, eventSourceMapping=mapping), at)}, at)


def topic(maker: Maker) -> None:
    """Make a topic."""
    fifo = is_true(maker.get("fifo"))
    made = maker.resource("sns.Topic", maker.name, {"fifoTopic": fifo or None}, "topic")
    maker.main(made, topic=made)
    arn = maker.attribute(made, "arn")
    maker.component.members["name"] = maker.attribute(made, "name")
    maker.link({"arn": arn}, (["sns:*"], [arn]))

    def subscribe(given: list[Thing], at: Location) -> Thing:
        return subscribe_to_topic(maker, arn, given, at)

    def subscribe_queue(given: list[Thing], at: Location) -> Thing:
        name, target, settings = _queue_subscriber(given)
        id_ = f'{maker.name}["{name}"]'
        let_send(maker, "queue", id_, target, "sns.amazonaws.com", arn)
        endpoint = _arn(target, at)
        _subscription(maker, id_, arn, "sqs", endpoint, settings)
        return Object({}, at)

    method(maker.component, "subscribe", subscribe)
    method(maker.component, "subscribeQueue", subscribe_queue)


def subscribe_to_topic(maker: Maker, arn: Value, given: list[Thing], at: Location) -> Thing:
    """Let a function be called by what is published to a topic."""
    name, definition, settings = subscriber(given)
    id_ = f'{maker.name}["{name}"]'
    what = called(maker, id_, definition)
    allow(maker, id_, what, "sns.amazonaws.com", arn)
    _subscription(maker, id_, arn, "lambda", what.arn, settings)
    return Object({"nodes": Object(nodes_of(what), at)}, at)


def _queue_subscriber(given: list[Thing]) -> tuple[str, Thing | None, Thing | None]:
    is_named = text_of(given[0]) is not None and len(given) > 1 if given else False
    name = (text_of(given[0]) or "queue") if is_named else "queue"
    rest = given[1:] if is_named else given
    return name, rest[0] if rest else None, rest[1] if len(rest) > 1 else None


def _arn(target: Thing | None, at: Location) -> Value:
    members = getattr(target, "members", {})
    found = members.get("arn") or target
    return settled(found) if found is not None else Unknown("no target is named", at)


def _subscription(  # noqa: PLR0913, PLR0917 - what a subscription is made of
    maker: Maker, id_: str, arn: Value, protocol: str, endpoint: Value, settings: Thing | None
) -> None:
    filter_ = field(settings, "filter")
    maker.resource(
        "sns.TopicSubscription",
        f"{id_}Subscription",
        {
            "topic": arn,
            "protocol": protocol,
            "endpoint": endpoint,
            "filterPolicy": encoded(filter_) if filter_ is not None else None,
        },
    )


def bus(maker: Maker) -> None:
    """Make a bus of EventBridge."""
    named: dict[str, Written] = {"name": maker.stack.later(f"{maker.name}.name", maker.at)}
    made = maker.resource("cloudwatch.EventBus", maker.name, named, "bus")
    maker.main(made, bus=made)
    name, arn = maker.attribute(made, "name"), maker.attribute(made, "arn")
    maker.link({"name": name, "arn": arn}, (["events:*"], [arn]))

    def subscribe(given: list[Thing], at: Location) -> Thing:
        return subscribe_to_bus(maker, name, given, at)

    def subscribe_queue(given: list[Thing], at: Location) -> Thing:
        own, queue_, settings = _queue_subscriber(given)
        id_ = f'{maker.name}["{own}"]'
        named_rule, rule_arn = _rule(maker, name, id_, settings)
        let_send(maker, "queue", id_, queue_, "events.amazonaws.com", rule_arn)
        arn_ = _arn(queue_, at)
        target: dict[str, Written] = {"rule": named_rule, "arn": arn_, "eventBusName": name}
        maker.resource("cloudwatch.EventTarget", f"{id_}Target", target)
        return Object({}, at)

    method(maker.component, "subscribe", subscribe)
    method(maker.component, "subscribeQueue", subscribe_queue)


def _rule(maker: Maker, bus_: Value, id_: str, settings: Thing | None) -> tuple[Value, Value]:
    """Make the rule of a bus; return its name and its ARN. Without a pattern it takes all."""
    pattern = field(settings, "pattern")
    words = {"detailType": "detail-type"}
    entries = entries_of(pattern) if pattern is not None else None
    shown: dict[str, Written] = {words.get(key, key): one for key, one in (entries or {}).items()}
    if entries is None:
        shown = {"source": [{"prefix": ""}]}
    made = maker.resource(
        "cloudwatch.EventRule",
        f"{id_}Rule",
        {"eventBusName": bus_, "eventPattern": _json(maker, shown)},
    )
    return maker.attribute(made, "name"), maker.attribute(made, "arn")


def subscribe_to_bus(maker: Maker, bus_: Value, given: list[Thing], at: Location) -> Thing:
    """Let a function be called by what a rule of a bus lets pass."""
    own, definition, settings = subscriber(given)
    id_ = f'{maker.name}["{own}"]'
    what = called(maker, id_, definition)
    named_rule, rule_arn = _rule(maker, bus_, id_, settings)
    allow(maker, id_, what, "events.amazonaws.com", rule_arn)
    target: dict[str, Written] = {"rule": named_rule, "arn": what.arn, "eventBusName": bus_}
    maker.resource("cloudwatch.EventTarget", f"{id_}Target", target)
    return Object({"nodes": Object(nodes_of(what), at)}, at)


def kinesis(maker: Maker) -> None:
    """Make a stream of Kinesis."""
    mode: dict[str, Written] = {"streamModeDetails": {"streamMode": "ON_DEMAND"}}
    made = maker.resource("kinesis.Stream", maker.name, mode, "stream")
    maker.main(made, stream=made)
    arn = maker.attribute(made, "arn")
    maker.component.members["arn"] = arn
    maker.link({"name": maker.attribute(made, "name")}, (["kinesis:*"], [arn]))

    def subscribe(given: list[Thing], at: Location) -> Thing:
        name, definition, settings = subscriber(given)
        return from_stream(maker, name, arn, definition, settings, READ_STREAM, at)

    method(maker.component, "subscribe", subscribe)


def _job(maker: Maker) -> Called | None:
    """Return the function of a schedule; None where it starts a container."""
    definition = maker.get("function") or maker.get("job")
    if definition is None:
        maker.stack.miss(maker.at, "tasks of containers that schedules start are not looked at")
        return None
    return called(maker, f"{maker.name}Handler", definition)


def cron(maker: Maker) -> None:
    """Make a rule of EventBridge that calls a function on a schedule."""
    what = _job(maker)
    enabled = maker.get("enabled")
    is_off = isinstance(enabled, Scalar) and enabled.value is False
    rule = maker.resource(
        "cloudwatch.EventRule",
        f"{maker.name}Rule",
        {
            "scheduleExpression": maker.value("schedule"),
            "state": "DISABLED" if is_off else None,
        },
        "rule",
    )
    if what is None:
        return
    allow(maker, maker.name, what, "events.amazonaws.com", maker.attribute(rule, "arn"))
    event = maker.get("event")
    maker.resource(
        "cloudwatch.EventTarget",
        f"{maker.name}Target",
        {
            "arn": what.arn,
            "rule": maker.attribute(rule, "name"),
            "input": encoded(event) if event is not None else None,
        },
        "target",
    )
    maker.main(rule, **nodes_of(what, rule=rule), job=what.component or Scalar(None, maker.at))
    maker.link({})


def cron_v2(maker: Maker) -> None:
    """Make a schedule of EventBridge Scheduler, with a role that may call its function."""
    what = _job(maker)
    if what is None:
        return
    trusted: dict[str, Plain] = {
        "Effect": "Allow",
        "Principal": {"Service": "scheduler.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    calls: dict[str, Plain] = {
        "Effect": "Allow",
        "Action": "lambda:InvokeFunction",
        "Resource": what.arn,
    }
    role = maker.resource(
        "iam.Role",
        f"{maker.name}Role",
        {
            "assumeRolePolicy": document([trusted], maker.at),
            "inlinePolicies": [{"name": "inline", "policy": document([calls], maker.at)}],
        },
        "role",
    )
    dlq, event = maker.value("dlq"), maker.get("event")
    target: dict[str, Written] = {
        "arn": what.arn,
        "roleArn": maker.attribute(role, "arn"),
        "input": encoded(event) if event is not None else None,
        "deadLetterConfig": {"arn": dlq} if dlq is not None else None,
        "retryPolicy": {"maximumRetryAttempts": maker.value("retries") or 0},
    }
    enabled = maker.get("enabled")
    is_off = isinstance(enabled, Scalar) and enabled.value is False
    made = maker.resource(
        "scheduler.Schedule",
        maker.name,
        {
            "scheduleExpression": maker.value("schedule"),
            "scheduleExpressionTimezone": maker.value("timezone"),
            "state": "DISABLED" if is_off else "ENABLED",
            "flexibleTimeWindow": {"mode": "OFF"},
            "target": target,
        },
        "schedule",
    )
    maker.main(made, **nodes_of(what, schedule=made), role=role)
    maker.link({})


def realtime(maker: Maker) -> None:
    """Make a broker of IoT whose clients a function lets in, and rules that call functions."""
    everything = statement(["iot:*"], [Scalar("*", maker.at)], maker.at)
    what = called(
        maker, f"{maker.name}Authorizer", maker.get("authorizer"), permissions=[everything]
    )
    authorizer = maker.stack.later(f"{maker.name}.authorizer", maker.at)
    allow(maker, maker.name, what, "iot.amazonaws.com", authorizer)
    endpoint = maker.stack.later(f"{maker.name}.endpoint", maker.at)
    maker.component.members["nodes"] = Object(nodes_of(what), maker.at)
    maker.link({"endpoint": endpoint, "authorizer": authorizer})

    def subscribe(given: list[Thing], at: Location) -> Thing:
        settings = given[1] if len(given) > 1 else None
        filter_ = field(settings, "filter")
        id_ = f'{maker.name}["subscriber"]'
        own = called(maker, id_, given[0] if given else None)
        topics = settled(filter_) if filter_ is not None else Unknown("no filter is written", at)
        rule = maker.resource(
            "iot.TopicRule",
            f"{id_}Rule",
            {
                "enabled": True,
                "sqlVersion": "2016-03-23",
                "sql": maker.text("SELECT * FROM '", topics, "'"),
                "lambdas": [{"functionArn": own.arn}],
            },
        )
        allow(maker, id_, own, "iot.amazonaws.com", maker.attribute(rule, "arn"))
        return Object({"nodes": Object(nodes_of(own, rule=rule), at)}, at)

    method(maker.component, "subscribe", subscribe)


def email(maker: Maker) -> None:
    """Make an identity of SES to send as."""
    sender = maker.value("sender") or Unknown("no sender is written", maker.at)
    start = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:"
    identity = maker.text(substitute(f"{start}identity/", maker.at), sender)
    named = maker.stack.later(f"{maker.name}.configSet", maker.at)
    configuration = maker.text(substitute(f"{start}configuration-set/", maker.at), named)
    maker.link({"sender": sender, "configSet": named}, (["ses:*"], [identity, configuration]))
