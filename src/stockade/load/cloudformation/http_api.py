"""HTTP and WebSocket APIs: routes, integrations and authorizers.

Follows AWS::ApiGatewayV2::Api, Route, Integration and Authorizer in the CloudFormation template
reference. Of a WebSocket API only `$connect` has an authorizer; who was let in there may send on
every other route.
"""

from collections.abc import Iterator

from stockade.load.cloudformation.authorizers import (
    is_true,
    required_authorizer,
    with_key,
)
from stockade.load.cloudformation.integrations import integration_targets, subtype_targets
from stockade.load.cloudformation.openapi import openapi_triggers
from stockade.load.cloudformation.trigger import Declared, Trigger, shown
from stockade.model import (
    Authorizer,
    AuthorizerKind,
    EventSourceType,
    Location,
    Map,
    Resource,
    ResourceId,
    Route,
    Unseen,
    constant,
    inside,
)

_API = "AWS::ApiGatewayV2::Api"
_KINDS = {"REQUEST": AuthorizerKind.LAMBDA, "JWT": AuthorizerKind.JWT}
_WAYS = {"JWT": AuthorizerKind.JWT, "CUSTOM": AuthorizerKind.LAMBDA}
_CONNECT = "$connect"


def http_api_routes(declared: Declared) -> Iterator[Trigger | Unseen]:
    """Yield a trigger for each route that has an integration with a target."""
    for api in declared.of_type(_API):
        yield from _documented(declared, api)
        if "Target" in api.properties:
            yield _quick_created(api)
    for authorizer in declared.of_type("AWS::ApiGatewayV2::Authorizer"):
        if "AuthorizerUri" in authorizer.properties:
            yield Trigger(
                type=EventSourceType.AUTHORIZER,
                at=authorizer.at,
                target=authorizer.properties.get("AuthorizerUri"),
                resource=_api_of(declared, authorizer),
                detail=authorizer.properties,
            )
    connects = _connect_authorizers(declared)
    for route in declared.of_type("AWS::ApiGatewayV2::Route"):
        yield from _route_triggers(declared, route, connects)


def _documented(declared: Declared, api: Resource) -> Iterator[Trigger | Unseen]:
    bodies = [body for body in inside(api.properties, "Body") if isinstance(body, Map)]
    for body in bodies:
        yield from openapi_triggers(declared, api, body, EventSourceType.HTTP_API)
    if not bodies and "Body" in api.properties:
        yield Unseen(api.at, "resource", "the API's document cannot be known")


def _quick_created(api: Resource) -> Trigger:
    """Return the one route of an API that was made with `Target`: open to everyone."""
    properties = api.properties
    at = properties.key_at("Target")
    key = properties.get("RouteKey")
    method, path = _method_and_path(shown(key) if key is not None else "$default")
    return Trigger(
        type=EventSourceType.HTTP_API,
        at=at,
        target=properties.get("Target"),
        resource=api.id,
        route=Route(
            api=api.id,
            method=method,
            path=path,
            authorizer=Authorizer(kind=AuthorizerKind.NONE, at=at),
            api_key_required=False,
            at=at,
        ),
    )


def _route_triggers(
    declared: Declared, route: Resource, connects: dict[ResourceId, Authorizer]
) -> Iterator[Trigger]:
    api = _api_of(declared, route)
    kind = _type(declared, api, route)
    for integration in _integrations(declared, route):
        targets = _targets(declared, integration)
        if targets:
            yield Trigger(
                type=kind,
                at=route.at,
                targets=targets,
                resource=api,
                source=route.properties.get("ApiId"),
                route=_route(declared, route, api, kind, connects),
                detail=integration.properties,
            )


def _integrations(declared: Declared, route: Resource) -> Iterator[Resource]:
    found = declared.names.find_all(
        route.properties.get("Target"), "AWS::ApiGatewayV2::Integration"
    )
    return (declared.resources[one] for one in found)


def _targets(declared: Declared, integration: Resource) -> tuple[ResourceId, ...]:
    properties = integration.properties
    subtype = properties.get("IntegrationSubtype")
    if subtype is not None:
        return subtype_targets(declared, properties, subtype)
    return integration_targets(declared, properties, properties.get("IntegrationUri"))


def _route(
    declared: Declared,
    route: Resource,
    api: ResourceId | None,
    kind: EventSourceType,
    connects: dict[ResourceId, Authorizer],
) -> Route:
    properties = route.properties
    written = properties.get("RouteKey")
    method, path = _method_and_path(shown(written) if written is not None else "$default")
    authorizer = required_authorizer(declared, route, _KINDS, _WAYS)
    if kind is EventSourceType.WEBSOCKET_API:
        authorizer = connects.get(api or "", authorizer)
    key = _key(route) if kind is EventSourceType.WEBSOCKET_API else None
    return Route(
        api=api,
        method=method,
        path=path,
        authorizer=with_key(authorizer, key),
        api_key_required=key is not None,
        at=route.at,
    )


def _connect_authorizers(declared: Declared) -> dict[ResourceId, Authorizer]:
    """Return what each WebSocket API asks of whoever connects."""
    found = {}
    for route in declared.of_type("AWS::ApiGatewayV2::Route"):
        api = _api_of(declared, route)
        if api is not None and constant(route.properties.get("RouteKey")) == _CONNECT:
            found[api] = with_key(required_authorizer(declared, route, _KINDS, _WAYS), _key(route))
    return found


def _key(route: Resource) -> Location | None:
    """Return where a route asks for an API key. Of HTTP APIs it asks in vain: they know none."""
    properties = route.properties
    asked = is_true(properties.get("ApiKeyRequired"))
    return properties.key_at("ApiKeyRequired") if asked else None


def _api_of(declared: Declared, resource: Resource) -> ResourceId | None:
    return declared.names.find(resource.properties.get("ApiId"), _API)


def _type(declared: Declared, api: ResourceId | None, route: Resource) -> EventSourceType:
    """Tell HTTP from WebSocket: by the API, else by the form of the route key."""
    if api is not None:
        protocol = constant(declared.resources[api].properties.get("ProtocolType"))
        if protocol == "WEBSOCKET":
            return EventSourceType.WEBSOCKET_API
        return EventSourceType.HTTP_API
    key = constant(route.properties.get("RouteKey"))
    if isinstance(key, str) and " " not in key and key != "$default":
        return EventSourceType.WEBSOCKET_API
    return EventSourceType.HTTP_API


def _method_and_path(key: str) -> tuple[str, str]:
    """Split `GET /items`; a key that is no method and path (`$default`) is the path of ANY."""
    method, space, path = key.partition(" ")
    return (method.upper(), path) if space else ("ANY", key)
