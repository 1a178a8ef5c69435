"""Documents that templates name by a path."""

from pathlib import Path

from loaded import application, only

from stockade.model import AuthorizerKind, EventSourceType

_FUNCTION = """
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Code: src, FunctionName: items}
"""
_API = (
    _FUNCTION
    + """
  Api:
    Type: AWS::Serverless::Api
    Properties: {StageName: a, DefinitionUri: PLACE}
"""
)
_DOCUMENT = """
swagger: '2.0'
paths:
  /items:
    get:
      x-amazon-apigateway-integration:
        type: aws_proxy
        uri: arn:aws:apigateway:r:lambda:path/functions/arn:aws:lambda:r:1:function:items
"""


def test_routes_of_an_openapi_file(tmp_path: Path) -> None:
    """A document beside the template is read as if it stood in it, with its own lines."""
    app = application(
        tmp_path, _API.replace("PLACE", "./api/open.yaml"), {"api/open.yaml": _DOCUMENT}
    )

    source = only(app)
    assert source.type is EventSourceType.REST_API
    assert (source.at.path, source.at.line) == ("api/open.yaml", 5)
    assert source.route is not None
    assert source.route.authorizer.kind is AuthorizerKind.NONE


def test_a_document_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A missing file, one in S3 and one outside the folder are named as not seen."""
    for number, place in enumerate(("gone.yaml", "s3://bucket/key.yaml", "../../up.yaml")):
        app = application(tmp_path / str(number), _API.replace("PLACE", place))

        told = [one for one in app.unseen if one.kind == "resource"]
        assert [one.at.path for one in told] == ["template.yaml"], place


def test_a_state_machine_in_a_file(tmp_path: Path) -> None:
    """Only the substitutions that the definition uses are started by it."""
    template = (
        _FUNCTION
        + """
  G:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Code: src}
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: machine.asl.json
      DefinitionSubstitutions: {Used: !GetAtt F.Arn, Unused: !GetAtt G.Arn}
"""
    )
    definition = '{"States": {"A": {"Type": "Task", "Resource": "${Used}", "End": true}}}'
    app = application(tmp_path, template, {"machine.asl.json": definition})

    assert only(app).type is EventSourceType.STEP_FUNCTIONS
    assert only(app, "G").type is EventSourceType.INVOKE
