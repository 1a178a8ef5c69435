"""What a function gives back goes on to the next task, or to its destination."""

from pathlib import Path
from typing import NamedTuple

import pytest

from stockade.analysis.facts import Facts, OriginKind
from stockade.api import examine
from stockade.model import Exposure

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Globals: {{Function: {{Runtime: python3.13, CodeUri: .}}}}
Resources:
  Orders:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: First
        States:
          First:
            Type: Task
            Resource: {resource}
            {settings}
            Next: Second
          Second: {{Type: Task, Resource: !GetAtt Pack.Arn, End: true}}
      Events:
        Post: {{Type: Api, Properties: {{Path: /, Method: post}}}}
  Read: {{Type: AWS::Serverless::Function, Properties: {{Handler: app.read}}}}
  Pack: {{Type: AWS::Serverless::Function, Properties: {{Handler: app.pack}}}}
"""
CODE = """
import os


def read(event, context):
    return {{"name": {answer}, "kind": "photo"}}


def pack(event, context):
    os.system({used})
"""
DIRECT = ("!GetAtt Read.Arn", "TimeoutSeconds: 5")


class Task(NamedTuple):
    """How the first task is run, what it gives back, and what the second uses of that."""

    resource: str
    settings: str
    answer: str
    used: str
    through: str


@pytest.mark.parametrize(
    "task",
    [
        Task(*DIRECT, 'event["name"]', 'event["name"]', "Read"),
        Task(*DIRECT, 'event["name"]', 'event["kind"]', ""),
        Task(*DIRECT, 'int(event["name"])', 'event["name"]', ""),
        Task(
            "!GetAtt Read.Arn",
            "ResultPath: $.read",
            'event["name"]',
            'event["read"]["name"]',
            "Read",
        ),
        Task(
            "!GetAtt Read.Arn",
            "ResultPath: $.read",
            'event["name"]',
            'event["read"]["kind"]',
            "",
        ),
        Task("!GetAtt Read.Arn", "OutputPath: $.kind", 'event["name"]', 'event["name"]', ""),
        Task(
            "!GetAtt Read.Arn",
            "ResultSelector: {who.$: $.name}",
            'event["name"]',
            'event["who"]',
            "Read",
        ),
        Task(
            "arn:aws:states:::lambda:invoke",
            "Parameters: {FunctionName: !GetAtt Read.Arn, Payload.$: $}",
            'event["name"]',
            'event["Payload"]["name"]',
            "Read",
        ),
    ],
)
def test_the_answer_of_a_task_is_the_input_of_the_next(task: Task, tmp_path: Path) -> None:
    """Where the states put it, and only there."""
    (tmp_path / "template.yaml").write_text(TEMPLATE.format(**task._asdict()))
    (tmp_path / "app.py").write_text(CODE.format(**task._asdict()))

    (examined,) = examine(tmp_path).applications
    facts = examined[1]
    assert isinstance(facts, Facts)
    through = {
        flow.through
        for flow in facts.flows_into("shell")
        if flow.origin.exposure is Exposure.ANYONE and flow.through
    }

    assert through == {(name,) for name in [task.through] if name}


def test_an_answer_goes_to_the_destination(tmp_path: Path) -> None:
    """Under `responsePayload`, as Lambda sends it: a secret is logged by the next function."""
    (tmp_path / "template.yaml").write_text("""
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, CodeUri: .}}
Resources:
  Done: {Type: AWS::SQS::Queue}
  Read:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.read
      EventInvokeConfig:
        DestinationConfig: {OnSuccess: {Type: SQS, Destination: !GetAtt Done.Arn}}
  Pack:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.pack
      Events: {Done: {Type: SQS, Properties: {Queue: !GetAtt Done.Arn}}}
""")
    (tmp_path / "app.py").write_text("""
import boto3, json


def read(event, context):
    found = boto3.client("secretsmanager").get_secret_value(SecretId="prod/key")
    return {"key": found["SecretString"], "kind": "x"}


def pack(event, context):
    answer = json.loads(event["Records"][0]["body"])["responsePayload"]
    print(answer["kind"])
    print(answer["key"])
""")

    (examined,) = examine(tmp_path).applications
    facts = examined[1]
    assert isinstance(facts, Facts)
    (flow,) = facts.flows_into("log", OriginKind.SECRET)

    assert (flow.function, flow.through, flow.sink.line) == ("Pack", ("Read",), 13)
