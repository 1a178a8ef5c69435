"""The stages through which an API is reached, and their settings.

Follows AWS::ApiGateway::Stage, AWS::ApiGateway::Deployment and AWS::ApiGatewayV2::Stage in the
CloudFormation template reference. A deployment with a `StageName` makes a stage of its own,
whose settings stand in its `StageDescription`.
"""

from stockade.analysis.gateway.apis import Api
from stockade.model import Application, Location, Map, Names, Resource, expression, inside
from stockade.model.record import record


@record(kw_only=True)
class Stage:
    """A stage: `properties` are those of AWS::ApiGateway::Stage or AWS::ApiGatewayV2::Stage."""

    resource: Resource
    properties: Map
    at: Location


def stages(app: Application, names: Names, api: Api) -> tuple[Stage, ...]:
    """Return the stages of an API that the application declares."""
    found: dict[str, Stage] = {}
    for resource in app.of_type("AWS::ApiGateway::Stage", "AWS::ApiGatewayV2::Stage"):
        of = resource.properties.get("RestApiId") or resource.properties.get("ApiId")
        if names.find(of, api.resource.type) == api.resource.id:
            name = resource.properties.get("StageName")
            found[expression(name) if name is not None else resource.id] = Stage(
                resource=resource, properties=resource.properties, at=resource.at
            )
    for resource in app.of_type("AWS::ApiGateway::Deployment"):
        name = resource.properties.get("StageName")
        of = resource.properties.get("RestApiId")
        if name is None or names.find(of, api.resource.type) != api.resource.id:
            continue
        if resource.written_as.startswith("AWS::Serverless::"):
            continue  # SAM deploys to a stage named `Stage`, too, which nobody asked for.
        described = next(inside(resource.properties, "StageDescription"), None)
        properties = described if isinstance(described, Map) else Map({}, resource.at, {})
        stage = Stage(resource=resource, properties=properties, at=resource.at)
        found.setdefault(expression(name), stage)
    return tuple(found.values())
