"""The authorizer that takes effect: which of several possible ones protects least.

Where a condition leaves open which authorizer a route has, the route counts as protected by the
weakest of them: what an outsider meets in the worst case.
"""

from collections.abc import Iterable, Mapping

from stockade.load.cloudformation.trigger import Declared, shown
from stockade.model import (
    Authorizer,
    AuthorizerKind,
    Location,
    Map,
    Resource,
    Value,
    constant,
    expression,
    inside,
)

_WEAKEST_FIRST = (
    AuthorizerKind.NONE,
    AuthorizerKind.API_KEY,
    AuthorizerKind.UNKNOWN,
    AuthorizerKind.LAMBDA,
    AuthorizerKind.JWT,
    AuthorizerKind.COGNITO,
    AuthorizerKind.IAM,
)


def weakest(authorizers: Iterable[Authorizer], at: Location) -> Authorizer:
    """Return the authorizer that protects least; none at `at` where there are no authorizers."""
    return min(
        authorizers,
        key=lambda one: _WEAKEST_FIRST.index(one.kind),
        default=Authorizer(kind=AuthorizerKind.NONE, at=at),
    )


def with_key(authorizer: Authorizer, key_required: Location | None) -> Authorizer:
    """Let an API key count where nothing else is asked for."""
    if key_required is None or authorizer.kind is not AuthorizerKind.NONE:
        return authorizer
    return Authorizer(kind=AuthorizerKind.API_KEY, at=key_required)


def is_true(value: Value | None) -> bool:
    """Tell whether a flag is surely set."""
    text = constant(value)
    return isinstance(text, str) and text.lower() == "true"


def scopes(value: Value | None) -> tuple[str, ...]:
    """Return the OAuth scopes in a list, as text."""
    return tuple(expression(scope) for scope in inside(value, "[]"))


def required_authorizer(
    declared: Declared,
    resource: Resource,
    kinds: Mapping[str, AuthorizerKind],
    ways: Mapping[str, AuthorizerKind],
) -> Authorizer:
    """Return the weakest authorizer that a route's or method's type and id may mean.

    `kinds` tells what each type of an authorizer resource is, `ways` what each
    `AuthorizationType` is where the authorizer itself cannot be found.
    """
    found = []
    for way in inside(resource.properties, "AuthorizationType"):
        written = shown(way).upper()
        if written == "NONE":
            found.append(Authorizer(kind=AuthorizerKind.NONE, at=way.at))
        elif written == "AWS_IAM":
            found.append(Authorizer(kind=AuthorizerKind.IAM, at=way.at))
        else:
            found.append(_by_id(declared, resource.properties, kinds, ways.get(written)))
    return weakest(found, resource.at)


def _by_id(
    declared: Declared,
    properties: Map,
    kinds: Mapping[str, AuthorizerKind],
    written: AuthorizerKind | None,
) -> Authorizer:
    at = properties.key_at("AuthorizationType")
    one = declared_authorizer(declared, properties.get("AuthorizerId"), kinds, at)
    known = one.kind is not AuthorizerKind.UNKNOWN
    return Authorizer(
        kind=one.kind if known else written or AuthorizerKind.UNKNOWN,
        at=at,
        name=one.name,
        function=one.function,
        scopes=scopes(properties.get("AuthorizationScopes")),
    )


def declared_authorizer(
    declared: Declared, value: Value | None, kinds: Mapping[str, AuthorizerKind], at: Location
) -> Authorizer:
    """Return the authorizer that an `AuthorizerId` means, by the authorizer resource's type.

    `kinds` gives for each type written there (`TOKEN`, `JWT`) what it is.
    """
    found = declared.names.find(
        value, "AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Authorizer"
    )
    if found is None:
        return Authorizer(kind=AuthorizerKind.UNKNOWN, at=at)
    resource = declared.resources[found]
    written = resource.properties.get("AuthorizerType") or resource.properties.get("Type")
    kind = kinds.get(shown(written) if written is not None else "", AuthorizerKind.UNKNOWN)
    function = None
    if kind is AuthorizerKind.LAMBDA:
        function = declared.names.function(resource.properties.get("AuthorizerUri"))
    return Authorizer(kind=kind, at=at, name=resource.logical_id, function=function)
