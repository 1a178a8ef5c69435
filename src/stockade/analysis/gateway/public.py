"""Routes that their author declared public.

An author says so with `Auth: {Authorizer: NONE}` (SAM), with `security: []` on an operation of an
OpenAPI document, with `AuthorizationType: NONE` beside routes that have an authorizer, or for a
whole function or API with `Metadata: {Stockade: {Public: true}}`.
"""

from stockade.analysis.gateway.apis import Way, ways
from stockade.model import (
    Application,
    AuthorizerKind,
    EventSource,
    List,
    Location,
    Map,
    Resource,
    ResourceId,
    Value,
    constant,
    inside,
)
from stockade.model.remembered import remembered

_ANY = "x-amazon-apigateway-any-method"
_NONE = "NONE"


def declared_public(app: Application, way: Way) -> bool:
    """Tell whether somebody wrote down that a route is for everyone."""
    if way.route is None:
        return False
    target = way.function if isinstance(way, EventSource) else way.target
    held = (app.resources.get(way.resource or ""), app.resources.get(target))
    if any(resource is not None and _says_public(resource, way) for resource in held):
        return True
    api = held[0]
    if api is None:
        return False
    if any(_frees(one) for one in _security(api, way)):
        return True
    return _is_an_exception(app, way)


def _says_public(resource: Resource, way: Way) -> bool:
    """Tell whether a resource's metadata says `Public: true`, or names this route."""
    route = f"{way.route.method} {way.route.path}" if way.route is not None else ""
    for written in inside(resource.metadata, "Stockade", "Public"):
        if any(constant(one) in ("true", route) for one in inside(written, "[]")):
            return True
    return False


def _security(api: Resource, way: Way) -> tuple[Value, ...]:
    """Return the `security` of a route's own operation in the API's document."""
    if way.route is None:
        return ()
    method = _ANY if way.route.method == "ANY" else way.route.method.lower()
    return tuple(inside(api.properties, "Body", "paths", way.route.path, method, "security"))


def _frees(security: Value) -> bool:
    """Tell whether a `security` asks for nothing in so many words: `[]`, or SAM's `NONE`."""
    if not isinstance(security, List):
        return False
    names = [name for one in security.items if isinstance(one, Map) for name, _ in one]
    return all(name == _NONE for name in names)


def _is_an_exception(app: Application, way: Way) -> bool:
    """Tell whether `NONE` is written on a method while others of its API have an authorizer."""
    if way.route is None or way.route.authorizer.at == way.route.at:
        return False
    return way.at in _written_in_full(app) and way.resource in _guarded(app)


@remembered
def _written_in_full(app: Application) -> frozenset[Location]:
    """Return where methods and routes are written as resources of their own."""
    declared = app.of_type("AWS::ApiGateway::Method", "AWS::ApiGatewayV2::Route")
    return frozenset(resource.at for resource in declared)


@remembered
def _guarded(app: Application) -> frozenset[ResourceId | None]:
    """Return the APIs that have a route with an authorizer."""
    return frozenset(
        way.resource
        for way in ways(app)
        if way.route is not None
        and way.route.authorizer.kind not in (AuthorizerKind.NONE, AuthorizerKind.API_KEY)
    )
