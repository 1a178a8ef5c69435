"""Who can send through each event source."""

from pathlib import Path

import pytest
from loaded import application, only

from stockade.analysis.exposure import exposures
from stockade.analysis.facts import SourceExposure
from stockade.model import Exposure

_FUNCTION = """
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Code: src}
"""
_URI = "!Sub 'arn:aws:apigateway:r:lambda:path/functions/${F.Arn}/invocations'"


def _exposed(folder: Path, resources: str) -> SourceExposure:
    app = application(folder, _FUNCTION + resources)
    return exposures(app)[only(app).id]


_QUEUE = """
  Queue: {Type: AWS::SQS::Queue}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref F}
"""
_BUCKET = """
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration:
        LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: !GetAtt F.Arn}]
"""


def _method(settings: str) -> str:
    return f"""
  Method:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      Integration: {{Type: AWS_PROXY, Uri: {_URI}}}
      {settings}
"""


def _queue_policy(statement: str) -> str:
    return (
        _QUEUE
        + f"""
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument:
        Statement: {statement}
"""
    )


_SEND = "Effect: Allow, Action: 'sqs:SendMessage', Resource: '*'"


@pytest.mark.parametrize(
    ("statement", "exposure"),
    [
        (f"{{{_SEND}, Principal: '*'}}", Exposure.ANYONE),
        (f"[{{{_SEND}, Principal: {{AWS: ['*']}}}}]", Exposure.ANYONE),
        (f"{{{_SEND}, Principal: {{AWS: !Ref AWS::AccountId}}}}", Exposure.APPLICATION),
        (f"{{{_SEND}, Principal: {{AWS: '111122223333'}}}}", Exposure.OTHER_ACCOUNT),
        (
            f"{{{_SEND}, Principal: {{AWS: 'arn:aws:iam::111122223333:root'}}}}",
            Exposure.OTHER_ACCOUNT,
        ),
        (f"{{{_SEND}, Principal: {{Service: sns.amazonaws.com}}}}", Exposure.APPLICATION),
        (
            (
                f"{{{_SEND}, Principal: '*', Condition: "
                "{ArnEquals: {'aws:SourceArn': !Sub 'arn:aws:sns:r:${AWS::AccountId}:t'}}}"
            ),
            Exposure.APPLICATION,
        ),
        (
            (
                f"{{{_SEND}, Principal: '*', Condition: "
                "{StringEquals: {'aws:PrincipalOrgID': o-1}}}"
            ),
            Exposure.OTHER_ACCOUNT,
        ),
        (
            f"{{{_SEND}, Principal: '*', Condition: {{Bool: {{'aws:SecureTransport': true}}}}}}",
            Exposure.ANYONE,
        ),
        (
            f"{{{_SEND}, Principal: '*', Condition: {{ArnLike: {{'aws:SourceArn': '*'}}}}}}",
            Exposure.ANYONE,
        ),
        (
            "{Effect: Allow, Action: 'sqs:ReceiveMessage', Resource: '*', Principal: '*'}",
            Exposure.APPLICATION,
        ),
        ("{Effect: Deny, Action: '*', Resource: '*', Principal: '*'}", Exposure.APPLICATION),
        (
            "{Effect: Allow, NotAction: 'sqs:DeleteQueue', Resource: '*', Principal: '*'}",
            Exposure.ANYONE,
        ),
    ],
)
def test_a_queue_is_as_exposed_as_its_policy(
    tmp_path: Path, statement: str, exposure: Exposure
) -> None:
    """A star without a condition that narrows it admits anyone; reading is not sending."""
    assert _exposed(tmp_path, _queue_policy(statement)).exposure is exposure


@pytest.mark.parametrize(
    ("resources", "exposure"),
    [
        ("  Api: {Type: AWS::ApiGateway::RestApi}" + _method(""), Exposure.ANYONE),
        (
            "  Api: {Type: AWS::ApiGateway::RestApi}" + _method("ApiKeyRequired: true"),
            Exposure.PARTNER,
        ),
        (
            "  Api: {Type: AWS::ApiGateway::RestApi}" + _method("AuthorizationType: AWS_IAM"),
            Exposure.PARTNER,
        ),
        (
            "  Api: {Type: AWS::ApiGateway::RestApi}"
            + _method("AuthorizationType: COGNITO_USER_POOLS"),
            Exposure.SIGNED_IN,
        ),
        (
            "  Api: {Type: AWS::ApiGateway::RestApi, "
            "Properties: {EndpointConfiguration: {Types: [PRIVATE]}}}" + _method(""),
            Exposure.PARTNER,
        ),
        (
            "  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Policy: {Statement: "
            "[{Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: '*'}]}}}"
            + _method(""),
            Exposure.ANYONE,
        ),
        (
            "  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Policy: {Statement: "
            "[{Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: '*'}, "
            "{Effect: Deny, Principal: '*', Action: 'execute-api:Invoke', Resource: '*', "
            "Condition: {NotIpAddress: {'aws:SourceIp': [10.0.0.0/8]}}}]}}}" + _method(""),
            Exposure.PARTNER,
        ),
    ],
)
def test_a_route_is_as_exposed_as_its_authorizer_and_api_let_it(
    tmp_path: Path, resources: str, exposure: Exposure
) -> None:
    """Without authorizer anyone calls; keys, credentials and private endpoints narrow it."""
    assert _exposed(tmp_path, resources).exposure is exposure


def test_an_open_routes_step_says_so(tmp_path: Path) -> None:
    """The line that makes a route public is the step that proves it."""
    found = _exposed(tmp_path, "  Api: {Type: AWS::ApiGateway::RestApi}" + _method(""))

    assert [step.note for step in found.because] == ["anyone can call GET /: no authorizer"]
    assert found.because[0].at.line == 7


def test_security_that_does_not_count_is_told(tmp_path: Path) -> None:
    """A REST API's document that asks for a scheme as a whole leaves its routes open."""
    app = application(
        tmp_path,
        _FUNCTION
        + f"""
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        components: {{securitySchemes: {{A: {{x-amazon-apigateway-authtype: awsSigv4}}}}}}
        security: [{{A: []}}]
        paths:
          /a: {{get: {{x-amazon-apigateway-integration: {{type: aws_proxy, uri: {_URI}}}}}}}
""",
    )
    found = exposures(app)[only(app).id]

    assert found.exposure is Exposure.ANYONE
    assert [step.at.line for step in found.because] == [14, 12]


def test_mail_that_is_stored_makes_the_bucket_public(tmp_path: Path) -> None:
    """Anyone can mail: the rule, then the notification, are the steps."""
    found = _exposed(
        tmp_path,
        _BUCKET
        + """
  Mail:
    Type: AWS::SES::ReceiptRule
    Properties: {RuleSetName: r, Rule: {Actions: [{S3Action: {BucketName: !Ref Bucket}}]}}
""",
    )

    assert found.exposure is Exposure.ANYONE
    assert [step.note for step in found.because] == [
        "anyone can send mail to it",
        "each object stored there reaches F",
    ]


_PUBLIC_ACL = "AccessControl: PublicReadWrite\n      "
_WITH_ACLS = "OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}\n      "
_UNBLOCKED = "PublicAccessBlockConfiguration: {}"


@pytest.mark.parametrize(
    ("settings", "exposure"),
    [
        ("", Exposure.APPLICATION),
        (f"{_PUBLIC_ACL}{_WITH_ACLS}{_UNBLOCKED}", Exposure.ANYONE),
        (f"{_PUBLIC_ACL}{_WITH_ACLS}", Exposure.APPLICATION),
        (f"{_PUBLIC_ACL}{_UNBLOCKED}", Exposure.APPLICATION),
        (
            f"{_PUBLIC_ACL}{_WITH_ACLS}PublicAccessBlockConfiguration: {{IgnorePublicAcls: true}}",
            Exposure.APPLICATION,
        ),
        (f"AccessControl: PublicRead\n      {_WITH_ACLS}{_UNBLOCKED}", Exposure.APPLICATION),
    ],
)
def test_a_bucket_is_as_exposed_as_its_acl(
    tmp_path: Path, settings: str, exposure: Exposure
) -> None:
    """A public ACL that lets write counts where ACLs are on and public access is not blocked."""
    bucket = _BUCKET.replace("Properties:", f"Properties:\n      {settings}", 1)

    assert _exposed(tmp_path, bucket).exposure is exposure


def test_a_policy_of_a_bucket_that_blocks_public_access_admits_nobody(tmp_path: Path) -> None:
    """Where public policies are blocked, as they are by default, a star in one has no effect."""
    policy = """
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Statement: [{Effect: Allow, Principal: '*', Action: 's3:Put*', Resource: '*'}]
"""
    block = "Properties:\n      PublicAccessBlockConfiguration: {RestrictPublicBuckets: true}"
    opened = _BUCKET.replace("Properties:", f"Properties:\n      {_UNBLOCKED}", 1)
    closed = _BUCKET.replace("Properties:", block, 1)

    assert _exposed(tmp_path / "1", opened + policy).exposure is Exposure.ANYONE
    assert _exposed(tmp_path / "2", closed + policy).exposure is Exposure.APPLICATION
    assert _exposed(tmp_path / "3", _BUCKET + policy).exposure is Exposure.APPLICATION


def test_blocking_public_access_keeps_no_account_out_that_is_named(tmp_path: Path) -> None:
    """A policy that names another account is not public: the block leaves it as it is."""
    policy = """
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {AWS: '111122223333'}, Action: 's3:Put*', Resource: '*'}
"""

    assert _exposed(tmp_path, _BUCKET + policy).exposure is Exposure.OTHER_ACCOUNT


def test_exposure_travels_through_services_without_code_between(tmp_path: Path) -> None:
    """A public route that puts into a topic makes the queue behind it public, told in full."""
    found = _exposed(
        tmp_path,
        _QUEUE
        + """
  Topic:
    Type: AWS::SNS::Topic
    Properties: {Subscription: [{Protocol: sqs, Endpoint: !GetAtt Queue.Arn}]}
  Api: {Type: AWS::ApiGateway::RestApi}
  Method:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: NONE
      Integration:
        Type: AWS
        IntegrationHttpMethod: POST
        Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:sns:action/Publish'
        RequestParameters:
          integration.request.querystring.TopicArn: !Sub "'${Topic}'"
""",
    )

    assert found.exposure is Exposure.ANYONE
    assert [step.note for step in found.because] == [
        "anyone can call POST /: no authorizer",
        "each message published there reaches Queue",
        "each message sent there reaches F",
    ]


def test_a_route_that_only_reads_a_queue_exposes_nothing(tmp_path: Path) -> None:
    """An integration that receives messages sends none."""
    found = _exposed(
        tmp_path,
        _QUEUE
        + """
  Api: {Type: AWS::ApiGateway::RestApi}
  Method:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      Integration:
        Type: AWS
        Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:sqs:path/1/${Queue.QueueName}'
        RequestParameters:
          integration.request.querystring.Action: "'ReceiveMessage'"
""",
    )

    assert found.exposure is Exposure.APPLICATION


def test_circles_of_deliveries_end(tmp_path: Path) -> None:
    """Topics and queues that feed each other are as exposed as what enters the circle."""
    found = _exposed(
        tmp_path,
        """
  A:
    Type: AWS::SQS::Queue
    Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt B.Arn, maxReceiveCount: 1}}
  B:
    Type: AWS::SQS::Queue
    Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt A.Arn, maxReceiveCount: 1}}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {EventSourceArn: !GetAtt B.Arn, FunctionName: !Ref F}
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref A]
      PolicyDocument: {Statement: {Effect: Allow, Action: '*', Principal: '*', Resource: '*'}}
""",
    )

    assert found.exposure is Exposure.ANYONE


def _rule(pattern: str, bus: str = "") -> str:
    return f"""
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      AccessControl: PublicReadWrite
      OwnershipControls: {{Rules: [{{ObjectOwnership: ObjectWriter}}]}}
      PublicAccessBlockConfiguration: {{}}
      NotificationConfiguration: {{EventBridgeConfiguration: {{EventBridgeEnabled: true}}}}
  Bus: {{Type: AWS::Events::EventBus, Properties: {{Name: b}}}}
  Policy:
    Type: AWS::Events::EventBusPolicy
    Properties:
      EventBusName: !Ref Bus
      StatementId: s
      Action: events:PutEvents
      Principal: '111122223333'
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {pattern}
      Targets: [{{Id: a, Arn: !GetAtt F.Arn}}]
      {bus}
"""


@pytest.mark.parametrize(
    ("pattern", "bus", "exposure"),
    [
        ("{source: [aws.ec2]}", "", Exposure.PROVIDER),
        ("{source: [{prefix: aws.}]}", "", Exposure.PROVIDER),
        ("{source: [shop]}", "", Exposure.APPLICATION),
        ("{detail-type: [Order]}", "", Exposure.APPLICATION),
        ("{source: [shop]}", "EventBusName: !Ref Bus", Exposure.OTHER_ACCOUNT),
        ("{source: [aws.s3]}", "", Exposure.ANYONE),
        ("{source: [aws.s3], detail: {bucket: {name: [!Ref Bucket]}}}", "", Exposure.ANYONE),
        ("{source: [aws.s3], detail: {bucket: {name: [other]}}}", "", Exposure.APPLICATION),
        (
            "{source: [aws.s3], detail-type: [AWS API Call via CloudTrail]}",
            "",
            Exposure.APPLICATION,
        ),
        ("{source: [aws.partner/example.com/a]}", "", Exposure.PARTNER),
    ],
)
def test_a_rule_is_as_exposed_as_what_its_pattern_lets_pass(
    tmp_path: Path, pattern: str, bus: str, exposure: Exposure
) -> None:
    """AWS's own events are AWS's, events of S3 the bucket's, the rest the bus's."""
    assert _exposed(tmp_path, _rule(pattern, bus)).exposure is exposure


@pytest.mark.parametrize(
    ("settings", "trigger", "exposure"),
    [
        ("", "PreSignUp", Exposure.ANYONE),
        (
            "AdminCreateUserConfig: {AllowAdminCreateUserOnly: true}",
            "PreTokenGeneration",
            Exposure.SIGNED_IN,
        ),
        (
            "AdminCreateUserConfig: {AllowAdminCreateUserOnly: true}",
            "UserMigration",
            Exposure.ANYONE,
        ),
    ],
)
def test_a_user_pools_trigger_is_as_exposed_as_its_sign_up(
    tmp_path: Path, settings: str, trigger: str, exposure: Exposure
) -> None:
    """Whoever may sign up starts it; a migration is started by whoever tries to sign in."""
    pool = f"""
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      LambdaConfig: {{{trigger}: !GetAtt F.Arn}}
      {settings}
"""
    assert _exposed(tmp_path, pool).exposure is exposure


def test_an_open_sign_up_is_told_beside_the_authorizer(tmp_path: Path) -> None:
    """A signed-in user may be anyone: the route stays signed-in, the step says it."""
    found = _exposed(
        tmp_path,
        "  Pool: {Type: AWS::Cognito::UserPool}\n  Api: {Type: AWS::ApiGateway::RestApi}"
        + _method("AuthorizationType: COGNITO_USER_POOLS"),
    )

    assert found.exposure is Exposure.SIGNED_IN
    assert found.because[-1].note == "and anyone can sign up to this user pool"


@pytest.mark.parametrize(
    ("permission", "exposure"),
    [
        ("Principal: '*'", Exposure.ANYONE),
        ("Principal: '*', PrincipalOrgID: o-1", Exposure.OTHER_ACCOUNT),
        ("Principal: '111122223333'", Exposure.OTHER_ACCOUNT),
        ("Principal: !Ref AWS::AccountId", Exposure.APPLICATION),
        ("Principal: 'arn:aws:iam::111122223333:root'", Exposure.OTHER_ACCOUNT),
    ],
)
def test_a_permission_is_as_exposed_as_its_principal(
    tmp_path: Path, permission: str, exposure: Exposure
) -> None:
    """The star, another account, the own account."""
    resources = (
        "  P:\n    Type: AWS::Lambda::Permission\n    Properties:\n"
        f"      {{Action: lambda:InvokeFunction, FunctionName: !Ref F, {permission}}}\n"
    )
    assert _exposed(tmp_path, resources).exposure is exposure


def test_a_function_that_nothing_starts_is_called_by_its_own_account(tmp_path: Path) -> None:
    """Direct invocation is the application's own."""
    assert _exposed(tmp_path, "").exposure is Exposure.APPLICATION


def test_a_state_machine_that_a_public_route_starts_is_public(tmp_path: Path) -> None:
    """An HTTP API's integration with Step Functions hands the request to the machine's tasks."""
    found = _exposed(
        tmp_path,
        """
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition: {StartAt: A, States: {A: {Type: Task, Resource: !GetAtt F.Arn, End: true}}}
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP, Name: a}}
  Start:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS_PROXY
      IntegrationSubtype: StepFunctions-StartExecution
      RequestParameters: {Input: $request.body, StateMachineArn: !Ref Machine}
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: POST /, Target: !Sub 'integrations/${Start}'}
""",
    )

    assert found.exposure is Exposure.ANYONE
    assert len(found.because) == 2


def test_mutual_tls_lets_only_holders_of_a_certificate_in(tmp_path: Path) -> None:
    """It counts where the API's default endpoint, which it does not guard, is off."""
    resources = """
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {DisableExecuteApiEndpoint: OFF}
  Domain:
    Type: AWS::ApiGateway::DomainName
    Properties: {DomainName: a.example, MutualTlsAuthentication: {TruststoreUri: 's3://a/b'}}
  Mapping:
    Type: AWS::ApiGateway::BasePathMapping
    Properties: {RestApiId: !Ref Api, DomainName: !Ref Domain}
""" + _method("")

    off = _exposed(tmp_path / "1", resources.replace("OFF", "true"))
    assert off.exposure is Exposure.PARTNER
    assert off.because[-1].note == "but callers need a client certificate"
    on = _exposed(tmp_path / "2", resources.replace("OFF", "false"))
    assert on.exposure is Exposure.ANYONE


def test_a_function_url_behind_cloudfront_is_called_for_anyone(tmp_path: Path) -> None:
    """CloudFront signs the requests of everyone, so credentials keep nobody out."""
    url = """
  Url:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !Ref F, AuthType: AWS_IAM}
"""
    permission = """
  P:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunctionUrl
      FunctionName: !Ref F
      Principal: cloudfront.amazonaws.com
"""
    assert _exposed(tmp_path / "1", url).exposure is Exposure.PARTNER
    assert _exposed(tmp_path / "2", url + permission).exposure is Exposure.ANYONE


_POOL = """
  Guests:
    Type: AWS::Cognito::IdentityPool
    Properties: {AllowUnauthenticatedIdentities: GUESTS}
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement: {Effect: Allow, Action: 'sqs:SendMessage', Resource: !GetAtt Queue.Arn}
  Attachment:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties:
      IdentityPoolId: !Ref Guests
      Roles: {WHO: !GetAtt Role.Arn}
"""


@pytest.mark.parametrize(
    ("guests", "who", "exposure"),
    [
        ("true", "unauthenticated", Exposure.ANYONE),
        ("false", "unauthenticated", Exposure.APPLICATION),
        ("true", "authenticated", Exposure.SIGNED_IN),
    ],
)
def test_what_clients_may_do_themselves_exposes_a_resource(
    tmp_path: Path, guests: str, who: str, exposure: Exposure
) -> None:
    """An identity pool's role that may send to a queue makes its users senders."""
    pool = _POOL.replace("GUESTS", guests).replace("WHO", who)

    assert _exposed(tmp_path, _QUEUE + pool).exposure is exposure


def test_a_parameter_for_an_account_is_another_account(tmp_path: Path) -> None:
    """An account that is given at deployment is not the own one, which needs no giving."""
    app = application(
        tmp_path,
        "Parameters: {Partner: {Type: String}}"
        + _FUNCTION
        + """
  P:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref F
      Principal: !Sub 'arn:aws:iam::${Partner}:role/caller'
""",
    )

    assert exposures(app)[only(app).id].exposure is Exposure.OTHER_ACCOUNT


@pytest.mark.parametrize(
    ("issuer", "steps"),
    [("!Sub 'https://cognito-idp/${Pool}'", 2), ("https://login.example.com", 1)],
)
def test_a_tokens_issuer_tells_whether_anyone_can_sign_up(
    tmp_path: Path, issuer: str, steps: int
) -> None:
    """A token of an open user pool is told so; a token of another issuer is not."""
    found = _exposed(
        tmp_path,
        f"""
  Pool: {{Type: AWS::Cognito::UserPool}}
  Api: {{Type: AWS::ApiGatewayV2::Api, Properties: {{ProtocolType: HTTP, Name: a}}}}
  Token:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Api
      AuthorizerType: JWT
      Name: t
      JwtConfiguration: {{Issuer: {issuer}}}
  Call:
    Type: AWS::ApiGatewayV2::Integration
    Properties: {{ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt F.Arn}}
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Api
      RouteKey: GET /
      AuthorizationType: JWT
      AuthorizerId: !Ref Token
      Target: !Sub 'integrations/${{Call}}'
""",
    )

    assert found.exposure is Exposure.SIGNED_IN
    assert len(found.because) == steps


@pytest.mark.parametrize(
    ("resource", "exposure"),
    [
        ("execute-api:/*", Exposure.PARTNER),
        ("execute-api:/*/*/*", Exposure.PARTNER),
        ("execute-api:/prod/GET/admin", Exposure.ANYONE),
    ],
)
def test_a_denial_of_one_route_leaves_the_others_open(
    tmp_path: Path, resource: str, exposure: Exposure
) -> None:
    """Only a resource policy that keeps callers off every route narrows the API."""
    policy = f"""
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Policy:
        Statement:
          - {{Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: '*'}}
          - Effect: Deny
            Principal: '*'
            Action: execute-api:Invoke
            Resource: '{resource}'
            Condition: {{StringNotEquals: {{'aws:SourceVpce': vpce-1}}}}
"""
    assert _exposed(tmp_path, policy + _method("")).exposure is exposure
