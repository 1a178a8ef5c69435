"""`AWS::Serverless::WebSocketApi`: a WebSocket API with its routes and what answers them.

Follows "AWS::Serverless::WebSocketApi".
"""

from stockade.load.building import Plain, entry, is_empty, join, only, substitute, text
from stockade.load.sam.authorizers import permit_authorizer
from stockade.load.sam.custom_domain import expand_http_domain
from stockade.load.sam.expansion import Expansion
from stockade.model import Location, Map, Resource, Scalar, Value

_COPIED = (
    *("ApiKeySelectionExpression", "Description", "DisableExecuteApiEndpoint"),
    *("DisableSchemaValidation", "IpAddressType", "Name", "RouteSelectionExpression"),
)
_STAGE = (*("StageVariables", "AccessLogSettings", "DefaultRouteSettings", "RouteSettings"),)
_ROUTE = (
    *("ApiKeyRequired", "ModelSelectionExpression", "OperationName", "RequestModels"),
    *("RequestParameters", "RouteResponseSelectionExpression"),
)
_INVOKE = (
    "arn:${AWS::Partition}:apigateway:${AWS::Region}:"
    "lambda:path/2015-03-31/functions/${Function}/invocations"
)
_EXECUTE = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/${Stage}/"


def expand_websocket_api(expansion: Expansion, owner: Resource) -> None:
    """Expand one WebSocket API."""
    properties = owner.properties
    made = only(properties, *_COPIED)
    places = {key: properties.key_at(key) for key in made}
    made.setdefault("Name", Scalar(owner.logical_id, owner.at))
    made["ProtocolType"] = Scalar("WEBSOCKET", owner.at)
    expansion.put(owner, "AWS::ApiGatewayV2::Api", Map(made, properties.at, places))
    routes = entry(properties, "Routes")
    for key, route in routes if isinstance(routes, Map) else ():
        if isinstance(route, Map) and isinstance(routes, Map):
            _add_route(expansion, owner, key, route, routes.key_at(key))
    at = properties.key_at("StageName")
    name = _stage_name(owner)
    written = name.value if isinstance(name, Scalar) else ""
    logical_id = f"{owner.logical_id}{'Default' if written == 'default' else written}Stage"
    stage: dict[str, Plain] = {
        "ApiId": _api(expansion, owner, at),
        "StageName": name,
        **only(properties, *_STAGE),
        "AutoDeploy": True,
    }
    made_stage = expansion.add(owner, logical_id, "AWS::ApiGatewayV2::Stage", stage, at)
    expansion.aliases[owner.id, "Stage"] = made_stage.id
    expand_http_domain(expansion, owner, expansion.refer(logical_id, at))


def _stage_name(owner: Resource) -> Value:
    return entry(owner.properties, "StageName") or Scalar("default", owner.at)


def _api(expansion: Expansion, owner: Resource, at: Location) -> Value:
    return expansion.refer(owner.logical_id, at)


def _add_route(expansion: Expansion, owner: Resource, key: str, route: Map, at: Location) -> None:
    start = owner.logical_id + key.replace("$", "").capitalize()
    function = entry(route, "FunctionArn")
    if function is None:
        expansion.miss(at, "is a route without a function")
        return
    integration = expansion.refer(f"{start}Integration", at)
    settings: dict[str, Plain] = {
        "RouteKey": key,
        "ApiId": _api(expansion, owner, at),
        **only(route, *_ROUTE),
        "Target": join((Scalar("integrations/", at), integration), at),
        **(_authorization(expansion, owner) if key == "$connect" else {}),
    }
    expansion.add(owner, f"{start}Route", "AWS::ApiGatewayV2::Route", settings, at)
    _add_integration(expansion, owner, start, route, at)
    _add_permission(expansion, owner, (start, key), function, at)


def _add_integration(
    expansion: Expansion, owner: Resource, start: str, route: Map, at: Location
) -> None:
    function = route.entries["FunctionArn"]
    integration: dict[str, Plain] = {
        "ApiId": _api(expansion, owner, at),
        "IntegrationType": "AWS_PROXY",
        "IntegrationUri": substitute(_INVOKE, at, {"Function": function}),
        "TimeoutInMillis": entry(route, "IntegrationTimeout"),
    }
    expansion.add(owner, f"{start}Integration", "AWS::ApiGatewayV2::Integration", integration, at)


def _add_permission(
    expansion: Expansion, owner: Resource, route: tuple[str, str], function: Value, at: Location
) -> None:
    start, key = route
    stage = _stage_name(owner)
    api = expansion.refer(owner.logical_id, at, "ApiId")
    permission = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": function,
        "Principal": "apigateway.amazonaws.com",
        "SourceArn": substitute(_EXECUTE + key, at, {"Api": api, "Stage": stage}),
    }
    expansion.add(owner, f"{start}Permission", "AWS::Lambda::Permission", permission, at)


def _authorization(expansion: Expansion, owner: Resource) -> dict[str, Plain]:
    """Return what the connecting route asks of callers; add the authorizer it needs."""
    auth = entry(owner.properties, "Auth")
    if not isinstance(auth, Map) or is_empty(auth):
        return {}
    kind = text(entry(auth, "AuthType"))
    function = entry(auth, "AuthArn")
    if kind != "CUSTOM" or function is None:
        return {"AuthorizationType": kind if kind == "AWS_IAM" else "NONE"}
    at = owner.properties.key_at("Auth")
    logical_id = f"{owner.logical_id}ConnectAuthorizer"
    role = entry(auth, "InvokeRole")
    authorizer: dict[str, Plain] = {
        "ApiId": _api(expansion, owner, at),
        "AuthorizerCredentialsArn": role,
        "AuthorizerType": "REQUEST",
        "AuthorizerUri": substitute(_INVOKE, at, {"Function": function}),
        "IdentitySource": entry(auth, "IdentitySource"),
        "Name": entry(auth, "Name") or logical_id,
    }
    expansion.add(owner, logical_id, "AWS::ApiGatewayV2::Authorizer", authorizer, at)
    if role is None:
        name = f"{owner.logical_id}AuthorizerPermission"
        permit_authorizer(expansion, owner, function, name, at)
    return {"AuthorizationType": "CUSTOM", "AuthorizerId": expansion.refer(logical_id, at)}
