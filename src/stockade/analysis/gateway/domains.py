"""The names under which an API is reached: custom domains, and distributions before it.

Follows "Custom domain name for public REST APIs in API Gateway" in the API Gateway Developer
Guide and AWS::CloudFront::Distribution in the CloudFormation template reference.
"""

from collections.abc import Iterator

from stockade.model import (
    Application,
    Location,
    Map,
    Names,
    Resource,
    constant,
    inside,
    references,
)
from stockade.model.record import record

_DOMAINS = ("AWS::ApiGateway::DomainName", "AWS::ApiGatewayV2::DomainName")
_MAPPINGS = ("AWS::ApiGateway::BasePathMapping", "AWS::ApiGatewayV2::ApiMapping")


@record(kw_only=True)
class Front:
    """A CloudFront distribution before an API or a function URL.

    `settings` is its `DistributionConfig`, `origin` the entry of `Origins` that leads there.
    """

    resource: Resource
    settings: Map
    origin: Map
    at: Location

    @property
    def adds_header(self) -> bool:
        """Tell whether it adds a header by which what is behind may know it."""
        return any(True for _ in inside(self.origin, "OriginCustomHeaders", "[]"))

    @property
    def signs(self) -> bool:
        """Tell whether it signs its requests with an origin access control."""
        return "OriginAccessControlId" in self.origin


def custom_domains(app: Application, names: Names, api: Resource) -> tuple[Resource, ...]:
    """Return the custom domains that are mapped to an API, with each mapping that is unseen."""
    found: dict[str, Resource] = {}
    for mapping in app.of_type(*_MAPPINGS):
        properties = mapping.properties
        of = properties.get("ApiId") or properties.get("RestApiId")
        if names.find(of, api.type) == api.id:
            domain = names.find(properties.get("DomainName"), *_DOMAINS)
            resource = app.resources[domain] if domain is not None else mapping
            found[resource.id] = resource
    return tuple(found.values())


def cdn_fronts(app: Application, names: Names, target: Resource) -> Iterator[Front]:
    """Yield the distributions with an origin that leads to an API, URL, domain or balancer."""
    leading = {target.id, *(one.id for one in custom_domains(app, names, target))}
    for resource in app.of_type("AWS::CloudFront::Distribution"):
        for settings in inside(resource.properties, "DistributionConfig"):
            for origin in inside(settings, "Origins", "[]"):
                if not isinstance(origin, Map) or not isinstance(settings, Map):
                    continue
                named = origin.get("DomainName")
                if named is not None and any(one.resource in leading for one in references(named)):
                    yield Front(
                        resource=resource, settings=settings, origin=origin, at=resource.at
                    )


def default_endpoint_is_off(api: Resource) -> bool:
    """Tell whether the API answers on its custom domains only."""
    setting = ("x-amazon-apigateway-endpoint-configuration", "disableExecuteApiEndpoint")
    written = (
        *inside(api.properties, "DisableExecuteApiEndpoint"),
        *inside(api.properties, "Body", *setting),
        *inside(api.properties, "Body", "servers", "[]", *setting),
    )
    flags = [constant(one) for one in written]
    return any(not isinstance(one, str) or one.lower() == "true" for one in flags)
