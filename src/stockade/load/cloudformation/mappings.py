"""Queues, streams and brokers that Lambda or a pipe polls.

Follows AWS::Lambda::EventSourceMapping and AWS::Pipes::Pipe in the CloudFormation template
reference.
"""

from collections.abc import Iterator

from stockade.load.cloudformation.trigger import Declared, Trigger
from stockade.model import EventSourceType, Map, Value, expression, inside, references

_BY_RESOURCE = {
    "AWS::SQS::Queue": EventSourceType.SQS,
    "AWS::DynamoDB::Table": EventSourceType.DYNAMODB_STREAM,
    "AWS::DynamoDB::GlobalTable": EventSourceType.DYNAMODB_STREAM,
    "AWS::Kinesis::Stream": EventSourceType.KINESIS,
    "AWS::Kinesis::StreamConsumer": EventSourceType.KINESIS,
    "AWS::MSK::Cluster": EventSourceType.KAFKA,
    "AWS::MSK::ServerlessCluster": EventSourceType.KAFKA,
    "AWS::AmazonMQ::Broker": EventSourceType.MQ,
    "AWS::DocDB::DBCluster": EventSourceType.DOCUMENTDB,
}
_BY_SERVICE = {
    "sqs": EventSourceType.SQS,
    "dynamodb": EventSourceType.DYNAMODB_STREAM,
    "kinesis": EventSourceType.KINESIS,
    "kafka": EventSourceType.KAFKA,
    "mq": EventSourceType.MQ,
    "rds": EventSourceType.DOCUMENTDB,
}
_BY_SETTING = {
    "AmazonManagedKafkaEventSourceConfig": EventSourceType.KAFKA,
    "SelfManagedKafkaEventSourceConfig": EventSourceType.KAFKA,
    "SelfManagedEventSource": EventSourceType.KAFKA,
    "DocumentDBEventSourceConfig": EventSourceType.DOCUMENTDB,
    "Queues": EventSourceType.MQ,
    "Topics": EventSourceType.KAFKA,
    "TumblingWindowInSeconds": EventSourceType.KINESIS,
    "ParallelizationFactor": EventSourceType.KINESIS,
    "StartingPosition": EventSourceType.KINESIS,
}
_BY_PIPE_SETTING = {
    "SqsQueueParameters": EventSourceType.SQS,
    "DynamoDBStreamParameters": EventSourceType.DYNAMODB_STREAM,
    "KinesisStreamParameters": EventSourceType.KINESIS,
    "ManagedStreamingKafkaParameters": EventSourceType.KAFKA,
    "SelfManagedKafkaParameters": EventSourceType.KAFKA,
    "ActiveMQBrokerParameters": EventSourceType.MQ,
    "RabbitMQBrokerParameters": EventSourceType.MQ,
}


def event_source_mappings(declared: Declared) -> Iterator[Trigger]:
    """Yield each event source mapping. What it polls decides its type."""
    for mapping in declared.of_type("AWS::Lambda::EventSourceMapping"):
        properties = mapping.properties
        source = properties.get("EventSourceArn")
        resource = declared.names.find(source, *_BY_RESOURCE)
        yield Trigger(
            type=_type(declared, source, resource)
            or _by_setting(properties, _BY_SETTING)
            or EventSourceType.SQS,
            at=mapping.at,
            target=properties.get("FunctionName"),
            resource=resource,
            source=source or properties.get("SelfManagedEventSource"),
            detail=properties,
        )


def pipes(declared: Declared) -> Iterator[Trigger]:
    """Yield each pipe's enrichment and target as fed by what the pipe polls."""
    for pipe in declared.of_type("AWS::Pipes::Pipe"):
        properties = pipe.properties
        source = properties.get("Source")
        resource = declared.names.find(source, *_BY_RESOURCE)
        settings = next(inside(properties, "SourceParameters"), None)
        kind = (
            _type(declared, source, resource)
            or (_by_setting(settings, _BY_PIPE_SETTING) if isinstance(settings, Map) else None)
            or EventSourceType.SQS
        )
        for part in ("Enrichment", "Target"):
            if part in properties:
                yield Trigger(
                    type=kind,
                    at=properties.key_at(part),
                    target=properties.get(part),
                    resource=resource,
                    source=source,
                    detail=properties,
                )


def _type(
    declared: Declared, source: Value | None, resource: str | None
) -> EventSourceType | None:
    if resource is not None:
        return _BY_RESOURCE[declared.resources[resource].type]
    if source is None:
        return None
    for reference in references(source):
        if reference.attribute == "StreamArn":
            return EventSourceType.DYNAMODB_STREAM
    parts = expression(source).replace("${AWS::", "${").split(":")
    return _BY_SERVICE.get(parts[2]) if len(parts) > 3 else None  # noqa: PLR2004 - the ARN's service


def _by_setting(settings: Map, types: dict[str, EventSourceType]) -> EventSourceType | None:
    return next((kind for name, kind in types.items() if name in settings), None)
