"""Other ways in from the internet: function URLs, CloudFront and load balancers.

Follows AWS::Lambda::Url, AWS::CloudFront::Distribution, AWS::ElasticLoadBalancingV2::Listener,
ListenerRule and TargetGroup in the CloudFormation template reference.
"""

from collections.abc import Iterator

from stockade.load.cloudformation.authorizers import weakest
from stockade.load.cloudformation.trigger import Declared, Trigger, merged, shown
from stockade.model import (
    Authorizer,
    AuthorizerKind,
    EventSourceType,
    Location,
    Map,
    Resource,
    ResourceId,
    Route,
    Value,
    inside,
)

_GROUP = "AWS::ElasticLoadBalancingV2::TargetGroup"
_LISTENER = "AWS::ElasticLoadBalancingV2::Listener"
_BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
_SIGN_IN = {
    "authenticate-cognito": AuthorizerKind.COGNITO,
    "authenticate-oidc": AuthorizerKind.JWT,
    "jwt-validation": AuthorizerKind.JWT,
}


def function_urls(declared: Declared) -> Iterator[Trigger]:
    """Yield each function URL, with what its `AuthType` asks for."""
    for url in declared.of_type("AWS::Lambda::Url"):
        properties = url.properties
        found = [
            Authorizer(
                kind={"NONE": AuthorizerKind.NONE, "AWS_IAM": AuthorizerKind.IAM}.get(
                    shown(way), AuthorizerKind.UNKNOWN
                ),
                at=way.at,
            )
            for way in inside(properties, "AuthType")
        ]
        yield Trigger(
            type=EventSourceType.FUNCTION_URL,
            at=url.at,
            target=properties.get("TargetFunctionArn"),
            resource=url.id,
            route=_route(url.id, "/", weakest(found, url.at), url.at),
            detail=properties,
        )


def edge_functions(declared: Declared) -> Iterator[Trigger]:
    """Yield each function that runs in CloudFront (Lambda@Edge)."""
    for distribution in declared.of_type("AWS::CloudFront::Distribution"):
        for configuration in inside(distribution.properties, "DistributionConfig"):
            behaviors = [
                *inside(configuration, "DefaultCacheBehavior"),
                *inside(configuration, "CacheBehaviors", "[]"),
            ]
            for behavior in behaviors:
                pattern = next(inside(behavior, "PathPattern"), None)
                path = shown(pattern) if pattern is not None else "/*"
                for one in inside(behavior, "LambdaFunctionAssociations", "[]"):
                    if isinstance(one, Map):
                        none = Authorizer(kind=AuthorizerKind.NONE, at=one.at)
                        yield Trigger(
                            type=EventSourceType.CLOUDFRONT,
                            at=one.at,
                            target=one.get("LambdaFunctionARN"),
                            resource=distribution.id,
                            route=_route(distribution.id, path, none, one.at),
                            detail=one,
                        )


def load_balancers(declared: Declared) -> Iterator[Trigger]:
    """Yield each listener and rule that forwards to a target group of functions.

    A target group that nothing in the application forwards to is a trigger without a route.
    """
    for group in declared.of_type(_GROUP):
        for target in inside(group.properties, "Targets", "[]", "Id"):
            if declared.names.function(target) is None:
                continue
            forwarding = list(_forwarding(declared, group))
            for resource, balancer, route in forwarding:
                yield Trigger(
                    type=EventSourceType.LOAD_BALANCER,
                    at=resource.at,
                    target=target,
                    resource=balancer,
                    route=route,
                    detail=merged(resource.at, resource.properties),
                )
            if not forwarding:
                yield Trigger(
                    type=EventSourceType.LOAD_BALANCER,
                    at=target.at,
                    target=target,
                    resource=group.id,
                    detail=group.properties,
                )


def _forwarding(
    declared: Declared, group: Resource
) -> Iterator[tuple[Resource, ResourceId | None, Route]]:
    """Yield the listeners and rules that forward to a group, their balancer and the route."""
    for resource in declared.of_type(_LISTENER, f"{_LISTENER}Rule"):
        name = "DefaultActions" if resource.type == _LISTENER else "Actions"
        actions = list(inside(resource.properties, name, "[]"))
        if not any(declared.names.find(action, _GROUP) == group.id for action in actions):
            continue
        balancer = _balancer(declared, resource)
        authorizer = _sign_in(actions, resource.at)
        yield resource, balancer, _route(balancer, _path(resource), authorizer, resource.at)


def _balancer(declared: Declared, resource: Resource) -> ResourceId | None:
    if resource.type != _LISTENER:
        found = declared.names.find(resource.properties.get("ListenerArn"), _LISTENER)
        if found is None:
            return None
        resource = declared.resources[found]
    return declared.names.find(resource.properties.get("LoadBalancerArn"), _BALANCER)


def _sign_in(actions: list[Value], at: Location) -> Authorizer:
    for action in actions:
        if isinstance(action, Map):
            for kind in inside(action, "Type"):
                if (found := _SIGN_IN.get(shown(kind))) is not None:
                    return Authorizer(kind=found, at=kind.at)
    return Authorizer(kind=AuthorizerKind.NONE, at=at)


def _path(resource: Resource) -> str:
    """Return the path that a rule's conditions ask for; `/*` where they ask for none."""
    for condition in inside(resource.properties, "Conditions", "[]"):
        if (field := next(inside(condition, "Field"), None)) is None:
            continue
        if shown(field) == "path-pattern":
            values = [
                *inside(condition, "Values", "[]"),
                *inside(condition, "PathPatternConfig", "Values", "[]"),
            ]
            return ",".join(shown(value) for value in values)
    return "/*"


def _route(api: ResourceId | None, path: str, authorizer: Authorizer, at: Location) -> Route:
    return Route(
        api=api, method="ANY", path=path, authorizer=authorizer, api_key_required=False, at=at
    )
