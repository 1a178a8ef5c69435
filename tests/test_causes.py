"""One cause is one finding: what is over with another's cure is told with it."""

from pathlib import Path

from stockade.api import scan
from stockade.config import Config
from stockade.model import Finding, Ignore, Location
from stockade.reports.terminal import render

CHAT = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Chat:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      Policies: [Statement: [{Effect: Allow, Action: bedrock:InvokeModel, Resource: "*"}]]
      Events:
        Ask: {Type: HttpApi, Properties: {Method: POST, Path: /ask}}
"""

CODE = """\
import boto3

bedrock = boto3.client("bedrock-runtime")

def handler(event, context):
    bedrock.invoke_model(modelId="amazon.nova-lite-v1:0", body="{}")
    return {"statusCode": 200}
"""

KEYS = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Reporter: {Type: AWS::IAM::User}
  ReporterKey:
    Type: AWS::IAM::AccessKey
    Properties: {UserName: !Ref Reporter}
  Report:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      Environment:
        Variables: {ID: !Ref ReporterKey, SECRET: !GetAtt ReporterKey.SecretAccessKey}
"""


def found(folder: Path, template: str, config: Config | None = None) -> tuple[Finding, ...]:
    """Scan one application."""
    (folder / "template.yaml").write_text(template)
    (folder / "app.py").write_text(CODE)
    return scan(folder, config).findings


def test_a_bill_is_told_with_the_route_that_is_open(tmp_path: Path) -> None:
    """The route is the finding; that anyone can run up a bill through it stands beside it."""
    (route,) = found(tmp_path, CHAT)

    assert route.rule.id == "route-without-authorizer"
    assert [one.rule.id for one in route.brings] == ["spending-without-bound"]
    assert "also anyone can call POST /ask without end" in render(scan(tmp_path))


def test_a_bill_stands_alone_where_the_route_is_meant_to_be_open(tmp_path: Path) -> None:
    """Who declares a route public, or ignores that it is open, still has the bill to mend."""
    (route,) = found(tmp_path, CHAT)
    ignore = Ignore(
        rule=route.rule.id,
        fingerprint=route.fingerprint,
        reason="everyone may ask",
        at=Location("stockade.toml", 1),
    )
    (bill,) = found(tmp_path, CHAT, Config(ignores=(ignore,)))

    assert bill.rule.id == "spending-without-bound"


def test_a_setting_is_told_with_the_key_that_it_holds(tmp_path: Path) -> None:
    """The secret of an access key in a setting is over with the access key."""
    (key,) = found(tmp_path, KEYS, Config(ignore=("I2",)))

    assert key.rule.id == "long-lived-access-key"
    assert [one.rule.id for one in key.brings] == ["secret-in-environment"]
