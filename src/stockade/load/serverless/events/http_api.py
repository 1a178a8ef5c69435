"""Events of type `httpApi`: routes of the service's HTTP API.

Serverless: "HTTP API (API Gateway v2)".
"""

import json

from stockade.load.building import Plain, entry, items_of, write
from stockade.load.serverless.naming import normalized, path_name
from stockade.load.serverless.permissions import api_arn, invoke_uri, permission
from stockade.load.serverless.service import Event, FunctionDraft, Service, get_att, ref
from stockade.model import List, Location, Map, Scalar, Value

_API = "HttpApi"
_ROUTES = "http_api.routes"
_AUTHORIZERS = "http_api.authorizers"
_LOGGED = {
    "requestId": "$context.requestId",
    "ip": "$context.identity.sourceIp",
    "requestTime": "$context.requestTime",
    "httpMethod": "$context.httpMethod",
    "routeKey": "$context.routeKey",
    "status": "$context.status",
    "protocol": "$context.protocol",
    "responseLength": "$context.responseLength",
}
_HEADERS = [
    *("Content-Type", "X-Amz-Date", "Authorization", "X-Api-Key", "X-Amz-Security-Token"),
    *("X-Amz-User-Agent", "X-Amzn-Trace-Id"),
]


def http_api(service: Service, function: FunctionDraft, event: Event) -> None:
    """Add the route that an event asks for, and the integration with its function."""
    key = _route_key(service, event)
    if key is None:
        service.miss(event.at, "is an event of an API without a path that is known")
        return
    routes = service.shared.setdefault(_ROUTES, [])
    if isinstance(routes, list):
        routes.append(key)
    integration = f"HttpApiIntegration{normalized(function.key)}"
    written_as = f"functions.{function.key} httpApi"
    if integration not in service.resources:
        payload = entry(service.provider, "httpApi")
        settings = function.get("httpApi")
        version = entry(settings, "payload") or entry(payload, "payload") or "2.0"
        service.add(
            integration,
            "AWS::ApiGatewayV2::Integration",
            {
                "ApiId": _api(service),
                "IntegrationType": "AWS_PROXY",
                "IntegrationUri": get_att(function.logical_id),
                "PayloadFormatVersion": version,
            },
            event.at,
            written_as,
        )
        permission(
            service,
            f"{normalized(function.key)}LambdaPermissionHttpApi",
            function,
            "apigateway",
            api_arn(_api(service)),
            event.at,
        )
    name = "Default" if key == "$default" else path_name(key)
    properties: dict[str, Plain] = {
        "ApiId": _api(service),
        "RouteKey": key,
        "Target": {"Fn::Join": ["/", ["integrations", ref(integration)]]},
        **_authorization(service, event),
    }
    made = write(properties, event.at)
    if isinstance(made, Map) and isinstance(event.value, Map):
        place = event.value.key_at("authorizer")
        made = Map(made.entries, event.at, {"AuthorizationType": place})
    service.add(f"HttpApiRoute{name}", "AWS::ApiGatewayV2::Route", made, event.at, written_as)


def _route_key(service: Service, event: Event) -> str | None:
    text = service.text(event.value)
    if text is not None:
        text = text.strip()
        if text == "*":
            return "$default"
        method, _, path = text.partition(" ")
        path = path.strip()
    else:
        path = service.text(event.get("path")) or ""
        method = service.text(event.get("method")) or "*"
    if path == "*":
        return "$default"
    if not path:
        return None
    return f"{'ANY' if method in {'*', ''} else method.upper()} {path}"


def _api(service: Service) -> "Plain":
    return entry(entry(service.provider, "httpApi"), "id") or ref(_API)


def _authorization(service: Service, event: Event) -> dict[str, Plain]:
    """Return what the route asks of its caller; notes the authorizer that it names."""
    written = event.get("authorizer")
    if written is None:
        return {}
    kind = (service.text(entry(written, "type")) or "").lower()
    name = service.text(entry(written, "name")) or service.text(written)
    if kind == "aws_iam" or (name or "").lower() == "aws_iam":
        return {"AuthorizationType": "AWS_IAM"}
    found: dict[str, Plain] = {"AuthorizationScopes": entry(written, "scopes")}
    own_id = entry(written, "id")
    if own_id is not None:
        found["AuthorizationType"] = "CUSTOM" if kind == "request" else "JWT"
        return {**found, "AuthorizerId": own_id}
    settings = entry(entry(entry(service.provider, "httpApi"), "authorizers"), name or "")
    if settings is None:
        service.miss(written.at, f"names an authorizer that is not known: {(name or '')[:60]}")
        return {**found, "AuthorizationType": "CUSTOM"}
    request = (service.text(entry(settings, "type")) or "").lower() == "request"
    found["AuthorizationType"] = "CUSTOM" if request else "JWT"
    return {**found, "AuthorizerId": ref(_authorizer_id(service, name or "", settings))}


def _authorizer_id(service: Service, key: str, settings: Value) -> str:
    return f"HttpApiAuthorizer{normalized(service.text(entry(settings, 'name')) or key)}"


def finish(service: Service) -> None:
    """Add the API, its stage and its authorizers."""
    settings = entry(service.provider, "httpApi")
    at = settings.at if isinstance(settings, Map) else service.provider.at
    if _ROUTES not in service.shared or entry(settings, "id") is not None:
        return
    name = entry(settings, "name") or service.named(
        service.stage(at), "-", service.name_value, at=at
    )
    service.add(
        _API,
        "AWS::ApiGatewayV2::Api",
        {
            "Name": name,
            "ProtocolType": "HTTP",
            "DisableExecuteApiEndpoint": entry(settings, "disableDefaultEndpoint"),
            "CorsConfiguration": _cors(service, entry(settings, "cors")),
        },
        at,
        "provider.httpApi",
    )
    authorizers = entry(settings, "authorizers")
    for key, authorizer in authorizers if isinstance(authorizers, Map) else ():
        _add_authorizer(service, key, authorizer)
    stage: dict[str, Plain] = {
        "ApiId": ref(_API),
        "StageName": "$default",
        "AutoDeploy": True,
        "DefaultRouteSettings": {"DetailedMetricsEnabled": entry(settings, "metrics") or False},
        **_logs(service),
    }
    service.add("HttpApiStage", "AWS::ApiGatewayV2::Stage", stage, at, "provider.httpApi")
    address: list[Plain] = ["https://", ref(_API), ".execute-api.", ref("AWS::Region")]
    address += [".", ref("AWS::URLSuffix")]
    service.outputs["HttpApiId"] = write({"Value": ref(_API)}, at)
    service.outputs["HttpApiUrl"] = write({"Value": {"Fn::Join": ["", address]}}, at)


def _cors(service: Service, cors: Value | None) -> "Plain":
    if cors is None or service.text(cors) == "false":
        return None
    made = {
        "AllowOrigins": _listed(entry(cors, "allowedOrigins")) or ["*"],
        "AllowHeaders": _listed(entry(cors, "allowedHeaders")) or _HEADERS,
        "AllowMethods": _listed(entry(cors, "allowedMethods")) or _methods(service),
        "AllowCredentials": entry(cors, "allowCredentials"),
        "ExposeHeaders": entry(cors, "exposedResponseHeaders"),
        "MaxAge": entry(cors, "maxAge"),
    }
    return write(made, cors.at)


def _listed(value: Value | None) -> "Plain":
    """Return what may be one text or a list as a list."""
    return None if value is None else List(tuple(items_of(value)), value.at)


def _methods(service: Service) -> "Plain":
    """Return the methods of all routes, and the one of the browser's question."""
    routes = service.shared.get(_ROUTES)
    methods = {"OPTIONS": None}
    for route in routes if isinstance(routes, list) else ():
        method = str(route).partition(" ")[0]
        every = ["GET", "POST", "PUT", "PATCH", "HEAD", "DELETE"]
        methods.update(dict.fromkeys(every if method in {"ANY", "$default"} else [method]))
    return list(methods)


def _add_authorizer(service: Service, key: str, settings: Value) -> None:
    name = service.text(entry(settings, "name")) or key
    at = settings.at
    source = entry(settings, "identitySource")
    properties: dict[str, Plain] = {
        "ApiId": ref(_API),
        "Name": name,
        "IdentitySource": _listed(source) or [],
    }
    if (service.text(entry(settings, "type")) or "jwt").lower() == "request":
        arn = _function_arn(service, settings)
        properties |= {
            "AuthorizerType": "REQUEST",
            "AuthorizerUri": invoke_uri(arn),
            "AuthorizerPayloadFormatVersion": entry(settings, "payloadVersion") or "2.0",
            "EnableSimpleResponses": entry(settings, "enableSimpleResponses"),
            "AuthorizerResultTtlInSeconds": entry(settings, "resultTtlInSeconds"),
        }
        if not service.is_true(entry(settings, "managedExternally")):
            _add_permission(service, name, arn, at)
    else:
        properties |= {
            "AuthorizerType": "JWT",
            "JwtConfiguration": {
                "Audience": _listed(entry(settings, "audience")),
                "Issuer": entry(settings, "issuerUrl"),
            },
        }
    service.add(
        _authorizer_id(service, key, settings),
        "AWS::ApiGatewayV2::Authorizer",
        properties,
        at,
        f"provider.httpApi.authorizers.{key}",
    )


def _function_arn(service: Service, settings: Value) -> "Plain":
    name = service.text(entry(settings, "functionName"))
    for function in service.functions:
        if function.key == name:
            return get_att(function.logical_id)
    return entry(settings, "functionArn") or entry(settings, "functionName")


def _add_permission(service: Service, name: str, arn: "Plain", at: Location) -> None:
    service.add(
        f"{normalized(name)}LambdaAuthorizerPermissionHttpApi",
        "AWS::Lambda::Permission",
        {
            "FunctionName": arn,
            "Action": "lambda:InvokeFunction",
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": api_arn(ref(_API)),
        },
        at,
        f"provider.httpApi.authorizers.{name}",
    )


def _logs(service: Service) -> dict[str, Plain]:
    logs = entry(entry(service.provider, "logs"), "httpApi")
    if logs is None or service.text(logs) == "false":
        return {}
    at = logs.at
    name = service.named("/aws/http-api/", service.name_value, "-", service.stage(at), at=at)
    service.add(
        "HttpApiLogGroup",
        "AWS::Logs::LogGroup",
        {
            "LogGroupName": name,
            "RetentionInDays": entry(service.provider, "logRetentionInDays"),
        },
        at,
        "provider.logs.httpApi",
    )
    written = entry(logs, "format") or Scalar(json.dumps(_LOGGED), at)
    return {
        "AccessLogSettings": write(
            {"DestinationArn": get_att("HttpApiLogGroup"), "Format": written}, at
        )
    }
