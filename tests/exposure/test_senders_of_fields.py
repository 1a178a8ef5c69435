"""Who sends a field hangs on what the function's triggers send, and on what they make of it."""

from pathlib import Path

import pytest
from folders import write

from stockade.api import scan
from stockade.model import Exposure, Finding, Severity

_CODE = """
    import os


    def handler(event, context):
        os.system(event["command"])
"""
_METHOD = """
    Resources:
      F:
        Type: AWS::Lambda::Function
        Properties: {Runtime: python3.13, Handler: app.handler, Code: ., Role: !GetAtt R.Arn}
      R:
        Type: AWS::IAM::Role
        Properties: {AssumeRolePolicyDocument: {Statement: []}}
      Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: api}}
      Method:
        Type: AWS::ApiGateway::Method
        Properties:
          RestApiId: !Ref Api
          ResourceId: !GetAtt Api.RootResourceId
          HttpMethod: POST
          AuthorizationType: NONE
          Integration:
            Type: %s
            IntegrationHttpMethod: POST
            Uri: !Sub 'arn:aws:apigateway:r:lambda:path/functions/${F.Arn}/invocations'
"""


def _found(folder: Path, template: str, code: str = _CODE) -> list[Finding]:
    write(folder, {"template.yaml": template, "app.py": code})
    return [one for one in scan(folder).findings if one.rule.practice == "C1"]


def test_what_no_trigger_sends_is_sent_by_whoever_may_invoke(tmp_path: Path) -> None:
    """A route's event has no `command`: only a call of the function by its name has."""
    (found,) = _found(tmp_path, _METHOD % "AWS_PROXY")

    assert found.match.message == "whoever may invoke it can run commands in F"
    assert (found.match.exposure, found.severity) == (Exposure.APPLICATION, Severity.MEDIUM)
    first = found.match.because[0]
    assert (first.at.line, "`command`" in first.note) == (3, True)


def test_without_a_template_a_custom_integration_sends_the_body_itself(tmp_path: Path) -> None:
    """Then `command` is a field of the caller's body."""
    (found,) = _found(tmp_path, _METHOD % "AWS")

    assert found.match.message == "anyone can run commands in F"
    assert found.severity is Severity.CRITICAL


def test_a_mapping_template_tells_which_fields_are_the_callers(tmp_path: Path) -> None:
    """Here `command` is a constant, and `name` is what the caller wrote."""
    method = _METHOD % "AWS"
    template = """
            RequestTemplates:
              application/json: '{"command": "ls", "name": $input.json("$.name")}'
"""
    code = """
        import os


        def handler(event, context):
            os.system(event["command"])
            os.system(event["name"])
    """

    (found,) = _found(tmp_path, method.rstrip() + template, code)

    assert found.match.at.line == 7


def test_the_frameworks_own_template_passes_the_body_on(tmp_path: Path) -> None:
    """`integration: lambda` of the Serverless Framework: body, headers, query and path."""
    service = """
        service: jobs
        provider: {name: aws, runtime: python3.13}
        functions:
          run:
            handler: app.handler
            events:
              - http: {path: /run, method: post, integration: lambda}
    """
    code = """
        import os


        def handler(event, context):
            os.system(event["body"]["command"])
            os.system(event["query"]["q"])
            os.system(event["method"])
            os.system(event["principalId"])
    """
    write(tmp_path, {"serverless.yml": service, "app.py": code})

    found = [one for one in scan(tmp_path).findings if one.rule.practice == "C1"]

    assert [one.match.at.line for one in found] == [6, 7]
    assert {one.match.exposure for one in found} == {Exposure.ANYONE}


_ROUTES = """
    Transform: AWS::Serverless-2016-10-31
    Resources:
      F:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: .
          Events:
            Rest: {Type: Api, Properties: {Method: get, Path: "%s"}}
            Http: {Type: HttpApi, Properties: {Method: get, Path: "%s"}}
"""


@pytest.mark.parametrize(
    ("rest", "http", "sources"),
    [
        ("/start", "/v1/start-now.html", 0),
        ("/start", "/users/{id}", 1),
        ("/{proxy+}", "/start", 1),
        ("/", "$default", 1),
    ],
)
def test_the_path_of_a_route_without_parameters_is_the_authors(
    tmp_path: Path, rest: str, http: str, sources: int
) -> None:
    """Whoever calls it cannot write another one; where a route has parameters he can."""
    code = """
        import os


        def handler(event, context):
            os.system(event["path"] + event["rawPath"] + event["requestContext"]["http"]["path"])
    """

    found = _found(tmp_path, _ROUTES % (rest, http), code)

    assert len(found) == sources
    assert all(one.severity is Severity.CRITICAL for one in found)
