"""Which ways of an API lead to a route of a framework within the function."""

from pathlib import Path

import pytest
from folders import write

from stockade.analysis.interpreter.reached import is_reached, others
from stockade.api import scan

PATHS = {"all": "/{proxy+}", "root": "/", "one": "/v1/orders/{id}", "list": "/v1/orders"}


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("/orders/:id", {"one"}),
        ("/v1/orders", {"list"}),
        ("/V1/ORDERS/", {"list"}),
        ("/orders", {"list", "one"}),
        ("/v1/bills", {"all"}),
        ("/", PATHS.keys()),
        ("/orders/*", PATHS.keys()),
        (None, PATHS.keys()),
        ("/x" * 1000, PATHS.keys()),
    ],
)
def test_a_route_is_reached_where_the_paths_end_alike(written: str | None, left: set[str]) -> None:
    """Else through what takes all that is left; where nothing is told, through all."""
    assert PATHS.keys() - others(PATHS, written) == left


def test_where_nothing_takes_the_rest_every_way_counts() -> None:
    """A base path that is not seen may stand before the route."""
    assert others({"a": "/a", "b": "/b"}, "/c") == frozenset()


def test_what_varies_in_a_way_may_be_the_route() -> None:
    """`/v1/{kind}` leads to `/v1/orders`, and so does a way for all that is left by any name."""
    paths = {"kind": "/v1/{kind}", "own": "/v1/orders", "root": "/", "rest": "/v2/{any+}"}

    assert others(paths, "/orders") == {"root", "rest"}
    assert others(paths, "/v1/bills") == {"own", "root"}
    assert others(paths, "/a/b") == {"kind", "own", "root"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("/orders", True),
        ("/orders/:id", True),
        ("/orders/7", True),
        ("/v1/orders", True),
        ("/shop/v1/orders", True),
        ("/bills/new", False),
        ("/bills", True),
        ("/orders/:id/items", False),
        ("/", True),
        ("/bills/*", True),
        ("bills", True),
        ("/x" * 1000, True),
    ],
)
def test_a_route_is_reached_if_one_path_may_be_the_end_of_the_other(
    written: str, *, expected: bool
) -> None:
    """What is no path, or matches more than one, may be reached in any case."""
    ways = {"root": "/", "list": "/v1/orders", "one": "/v1/orders/{id}"}
    assert is_reached(ways, written) is expected
    assert is_reached({**ways, "rest": "/{proxy+}"}, written)


ORDERS = "Orders: {Type: HttpApi, Properties: {Path: '/orders/{id}', Method: post}}"
EXPRESS = """
const { exec } = require("child_process");
const app = require("express")();
app.post("/orders/:id", (req, res) => { exec(req.body.order); res.end(); });
app.post("/bills/new", (req, res) => { exec(req.body.bill); res.end(); });
module.exports.handler = require("serverless-http")(app);
"""


@pytest.mark.parametrize(
    ("events", "found"),
    [
        (ORDERS, [4]),
        ("All: {Type: HttpApi, Properties: {Path: '/{proxy+}', Method: post}}", [4, 5]),
        (
            f"{ORDERS}\n        Queue: {{Type: SQS, Properties: {{Queue: 'arn:aws:sqs:x:1:q'}}}}",
            [4, 5],
        ),
    ],
)
def test_a_route_to_which_no_way_leads_is_not_followed(
    tmp_path: Path, events: str, found: list[int]
) -> None:
    """Where an API names its paths one by one; what else sends events may lead anywhere."""
    template = f"""
Transform: AWS::Serverless-2016-10-31
Resources:
  App:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: app.handler
      Runtime: nodejs22.x
      Events:
        {events}
"""
    write(tmp_path, {"template.yaml": template, "app.js": EXPRESS})
    findings = scan(tmp_path).findings
    lines = [one.match.at.line for one in findings if one.rule.id == "event-in-shell"]
    assert sorted(lines) == found


def test_a_finding_begins_with_the_way_to_its_route(tmp_path: Path) -> None:
    """An application of express behind several ways, one of them with an authorizer."""
    write(
        tmp_path,
        {
            "template.yaml": """
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      Auth:
        Authorizers: {Users: {UserPoolArn: 'arn:aws:cognito-idp:x:1:userpool/y'}}
  App:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: app.handler
      Runtime: nodejs22.x
      Events:
        Root: {Type: Api, Properties: {Path: /, Method: get, RestApiId: !Ref Api}}
        Run:
          Type: Api
          Properties: {Path: /v1/run, Method: post, RestApiId: !Ref Api, Auth: {Authorizer: Users}}
        Rest: {Type: Api, Properties: {Path: '/{proxy+}', Method: any, RestApiId: !Ref Api}}
""",
            "app.mjs": """
import { exec } from "child_process";
import express from "express";
import serverless from "serverless-http";
const app = express();
const router = express.Router();
router.post("/run", (req, res) => { exec(req.body.run); });
router.post("/any", (req, res) => { exec(req.body.any); });
app.use("/v1", router);
export const handler = serverless(app);
""",
        },
    )
    found = {
        one.match.message: one.match.because[0].note
        for one in scan(tmp_path).findings
        if one.rule.id == "event-in-shell"
    }

    assert sorted(found.values()) == [
        "any user who signs in can call POST /v1/run",
        "anyone can call ANY /{proxy+}: no authorizer",
    ]
