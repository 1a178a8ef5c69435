"""What browsers ask before a request is nobody's way to run up a bill."""

from pathlib import Path

import pytest

from stockade.api import scan

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Faces:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Policies: [Statement: [{Effect: Allow, Action: rekognition:DetectFaces, Resource: "*"}]]
      Events:
        Ask: {Type: HttpApi, Properties: {Method: %s, Path: /faces}}
"""
CODE = """
import boto3, json
rekognition = boto3.client("rekognition")
def handler(event, context):
    rekognition.detect_faces(Image={"S3Object": {"Bucket": "faces", "Name": "one.jpg"}})
    return {"statusCode": 204}
"""


@pytest.mark.parametrize(("method", "told"), [("POST", True), ("OPTIONS", False)])
def test_a_preflight_is_no_way_to_spend(method: str, tmp_path: Path, *, told: bool) -> None:
    """The route that does the work is; its OPTIONS is exempt, as from authorizers."""
    (tmp_path / "template.yaml").write_text(TEMPLATE % method)
    (tmp_path / "app.py").write_text(CODE)

    findings = scan(tmp_path).findings
    rules = {one.rule.id for each in findings for one in (each, *each.brings)}

    assert ("spending-without-bound" in rules) is told
