"""Policies that AWS would refuse: the scan goes on."""

from pathlib import Path

import pytest
from folders import write

from stockade.api import scan
from stockade.config import Config
from stockade.model import Persona

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Queue: {{Type: AWS::SQS::Queue}}
  QueuePolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {bad}
          - {{Effect: Allow, Principal: "*", Action: "sqs:SendMessage", Resource: "*"}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {bad}
          - Effect: Allow
            Principal: {{Service: lambda.amazonaws.com}}
            Action: sts:AssumeRole
      Policies:
        - PolicyName: data
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {bad}
              - {{Effect: Allow, Action: "s3:*", Resource: "*"}}
  Someone:
    Type: AWS::IAM::User
    Properties:
      Policies:
        - PolicyName: all
          PolicyDocument: {{Version: "2012-10-17", Statement: [{bad}]}}
  Function:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: "def handler(event, context): return {{}}"
      Handler: index.handler
      Runtime: python3.13
      Role: !GetAtt Role.Arn
      Events:
        Get: {{Type: HttpApi, Properties: {{Method: POST, Path: /}}}}
"""


@pytest.mark.parametrize(
    "bad",
    [
        "{Effect: Alow, Action: 's3:*', Resource: '*'}",
        "{Effect: Allow, Resource: '*'}",
        "{Effect: Allow, Action: 5, Resource: '*'}",
        "{Effect: Allow, Action: 's3:*', NotAction: 's3:Get*', Resource: '*'}",
        "{Effect: Allow, Action: 's3:*', Resource: '*', Condition: [1, 2]}",
        "{Effect: Allow, Action: 's3:*', Resource: '*', Condition: {StringLikes: {a: b}}}",
        "{Effect: Allow, Action: 's3:*', Resource: '*', Condition: {Bool: {a: {b: c}}}}",
        "{Effect: Allow, Action: {a: b}, Resource: [[x]], Principal: {Service: {x: y}}}",
        "[]",
        "text",
    ],
)
def test_a_statement_that_aws_would_refuse_stops_nothing(bad: str, tmp_path: Path) -> None:
    """No stage fails: what it might decide is unknown, and all else is found."""
    write(tmp_path, {"template.yaml": TEMPLATE.format(bad=bad)})

    report = scan(tmp_path, Config(persona=Persona.STRICT))

    assert report.failures == ()
    assert "route-not-declared-public" in {finding.rule.id for finding in report.findings}
