"""Whatever templates hold, the nouns are made and their exposure is decided."""

import random
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from loaded import application

from stockade.analysis.exposure import exposures
from stockade.load.cloudformation import nouns
from stockade.model import (
    Application,
    Choice,
    Concatenation,
    Exposure,
    List,
    Location,
    Map,
    NoValue,
    Parameter,
    Reference,
    Resource,
    Scalar,
    Unknown,
    Value,
)
from stockade.model.record import replace

_TEMPLATE = """
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Code: {ZipFile: "def handler(event, context): pass"}
      Role: !GetAtt Role.Arn
      Environment: {Variables: {A: b}}
      Layers: [a]
      DeadLetterConfig: {TargetArn: !GetAtt Queue.Arn}
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [a]
      Policies:
        - PolicyName: p
          PolicyDocument: {Statement: {Effect: Allow, Action: 'sqs:*', Resource: '*'}}
  Guests: {Type: AWS::Cognito::IdentityPool, Properties: {AllowUnauthenticatedIdentities: true}}
  Attachment:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties: {IdentityPoolId: !Ref Guests, Roles: {unauthenticated: !GetAtt Role.Arn}}
  Queue:
    Type: AWS::SQS::Queue
    Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Queue.Arn, maxReceiveCount: 1}}
  QueuePolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument:
        Statement:
          - Effect: Allow
            Action: [sqs:SendMessage]
            Principal: {AWS: ['*']}
            Condition: {StringEquals: {'aws:SourceArn': a}}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref F}
  Topic:
    Type: AWS::SNS::Topic
    Properties: {Subscription: [{Protocol: sqs, Endpoint: !GetAtt Queue.Arn}]}
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      AccessControl: PublicReadWrite
      NotificationConfiguration:
        LambdaConfigurations: [{Event: e, Function: !GetAtt F.Arn}]
        TopicConfigurations: [{Event: e, Topic: !Ref Topic}]
        EventBridgeConfiguration: {EventBridgeEnabled: true}
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {source: [aws.s3], detail: {bucket: {name: [!Ref Bucket]}}}
      Targets: [{Id: a, Arn: !GetAtt F.Arn}]
  BusPolicy:
    Type: AWS::Events::EventBusPolicy
    Properties: {StatementId: s, Principal: '*', Action: events:PutEvents}
  Mail:
    Type: AWS::SES::ReceiptRule
    Properties: {Rule: {Actions: [{S3Action: {BucketName: !Ref Bucket, TopicArn: !Ref Topic}}]}}
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: {LambdaConfig: {PreSignUp: !GetAtt F.Arn}}
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties: {Definition: {States: {A: {Type: Task, Resource: !GetAtt F.Arn}}}}
  Permission:
    Type: AWS::Lambda::Permission
    Properties: {Action: 'lambda:InvokeFunction', FunctionName: !Ref F, Principal: '*'}
  Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref F, AuthType: NONE}}
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Policy: {Statement: [{Effect: Allow, Principal: '*', Action: '*', Resource: '*'}]}
      EndpointConfiguration: {Types: [REGIONAL]}
      Body:
        components:
          securitySchemes:
            A: {x-amazon-apigateway-authorizer: {type: token, authorizerUri: !GetAtt F.Arn}}
        security: [{A: []}]
        paths:
          /a:
            get: {x-amazon-apigateway-integration: {type: aws_proxy, uri: !GetAtt F.Arn}}
  Part:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: a}
  Method:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Part
      HttpMethod: POST
      AuthorizationType: NONE
      Integration:
        Type: AWS
        Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:sqs:path/1/${Queue.QueueName}'
  Graph: {Type: AWS::AppSync::GraphQLApi, Properties: {AuthenticationType: API_KEY}}
  Source:
    Type: AWS::AppSync::DataSource
    Properties:
      ApiId: !GetAtt Graph.ApiId
      Name: s
      LambdaConfig: {LambdaFunctionArn: !GetAtt F.Arn}
  Field:
    Type: AWS::AppSync::Resolver
    Properties: {ApiId: !GetAtt Graph.ApiId, TypeName: a, FieldName: b, DataSourceName: s}
"""

_AT = Location("template.yaml", 1)
_MAP = Map({"Statement": Scalar("a", _AT), "a": NoValue(_AT)}, _AT, {})
_SPARE: tuple[Value, ...] = (
    *(
        Scalar(one, _AT)
        for one in ("", "*", "\0", "../..", "a.b.c", "$connect", "arn:aws:sqs:::", True, 7, None)
    ),
    *(Reference(one, "Arn", _AT) for one in ("F", "Queue", "Topic", "Bucket", "Gone")),
    Choice("C", Reference("F", "Ref", _AT), NoValue(_AT), _AT),
    Choice("C", List((NoValue(_AT),), _AT), _MAP, _AT),
    Concatenation((Scalar("a:", _AT), Reference("Queue", "Arn", _AT)), _AT),
    Parameter("P", None, _AT),
    Parameter("P", _MAP, _AT),
    NoValue(_AT),
    Unknown("it is a test", _AT),
    List((), _AT),
    _MAP,
)


@cache
def _loaded() -> Application:
    with TemporaryDirectory() as folder:
        return application(Path(folder), _TEMPLATE)


def _mutated(value: Value, chance: random.Random, rate: float) -> Value:
    if chance.random() < rate:
        return chance.choice(_SPARE)
    match value:
        case Map():
            entries = {key: _mutated(one, chance, rate) for key, one in value}
            return Map(entries, value.at, value.keys)
        case List():
            return List(tuple(_mutated(one, chance, rate) for one in value), value.at)
        case _:
            return value


def _with(app: Application, resources: Mapping[str, Resource]) -> Application:
    made = nouns(resources, {"": ""}, app.sources)
    return replace(
        app,
        resources=resources,
        functions=made.functions,
        roles=made.roles,
        event_sources=made.event_sources,
        deliveries=made.deliveries,
    )


def test_the_template_has_a_source_of_every_kind_it_is_for() -> None:
    """What is mutated below is worth mutating: it has sources of many types."""
    app = _loaded()

    assert len({source.type for source in app.event_sources}) >= 10
    assert len(app.deliveries) >= 7


@settings(max_examples=150)
@given(st.integers(min_value=0), st.sampled_from([0.01, 0.05, 0.2]))
def test_every_application_has_its_nouns(seed: int, rate: float) -> None:
    """Ids are unique, every source has an exposure with steps, and nothing raises."""
    loaded = _loaded()
    chance = random.Random(seed)
    resources = {}
    for resource in loaded.resources.values():
        properties = _mutated(resource.properties, chance, rate)
        if isinstance(properties, Map):
            resources[resource.id] = replace(resource, properties=properties)
    app = _with(loaded, resources)
    found = exposures(app)

    assert set(found) == {source.id for source in app.event_sources}
    assert len(found) == len(app.event_sources)
    assert {one.exposure for one in found.values()} <= set(Exposure)
    assert all(one.because for one in found.values())
    assert {source.function for source in app.event_sources} == set(app.functions)
