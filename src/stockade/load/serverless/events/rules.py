"""Events of EventBridge and its schedules: `schedule`, `eventBridge`, `cloudwatchEvent`.

Serverless: "Schedule", "EventBridge", "CloudWatch Event".
"""

from stockade.load.building import Plain, entry, items_of
from stockade.load.serverless.naming import alphanumeric, normalized, upper_first
from stockade.load.serverless.permissions import allow, permission
from stockade.load.serverless.service import Event, FunctionDraft, Service, get_att
from stockade.load.serverless.texts import as_json
from stockade.model import Map, Value

_COUNT = "rules.schedules"


def schedule(service: Service, function: FunctionDraft, event: Event) -> None:
    """Add a rule or a schedule for each of the event's rates."""
    rates = list(items_of(entry(event.value, "rate") or event.value))
    is_scheduler = service.text(event.get("method")) == "scheduler"
    for rate in rates:
        number = _next(service, function)
        if is_scheduler:
            _add_schedule(service, function, event, rate, number)
        else:
            logical_id = f"{normalized(function.key)}EventsRuleSchedule{number}"
            _add_rule(
                service,
                function,
                event,
                logical_id,
                {"ScheduleExpression": rate, "Name": event.get("name")},
            )
            permission(
                service,
                f"{normalized(function.key)}LambdaPermissionEventsRuleSchedule{number}",
                function,
                "events",
                get_att(logical_id),
                event.at,
            )


def _next(service: Service, function: FunctionDraft) -> int:
    counts = service.shared.setdefault(_COUNT, {})
    if not isinstance(counts, dict):
        return 1
    counts[function.key] = counts.get(function.key, 0) + 1
    return int(counts[function.key])


def _add_schedule(
    service: Service, function: FunctionDraft, event: Event, rate: Value, number: int
) -> None:
    """Add a schedule of EventBridge Scheduler, which invokes with the function's own role."""
    service.shared["rules.scheduled"] = True
    arn = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${Name}"
    arns: list[Plain] = [
        {"Fn::Sub": [f"{arn}{end}", {"Name": function.name}]} for end in ("", ":*")
    ]
    function.needs.append(allow(["lambda:InvokeFunction"], arns, event.at))
    resource = service.resources.get(function.logical_id)
    role = entry(entry(resource, "Properties"), "Role")
    given = event.get("input")
    service.add(
        f"{normalized(function.key)}SchedulerSchedule{number}",
        "AWS::Scheduler::Schedule",
        {
            "ScheduleExpression": rate,
            "State": _state(service, event),
            "Target": {
                "Arn": get_att(function.logical_id),
                "RoleArn": event.get("roleArn") or role,
                "Input": as_json(given) if given is not None else None,
            },
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Name": event.get("name"),
            "ScheduleExpressionTimezone": event.get("timezone"),
        },
        event.at,
        f"functions.{function.key} schedule",
    )


def event_bridge(service: Service, function: FunctionDraft, event: Event) -> None:
    """Add a rule on an event bus, and the bus where it is named and not there yet."""
    bus = event.get("eventBus")
    name = service.text(bus)
    if bus is not None and name is not None and not name.startswith("arn") and name != "default":
        own = f"{normalized(name)}EventBridgeEventBus"
        service.add(own, "AWS::Events::EventBus", {"Name": bus}, event.at, "eventBridge eventBus")
    prefix = alphanumeric(service.text(function.name) or function.key)
    logical_id = f"{prefix}rule{event.number}EventBridgeRule"
    properties: dict[str, Plain] = {
        "EventPattern": event.get("pattern"),
        "ScheduleExpression": event.get("schedule"),
        "EventBusName": None if name == "default" else bus,
        "Name": event.get("name"),
    }
    _add_rule(service, function, event, logical_id, properties)
    permission(
        service,
        f"{normalized(function.key)}EventBridgeLambdaPermission{event.number}",
        function,
        "events",
        get_att(logical_id),
        event.at,
    )


def cloudwatch_event(service: Service, function: FunctionDraft, event: Event) -> None:
    """Add a rule on the default event bus."""
    number = event.of_type
    logical_id = f"{normalized(function.key)}EventsRuleCloudWatchEvent{number}"
    properties: dict[str, Plain] = {
        "EventPattern": event.get("event"),
        "Name": event.get("name"),
    }
    _add_rule(service, function, event, logical_id, properties)
    permission(
        service,
        f"{normalized(function.key)}LambdaPermissionEventsRuleCloudWatchEvent{number}",
        function,
        "events",
        get_att(logical_id),
        event.at,
    )


def _add_rule(
    service: Service,
    function: FunctionDraft,
    event: Event,
    logical_id: str,
    properties: "dict[str, Plain]",
) -> None:
    given = event.get("input")
    transformer = event.get("inputTransformer")
    retries = event.get("retryPolicy")
    dead_letters = event.get("deadLetterQueueArn")
    target: dict[str, Plain] = {
        "Arn": get_att(function.logical_id),
        "Id": f"{function.key}Target",
        "Input": as_json(given) if given is not None else None,
        "InputPath": event.get("inputPath"),
        "InputTransformer": _upper(transformer),
        "DeadLetterConfig": {"Arn": dead_letters} if dead_letters is not None else None,
    }
    if retries is not None:
        target["RetryPolicy"] = {
            "MaximumEventAgeInSeconds": entry(retries, "maximumEventAge"),
            "MaximumRetryAttempts": entry(retries, "maximumRetryAttempts"),
        }
    service.add(
        logical_id,
        "AWS::Events::Rule",
        {**properties, "State": _state(service, event), "Targets": [target]},
        event.at,
        f"functions.{function.key} {event.type}",
    )


def _upper(value: Value | None) -> "Plain":
    if not isinstance(value, Map):
        return value
    entries = {upper_first(key): item for key, item in value}
    return Map(entries, value.at, {})


def _state(service: Service, event: Event) -> str:
    return "DISABLED" if service.text(event.get("enabled")) == "false" else "ENABLED"
