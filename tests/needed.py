"""Applications of one template whose functions each make one call, to see what each needs."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from stockade.analysis import analyse
from stockade.analysis.permissions import Needs, needs
from stockade.load import load
from stockade.model import expression

ARN = "arn:${AWS::Partition}"
RESOURCES: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "Orders": ("AWS::DynamoDB::Table", {}),
    "Archive": ("AWS::S3::Bucket", {}),
    "Uploads": ("AWS::S3::Bucket", {"BucketName": "the-uploads"}),
    "Jobs": ("AWS::SQS::Queue", {"QueueName": "the-jobs"}),
    "News": ("AWS::SNS::Topic", {}),
    "Clicks": ("AWS::Kinesis::Stream", {}),
    "Logs": ("AWS::KinesisFirehose::DeliveryStream", {}),
    "Bus": ("AWS::Events::EventBus", {"Name": "shop"}),
    "Machine": ("AWS::StepFunctions::StateMachine", {"RoleArn": "x", "DefinitionString": "{}"}),
    "Secret": ("AWS::SecretsManager::Secret", {"Name": "prod/db"}),
    "Setting": ("AWS::SSM::Parameter", {"Name": "/shop/limit", "Type": "String", "Value": "1"}),
    "Key": ("AWS::KMS::Key", {"KeyPolicy": {}}),
    "KeyName": ("AWS::KMS::Alias", {"AliasName": "alias/shop", "TargetKeyId": {"Ref": "Key"}}),
    "Users": ("AWS::Cognito::UserPool", {}),
    "Database": ("AWS::RDS::DBCluster", {"Engine": "aurora-postgresql"}),
    "Other": (
        "AWS::Lambda::Function",
        {"Code": {"ZipFile": "def handler(e, c): pass"}, "Role": "x", "Handler": "index.handler"},
    ),
    "Passed": ("AWS::IAM::Role", {"AssumeRolePolicyDocument": {}}),
    "Group": ("AWS::Logs::LogGroup", {"LogGroupName": "/shop/audit"}),
    "Mail": ("AWS::SES::EmailIdentity", {"EmailIdentity": "shop.example"}),
    "Project": ("AWS::CodeBuild::Project", {}),
    "Task": (
        "AWS::ECS::TaskDefinition",
        {"TaskRoleArn": {"Fn::GetAtt": ["Passed", "Arn"]}},
    ),
}
ATTRIBUTES = {"Database": "DBClusterArn", "Users": "Ref"}


def needs_of(
    folder: Path,
    bodies: Mapping[str, str],
    resources: Mapping[str, tuple[str, Mapping[str, object]]] = RESOURCES,
    settings: Mapping[str, Mapping[str, object]] | None = None,
    extra: Mapping[str, object] | None = None,
) -> Mapping[str, Needs]:
    """Return what functions need whose handlers have the given bodies, by the functions' names."""
    variables = {
        re.sub(r"(?<=.)([A-Z])", r"_\1", name).upper(): (
            {"Fn::GetAtt": [name, ATTRIBUTES[name]]}
            if ATTRIBUTES.get(name, "Ref") != "Ref"
            else {"Ref": name}
        )
        for name in resources
    }
    functions = {}
    for name, body in bodies.items():
        (folder / f"{name.lower()}.py").write_text(code(body), encoding="utf-8")
        functions[name] = {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Runtime": "python3.12",
                "Handler": f"{name.lower()}.handler",
                "Code": ".",
                "Role": {"Fn::GetAtt": ["Passed", "Arn"]} if "Passed" in resources else "x",
                "Environment": {"Variables": variables},
                **(settings or {}).get(name, {}),
            },
        }
    template = {
        "Resources": {
            **{name: {"Type": t, "Properties": p} for name, (t, p) in resources.items()},
            **functions,
            **(extra or {}),
        }
    }
    (folder / "template.json").write_text(json.dumps(template), encoding="utf-8")
    [app] = load(folder).applications
    return needs(app, analyse(app))


def code(body: str) -> str:
    """Return a module whose handler runs `body`."""
    lines = ["import os", "import boto3", "", "def handler(event, context):"]
    return "\n".join([*lines, *(f"    {line}" for line in body.splitlines()), ""])


def of_code(one: Needs) -> set[tuple[str, str]]:
    """Return the pairs of action and resource that code needs: all but the function's own log."""
    pairs = {(need.action, expression(need.resource)) for need in one.needed}
    return {pair for pair in pairs if ":log-group:/aws/lambda/" not in pair[1]}


def whys(one: Needs) -> list[str]:
    """Return why something could not be known."""
    return [unknown.why for unknown in one.unknown]


def written_out(pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Write out the short ARNs of the tables.

    `sqs:${Jobs}` has region and account, `bedrock:~:x` no account, `s3::${Uploads}` neither.
    """
    return {(action, _arn(resource)) for action, resource in pairs}


def _arn(short: str) -> str:
    match = re.fullmatch(r"([a-z][a-z0-9-]*)(::|:~:|:)(.*)", short)
    if match is None or match[1] == "arn":
        return short
    place = {"::": ":", ":~:": "${AWS::Region}:", ":": "${AWS::Region}:${AWS::AccountId}"}
    return f"{ARN}:{match[1]}:{place[match[2]]}:{match[3]}"
