"""Events of type `websocket`: routes of the service's WebSocket API.

Serverless: "WebSocket".
"""

from stockade.load.building import Plain, entry
from stockade.load.serverless.naming import normalized, route_name
from stockade.load.serverless.permissions import allow, api_arn, invoke_uri, permission
from stockade.load.serverless.service import Event, FunctionDraft, Service, get_att, ref, sub
from stockade.model import Value

_API = "WebsocketsApi"
_LOG_FORMAT = (
    "$context.identity.sourceIp $context.identity.caller $context.identity.user "
    '[$context.requestTime] "$context.eventType $context.routeKey $context.connectionId" '
    "$context.requestId"
)


def websocket(service: Service, function: FunctionDraft, event: Event) -> None:
    """Add the route that an event asks for, its integration and its authorizer."""
    route = service.text(event.get("route")) or service.text(event.value)
    if route is None:
        service.miss(event.at, "is an event of a WebSocket API without a route")
        return
    service.shared["websocket.used"] = True
    written_as = f"functions.{function.key} websocket"
    integration = f"{normalized(function.key)}WebsocketsIntegration"
    service.add(
        integration,
        "AWS::ApiGatewayV2::Integration",
        {
            "ApiId": _api(service),
            "IntegrationType": "AWS_PROXY",
            "IntegrationUri": invoke_uri(get_att(function.logical_id)),
        },
        event.at,
        written_as,
    )
    properties: dict[str, Plain] = {
        "ApiId": _api(service),
        "RouteKey": route,
        "AuthorizationType": "NONE",
        "Target": {"Fn::Join": ["/", ["integrations", ref(integration)]]},
    }
    authorizer = event.get("authorizer")
    if authorizer is not None:
        properties |= {
            "AuthorizationType": "CUSTOM",
            "AuthorizerId": ref(_authorizer(service, authorizer)),
        }
    logical_id = f"{route_name(route)}WebsocketsRoute"
    service.add(logical_id, "AWS::ApiGatewayV2::Route", properties, event.at, written_as)
    permission(
        service,
        f"{normalized(function.key)}LambdaPermissionWebsockets",
        function,
        "apigateway",
        api_arn(_api(service)),
        event.at,
    )
    if entry(entry(service.provider, "apiGateway"), "websocketApiId") is None:
        arn = sub("arn:${AWS::Partition}:execute-api:*:*:*/@connections/*")
        function.needs.append(allow(["execute-api:ManageConnections"], arn, event.at))


def _api(service: Service) -> "Plain":
    return entry(entry(service.provider, "apiGateway"), "websocketApiId") or ref(_API)


def _authorizer(service: Service, written: Value) -> str:
    name = service.text(entry(written, "name")) or service.text(written) or "Authorizer"
    arn: Plain = entry(written, "arn")
    if arn is None and ":" in name:
        arn, name = written, name.rpartition(":")[2]
    for function in service.functions:
        if arn is None and function.key == name:
            arn = get_att(function.logical_id)
    logical_id = f"{normalized(name)}WebsocketsAuthorizer"
    service.add(
        f"{normalized(name)}LambdaPermissionWebsockets",
        "AWS::Lambda::Permission",
        {
            "FunctionName": arn,
            "Action": "lambda:InvokeFunction",
            "Principal": "apigateway.amazonaws.com",
        },
        written.at,
        name,
    )
    source = entry(written, "identitySource") or ["route.request.header.Auth"]
    service.add(
        logical_id,
        "AWS::ApiGatewayV2::Authorizer",
        {
            "ApiId": _api(service),
            "Name": name,
            "AuthorizerType": "REQUEST",
            "AuthorizerUri": invoke_uri(arn),
            "IdentitySource": source,
        },
        written.at,
        name,
    )
    return logical_id


def finish(service: Service) -> None:
    """Add the API and its stage."""
    at = service.provider.at
    if entry(entry(service.provider, "apiGateway"), "websocketApiId") is not None:
        return
    name = entry(service.provider, "websocketsApiName") or service.named(
        service.stage(at), "-", service.name_value, "-websockets", at=at
    )
    chooses = entry(service.provider, "websocketsApiRouteSelectionExpression")
    service.add(
        _API,
        "AWS::ApiGatewayV2::Api",
        {
            "Name": name,
            "ProtocolType": "WEBSOCKET",
            "RouteSelectionExpression": chooses or "$request.body.action",
        },
        at,
        "provider",
    )
    stage: dict[str, Plain] = {"ApiId": ref(_API), "StageName": service.stage(at)}
    logs = entry(entry(service.provider, "logs"), "websocket")
    if logs is not None and service.text(logs) != "false":
        group = service.named(
            "/aws/websocket/", service.name_value, "-", service.stage(at), at=logs.at
        )
        service.add(
            "WebsocketsLogGroup",
            "AWS::Logs::LogGroup",
            {"LogGroupName": group},
            logs.at,
            "provider.logs.websocket",
        )
        stage["DefaultRouteSettings"] = {"DataTraceEnabled": True, "LoggingLevel": "INFO"}
        if service.text(entry(logs, "accessLogging")) != "false":
            log_format = entry(logs, "format") or _LOG_FORMAT
            stage["AccessLogSettings"] = {
                "DestinationArn": get_att("WebsocketsLogGroup"),
                "Format": log_format,
            }
    service.add("WebsocketsDeploymentStage", "AWS::ApiGatewayV2::Stage", stage, at, "provider")
