"""Near misses of `item-of-another`: whose word a function takes for whose items it touches."""

from pathlib import Path

import pytest

from stockade.api import scan
from stockade.config import Config

_TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Users: {{Type: AWS::Cognito::UserPool}}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Auth:
        DefaultAuthorizer: Users
        Authorizers: {{Users: {{UserPoolArn: !GetAtt Users.Arn}}}}
  Bets:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{{AttributeName: user_id, KeyType: HASH}}]
      AttributeDefinitions: [{{AttributeName: user_id, AttributeType: S}}]
  {name}:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: app.handler
      Runtime: python3.13
      Environment: {{Variables: {{BETS: !Ref Bets}}}}
      Policies: [{{DynamoDBCrudPolicy: {{TableName: !Ref Bets}}}}]
      Events:
        Request: {{Type: Api, Properties: {{RestApiId: !Ref Api, Path: {path}, Method: post}}}}
"""
_HEAD = """
import json, os, boto3, others
bets = boto3.resource("dynamodb").Table(os.environ["BETS"])
def handler(event, context):
    body = json.loads(event["body"])
"""


def _found(
    folder: Path, code: str, *, name: str = "Place", path: str = "/bets", head: str = _HEAD
) -> list[str]:
    (folder / "template.yaml").write_text(_TEMPLATE.format(name=name, path=path))
    (folder / "app.py").write_text(head + "".join(f"    {line}\n" for line in code.splitlines()))
    report = scan(folder, Config(select=("item-of-another",)))
    return [finding.match.message for finding in report.findings]


_PUT = 'bets.put_item(Item={"user_id": body["user_id"], "team": body["team"]})'

TOLD = {
    _PUT: "write into Bets in the name of another",
    'bets.delete_item(Key={"user_id": body["user_id"]})': "delete the items of others from Bets",
    'return bets.get_item(Key={"user_id": f"U#{body[\'userId\']}"})': "read the items of others",
    'return bets.query(KeyConditionExpression="user_id = :u", '
    'ExpressionAttributeValues={":u": body["user_id"]})': "read the items of others in Bets",
    f"print(event)\n{_PUT}": "write into Bets",
}

OF_OTHER_STORES = {
    "s3.get_object(Bucket='files', Key=f\"users/{body['user_id']}/cv.pdf\")": (
        "read the objects of others in files"
    ),
    "s3.delete_object(Bucket='files', Key=f\"users/{body['user_id']}/cv.pdf\")": (
        "delete the objects of others from files"
    ),
    "s3.generate_presigned_url('put_object', "
    "Params={'Bucket': 'files', 'Key': f\"users/{body['userId']}/{body['name']}\"})": (
        "write into files in the name of another"
    ),
    'orders.delete_many({"customerId": body["customerId"]})': "delete the documents of others",
    'orders.find_one_and_update({"user_id": body["user_id"]}, {"$set": {"paid": 1}})': (
        "change the documents of others"
    ),
    'return list(orders.find({"user_id": body["user_id"]}))': "read the documents of others",
    'orders.insert_one({"user_id": body["user_id"]})': "in the name of another",
}
_OTHERS = """
import json, boto3, pymongo
s3 = boto3.client("s3")
orders = pymongo.MongoClient()["shop"]["orders"]
def handler(event, context):
    body = json.loads(event["body"])
"""

SILENT = {
    "it asks who calls": f'who = event["requestContext"]["authorizer"]\n{_PUT}',
    "it reads the token": f'who = event["headers"]["Authorization"]\n{_PUT}',
    "code that was not read may ask": f"others.check(event)\n{_PUT}",
    "an address names nobody's item": 'bets.put_item(Item={"email": body["email"]})',
    "the field is no user": 'bets.get_item(Key={"user_id": body["team"]})',
    "everybody may read all": 'bets.scan()\nbets.get_item(Key={"user_id": body["user_id"]})',
}


@pytest.mark.parametrize("code", TOLD)
def test_a_function_that_takes_the_word_of_its_caller_for_who_they_are_is_told(
    tmp_path: Path, code: str
) -> None:
    """The message says what may be done, and by which field."""
    (message,) = _found(tmp_path, code)
    assert TOLD[code] in message
    assert "never asks who calls" in message


@pytest.mark.parametrize("code", OF_OTHER_STORES)
def test_objects_and_documents_are_reached_by_the_word_of_the_caller_too(
    tmp_path: Path, code: str
) -> None:
    """Not only tables hold what belongs to somebody."""
    (message,) = _found(tmp_path, code, head=_OTHERS)
    assert OF_OTHER_STORES[code] in message


def test_rows_of_a_model_are_reached_by_the_word_of_the_caller_too(tmp_path: Path) -> None:
    """Prisma names the model, and what is looked for under `where`."""
    template = _TEMPLATE.format(name="Place", path="/bets")
    (tmp_path / "template.yaml").write_text(template.replace("python3.13", "nodejs22.x"))
    (tmp_path / "app.js").write_text(
        """
const { PrismaClient } = require("@prisma/client");
const prisma = new PrismaClient();
exports.handler = async (event) => {
  const { customerId, name } = JSON.parse(event.body);
  await prisma.customer.update({ where: { customerId }, data: { name } });
};
"""
    )
    report = scan(tmp_path, Config(select=("item-of-another",)))
    (message,) = [finding.match.message for finding in report.findings]
    assert "change the rows of others in customer" in message


@pytest.mark.parametrize("why", SILENT)
def test_nothing_is_told_where_callers_may_be_asked_for_or_nobody_is_harmed(
    tmp_path: Path, why: str
) -> None:
    """Whoever asks who calls is held to have a reason."""
    assert _found(tmp_path, SILENT[why]) == []


@pytest.mark.parametrize(
    ("name", "path"), [("AdminBets", "/bets"), ("Bets2", "/admin/bets"), ("SignUp", "/users")]
)
def test_what_is_for_staff_or_comes_before_signing_in_is_not_told(
    tmp_path: Path, name: str, path: str
) -> None:
    """Their callers act for others, or are nobody yet."""
    assert _found(tmp_path, _PUT, name=name, path=path) == []
