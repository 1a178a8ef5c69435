"""What routes of REST APIs and of HTTP APIs have in common."""

from stockade.load.building import substitute, text
from stockade.load.sam.events.target import Event
from stockade.load.sam.expansion import Expansion
from stockade.model import Location, Reference, Value

PRINCIPAL = "apigateway.amazonaws.com"
"""The service that invokes functions for APIs."""

EXECUTE = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*"
"""Every stage of an API; methods and paths follow."""

_LAMBDA = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path"


def route_of(expansion: Expansion, event: Event) -> tuple[str, str] | None:
    """Return the event's path and method, or note that they cannot be known."""
    path, method = text(event.get("Path")), text(event.get("Method"))
    if not path or not method:
        expansion.miss(event.at, "the path or method of a route cannot be known")
        return None
    return path, method


def integration_uri(function: Reference, at: Location, *, streamed: bool = False) -> Value:
    """Write the address by which API Gateway invokes a function."""
    version, ending = "2015-03-31", "invocations"
    if streamed:
        version, ending = "2021-11-15", "response-streaming-invocations"
    return substitute(
        f"{_LAMBDA}/{version}/functions/${{Function}}/{ending}", at, {"Function": function}
    )
