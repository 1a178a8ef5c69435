"""Events that Lambda fetches itself: queues, streams and brokers, by event source mappings.

Follows the pages of the event types SQS, Kinesis, DynamoDB, MSK, SelfManagedKafka, MQ and
DocumentDB. The function's role may read the source, and a secret where one is named.
"""

from collections.abc import Mapping

from stockade.load.building import Plain, entry, items_of, only, substitute, text
from stockade.load.sam.destinations import imply_sending
from stockade.load.sam.events.target import Event, Target
from stockade.load.sam.expansion import Expansion
from stockade.load.sam.policies import allow
from stockade.load.sam.role import RoleDraft
from stockade.model import List, Map, Value, expression

_SOURCES = {
    "SQS": "Queue",
    "Kinesis": "Stream",
    "DynamoDB": "Stream",
    "MSK": "Stream",
    "MQ": "Broker",
    "DocumentDB": "Cluster",
    "SelfManagedKafka": None,
}

POLLED = tuple(_SOURCES)
"""The event types of this module."""

_MANAGED = {
    "SQS": "AWSLambdaSQSQueueExecutionRole",
    "Kinesis": "AWSLambdaKinesisExecutionRole",
    "DynamoDB": "AWSLambdaDynamoDBExecutionRole",
    "MSK": "AWSLambdaMSKExecutionRole",
}

QUEUE_POLICY = f"service-role/{_MANAGED['SQS']}"
"""The managed policy that lets a role read a queue."""

_COPIED = (
    *("StartingPosition", "StartingPositionTimestamp", "BatchSize", "Enabled"),
    *("MaximumBatchingWindowInSeconds", "MaximumRetryAttempts", "BisectBatchOnFunctionError"),
    *("MaximumRecordAgeInSeconds", "ParallelizationFactor", "Topics", "Queues"),
    *("SourceAccessConfigurations", "TumblingWindowInSeconds", "FunctionResponseTypes"),
    *("FilterCriteria", "KmsKeyArn", "ScalingConfig", "ProvisionedPollerConfig"),
    *("MetricsConfig", "LoggingConfig"),
)

_KAFKA_CONFIG = {
    "MSK": "AmazonManagedKafkaEventSourceConfig",
    "SelfManagedKafka": "SelfManagedKafkaEventSourceConfig",
}

_KAFKA_SECRETS = frozenset(
    {
        *("SASL_SCRAM_256_AUTH", "SASL_SCRAM_512_AUTH", "BASIC_AUTH"),
        *("CLIENT_CERTIFICATE_TLS_AUTH", "OAUTHBEARER_AUTH"),
    }
)

_NETWORK_ACTIONS = [
    *("ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces"),
    *("ec2:DeleteNetworkInterface", "ec2:DescribeVpcs", "ec2:DescribeSubnets"),
    "ec2:DescribeSecurityGroups",
]

_REGISTRY_PART = 5
"""Where the registry stands in its ARN, counted from 0."""

_ACCOUNT = "${AWS::Region}:${AWS::AccountId}"


def poll(expansion: Expansion, event: Event, target: Target, role: RoleDraft) -> None:
    """Add the mapping, and let the role read from the source."""
    source_property = _SOURCES[event.type]
    source = event.get(source_property) if source_property else None
    if source_property and source is None:
        expansion.miss(event.at, f"is an event without its {source_property}")
        return
    mapping: dict[str, Plain] = {
        "FunctionName": target.name,
        "EventSourceArn": source,
        **only(event.properties, *_COPIED),
        **_source_settings(event),
    }
    destination = entry(event.get("DestinationConfig"), "OnFailure")
    if isinstance(destination, Map):
        mapping["DestinationConfig"] = _without_type(event, destination)
    expansion.add(
        event.owner, event.logical_id, "AWS::Lambda::EventSourceMapping", mapping, event.at
    )
    if event.type in _MANAGED:
        role.attach(f"service-role/{_MANAGED[event.type]}", event.at)
    _imply_reading(event, source, role)
    _imply_failures(event, destination, role)


def add_queue_mapping(
    expansion: Expansion, event: Event, target: Target, settings: Mapping[str, Plain]
) -> None:
    """Add the mapping of a queue that stands between a topic and the function."""
    expansion.add(
        event.owner,
        f"{event.logical_id}EventSourceMapping",
        "AWS::Lambda::EventSourceMapping",
        {"FunctionName": target.name, "BatchSize": 10, **settings, "Enabled": True},
        event.at,
    )


def _source_settings(event: Event) -> dict[str, Plain]:
    """Return the settings that have another shape in the mapping than in the event."""
    settings: dict[str, Plain] = {}
    servers = event.get("KafkaBootstrapServers")
    if servers is not None:
        settings["SelfManagedEventSource"] = {"Endpoints": {"KafkaBootstrapServers": servers}}
    if event.type in _KAFKA_CONFIG:
        config = only(event.properties, "ConsumerGroupId", "SchemaRegistryConfig")
        settings[_KAFKA_CONFIG[event.type]] = config or None
    if event.type == "DocumentDB":
        config = only(event.properties, "DatabaseName", "CollectionName", "FullDocument")
        settings["DocumentDBEventSourceConfig"] = config
    return settings


def _without_type(event: Event, destination: Map) -> Plain:
    given = {key: value for key, value in destination if key != "Type"}
    written = event.get("DestinationConfig")
    others = dict(written.entries) if isinstance(written, Map) else {}
    return {**others, "OnFailure": given}


def _imply_failures(event: Event, destination: Value | None, role: RoleDraft) -> None:
    kind = text(entry(destination, "Type"))
    arn = entry(destination, "Destination")
    if kind is not None and arn is not None:
        imply_sending(role, kind, arn, event.logical_id, event.at)


def _imply_reading(event: Event, source: Value | None, role: RoleDraft) -> None:
    """Let the role do what the mapping needs, where no managed policy says it."""
    grants: list[tuple[str | list[str], Plain]] = []
    match event.type:
        case "MQ":
            name = "SamAutoGeneratedAMQPolicy"
            if text(event.get("DynamicPolicyName")) == "true":
                name = f"{event.logical_id}AMQPolicy"
            grants = [*_secrets(event, {"BASIC_AUTH"}), (["mq:DescribeBroker"], source)]
            grants += _key(event, "kms:Decrypt")
        case "DocumentDB":
            name = "SamAutoGeneratedDocumentDBPolicy"
            grants = [*_secrets(event, {"BASIC_AUTH"}), *_cluster(event, source)]
            grants += _key(event, ["kms:Decrypt"])
        case "MSK":
            name = "MSKExecutionRolePolicy"
            grants = [*_registry(event), *_secrets(event, {"CLIENT_CERTIFICATE_TLS_AUTH"})]
        case "SelfManagedKafka":
            name = "SelfManagedKafkaExecutionRolePolicy"
            grants = _kafka(event)
        case _:
            return
    if grants:
        version = event.type == "SelfManagedKafka"
        role.imply(name, allow(event.at, *grants, version=version), event.at)


def _secrets(
    event: Event, kinds: "set[str] | frozenset[str]"
) -> list[tuple[str | list[str], Plain]]:
    found: list[tuple[str | list[str], Plain]] = []
    for access in items_of(event.get("SourceAccessConfigurations")):
        secret = entry(access, "URI")
        if secret is not None and text(entry(access, "Type")) in kinds:
            found.append((["secretsmanager:GetSecretValue"], secret))
    return found


def _key(event: Event, action: str | list[str]) -> list[tuple[str | list[str], Plain]]:
    key = event.get("SecretsManagerKmsKeyId")
    if key is None:
        return []
    arn = f"arn:${{AWS::Partition}}:kms:{_ACCOUNT}:key/${{Key}}"
    return [(action, substitute(arn, key.at, {"Key": key}))]


def _cluster(event: Event, cluster: Value | None) -> list[tuple[str | list[str], Plain]]:
    def arn(rest: str) -> Value:
        return substitute(f"arn:${{AWS::Partition}}:rds:{_ACCOUNT}:{rest}:*", event.at)

    return [
        (["rds:DescribeDBClusterParameters"], arn("cluster-pg")),
        (["rds:DescribeDBSubnetGroups"], arn("subgrp")),
        (["rds:DescribeDBClusters"], cluster),
        (_NETWORK_ACTIONS, "*"),
    ]


def _kafka(event: Event) -> list[tuple[str | list[str], Plain]]:
    kinds = {text(entry(one, "Type")) for one in items_of(event.get("SourceAccessConfigurations"))}
    grants = _secrets(event, _KAFKA_SECRETS) + _secrets(event, {"SERVER_ROOT_CA_CERTIFICATE"})
    if {"VPC_SUBNET", "VPC_SECURITY_GROUP"} <= kinds:
        grants.append((_NETWORK_ACTIONS, "*"))
    return grants + _key(event, ["kms:Decrypt"]) + _registry(event)


def _registry(event: Event) -> list[tuple[str | list[str], Plain]]:
    """Let the role read the schema registry and the secrets that open it."""
    config = event.get("SchemaRegistryConfig")
    uri = entry(config, "SchemaRegistryURI")
    grants: list[tuple[str | list[str], Plain]] = [
        (["secretsmanager:GetSecretValue"], secret)
        for access in items_of(entry(config, "AccessConfigs"))
        if (secret := entry(access, "URI")) is not None
    ]
    name = _registry_name(uri)
    if uri is not None and name is not None:
        arn = f"arn:${{AWS::Partition}}:glue:{_ACCOUNT}:schema/{name}/*"
        grants.append((["glue:GetRegistry"], uri))
        grants.append((["glue:GetSchemaVersion"], List((substitute(arn, uri.at),), uri.at)))
    return grants


def _registry_name(uri: Value | None) -> str | None:
    """Return the name in the ARN of a schema registry.

    Like SAM, which fills in region and partition but not the account, this finds the name only
    where the account's number is written out; without it the role gets nothing.
    """
    written = expression(uri) if uri is not None else ""
    for filled in ("${AWS::Region}", "${AWS::Partition}"):
        written = written.replace(filled, "*")
    parts = written.split(":")
    if len(parts) <= _REGISTRY_PART or not parts[_REGISTRY_PART].startswith("registry/"):
        return None
    return parts[_REGISTRY_PART].removeprefix("registry/")
