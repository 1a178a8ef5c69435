"""Who can call a route: by its authorizer, its API's endpoint and its API's resource policy.

Follows "Controlling and managing access to REST APIs in API Gateway" in the API Gateway Developer
Guide, "Authorization and authentication" in the AWS AppSync Developer Guide and "Control access
to Lambda function URLs" in the AWS Lambda Developer Guide.
"""

from collections.abc import Iterator
from typing import TypeGuard

from stockade.analysis.exposure.clients import Clients
from stockade.analysis.exposure.statements import admitted, effect, keeps_out, statements
from stockade.analysis.facts import SourceExposure
from stockade.model import (
    Application,
    AuthorizerKind,
    Delivery,
    EventSource,
    EventSourceType,
    Exposure,
    Map,
    Names,
    Resource,
    ResourceId,
    Route,
    Step,
    Value,
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


_APIS = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api")
_AUTHORIZERS = ("AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Authorizer")
_DOMAINS = ("AWS::ApiGateway::DomainName", "AWS::ApiGatewayV2::DomainName")
_MAPPINGS = ("AWS::ApiGateway::BasePathMapping", "AWS::ApiGatewayV2::ApiMapping")


class Routes:
    """The routes of an application and what narrows them."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._pools = tuple(app.of_type("AWS::Cognito::UserPool"))
        self._names = Names(app.resources)
        self._clients = Clients(app)
        self._pools_of_api = self._pools_by_api()
        self._limits: dict[ResourceId, SourceExposure | None] = {}
        self._certified = self._behind_certificates()
        self._cloudfront = self._opened_by_cloudfront()

    def called_by(self, source: EventSource | Delivery) -> SourceExposure:
        """Return who can call the route of a source; a source without one is not seen whole."""
        route = source.route
        if route is None:
            note = "callers of an API whose authorizer is not seen reach it"
            step = Step(source.at, note)
            found = SourceExposure(exposure=Exposure.SIGNED_IN, because=(step,))
        else:
            found = self._authorized(source, route)
        return self.narrowed(source.resource, found)

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
        for resource in self._app.of_type(*_APIS, *_AUTHORIZERS):
            properties = resource.properties
            of = properties.get("RestApiId") or properties.get("ApiId")
            api = resource.id if resource.type in _APIS else self._names.find(of, *_APIS)
            for reference in references(properties):
                if api is not None and reference.resource in pools:
                    found.setdefault(api, {})[reference.resource] = pools[reference.resource]
        return {api: tuple(held.values()) for api, held in found.items()}

    def narrowed(self, api: ResourceId | None, found: SourceExposure) -> SourceExposure:
        """Return what is left of an exposure behind the API's endpoint type and policy."""
        if api is None:
            return found
        if api not in self._limits:
            resource = self._app.resources.get(api)
            self._limits[api] = None if resource is None else self._limit(resource)
        limit = self._limits[api]
        if limit is None or limit.exposure >= found.exposure:
            return found
        return SourceExposure(exposure=limit.exposure, because=(*found.because, *limit.because))

    def _limit(self, api: Resource) -> SourceExposure | None:
        """Return what an API's settings narrow its callers to, if they do."""
        certificate = self._certified.get(api.id)
        if certificate is None:
            return _own_limit(api)
        note = "but callers need a client certificate"
        return SourceExposure(exposure=Exposure.PARTNER, because=(Step(certificate.at, note),))

    def _behind_certificates(self) -> dict[ResourceId, Resource]:
        """Return the domain of each API that is only reached over mutual TLS.

        Follows "How to turn on mutual TLS authentication" in the API Gateway Developer Guide:
        it guards the custom domain; the API's default endpoint has to be switched off besides.
        """
        found: dict[ResourceId, Resource] = {}
        open_to: set[ResourceId] = set()
        for mapping in self._app.of_type(*_MAPPINGS):
            properties = mapping.properties
            target = properties.get("ApiId") or properties.get("RestApiId")
            api = self._names.find(target, *_APIS)
            domain = self._names.find(properties.get("DomainName"), *_DOMAINS)
            if api is None or domain is None:
                continue
            resource = self._app.resources[domain]
            if "MutualTlsAuthentication" in resource.properties:
                found[api] = resource
            else:
                open_to.add(api)
        return {
            api: domain
            for api, domain in found.items()
            if api not in open_to and _default_endpoint_is_off(self._app.resources[api])
        }

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


def _default_endpoint_is_off(api: Resource) -> bool:
    off = constant(api.properties.get("DisableExecuteApiEndpoint"))
    if off is None:
        settings = inside(api.properties, "Body", "x-amazon-apigateway-endpoint-configuration")
        for one in settings:
            off = constant(next(inside(one, "disableExecuteApiEndpoint"), None))
    if off is None:
        for one in inside(api.properties, "Body", "servers", "[]"):
            endpoint = inside(one, "x-amazon-apigateway-endpoint-configuration")
            for settings_of_server in endpoint:
                off = constant(next(inside(settings_of_server, "disableExecuteApiEndpoint"), None))
    return isinstance(off, str) and off.lower() == "true"


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


def _own_limit(api: Resource) -> SourceExposure | None:
    """Return what an API's own settings narrow its callers to, if they do."""
    if _is_private(api):
        step = Step(api.at, "but the API is private: only its network reaches it")
        return SourceExposure(exposure=Exposure.PARTNER, because=(step,))
    if api.type == "AWS::VpcLattice::TargetGroup":
        step = Step(api.at, "but only networks of its VPC Lattice service reach it")
        return SourceExposure(exposure=Exposure.PARTNER, because=(step,))
    if _is_internal(api):
        step = Step(api.at, "but the load balancer is internal: only its network reaches it")
        return SourceExposure(exposure=Exposure.PARTNER, because=(step,))
    for policy in _resource_policies(api):
        if not _admits_everyone(policy):
            step = Step(policy.at, "but the API's resource policy lets only some in")
            return SourceExposure(exposure=Exposure.PARTNER, because=(step,))
    return None


def _is_private(api: Resource) -> bool:
    """Tell whether a REST API has private endpoints only."""
    if api.type == "AWS::AppSync::GraphQLApi":
        return constant(api.properties.get("Visibility")) == "PRIVATE"
    types = [
        constant(one) for one in inside(api.properties, "EndpointConfiguration", "Types", "[]")
    ]
    return bool(types) and all(one == "PRIVATE" for one in types)


def _is_internal(balancer: Resource) -> bool:
    return (
        balancer.type == "AWS::ElasticLoadBalancingV2::LoadBalancer"
        and constant(balancer.properties.get("Scheme")) == "internal"
    )


def _resource_policies(api: Resource) -> Iterator[Value]:
    if api.type == "AWS::ApiGateway::RestApi":
        yield from inside(api.properties, "Policy")
        yield from inside(api.properties, "Body", "x-amazon-apigateway-policy")


def _admits_everyone(policy: Value) -> bool:
    """Tell whether a resource policy lets anyone in on some route."""
    everyone = False
    for statement in statements(policy):
        if effect(statement) == "deny" and keeps_out(statement):
            return False
        if effect(statement) == "allow" and admitted(statement) is Exposure.ANYONE:
            everyone = True
    return everyone or not isinstance(policy, Map)
