"""REST APIs: methods on resources, and OpenAPI documents.

Follows AWS::ApiGateway::Method, AWS::ApiGateway::Authorizer and AWS::ApiGateway::RestApi in the
CloudFormation template reference.
"""

from collections.abc import Iterator

from stockade.load.cloudformation.authorizers import (
    is_true,
    required_authorizer,
    with_key,
)
from stockade.load.cloudformation.integrations import integration_targets
from stockade.load.cloudformation.openapi import openapi_triggers
from stockade.load.cloudformation.trigger import Declared, Trigger, shown
from stockade.model import (
    AuthorizerKind,
    EventSourceType,
    Map,
    Resource,
    Route,
    Unseen,
    inside,
)

_KINDS = {
    "TOKEN": AuthorizerKind.LAMBDA,
    "REQUEST": AuthorizerKind.LAMBDA,
    "COGNITO_USER_POOLS": AuthorizerKind.COGNITO,
}
_WAYS = {"COGNITO_USER_POOLS": AuthorizerKind.COGNITO, "CUSTOM": AuthorizerKind.LAMBDA}
_DEEPEST = 64


def rest_api_routes(declared: Declared) -> Iterator[Trigger | Unseen]:
    """Yield a trigger for each operation and method that has an integration with a target."""
    for api in declared.of_type("AWS::ApiGateway::RestApi"):
        bodies = [body for body in inside(api.properties, "Body") if isinstance(body, Map)]
        for body in bodies:
            yield from openapi_triggers(declared, api, body, EventSourceType.REST_API)
        if not bodies and "Body" in api.properties:
            yield Unseen(api.at, "resource", "the API's document cannot be known")
    for authorizer in declared.of_type("AWS::ApiGateway::Authorizer"):
        if "AuthorizerUri" in authorizer.properties:
            yield Trigger(
                type=EventSourceType.AUTHORIZER,
                at=authorizer.at,
                target=authorizer.properties.get("AuthorizerUri"),
                resource=_api_of(declared, authorizer),
                detail=authorizer.properties,
            )
    for method in declared.of_type("AWS::ApiGateway::Method"):
        yield from _method(declared, method)


def _method(declared: Declared, method: Resource) -> Iterator[Trigger]:
    properties = method.properties
    for integration in inside(properties, "Integration"):
        if not isinstance(integration, Map):
            continue
        targets = integration_targets(declared, integration, integration.get("Uri"))
        if targets:
            yield Trigger(
                type=EventSourceType.REST_API,
                at=method.at,
                targets=targets,
                resource=_api_of(declared, method),
                source=properties.get("RestApiId"),
                route=_route(declared, method),
                detail=integration,
            )


def _route(declared: Declared, method: Resource) -> Route:
    properties = method.properties
    key = (
        properties.key_at("ApiKeyRequired") if is_true(properties.get("ApiKeyRequired")) else None
    )
    written = properties.get("HttpMethod")
    return Route(
        api=_api_of(declared, method),
        method=shown(written).upper() if written is not None else "ANY",
        path=_path(declared, method),
        authorizer=with_key(required_authorizer(declared, method, _KINDS, _WAYS), key),
        api_key_required=key is not None,
        at=method.at,
    )


def _api_of(declared: Declared, resource: Resource) -> str | None:
    return declared.names.find(resource.properties.get("RestApiId"), "AWS::ApiGateway::RestApi")


def _path(declared: Declared, method: Resource) -> str:
    """Return the path of a method's resource by walking up; `${...}` stands for what is unseen."""
    parts: list[str] = []
    parent = method.properties.get("ResourceId")
    for _ in range(_DEEPEST):
        found = declared.names.find(parent, "AWS::ApiGateway::Resource")
        if found is None:
            break
        properties = declared.resources[found].properties
        part = properties.get("PathPart")
        parts.append(shown(part) if part is not None else "${unknown}")
        parent = properties.get("ParentId")
    return "/" + "/".join(reversed(parts))
