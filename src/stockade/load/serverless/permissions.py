"""Who may invoke a function, and what a function's role is allowed."""

from stockade.load.building import Plain, write
from stockade.load.serverless.service import FunctionDraft, Service, get_att
from stockade.model import List, Location, Value


def allow(actions: list[str], resources: Plain, at: Location) -> Value:
    """Make a statement that a role needs."""
    listed = resources if isinstance(resources, list | List) else [resources]
    return write({"Effect": "Allow", "Action": actions, "Resource": listed}, at)


def principal(name: str) -> str:
    """Return the name of a service as a principal."""
    return f"{name}.amazonaws.com"


def permission(  # noqa: PLR0913, PLR0917 - what a permission says
    service: Service,
    logical_id: str,
    function: FunctionDraft,
    principal_name: str,
    source: Plain,
    at: Location,
    more: dict[str, Plain] | None = None,
) -> None:
    """Let a service of AWS invoke a function."""
    service.add(
        logical_id,
        "AWS::Lambda::Permission",
        {
            "FunctionName": get_att(function.logical_id),
            "Action": "lambda:InvokeFunction",
            "Principal": principal(principal_name),
            "SourceArn": source,
            **(more or {}),
        },
        at,
        f"functions.{function.key}",
    )


def api_arn(api: Plain) -> Plain:
    """Return what an API may invoke a function from: all its stages and methods."""
    arn = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*"
    return {"Fn::Sub": [arn, {"Api": api}]}


def invoke_uri(arn: Plain) -> Plain:
    """Return the address under which API Gateway invokes a function."""
    path = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions"
    return {"Fn::Sub": [f"{path}/${{Function}}/invocations", {"Function": arn}]}
