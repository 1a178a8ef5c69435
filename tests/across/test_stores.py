"""What reaches a table without a function between is read back as what outsiders wrote."""

from pathlib import Path

import pytest

from stockade.analysis.facts import Facts
from stockade.api import examine, scan
from stockade.model import Exposure

ROUTE = """
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: notes}
  Notes:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: notes}
  Put:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Notes
      HttpMethod: POST
      AuthorizationType: NONE
      Integration:
        Type: AWS
        IntegrationHttpMethod: POST
        Uri: !Sub arn:aws:apigateway:${AWS::Region}:dynamodb:action/PutItem
        Credentials: arn:aws:iam::123456789012:role/api
        RequestTemplates:
          application/json: !Sub |
            {"TableName": "${Table}",
             "Item": {"id": {"S": "$context.requestId"}, "note": {"S": "$input.path('$.note')"}}}
"""
TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Table: {Type: AWS::DynamoDB::Table}
  Nightly:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Environment: {Variables: {TABLE: !Ref Table}}
      Events: {Night: {Type: Schedule, Properties: {Schedule: rate(1 day)}}}
"""
CODE = """
import boto3, os


def handler(event, context):
    table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
    for item in table.scan()["Items"]:
        os.system("echo " + item["note"])
"""


@pytest.mark.parametrize(("route", "found"), [(ROUTE, [Exposure.ANYONE]), ("", [])])
def test_what_a_route_puts_into_a_table_is_read_back(
    route: str, found: list[Exposure], tmp_path: Path
) -> None:
    """A route's integration writes items; without one nobody is known to, and nothing is told."""
    (tmp_path / "template.yaml").write_text(TEMPLATE + route)
    (tmp_path / "app.py").write_text(CODE)

    (examined,) = examine(tmp_path).applications
    facts = examined[1]
    assert isinstance(facts, Facts)

    assert [flow.origin.exposure for flow in facts.flows_into("shell")] == found


def test_a_sink_that_is_reached_in_two_ways_is_one_finding(tmp_path: Path) -> None:
    """Directly and through a queue: the line is told once, with the most exposed way."""
    (tmp_path / "template.yaml").write_text("""
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, CodeUri: ., Environment: {Variables: {JOBS: !Ref Jobs}}}}
Resources:
  Jobs: {Type: AWS::SQS::Queue}
  Send:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.send
      Policies: [{SQSSendMessagePolicy: {QueueName: !GetAtt Jobs.QueueName}}]
      Events:
        Post: {Type: Api, Properties: {Path: /later, Method: post, Auth: {Authorizer: AWS_IAM}}}
  Run:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.run
      Events:
        Job: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}
        Now: {Type: HttpApi}
""")
    (tmp_path / "app.py").write_text("""
import boto3, json, os


def send(event, context):
    boto3.client("sqs").send_message(QueueUrl=os.environ["JOBS"], MessageBody=event["body"])


def run(event, context):
    texts = [record["body"] for record in event["Records"]] or [event["body"]]
    for text in texts:
        os.system(text)
""")

    (finding,) = [one for one in scan(tmp_path).findings if one.rule.id == "event-in-shell"]

    assert finding.match.exposure is Exposure.ANYONE
    assert not any("in a message" in step.note for step in finding.match.because)
