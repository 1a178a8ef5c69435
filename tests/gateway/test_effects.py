"""What functions do that matters to others, and which jobs a handler has."""

from pathlib import Path

import pytest
from loaded import application

from stockade.analysis import analyse
from stockade.analysis.effects import Effect, Effects, through
from stockade.analysis.jobs import jobs
from stockade.analysis.limits import number
from stockade.analysis.operations import EffectKind
from stockade.analysis.runtimes import DEPRECATED, successor
from stockade.model import NOWHERE, Scalar

TEMPLATE = """
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Users: {Type: AWS::Serverless::SimpleTable}
      Orders: {Type: AWS::Serverless::SimpleTable}
      Mail: {Type: AWS::SNS::Topic}
      F:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: {runtime}
          Handler: app.handler
          CodeUri: .
          Environment:
            Variables: {USERS: !Ref Users, ORDERS: !Ref Orders, MAIL: !Ref Mail}
          Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Users}}]
          Events:
            Get: {Type: Api, Properties: {Path: /u, Method: get}}
            Post: {Type: Api, Properties: {Path: /u, Method: post}}
"""
HEAD = """
import os
import boto3
users = boto3.resource("dynamodb").Table(os.environ["USERS"])
orders = boto3.resource("dynamodb").Table(os.environ["ORDERS"])
"""


def _effects(folder: Path, code: str) -> dict[str, tuple[Effect, ...]]:
    """Return what each route of the function does, by its method."""
    template = TEMPLATE.replace("{runtime}", "python3.13")
    app = application(folder, template, {"app.py": HEAD + code})
    found = Effects(app, analyse(app))
    return {
        source.route.method: through(app, found, source)
        for source in app.event_sources
        if source.route is not None
    }


@pytest.mark.parametrize(
    ("line", "does", "kind"),
    [
        ("users.delete_item(Key={})", "deletes from Users", EffectKind.DELETES),
        ("users.put_item(Item={})", "writes to Users", EffectKind.WRITES),
        ("users.scan()", "reads Users", EffectKind.READS),
        (
            "boto3.client('dynamodb').update_item(TableName=os.environ['ORDERS'])",
            "writes to Orders",
            EffectKind.WRITES,
        ),
        (
            "boto3.client('sns').publish(TopicArn=os.environ['MAIL'])",
            "publishes to Mail",
            EffectKind.SENDS,
        ),
        (
            "boto3.client('sns').publish(PhoneNumber='+1', Message='a')",
            "sends text messages",
            EffectKind.SPENDS,
        ),
        (
            "boto3.client('bedrock-runtime').converse(modelId='a')",
            "runs models of Bedrock",
            EffectKind.SPENDS,
        ),
        ("boto3.client('s3').put_object(Bucket='other')", "writes to a bucket", EffectKind.WRITES),
    ],
)
def test_a_call_is_told_in_words(line: str, does: str, kind: EffectKind, tmp_path: Path) -> None:
    """What a call does is named with the resource of the template that it acts on."""
    (effect,) = _effects(tmp_path, f"def handler(event, context):\n    {line}\n")["POST"]

    assert (effect.does, effect.kind, effect.sure) == (does, kind, True)


def test_a_reading_route_is_not_held_to_write(tmp_path: Path) -> None:
    """Where one function serves GET and POST, only POST is told to write."""
    code = "def handler(event, context):\n    users.scan()\n    users.put_item(Item={})\n"

    found = _effects(tmp_path, code)

    assert [one.does for one in found["GET"]] == ["reads Users"]
    assert [one.does for one in found["POST"]] == ["writes to Users", "reads Users"]


def test_code_that_is_not_analysed_is_judged_by_its_role(tmp_path: Path) -> None:
    """What a role allows is said to be possible; POST is not held to delete."""
    app = application(tmp_path, TEMPLATE.replace("{runtime}", "java21"))
    found = Effects(app, analyse(app))
    source = next(one for one in app.event_sources if one.route and one.route.method == "POST")

    told = [(one.may, one.sure) for one in through(app, found, source)]

    assert ("write to Users", False) in told
    assert all("delete" not in may for may, _ in told)


def test_branches_of_one_table_are_one_job(tmp_path: Path) -> None:
    """A switch whose branches share their table is one job, others are several."""
    shared = """
def handler(event, context):
    if event["httpMethod"] == "GET":
        return users.scan()
    if event["httpMethod"] == "POST":
        users.put_item(Item={})
"""
    apart = shared.replace("users.put_item", "orders.put_item")
    counts = []
    for name, code in (("shared", shared), ("apart", apart)):
        folder = tmp_path / name
        template = TEMPLATE.replace("{runtime}", "python3.13")
        app = application(folder, template, {"app.py": HEAD + code})
        facts = analyse(app)
        counts.append([job.labels for job in jobs(app, facts, app.functions["F"])])

    assert counts[1] == [("GET",), ("POST",)]
    assert len(counts[0]) < len(counts[1])


def test_a_switch_in_another_function_is_followed_to_its_calls(tmp_path: Path) -> None:
    """Calls that a branch reaches through functions belong to the branch."""
    code = """
def pay():
    orders.put_item(Item={})

def handler(event, context):
    action = event["action"]
    if action == "pay":
        pay()
    elif action == "forget":
        users.delete_item(Key={})
"""
    app = application(
        tmp_path, TEMPLATE.replace("{runtime}", "python3.13"), {"app.py": HEAD + code}
    )
    found = jobs(app, analyse(app), app.functions["F"])

    assert {job.labels: [one.action for one in job.effects] for job in found} == {
        ("pay",): ["dynamodb:PutItem"],
        ("forget",): ["dynamodb:DeleteItem"],
    }


@pytest.mark.parametrize(
    ("written", "expected"),
    [(30, 30), ("30", 30), (30.0, 30), ("many", None), ("1e999", None), (None, None)],
)
def test_a_number_is_read_or_unknown(written: float | str | None, expected: int | None) -> None:
    """What is no number, or too large to be one, is not known."""
    assert number(Scalar(written, NOWHERE)) == expected


def test_each_deprecated_runtime_has_one_to_move_to() -> None:
    """What a runtime is replaced by is mended for longer than anything else of its language."""
    for name, lifecycle in DEPRECATED.items():
        newest = successor(name)

        assert DEPRECATED[newest].deprecated >= lifecycle.deprecated
        assert newest[:4] == name[:4] or name == "go1.x"


def test_a_runtime_is_mended_for_at_least_as_long_as_it_can_be_chosen_newly() -> None:
    """Since 2021 AWS blocks new functions only on runtimes that it has deprecated."""
    for lifecycle in DEPRECATED.values():
        if lifecycle.deprecated.year > 2020:
            assert lifecycle.creation_blocked >= lifecycle.deprecated
