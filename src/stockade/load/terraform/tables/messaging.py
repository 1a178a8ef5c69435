"""What carries events: queues, topics, streams, buses, schedules, mail, devices."""

from collections.abc import Mapping
from typing import Final

from stockade.load.terraform.kinds import (
    Kind,
    Made,
    Shape,
    Template,
    nested,
    owned_by,
    pairs,
    text,
    words,
)
from stockade.load.terraform.resources import ResourceInstance
from stockade.load.terraform.tables.storage import one
from stockade.load.terraform.values import is_null
from stockade.model import List, Map, Scalar, Value, constant, items


def _queue(_made: Made, instance: ResourceInstance, into: Template) -> None:
    policy = instance.argument("policy")
    if policy is not None and not is_null(policy):
        into.add_policy(instance, "AWS::SQS::QueuePolicy", "Queues", policy)


def _topic(_made: Made, instance: ResourceInstance, into: Template) -> None:
    policy = instance.argument("policy")
    if policy is not None and not is_null(policy):
        into.add_policy(instance, "AWS::SNS::TopicPolicy", "Topics", policy)


def _listed(name: str, new: str) -> Shape:
    """Make a shape that puts one property's value into a list."""

    def shape(made: Made, _instance: ResourceInstance, _into: Template) -> None:
        value = made.take(name)
        if value is not None:
            made.put(new, List((value,), value.at))

    return shape


def _target(made: Made, instance: ResourceInstance, _into: Template) -> None:
    """Make a target of its own an entry of its rule's `Targets`."""
    rule, bus = made.take("Rule"), made.take("EventBusName")
    made.rename("TargetId", "Id")
    transformer = made.entries.get("InputTransformer")
    if isinstance(transformer, Map) and "InputPaths" in transformer:
        entries = {
            "InputPathsMap" if name == "InputPaths" else name: value for name, value in transformer
        }
        made.put("InputTransformer", Map(entries, transformer.at, dict(transformer.keys)))
    target = Map(dict(made.entries), made.at, dict(made.keys))
    made.entries, made.keys = {}, {}
    if rule is not None:
        made.put("Rule", rule)
    made.put("Targets", List((target,), made.at))
    del bus, instance


def _rule(made: Made, instance: ResourceInstance, _into: Template) -> None:
    enabled = instance.argument("is_enabled")
    made.take("IsEnabled")
    if enabled is not None and constant(enabled) == "false":
        made.put("State", text("DISABLED", enabled.at))


def _bus_policy(made: Made, _instance: ResourceInstance, into: Template) -> None:
    """Write each statement of a bus's policy as a resource of its own."""
    policy = made.take("PolicyDocument")
    statements = list(items(policy.get("Statement"))) if isinstance(policy, Map) else []
    bus = made.entries.get("EventBusName")
    for number, statement in enumerate(statements):
        if number == 0:
            made.put("Statement", statement)
            continue
        entries: dict[str, Value] = {"Statement": statement}
        if bus is not None:
            entries["EventBusName"] = bus
        properties = Map(entries, made.at, dict.fromkeys(entries, statement.at))
        into.add(Made(f"{made.id}#{number}", made.type, properties, made.at), _instance.type)


def _bus_permission(made: Made, _instance: ResourceInstance, _into: Template) -> None:
    if "Action" not in made.entries:
        made.put("Action", text("events:PutEvents", made.at))


def _identity_policy(made: Made, _instance: ResourceInstance, _into: Template) -> None:
    """Put a policy among those of the address or domain that others may send as."""
    policy = made.take("Policy")
    made.take("Name")
    made.take("PolicyName")
    if policy is not None:
        made.put("Policies", List((policy,), policy.at))


def _mail_rule(made: Made, instance: ResourceInstance, _into: Template) -> None:
    """Put a rule's actions into their order, and the rule into `Rule`."""
    actions: list[tuple[float, Value]] = []
    for name, key in (
        ("s3_action", "S3Action"),
        ("lambda_action", "LambdaAction"),
        ("sns_action", "SNSAction"),
        ("bounce_action", "BounceAction"),
        ("stop_action", "StopAction"),
        ("add_header_action", "AddHeaderAction"),
    ):
        found = made.take(key if key != "SNSAction" else "SnsAction")
        for action in items(found):
            position = action.get("Position") if isinstance(action, Map) else None
            number = constant(position)
            place = float(number) if isinstance(number, str) and number.isdigit() else 0.0
            actions.append((place, nested(action, key)))
        del name
    ordered = [action for _, action in sorted(actions, key=lambda pair: pair[0])]
    rule_set = made.take("RuleSetName")
    rule = dict(made.entries)
    rule["Actions"] = List(tuple(ordered), made.at)
    keys = dict(made.keys)
    made.entries, made.keys = {}, {}
    if rule_set is not None:
        made.put("RuleSetName", rule_set)
    made.put("Rule", Map(rule, made.at, keys), made.at)
    del instance


_DEVICE_ACTIONS: Final = {
    "Lambda": "Lambda",
    "Sqs": "Sqs",
    "Sns": "Sns",
    "Kinesis": "Kinesis",
    "Firehose": "Firehose",
    "S3": "S3",
    "StepFunctions": "StepFunctions",
    "Dynamodb": "DynamoDB",
    "Dynamodbv2": "DynamoDBv2",
    "Republish": "Republish",
    "IotAnalytics": "IotAnalytics",
    "IotEvents": "IotEvents",
    "Http": "Http",
    "CloudwatchLogs": "CloudwatchLogs",
}


def _device_rule(made: Made, _instance: ResourceInstance, _into: Template) -> None:
    actions: list[Value] = []
    for name, key in _DEVICE_ACTIONS.items():
        actions.extend(nested(action, key) for action in items(made.take(name)))
    error = made.entries.get("ErrorAction")
    rule_name = made.take("Name")
    payload = dict(made.entries)
    payload["Actions"] = List(tuple(actions), made.at)
    if isinstance(error, Map):
        entries = {_DEVICE_ACTIONS.get(key, key): one(value) or value for key, value in error}
        payload["ErrorAction"] = Map(entries, error.at, dict.fromkeys(entries, error.at))
    keys = dict(made.keys)
    made.entries, made.keys = {}, {}
    if rule_name is not None:
        made.put("RuleName", rule_name)
    made.put("TopicRulePayload", Map(payload, made.at, keys), made.at)


def _stream(made: Made, instance: ResourceInstance, _into: Template) -> None:
    kind, key = made.take("EncryptionType"), made.take("KmsKeyId")
    if kind is not None and constant(kind) == "KMS":
        entries: dict[str, Value] = {"EncryptionType": kind}
        if key is not None:
            entries["KeyId"] = key
        made.put("StreamEncryption", Map(entries, kind.at, dict.fromkeys(entries, kind.at)))
    made.rename("RetentionPeriod", "RetentionPeriodHours")
    del instance


_DELIVERY: Final = {
    f"{block}.{name}": new
    for block in (
        "extended_s3_configuration",
        "s3_configuration",
        "kinesis_source_configuration",
        "http_endpoint_configuration",
    )
    for name, new in pairs(
        "role_arn=RoleARN bucket_arn=BucketARN kinesis_stream_arn=KinesisStreamARN"
    ).items()
}


def _scheduled(made: Made, _instance: ResourceInstance, _into: Template) -> None:
    if "State" in made.entries and constant(made.entries["State"]) is None:
        made.put("State", Scalar("ENABLED", made.at))


def _mailing(argument: str) -> Kind:
    """Return what an address or domain is that mail is sent as, whatever names it."""
    return Kind(
        type="AWS::SES::EmailIdentity",
        names={argument: "EmailIdentity"},
        references={argument: "", "id": "", "arn": ".Arn", "email_identity": ""},
    )


_MAIL_POLICY: Final = Kind(
    type="",
    names=pairs("email_identity=Identity"),
    json=words("policy"),
    owner=owned_by("Identity", "AWS::SES::EmailIdentity"),
    shape=_identity_policy,
)

MESSAGING: Final[Mapping[str, Kind]] = {
    "aws_sqs_queue": Kind(
        type="AWS::SQS::Queue",
        names=pairs(
            "name=QueueName visibility_timeout_seconds=VisibilityTimeout "
            "message_retention_seconds=MessageRetentionPeriod "
            "receive_wait_time_seconds=ReceiveMessageWaitTimeSeconds "
            "max_message_size=MaximumMessageSize "
            "kms_data_key_reuse_period_seconds=KmsDataKeyReusePeriodSeconds"
        ),
        json=words("redrive_policy redrive_allow_policy"),
        dropped=words("policy name_prefix"),
        references={"id": "", "url": "", "name": ".QueueName"},
        shape=_queue,
    ),
    "aws_sqs_queue_policy": Kind(
        type="AWS::SQS::QueuePolicy",
        names=pairs("policy=PolicyDocument"),
        json=words("policy"),
        shape=_listed("QueueUrl", "Queues"),
    ),
    "aws_sqs_queue_redrive_policy": Kind(
        type="", json=words("redrive_policy"), owner=owned_by("QueueUrl", "AWS::SQS::Queue")
    ),
    "aws_sns_topic": Kind(
        type="AWS::SNS::Topic",
        names=pairs("name=TopicName"),
        dropped=words("policy name_prefix delivery_policy"),
        references={"arn": "", "id": "", "name": ".TopicName"},
        shape=_topic,
    ),
    "aws_sns_topic_policy": Kind(
        type="AWS::SNS::TopicPolicy",
        names=pairs("policy=PolicyDocument"),
        json=words("policy"),
        shape=_listed("Arn", "Topics"),
    ),
    "aws_sns_topic_subscription": Kind(
        type="AWS::SNS::Subscription",
        json=words("filter_policy redrive_policy delivery_policy"),
        dropped=words("endpoint_auto_confirms confirmation_timeout_in_minutes"),
        references={"arn": ""},
    ),
    "aws_kinesis_stream": Kind(
        type="AWS::Kinesis::Stream",
        single=words("stream_mode_details"),
        dropped=words("enforce_consumer_deletion shard_level_metrics"),
        references={"name": "", "id": ".Arn"},
        shape=_stream,
    ),
    "aws_kinesis_resource_policy": Kind(
        type="AWS::Kinesis::ResourcePolicy",
        names=pairs("policy=ResourcePolicy"),
        json=words("policy"),
    ),
    "aws_kinesis_stream_consumer": Kind(
        type="AWS::Kinesis::StreamConsumer",
        names=pairs("name=ConsumerName stream_arn=StreamARN"),
        references={"arn": ".ConsumerARN"},
    ),
    "aws_kinesis_firehose_delivery_stream": Kind(
        type="AWS::KinesisFirehose::DeliveryStream",
        names={
            **pairs(
                "name=DeliveryStreamName "
                "extended_s3_configuration=ExtendedS3DestinationConfiguration "
                "s3_configuration=S3DestinationConfiguration "
                "http_endpoint_configuration=HttpEndpointDestinationConfiguration "
                "kinesis_source_configuration=KinesisStreamSourceConfiguration"
            ),
            **_DELIVERY,
        },
        single=words(
            "extended_s3_configuration s3_configuration kinesis_source_configuration "
            "http_endpoint_configuration extended_s3_configuration.processing_configuration "
            "server_side_encryption"
        ),
        dropped=words("destination"),
        references={"name": ""},
    ),
    "aws_cloudwatch_event_bus": Kind(
        type="AWS::Events::EventBus", references={"name": "", "id": ""}
    ),
    "aws_cloudwatch_event_bus_policy": Kind(
        type="AWS::Events::EventBusPolicy",
        names=pairs("policy=PolicyDocument"),
        json=words("policy"),
        shape=_bus_policy,
    ),
    "aws_cloudwatch_event_permission": Kind(
        type="AWS::Events::EventBusPolicy", single=words("condition"), shape=_bus_permission
    ),
    "aws_cloudwatch_event_rule": Kind(
        type="AWS::Events::Rule",
        json=words("event_pattern"),
        dropped=words("name_prefix force_destroy"),
        references={"name": "", "id": ""},
        shape=_rule,
    ),
    "aws_cloudwatch_event_target": Kind(
        type="",
        single=words(
            "input_transformer dead_letter_config retry_policy sqs_target kinesis_target "
            "http_target ecs_target"
        ),
        dropped=words("force_destroy"),
        owner=owned_by("Rule", "AWS::Events::Rule"),
        shape=_target,
    ),
    "aws_cloudwatch_event_connection": Kind(
        type="AWS::Events::Connection",
        names=pairs(
            "auth_parameters.api_key=ApiKeyAuthParameters auth_parameters.api_key.key=ApiKeyName "
            "auth_parameters.api_key.value=ApiKeyValue auth_parameters.basic=BasicAuthParameters "
            "auth_parameters.oauth=OAuthParameters"
        ),
        single=words(
            "auth_parameters auth_parameters.api_key auth_parameters.basic auth_parameters.oauth "
            "auth_parameters.oauth.client_parameters"
        ),
        references={"name": ""},
    ),
    "aws_cloudwatch_event_api_destination": Kind(type="AWS::Events::ApiDestination"),
    "aws_scheduler_schedule": Kind(
        type="AWS::Scheduler::Schedule",
        single=words(
            "target flexible_time_window target.retry_policy target.dead_letter_config "
            "target.sqs_parameters target.eventbridge_parameters target.kinesis_parameters"
        ),
        dropped=words("name_prefix"),
        references={"name": ""},
        shape=_scheduled,
    ),
    "aws_scheduler_schedule_group": Kind(
        type="AWS::Scheduler::ScheduleGroup", references={"name": ""}
    ),
    "aws_pipes_pipe": Kind(
        type="AWS::Pipes::Pipe",
        single=words(
            "source_parameters target_parameters source_parameters.filter_criteria "
            "source_parameters.sqs_queue_parameters source_parameters.kinesis_stream_parameters "
            "source_parameters.dynamodb_stream_parameters"
        ),
        names=pairs("source_parameters.filter_criteria.filter=Filters"),
        dropped=words("name_prefix"),
        references={"name": ""},
    ),
    "aws_ses_domain_identity": _mailing("domain"),
    "aws_ses_email_identity": _mailing("email"),
    "aws_sesv2_email_identity": _mailing("email_identity"),
    "aws_ses_identity_policy": _MAIL_POLICY,
    "aws_sesv2_email_identity_policy": _MAIL_POLICY,
    "aws_ses_receipt_rule_set": Kind(
        type="AWS::SES::ReceiptRuleSet", references={"rule_set_name": "", "id": ""}
    ),
    "aws_ses_receipt_rule": Kind(
        type="AWS::SES::ReceiptRule",
        dropped=words("after"),
        references={"name": ""},
        shape=_mail_rule,
    ),
    "aws_iot_topic_rule": Kind(
        type="AWS::IoT::TopicRule",
        names=pairs("sql_version=AwsIotSqlVersion enabled=Enabled"),
        single=words("error_action dynamodbv2.put_item"),
        references={"name": ""},
        shape=_device_rule,
    ),
    "aws_mq_broker": Kind(
        type="AWS::AmazonMQ::Broker", names=pairs("user=Users"), references={"id": ""}
    ),
    "aws_msk_cluster": Kind(type="AWS::MSK::Cluster", references={"arn": ""}),
    "aws_msk_serverless_cluster": Kind(type="AWS::MSK::ServerlessCluster", references={"arn": ""}),
}
