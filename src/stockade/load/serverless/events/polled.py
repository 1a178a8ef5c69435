"""Events that Lambda fetches itself: queues, streams and brokers.

Serverless: "SQS", "Streams" (DynamoDB and Kinesis), "ActiveMQ", "RabbitMQ", "Kafka", "MSK".
"""

from stockade.load.building import Plain, entry, items_of, write
from stockade.load.serverless.naming import alphanumeric, normalized, upper_first
from stockade.load.serverless.permissions import allow
from stockade.load.serverless.service import Event, FunctionDraft, Service, get_att, ref
from stockade.load.serverless.texts import as_json
from stockade.model import List, Map, Scalar, Value

_SQS = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
_DYNAMODB = [
    *("dynamodb:GetRecords", "dynamodb:GetShardIterator"),
    *("dynamodb:DescribeStream", "dynamodb:ListStreams"),
]
_KINESIS = [
    *("kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream"),
    "kinesis:ListStreams",
]
_KINESIS_CONSUMED = [
    *("kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStreamSummary"),
    "kinesis:ListShards",
]
_NETWORK = [
    *("ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcs"),
    *("ec2:DeleteNetworkInterface", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups"),
]
_MSK = ["kafka:DescribeCluster", "kafka:GetBootstrapBrokers"]
_ACCESS = {
    "vpcSubnet": ("VPC_SUBNET", "subnet:"),
    "vpcSecurityGroup": ("VPC_SECURITY_GROUP", "security_group:"),
    "saslPlainAuth": ("BASIC_AUTH", ""),
    "saslScram256Auth": ("SASL_SCRAM_256_AUTH", ""),
    "saslScram512Auth": ("SASL_SCRAM_512_AUTH", ""),
    "clientCertificateTlsAuth": ("CLIENT_CERTIFICATE_TLS_AUTH", ""),
    "serverRootCaCertificate": ("SERVER_ROOT_CA_CERTIFICATE", ""),
}
_COMMON = {
    "batchSize": "BatchSize",
    "batchWindow": "MaximumBatchingWindowInSeconds",
    "maximumBatchingWindow": "MaximumBatchingWindowInSeconds",
    "enabled": "Enabled",
    "startingPosition": "StartingPosition",
    "startingPositionTimestamp": "StartingPositionTimestamp",
    "maximumRetryAttempts": "MaximumRetryAttempts",
    "maximumRecordAgeInSeconds": "MaximumRecordAgeInSeconds",
    "bisectBatchOnFunctionError": "BisectBatchOnFunctionError",
    "parallelizationFactor": "ParallelizationFactor",
    "tumblingWindowInSeconds": "TumblingWindowInSeconds",
}


def sqs(service: Service, function: FunctionDraft, event: Event) -> None:
    """Add the mapping of a queue; the role may receive from it."""
    arn = entry(event.value, "arn") or event.value
    concurrency = event.get("maximumConcurrency")
    settings: dict[str, Plain] = {"EventSourceArn": arn, "BatchSize": 10}
    if concurrency is not None:
        settings["ScalingConfig"] = {"MaximumConcurrency": concurrency}
    _add(service, function, event, f"SQS{alphanumeric(_name(service, arn))}", settings)
    function.needs.append(allow(_SQS, arn, event.at))


def stream(service: Service, function: FunctionDraft, event: Event) -> None:
    """Add the mapping of a stream, of DynamoDB or Kinesis; the role may read it."""
    arn = entry(event.value, "arn") or event.value
    kind = _kind(service, event, arn)
    name = _name(service, arn)
    settings: dict[str, Plain] = {
        "EventSourceArn": arn,
        "BatchSize": 10,
        "StartingPosition": "TRIM_HORIZON",
        "Enabled": True,
    }
    consumer = event.get("consumer")
    if kind == "dynamodb":
        function.needs.append(allow(_DYNAMODB, arn, event.at))
    elif consumer is None:
        function.needs.append(allow(_KINESIS, arn, event.at))
    else:
        function.needs.append(allow(_KINESIS_CONSUMED, arn, event.at))
        settings["EventSourceArn"] = _consumer(service, function, event, name, consumer)
    destination = entry(event.get("destinations"), "onFailure")
    if destination is not None:
        target = entry(destination, "arn") or destination
        settings["DestinationConfig"] = {"OnFailure": {"Destination": target}}
        sender = service.text(entry(destination, "type")) or _service_of(service, target)
        action = "sns:Publish" if sender == "sns" else "sqs:SendMessage"
        more = ["sqs:ListQueues", action] if sender != "sns" else [action]
        function.needs.append(allow(more, target, destination.at))
    _add(service, function, event, f"{upper_first(kind)}{alphanumeric(name)}", settings)


def _kind(service: Service, event: Event, arn: Value) -> str:
    written = service.text(event.get("type")) or _service_of(service, arn)
    if written in {"dynamodb", "kinesis"}:
        return written
    if isinstance(arn, Map) and "StreamArn" in str(_attribute(service, arn)):
        return "dynamodb"
    return "kinesis"


def _attribute(service: Service, arn: Map) -> str:
    named = arn.get("Fn::GetAtt")
    last = named.items[-1] if isinstance(named, List) and named.items else named
    return service.text(last) or ""


def _consumer(
    service: Service, function: FunctionDraft, event: Event, name: str, consumer: Value
) -> "Plain":
    """Return the consumer that reads a Kinesis stream: one of its own, or one that is named."""
    actions = ["kinesis:SubscribeToShard"]
    if service.text(consumer) != "true":
        function.needs.append(allow(actions, consumer, event.at))
        return consumer
    own = f"{function.key}{name}Consumer"
    logical_id = f"{normalized(own)}StreamConsumer"
    arn = entry(event.value, "arn") or event.value
    service.add(
        logical_id,
        "AWS::Kinesis::StreamConsumer",
        {"StreamARN": arn, "ConsumerName": own},
        event.at,
        f"functions.{function.key} stream",
    )
    function.needs.append(allow(actions, ref(logical_id), event.at))
    return ref(logical_id)


def activemq(service: Service, function: FunctionDraft, event: Event) -> None:
    """Add the mapping of a queue of Apache ActiveMQ."""
    _broker(service, function, event, "ActiveMQ", [])


def rabbitmq(service: Service, function: FunctionDraft, event: Event) -> None:
    """Add the mapping of a queue of RabbitMQ."""
    host = event.get("virtualHost")
    access: list[Plain] = [] if host is None else [{"Type": "VIRTUAL_HOST", "URI": host}]
    _broker(service, function, event, "RabbitMQ", access)


def _broker(
    service: Service,
    function: FunctionDraft,
    event: Event,
    kind: str,
    access: "list[Plain]",
) -> None:
    queue, arn, secret = event.get("queue"), event.get("arn"), event.get("basicAuthArn")
    settings: dict[str, Plain] = {
        "EventSourceArn": arn,
        "Queues": [queue],
        "SourceAccessConfigurations": [{"Type": "BASIC_AUTH", "URI": secret}, *access],
    }
    name = alphanumeric(service.text(queue) or "")
    _add(service, function, event, f"{kind}{name}", settings)
    function.needs.append(allow(["secretsmanager:GetSecretValue"], secret, event.at))
    function.needs.append(allow(["mq:DescribeBroker"], arn, event.at))
    function.needs.append(allow(_NETWORK, "*", event.at))


def msk(service: Service, function: FunctionDraft, event: Event) -> None:
    """Add the mapping of a topic of Amazon MSK."""
    topic, arn, secret = event.get("topic"), event.get("arn"), event.get("saslScram512")
    access = {"Type": "SASL_SCRAM_512_AUTH", "URI": secret}
    group = event.get("consumerGroupId")
    settings: dict[str, Plain] = {
        "EventSourceArn": arn,
        "Topics": [topic],
        "StartingPosition": "TRIM_HORIZON",
        "SourceAccessConfigurations": [access] if secret is not None else None,
        "AmazonManagedKafkaEventSourceConfig": (
            None if group is None else {"ConsumerGroupId": group}
        ),
    }
    cluster = alphanumeric(_name(service, arn) if arn is not None else "")
    name = f"MSK{cluster}{alphanumeric(service.text(topic) or '')}"
    _add(service, function, event, name, settings)
    function.needs.append(allow(_MSK, arn, event.at))
    function.needs.append(allow(_NETWORK, "*", event.at))


def kafka(service: Service, function: FunctionDraft, event: Event) -> None:
    """Add the mapping of a topic of a Kafka cluster of one's own."""
    topic, group = event.get("topic"), event.get("consumerGroupId")
    access: list[Plain] = []
    secrets: list[Value] = []
    written = event.get("accessConfigurations")
    for key, values in written if isinstance(written, Map) else ():
        kind, prefix = _ACCESS.get(key, (key, ""))
        for value in items_of(values):
            access.append({"Type": kind, "URI": service.named(prefix, value, at=value.at)})
            if not prefix:
                secrets.append(value)
    servers = event.get("bootstrapServers")
    settings: dict[str, Plain] = {
        "SelfManagedEventSource": {"Endpoints": {"KafkaBootstrapServers": servers}},
        "Topics": [topic],
        "StartingPosition": "TRIM_HORIZON",
        "SourceAccessConfigurations": access,
        "SelfManagedKafkaEventSourceConfig": (
            None if group is None else {"ConsumerGroupId": group}
        ),
    }
    _add(service, function, event, f"Kafka{alphanumeric(service.text(topic) or '')}", settings)
    if secrets:
        listed = List(tuple(secrets), event.at)
        function.needs.append(allow(["secretsmanager:GetSecretValue"], listed, event.at))
    if len(secrets) < len(access):
        function.needs.append(allow(_NETWORK, "*", event.at))


def _add(
    service: Service,
    function: FunctionDraft,
    event: Event,
    name: str,
    settings: "dict[str, Plain]",
) -> None:
    """Add a mapping with the settings that all kinds have in common."""
    properties: dict[str, Plain] = {"FunctionName": get_att(function.logical_id), **settings}
    for key, own in _COMMON.items():
        value = event.get(key)
        if value is not None:
            properties[own] = value
    response = event.get("functionResponseType")
    if response is not None:
        properties["FunctionResponseTypes"] = [response]
    patterns = event.get("filterPatterns")
    if isinstance(patterns, List):
        filters = [{"Pattern": as_json(one)} for one in patterns.items]
        properties["FilterCriteria"] = write({"Filters": filters}, patterns.at)
    service.add(
        f"{normalized(function.key)}EventSourceMapping{name}",
        "AWS::Lambda::EventSourceMapping",
        properties,
        event.at,
        f"functions.{function.key} {event.type}",
    )


def _name(service: Service, arn: Value) -> str:
    """Return the name in an ARN, or that of the resource that it refers to."""
    match arn:
        case Map(entries={"Fn::GetAtt": List(items=(first, *_))}):
            return service.text(first) or ""
        case Map(entries={"Fn::GetAtt": Scalar(value=str(text))}):
            return text.partition(".")[0]
        case Map(entries={"Fn::ImportValue": value}) | Map(entries={"Ref": value}):
            return service.text(value) or "Imported"
        case Map(entries={"Fn::Join": List(items=(_, List(items=(*_, last))))}):
            return (service.text(last) or "").rpartition("/")[2]
        case _:
            text = service.text(arn) or ""
            parts = text.split("/")
            return parts[1] if len(parts) > 1 else text.rpartition(":")[2]


def _service_of(service: Service, arn: Value) -> str:
    parts = (service.text(arn) or "").split(":")
    return parts[2] if len(parts) > 3 else ""  # noqa: PLR2004 - the ARN's service
