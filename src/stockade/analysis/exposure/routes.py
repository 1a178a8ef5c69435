"""Who can call a route: by its authorizer, and by who gets through to its API.

Follows "Controlling and managing access to REST APIs in API Gateway" in the API Gateway Developer
Guide, "Authorization and authentication" in the AWS AppSync Developer Guide and "Control access
to Lambda function URLs" in the AWS Lambda Developer Guide.
"""

from collections.abc import Iterator
from typing import TypeGuard

from stockade.analysis.exposure.clients import Clients
from stockade.analysis.exposure.endpoints import APIS, Endpoints
from stockade.analysis.facts import SourceExposure
from stockade.model import (
    RESTFUL_APIS,
    Application,
    AuthorizerKind,
    Delivery,
    EventSource,
    EventSourceType,
    Exposure,
    Names,
    Resource,
    ResourceId,
    Route,
    Step,
    Unknown,
    constant,
    inside,
    references,
)

_EXPOSURES = {
    AuthorizerKind.NONE: Exposure.ANYONE,
    AuthorizerKind.API_KEY: Exposure.PARTNER,
    AuthorizerKind.IAM: Exposure.PARTNER,
    AuthorizerKind.COGNITO: Exposure.SIGNED_IN,
    AuthorizerKind.JWT: Exposure.SIGNED_IN,
    AuthorizerKind.LAMBDA: Exposure.SIGNED_IN,
    AuthorizerKind.UNKNOWN: Exposure.SIGNED_IN,
}
_NOTES = {
    AuthorizerKind.NONE: "anyone can call {0}: no authorizer",
    AuthorizerKind.API_KEY: "whoever has an API key can call {0}: no authorizer",
    AuthorizerKind.IAM: "whoever has IAM credentials for it can call {0}",
    AuthorizerKind.COGNITO: "any user who signs in can call {0}",
    AuthorizerKind.JWT: "any user with a valid token can call {0}",
    AuthorizerKind.LAMBDA: "whoever the authorizer function lets in can call {0}",
    AuthorizerKind.UNKNOWN: "whoever an authorizer that is not seen lets in can call {0}",
}


_AUTHORIZERS = ("AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Authorizer")


class Routes:
    """The routes of an application and what narrows them."""

    def __init__(self, app: Application, endpoints: Endpoints) -> None:
        self._app = app
        self._pools = tuple(app.of_type("AWS::Cognito::UserPool"))
        self._names = Names(app.resources)
        self._clients = Clients(app)
        self._pools_of_api = self._pools_by_api()
        self._endpoints = endpoints
        self._cloudfront = self._opened_by_cloudfront()

    def called_by(self, source: EventSource | Delivery) -> SourceExposure:
        """Return who can call the route of a source; one without a route is not seen whole."""
        route = source.route
        found = _unseen(source) if route is None else self._authorized(source, route)
        return self._endpoints.narrowed(source.resource, found)

    def _authorized(self, source: EventSource | Delivery, route: Route) -> SourceExposure:
        kind = route.authorizer.kind
        exposure = _EXPOSURES[kind]
        note = _NOTES[kind].format(_name(source, route))
        if kind is AuthorizerKind.API_KEY and source.type is EventSourceType.GRAPHQL_API:
            # AWS calls API keys of AppSync unauthenticated access: every client carries the key.
            exposure = Exposure.ANYONE
            note = f"anyone can call {_name(source, route)}: clients carry its API key"
        steps = [Step(source.at, note)]
        opened = self._cloudfront.get(source.function) if _is_url(source) else None
        if kind is AuthorizerKind.IAM:
            given = self._given(source)
            if given is not None:
                exposure = max(exposure, given.exposure)
                steps.extend(given.because)
        if kind is AuthorizerKind.IAM and opened is not None:
            exposure = Exposure.ANYONE
            steps.append(Step(opened.at, "and CloudFront has them: it calls for anyone"))
        if kind is AuthorizerKind.NONE and self._is_of_document(route):
            note = "for a REST API this `security` of the whole document does not count"
            steps.append(Step(route.authorizer.at, note))
        if kind in (AuthorizerKind.COGNITO, AuthorizerKind.JWT):
            steps.extend(self._sign_up(route))
        return SourceExposure(exposure=exposure, because=tuple(steps))

    def _is_of_document(self, route: Route) -> bool:
        """Tell whether a route is open although its API's document seems to ask for a scheme."""
        api = self._app.resources.get(route.api or "")
        if api is None or api.type != "AWS::ApiGateway::RestApi":
            return False
        asked = inside(api.properties, "Body", "security")
        return any(one.at == route.authorizer.at for one in asked)

    def _given(self, source: EventSource | Delivery) -> SourceExposure | None:
        """Return the widest group that an identity pool gives credentials for a route."""
        if source.resource is None or source.resource not in self._app.resources:
            return None
        actions = ("lambda:InvokeFunctionUrl",) if _is_url(source) else ("execute-api:Invoke",)
        if source.type is EventSourceType.GRAPHQL_API:
            actions = ("appsync:GraphQL",)
        found = self._clients.allowed(source.resource, actions)
        return max(found, key=lambda one: one.exposure, default=None)

    def _sign_up(self, route: Route) -> Iterator[Step]:
        """Yield the user pool of a route if anyone can sign up to it."""
        pools = self._pools_of_api.get(route.api or "", ())
        if not pools and route.authorizer.kind is AuthorizerKind.COGNITO:
            pools = self._pools if len(self._pools) == 1 else ()
        for pool in pools:
            if signs_up(pool):
                yield Step(pool.at, "and anyone can sign up to this user pool")
                return

    def _pools_by_api(self) -> dict[ResourceId, tuple[Resource, ...]]:
        """Return the user pools that each API and its authorizers refer to."""
        found: dict[ResourceId, dict[ResourceId, Resource]] = {}
        if not self._pools:
            return {}
        pools = {pool.id: pool for pool in self._pools}
        for resource in self._app.of_type(*APIS, *_AUTHORIZERS):
            properties = resource.properties
            of = properties.get("RestApiId") or properties.get("ApiId")
            api = resource.id if resource.type in APIS else self._names.find(of, *APIS)
            for reference in references(properties):
                if api is not None and reference.resource in pools:
                    found.setdefault(api, {})[reference.resource] = pools[reference.resource]
        return {api: tuple(held.values()) for api, held in found.items()}

    def _opened_by_cloudfront(self) -> dict[ResourceId, Resource]:
        """Return the permission by which CloudFront calls each function's URL."""
        found = {}
        for permission in self._app.of_type("AWS::Lambda::Permission"):
            properties = permission.properties
            if constant(properties.get("Principal")) == "cloudfront.amazonaws.com":
                function = self._names.function(properties.get("FunctionName"))
                if function is not None:
                    found[function] = permission
        return found


def _is_url(source: EventSource | Delivery) -> TypeGuard[EventSource]:
    return isinstance(source, EventSource) and source.type is EventSourceType.FUNCTION_URL


def signs_up(pool: Resource) -> bool:
    """Tell whether users can sign themselves up: they can unless only administrators create them.

    Follows "AdminCreateUserConfig" of AWS::Cognito::UserPool.
    """
    closed = [
        constant(value)
        for value in inside(pool.properties, "AdminCreateUserConfig", "AllowAdminCreateUserOnly")
    ]
    return not closed or any(
        not isinstance(value, str) or value.lower() != "true" for value in closed
    )


def _unseen(source: EventSource | Delivery) -> SourceExposure:
    """Return who can call where only a permission for API Gateway tells that there is a route.

    A template that names an API made elsewhere leaves its authorizer to that; where no template
    was read at all, nothing speaks for one.
    """
    if isinstance(source.source, Unknown):
        exposure, note = Exposure.ANYONE, "it answers requests, and nothing read says whose"
    else:
        note = "callers of an API whose authorizer is not seen reach it"
        exposure = Exposure.SIGNED_IN
    return SourceExposure(exposure=exposure, because=(Step(source.at, note),))


def _name(source: EventSource | Delivery, route: Route) -> str:
    match source.type:
        case EventSourceType.FUNCTION_URL:
            return "this function URL"
        case EventSourceType.GRAPHQL_API:
            return f"{route.method.lower()} {route.path}"
        case EventSourceType.WEBSOCKET_API:
            return f"the route {route.path}"
        case _:
            return f"{route.method} {route.path}"


def is_of_unseen_api(source: EventSource) -> bool:
    """Tell whether an API calls of which the templates show no route, so no authorizer."""
    return source.route is None and source.type in RESTFUL_APIS
