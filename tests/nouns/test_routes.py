"""Routes and the authorizer that takes effect on each."""

from pathlib import Path

import pytest
from loaded import application

from stockade.model import Application, AuthorizerKind, EventSourceType

_HEAD = """
Conditions:
  Open: !Equals [!Ref AWS::Region, eu-west-1]
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Code: src}
"""
_URI = "!Sub 'arn:aws:apigateway:r:lambda:path/2015-03-31/functions/${F.Arn}/invocations'"


def _routes(app: Application) -> dict[str, tuple[AuthorizerKind, bool]]:
    return {
        f"{one.route.method} {one.route.path}": (
            one.route.authorizer.kind,
            one.route.api_key_required,
        )
        for one in app.event_sources
        if one.route is not None
    }


def test_methods_of_a_rest_api(tmp_path: Path) -> None:
    """A method's path is that of its resources; its authorizer is what its type and id say."""
    app = application(
        tmp_path,
        _HEAD
        + f"""
  Api: {{Type: AWS::ApiGateway::RestApi}}
  Items:
    Type: AWS::ApiGateway::Resource
    Properties: {{RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: items}}
  Item:
    Type: AWS::ApiGateway::Resource
    Properties: {{RestApiId: !Ref Api, ParentId: !Ref Items, PathPart: '{{id}}'}}
  Pool:
    Type: AWS::ApiGateway::Authorizer
    Properties: {{RestApiId: !Ref Api, Type: COGNITO_USER_POOLS, ProviderARNs: [a]}}
  Open:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      Integration: {{Type: AWS_PROXY, Uri: {_URI}}}
  Keyed:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Items
      HttpMethod: POST
      ApiKeyRequired: true
      Integration: {{Type: AWS_PROXY, Uri: {_URI}}}
  SignedIn:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Item
      HttpMethod: ANY
      AuthorizationType: COGNITO_USER_POOLS
      AuthorizerId: !Ref Pool
      Integration: {{Type: AWS_PROXY, Uri: {_URI}}}
  Signed:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Item
      HttpMethod: PUT
      AuthorizationType: !If [Open, NONE, AWS_IAM]
      Integration: {{Type: AWS_PROXY, Uri: {_URI}}}
  Preflight:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Items
      HttpMethod: OPTIONS
      AuthorizationType: NONE
      Integration: {{Type: MOCK}}
""",
    )

    assert _routes(app) == {
        "GET /": (AuthorizerKind.NONE, False),
        "POST /items": (AuthorizerKind.API_KEY, True),
        "ANY /items/{id}": (AuthorizerKind.COGNITO, False),
        "PUT /items/{id}": (AuthorizerKind.NONE, False),
    }


def _document(schemes: str, security: str, operation: str) -> str:
    return (
        _HEAD
        + f"""
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        swagger: '2.0'
        securityDefinitions:
          Pool:
            type: apiKey
            name: Authorization
            in: header
            x-amazon-apigateway-authtype: cognito_user_pools
            x-amazon-apigateway-authorizer: {{type: cognito_user_pools, providerARNs: [a]}}
          Signed:
            type: apiKey
            name: Authorization
            in: header
            x-amazon-apigateway-authtype: awsSigv4
          Custom:
            type: apiKey
            name: Authorization
            in: header
            x-amazon-apigateway-authtype: custom
            x-amazon-apigateway-authorizer: {{type: token, authorizerUri: {_URI}}}
          Key: {{type: apiKey, name: x-api-key, in: header}}
          Plain: {{type: basic}}
{schemes}
{security}
        paths:
          /a:
            get:
              {operation}
              x-amazon-apigateway-integration: {{type: aws_proxy, uri: {_URI}}}
            options:
              x-amazon-apigateway-integration: {{type: mock}}
"""
    )


@pytest.mark.parametrize(
    ("security", "operation", "kind", "key"),
    [
        ("", "", AuthorizerKind.NONE, False),
        ("", "security: [{Pool: []}]", AuthorizerKind.COGNITO, False),
        ("security: [{Pool: []}]", "", AuthorizerKind.NONE, False),
        ("security: [{Pool: []}]", "security: []", AuthorizerKind.NONE, False),
        ("security: [{Pool: []}]", "security: [{Signed: []}]", AuthorizerKind.IAM, False),
        ("", "security: [{Custom: []}]", AuthorizerKind.LAMBDA, False),
        ("", "security: [{Key: []}]", AuthorizerKind.API_KEY, True),
        ("", "security: [{Pool: [], Key: []}]", AuthorizerKind.COGNITO, True),
        ("", "security: [{Pool: []}, {Key: []}]", AuthorizerKind.COGNITO, True),
        ("", "security: [{Plain: []}]", AuthorizerKind.NONE, False),
        ("", "security: [{Undeclared: []}]", AuthorizerKind.NONE, False),
        ("", "x-amazon-apigateway-auth: {type: AWS_IAM}", AuthorizerKind.IAM, False),
        (
            "",
            "security: !If [Open, [], [{Pool: []}]]",
            AuthorizerKind.NONE,
            False,
        ),
    ],
)
def test_security_of_an_openapi_document(
    tmp_path: Path, security: str, operation: str, kind: AuthorizerKind, *, key: bool
) -> None:
    """Only an operation's own list counts; an empty one and plain schemes ask for nothing."""
    indented = f"        {security}" if security else ""
    app = application(tmp_path, _document("", indented, operation))

    assert _routes(app)["GET /a"] == (kind, key)
    assert "OPTIONS /a" not in _routes(app)


def test_security_of_a_whole_document_counts_for_http_apis(tmp_path: Path) -> None:
    """An HTTP API takes the document's own security where an operation has none."""
    template = _document("", "        security: [{Custom: []}]", "")
    app = application(
        tmp_path, template.replace("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api")
    )

    assert _routes(app)["GET /a"] == (AuthorizerKind.LAMBDA, False)


def test_the_authorizer_function_is_reached_too(tmp_path: Path) -> None:
    """A Lambda authorizer of a document is an event source of its function, and named."""
    app = application(tmp_path, _document("", "", "security: [{Custom: []}]"))

    route = next(one.route for one in app.event_sources if one.route is not None)
    assert route.authorizer.function == "F"
    assert EventSourceType.AUTHORIZER in {one.type for one in app.event_sources}


def test_routes_of_an_http_api(tmp_path: Path) -> None:
    """Route keys and authorizers are read; an API key is none, for HTTP APIs know no keys."""
    app = application(
        tmp_path,
        _HEAD
        + f"""
  Api: {{Type: AWS::ApiGatewayV2::Api, Properties: {{ProtocolType: HTTP, Name: a}}}}
  Token:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties: {{ApiId: !Ref Api, AuthorizerType: JWT, Name: t}}
  Call:
    Type: AWS::ApiGatewayV2::Integration
    Properties: {{ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt F.Arn}}
  Open:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Api
      RouteKey: GET /open
      ApiKeyRequired: true
      Target: !Sub 'integrations/${{Call}}'
  Closed:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Api
      RouteKey: POST /closed
      AuthorizationType: JWT
      AuthorizerId: !Ref Token
      Target: !Join [/, [integrations, !Ref Call]]
  Documented:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Body:
        openapi: 3.0.1
        components:
          x-amazon-apigateway-integrations:
            shared: {{type: AWS_PROXY, uri: {_URI}}}
        paths:
          /$default:
            x-amazon-apigateway-any-method:
              x-amazon-apigateway-integration:
                $ref: '#/components/x-amazon-apigateway-integrations/shared'
""",
    )

    assert _routes(app) == {
        "GET /open": (AuthorizerKind.NONE, False),
        "POST /closed": (AuthorizerKind.JWT, False),
        "ANY /$default": (AuthorizerKind.NONE, False),
    }
    assert {one.type for one in app.event_sources} == {EventSourceType.HTTP_API}


def test_a_web_socket_asks_once_when_it_connects(tmp_path: Path) -> None:
    """What `$connect` asks for holds for every other route."""
    app = application(
        tmp_path,
        _HEAD
        + """
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: WEBSOCKET, Name: a}}
  Call:
    Type: AWS::ApiGatewayV2::Integration
    Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt F.Arn}
  Connect:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Api
      RouteKey: $connect
      AuthorizationType: AWS_IAM
      Target: !Sub 'integrations/${Call}'
  Send:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: send, Target: !Sub 'integrations/${Call}'}
""",
    )

    assert _routes(app) == {
        "ANY $connect": (AuthorizerKind.IAM, False),
        "ANY send": (AuthorizerKind.IAM, False),
    }
    assert {one.type for one in app.event_sources} == {EventSourceType.WEBSOCKET_API}


def test_a_resolver_has_its_apis_authorizer(tmp_path: Path) -> None:
    """A further provider counts only if the schema uses its directive."""
    template = (
        _HEAD
        + """
  Api:
    Type: AWS::AppSync::GraphQLApi
    Properties:
      Name: a
      AuthenticationType: AMAZON_COGNITO_USER_POOLS
      AdditionalAuthenticationProviders: [{AuthenticationType: API_KEY}]
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties: {ApiId: !GetAtt Api.ApiId, Definition: 'type Query { a: String MARK }'}
  Source:
    Type: AWS::AppSync::DataSource
    Properties:
      ApiId: !GetAtt Api.ApiId
      Name: source
      Type: AWS_LAMBDA
      LambdaConfig: {LambdaFunctionArn: !GetAtt F.Arn}
  Resolver:
    Type: AWS::AppSync::Resolver
    Properties:
      {ApiId: !GetAtt Api.ApiId, TypeName: Query, FieldName: a, DataSourceName: source}
"""
    )

    assert _routes(application(tmp_path / "1", template)) == {
        "QUERY a": (AuthorizerKind.COGNITO, False)
    }
    assert _routes(application(tmp_path / "2", template.replace("MARK", "@aws_api_key"))) == {
        "QUERY a": (AuthorizerKind.API_KEY, False)
    }


def test_a_listener_that_signs_in_first(tmp_path: Path) -> None:
    """A load balancer's rule is a route; its authentication action is the authorizer."""
    app = application(
        tmp_path,
        _HEAD
        + """
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Scheme: internet-facing}
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {TargetType: lambda, Targets: [{Id: !GetAtt F.Arn}]}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Group}]
  Rule:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: !Ref Listener
      Conditions: [{Field: path-pattern, Values: [/admin/*]}]
      Actions:
        - {Type: authenticate-oidc, Order: 1}
        - {Type: forward, Order: 2, TargetGroupArn: !Ref Group}
""",
    )

    assert _routes(app) == {
        "ANY /*": (AuthorizerKind.NONE, False),
        "ANY /admin/*": (AuthorizerKind.JWT, False),
    }
