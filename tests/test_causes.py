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


def test_calls_that_run_the_same_statement_are_one_finding(tmp_path: Path) -> None:
    """The text is mended once; where else it is run stands beside it, and is ignored with it."""
    (tmp_path / "template.yaml").write_text(CHAT.replace("bedrock:InvokeModel", "s3:GetObject"))
    (tmp_path / "app.py").write_text(
        """\
import sqlite3

def handler(event, context):
    db = sqlite3.connect("/mnt/orders.db")
    statement = f"SELECT * FROM orders WHERE id = '{event['body']}'"
    if context.function_version == "1":
        return db.execute(statement).fetchall()
    db.execute(statement)
    db.execute(f"DELETE FROM orders WHERE id = '{event['body']}'")
"""
    )

    statements = [one for one in scan(tmp_path).findings if one.rule.id == "event-in-sql"]

    places = [[match.at.line for match in (one.match, *one.also)] for one in statements]
    assert places == [[7, 8], [9]]
    assert [len(one.also_fingerprints) for one in statements] == [1, 0]


def test_roles_that_open_all_buckets_are_one_finding(tmp_path: Path) -> None:
    """What each of them opens is the same decision; the other roles stand beside the first."""
    (tmp_path / "app.py").write_text("def handler(event, context):\n    return 1\n")
    functions = "".join(
        f"""\
  {name}:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      Policies: [Statement: [{{Effect: Allow, Action: {action}, Resource: "*"}}]]
      Events: {{Ask: {{Type: HttpApi, Properties: {{Method: GET, Path: /{name}}}}}}}
"""
        for name, action in (("A", "s3:GetObject"), ("B", "s3:GetObject"), ("C", "s3:*"))
    )
    (tmp_path / "template.yaml").write_text(CHAT.partition("  Chat:")[0] + functions)

    opened = [one for one in scan(tmp_path).findings if one.rule.id == "role-opens-every-store"]

    assert [[match.resource for match in (one.match, *one.also)] for one in opened] == [
        ["A", "B"],
        ["C"],
    ]


def test_a_statement_that_lets_anyone_write_is_told_with_what_it_lets_them_read(
    tmp_path: Path,
) -> None:
    """Both are over once the statement is gone; a second one that lets them read is not."""
    statement = (
        '{Effect: Allow, Principal: "*", Action: ["s3:%s"], Resource: !Sub "${Files.Arn}/*"}'
    )
    template = """\
Resources:
  Files:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration: {BlockPublicPolicy: false, RestrictPublicBuckets: false}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties: {Bucket: !Ref Files, PolicyDocument: {Statement: [STATEMENTS]}}
"""
    both = template.replace("STATEMENTS", statement.replace("s3:%s", "s3:*"))
    apart = ",\n      ".join(statement % action for action in ("PutObject", "GetObject"))

    together = found(tmp_path, both)
    alone = found(tmp_path, template.replace("STATEMENTS", apart))

    assert [one.rule.id for one in together] == ["outsiders-write-to-bucket"]
    assert [one.rule.id for one in together[0].brings] == ["public-bucket"]
    assert [one.rule.id for one in alone] == ["outsiders-write-to-bucket", "public-bucket"]
