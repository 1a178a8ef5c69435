"""A setting with a constant for when there is none is what the template sets."""

from pathlib import Path

import pytest

from stockade.api import scan
from stockade.config import Config

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Add:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: {runtime}
      Environment: {{Variables: {{T: shop-orders}}}}
      Policies:
        - Statement: [{{Effect: Allow, Action: "dynamodb:PutItem", Resource: "{table}"}}]
"""

PYTHON = """\
import os
import boto3

table = boto3.resource("dynamodb").Table(os.environ.get("T") or "orders")

def handler(event, context):
    table.put_item(Item={"id": "1"})
"""

JAVASCRIPT = """\
const { DynamoDBClient, PutItemCommand } = require("@aws-sdk/client-dynamodb");
const client = new DynamoDBClient({});
exports.handler = async () => {
  await client.send(new PutItemCommand({ TableName: process.env.T || "orders", Item: {} }));
};
"""


@pytest.mark.parametrize(
    ("name", "runtime", "code"),
    [("app.py", "python3.13", PYTHON), ("app.js", "nodejs22.x", JAVASCRIPT)],
)
@pytest.mark.parametrize(("table", "missing"), [("shop-*", 0), ("orders", 1)])
def test_the_default_of_a_setting_is_not_needed(  # noqa: PLR0913, PLR0917 - cases by name
    tmp_path: Path, name: str, runtime: str, code: str, table: str, missing: int
) -> None:
    """The role needs the table that the template names, and no other."""
    arn = f"arn:aws:dynamodb:*:*:table/{table}"
    (tmp_path / "template.yaml").write_text(TEMPLATE.format(runtime=runtime, table=arn))
    (tmp_path / name).write_text(code)

    assert len(scan(tmp_path, Config(select=("permission-missing",))).findings) == missing
