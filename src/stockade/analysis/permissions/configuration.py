"""What a function's own configuration needs of its role, before its code has asked anything.

Follows "Defining Lambda function permissions with an execution role" and the pages of the AWS
Lambda Developer Guide on event source mappings, VPCs, dead-letter queues, destinations, file
systems and AWS X-Ray.
"""

from collections.abc import Iterator, Mapping
from operator import itemgetter
from typing import Final

from stockade.analysis.permissions.arns import Arns
from stockade.analysis.permissions.texts import PSEUDO, Part, pieces, starts, text, ways
from stockade.model import (
    Application,
    Function,
    NoValue,
    Reference,
    Resource,
    ResourceId,
    Scalar,
    Unknown,
    Value,
    constant,
    expression,
    inside,
)
from stockade.model.record import record
from stockade.model.remembered import remembered
from stockade.model.watched import of_type


@record(kw_only=True)
class Configured:
    """One thing that the configuration needs: actions on a resource, and the line that says so."""

    actions: tuple[str, ...]
    resource: Value
    setting: Value | Resource
    note: str


_NETWORK: Final = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)
_MAPPING: Final = "AWS::Lambda::EventSourceMapping"
_MAPPED: Final = {
    "sqs": ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"),
    "dynamodb": ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"),
    "kinesis": (
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
    ),
    "kafka": ("kafka:DescribeCluster", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"),
    "mq": ("mq:DescribeBroker",),
}
"""What Lambda does with the role where it polls, by the service that is polled."""

_LISTED: Final = {"dynamodb": ("dynamodb:ListStreams",), "kinesis": ("kinesis:ListStreams",)}

_SERVICES: Final = {
    "AWS::SQS::Queue": "sqs",
    "AWS::DynamoDB::Table": "dynamodb",
    "AWS::DynamoDB::GlobalTable": "dynamodb",
    "AWS::Kinesis::Stream": "kinesis",
    "AWS::Kinesis::StreamConsumer": "kinesis",
    "AWS::MSK::Cluster": "kafka",
    "AWS::MSK::ServerlessCluster": "kafka",
    "AWS::AmazonMQ::Broker": "mq",
}

_SENDING: Final = {
    "sqs": ("sqs:SendMessage",),
    "sns": ("sns:Publish",),
    "lambda": ("lambda:InvokeFunction",),
    "events": ("events:PutEvents",),
    "s3": ("s3:PutObject",),
}
_RECEIVERS: Final = {
    "AWS::SQS::Queue": "sqs",
    "AWS::SNS::Topic": "sns",
    "AWS::Lambda::Function": "lambda",
    "AWS::Lambda::Alias": "lambda",
    "AWS::Events::EventBus": "events",
    "AWS::S3::Bucket": "s3",
}


def configured(app: Application, function: Function, arns: Arns) -> Iterator[Configured]:
    """Yield what the configuration of a function needs."""
    resource = app.resources.get(function.id)
    if resource is None:
        return
    yield from _logs(app, resource)
    yield from _own(resource)
    yield from _mounted(app, resource)
    target = ("DeadLetterConfig", "TargetArn")
    yield from _sent(resource, arns, target, "events that failed go there")
    for one in _by_function(arns, app).get(function.id, ()):
        if one.type == _MAPPING:
            yield from _polled(app, one, arns)
            path = ("DestinationConfig", "OnFailure", "Destination")
            yield from _sent(one, arns, path, "batches that failed are told there")
        else:
            for outcome in ("OnFailure", "OnSuccess"):
                path = ("DestinationConfig", outcome, "Destination")
                yield from _sent(one, arns, path, "events go there afterwards")


@remembered
def _by_function(arns: Arns, app: Application) -> dict[ResourceId, list[Resource]]:
    """Return what is configured for each function or its alias, its mappings last."""
    found: dict[ResourceId, list[Resource]] = {}
    for resource in (*app.of_type("AWS::Lambda::EventInvokeConfig"), *app.of_type(_MAPPING)):
        for function in dict.fromkeys(_functions(resource, arns)):
            found.setdefault(function, []).append(resource)
    return found


def _functions(resource: Resource, arns: Arns) -> Iterator[ResourceId]:
    """Yield the functions that a configuration or mapping is for."""
    for value in inside(resource.properties, "FunctionName"):
        owner = arns.owner(value, "lambda:function")
        if owner is not None and owner.type in ("AWS::Lambda::Alias", "AWS::Lambda::Version"):
            owners = [arns.owner(one) for one in inside(owner.properties, "FunctionName")]
            owner = owners[0] if owners else None
        if owner is not None:
            yield owner.id


# --- the function itself -----------------------------------------------------------------


def _logs(app: Application, resource: Resource) -> Iterator[Configured]:
    """Yield its own log group, and no other."""
    named = next(iter(inside(resource.properties, "LoggingConfig", "LogGroup")), None)
    own: list[Part] = ["/aws/lambda/", Reference(resource.id, "Ref", resource.at)]
    name: list[Part] = [named] if named is not None else own
    written = {expression(text(name, resource.at))}
    function_name = resource.properties.get("FunctionName")
    if function_name is not None and named is None:
        literal = constant(function_name)
        written |= {f"/aws/lambda/{expression(function_name)}", f"/aws/lambda/{literal}"}
    groups = _log_groups(app.resources)
    known = (groups[one] for one in written if one in groups)
    _, declared = min(known, key=itemgetter(0), default=(0, None))
    if isinstance(named, Reference) and named.resource in app.resources:
        declared = app.resources[named.resource]
    elif declared is not None:
        name = [Reference(declared.id, "Ref", resource.at)]
    actions: tuple[str, ...] = ("logs:CreateLogStream", "logs:PutLogEvents")
    if declared is None:
        actions = ("logs:CreateLogGroup", *actions)
    place: list[Part] = [PSEUDO["Region"], ":", PSEUDO["Account"]]
    head: list[Part] = ["arn:", PSEUDO["Partition"], ":logs:", *place, ":log-group:"]
    parts = [*head, *name, ":*"]
    yield Configured(
        actions=actions,
        resource=text(parts, resource.at),
        setting=declared or resource,
        note="writes its log to this group",
    )


@remembered
def _log_groups(
    resources: Mapping[ResourceId, Resource],
) -> dict[str, tuple[int, Resource | None]]:
    """Return the first log group of each name, with its number among all."""
    groups: dict[str, tuple[int, Resource | None]] = {}
    for number, resource in enumerate(of_type(resources, "AWS::Logs::LogGroup")):
        for name in inside(resource.properties, "LogGroupName"):
            groups.setdefault(expression(name), (number, resource))
    return groups


def _own(resource: Resource) -> Iterator[Configured]:
    everything = Scalar("*", resource.at)
    for subnets in inside(resource.properties, "VpcConfig", "SubnetIds"):
        yield Configured(
            actions=_NETWORK,
            resource=everything,
            setting=subnets,
            note="runs in a network: these actions are not limited to a resource",
        )
        break
    for mode in inside(resource.properties, "TracingConfig", "Mode"):
        if constant(mode) == "Active":
            yield Configured(
                actions=("xray:PutTelemetryRecords", "xray:PutTraceSegments"),
                resource=everything,
                setting=mode,
                note="is traced: the actions have no resource type",
            )
    for durable in inside(resource.properties, "DurableConfig"):
        name = Reference(resource.id, "Ref", resource.at)
        place: list[Part] = [PSEUDO["Region"], ":", PSEUDO["Account"]]
        head: list[Part] = ["arn:", PSEUDO["Partition"], ":lambda:", *place, ":function:"]
        yield Configured(
            actions=("lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"),
            resource=text([*head, name, ":*/durable-execution/*/*"], durable.at),
            setting=durable,
            note="keeps the state of its durable executions",
        )


def _mounted(app: Application, resource: Resource) -> Iterator[Configured]:
    """Yield the file systems that it mounts, each by an access point."""
    for named in inside(resource.properties, "FileSystemConfigs", "[]", "Arn"):
        point = app.resources.get(named.resource) if isinstance(named, Reference) else None
        systems = list(inside(point.properties, "FileSystemId")) if point is not None else []
        where: Value = Unknown("the access point tells the file system", named.at)
        if point is not None and point.type == "AWS::EFS::AccessPoint" and systems:
            place: list[Part] = [PSEUDO["Region"], ":", PSEUDO["Account"], ":file-system/"]
            head: list[Part] = ["arn:", PSEUDO["Partition"], ":elasticfilesystem:"]
            where = text([*head, *place, systems[0]], named.at)
        yield Configured(
            actions=("elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"),
            resource=where,
            setting=named,
            note="mounts a file system",
        )


# --- where events come from and go -------------------------------------------------------


def _polled(app: Application, mapping: Resource, arns: Arns) -> Iterator[Configured]:
    """Yield what Lambda reads with the role, for an event source mapping."""
    for named in inside(mapping.properties, "EventSourceArn"):
        for value in ways(named):
            service = _service(app, value) or _by_settings(mapping)
            if service not in _MAPPED:
                why = Unknown("what is polled is not known", named.at)
                yield Configured(actions=("its service",), resource=why, setting=named, note="")
                continue
            resource = arns.canonical(value)
            yield Configured(
                actions=_MAPPED[service],
                resource=resource,
                setting=named,
                note="is polled for events",
            )
            if service in _LISTED:
                yield Configured(
                    actions=_LISTED[service],
                    resource=Scalar("*", named.at),
                    setting=named,
                    note="is polled for events: listing streams has no resource type",
                )
            if service in ("kafka", "mq"):
                yield Configured(
                    actions=(
                        "ec2:CreateNetworkInterface",
                        "ec2:DeleteNetworkInterface",
                        "ec2:DescribeNetworkInterfaces",
                        "ec2:DescribeSecurityGroups",
                        "ec2:DescribeSubnets",
                        "ec2:DescribeVpcs",
                    ),
                    resource=Scalar("*", named.at),
                    setting=named,
                    note="is polled inside its network: not limited to a resource",
                )
    for secret in inside(mapping.properties, "SourceAccessConfigurations", "[]"):
        for kind in inside(secret, "Type"):
            if constant(kind) not in ("VPC_SUBNET", "VPC_SECURITY_GROUP", "VIRTUAL_HOST"):
                for uri in inside(secret, "URI"):
                    yield Configured(
                        actions=("secretsmanager:GetSecretValue",),
                        resource=arns.canonical(uri),
                        setting=uri,
                        note="holds the credentials for polling",
                    )


def _by_settings(mapping: Resource) -> str:
    """Tell the service by the settings that only its mappings have."""
    if any(one in mapping.properties for one in ("Topics", "AmazonManagedKafkaEventSourceConfig")):
        return "kafka"
    return "mq" if "Queues" in mapping.properties else ""


def _service(app: Application, value: Value) -> str:
    """Return the service whose resource an event source's ARN names."""
    if isinstance(value, Reference):
        resource = app.resources.get(value.resource)
        return _SERVICES.get(resource.type, "") if resource is not None else ""
    parts = "".join(one if isinstance(one, str) else "${}" for one in pieces(value)).split(":")
    return parts[2] if len(parts) > 2 and parts[0] == "arn" else ""  # noqa: PLR2004 - the service


def _sent(
    resource: Resource, arns: Arns, path: tuple[str, ...], note: str
) -> Iterator[Configured]:
    """Yield what is sent to a dead-letter target or destination."""
    for named in inside(resource.properties, *path):
        for value in ways(named):
            if isinstance(value, NoValue):
                continue
            owner = arns.owner(value)
            service = _RECEIVERS.get(owner.type, "") if owner is not None else _spelled(value)
            where: Value = arns.of(owner) if owner is not None else value
            if service not in _SENDING:
                where = Unknown("what receives it is not known", named.at)
            if service == "s3":
                where = text([where, "/*"], named.at)
            actions = _SENDING.get(service, ("its service",))
            yield Configured(actions=actions, resource=where, setting=named, note=note)


def _spelled(value: Value) -> str:
    parts = pieces(value)
    if not starts(parts, "arn:"):
        return ""
    words = "".join(one if isinstance(one, str) else "${}" for one in parts).split(":")
    return words[2] if len(words) > 2 else ""  # noqa: PLR2004 - arn, partition, service
