"""Event sources of every kind, out of plain CloudFormation resources."""

from pathlib import Path

import pytest
from loaded import application, only

from stockade.model import EventSourceType, constant

_FUNCTION = """
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Code: src}
"""

_ARN = "!GetAtt F.Arn"

_ONE_EACH = {
    "bucket": (
        """
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration:
        LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: !GetAtt F.Arn}]
""",
        EventSourceType.S3,
        "Bucket",
    ),
    "topic subscription": (
        """
  Topic: {Type: AWS::SNS::Topic}
  Subscription:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref Topic, Protocol: lambda, Endpoint: !GetAtt F.Arn}
""",
        EventSourceType.SNS,
        "Topic",
    ),
    "topic's own subscription": (
        """
  Topic:
    Type: AWS::SNS::Topic
    Properties: {Subscription: [{Protocol: lambda, Endpoint: !GetAtt F.Arn}]}
""",
        EventSourceType.SNS,
        "Topic",
    ),
    "queue": (
        """
  Queue: {Type: AWS::SQS::Queue}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref F}
""",
        EventSourceType.SQS,
        "Queue",
    ),
    "queue of another stack": (
        """
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:jobs'
      FunctionName: !Ref F
""",
        EventSourceType.SQS,
        None,
    ),
    "table": (
        """
  Table: {Type: AWS::DynamoDB::Table}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {EventSourceArn: !GetAtt Table.StreamArn, FunctionName: !Ref F}
""",
        EventSourceType.DYNAMODB_STREAM,
        "Table",
    ),
    "Kafka of one's own": (
        """
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {SelfManagedEventSource: {Endpoints: {}}, Topics: [a], FunctionName: !Ref F}
""",
        EventSourceType.KAFKA,
        None,
    ),
    "broker that is given": (
        """
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {EventSourceArn: !ImportValue Broker, Queues: [a], FunctionName: !Ref F}
""",
        EventSourceType.MQ,
        None,
    ),
    "pipe": (
        """
  Queue: {Type: AWS::SQS::Queue}
  Pipe:
    Type: AWS::Pipes::Pipe
    Properties: {Source: !GetAtt Queue.Arn, Target: !GetAtt F.Arn, RoleArn: r}
""",
        EventSourceType.SQS,
        "Queue",
    ),
    "rule": (
        """
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: b}}
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventBusName: !Ref Bus
      EventPattern: {source: [shop]}
      Targets: [{Id: a, Arn: !GetAtt F.Arn}]
""",
        EventSourceType.EVENT_BUS,
        "Bus",
    ),
    "scheduled rule": (
        """
  Rule:
    Type: AWS::Events::Rule
    Properties: {ScheduleExpression: rate(1 day), Targets: [{Id: a, Arn: !GetAtt F.Arn}]}
""",
        EventSourceType.SCHEDULE,
        "Rule",
    ),
    "schedule": (
        """
  Schedule:
    Type: AWS::Scheduler::Schedule
    Properties: {ScheduleExpression: rate(1 day), Target: {Arn: !GetAtt F.Arn, RoleArn: r}}
""",
        EventSourceType.SCHEDULE,
        "Schedule",
    ),
    "schedule with a universal target": (
        """
  Schedule:
    Type: AWS::Scheduler::Schedule
    Properties:
      ScheduleExpression: rate(1 day)
      Target:
        Arn: arn:aws:scheduler:::aws-sdk:lambda:invoke
        Input: !Sub '{"FunctionName": "${F.Arn}"}'
""",
        EventSourceType.SCHEDULE,
        "Schedule",
    ),
    "log group": (
        """
  Filter:
    Type: AWS::Logs::SubscriptionFilter
    Properties: {DestinationArn: !GetAtt F.Arn, LogGroupName: g, FilterPattern: ''}
""",
        EventSourceType.LOGS,
        "Filter",
    ),
    "IoT rule": (
        """
  Rule:
    Type: AWS::IoT::TopicRule
    Properties:
      TopicRulePayload: {Sql: s, Actions: [{Lambda: {FunctionArn: !GetAtt F.Arn}}]}
""",
        EventSourceType.IOT,
        "Rule",
    ),
    "mail": (
        """
  Rule:
    Type: AWS::SES::ReceiptRule
    Properties: {Rule: {Actions: [{LambdaAction: {FunctionArn: !GetAtt F.Arn}}]}}
""",
        EventSourceType.SES,
        "Rule",
    ),
    "user pool": (
        """
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: {LambdaConfig: {PreSignUp: !GetAtt F.Arn}}
""",
        EventSourceType.COGNITO,
        "Pool",
    ),
    "user pool's sender": (
        """
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      LambdaConfig: {CustomSMSSender: {LambdaArn: !GetAtt F.Arn, LambdaVersion: V1_0}}
""",
        EventSourceType.COGNITO,
        "Pool",
    ),
    "state machine's definition": (
        """
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition: {StartAt: A, States: {A: {Type: Task, Resource: !GetAtt F.Arn, End: true}}}
""",
        EventSourceType.STEP_FUNCTIONS,
        "Machine",
    ),
    "state machine's text": (
        """
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: '{"States": {"A": {"Resource": "${Task}"}}}'
      DefinitionSubstitutions: {Task: !GetAtt F.Arn}
""",
        EventSourceType.STEP_FUNCTIONS,
        "Machine",
    ),
    "custom resource": (
        "  Custom: {Type: Custom::Thing, Properties: {ServiceToken: !GetAtt F.Arn}}\n",
        EventSourceType.CUSTOM_RESOURCE,
        "Custom",
    ),
    "Config rule": (
        """
  Rule:
    Type: AWS::Config::ConfigRule
    Properties: {Source: {Owner: CUSTOM_LAMBDA, SourceIdentifier: !GetAtt F.Arn}}
""",
        EventSourceType.CONFIG,
        "Rule",
    ),
    "rotation": (
        """
  Rotation:
    Type: AWS::SecretsManager::RotationSchedule
    Properties: {SecretId: s, RotationLambdaARN: !GetAtt F.Arn}
""",
        EventSourceType.SECRETS_ROTATION,
        "Rotation",
    ),
    "delivery stream": (
        """
  Stream:
    Type: AWS::KinesisFirehose::DeliveryStream
    Properties:
      ExtendedS3DestinationConfiguration:
        ProcessingConfiguration:
          Processors:
            - Type: Lambda
              Parameters: [{ParameterName: LambdaArn, ParameterValue: !GetAtt F.Arn}]
""",
        EventSourceType.FIREHOSE,
        "Stream",
    ),
    "bot": (
        """
  Bot:
    Type: AWS::Lex::BotAlias
    Properties:
      BotAliasLocaleSettings:
        - LocaleId: en
          BotAliasLocaleSetting:
            CodeHookSpecification: {LambdaCodeHook: {LambdaArn: !GetAtt F.Arn}}
""",
        EventSourceType.LEX,
        "Bot",
    ),
    "agent": (
        """
  Agent:
    Type: AWS::Bedrock::Agent
    Properties: {ActionGroups: [{ActionGroupExecutor: {Lambda: !GetAtt F.Arn}}]}
""",
        EventSourceType.BEDROCK_AGENT,
        "Agent",
    ),
    "deployment hook": (
        """
  Other:
    Type: AWS::Lambda::Function
    Properties: {Runtime: java21, Handler: a, Code: src}
  Alias:
    Type: AWS::Lambda::Alias
    UpdatePolicy: {CodeDeployLambdaAliasUpdate: {BeforeAllowTrafficHook: !Ref F}}
    Properties: {FunctionName: !Ref Other, FunctionVersion: '1', Name: live}
""",
        EventSourceType.CODEDEPLOY,
        "Alias",
    ),
    "CloudFront": (
        """
  V: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref F}}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        DefaultCacheBehavior:
          LambdaFunctionAssociations: [{EventType: viewer-request, LambdaFunctionARN: !Ref V}]
""",
        EventSourceType.CLOUDFRONT,
        "Site",
    ),
    "authorizer": (
        """
  Api: {Type: AWS::ApiGateway::RestApi}
  Authorizer:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      RestApiId: !Ref Api
      Type: TOKEN
      AuthorizerUri: !Sub 'arn:aws:apigateway:r:lambda:path/functions/${F.Arn}/invocations'
""",
        EventSourceType.AUTHORIZER,
        "Api",
    ),
    "destination": (
        """
  Other:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Code: src}
  Configuration:
    Type: AWS::Lambda::EventInvokeConfig
    Properties:
      FunctionName: !Ref Other
      Qualifier: $LATEST
      DestinationConfig: {OnSuccess: {Destination: !GetAtt F.Arn}}
""",
        EventSourceType.INVOKE,
        "Other",
    ),
    "alias": (
        """
  Alias:
    Type: AWS::Lambda::Alias
    Properties: {FunctionName: !GetAtt F.Arn, FunctionVersion: '1', Name: live}
  Topic:
    Type: AWS::SNS::Topic
    Properties: {Subscription: [{Protocol: lambda, Endpoint: !Ref Alias}]}
""",
        EventSourceType.SNS,
        "Topic",
    ),
    "permission for a service that nothing explains": (
        """
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref F
      Principal: alexa-appkit.amazon.com
""",
        EventSourceType.ALEXA,
        None,
    ),
    "permission for another account": (
        """
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref F
      Principal: '111122223333'
""",
        EventSourceType.INVOKE,
        "Permission",
    ),
}


@pytest.mark.parametrize("name", _ONE_EACH)
def test_each_way_to_start_a_function_is_one_event_source(tmp_path: Path, name: str) -> None:
    """The type and the resource it comes from are told for every kind of trigger."""
    resources, kind, resource = _ONE_EACH[name]
    source = only(application(tmp_path, _FUNCTION + resources))

    assert (source.type, source.resource) == (kind, resource)
    assert source.at.path == "template.yaml"
    assert source.at.line > 0


def test_a_permission_that_a_trigger_explains_is_no_source_of_its_own(tmp_path: Path) -> None:
    """The permission that a bucket needs, and a function URL's, are not told twice."""
    app = application(
        tmp_path,
        _FUNCTION
        + _ONE_EACH["bucket"][0]
        + """
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      {Action: lambda:InvokeFunction, FunctionName: !Ref F, Principal: s3.amazonaws.com}
  Url:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !Ref F, AuthType: NONE}
  UrlPermission:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunctionUrl
      FunctionName: !Ref F
      Principal: '*'
      FunctionUrlAuthType: NONE
""",
    )

    assert {one.type for one in app.event_sources} == {
        EventSourceType.S3,
        EventSourceType.FUNCTION_URL,
    }


def test_ids_of_event_sources_differ(tmp_path: Path) -> None:
    """Two notifications of one bucket to one function have two ids, none of them a line."""
    app = application(
        tmp_path,
        _FUNCTION
        + """
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration:
        LambdaConfigurations:
          - {Event: 's3:ObjectCreated:*', Function: !GetAtt F.Arn}
          - {Event: 's3:ObjectRemoved:*', Function: !GetAtt F.Arn}
""",
    )

    assert [one.id for one in app.event_sources] == ["F s3 Bucket", "F s3 Bucket #2"]


def test_a_user_pools_trigger_has_its_name(tmp_path: Path) -> None:
    """The name of the trigger decides what its event holds, so it is kept."""
    source = only(application(tmp_path, _FUNCTION + _ONE_EACH["user pool"][0]))

    assert source.detail is not None
    assert constant(source.detail.get("Trigger")) == "PreSignUp"


def test_what_is_delivered_to_other_resources_is_kept(tmp_path: Path) -> None:
    """A topic's queue and a bucket's topic are deliveries, not event sources."""
    app = application(
        tmp_path,
        _FUNCTION
        + """
  Queue: {Type: AWS::SQS::Queue}
  Topic:
    Type: AWS::SNS::Topic
    Properties: {Subscription: [{Protocol: sqs, Endpoint: !GetAtt Queue.Arn}]}
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration:
        TopicConfigurations: [{Event: 's3:ObjectCreated:*', Topic: !Ref Topic}]
""",
    )

    assert only(app).type is EventSourceType.INVOKE
    assert {(one.type, one.resource, one.target) for one in app.deliveries} == {
        (EventSourceType.S3, "Bucket", "Topic"),
        (EventSourceType.SNS, "Topic", "Queue"),
    }


def test_settings_that_make_no_sense_break_nothing(tmp_path: Path) -> None:
    """Lists for maps, numbers for lists and references to nothing give no event source."""
    app = application(
        tmp_path,
        _FUNCTION
        + """
  B1: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: [1, 2]}}
  B2: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {LambdaConfigurations: 3}}}
  R1: {Type: AWS::Events::Rule, Properties: {EventPattern: 7, Targets: {a: b}}}
  M1: {Type: AWS::ApiGateway::Method, Properties: {Integration: [], HttpMethod: {a: b}}}
  A1: {Type: AWS::ApiGateway::RestApi, Properties: {Body: {paths: {/a: [1], /b: {get: 4}}}}}
  T1: {Type: AWS::SNS::Topic, Properties: {Subscription: text}}
  U1: {Type: AWS::Lambda::Url, Properties: {}}
  V1: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref V1}}
  S1: {Type: AWS::StepFunctions::StateMachine, Properties: {DefinitionSubstitutions: 9}}
""",
    )

    assert only(app).type is EventSourceType.INVOKE


def test_streams_tables_and_graphql_mutations_deliver(tmp_path: Path) -> None:
    """What passes through Firehose, a table's stream or a resolver without code is kept."""
    app = application(
        tmp_path,
        _FUNCTION
        + """
  Stream: {Type: AWS::Kinesis::Stream}
  Bucket: {Type: AWS::S3::Bucket}
  Table:
    Type: AWS::DynamoDB::Table
    Properties: {KinesisStreamSpecification: {StreamArn: !GetAtt Stream.Arn}}
  Delivery:
    Type: AWS::KinesisFirehose::DeliveryStream
    Properties:
      KinesisStreamSourceConfiguration: {KinesisStreamARN: !GetAtt Stream.Arn}
      S3DestinationConfiguration: {BucketARN: !GetAtt Bucket.Arn}
  Graph: {Type: AWS::AppSync::GraphQLApi, Properties: {AuthenticationType: API_KEY}}
  Source:
    Type: AWS::AppSync::DataSource
    Properties: {ApiId: !GetAtt Graph.ApiId, Name: s, DynamoDBConfig: {TableName: !Ref Table}}
  Add:
    Type: AWS::AppSync::Resolver
    Properties: {ApiId: !GetAtt Graph.ApiId, TypeName: Mutation, FieldName: add, DataSourceName: s}
  Get:
    Type: AWS::AppSync::Resolver
    Properties: {ApiId: !GetAtt Graph.ApiId, TypeName: Query, FieldName: get, DataSourceName: s}
""",
    )

    assert {(one.type, one.resource, one.target) for one in app.deliveries} == {
        (EventSourceType.DYNAMODB_STREAM, "Table", "Stream"),
        (EventSourceType.KINESIS, "Stream", "Delivery"),
        (EventSourceType.FIREHOSE, "Delivery", "Bucket"),
        (EventSourceType.GRAPHQL_API, "Graph", "Table"),
    }
