"""What an API's integration passes requests to: a function, or a service without code between.

Follows "Integration" of AWS::ApiGateway::Method, "x-amazon-apigateway-integration object" in the
API Gateway Developer Guide, and "Integration subtype reference" for HTTP APIs.
"""

from collections.abc import Iterator

from stockade._late import pattern
from stockade.load.cloudformation.trigger import Declared
from stockade.model import DEFAULT_BUS, List, Map, ResourceId, Value, expression, walk

_TYPES_OF_SERVICE = {
    "sqs": ("AWS::SQS::Queue",),
    "sns": ("AWS::SNS::Topic",),
    "events": ("AWS::Events::EventBus",),
    "states": ("AWS::StepFunctions::StateMachine",),
    "dynamodb": ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"),
    "kinesis": ("AWS::Kinesis::Stream",),
    "firehose": ("AWS::KinesisFirehose::DeliveryStream",),
    "s3": ("AWS::S3::Bucket",),
}
_SERVICE_OF_SUBTYPE = {
    "EventBridge-PutEvents": "events",
    "SQS-SendMessage": "sqs",
    "Kinesis-PutRecord": "kinesis",
    "StepFunctions-StartExecution": "states",
    "StepFunctions-StartSyncExecution": "states",
}
_READS = pattern(
    r"\b(?:ReceiveMessage|DeleteMessage|PurgeQueue|GetQueue\w*|GetItem|Query|Scan|BatchGetItem|"
    r"GetRecords|GetShardIterator|DescribeExecution|StopExecution|Describe\w+|List\w+)\b"
)
_SERVICE = pattern(r"^arn:[^:]*:apigateway:[^:]*(?::[^:}]*\})?:(?:[^:]*\.)?([a-z0-9-]+):")


def integration_targets(
    declared: Declared, integration: Map, uri: Value | None
) -> tuple[ResourceId, ...]:
    """Return the functions or other resources that a REST API's integration sends to."""
    if (functions := declared.names.find_all(uri, "AWS::Lambda::Function")) or uri is None:
        return functions
    found = _SERVICE.match(_plain(uri))
    service = found.group(1) if found else ""
    method = integration.get("IntegrationHttpMethod") or integration.get("httpMethod")
    reads = service == "s3" and method is not None and expression(method) not in {"PUT", "POST"}
    return () if reads else _targets_of_service(declared, integration, service)


def subtype_targets(
    declared: Declared, integration: Map, subtype: Value | None
) -> tuple[ResourceId, ...]:
    """Return the resources that an HTTP API's first-class integration sends to."""
    service = _SERVICE_OF_SUBTYPE.get(expression(subtype) if subtype is not None else "", "")
    return _targets_of_service(declared, integration, service)


def _targets_of_service(
    declared: Declared, integration: Map, service: str
) -> tuple[ResourceId, ...]:
    types = _TYPES_OF_SERVICE.get(service)
    if types is None:
        return ()
    found: dict[ResourceId, None] = {}
    for part in _texts(integration):
        if _READS.search(_plain(part)):
            return ()
        for resource in declared.names.find_all(part, *types):
            found.setdefault(resource)
    if not found and service == "events":
        return (DEFAULT_BUS,)
    return tuple(found)


def _texts(integration: Map) -> Iterator[Value]:
    for part in walk(integration):
        if not isinstance(part, Map | List):
            yield part


def _plain(value: Value) -> str:
    """Write a value as text, with `${AWS::Region}` and the like as one word without colons."""
    return expression(value).replace("${AWS::", "${")
