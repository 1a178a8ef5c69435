"""Whoever may use only some ways to a function is where its code asks which one it was."""

from pathlib import Path

import pytest
from folders import write

from stockade.api import scan

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        DefaultAuthorizer: Users
        Authorizers:
          Users:
            IdentitySource: $request.header.Authorization
            JwtConfiguration: {issuer: https://issuer.example, audience: [a]}
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Events:
        Open:
          Type: HttpApi
          Properties: {ApiId: !Ref Api, Path: /hooks, Method: post, Auth: {Authorizer: NONE}}
        Health:
          Type: HttpApi
          Properties:
            {ApiId: !Ref Api, Path: "/health/{part}", Method: get, Auth: {Authorizer: NONE}}
        Read: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: "/orders/{id}", Method: get}}
        Write: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: "/orders/{id}", Method: put}}
"""
CASES = {
    "nothing is asked": ("run(event['body'])", "anyone"),
    "the key of the route": (
        "if event['routeKey'] == 'PUT /orders/{id}':\n        run(event['body'])",
        "signed_in",
    ),
    "the other key": (
        "if event['routeKey'] == 'POST /hooks':\n        run(event['body'])",
        "anyone",
    ),
    "what was read before": (
        (
            "body = event['body']\n"
            "    if event['requestContext']['http']['method'] == 'PUT':\n"
            "        run(body)"
        ),
        "signed_in",
    ),
    "what is left once others were sent away": (
        (
            "if event['requestContext']['http']['method'] != 'PUT':\n"
            "        return {'statusCode': 405}\n"
            "    run(event['body'])"
        ),
        "signed_in",
    ),
    "what is left after a branch": (
        (
            "if event['rawPath'] == '/hooks':\n"
            "        return {'statusCode': 200}\n"
            "    elif event['requestContext']['http']['method'] in ('PUT', 'PATCH'):\n"
            "        run(event['body'])"
        ),
        "signed_in",
    ),
    "a path that begins so": (
        "if event['rawPath'].startswith('/orders/'):\n        run(event['body'])",
        "signed_in",
    ),
    "a path that begins otherwise": (
        "if not event['rawPath'].startswith('/orders/'):\n        run(event['body'])",
        "anyone",
    ),
    "one path of what varies": (
        "if event['rawPath'] == '/orders/new':\n        run(event['body'])",
        "signed_in",
    ),
    "a method of both": (
        "if event['requestContext']['http']['method'] == 'GET':\n        run(event['rawPath'])",
        "anyone",
    ),
    "a path that is none of these": (
        "if event['rawPath'] == '/prod/orders':\n        run(event['body'])",
        "anyone",
    ),
    "a parameter that only one path has": ("run(event['pathParameters']['id'])", "signed_in"),
    "a parameter that an open path has": ("run(event['pathParameters']['part'])", "anyone"),
    "a parameter that no path has": ("run(event['pathParameters']['other'])", "anyone"),
    "a helper, once for each way": (
        (
            "if event['routeKey'] == 'POST /hooks':\n"
            "        keep(event, 'a')\n"
            "    elif event['routeKey'] == 'PUT /orders/{id}':\n"
            "        keep(event, event['body'])"
        ),
        "signed_in",
    ),
}
CODE = """
import os
def run(text):
    os.system(text)
def keep(event, text):
    os.system(text)
def handler(event, context):
    {}
"""


@pytest.mark.parametrize(("body", "exposure"), CASES.values(), ids=CASES)
def test_whose_event_it_is_shows_where_the_code_asks_for_the_way(
    body: str, exposure: str, tmp_path: Path
) -> None:
    """Two ways are open to anyone, two ask for a token; the code tells them apart."""
    write(tmp_path, {"template.yaml": TEMPLATE, "app.py": CODE.format(body)})

    found = [one for one in scan(tmp_path).findings if one.rule.id == "event-in-shell"]

    assert [one.match.exposure.name.lower() for one in found] == [exposure]


DELETING = """
import boto3, jwt
table = boto3.resource("dynamodb").Table("orders")
def handler(event, context):
    if event["routeKey"] == "PUT /orders/{id}":
        table.delete_item(Key={"id": event["pathParameters"]["id"]})
    if event["routeKey"] == "POST /hooks":
        jwt.decode(event["body"], options={"verify_signature": False})
    return {"statusCode": 200}
"""


def test_a_route_is_told_with_what_its_own_calls_do(tmp_path: Path) -> None:
    """What is deleted on a way that asks for a token is nothing that the open ones do."""
    write(tmp_path, {"template.yaml": TEMPLATE, "app.py": DELETING})

    found = {one.rule.id: one.match for one in scan(tmp_path).findings}

    assert "route-without-authorizer" not in found
    assert found["unverified-token"].because[0].note.startswith("anyone can call POST /hooks")
