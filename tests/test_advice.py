"""What to write instead is told in the words of the framework that the author writes in."""

from pathlib import Path

import pytest
from assemblies import assembly, function, resource
from folders import write

from stockade.api import scan

CODE = """
import boto3, os
def handler(event, context):
    boto3.resource("dynamodb").Table(os.environ["TABLE"]).delete_item(Key={"id": "1"})
"""

SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Table: {Type: AWS::DynamoDB::Table}
  Drop:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: app.handler
      Runtime: python3.13
      Environment: {Variables: {TABLE: !Ref Table}}
      Events:
        Drop: {Type: HttpApi, Properties: {Method: DELETE, Path: /}}
"""

SERVERLESS = """
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  drop:
    handler: app.handler
    environment: {TABLE: {Ref: Table}}
    events:
      - httpApi: DELETE /
resources:
  Resources:
    Table: {Type: AWS::DynamoDB::Table}
"""

TERRAFORM = """
resource "aws_dynamodb_table" "table" {
  name = "shop"
}
resource "aws_lambda_function" "drop" {
  function_name = "drop"
  filename      = "app.zip"
  handler       = "app.handler"
  runtime       = "python3.13"
  role          = "arn:aws:iam::111122223333:role/x"
  environment {
    variables = { TABLE = aws_dynamodb_table.table.name }
  }
}
resource "aws_apigatewayv2_api" "api" {
  name          = "api"
  protocol_type = "HTTP"
}
resource "aws_apigatewayv2_integration" "drop" {
  api_id           = aws_apigatewayv2_api.api.id
  integration_type = "AWS_PROXY"
  integration_uri  = aws_lambda_function.drop.invoke_arn
}
resource "aws_apigatewayv2_route" "drop" {
  api_id    = aws_apigatewayv2_api.api.id
  route_key = "DELETE /"
  target    = "integrations/${aws_apigatewayv2_integration.drop.id}"
}
"""

CHALICE = """
import boto3
from chalice import Chalice
app = Chalice(app_name="shop")
@app.route("/", methods=["DELETE"])
def drop():
    boto3.resource("dynamodb").Table("shop").delete_item(Key={"id": "1"})
    return {}
"""

INTEGRATION = {"Fn::GetAtt": ["Drop00000000", "Arn"]}
CDK = assembly(
    {
        "Table00000000": resource("AWS::DynamoDB::Table", "Shop/Table/Resource"),
        "Drop00000000": function(
            "Shop/Drop/Resource",
            "asset.1",
            Environment={"Variables": {"TABLE": {"Ref": "Table00000000"}}},
        ),
        "Api00000000": resource(
            "AWS::ApiGatewayV2::Api", "Shop/Api/Resource", ProtocolType="HTTP", Name="api"
        ),
        "ApiDrop00000000": resource(
            "AWS::ApiGatewayV2::Integration",
            "Shop/Api/Drop/Resource",
            ApiId={"Ref": "Api00000000"},
            IntegrationType="AWS_PROXY",
            IntegrationUri=INTEGRATION,
        ),
        "ApiRoute00000000": resource(
            "AWS::ApiGatewayV2::Route",
            "Shop/Api/Route/Resource",
            ApiId={"Ref": "Api00000000"},
            RouteKey="DELETE /",
            Target={"Fn::Join": ["/", ["integrations", {"Ref": "ApiDrop00000000"}]]},
        ),
    }
)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"template.yaml": SAM, "app.py": CODE}, "Auth.DefaultAuthorizer"),
        ({"serverless.yml": SERVERLESS, "app.py": CODE}, "provider.httpApi.authorizers"),
        ({"main.tf": TERRAFORM, "app.py": CODE}, "aws_apigatewayv2_route"),
        ({**CDK, "cdk.out/asset.1/app.py": CODE, "drop/app.py": CODE}, "defaultAuthorizer"),
        ({"app.py": CHALICE, ".chalice/config.json": "{}"}, "authorizer="),
    ],
    ids=["sam", "serverless", "terraform", "cdk", "chalice"],
)
def test_an_open_route_is_mended_in_the_authors_words(
    files: dict[str, str], words: str, tmp_path: Path
) -> None:
    """The same finding, another help."""
    write(tmp_path, files)
    report = scan(tmp_path)

    (found,) = [one for one in report.findings if one.rule.id == "route-without-authorizer"]
    assert words in found.match.help
