"""`AWS::Serverless::StateMachine`: a state machine, its role, and what starts it.

Follows "AWS::Serverless::StateMachine" and "EventSource" of it. The definition stays the map
that the author wrote, under `Definition`.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from stockade.load.building import Plain, entry, is_empty, is_true, substitute, text
from stockade.load.sam.code import body_location
from stockade.load.sam.events import events_of
from stockade.load.sam.events.implicit_api import api_of_event
from stockade.load.sam.events.rest_api import rest_method
from stockade.load.sam.events.routes import route_of
from stockade.load.sam.events.rules import (
    add_rule,
    add_schedule,
    pattern_settings,
    schedule_settings,
    target_id,
)
from stockade.load.sam.events.target import Event
from stockade.load.sam.expansion import Expansion
from stockade.load.sam.policies import allow, trust
from stockade.load.sam.role import RoleDraft, policy
from stockade.model import Map, Reference, Resource, Value

_NAMES = {
    "Name": "StateMachineName",
    "Type": "StateMachineType",
    "Logging": "LoggingConfiguration",
    "Tracing": "TracingConfiguration",
    "DefinitionSubstitutions": "DefinitionSubstitutions",
    "Definition": "Definition",
}

_Expander: TypeAlias = Callable[[Expansion, Event, Reference], None]


def expand_state_machine(expansion: Expansion, owner: Resource) -> None:
    """Expand one state machine."""
    properties = owner.properties
    made: dict[str, Value] = {}
    places = {}
    for key, name in _NAMES.items():
        value = entry(properties, key)
        if value is not None:
            made[name], places[name] = value, properties.key_at(key)
    uri = entry(properties, "DefinitionUri")
    if uri is not None:
        made["DefinitionS3Location"] = body_location(uri)
        places["DefinitionS3Location"] = properties.key_at("DefinitionUri")
    role = entry(properties, "Role")
    places["RoleArn"] = properties.key_at("Role")
    made["RoleArn"] = role if role is not None else _add_role(expansion, owner)
    expansion.put(owner, "AWS::StepFunctions::StateMachine", Map(made, properties.at, places))
    target = _publish(expansion, owner)
    for event in events_of(expansion, owner):
        expander = _EVENTS.get(event.type)
        if expander is None:
            expansion.miss(event.at, f"is an event whose type is not known: {event.type}")
        else:
            expander(expansion, event, target)


def _add_role(expansion: Expansion, owner: Resource) -> Value:
    properties, at = owner.properties, owner.at
    role = RoleDraft(f"{owner.logical_id}Role", at, trust("states.amazonaws.com", at))
    role.add_all(entry(properties, "Policies"), expansion)
    if is_true(entry(entry(properties, "Tracing"), "Enabled")):
        role.attach("AWSXrayWriteOnlyAccess", properties.key_at("Tracing"))
    role.finish(expansion, owner, properties)
    return expansion.refer(role.logical_id, at, "Arn")


def _publish(expansion: Expansion, owner: Resource) -> Reference:
    """Add the version and alias that the author asks for; return what events start."""
    machine = expansion.refer(owner.logical_id, owner.at)
    name = text(entry(owner.properties, "AutoPublishAlias"))
    if not name:
        return machine
    at = owner.properties.key_at("AutoPublishAlias")
    revision = expansion.refer(owner.logical_id, at, "StateMachineRevisionId")
    version = expansion.add(
        owner,
        f"{owner.logical_id}Version",
        "AWS::StepFunctions::StateMachineVersion",
        {"StateMachineArn": machine, "StateMachineRevisionId": revision},
        at,
    )
    given = entry(owner.properties, "DeploymentPreference")
    preference = dict(given.entries) if isinstance(given, Map) else {"Type": "ALL_AT_ONCE"}
    arn = Reference(version.id, "Ref", at)
    alias = expansion.add(
        owner,
        f"{owner.logical_id}Alias{name}",
        "AWS::StepFunctions::StateMachineAlias",
        {"Name": name, "DeploymentPreference": {**preference, "StateMachineVersionArn": arn}},
        at,
    )
    if is_true(entry(owner.properties, "UseAliasAsEventTarget")):
        return Reference(alias.id, "Ref", at)
    return machine


def _schedule(expansion: Expansion, event: Event, target: Reference) -> None:
    role = event.get("RoleArn")
    if role is None:
        role = _event_role(expansion, event, target, "events.amazonaws.com")
    aim = _aim(event, target, role)
    add_rule(expansion, event, schedule_settings(event), aim)


def _pattern(expansion: Expansion, event: Event, target: Reference) -> None:
    role = _event_role(expansion, event, target, "events.amazonaws.com")
    add_rule(expansion, event, pattern_settings(event), _aim(event, target, role))


def _aim(event: Event, target: Reference, role: Value) -> dict[str, Plain]:
    return {"Arn": target, "Id": target_id(event, "StepFunctionsTarget"), "RoleArn": role}


def _schedule_v2(expansion: Expansion, event: Event, target: Reference) -> None:
    add_schedule(expansion, event, target, ("states:StartExecution", "StartExecutionPolicy"))


def _event_role(expansion: Expansion, event: Event, target: Reference, service: str) -> Value:
    """Add the role by which a service starts the state machine."""
    at = event.at
    logical_id = f"{event.logical_id}Role"
    document = allow(at, ("states:StartExecution", target))
    settings = {
        "AssumeRolePolicyDocument": trust(service, at),
        "Policies": [policy(f"{logical_id}StartExecutionPolicy", document, "implied", at)],
        "PermissionsBoundary": _boundary(event),
    }
    expansion.add(event.owner, logical_id, "AWS::IAM::Role", settings, at)
    return expansion.refer(logical_id, at, "Arn")


def _boundary(event: Event) -> Value | None:
    given = entry(event.owner.properties, "PermissionsBoundary")
    return None if is_empty(given) else given


def _api(expansion: Expansion, event: Event, target: Reference) -> None:
    role = _event_role(expansion, event, target, "apigateway.amazonaws.com")
    route = route_of(expansion, event)
    draft, _ = api_of_event(expansion, event, "RestApiId")
    if route is None or draft is None:
        return
    draft.conditions.append(event.owner.condition)
    if not draft.managed:
        return
    uri = "arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution"
    integration: dict[str, Plain] = {
        "type": "aws",
        "httpMethod": "POST",
        "uri": substitute(uri, event.at),
        "responses": {"200": {"statusCode": "200"}, "400": {"statusCode": "400"}},
        "credentials": role,
        "requestTemplates": {"application/json": _template(event, target)},
    }
    definition: dict[str, Plain] = {
        "x-amazon-apigateway-integration": integration,
        "responses": {"200": {"description": "OK"}, "400": {"description": "Bad Request"}},
    }
    draft.operations.append(rest_method(event, draft, *route, definition))


def _template(event: Event, target: Reference) -> Value:
    escaped = "$util.escapeJavaScript($input.json('$'))"
    if is_true(event.get("UnescapeMappingTemplate")):
        escaped += '.replaceAll("\\\\\'","\'")'
    start = f'{{"input": "{escaped}", "stateMachineArn": "'
    return substitute(start + '${Machine}"}', event.at, {"Machine": target})


_EVENTS: Mapping[str, _Expander] = {
    "Schedule": _schedule,
    "ScheduleV2": _schedule_v2,
    "CloudWatchEvent": _pattern,
    "EventBridgeRule": _pattern,
    "Api": _api,
}
