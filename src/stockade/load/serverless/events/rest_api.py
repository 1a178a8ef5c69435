"""Events of type `http`: methods of the service's REST API.

Serverless: "REST API (API Gateway v1)".
"""

from typing import Final

from stockade.load.building import Plain, entry, write
from stockade.load.serverless.events.rest_authorizers import authorization
from stockade.load.serverless.events.rest_paths import api, method_and_path, resource_of
from stockade.load.serverless.events.rest_stage import CORS, FIRST, add_api
from stockade.load.serverless.naming import alphanumeric, camel, normalized, path_name
from stockade.load.serverless.permissions import api_arn, invoke_uri, permission
from stockade.load.serverless.service import Event, FunctionDraft, Service, get_att, ref
from stockade.model import Map, Value

_PROXIES = frozenset({"", "aws_proxy", "lambda-proxy", "lambda_proxy", "aws-proxy"})
_INTEGRATIONS = {
    "lambda": "AWS",
    "aws": "AWS",
    "http": "HTTP",
    "http-proxy": "HTTP_PROXY",
    "http_proxy": "HTTP_PROXY",
    "mock": "MOCK",
}


_TEMPLATE: Final = """{
  "body": $input.json("$"),
  "headers": $input.params().header,
  "query": $input.params().querystring,
  "path": $input.params().path,
  "requestPath": "$context.resourcePath",
  "method": "$context.httpMethod",
  "stage": "$context.stage",
  "principalId": "$context.authorizer.principalId",
  "cognitoPoolClaims": {"sub": "$context.authorizer.claims.sub"},
  "enhancedAuthContext": "$context.authorizer",
  "identity": "$context.identity",
  "stageVariables": "$stageVariables"
}"""
"""What a function is sent by `integration: lambda` where the author says nothing else
(Serverless: "REST API (API Gateway v1)", default request templates), field by field."""


def http(service: Service, function: FunctionDraft, event: Event) -> None:
    """Add the method that an event asks for; let the API invoke the function."""
    integration = _integration(service, function, event)
    if not add_method(service, event, integration, f"functions.{function.key} http"):
        return
    permission(
        service,
        f"{normalized(function.key)}LambdaPermissionApiGateway",
        function,
        "apigateway",
        api_arn(api(service)),
        event.at,
    )


def add_method(service: Service, event: Event, integration: "Plain", written_as: str) -> bool:
    """Add a method with the path that leads to it; tell whether its path is known."""
    method, path = method_and_path(service, event)
    if path is None:
        service.miss(event.at, "is an event of an API without a path that is known")
        return False
    service.shared.setdefault(FIRST, event.at)
    properties: dict[str, Plain] = {
        "HttpMethod": method.upper(),
        "ResourceId": resource_of(service, path, event.at),
        "RestApiId": api(service),
        "ApiKeyRequired": event.get("private") or False,
        "Integration": integration,
        **authorization(service, event),
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
    service.add(logical_id, "AWS::ApiGateway::Method", made, event.at, written_as)
    cors = event.get("cors")
    if cors is not None and service.text(cors) != "false":
        asked = service.shared.setdefault(CORS, {})
        if isinstance(asked, dict):
            asked[path] = (cors, event.at)
    return True


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
        "RequestTemplates": entry(request, "template") or {"application/json": _TEMPLATE},
        "PassthroughBehavior": entry(request, "passThrough") or "NEVER",
    }


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
            "RestApiId": api(service),
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
        "RestApiId": api(service),
        "ContentType": content_type,
        "Schema": inner,
        "Name": title,
    }
    service.add(
        logical_id, "AWS::ApiGateway::Model", properties, schema.at, "http request schemas"
    )
    return ref(logical_id)


def finish(service: Service) -> None:
    """Add the API, its stage, its preflight answers, its keys and usage plans."""
    add_api(service)
