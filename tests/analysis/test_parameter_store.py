"""What is read from the parameter store is a secret unless the application keeps it in plain."""

from pathlib import Path

import pytest

from stockade.api import scan

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Parameters: {Elsewhere: {Type: String}}
Resources:
  Settings:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: '{"limit": 10}'}
  Limits:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Environment: {Variables: {SETTINGS: !Ref %s}}
      Events: {Read: {Type: HttpApi, Properties: {Method: GET, Path: /limits}}}
"""
CODE = """
import boto3, os
ssm = boto3.client("ssm")
def handler(event, context):
    read = ssm.get_parameter(Name=os.environ["SETTINGS"], WithDecryption=True)
    return {"statusCode": 200, "body": read["Parameter"]["Value"]}
"""


@pytest.mark.parametrize(
    ("name", "is_secret"),
    [
        ("/shop/sign-in-domain", False),
        ("/shop/userPoolId", False),
        ("/shop/webhook-url", True),
        ("/shop/key", True),
    ],
)
def test_a_parameter_whose_name_says_that_it_is_public_is_no_secret(
    name: str, tmp_path: Path, *, is_secret: bool
) -> None:
    """One function reads them all, and asks to decrypt them all."""
    code = CODE.replace('os.environ["SETTINGS"]', f'"{name}"')
    (tmp_path / "template.yaml").write_text(TEMPLATE % "Elsewhere")
    (tmp_path / "app.py").write_text(code)

    rules = {finding.rule.id for finding in scan(tmp_path).findings}

    assert ("secret-in-response" in rules) is is_secret


@pytest.mark.parametrize(("name", "is_secret"), [("Settings", False), ("Elsewhere", True)])
def test_a_parameter_in_plain_text_is_no_secret(
    name: str, tmp_path: Path, *, is_secret: bool
) -> None:
    """Asking for decryption does not make it one; of what others keep, nobody knows."""
    (tmp_path / "template.yaml").write_text(TEMPLATE % name)
    (tmp_path / "app.py").write_text(CODE)

    rules = {finding.rule.id for finding in scan(tmp_path).findings}

    assert ("secret-in-response" in rules) is is_secret
