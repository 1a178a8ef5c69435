"""Services with one setting that names a function: a table of where it stands.

Each line names a CloudFormation type, the way to the function's ARN in its properties ("Template
reference" in the AWS CloudFormation User Guide), and the event source type. The last part of the
way is the target; the map around it is the trigger's `detail`.
"""

from collections.abc import Iterator

from stockade.load.cloudformation.trigger import Declared, Trigger
from stockade.model import EventSourceType, Location, Map, Resource, Value, constant, inside

_SETTINGS: tuple[tuple[str, tuple[str, ...], EventSourceType], ...] = (
    ("AWS::Logs::SubscriptionFilter", ("DestinationArn",), EventSourceType.LOGS),
    (
        "AWS::Config::ConfigRule",
        ("Source", "SourceIdentifier"),
        EventSourceType.CONFIG,
    ),
    (
        "AWS::Config::OrganizationConfigRule",
        ("OrganizationCustomRuleMetadata", "LambdaFunctionArn"),
        EventSourceType.CONFIG,
    ),
    (
        "AWS::SecretsManager::RotationSchedule",
        ("RotationLambdaARN",),
        EventSourceType.SECRETS_ROTATION,
    ),
    ("AWS::IoT::Authorizer", ("AuthorizerFunctionArn",), EventSourceType.AUTHORIZER),
    (
        "AWS::Transfer::Server",
        ("IdentityProviderDetails", "Function"),
        EventSourceType.AUTHORIZER,
    ),
    ("AWS::Connect::IntegrationAssociation", ("IntegrationArn",), EventSourceType.CONNECT),
    (
        "AWS::Lex::BotAlias",
        (
            "BotAliasLocaleSettings",
            "[]",
            "BotAliasLocaleSetting",
            "CodeHookSpecification",
            "LambdaCodeHook",
            "LambdaArn",
        ),
        EventSourceType.LEX,
    ),
    (
        "AWS::Lex::Bot",
        (
            "TestBotAliasSettings",
            "BotAliasLocaleSettings",
            "[]",
            "BotAliasLocaleSetting",
            "CodeHookSpecification",
            "LambdaCodeHook",
            "LambdaArn",
        ),
        EventSourceType.LEX,
    ),
    (
        "AWS::Bedrock::Agent",
        ("ActionGroups", "[]", "ActionGroupExecutor", "Lambda"),
        EventSourceType.BEDROCK_AGENT,
    ),
    (
        "AWS::BedrockAgentCore::GatewayTarget",
        ("TargetConfiguration", "Mcp", "Lambda", "LambdaArn"),
        EventSourceType.BEDROCK_AGENT,
    ),
    ("AWS::CloudFormation::Macro", ("FunctionName",), EventSourceType.CUSTOM_RESOURCE),
    (
        "AWS::S3ObjectLambda::AccessPoint",
        (
            "ObjectLambdaConfiguration",
            "TransformationConfigurations",
            "[]",
            "ContentTransformation",
            "AwsLambda",
            "FunctionArn",
        ),
        EventSourceType.INVOKE,
    ),
    ("AWS::VpcLattice::TargetGroup", ("Targets", "[]", "Id"), EventSourceType.LOAD_BALANCER),
    (
        "AWS::Transfer::Workflow",
        ("Steps", "[]", "CustomStepDetails", "Target"),
        EventSourceType.INVOKE,
    ),
    ("AWS::CloudWatch::Alarm", ("AlarmActions", "[]"), EventSourceType.INVOKE),
    ("AWS::CloudFormation::CustomResource", ("ServiceToken",), EventSourceType.CUSTOM_RESOURCE),
)


def settings(declared: Declared) -> Iterator[Trigger]:
    """Yield a trigger for each setting of the table, and for each resource of a custom type."""
    for kind, path, source in _SETTINGS:
        for resource in declared.of_type(kind):
            yield from _at_path(resource, path, source)
    for kind in declared.types():
        if kind.startswith("Custom::"):
            for resource in declared.of_type(kind):
                yield from _at_path(resource, ("ServiceToken",), EventSourceType.CUSTOM_RESOURCE)


def _at_path(
    resource: Resource, path: tuple[str, ...], source: EventSourceType
) -> Iterator[Trigger]:
    *way, last = path
    if last == "[]":
        for value in inside(resource.properties, *path):
            yield _trigger(resource, source, value, resource.at, resource.properties)
        return
    for around in inside(resource.properties, *way):
        if isinstance(around, Map) and last in around:
            at = resource.at if not way else around.key_at(last)
            yield _trigger(resource, source, around.entries[last], at, around)


def _trigger(
    resource: Resource, source: EventSourceType, target: Value, at: Location, detail: Map
) -> Trigger:
    return Trigger(type=source, at=at, target=target, resource=resource.id, detail=detail)


def delivery_streams(declared: Declared) -> Iterator[Trigger]:
    """Yield the functions that transform records on a delivery stream's way, and both its ends."""
    for stream in declared.of_type("AWS::KinesisFirehose::DeliveryStream"):
        for source in inside(
            stream.properties, "KinesisStreamSourceConfiguration", "KinesisStreamARN"
        ):
            yield Trigger(
                type=EventSourceType.KINESIS,
                at=source.at,
                targets=(stream.id,),
                resource=declared.names.find(source, "AWS::Kinesis::Stream"),
                source=source,
            )
        for name, destination in stream.properties:
            if not name.endswith("DestinationConfiguration"):
                continue
            for bucket in inside(destination, "BucketARN"):
                yield Trigger(
                    type=EventSourceType.FIREHOSE,
                    at=bucket.at,
                    target=bucket,
                    resource=stream.id,
                )
            for parameter in inside(
                destination, "ProcessingConfiguration", "Processors", "[]", "Parameters", "[]"
            ):
                if (
                    isinstance(parameter, Map)
                    and constant(parameter.get("ParameterName")) == "LambdaArn"
                ):
                    yield Trigger(
                        type=EventSourceType.FIREHOSE,
                        at=parameter.at,
                        target=parameter.get("ParameterValue"),
                        resource=stream.id,
                    )


def deployment_hooks(declared: Declared) -> Iterator[Trigger]:
    """Yield the functions that CodeDeploy calls before and after it shifts traffic."""
    for alias in declared.of_type("AWS::Lambda::Alias"):
        policy = (alias.attributes or {}).get("UpdatePolicy")
        for hook in ("BeforeAllowTrafficHook", "AfterAllowTrafficHook"):
            for target in inside(policy, "CodeDeployLambdaAliasUpdate", hook):
                yield Trigger(
                    type=EventSourceType.CODEDEPLOY,
                    at=target.at,
                    target=target,
                    resource=alias.id,
                )
