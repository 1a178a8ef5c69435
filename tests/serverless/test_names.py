"""Functions go by the names that their author wrote."""

import json
from pathlib import Path

import pytest
from folders import write

from stockade.api import scan
from stockade.cli import main
from stockade.reports.json import document

SERVICE = """
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  get-order:
    handler: app.handler
    events:
      - httpApi: GET /orders/{id}
  caller:
    handler: caller.handler
    environment: {ARN: !GetAtt GetDashorderLambdaFunction.Arn}
  Orders:
    handler: caller.handler
resources:
  Resources:
    Orders: {Type: AWS::DynamoDB::Table}
"""
APP = """import os
def handler(event, context):
    os.system("cat " + event["pathParameters"]["id"])
"""
CALLER = """import os
import boto3
def handler(event, context):
    boto3.client("lambda").invoke(FunctionName=os.environ["ARN"])
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Return the folder of a service of three functions."""
    write(tmp_path, {"serverless.yml": SERVICE, "app.py": APP, "caller.py": CALLER})
    return tmp_path


def test_a_function_goes_by_its_key(shop: Path) -> None:
    """Messages say the key; JSON has the logical id of the deployed template beside it."""
    finding = document(scan(shop))["findings"][0]

    assert finding["message"] == "anyone can run commands in get-order"
    assert finding["resource"] == "get-order"
    assert finding["logical_id"] == "GetDashorderLambdaFunction"


def test_a_key_that_another_resource_has_as_its_id_names_that_alone(shop: Path) -> None:
    """The table keeps its name; the function then goes by its logical id."""
    (application,) = scan(shop).applications

    assert application.resources["Orders"].type == "AWS::DynamoDB::Table"
    assert set(application.functions) == {"get-order", "caller", "OrdersLambdaFunction"}


@pytest.mark.parametrize("name", ["caller", "CallerLambdaFunction"])
def test_a_policy_to_paste_names_logical_ids(
    shop: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """The framework knows the function that is called by its logical id alone."""
    main(["policy", str(shop), "--function", name, "--format", "json"])

    (function,) = json.loads(capsys.readouterr().out)["functions"]
    resources = {
        one for statement in function["policy"]["Statement"] for one in statement["Resource"]
    }
    assert any(one.endswith(":function:${GetDashorderLambdaFunction}") for one in resources)
    assert {one["resource"] for one in function["needed"]} == resources
