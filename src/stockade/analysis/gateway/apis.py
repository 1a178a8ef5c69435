"""The APIs of an application, each with the ways in which its routes reach something."""

from typing import TypeAlias

from stockade.model import (
    GATEWAY_APIS,
    Application,
    Delivery,
    EventSource,
    EventSourceType,
    Location,
    Resource,
    Route,
    constant,
    inside,
)
from stockade.model.record import record
from stockade.model.remembered import remembered

Way: TypeAlias = EventSource | Delivery

API_TYPES = GATEWAY_APIS | {EventSourceType.GRAPHQL_API, EventSourceType.LOAD_BALANCER}


@record(kw_only=True)
class Api:
    """A REST, HTTP, WebSocket or GraphQL API or a load balancer, as the application declares it.

    `ways` are its routes to functions and other resources, CORS preflight left out. `at` is
    where the API is written, or for one that SAM implies the first of its routes.
    """

    resource: Resource
    type: EventSourceType
    ways: tuple[Way, ...]
    at: Location

    @property
    def name(self) -> str:
        """Return what the author called it, or what it is where SAM made it."""
        implied = ("ServerlessRestApi", "ServerlessHttpApi")
        logical_id = self.resource.logical_id
        return "the API" if logical_id in implied else logical_id


@remembered
def apis(app: Application) -> tuple[Api, ...]:
    """Return the APIs that have a route to something of the application."""
    held: dict[str, list[Way]] = {}
    for way in ways(app):
        if way.type in API_TYPES and way.route is not None and not is_preflight(way.route):
            held.setdefault(way.resource or "", []).append(way)
    return tuple(
        Api(
            resource=app.resources[name],
            type=found[0].type,
            ways=tuple(found),
            at=app.resources[name].at,
        )
        for name, found in held.items()
        if name in app.resources
    )


@remembered
def ways(app: Application) -> tuple[Way, ...]:
    """Return everything that is reached through a route, functions and other resources."""
    found: list[Way] = [*app.event_sources, *app.deliveries]
    return tuple(way for way in found if way.route is not None)


def is_preflight(route: Route) -> bool:
    """Tell whether a route only answers browsers that ask about CORS."""
    return route.method == "OPTIONS"


def is_private(api: Resource) -> bool:
    """Tell whether only networks of the application reach an API."""
    if api.type == "AWS::AppSync::GraphQLApi":
        return constant(api.properties.get("Visibility")) == "PRIVATE"
    if api.type == "AWS::ElasticLoadBalancingV2::LoadBalancer":
        return constant(api.properties.get("Scheme")) == "internal"
    types = [
        constant(one) for one in inside(api.properties, "EndpointConfiguration", "Types", "[]")
    ]
    return bool(types) and all(one == "PRIVATE" for one in types)
