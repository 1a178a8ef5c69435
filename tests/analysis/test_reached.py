"""Which ways of an API lead to a route of a framework within the function."""

from pathlib import Path

import pytest
from folders import write

from stockade.analysis.interpreter.reached import others
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
