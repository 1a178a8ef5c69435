"""What the application tells where the call does not: `@task-token`, `@endpoint-api`."""

from collections.abc import Callable, Iterator

from stockade.analysis.permissions.arns import Arns
from stockade.analysis.permissions.calls import OperationCall
from stockade.analysis.permissions.parameters import at_path
from stockade.analysis.permissions.texts import pieces, split, text
from stockade.model import (
    Application,
    EventData,
    EventSourceType,
    Function,
    Location,
    Reference,
    Resource,
    Scalar,
    Unknown,
    Value,
    inside,
    references,
    walk,
)

_MACHINE = "AWS::StepFunctions::StateMachine"
_API = "AWS::ApiGatewayV2::Api"


def tells(
    app: Application, function: Function, arns: Arns, call: OperationCall, at: Location
) -> Callable[[str], Iterator[Value]]:
    """Return what yields the values that `@name` stands for, for one call of a function."""

    def special(name: str) -> Iterator[Value]:
        match name:
            case "task-token":
                yield from _waiting(app, arns, at)
            case "durable-function":
                yield from _durable(app, at)
            case "endpoint-api":
                yield from _apis(app, function, call, at)
            case "endpoint-stage":
                yield _stage(app, function, call, at)
            case "task-roles":
                yield from _task_roles(arns, call, at)
            case _:
                yield Unknown(f"the catalogue says {name}, which is not known", at)

    return special


def _waiting(app: Application, arns: Arns, at: Location) -> Iterator[Value]:
    """Yield the state machines that wait for a token."""
    found = [one for one in app.of_type(_MACHINE) if _mentions(one, ".waitForTaskToken")]
    if not found:
        yield Unknown("the token tells the state machine, and none here waits for one", at)
    for machine in found:
        yield arns.of(machine)


def _durable(app: Application, at: Location) -> Iterator[Value]:
    """Yield the functions whose executions are durable: they wait for callbacks."""
    found = [
        one for one in app.of_type("AWS::Lambda::Function") if "DurableConfig" in one.properties
    ]
    if not found:
        yield Unknown("the callback's id tells the function, and none here is durable", at)
    for function in found:
        yield Reference(function.id, "Ref", function.at)


def _mentions(resource: Resource, words: str) -> bool:
    return any(
        isinstance(part, Scalar) and isinstance(part.value, str) and words in part.value
        for part in walk(resource.properties)
    )


# --- connections of WebSocket APIs -------------------------------------------------------


def _apis(
    app: Application, function: Function, call: OperationCall, at: Location
) -> Iterator[Value]:
    """Yield the WebSocket APIs whose connections are managed at the client's endpoint."""
    endpoint = call.endpoint
    named = [one for one in references(endpoint) if _is_api(app, one)] if endpoint else []
    if named:
        yield from (Reference(one.resource, "Ref", one.at) for one in named[:1])
        return
    sources = [
        source.route.api
        for source in app.event_sources_of(function.id)
        if source.type is EventSourceType.WEBSOCKET_API and source.route and source.route.api
    ]
    if sources and (endpoint is None or _from_event(endpoint)):
        yield from (Reference(one, "Ref", at) for one in dict.fromkeys(sources))
        return
    yield Unknown("the client's endpoint names the API", at)


def _from_event(value: Value) -> bool:
    return any(isinstance(part, EventData | Unknown) for part in walk(value))


def _is_api(app: Application, reference: Reference) -> bool:
    resource = app.resources.get(reference.resource)
    return resource is not None and resource.type == _API


def _stage(app: Application, function: Function, call: OperationCall, at: Location) -> Value:
    """Return the stage that the endpoint names, or the one stage that the API has."""
    parts = pieces(call.endpoint) if call.endpoint is not None else []
    last = split(parts, "/")[3:4]  # after https:, nothing and the host
    if last and last[0] and not _from_event(text(last[0], at)):
        return text(last[0], at)
    apis = {one.resource for one in _apis(app, function, call, at) if isinstance(one, Reference)}
    stages = [
        stage
        for stage in app.of_type("AWS::ApiGatewayV2::Stage")
        for api in inside(stage.properties, "ApiId")
        if isinstance(api, Reference) and api.resource in apis
    ]
    if len(stages) == 1:
        return Reference(stages[0].id, "Ref", stages[0].at)
    return Scalar("*", at)


# --- tasks of ECS ------------------------------------------------------------------------


def _task_roles(arns: Arns, call: OperationCall, at: Location) -> Iterator[Value]:
    """Yield the roles that a task definition names: who runs the task passes them."""
    for value in at_path(call.given, "taskDefinition"):
        definition = arns.owner(value, "ecs:task-definition")
        if definition is None or definition.type != "AWS::ECS::TaskDefinition":
            yield Unknown("the task definition, which is not declared here, names its roles", at)
            continue
        for name in ("TaskRoleArn", "ExecutionRoleArn"):
            yield from inside(definition.properties, name)
