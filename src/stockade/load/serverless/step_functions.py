"""State machines of the plug-in serverless-step-functions: `stepFunctions.stateMachines`.

Wherever its settings name a function, the name in the file stands for the logical id.
"""

from stockade.load.building import Plain, entry, write
from stockade.load.serverless.events.rest_api import add_method
from stockade.load.serverless.naming import normalized
from stockade.load.serverless.permissions import allow
from stockade.load.serverless.service import Event, Service, get_att, ref, sub
from stockade.load.serverless.texts import as_json
from stockade.model import List, Location, Map, Scalar, Unknown, Value

_TYPE = "AWS::StepFunctions::StateMachine"
_STARTER = "ApigatewayToStepFunctionsRole"
_MAX_DEPTH = 100
_SERVICE, _ACTION = 5, 6
"""Where service and action stand in the ARN of a task, counted from 0."""

_RULES = {"schedule": "rate", "cloudwatchEvent": "event", "eventBridge": "pattern"}
_ON_ARGUMENT = {
    "lambda:invoke": ("lambda:InvokeFunction", "FunctionName"),
    "sns:publish": ("sns:Publish", "TopicArn"),
    "states:startExecution": ("states:StartExecution", "StateMachineArn"),
}
"""Tasks whose resource is one of their arguments."""

_ON_TABLE = {
    "dynamodb:getItem": "dynamodb:GetItem",
    "dynamodb:putItem": "dynamodb:PutItem",
    "dynamodb:updateItem": "dynamodb:UpdateItem",
    "dynamodb:deleteItem": "dynamodb:DeleteItem",
}


def add_state_machines(service: Service) -> None:
    """Add every state machine with its role and what starts it."""
    written = service.variables.section("stepFunctions")
    machines = service.merged(entry(written, "stateMachines"))
    for key, machine in machines or ():
        at = machines.key_at(key) if machines else service.at
        if isinstance(machine, Map):
            _add(service, key, machine, at)
        else:
            why = getattr(machine, "why", "it is not a map")
            service.miss(at, f"the state machine {key[:60]} is not read: {why}")
    activities = entry(written, "activities")
    for activity in activities.items if isinstance(activities, List) else ():
        name = service.text(activity) or ""
        service.add(
            f"{normalized(name)}StepFunctionsActivity",
            "AWS::StepFunctions::Activity",
            {"Name": activity},
            activity.at,
            "stepFunctions.activities",
        )


def _add(service: Service, key: str, machine: Map, at: Location) -> None:
    named = service.text(entry(machine, "id")) or service.text(entry(machine, "name"))
    logical_id = normalized(named) if named else f"{normalized(key)}StepFunctionsStateMachine"
    definition = _translated(service, entry(machine, "definition"), 0)
    written_as = f"stepFunctions.stateMachines.{key}"
    role: Plain = entry(machine, "role")
    if role is None:
        role_id = f"{logical_id}Role"
        _add_role(service, role_id, definition, at, written_as)
        role = get_att(role_id)
    elif isinstance(role, Scalar) and ":" not in (service.text(role) or ":"):
        role = get_att(service.text(role) or "")
    tracing = entry(machine, "tracingConfig")
    logging = entry(machine, "loggingConfig")
    service.add(
        logical_id,
        _TYPE,
        {
            "Definition": definition,
            "RoleArn": role,
            "StateMachineName": entry(machine, "name"),
            "StateMachineType": entry(machine, "type"),
            "TracingConfiguration": (
                None if tracing is None else {"Enabled": entry(tracing, "enabled")}
            ),
            "LoggingConfiguration": None if logging is None else _logging(logging),
        },
        at,
        written_as,
    )
    events = machine.get("events")
    for number, item in enumerate(events.items if isinstance(events, List) else (), 1):
        if isinstance(item, Map) and item.entries:
            kind, value = next(iter(item.entries.items()))
            place = item.key_at(kind)
            event = Event(type=kind, value=value, at=place, number=number, of_type=number)
            _add_event(service, logical_id, key, event)


def _logging(settings: Value) -> "Plain":
    destinations = entry(settings, "destinations")
    groups: list[Plain] = [
        {"CloudWatchLogsLogGroup": {"LogGroupArn": one}}
        for one in (destinations.items if isinstance(destinations, List) else ())
    ]
    return {
        "Level": entry(settings, "level"),
        "IncludeExecutionData": entry(settings, "includeExecutionData"),
        "Destinations": groups or None,
    }


def _translated(service: Service, value: Value | None, depth: int) -> Value | None:
    """Return a definition in which functions are named as the template names them."""
    if depth > _MAX_DEPTH:
        return value
    match value:
        case Scalar(value=str(text)) if text.lstrip().startswith("{") and depth == 0:
            return write(sub(text), value.at) if "${" in text else value
        case Map(entries={"Fn::GetAtt": target}) if len(value.entries) == 1:
            return Map({"Fn::GetAtt": _named(service, target)}, value.at, value.keys)
        case Map(entries={"Ref": target}) if len(value.entries) == 1:
            return Map({"Ref": _named(service, target)}, value.at, value.keys)
        case Map():
            entries = {name: _translated(service, one, depth + 1) or one for name, one in value}
            return Map(entries, value.at, value.keys)
        case List():
            items = [_translated(service, one, depth + 1) or one for one in value.items]
            return List(tuple(items), value.at)
        case _:
            return value


def _named(service: Service, target: Value) -> Value:
    if isinstance(target, List) and target.items:
        return List((_named(service, target.items[0]), *target.items[1:]), target.at)
    text = service.text(target) or ""
    for function in service.functions:
        if function.key == text and text not in service.resources:
            return Scalar(function.logical_id, target.at)
    return target


# --- what it may do -------------------------------------------------------------------------


def _add_role(
    service: Service, role_id: str, definition: Value | None, at: Location, written_as: str
) -> None:
    """Add the role that the plug-in makes of what the tasks of a machine call."""
    statements: list[Value] = []
    unknown = _grants(service, definition, statements, 0)
    policies: list[Plain] = []
    if statements:
        document = {"Version": "2012-10-17", "Statement": statements}
        policies.append(
            {"PolicyName": "statemachine", "Source": "implied", "PolicyDocument": document}
        )
    if unknown is not None:
        policies.append({"PolicyName": "tasks", "Source": "implied", "PolicyDocument": unknown})
    service.add(
        role_id,
        "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": _trust("states"),
            "Policies": policies,
        },
        at,
        written_as,
    )


def _trust(name: str) -> "Plain":
    principal: dict[str, Plain] = {"Service": f"{name}.amazonaws.com"}
    statement: dict[str, Plain] = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "sts:AssumeRole",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def _grants(
    service: Service, value: Value | None, statements: list[Value], depth: int
) -> Unknown | None:
    """Collect what the tasks in a definition need; return why not all of it is known."""
    if value is None:
        return None
    if depth > _MAX_DEPTH:
        return Unknown("the definition is nested too deep to be read", value.at)
    missed: Unknown | None = None
    if isinstance(value, Scalar) and depth == 0:
        return Unknown("what the plug-in grants for a definition in a text is not read", value.at)
    children: tuple[Value, ...] = ()
    if isinstance(value, Map):
        if service.text(value.get("Type")) == "Task":
            missed = _task(service, value, statements)
        children = tuple(value.entries.values())
    elif isinstance(value, List):
        children = value.items
    for child in children:
        missed = _grants(service, child, statements, depth + 1) or missed
    return missed


def _task(service: Service, task: Map, statements: list[Value]) -> Unknown | None:
    resource = task.get("Resource")
    if resource is None:
        return None
    at = resource.at
    parts = (service.text(resource) or "").split(":")
    arguments = entry(task, "Parameters") or entry(task, "Arguments")
    if len(parts) <= _ACTION or parts[2] != "states":
        if isinstance(resource, Map) or parts[2:3] == ["lambda"]:
            statements.append(allow(["lambda:InvokeFunction"], resource, at))
        return None
    called = f"{parts[_SERVICE]}:{parts[_ACTION].partition('.')[0]}"
    if called in _ON_ARGUMENT:
        action, name = _ON_ARGUMENT[called]
        target: Plain = entry(arguments, name)
        if action == "lambda:InvokeFunction" and isinstance(target, Scalar):
            text = service.text(target) or ""
            if ":" not in text:
                arn = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:"
                target = {"Fn::Sub": [f"{arn}${{Name}}", {"Name": target}]}
        statements.append(allow([action], target if target is not None else "*", at))
        return None
    if called in _ON_TABLE:
        arn = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Table}"
        table = entry(arguments, "TableName")
        found: Plain = "*" if table is None else {"Fn::Sub": [arn, {"Table": table}]}
        statements.append(allow([_ON_TABLE[called]], found, at))
        return None
    return Unknown(f"what the plug-in grants for {called[:60]} is not read", at)


# --- what starts it -------------------------------------------------------------------------


def _add_event(service: Service, machine: str, key: str, event: Event) -> None:
    if event.type == "http":
        _add_method(service, machine, key, event)
    elif event.type in _RULES:
        _add_rule(service, machine, key, event)
    else:
        service.miss(event.at, f"is an event that is not known: {event.type[:60]}")


def _add_method(service: Service, machine: str, key: str, event: Event) -> None:
    """Add a method whose request starts the machine."""
    action = service.text(event.get("action")) or "StartExecution"
    place = "arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/"
    body = '{"input": "$util.escapeJavaScript($input.json(\'$\'))", "stateMachineArn":"${Arn}"}'
    request: dict[str, Plain] = {"application/json": {"Fn::Sub": [body, {"Arn": ref(machine)}]}}
    integration: dict[str, Plain] = {
        "IntegrationHttpMethod": "POST",
        "Type": "AWS",
        "Credentials": get_att(_STARTER),
        "Uri": sub(f"{place}{action}"),
        "RequestTemplates": request,
    }
    add_method(service, event, integration, f"stepFunctions.stateMachines.{key} http")
    _add_starter(service, _STARTER, "apigateway", action, event.at)


def _add_starter(service: Service, role: str, principal: str, action: str, at: Location) -> None:
    """Add the role with which a service starts the machines."""
    machines = [
        ref(logical_id)
        for logical_id, resource in service.resources.items()
        if service.text(entry(resource, "Type")) == _TYPE
    ]
    document = {
        "Version": "2012-10-17",
        "Statement": [allow([f"states:{action}"], machines, at)],
    }
    policy: dict[str, Plain] = {
        "PolicyName": "start",
        "Source": "implied",
        "PolicyDocument": document,
    }
    service.add(
        role,
        "AWS::IAM::Role",
        {"AssumeRolePolicyDocument": _trust(principal), "Policies": [policy]},
        at,
        "stepFunctions",
    )


def _add_rule(service: Service, machine: str, key: str, event: Event) -> None:
    """Add a rule of EventBridge that starts the machine."""
    role: Plain = event.get("role") or event.get("iamRole")
    if role is None:
        role_id = f"{normalized(key)}EventToStepFunctionsRole"
        _add_starter(service, role_id, "events", "StartExecution", event.at)
        role = get_att(role_id)
    given = event.get("input")
    target: dict[str, Plain] = {
        "Arn": ref(machine),
        "Id": f"{key}Target",
        "RoleArn": role,
        "Input": as_json(given) if given is not None else None,
        "InputPath": event.get("inputPath"),
    }
    properties: dict[str, Plain] = {
        "State": "DISABLED" if service.text(event.get("enabled")) == "false" else "ENABLED",
        "EventBusName": event.get("eventBusName"),
        "Targets": [target],
    }
    if event.type == "schedule":
        properties["ScheduleExpression"] = entry(event.value, "rate") or event.value
    else:
        properties["EventPattern"] = entry(event.value, _RULES[event.type]) or event.get("event")
    service.add(
        f"{normalized(key)}StepFunctionsEventsRule{event.number}",
        "AWS::Events::Rule",
        properties,
        event.at,
        f"stepFunctions.stateMachines.{key} {event.type}",
    )
