"""Lambda functions: runtime, environment, role and handler.

Follows AWS::Lambda::Function in the CloudFormation template reference.
"""

from collections.abc import Callable, Iterator, Mapping

from stockade.load.cloudformation.trigger import Declared
from stockade.load.handlers import Code
from stockade.model import (
    Choice,
    Function,
    Map,
    NoValue,
    Parameter,
    Resource,
    ResourceId,
    Unknown,
    Value,
    constant,
)


def functions(
    declared: Declared, located: Callable[[Resource, tuple[Resource, ...]], Code]
) -> Iterator[Function]:
    """Yield each function. `located` finds the code of one that uses these layers."""
    for resource in declared.of_type("AWS::Lambda::Function"):
        code = located(resource, _layers(declared, resource))
        yield Function(
            id=resource.id,
            at=resource.at,
            runtime=_runtime(resource, code),
            handler=code.handler,
            roots=code.roots,
            environment=_environment(resource),
            role=_role(declared, resource),
        )


def _layers(declared: Declared, resource: Resource) -> tuple[Resource, ...]:
    found = declared.names.find_all(resource.properties.get("Layers"), "AWS::Lambda::LayerVersion")
    return tuple(declared.resources[layer] for layer in found)


def _runtime(resource: Resource, code: Code) -> str | Unknown:
    written = constant(resource.properties.get("Runtime"))
    if written is not None:
        return written
    return code.runtime or Unknown("no runtime is written", resource.at)


def _environment(resource: Resource) -> Mapping[str, Value] | Unknown:
    """Return the variables; where a condition chooses between two sets, each is a choice."""
    environment = resource.properties.get("Environment")
    merged = _entries(environment, "Variables")
    return merged if isinstance(merged, Unknown) else dict(merged)


def _entries(value: Value | None, *path: str) -> Mapping[str, Value] | Unknown:
    match value:
        case None | NoValue():
            return {}
        case Map() if path:
            return _entries(value.get(path[0]), *path[1:])
        case Map():
            return value.entries
        case Choice():
            then = _entries(value.then, *path)
            otherwise = _entries(value.otherwise, *path)
            if isinstance(then, Unknown):
                return then
            return otherwise if isinstance(otherwise, Unknown) else _either(value, then, otherwise)
        case Parameter(value=given) if given is not None:
            return _entries(given, *path)
        case Unknown():
            return value
        case _:
            return Unknown("the variables are no map", value.at)


def _either(
    choice: Choice, then: Mapping[str, Value], otherwise: Mapping[str, Value]
) -> Mapping[str, Value]:
    nothing = NoValue(choice.at)
    return {
        name: Choice(
            choice.condition, then.get(name, nothing), otherwise.get(name, nothing), choice.at
        )
        for name in {**then, **otherwise}
    }


def _role(declared: Declared, resource: Resource) -> ResourceId | Unknown:
    """Return the function's role, also where a condition may choose one made elsewhere."""
    written = resource.properties.get("Role")
    if written is None:
        return Unknown("no role is written", resource.at)
    found = declared.names.find_all(written, "AWS::IAM::Role")
    if len(found) == 1:
        return found[0]
    if found:
        return Unknown("a condition decides which role it has", written.at)
    text = constant(written)
    reason = text.why if isinstance(text, Unknown) else "the role is not part of the application"
    return Unknown(reason, written.at)
