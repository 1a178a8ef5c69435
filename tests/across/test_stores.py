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


TERRAFORM = """
resource "aws_dynamodb_table" "notes" {
  name     = "notes"
  hash_key = "id"
}
resource "aws_iam_role" "any" {
  name = "any"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole",
    Principal = { Service = "lambda.amazonaws.com" } }] })
}
resource "aws_iam_role_policy" "tables" {
  role   = aws_iam_role.any.id
  policy = jsonencode({ Statement = [
    { Effect = "Allow", Action = "dynamodb:*", Resource = "*" }
  ] })
}
data "archive_file" "code" {
  type        = "zip"
  source_dir  = "${path.module}/src"
  output_path = "code.zip"
}
resource "aws_lambda_function" "take" {
  function_name = "take"
  role          = aws_iam_role.any.arn
  runtime       = "python3.13"
  handler       = "app.take"
  filename      = data.archive_file.code.output_path
}
resource "aws_lambda_function_url" "take" {
  function_name      = aws_lambda_function.take.function_name
  authorization_type = "NONE"
}
resource "aws_lambda_function" "work" {
  function_name = "work"
  role          = aws_iam_role.any.arn
  runtime       = "python3.13"
  handler       = "app.work"
  filename      = data.archive_file.code.output_path
}
"""
NOTES = """
import os
import boto3
table = boto3.resource("dynamodb").Table("notes")

def take(event, context):
    table.put_item(Item={"id": "1", "kind": "plain", "note": event["body"]})

def work(event, context):
    os.system(table.get_item(Key={"id": "1"})["Item"]["ATTRIBUTE"])
"""


@pytest.mark.parametrize(("attribute", "told"), [("note", True), ("kind", False)])
def test_attributes_are_told_apart_whatever_the_tables_id(
    attribute: str, *, told: bool, tmp_path: Path
) -> None:
    """The id of a table of Terraform has a dot; what is behind it is the attribute."""
    (tmp_path / "src").mkdir()
    (tmp_path / "main.tf").write_text(TERRAFORM)
    (tmp_path / "src" / "app.py").write_text(NOTES.replace("ATTRIBUTE", attribute))

    found = [one.match for one in scan(tmp_path).findings if one.rule.id == "event-in-shell"]

    assert [one.exposure for one in found] == ([Exposure.ANYONE] if told else [])
    notes = [step.note for one in found for step in one.because]
    assert (
        any("reads `note` of an item of aws_dynamodb_table.notes" in one for one in notes) is told
    )
