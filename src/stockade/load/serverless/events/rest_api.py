"""Events of type `http`: methods of the service's REST API.

Serverless: "REST API (API Gateway v1)".
"""

from stockade.load.building import Plain, entry, items_of, write
from stockade.load.serverless.functions import api_arn, invoke_uri, permission
from stockade.load.serverless.naming import alphanumeric, camel, normalized, path_name
from stockade.load.serverless.service import Event, FunctionDraft, Service, get_att, ref
from stockade.model import List, Location, Map, Scalar, Value

_API = "ApiGatewayRestApi"
_PATHS = "rest_api.paths"
_CORS = "rest_api.cors"
_FIRST = "rest_api.first"
_PROXIES = frozenset({"", "aws_proxy", "lambda-proxy", "lambda_proxy", "aws-proxy"})
_INTEGRATIONS = {
    "lambda": "AWS",
    "aws": "AWS",
    "http": "HTTP",
    "http-proxy": "HTTP_PROXY",
    "http_proxy": "HTTP_PROXY",
    "mock": "MOCK",
}
_HEADERS = (
    "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token,X-Amz-User-Agent,"
    "X-Amzn-Trace-Id"
)


def http(service: Service, function: FunctionDraft, event: Event) -> None:
    """Add the method that an event asks for, with the path that leads to it."""
    method, path = _method_and_path(service, event)
    if path is None:
        service.miss(event.at, "is an event of an API without a path that is known")
        return
    service.shared.setdefault(_FIRST, event.at)
    resource = _resource(service, path, event.at)
    written_as = f"functions.{function.key} http"
    properties: dict[str, Plain] = {
        "HttpMethod": method.upper(),
        "ResourceId": resource,
        "RestApiId": _api(service),
        "ApiKeyRequired": entry(event.value, "private") or False,
        "Integration": _integration(service, function, event),
        **_authorization(service, event, function),
    }
    places = {"ApiKeyRequired": event.at, "AuthorizationType": event.at}
    if isinstance(event.value, Map):
        places["ApiKeyRequired"] = event.value.key_at("private")
        places["AuthorizationType"] = event.value.key_at("authorizer")
    logical_id = f"ApiGatewayMethod{path_name(path)}{method.lower().capitalize()}"
    properties.update(_request(service, event, logical_id))
    made = write(properties, event.at)
    if isinstance(made, Map):
        made = Map(made.entries, event.at, places)
    service.add(logical_id, "AWS::ApiGateway::Method", made, event.at, written_as)  # type: ignore[arg-type]
    permission(
        service,
        f"{normalized(function.key)}LambdaPermissionApiGateway",
        function,
        "apigateway",
        api_arn(_api(service)),
        event.at,
    )
    cors = event.get("cors")
    if cors is not None and service.text(cors) != "false":
        asked = service.shared.setdefault(_CORS, {})
        if isinstance(asked, dict):
            asked[path] = (cors, event.at)


def _method_and_path(service: Service, event: Event) -> tuple[str, str | None]:
    text = service.text(event.value)
    if text is not None:
        method, _, path = text.strip().partition(" ")
        return method, path.strip().strip("/")
    method = service.text(event.get("method")) or "any"
    path = service.text(event.get("path"))
    return method, None if path is None else path.strip("/")


def _api(service: Service) -> "Plain":
    """Refer to the API: the service's own, or one that is made elsewhere."""
    return entry(entry(service.provider, "apiGateway"), "restApiId") or ref(_API)


def _resource(service: Service, path: str, at: Location) -> "Plain":
    """Return the resource of a path; those on the way to it are added where they are new."""
    settings = entry(service.provider, "apiGateway")
    known = service.shared.setdefault(_PATHS, {})
    elsewhere = entry(settings, "restApiRootResourceId")
    parent: Plain = elsewhere or get_att(_API, "RootResourceId")
    if not path or not isinstance(known, dict):
        return parent
    given = entry(settings, "restApiResources")
    so_far = ""
    for part in path.split("/"):
        so_far = f"{so_far}/{part}" if so_far else part
        other = entry(given, so_far) or entry(given, f"/{so_far}")
        if other is not None:
            parent = other
            continue
        if so_far not in known:
            logical_id = f"ApiGatewayResource{path_name(so_far)}"
            known[so_far] = logical_id
            properties: dict[str, Plain] = {
                "ParentId": parent,
                "PathPart": part,
                "RestApiId": _api(service),
            }
            service.add(logical_id, "AWS::ApiGateway::Resource", properties, at, f"/{so_far}")
        parent = ref(known[so_far])
    return parent


def _integration(service: Service, function: FunctionDraft, event: Event) -> "Plain":
    kind = (service.text(event.get("integration")) or "").lower()
    if kind in _PROXIES:
        uri = invoke_uri(get_att(function.logical_id))
        return {"IntegrationHttpMethod": "POST", "Type": "AWS_PROXY", "Uri": uri}
    request = event.get("request")
    if kind in {"http", "http-proxy", "http_proxy"}:
        return {
            "IntegrationHttpMethod": entry(request, "method") or "POST",
            "Type": _INTEGRATIONS[kind],
            "Uri": entry(request, "uri"),
        }
    if kind == "mock":
        return {"Type": "MOCK"}
    return {
        "IntegrationHttpMethod": "POST",
        "Type": "AWS",
        "Uri": invoke_uri(get_att(function.logical_id)),
        "RequestTemplates": entry(request, "template"),
        "PassthroughBehavior": entry(request, "passThrough") or "NEVER",
    }


# --- who is let in --------------------------------------------------------------------------


def _authorization(service: Service, event: Event, function: FunctionDraft) -> dict[str, Plain]:
    """Return what the method asks of its caller; adds the authorizer that it names."""
    written = event.get("authorizer")
    if written is None:
        return {"AuthorizationType": "NONE"}
    kind = (service.text(entry(written, "type")) or "").upper()
    text = service.text(written)
    if kind == "AWS_IAM" or (text or "").upper() == "AWS_IAM":
        return {"AuthorizationType": "AWS_IAM"}
    own_id = entry(written, "authorizerId")
    if own_id is not None:
        custom = kind in {"TOKEN", "REQUEST", ""}
        found: dict[str, Plain] = {
            "AuthorizationType": "CUSTOM" if custom else kind,
            "AuthorizerId": own_id,
        }
        return found
    arn, name = _named_authorizer(service, written, text)
    if arn is None:
        service.miss(written.at, "names an authorizer that is not known")
        return {"AuthorizationType": "CUSTOM"}
    logical_id = f"{normalized(name)}ApiGatewayAuthorizer"
    is_cognito = kind == "COGNITO_USER_POOLS" or _is_pool(service, arn)
    _add_authorizer(service, logical_id, name, arn, written, is_cognito, kind)
    if is_cognito:
        return {
            "AuthorizationType": "COGNITO_USER_POOLS",
            "AuthorizerId": ref(logical_id),
            "AuthorizationScopes": entry(written, "scopes"),
        }
    _ = function
    return {"AuthorizationType": "CUSTOM", "AuthorizerId": ref(logical_id)}


def _named_authorizer(service: Service, written: Value, text: str | None) -> tuple["Plain", str]:
    """Return the ARN and the name of an authorizer, which may be a function of the service."""
    arn = entry(written, "arn")
    name = service.text(entry(written, "name")) or text or ""
    if arn is None and text is not None and ":" in text:
        arn = written
    if arn is not None:
        known = service.text(entry(written, "name"))
        shown = service.text(arn) or ""
        return arn, known or shown.rpartition(":")[2].rpartition("-")[2] or "Authorizer"
    for function in service.functions:
        if function.key == name:
            return get_att(function.logical_id), name
    return None, name


def _is_pool(service: Service, arn: "Plain") -> bool:
    if isinstance(arn, Scalar | Map):
        text = service.text(arn)
        return text is not None and ":cognito-idp:" in text and ":userpool/" in text
    return False


def _add_authorizer(  # noqa: PLR0913, PLR0917 - what an authorizer is made of
    service: Service,
    logical_id: str,
    name: str,
    arn: "Plain",
    written: Value,
    is_cognito: bool,  # noqa: FBT001
    kind: str,
) -> None:
    header = "method.request.header.Authorization"
    ttl = entry(written, "resultTtlInSeconds")
    properties: dict[str, Plain] = {
        "Name": name,
        "RestApiId": _api(service),
        "IdentitySource": entry(written, "identitySource") or header,
        "AuthorizerResultTtlInSeconds": ttl if ttl is not None else 300,
        "IdentityValidationExpression": entry(written, "identityValidationExpression"),
    }
    if is_cognito:
        properties |= {"Type": "COGNITO_USER_POOLS", "ProviderARNs": [arn]}
    else:
        properties |= {"Type": kind or "TOKEN", "AuthorizerUri": invoke_uri(arn)}
    service.add(logical_id, "AWS::ApiGateway::Authorizer", properties, written.at, f"{name}")
    if not is_cognito and not service.is_true(entry(written, "managedExternally")):
        service.add(
            f"{normalized(name)}LambdaPermissionApiGateway",
            "AWS::Lambda::Permission",
            {
                "FunctionName": arn,
                "Action": "lambda:InvokeFunction",
                "Principal": "apigateway.amazonaws.com",
                "SourceArn": api_arn(_api(service)),
            },
            written.at,
            f"{name}",
        )


# --- what requests look like ----------------------------------------------------------------


def _request(service: Service, event: Event, method: str) -> dict[str, Plain]:
    """Return the models and the validator of a method, and the parameters that it declares."""
    request = event.get("request")
    found: dict[str, Plain] = {"RequestParameters": _parameters(entry(request, "parameters"))}
    schemas = entry(request, "schemas") or entry(request, "schema")
    if not isinstance(schemas, Map):
        return found
    models: dict[str, Plain] = {}
    for content_type, schema in schemas:
        models[content_type] = _model(service, schema, method, content_type)
    validator = f"ApiGateway{alphanumeric(service.name)}RequestValidator"
    name = service.prefixed(" | Validate request body and querystring parameters", at=event.at)
    service.add(
        validator,
        "AWS::ApiGateway::RequestValidator",
        {
            "RestApiId": _api(service),
            "ValidateRequestBody": True,
            "ValidateRequestParameters": True,
            "Name": name,
        },
        schemas.at,
        "http request schemas",
    )
    return {**found, "RequestModels": models, "RequestValidatorId": ref(validator)}


def _parameters(written: Value | None) -> "Plain":
    if not isinstance(written, Map):
        return None
    names: dict[str, Plain] = {}
    for place, key in (
        ("querystrings", "querystring"),
        ("headers", "header"),
        ("paths", "path"),
    ):
        group = entry(written, place)
        for name, required in group if isinstance(group, Map) else ():
            own = entry(required, "required") if isinstance(required, Map) else required
            names[f"method.request.{key}.{name}"] = own if own is not None else True
    return names


def _model(service: Service, schema: Value, method: str, content_type: str) -> "Plain":
    """Return the model of a schema; the provider's are referred to by name."""
    name = service.text(schema)
    shared = entry(entry(entry(service.provider, "apiGateway"), "request"), "schemas")
    if name is not None:
        written = entry(shared, name)
        if written is None:
            return schema
        logical_id = f"ApiGateway{camel(name)}Model"
        inner = entry(written, "schema") or written
        title: Plain = entry(written, "name")
    else:
        logical_id = f"{method}{camel(content_type)}Model"
        inner, title = entry(schema, "schema") or schema, entry(schema, "name")
    properties: dict[str, Plain] = {
        "RestApiId": _api(service),
        "ContentType": content_type,
        "Schema": inner,
        "Name": title,
    }
    service.add(
        logical_id, "AWS::ApiGateway::Model", properties, schema.at, "http request schemas"
    )
    return ref(logical_id)


# --- the API itself -------------------------------------------------------------------------


def finish(service: Service) -> None:
    """Add the API, its stage, its preflight answers, its keys and usage plans."""
    first = service.shared.get(_FIRST)
    if first is None:
        return
    settings = entry(service.provider, "apiGateway")
    at = settings.at if isinstance(settings, Map) else service.provider.at
    _add_preflights(service)
    if entry(settings, "restApiId") is None:
        _add_api(service, settings, at)
    stage = entry(settings, "stage") or service.stage(at)
    properties: dict[str, Plain] = {"RestApiId": _api(service), "StageName": stage}
    service.add(
        "ApiGatewayDeployment",
        "AWS::ApiGateway::Deployment",
        {"RestApiId": _api(service)},
        at,
        "provider.apiGateway",
    )
    properties["DeploymentId"] = ref("ApiGatewayDeployment")
    tracing = entry(entry(service.provider, "tracing"), "apiGateway")
    properties["TracingEnabled"] = tracing
    properties.update(_stage_logs(service, at))
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
                        _api(service),
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


def _add_api(service: Service, settings: Value | None, at: Location) -> None:
    endpoint = service.text(entry(service.provider, "endpointType")) or "EDGE"
    name = entry(service.provider, "apiName") or service.named(
        service.stage(at), "-", service.name_value, at=at
    )
    policy = entry(settings, "resourcePolicy") or entry(service.provider, "resourcePolicy")
    document = {"Version": "2012-10-17", "Statement": policy}
    service.add(
        _API,
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


def _stage_logs(service: Service, at: Location) -> dict[str, Plain]:
    logs = entry(entry(service.provider, "logs"), "restApi")
    if logs is None or service.text(logs) == "false":
        return {}
    if service.text(entry(logs, "accessLogging")) == "false":
        return {}
    place = logs.at
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
    level = service.text(entry(logs, "level")) or "INFO"
    full = entry(logs, "fullExecutionData")
    setting: dict[str, Plain] = {
        "HttpMethod": "*",
        "ResourcePath": "/*",
        "DataTraceEnabled": full if full is not None else True,
    }
    if service.text(entry(logs, "executionLogging")) != "false":
        setting["LoggingLevel"] = level
    return {
        "AccessLogSetting": {
            "DestinationArn": get_att("ApiGatewayLogGroup"),
            "Format": entry(logs, "format") or "requestId: $context.requestId",
        },
        "MethodSettings": write([setting], at),
    }


def _add_preflights(service: Service) -> None:
    """Add the methods that answer the browser's question before it sends a request."""
    asked = service.shared.get(_CORS)
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
                "ResourceId": _resource(service, path, at),
                "RestApiId": _api(service),
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
        named = [(None, key)]
        if isinstance(key, Map) and "name" not in key and "value" not in key:
            named = [(plan, one) for plan, listed in key for one in items_of(listed)]
        for plan, one in named:
            number += 1
            own = (plan or "").capitalize() if plan is None else plan[:1].upper() + plan[1:]
            logical_id = f"ApiGatewayApiKey{own}{number}"
            service.add(
                logical_id,
                "AWS::ApiGateway::ApiKey",
                {
                    "Enabled": True,
                    "Name": entry(one, "name") or (one if isinstance(one, Scalar) else None),
                    "Value": entry(one, "value"),
                    "StageKeys": [{"RestApiId": _api(service), "StageName": stage}],
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
        logical_id = f"ApiGatewayUsagePlan{(name or '')[:1].upper()}{(name or '')[1:]}"
        names[name] = logical_id
        quota, throttle = entry(plan, "quota"), entry(plan, "throttle")
        properties: dict[str, Plain] = {
            "ApiStages": [{"ApiId": _api(service), "Stage": stage}],
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
