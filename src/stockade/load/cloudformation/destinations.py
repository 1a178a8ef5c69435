"""Where events go when a function, queue or table is done with them, or fails.

Follows AWS::Lambda::EventInvokeConfig, "DeadLetterConfig" of AWS::Lambda::Function,
"RedrivePolicy" of AWS::SQS::Queue and "KinesisStreamSpecification" of AWS::DynamoDB::Table in the
CloudFormation template reference.
"""

from collections.abc import Iterator

from stockade.load.cloudformation.trigger import Declared, Trigger
from stockade.model import EventSourceType, inside


def destinations(declared: Declared) -> Iterator[Trigger]:
    """Yield what functions, queues and tables hand on. `resource` is the one that does."""
    for configuration in declared.of_type("AWS::Lambda::EventInvokeConfig"):
        properties = configuration.properties
        function = declared.names.function(properties.get("FunctionName"))
        for outcome in ("OnSuccess", "OnFailure"):
            for target in inside(properties, "DestinationConfig", outcome, "Destination"):
                yield Trigger(
                    type=EventSourceType.INVOKE, at=target.at, target=target, resource=function
                )
    for function_resource in declared.of_type("AWS::Lambda::Function"):
        for target in inside(function_resource.properties, "DeadLetterConfig", "TargetArn"):
            yield Trigger(
                type=EventSourceType.INVOKE,
                at=target.at,
                target=target,
                resource=function_resource.id,
            )
    for queue in declared.of_type("AWS::SQS::Queue"):
        for target in inside(queue.properties, "RedrivePolicy", "deadLetterTargetArn"):
            yield Trigger(type=EventSourceType.SQS, at=target.at, target=target, resource=queue.id)
    for table in declared.of_type("AWS::DynamoDB::Table"):
        for target in inside(table.properties, "KinesisStreamSpecification", "StreamArn"):
            yield Trigger(
                type=EventSourceType.DYNAMODB_STREAM,
                at=target.at,
                target=target,
                resource=table.id,
            )
