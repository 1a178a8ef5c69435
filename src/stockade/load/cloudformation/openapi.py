"""Routes that an OpenAPI document declares, with the authorizer that takes effect on each.

Follows "Working with API Gateway extensions to OpenAPI" in the API Gateway Developer Guide. A
security scheme without one of API Gateway's extensions protects nothing, save `x-api-key`, which
makes an API key required.
"""

from collections.abc import Iterator, Mapping

from stockade.load.cloudformation.authorizers import scopes, weakest, with_key
from stockade.load.cloudformation.integrations import integration_targets, subtype_targets
from stockade.load.cloudformation.trigger import Declared, Trigger
from stockade.model import (
    Authorizer,
    AuthorizerKind,
    EventSourceType,
    List,
    Location,
    Map,
    Resource,
    Route,
    Value,
    constant,
    expression,
    inside,
)
from stockade.model.record import record

_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
_ANY = "x-amazon-apigateway-any-method"
_INTEGRATION = "x-amazon-apigateway-integration"
_AUTHORIZER = "x-amazon-apigateway-authorizer"
_AUTHTYPE = "x-amazon-apigateway-authtype"

_KINDS = {
    "token": AuthorizerKind.LAMBDA,
    "request": AuthorizerKind.LAMBDA,
    "custom": AuthorizerKind.LAMBDA,
    "cognito_user_pools": AuthorizerKind.COGNITO,
    "jwt": AuthorizerKind.JWT,
    "oauth2": AuthorizerKind.JWT,
    "awssigv4": AuthorizerKind.IAM,
    "aws_iam": AuthorizerKind.IAM,
    "none": AuthorizerKind.NONE,
}


@record
class _Document:
    declared: Declared
    api: Resource
    body: Map
    type: EventSourceType
    schemes: Mapping[str, Map]
    """The security schemes by name: OpenAPI 3's and Swagger 2's."""


def openapi_triggers(
    declared: Declared, api: Resource, body: Map, kind: EventSourceType
) -> Iterator[Trigger]:
    """Yield a trigger for each operation's integration, and one for each authorizer function."""
    document = _Document(declared, api, body, kind, _schemes(body))
    for scheme in document.schemes.values():
        if (uri := _authorizer_uri(scheme)) is not None:
            yield Trigger(type=EventSourceType.AUTHORIZER, at=uri.at, target=uri, resource=api.id)
    for item in inside(body, "paths"):
        if isinstance(item, Map):
            for path, operations in item:
                for one in inside(operations):
                    if isinstance(one, Map):
                        yield from _operations(document, path, one)


def _operations(document: _Document, path: str, operations: Map) -> Iterator[Trigger]:
    for method, value in operations:
        name = method.lower()
        if name not in _METHODS and name != _ANY:
            continue
        for operation in inside(value):
            if not isinstance(operation, Map):
                continue
            at = operations.key_at(method)
            for integration in _integrations(document, operation):
                targets = _targets(document, integration)
                if targets:
                    yield Trigger(
                        type=document.type,
                        at=at,
                        targets=targets,
                        resource=document.api.id,
                        route=_route(document, path, name, operation, at),
                        detail=integration,
                    )


def _integrations(document: _Document, operation: Map) -> Iterator[Map]:
    for integration in inside(operation, _INTEGRATION):
        if not isinstance(integration, Map):
            continue
        reference = constant(integration.get("$ref"))
        if isinstance(reference, str):
            name = reference.rpartition("/")[2]
            for shared in inside(
                document.body, "components", "x-amazon-apigateway-integrations", name
            ):
                if isinstance(shared, Map):
                    yield shared
        else:
            yield integration


def _targets(document: _Document, integration: Map) -> tuple[str, ...]:
    subtype = integration.get("integrationSubtype")
    if subtype is not None:
        return subtype_targets(document.declared, integration, subtype)
    return integration_targets(document.declared, integration, integration.get("uri"))


def _route(document: _Document, path: str, method: str, operation: Map, at: Location) -> Route:
    authorizer, key = _effective(document, operation, at)
    return Route(
        api=document.api.id,
        method="ANY" if method == _ANY else method.upper(),
        path=path,
        authorizer=with_key(authorizer, key),
        api_key_required=key is not None,
        at=at,
    )


def _effective(
    document: _Document, operation: Map, at: Location
) -> tuple[Authorizer, Location | None]:
    """Return the authorizer of an operation, and where an API key is asked for.

    An operation's own `security` replaces the document's; an empty list asks for nothing. A
    REST API imports no `security` of the document as a whole, only an operation's: such a
    route is open, and its authorizer's place is where the document seems to ask for one.
    """
    for written in inside(operation, "x-amazon-apigateway-auth", "type"):
        kind = _KINDS.get(expression(written).lower(), AuthorizerKind.UNKNOWN)
        return Authorizer(kind=kind, at=written.at), None
    holder = operation if "security" in operation else document.body
    ways = list(inside(holder, "security"))
    if ways and holder is document.body and document.type is EventSourceType.REST_API:
        return Authorizer(kind=AuthorizerKind.NONE, at=ways[0].at), None
    if not ways:
        return Authorizer(kind=AuthorizerKind.NONE, at=at), None
    found = [_asked(document, way) for way in ways]
    authorizer = weakest((one for one, _ in found), at)
    keys = [key for _, key in found]
    return authorizer, keys[0] if all(key is not None for key in keys) else None


def _asked(document: _Document, security: Value) -> tuple[Authorizer, Location | None]:
    """Return what one `security` list asks for. API Gateway uses the one authorizer in it."""
    schemes = document.schemes
    authorizer = Authorizer(kind=AuthorizerKind.NONE, at=security.at)
    key = None
    for requirement in security.items if isinstance(security, List) else ():
        for option in inside(requirement):
            for name, wanted in option if isinstance(option, Map) else ():
                at = option.key_at(name) if isinstance(option, Map) else security.at
                scheme = schemes.get(name)
                if scheme is not None and _is_key(scheme):
                    key = at if document.type is EventSourceType.REST_API else key
                elif authorizer.kind is AuthorizerKind.NONE:
                    authorizer = _scheme_authorizer(document, name, scheme, wanted, at)
    return authorizer, key


def _scheme_authorizer(
    document: _Document, name: str, scheme: Map | None, wanted: Value, at: Location
) -> Authorizer:
    kind = AuthorizerKind.NONE if scheme is None else _kind(scheme)
    if scheme is None or kind is AuthorizerKind.NONE:
        return Authorizer(kind=AuthorizerKind.NONE, at=at)
    uri = _authorizer_uri(scheme)
    return Authorizer(
        kind=kind,
        at=at,
        name=name,
        function=document.declared.names.function(uri) if kind is AuthorizerKind.LAMBDA else None,
        scopes=scopes(wanted),
    )


def _kind(scheme: Map) -> AuthorizerKind:
    """Return what a security scheme does; nothing where it has none of AWS's extensions."""
    for found in inside(scheme, _AUTHORIZER):
        written = found.get("type") if isinstance(found, Map) else None
        return _KINDS.get(
            expression(written).lower() if written is not None else "", AuthorizerKind.UNKNOWN
        )
    for written in inside(scheme, _AUTHTYPE):
        return _KINDS.get(expression(written).lower(), AuthorizerKind.UNKNOWN)
    return AuthorizerKind.NONE


def _is_key(scheme: Map) -> bool:
    if _AUTHORIZER in scheme or _AUTHTYPE in scheme:
        return False
    name = constant(scheme.get("name"))
    return constant(scheme.get("type")) == "apiKey" and (
        isinstance(name, str) and name.lower() == "x-api-key"
    )


def _authorizer_uri(scheme: Map) -> Value | None:
    return next(inside(scheme, _AUTHORIZER, "authorizerUri"), None)


def _schemes(body: Map) -> dict[str, Map]:
    found: dict[str, Map] = {}
    for path in (("components", "securitySchemes"), ("securityDefinitions",)):
        for schemes in inside(body, *path):
            for name, scheme in schemes if isinstance(schemes, Map) else ():
                for one in inside(scheme):
                    if isinstance(one, Map):
                        found.setdefault(name, one)
    return found
