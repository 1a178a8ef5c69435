"""What SAM generates stands at the author's lines, and tells where it comes from."""

from pathlib import Path

import pytest
from sam_loading import template_of_text

from stockade.load import load
from stockade.load.sam import Expanded, expand, renamed
from stockade.load.template import Template
from stockade.model import (
    Location,
    Map,
    NoValue,
    Reference,
    Value,
    constant,
    inside,
    items,
)

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Api:
    Auth:
      DefaultAuthorizer: People
      Authorizers:
        People:
          UserPoolArn: arn:aws:cognito-idp:eu-west-1:123456789012:userpool/p
Conditions:
  Prod: !Equals [a, b]
Resources:
  Work:
    Type: AWS::Serverless::Function
    Condition: Prod
    DeletionPolicy: Retain
    Metadata:
      BuildMethod: python3.12
    Properties:
      Handler: app.handler
      Runtime: python3.12
      CodeUri: src/
      AutoPublishAlias: live
      Policies:
        - S3ReadPolicy:
            BucketName: !Ref Inbox
        - Statement: [{Effect: Allow, Action: "s3:*", Resource: "*"}]
      Events:
        List:
          Type: Api
          Properties:
            Path: /items
            Method: get
        Free:
          Type: Api
          Properties: {Path: /free, Method: get, Auth: {Authorizer: NONE}}
        Upload:
          Type: S3
          Properties:
            Bucket: !Ref Inbox
            Events: s3:ObjectCreated:*
        Queue:
          Type: SQS
          Properties:
            Queue: arn:aws:sqs:eu-west-1:123456789012:q
            DestinationConfig:
              OnFailure: {Type: SNS, Destination: arn:aws:sns:eu-west-1:123456789012:t}
  Inbox:
    Type: AWS::S3::Bucket
"""


def line_of(text: str) -> int:
    """Return the number of the first line of the template that holds `text`."""
    return next(number for number, line in enumerate(TEMPLATE.splitlines(), 1) if text in line)


@pytest.fixture(scope="module")
def expanded() -> Expanded:
    """Expand the template above."""
    return expand(template_of_text(TEMPLATE))


def found(expanded: Expanded, logical_id: str, *path: str) -> list[Value]:
    """Return what stands under a path of a resource's properties."""
    return list(inside(expanded.resources[logical_id].properties, *path))


def test_events_stand_at_their_line(expanded: Expanded) -> None:
    """What an event makes is where the author wrote the event."""
    lines = {key: resource.at.line for key, resource in expanded.resources.items()}

    assert lines["WorkListPermissionProd"] == line_of("List:")
    assert lines["WorkQueue"] == line_of("Queue:")
    assert lines["WorkUploadPermission"] == line_of("Upload:")


def test_methods_stand_at_their_event(expanded: Expanded) -> None:
    """The key of a method in the API's definition has the place of the event."""
    (item,) = found(expanded, "ServerlessRestApi", "Body", "paths", "/items")

    assert isinstance(item, Map)
    assert item.key_at("get").line == line_of("List:")


def test_default_authorizer_stands_where_it_is_written(expanded: Expanded) -> None:
    """The security of a method that says nothing has the place of the API's default."""
    path = ("Body", "paths", "/items", "get", "security", "[]", "People")
    (scopes,) = found(expanded, "ServerlessRestApi", *path)

    assert scopes.at.line == line_of("DefaultAuthorizer")


def test_a_freed_route_stands_at_its_event(expanded: Expanded) -> None:
    """The security of a method that the event frees has the place of the event."""
    path = ("Body", "paths", "/free", "get", "security", "[]", "NONE")
    (scopes,) = found(expanded, "ServerlessRestApi", *path)

    assert scopes.at.line == line_of("Free:")


def test_a_route_without_key_and_authorizer_stands_at_its_event() -> None:
    """Where an event frees its method of key and authorizer, its line is what decides."""
    text = """
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Auth:
        ApiKeyRequired: true
        DefaultAuthorizer: AWS_IAM
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Free:
          Type: Api
          Properties:
            RestApiId: !Ref Api
            Path: /
            Method: get
            Auth: {Authorizer: NONE, ApiKeyRequired: no}
"""
    result = expand(template_of_text(text))
    (security,) = found(result, "Api", "Body", "paths", "/", "get", "security")

    assert list(items(security)) == []
    assert security.at.line == 14


def test_the_role_stands_at_its_function(expanded: Expanded) -> None:
    """A generated role is where its function is, and says what the author wrote."""
    role = expanded.resources["WorkRole"]

    assert role.at.line == line_of("Work:")
    assert role.written_as == "AWS::Serverless::Function"
    assert role.condition == "Prod"
    assert role.metadata is not None


def test_policies_tell_where_they_come_from(expanded: Expanded) -> None:
    """Each policy of a generated role has its source and the line it is written at."""
    (policies,) = found(expanded, "WorkRole", "Policies")
    sources = [
        (constant(policy.get("Source")), policy.at.line)
        for policy in items(policies)
        if isinstance(policy, Map)
    ]

    assert sources == [
        ("sam-template", line_of("S3ReadPolicy")),
        ("inline", line_of("Statement:")),
        ("implied", line_of("Queue:")),
    ]


def test_the_bucket_notifies_under_the_functions_condition(expanded: Expanded) -> None:
    """The notification that an event adds to a bucket hangs on the function's condition."""
    path = ("NotificationConfiguration", "LambdaConfigurations", "[]", "Event")
    events = found(expanded, "Inbox", *path)

    assert [constant(event) for event in events] == ["s3:ObjectCreated:*"]
    assert expanded.resources["Inbox"].written_as == "AWS::S3::Bucket"


def test_generated_things_have_names_of_their_own(expanded: Expanded) -> None:
    """`Work.Version` and `ServerlessRestApi.Stage` lead to what SAM makes, in outputs as well."""
    at = Location("template.yaml", 1)
    value = renamed(Reference("Work.Alias", "Ref", at), expanded.aliases)
    stage = renamed(Reference("ServerlessRestApi", "Stage", at), expanded.aliases)

    assert isinstance(value, Reference)
    assert isinstance(stage, Reference)
    assert value.resource == "WorkAliaslive"
    assert stage.resource == "ServerlessRestApiProdStage"


def test_authors_keys_keep_their_places(expanded: Expanded) -> None:
    """Properties of the Lambda function stand where the author wrote them."""
    function = expanded.resources["Work"]

    assert function.type == "AWS::Lambda::Function"
    assert function.properties.key_at("Handler").line == line_of("Handler:")
    assert function.properties.key_at("Code").line == line_of("CodeUri")
    assert constant(function.properties.get("Code")) == "src/"


def test_ids_have_their_stack_before_them() -> None:
    """In a nested stack, generated resources and references have the stack's prefix."""
    template = template_of_text(TEMPLATE)
    nested = _nested(template, "Shop/")

    resources = expand(nested).resources

    role = resources["Shop/Work"].properties.get("Role")
    assert isinstance(role, Reference)
    assert role.resource == "Shop/WorkRole"
    assert "Shop/ServerlessRestApi" in resources


def _nested(template: Template, prefix: str) -> Template:
    moved = {}
    for key, resource in template.resources.items():
        moved[prefix + key] = type(resource)(
            id=prefix + key,
            type=resource.type,
            properties=resource.properties,
            at=resource.at,
            stack=prefix.rstrip("/"),
            logical_id=key,
            written_as=resource.written_as,
        )
    return type(template)(
        stack=template.stack,
        transforms=template.transforms,
        globals=template.globals,
        resources=moved,
    )


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("Properties: {Events: {A: {Type: Telepathy}}}", "type is not known: Telepathy"),
        ("Properties: {Mood: good}", "not known: Mood"),
        ("Properties: {Policies: [{Odd: 1, Form: 2}]}", "no form of policy"),
        ("Properties: {Events: {A: {Type: Api, Properties: {Path: /a}}}}", "path or method"),
        ("Properties: {Events: {A: {Type: SQS}}}", "without its Queue"),
        ("Properties: {Events: {A: {Type: S3, Properties: {Bucket: b}}}}", "does not hold"),
        ("Properties: {Events: [1]}", "cannot be read"),
        (
            "Connectors: {A: {Properties: {Destination: {Id: No}, Permissions: [Read]}}}",
            "connects",
        ),
    ],
)
def test_what_is_not_understood_is_told(written: str, why: str) -> None:
    """Each thing that cannot be expanded is told with its line, and the rest is expanded."""
    text = f"Resources:\n  Work:\n    Type: AWS::Serverless::Function\n    {written}\n"

    result = expand(template_of_text(text))

    assert any(why in unseen.why and unseen.at.line >= 2 for unseen in result.unseen)
    assert result.resources["Work"].type == "AWS::Lambda::Function"


def test_a_plain_template_stays_as_it_is() -> None:
    """A template without SAM resources is not touched."""
    template = template_of_text("Resources:\n  A:\n    Type: AWS::S3::Bucket\n")

    assert expand(template).resources is template.resources


def test_types_of_tomorrow_are_told() -> None:
    """A SAM resource of an unknown type stays, and is told."""
    template = template_of_text("Resources:\n  A:\n    Type: AWS::Serverless::Dream\n")

    result = expand(template)

    assert result.resources["A"].type == "AWS::Serverless::Dream"
    assert "AWS::Serverless::Dream" in result.unseen[0].why


def test_both_branches_of_an_event_are_expanded() -> None:
    """An event that hangs on a condition makes resources that exist under it alone."""
    text = """
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        A: !If
          - Prod
          - {Type: SQS, Properties: {Queue: one}}
          - {Type: Schedule, Properties: {Schedule: rate(1 day)}}
"""
    resources = expand(template_of_text(text)).resources

    permission = resources["WorkAPermission"]
    assert permission.condition == "NOTProd"
    assert constant(permission.properties.get("Principal")) == "events.amazonaws.com"


def test_nothing_is_nothing() -> None:
    """Properties that are `AWS::NoValue` count as not written."""
    text = """
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Role: !Ref AWS::NoValue
      VpcConfig: !Ref AWS::NoValue
      FunctionUrlConfig: !Ref AWS::NoValue
"""
    resources = expand(template_of_text(text)).resources

    assert sorted(resources) == ["Work", "WorkRole"]
    assert not any(
        isinstance(value, NoValue) for value in resources["Work"].properties.entries.values()
    )


def test_names_lead_there_across_stacks(tmp_path: Path) -> None:
    """A nested stack's output `!Ref Work.Alias` means the alias, in its parent as well."""
    (tmp_path / "template.yaml").write_text(
        """
Transform: AWS::Serverless-2016-10-31
Resources:
  Inner:
    Type: AWS::Serverless::Application
    Properties: {Location: inner.yaml}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !GetAtt Inner.Outputs.Alias
      EventSourceArn: arn:aws:sqs:eu-west-1:123456789012:q
"""
    )
    (tmp_path / "inner.yaml").write_text(
        """
Transform: AWS::Serverless-2016-10-31
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties: {Handler: a.b, Runtime: python3.12, InlineCode: pass, AutoPublishAlias: live}
Outputs:
  Alias: {Value: !Ref Work.Alias}
"""
    )

    (application,) = load(tmp_path).applications

    named = application.resources["Mapping"].properties.get("FunctionName")
    assert isinstance(named, Reference)
    assert named.resource == "Inner/WorkAliaslive"
    assert named.resource in application.resources
