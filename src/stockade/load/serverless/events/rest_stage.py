"""The service's REST API itself: its stage, preflight answers, keys and usage plans.

Serverless: "REST API (API Gateway v1)".
"""

from stockade.load.building import Plain, entry, items_of, write
from stockade.load.serverless.events.rest_paths import API, api, method_and_path, resource_of
from stockade.load.serverless.naming import path_name, upper_first
from stockade.load.serverless.service import Service, get_att, ref
from stockade.model import List, Location, Map, Scalar, Value

CORS = "rest_api.cors"
FIRST = "rest_api.first"
_LOG_FORMAT = (
    "requestId: $context.requestId, ip: $context.identity.sourceIp, user: $context.identity.user, "
    "requestTime: $context.requestTime, httpMethod: $context.httpMethod, "
    "resourcePath: $context.resourcePath, status: $context.status"
)
_HEADERS = (
    "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token,X-Amz-User-Agent,"
    "X-Amzn-Trace-Id"
)


def add_api(service: Service) -> None:
    """Add the API, its stage, its preflight answers, its keys and usage plans."""
    first = service.shared.get(FIRST)
    if first is None:
        return
    settings = entry(service.provider, "apiGateway")
    at = settings.at if isinstance(settings, Map) else service.provider.at
    _add_preflights(service)
    if entry(settings, "restApiId") is None:
        _add_own(service, settings, at)
    stage = entry(settings, "stage") or service.stage(at)
    properties: dict[str, Plain] = {"RestApiId": api(service), "StageName": stage}
    service.add(
        "ApiGatewayDeployment",
        "AWS::ApiGateway::Deployment",
        {"RestApiId": api(service)},
        at,
        "provider.apiGateway",
    )
    properties["DeploymentId"] = ref("ApiGatewayDeployment")
    tracing = entry(entry(service.provider, "tracing"), "apiGateway")
    properties["TracingEnabled"] = tracing
    logs, logging = _stage_logs(service)
    properties.update(logs)
    methods = _method_settings(service, logging)
    properties["MethodSettings"] = write(methods, at) if methods else None
    service.add("ApiGatewayStage", "AWS::ApiGateway::Stage", properties, at, "provider.apiGateway")
    _add_keys(service, settings, at, stage)
    service.outputs["ServiceEndpoint"] = write(
        {
            "Description": "URL of the service endpoint",
            "Value": {
                "Fn::Join": [
                    "",
                    [
                        "https://",
                        api(service),
                        ".execute-api.",
                        ref("AWS::Region"),
                        ".",
                        ref("AWS::URLSuffix"),
                        "/",
                        stage,
                    ],
                ]
            },
        },
        at,
    )


def _add_own(service: Service, settings: Value | None, at: Location) -> None:
    endpoint = service.text(entry(service.provider, "endpointType")) or "EDGE"
    name = entry(service.provider, "apiName") or service.named(
        service.stage(at), "-", service.name_value, at=at
    )
    policy = entry(settings, "resourcePolicy") or entry(service.provider, "resourcePolicy")
    document = {"Version": "2012-10-17", "Statement": policy}
    service.add(
        API,
        "AWS::ApiGateway::RestApi",
        {
            "Name": name,
            "Policy": write(document, policy.at) if policy is not None else None,
            "EndpointConfiguration": {
                "Types": [endpoint.upper()],
                "VpcEndpointIds": entry(service.provider, "vpcEndpointIds"),
            },
            "DisableExecuteApiEndpoint": entry(settings, "disableDefaultEndpoint"),
            "BinaryMediaTypes": entry(settings, "binaryMediaTypes"),
            "MinimumCompressionSize": entry(settings, "minimumCompressionSize"),
            "ApiKeySourceType": entry(settings, "apiKeySourceType"),
            "Description": entry(settings, "description"),
        },
        at,
        "provider.apiGateway",
    )


def _stage_logs(service: Service) -> tuple[dict[str, Plain], dict[str, Plain]]:
    """Return the settings of a stage's access log, and those of the logs of its methods."""
    logs = entry(entry(service.provider, "logs"), "restApi")
    if logs is None or service.text(logs) == "false":
        return {}, {}
    place = logs.at
    full = entry(logs, "fullExecutionData")
    level = entry(logs, "level") or "INFO"
    methods: dict[str, Plain] = {"DataTraceEnabled": full if full is not None else True}
    if service.text(entry(logs, "executionLogging")) != "false":
        methods["LoggingLevel"] = level
    if service.text(entry(logs, "accessLogging")) == "false":
        return {}, methods
    name = service.named(
        "/aws/api-gateway/", service.name_value, "-", service.stage(place), at=place
    )
    service.add(
        "ApiGatewayLogGroup",
        "AWS::Logs::LogGroup",
        {
            "LogGroupName": name,
            "RetentionInDays": entry(service.provider, "logRetentionInDays"),
        },
        place,
        "provider.logs.restApi",
    )
    access: dict[str, Plain] = {
        "DestinationArn": get_att("ApiGatewayLogGroup"),
        "Format": entry(logs, "format") or _LOG_FORMAT,
    }
    return {"AccessLogSetting": write(access, place)}, methods


def _method_settings(service: Service, logging: "dict[str, Plain]") -> "list[Plain]":
    """Return the settings of a stage's methods: their logs, and what throttles them.

    The plug-in serverless-api-gateway-throttling limits all of them, and single ones.
    """
    every: dict[str, Plain] = {"HttpMethod": "*", "ResourcePath": "/*", **logging}
    throttling = entry(service.custom, "apiGatewayThrottling")
    every.update(_limits(throttling))
    found: list[Plain] = [every] if len(every) > len(("HttpMethod", "ResourcePath")) else []
    for function in service.functions:
        for event in service.events(function):
            own = _limits(event.get("throttling")) if event.type == "http" else {}
            if own:
                method, path = method_and_path(service, event)
                found.append({"HttpMethod": method.upper(), "ResourcePath": f"/{path}", **own})
    return found


def _limits(throttling: Value | None) -> dict[str, Plain]:
    limits = {
        "ThrottlingRateLimit": entry(throttling, "maxRequestsPerSecond"),
        "ThrottlingBurstLimit": entry(throttling, "maxConcurrentRequests"),
    }
    return {key: value for key, value in limits.items() if value is not None}


def _add_preflights(service: Service) -> None:
    """Add the methods that answer the browser's question before it sends a request."""
    asked = service.shared.get(CORS)
    for path, (cors, at) in asked.items() if isinstance(asked, dict) else ():
        origins = list(items_of(entry(cors, "origins"))) or [
            entry(cors, "origin") or Scalar("*", at)
        ]
        headers = entry(cors, "headers")
        allowed = service.text(headers)
        if isinstance(headers, List):
            allowed = ",".join(service.text(one) or "" for one in headers.items)
        response = "method.response.header.Access-Control-Allow-"
        parameters: dict[str, Plain] = {
            f"{response}Origin": service.named("'", origins[0], "'", at=at),
            f"{response}Headers": f"'{allowed or _HEADERS}'",
        }
        credentials = entry(cors, "allowCredentials")
        if credentials is not None:
            parameters[f"{response}Credentials"] = service.named("'", credentials, "'", at=at)
        service.add(
            f"ApiGatewayMethod{path_name(path)}Options",
            "AWS::ApiGateway::Method",
            {
                "AuthorizationType": "NONE",
                "HttpMethod": "OPTIONS",
                "ResourceId": resource_of(service, path, at),
                "RestApiId": api(service),
                "Integration": {
                    "Type": "MOCK",
                    "RequestTemplates": {"application/json": "{statusCode:200}"},
                    "IntegrationResponses": [
                        {"StatusCode": "200", "ResponseParameters": parameters}
                    ],
                },
            },
            at,
            "http cors",
        )


def _add_keys(service: Service, settings: Value | None, at: Location, stage: Value) -> None:
    """Add the API keys and the usage plans, which may be named (`- free: [...]`)."""
    keys = entry(settings, "apiKeys") or entry(service.provider, "apiKeys")
    plans = entry(settings, "usagePlan") or entry(service.provider, "usagePlan")
    plan_names = _add_plans(service, plans, keys, at, stage)
    number = 0
    for key in items_of(keys):
        named: list[tuple[str | None, Value]] = [(None, key)]
        if isinstance(key, Map) and "name" not in key and "value" not in key:
            named = [(plan, one) for plan, listed in key for one in items_of(listed)]
        for plan, one in named:
            number += 1
            own = upper_first(plan or "")
            logical_id = f"ApiGatewayApiKey{own}{number}"
            service.add(
                logical_id,
                "AWS::ApiGateway::ApiKey",
                {
                    "Enabled": True,
                    "Name": entry(one, "name") or (one if isinstance(one, Scalar) else None),
                    "Value": entry(one, "value"),
                    "StageKeys": [{"RestApiId": api(service), "StageName": stage}],
                },
                one.at,
                "provider.apiGateway.apiKeys",
            )
            usage = plan_names.get(plan)
            if usage is not None:
                service.add(
                    f"ApiGatewayUsagePlanKey{own}{number}",
                    "AWS::ApiGateway::UsagePlanKey",
                    {"KeyId": ref(logical_id), "KeyType": "API_KEY", "UsagePlanId": ref(usage)},
                    one.at,
                    "provider.apiGateway.apiKeys",
                )


def _add_plans(
    service: Service, plans: Value | None, keys: Value | None, at: Location, stage: Value
) -> dict[str | None, str]:
    written: list[tuple[str | None, Value | None]] = []
    if isinstance(plans, List):
        written = [(name, one) for item in plans for name, one in _entries(item)]
    elif plans is not None or keys is not None:
        written = [(None, plans)]
    names: dict[str | None, str] = {}
    for name, plan in written:
        logical_id = f"ApiGatewayUsagePlan{upper_first(name or '')}"
        names[name] = logical_id
        quota, throttle = entry(plan, "quota"), entry(plan, "throttle")
        properties: dict[str, Plain] = {
            "ApiStages": [{"ApiId": api(service), "Stage": stage}],
        }
        if quota is not None:
            properties["Quota"] = {
                "Limit": entry(quota, "limit"),
                "Offset": entry(quota, "offset"),
                "Period": entry(quota, "period"),
            }
        if throttle is not None:
            properties["Throttle"] = {
                "BurstLimit": entry(throttle, "burstLimit"),
                "RateLimit": entry(throttle, "rateLimit"),
            }
        place = plan.at if plan is not None else at
        service.add(
            logical_id,
            "AWS::ApiGateway::UsagePlan",
            properties,
            place,
            "provider.apiGateway.usagePlan",
        )
    return names


def _entries(value: Value) -> list[tuple[str, Value]]:
    return list(value) if isinstance(value, Map) else []
