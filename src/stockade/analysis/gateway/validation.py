"""Whether a REST API checks the body of a request before it passes it on.

Follows "Request validation for REST APIs in API Gateway" in the API Gateway Developer Guide: a
validator with `validateRequestBody`, and a model for the content type. HTTP APIs check nothing.
"""

from stockade.analysis.gateway.apis import Way
from stockade.model import Application, Location, Map, Names, Resource, Unknown, constant, inside
from stockade.model.remembered import remembered

_VALIDATOR = "x-amazon-apigateway-request-validator"
_VALIDATORS = "x-amazon-apigateway-request-validators"
_ANY = "x-amazon-apigateway-any-method"


def validates_body(app: Application, names: Names, way: Way) -> bool:
    """Tell whether the API checks the body of this route against a schema."""
    api = app.resources.get(way.resource or "")
    if api is None or way.route is None:
        return False
    method = _methods(app).get(way.at)
    if method is not None:
        return _method_validates(app, names, method)
    name = _ANY if way.route.method == "ANY" else way.route.method.lower()
    return any(
        _operation_validates(api, operation)
        for operation in inside(api.properties, "Body", "paths", way.route.path, name)
        if isinstance(operation, Map)
    )


@remembered
def _methods(app: Application) -> dict[Location, Resource]:
    """Return the methods that are resources of their own, by their places."""
    return {method.at: method for method in app.of_type("AWS::ApiGateway::Method")}


def _method_validates(app: Application, names: Names, method: Resource) -> bool:
    if "RequestModels" not in method.properties:
        return False
    written = method.properties.get("RequestValidatorId")
    validator = names.find(written, "AWS::ApiGateway::RequestValidator")
    if validator is None:
        return written is not None
    return _is_true(app.resources[validator].properties, "ValidateRequestBody")


def _operation_validates(api: Resource, operation: Map) -> bool:
    has_schema = "requestBody" in operation or any(
        constant(one) == "body" for one in inside(operation, "parameters", "[]", "in")
    )
    chosen = next(inside(operation, _VALIDATOR), None) or next(
        inside(api.properties, "Body", _VALIDATOR), None
    )
    name = constant(chosen)
    if not has_schema or name is None:
        return False
    if isinstance(name, Unknown):
        return True
    return any(
        isinstance(one, Map) and _is_true(one, "validateRequestBody")
        for one in inside(api.properties, "Body", _VALIDATORS, name)
    )


def _is_true(settings: Map, key: str) -> bool:
    return any(constant(one) != "false" for one in inside(settings, key))
