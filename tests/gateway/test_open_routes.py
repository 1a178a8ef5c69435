"""Which open routes are worth a finding, and how bad each is."""

from pathlib import Path

import pytest
from loaded import application

from stockade.analysis import analyse
from stockade.model import Confidence, Finding, Severity
from stockade.rules.route_not_declared_public import route_not_declared_public
from stockade.rules.route_without_authorizer import route_without_authorizer

TEMPLATE = """
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Users: {Type: AWS::Serverless::SimpleTable}
      Prices: {Type: AWS::Serverless::SimpleTable}
      PageCache: {Type: AWS::Serverless::SimpleTable}
      F:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: RUNTIME
          Handler: app.handler
          CodeUri: .
          Environment:
            Variables: {USERS: !Ref Users, PRICES: !Ref Prices, CACHE: !Ref PageCache}
          Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Users}}]
          Events:
            Call: {Type: Api, Properties: {Path: PATH, Method: METHOD}}
"""
PYTHON = """
import hashlib
import hmac
import os
import boto3
tables = boto3.resource("dynamodb")

def handler(event, context):
    LINE
"""


def _judged(folder: Path, line: str, route: str = "post /things") -> list[Finding]:
    method, _, path = route.partition(" ")
    template = TEMPLATE.replace("RUNTIME", "python3.13")
    template = template.replace("PATH", path).replace("METHOD", method)
    app = application(folder, template, {"app.py": PYTHON.replace("LINE", line)})
    facts = analyse(app)
    return [
        *route_without_authorizer.findings(app, facts),
        *route_not_declared_public.findings(app, facts),
    ]


@pytest.mark.parametrize(
    ("line", "route", "rule", "severity"),
    [
        ("tables.Table(os.environ['USERS']).delete_item(Key={})", "delete /users",
         "route-without-authorizer", Severity.HIGH),
        ("tables.Table(os.environ['USERS']).put_item(Item={})", "post /users",
         "route-without-authorizer", Severity.MEDIUM),
        ("return tables.Table(os.environ['USERS']).scan()", "get /users",
         "route-without-authorizer", Severity.MEDIUM),
        ("return tables.Table(os.environ['USERS']).scan()", "get /users/public",
         "route-not-declared-public", Severity.LOW),
        ("tables.Table(os.environ['USERS']).put_item(Item={})", "post /users/public",
         "route-without-authorizer", Severity.MEDIUM),
        ("return tables.Table(os.environ['PRICES']).scan()", "get /prices",
         "route-not-declared-public", Severity.LOW),
        ("tables.Table(os.environ['CACHE']).put_item(Item={})", "post /pages",
         "route-not-declared-public", Severity.LOW),
        ("return {'statusCode': 200}", "get /time", "route-not-declared-public", Severity.LOW),
    ],
)  # fmt: skip
def test_harm_decides(
    line: str, route: str, rule: str, severity: Severity, tmp_path: Path
) -> None:
    """Deleting is worse than writing; reading counts where it is about people."""
    (finding,) = _judged(tmp_path, line, route)

    assert (finding.rule.id, finding.severity) == (rule, severity)


@pytest.mark.parametrize(
    "route", ["post /login", "post /v1/sign-up", "get /health", "post /oauth/callback"]
)
def test_who_cannot_be_signed_in_is_not_asked_to_be(route: str, tmp_path: Path) -> None:
    """Sign-in, health checks and callbacks are open by nature."""
    assert _judged(tmp_path, "tables.Table(os.environ['USERS']).put_item(Item={})", route) == []


def test_a_word_in_a_path_is_a_whole_word(tmp_path: Path) -> None:
    """`/pingpong` is no health check and `/authors` no sign-in."""
    line = "tables.Table(os.environ['USERS']).put_item(Item={})"

    assert len(_judged(tmp_path, line, "post /authors")) == 1


def test_a_verified_webhook_is_guarded(tmp_path: Path) -> None:
    """A function that compares signatures knows who is calling."""
    line = (
        "signed = hmac.new(b'k', event['body'].encode(), hashlib.sha256).hexdigest()\n"
        "    if hmac.compare_digest(signed, event['headers']['x-signature']):\n"
        "        tables.Table(os.environ['USERS']).put_item(Item={})"
    )
    assert _judged(tmp_path, line, "post /things") == []


def test_what_only_the_role_tells_is_less_sure_and_less_bad(tmp_path: Path) -> None:
    """Of code that is not analysed the finding says what its role allows."""
    template = TEMPLATE.replace("RUNTIME", "java21")
    template = template.replace("PATH", "/users").replace("METHOD", "post")
    app = application(tmp_path, template)

    (finding,) = route_without_authorizer.findings(app, analyse(app))

    assert "may write to Users" in finding.match.message
    assert (finding.severity, finding.match.confidence) == (Severity.LOW, Confidence.LOW)


def test_an_unseen_webhook_is_unknown(tmp_path: Path) -> None:
    """Whether code that is not analysed verifies its sender cannot be known: nothing is said."""
    template = TEMPLATE.replace("RUNTIME", "java21")
    template = template.replace("PATH", "/webhook").replace("METHOD", "post")
    app = application(tmp_path, template)

    assert list(route_without_authorizer.findings(app, analyse(app))) == []
