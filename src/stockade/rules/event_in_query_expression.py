"""Event data is part of a query. Its page is docs/rules/event-in-query-expression.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts, Flow
from stockade.model import Application, Match, Severity
from stockade.rules._matches import from_flows
from stockade.rules._rule import rule
from stockade.rules._wording import carried, in_javascript

# What API Gateway and its kin hand over as text can hold no map with operators.
_SURELY_TEXT = (
    "queryStringParameters",
    "pathParameters",
    "headers",
    "multiValue",
    "rawPath",
    "rawQueryString",
    "requestContext",
    "stageVariables",
    "cookies",
)
_FLAT = ("queryStringParameters.", "pathParameters.")


@rule(
    title="event data is part of a query expression",
    harm=Severity.HIGH,
    practice="C2",
    cwe=(943,),
)
def event_in_query_expression(app: Application, facts: Facts) -> Iterator[Match]:
    """Report flows from an event into expressions, and into filters that take operators."""
    flows = (
        *facts.flows_into("query"),
        *(flow for flow in facts.flows_into("filter") if not _is_text(flow)),
    )
    return from_flows(app, flows, _can, _instead)


def _is_text(flow: Flow) -> bool:
    field = flow.origin.field
    if flow.is_parsed:
        return False
    if field.startswith(_FLAT) and field.count(".") > 1:
        return False  # What is below a text was decoded from it.
    return field.startswith(_SURELY_TEXT)


def _can(flow: Flow) -> str:
    if flow.argument == "UpdateExpression":
        return f"choose what {flow.function} writes into its items"
    return f"change what {flow.function} asks of its data"


def _instead(flow: Flow) -> str:
    field = carried(flow)
    if flow.kind == "filter":
        text = "String()" if in_javascript(flow) else "str()"
        return f"make {field} a text with {text}, or check that it is one, before it is a filter"
    if flow.callee.startswith("aws.dynamodb."):
        return (
            f"keep the expression constant: {field} belongs in ExpressionAttributeValues, names "
            "of attributes come from a fixed set"
        )
    if "ldap" in flow.callee and in_javascript(flow):
        return f"pass an EqualityFilter with {field} as its value, not a text"
    if "ldap" in flow.callee:
        return f"pass {field} through ldap3.utils.conv.escape_filter_chars()"
    return f"keep the query constant and pass {field} as a parameter of it"
