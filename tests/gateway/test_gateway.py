"""What stands before an application's routes, as it takes effect."""

from pathlib import Path

import pytest
from loaded import application

from stockade.analysis.gateway import (
    Api,
    Throttling,
    apis,
    custom_domains,
    declared_public,
    default_endpoint_is_off,
    has_firewall,
    stages,
    throttling,
    validates_body,
    web_acl_targets,
)
from stockade.model import Application, Names

FUNCTION = """
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src
      Events:
"""
TWO_ROUTES = """
        Get: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /a, Method: get}}
        Post: {Type: Api, Properties: {RestApiId: !Ref Api, Path: "/a/{id}", Method: post}}
"""
HTTP_ROUTE = """
        Get: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: /a, Method: get}}
  Api:
    Type: AWS::Serverless::HttpApi
"""


def _api(app: Application) -> tuple[Names, Api]:
    (api,) = apis(app)
    return Names(app.resources), api


def _throttled(folder: Path, template: str) -> list[Throttling]:
    app = application(folder, FUNCTION + template)
    names, api = _api(app)
    held = stages(app, names, api)
    return [throttling(app, names, api, held, way) for way in api.ways]


def _rest(settings: str) -> str:
    return f"""{TWO_ROUTES}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      MethodSettings: {settings}
"""


def test_preflight_is_no_route(tmp_path: Path) -> None:
    """What SAM adds for CORS is not counted among the routes of an API."""
    cors = f"{TWO_ROUTES}\n  Api:\n    Type: AWS::Serverless::Api\n"
    cors += "    Properties: {StageName: live, Cors: \"'*'\"}\n"
    cors += "  O:\n    Type: AWS::Serverless::Function\n    Properties:\n"
    cors += "      Runtime: python3.13\n      Handler: app.handler\n      CodeUri: src\n"
    cors += "      Events:\n        Any: {Type: Api, Properties: "
    cors += "{RestApiId: !Ref Api, Path: /o, Method: options}}\n"

    _, api = _api(application(tmp_path, FUNCTION + cors))

    assert {way.route.method for way in api.ways if way.route} == {"GET", "POST"}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("[{HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 5}]", ["stage", "stage"]),
        ("[{HttpMethod: GET, ResourcePath: /a, ThrottlingRateLimit: 5}]", ["stage", "none"]),
        ("[{HttpMethod: POST, ResourcePath: '/~1a~1{id}', ThrottlingBurstLimit: 5}]",
         ["none", "stage"]),
        ("[{HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: -1}]", ["none", "none"]),
        ("[{HttpMethod: '*', ResourcePath: '/*', LoggingLevel: INFO}]", ["none", "none"]),
        ("[]", ["none", "none"]),
    ],
)  # fmt: skip
def test_a_stage_bounds_the_routes_its_settings_name(
    settings: str, expected: list[str], tmp_path: Path
) -> None:
    """A setting counts for its path and method; -1 switches throttling off."""
    assert [str(one) for one in _throttled(tmp_path, _rest(settings))] == expected


@pytest.mark.parametrize("bounds", ["Throttle: {RateLimit: 5}", "Quota: {Limit: 9, Period: DAY}"])
def test_a_plan_bounds_routes_that_ask_for_a_key(bounds: str, tmp_path: Path) -> None:
    """A usage plan counts if it has a rate or a quota, and the route asks for a key."""
    plan = f"""{TWO_ROUTES}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      Auth: {{ApiKeyRequired: true, UsagePlan: {{CreateUsagePlan: PER_API, {bounds}}}}}
"""
    assert _throttled(tmp_path, plan) == [Throttling.PLAN, Throttling.PLAN]


def test_a_plan_without_key_bounds_nothing(tmp_path: Path) -> None:
    """Who needs no key is not counted by a plan of keys."""
    plan = f"""{TWO_ROUTES}
  Api:
    Type: AWS::Serverless::Api
    Properties: {{StageName: live}}
  Plan:
    Type: AWS::ApiGateway::UsagePlan
    Properties: {{ApiStages: [{{ApiId: !Ref Api, Stage: live}}], Throttle: {{RateLimit: 5}}}}
"""
    assert _throttled(tmp_path, plan) == [Throttling.NONE, Throttling.NONE]


def test_routes_of_http_apis_have_settings_of_their_own(tmp_path: Path) -> None:
    """RouteSettings names a route by its key."""
    route = HTTP_ROUTE + "    Properties: {RouteSettings: {GET /a: {ThrottlingRateLimit: 5}}}\n"

    assert _throttled(tmp_path, route) == [Throttling.STAGE]


def _guarded(folder: Path, more: str) -> bool:
    app = application(folder, FUNCTION + HTTP_ROUTE + more)
    names, api = _api(app)
    return has_firewall(app, names, api, web_acl_targets(app))


@pytest.mark.parametrize(
    "arn",
    [
        "!Sub 'arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/${Api.Stage}'",
        "!Sub 'arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/live'",
        "!Join ['', ['arn:aws:apigateway:r::/restapis/', !Ref Api, '/stages/live']]",
    ],
)
def test_an_association_names_a_stage_in_many_ways(arn: str, tmp_path: Path) -> None:
    """A web ACL counts, however its association spells the stage."""
    waf = f"""{TWO_ROUTES}
  Api: {{Type: AWS::Serverless::Api, Properties: {{StageName: live}}}}
  Before:
    Type: AWS::WAFv2::WebACLAssociation
    Properties: {{WebACLArn: arn:aws:wafv2:r:1:regional/webacl/a/b, ResourceArn: {arn}}}
"""
    app = application(tmp_path, FUNCTION + waf)
    names, api = _api(app)

    assert has_firewall(app, names, api, web_acl_targets(app))


def test_a_web_acl_of_another_api_guards_nothing(tmp_path: Path) -> None:
    """An association with one API says nothing of the other."""
    other = """
  Other: {Type: AWS::ApiGateway::RestApi, Properties: {Name: other}}
  Before:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      WebACLArn: arn:aws:wafv2:r:1:regional/webacl/a/b
      ResourceArn: !Sub 'arn:aws:apigateway:r::/restapis/${Other}/stages/live'
"""
    assert not _guarded(tmp_path, other)


@pytest.mark.parametrize(("acl", "guarded"), [("        WebACLId: arn:acl\n", True), ("", False)])
def test_a_cdn_guards_an_http_api(acl: str, guarded: bool, tmp_path: Path) -> None:  # noqa: FBT001
    """The web ACL of a distribution counts for the API that is its origin."""
    cdn = f"""
  Cdn:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
{acl}        Origins:
          - {{Id: a, DomainName: !Sub "${{Api}}.execute-api.r.amazonaws.com"}}
"""
    assert _guarded(tmp_path, cdn) is guarded


@pytest.mark.parametrize(
    ("auth", "metadata", "declared"),
    [
        ("", "", False),
        (", Auth: {Authorizer: NONE}", "", True),
        ("", "Metadata: {Stockade: {Public: true}}", True),
        ("", "Metadata: {Stockade: {Public: ['GET /a']}}", True),
        ("", "Metadata: {Stockade: {Public: ['GET /b']}}", False),
        ("", "Metadata: {Stockade: {Public: false}}", False),
    ],
)
def test_an_author_says_that_a_route_is_public(
    auth: str, metadata: str, declared: bool, tmp_path: Path  # noqa: FBT001
) -> None:  # fmt: skip
    """An explicit NONE and the metadata of the function count, silence does not."""
    template = f"""
    Transform: AWS::Serverless-2016-10-31
    Resources:
      F:
        Type: AWS::Serverless::Function
        {metadata or "Metadata: {}"}
        Properties:
          Runtime: python3.13
          Handler: app.handler
          CodeUri: src
          Events:
            Get: {{Type: Api, Properties: {{Path: /a, Method: get{auth}}}}}
    """
    app = application(tmp_path, template)
    _, api = _api(app)

    assert declared_public(app, api.ways[0]) is declared


def test_a_domain_and_the_default_endpoint(tmp_path: Path) -> None:
    """The domain that SAM makes for an API is found, and whether the other address is closed."""
    domain = (
        TWO_ROUTES
        + """
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      DisableExecuteApiEndpoint: true
      Domain: {DomainName: a.example.com, CertificateArn: arn:aws:acm:r:1:certificate/a}
"""
    )
    app = application(tmp_path, FUNCTION + domain)
    names, api = _api(app)

    assert [one.type for one in custom_domains(app, names, api.resource)] == [
        "AWS::ApiGateway::DomainName"
    ]
    assert default_endpoint_is_off(api.resource)


@pytest.mark.parametrize(
    ("model", "validates"),
    [
        (", RequestModel: {Model: Order, Required: true, ValidateBody: true}", True),
        (", RequestModel: {Model: Order, ValidateParameters: true}", False),
        (", RequestModel: {Model: Order}", False),
        ("", False),
    ],
)
def test_a_body_is_checked_by_model_and_validator(
    model: str, validates: bool, tmp_path: Path  # noqa: FBT001
) -> None:  # fmt: skip
    """A model alone checks nothing: a validator has to ask for the body."""
    template = f"""
        Post:
          Type: Api
          Properties: {{RestApiId: !Ref Api, Path: /a, Method: post{model}}}
  Api:
    Type: AWS::Serverless::Api
    Properties: {{StageName: live, Models: {{Order: {{type: object}}}}}}
"""
    app = application(tmp_path, FUNCTION + template)
    names, api = _api(app)

    assert validates_body(app, names, api.ways[0]) is validates


def test_the_stage_that_nobody_asked_for_does_not_count(tmp_path: Path) -> None:
    """SAM deploys to a stage of its own besides; only the author's is judged."""
    app = application(tmp_path, FUNCTION + _rest("[]"))
    names, api = _api(app)

    assert len(stages(app, names, api)) == 1


def test_a_deployment_with_a_stage_name_makes_a_stage(tmp_path: Path) -> None:
    """Its settings stand in the deployment's description."""
    template = """
    Resources:
      F:
        Type: AWS::Lambda::Function
        Properties: {Runtime: python3.13, Handler: app.handler, Code: src}
      Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}
      Get:
        Type: AWS::ApiGateway::Method
        Properties:
          RestApiId: !Ref Api
          ResourceId: !GetAtt Api.RootResourceId
          HttpMethod: GET
          AuthorizationType: NONE
          Integration:
            Type: AWS_PROXY
            IntegrationHttpMethod: POST
            Uri: !Sub 'arn:aws:apigateway:r:lambda:path/2015-03-31/functions/${F.Arn}/invocations'
      Deployment:
        Type: AWS::ApiGateway::Deployment
        Properties:
          RestApiId: !Ref Api
          StageName: live
          StageDescription: {ThrottlingRateLimit: 5}
    """
    app = application(tmp_path, template)
    names, api = _api(app)
    held = stages(app, names, api)

    assert [throttling(app, names, api, held, way) for way in api.ways] == [Throttling.STAGE]
