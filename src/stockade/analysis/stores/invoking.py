"""The policies of functions, as `AWS::Lambda::Permission` writes them statement by statement.

Follows `AddPermission` of the Lambda API Reference and "Viewing resource-based IAM policies in
Lambda" of the Developer Guide, which shows the statement that each setting becomes.
"""

from collections.abc import Iterator
from typing import Final

from stockade.analysis.permissions.arns import arns_of
from stockade.analysis.permissions.texts import text
from stockade.analysis.stores.attached import Attached
from stockade.model import (
    Application,
    List,
    Location,
    Map,
    Names,
    Resource,
    Scalar,
    Value,
    constant,
    expression,
)

_CONDITIONS: Final = {
    "SourceArn": ("ArnLike", "AWS:SourceArn"),
    "SourceAccount": ("StringEquals", "AWS:SourceAccount"),
    "PrincipalOrgID": ("StringEquals", "aws:PrincipalOrgID"),
    "FunctionUrlAuthType": ("StringEquals", "lambda:FunctionUrlAuthType"),
    "EventSourceToken": ("StringEquals", "lambda:EventSourceToken"),
    "InvokedViaFunctionUrl": ("Bool", "lambda:InvokedViaFunctionUrl"),
}
"""The condition that each setting becomes."""


def invocation_policies(app: Application) -> Iterator[Attached]:
    """Yield, for each permission to invoke a function of the application, its statement."""
    names, arns = Names(app.resources), arns_of(app)
    for permission in app.of_type("AWS::Lambda::Permission"):
        function = names.function(permission.properties.get("FunctionName"))
        if function is not None:
            statement = _statement(permission, arns.of(app.resources[function]))
            document = Map({"Statement": List((statement,), permission.at)}, permission.at, {})
            yield Attached(function, permission, document)


def _statement(permission: Resource, function: Value) -> Map:
    properties, at = permission.properties, permission.at
    made: dict[str, Value] = {"Effect": Scalar("Allow", at)}
    principal = properties.get("Principal")
    if principal is not None:
        made["Principal"] = _principal(principal, at)
    made["Action"] = properties.get("Action") or Scalar("lambda:InvokeFunction", at)
    made["Resource"] = _qualified(function, properties.get("FunctionName"), at)
    conditions = _conditions(properties, at)
    if conditions:
        made["Condition"] = Map(conditions, at, {})
    return Map(made, at, {})


def _principal(principal: Value, at: Location) -> Value:
    name = expression(principal)
    if name == "*":
        return principal
    is_service = name.endswith((".amazonaws.com", ".amazon.com", ".${AWS::URLSuffix}"))
    return Map({"Service" if is_service else "AWS": principal}, at, {})


def _qualified(function: Value, named: Value | None, at: Location) -> Value:
    """Return the ARN with the qualifier that the permission names: an alias or version."""
    written = constant(named) if named is not None else None
    name, _, qualifier = written.rpartition(":") if isinstance(written, str) else ("", "", "")
    if name and not name.endswith(":function"):
        return text([function, ":", qualifier], at)
    return function


def _conditions(properties: Map, at: Location) -> dict[str, Value]:
    found: dict[str, dict[str, Value]] = {}
    for setting, (operator, key) in _CONDITIONS.items():
        value = properties.get(setting)
        if value is not None:
            found.setdefault(operator, {})[key] = value
    return {operator: Map(keys, at, {}) for operator, keys in found.items()}
