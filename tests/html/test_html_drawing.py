"""The application as nodes and edges, and which of them the steps of findings are about."""

from pathlib import Path
from typing import Any

import pytest

from stockade.api import scan
from stockade.reports.html.content import content

CARELESS = Path(__file__).parents[2] / "examples" / "cv-mailbox" / "careless"

Drawn = dict[str, Any]


@pytest.fixture(scope="module")
def careless() -> Drawn:
    """Return the page's data of the CV mailbox."""
    return content(scan(CARELESS))


def edges(app: Drawn, kind: str) -> set[tuple[str, str, str]]:
    """Return the edges of a kind, by the labels of their ends and what they tell."""
    label = [node["label"] for node in app["nodes"]]
    return {
        (label[edge["from"]], label[edge["to"]], ", ".join(edge.get("told", ())))
        for edge in app["edges"]
        if edge["kind"] == kind
    }


def drawn(tmp_path: Path, resources: str) -> Drawn:
    """Scan a template and return its application's data."""
    (tmp_path / "template.yaml").write_text(
        f"Transform: AWS::Serverless-2016-10-31\nResources:\n{resources}"
    )
    (tmp_path / "app.py").write_text("def handler(event, context):\n    return 0\n")
    app: Drawn = content(scan(tmp_path))["applications"][0]
    return app


FUNCTION = """\
  Work:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: ., Handler: app.handler, Runtime: python3.13, %s}
"""


def test_who_sends_what_is_drawn_from_outside_to_the_function(careless: Drawn) -> None:
    """Mail and requests come in over the boundary, with what is asked of the sender."""
    assert edges(careless["applications"][0], "sends") == {
        ("anyone", "StoreMail", ""),
        ("StoreMail", "MailBucket", "mail"),
        ("MailBucket", "Intake", "new object"),
        ("any signed-in user", "RecruitersApi", "JWT"),
        ("RecruitersApi", "Recruiters", "GET /candidates, GET /candidates/{id}"),
    }


def test_what_a_role_opens_is_drawn(careless: Drawn) -> None:
    """A grant on `*` opens every store of the account, not only the application's."""
    app = careless["applications"][0]

    assert ("Intake", "every bucket", "s3:*") in edges(app, "opens")
    assert ("Intake", "every table", "dynamodb:*") in edges(app, "opens")
    assert edges(app, "names") == {
        ("Intake", "Candidates", "TABLE"),
        ("Recruiters", "Candidates", "TABLE"),
    }


def test_a_grant_on_one_table_opens_that_table(tmp_path: Path) -> None:
    """A policy template names its table, and nothing else is drawn as open."""
    app = drawn(
        tmp_path,
        "  Mine: {Type: AWS::DynamoDB::Table}\n  Theirs: {Type: AWS::DynamoDB::Table}\n"
        + FUNCTION % "Policies: [{DynamoDBReadPolicy: {TableName: !Ref Mine}}]",
    )

    assert {end for _, end, _ in edges(app, "opens")} == {"Mine"}


def test_a_route_shows_its_missing_authorizer_at_the_boundary(tmp_path: Path) -> None:
    """What stands between anyone and the API is said: nothing."""
    event = "Events: {Get: {Type: HttpApi, Properties: {Method: GET, Path: /a}}}"
    app = drawn(tmp_path, FUNCTION % event)

    assert ("anyone", "ServerlessHttpApi", "no authorizer") in edges(app, "sends")


def test_what_only_the_application_sends_has_nobody_outside(tmp_path: Path) -> None:
    """A queue of its own and a schedule lie within the boundary."""
    event = (
        "Events: {Q: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}, "
        "T: {Type: Schedule, Properties: {Schedule: rate(1 hour)}}}"
    )
    app = drawn(tmp_path, "  Jobs: {Type: AWS::SQS::Queue}\n" + FUNCTION % event)

    assert not [node for node in app["nodes"] if node["kind"] == "outside"]
    assert {(start, told) for start, _, told in edges(app, "sends")} == {
        ("Jobs", "message"),
        ("WorkT", "rate(1 hour)"),
    }


def test_steps_light_what_they_are_about(careless: Drawn) -> None:
    """A step in the template is an edge or a resource, a step in the code is the function."""
    app = careless["applications"][0]
    label = [node["label"] for node in app["nodes"]]
    steps = careless["findings"][0]["steps"]

    told = [
        (label[step["node"]], step["edge"] is not None)
        for step in (steps[0], steps[1], steps[2], steps[-1])
    ]

    assert told == [
        ("MailBucket", True),
        ("Intake", True),
        ("Intake", False),
        ("Intake", False),
    ]


def test_environment_variables_are_named_without_their_values(tmp_path: Path) -> None:
    """A literal may be a secret: its name is shown, what it holds is not."""
    app = drawn(
        tmp_path,
        FUNCTION % "Environment: {Variables: {MODE: literally-this, ME: !Ref AWS::Region}}",
    )

    assert app["functions"][0]["environment"] == [
        ["MODE", "a literal"],
        ["ME", "parameter AWS::Region"],
    ]
