"""What expands each type of SAM resource.

A small application uses few of them, and a scan of it shall not wait for the others: a module
is imported when the first resource of its kind is met.
"""
# ruff: noqa: PLC0415 - the imports stand where they are needed, see above

from collections.abc import Callable
from functools import cache
from typing import TypeAlias

from stockade.load.sam.api_draft import ApiDraft
from stockade.load.sam.expansion import Expansion
from stockade.model import Resource

Expander: TypeAlias = Callable[[Expansion, Resource], None]
ApiExpander: TypeAlias = Callable[[Expansion, ApiDraft], None]

PREFIX = "AWS::Serverless::"
CONNECTOR = "AWS::Serverless::Connector"
REST_API = "AWS::Serverless::Api"
HTTP_API = "AWS::Serverless::HttpApi"
APPLICATION = "AWS::Serverless::Application"


@cache
def expander_of(kind: str) -> Expander | None:
    """Return what expands resources of a type that needs nothing of the other resources."""
    match kind.removeprefix(PREFIX):
        case "Function":
            from stockade.load.sam.function import expand_function

            return expand_function
        case "StateMachine":
            from stockade.load.sam.state_machine import expand_state_machine

            return expand_state_machine
        case "WebSocketApi":
            from stockade.load.sam.websocket_api import expand_websocket_api

            return expand_websocket_api
        case "GraphQLApi":
            from stockade.load.sam.graphql import expand_graphql_api

            return expand_graphql_api
        case "SimpleTable" | "LayerVersion" | "CapacityProvider" as name:
            from stockade.load.sam import simple

            return {
                "SimpleTable": simple.expand_table,
                "LayerVersion": simple.expand_layer,
                "CapacityProvider": simple.expand_capacity_provider,
            }[name]
        case _:
            return None


def api_expander_of(kind: str) -> ApiExpander:
    """Return what expands an API of the type, after every event added to it."""
    if kind == REST_API:
        from stockade.load.sam.api import expand_rest_api

        return expand_rest_api
    from stockade.load.sam.http_api import expand_http_api

    return expand_http_api


def connector_expander() -> Expander:
    """Return what expands connectors."""
    from stockade.load.sam.connectors import expand_connector

    return expand_connector
