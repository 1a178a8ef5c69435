"""What keeps callers away from an API as a whole: its network, certificates, its policy.

Follows "API endpoint types for REST APIs", "How to turn on mutual TLS authentication" and "Control
access to a REST API with API Gateway resource policies" in the API Gateway Developer Guide.
"""

from collections.abc import Iterator

from stockade.analysis.facts import SourceExposure
from stockade.analysis.statements import admitted, effect, keeps_out, statements
from stockade.model import (
    Application,
    Exposure,
    Map,
    Names,
    Resource,
    ResourceId,
    Step,
    Value,
    constant,
    expression,
    inside,
)

APIS = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api")
_DOMAINS = ("AWS::ApiGateway::DomainName", "AWS::ApiGatewayV2::DomainName")
_MAPPINGS = ("AWS::ApiGateway::BasePathMapping", "AWS::ApiGatewayV2::ApiMapping")


class Endpoints:
    """The APIs, load balancers and the like of an application, and who gets through to them."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._names = Names(app.resources)
        self._limits: dict[ResourceId, SourceExposure | None] = {}
        self._certified = self._behind_certificates()

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

        It guards the custom domain; the API's default endpoint has to be switched off besides.
        """
        found: dict[ResourceId, Resource] = {}
        open_to: set[ResourceId] = set()
        for mapping in self._app.of_type(*_MAPPINGS):
            properties = mapping.properties
            target = properties.get("ApiId") or properties.get("RestApiId")
            api = self._names.find(target, *APIS)
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


def _default_endpoint_is_off(api: Resource) -> bool:
    """Tell whether the API answers on its custom domains only."""
    setting = ("x-amazon-apigateway-endpoint-configuration", "disableExecuteApiEndpoint")
    written = (
        *inside(api.properties, "DisableExecuteApiEndpoint"),
        *inside(api.properties, "Body", *setting),
        *inside(api.properties, "Body", "servers", "[]", *setting),
    )
    flags = [constant(one) for one in written]
    return bool(flags) and all(isinstance(one, str) and one.lower() == "true" for one in flags)


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
    held = list(statements(policy))
    denied = [one for one in held if effect(one) == "deny" and keeps_out(one)]
    if any(map(_is_of_all, denied)):
        return False
    kept: set[str] = set().union(*map(_routes, denied))
    everyone = any(
        effect(one) == "allow"
        and admitted(one) is Exposure.ANYONE
        and (not _routes(one) or not _routes(one) <= kept)
        for one in held
    )
    return everyone or not isinstance(policy, Map)


def _routes(statement: Map) -> set[str]:
    """Return the routes that a statement is about, as they are written."""
    return {expression(one) for one in inside(statement, "Resource", "[]")}


def _is_of_all(statement: Map) -> bool:
    """Tell whether a statement is about every route: `*`, `execute-api:/*`, `.../stage/*/*`."""
    for one in inside(statement, "Resource", "[]"):
        routes = expression(one).partition("/")[2].split("/")[1:]
        if all(part == "*" for part in routes):
            return True
    return False
