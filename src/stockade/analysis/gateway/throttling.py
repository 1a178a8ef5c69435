"""What bounds how often a route is called: its stage, its own settings, a plan for its keys.

Follows "Throttle requests to your REST APIs for better throughput in API Gateway" and "Throttle
requests to your HTTP APIs for better throughput in API Gateway" in the API Gateway Developer
Guide. The account's own limit of 10,000 requests a second bounds nothing that a function costs.
"""

from collections.abc import Iterator
from enum import StrEnum

from stockade.analysis.gateway.apis import Api, Way
from stockade.analysis.gateway.stages import Stage
from stockade.model import Application, Map, Names, Value, constant, expression, inside

_RATE = "ThrottlingRateLimit"
_BURST = "ThrottlingBurstLimit"


class Throttling(StrEnum):
    """What bounds the calls of a route."""

    NONE = "none"
    STAGE = "stage"
    PLAN = "plan"


def throttling(
    app: Application, names: Names, api: Api, stages: tuple[Stage, ...], way: Way
) -> Throttling:
    """Tell what bounds the calls of one route, in each stage of its API."""
    if stages and all(_bounds(stage, way) for stage in stages):
        return Throttling.STAGE
    if way.route is not None and way.route.api_key_required and has_plan(app, names, api):
        return Throttling.PLAN
    return Throttling.NONE


def has_plan(app: Application, names: Names, api: Api) -> bool:
    """Tell whether a usage plan with a rate or a quota speaks of a stage of the API."""
    for plan in app.of_type("AWS::ApiGateway::UsagePlan"):
        of = [names.find(one, api.resource.type) for one in _apis_of(plan.properties)]
        bounded = "Throttle" in plan.properties or "Quota" in plan.properties
        if api.resource.id in of and bounded:
            return True
    return False


def _apis_of(plan: Map) -> Iterator[Value]:
    return inside(plan, "ApiStages", "[]", "ApiId")


def _bounds(stage: Stage, way: Way) -> bool:
    """Tell whether a stage's settings bound a route: the route's own, or those of all."""
    settings = [*inside(stage.properties, "MethodSettings", "[]")]
    settings += inside(stage.properties, "DefaultRouteSettings")
    if _limits(stage.properties):  # of a StageDescription
        return True
    key = _key(way)
    settings += inside(stage.properties, "RouteSettings", key)
    return any(isinstance(one, Map) and _limits(one) and _speaks_of(one, way) for one in settings)


def _limits(setting: Value | None) -> bool:
    return isinstance(setting, Map) and any(
        constant(value) not in (None, "-1")
        for name in (_RATE, _BURST)
        for value in inside(setting, name)
    )


def _speaks_of(setting: Map, way: Way) -> bool:
    """Tell whether a method setting is about a route: by its path and method, or `*`."""
    path, method = setting.get("ResourcePath"), setting.get("HttpMethod")
    if path is None or method is None or way.route is None:
        return True
    wanted = expression(path).replace("~1", "/").strip("/")
    return wanted in ("*", way.route.path.strip("/")) and expression(method).upper() in (
        "*",
        way.route.method,
    )


def _key(way: Way) -> str:
    route = way.route
    if route is None:
        return ""
    return f"{route.method} {route.path}" if route.path.startswith("/") else route.path
