"""Rules with lists of actions: mail that Amazon SES receives, messages of AWS IoT.

Follows AWS::SES::ReceiptRule and AWS::IoT::TopicRule in the CloudFormation template reference.
"""

from collections.abc import Iterator

from stockade.load.cloudformation.trigger import Declared, Trigger
from stockade.model import EventSourceType, Map, Resource, Value, inside

_MAIL = {
    "LambdaAction": "FunctionArn",
    "S3Action": "BucketName",
    "SNSAction": "TopicArn",
}
_IOT = {
    "Lambda": "FunctionArn",
    "Sqs": "QueueUrl",
    "Sns": "TargetArn",
    "Kinesis": "StreamName",
    "Firehose": "DeliveryStreamName",
    "S3": "BucketName",
    "StepFunctions": "StateMachineName",
    "DynamoDB": "TableName",
}


def mail_rules(declared: Declared) -> Iterator[Trigger]:
    """Yield each action of each receipt rule. Every action may notify a topic as well."""
    for rule in declared.of_type("AWS::SES::ReceiptRule"):
        for action in inside(rule.properties, "Rule", "Actions", "[]"):
            yield from _action(rule, action, _MAIL, EventSourceType.SES)
            for name, settings in action if isinstance(action, Map) else ():
                if name != "SNSAction":
                    for topic in inside(settings, "TopicArn"):
                        yield _trigger(rule, topic, EventSourceType.SES, None)


def device_rules(declared: Declared) -> Iterator[Trigger]:
    """Yield each action of each IoT rule, and its error action."""
    for rule in declared.of_type("AWS::IoT::TopicRule"):
        for payload in inside(rule.properties, "TopicRulePayload"):
            actions = [*inside(payload, "Actions", "[]"), *inside(payload, "ErrorAction")]
            for action in actions:
                yield from _action(rule, action, _IOT, EventSourceType.IOT)
                for table in inside(action, "DynamoDBv2", "PutItem", "TableName"):
                    yield _trigger(rule, table, EventSourceType.IOT, None)


def _action(
    rule: Resource, action: Value, names: dict[str, str], kind: EventSourceType
) -> Iterator[Trigger]:
    for name, target in names.items():
        for settings in inside(action, name):
            for value in inside(settings, target):
                detail = settings if isinstance(settings, Map) else None
                yield _trigger(rule, value, kind, detail)


def _trigger(rule: Resource, target: Value, kind: EventSourceType, detail: Map | None) -> Trigger:
    at = detail.at if detail is not None else target.at
    return Trigger(type=kind, at=at, target=target, resource=rule.id, detail=detail)
