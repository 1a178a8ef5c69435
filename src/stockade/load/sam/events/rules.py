"""Schedules and rules of EventBridge that invoke a function or start a state machine.

Follows the pages of the event types Schedule, ScheduleV2, CloudWatchEvent and EventBridgeRule.
"""

from stockade.load.building import Plain, entry, is_false, is_true, only, text
from stockade.load.sam.events.permission import permit
from stockade.load.sam.events.target import Event, Target
from stockade.load.sam.expansion import Expansion
from stockade.load.sam.policies import allow, trust
from stockade.load.sam.role import RoleDraft, policy
from stockade.model import Value

_LONGEST_TARGET_ID = 64


def schedule(expansion: Expansion, event: Event, target: Target, role: RoleDraft) -> None:
    """Add the rule that invokes the function at certain times."""
    del role
    aim = {"Arn": target.arn, "Id": target_id(event, "LambdaTarget")}
    add_rule(expansion, event, schedule_settings(event), aim)
    _permit_rule(expansion, event, target)


def event_rule(expansion: Expansion, event: Event, target: Target, role: RoleDraft) -> None:
    """Add the rule that invokes the function for events of a pattern."""
    del role
    aim = {"Arn": target.arn, "Id": target_id(event, "LambdaTarget")}
    add_rule(expansion, event, pattern_settings(event), aim)
    _permit_rule(expansion, event, target)


def _permit_rule(expansion: Expansion, event: Event, target: Target) -> None:
    source = expansion.refer(event.logical_id, event.at, "Arn")
    permit(expansion, event, target, "events.amazonaws.com", SourceArn=source)


def schedule_settings(event: Event) -> dict[str, Plain]:
    """Return what an `AWS::Events::Rule` says of a Schedule event, but for its target."""
    return {
        "ScheduleExpression": event.get("Schedule"),
        **only(event.properties, "Name", "Description"),
        "State": _state(event),
    }


def pattern_settings(event: Event) -> dict[str, Plain]:
    """Return what an `AWS::Events::Rule` says of an event with a pattern, but for its target."""
    return {
        "EventBusName": event.get("EventBusName"),
        "EventPattern": event.get("Pattern"),
        "Name": event.get("RuleName"),
        "State": _state(event),
    }


def _state(event: Event) -> Plain:
    enabled = event.get("Enabled")
    if is_false(enabled):
        return "DISABLED"
    if is_true(enabled):
        return "ENABLED"
    return event.get("State") or enabled


def target_id(event: Event, suffix: str) -> Plain:
    """Return the id of the rule's target: the author's, or the one that SAM makes."""
    given = entry(event.get("Target"), "Id")
    if given is not None:
        return given
    return event.logical_id[: _LONGEST_TARGET_ID - len(suffix)] + suffix


def add_rule(
    expansion: Expansion, event: Event, settings: dict[str, Plain], aim: dict[str, Plain]
) -> None:
    """Add the rule, and the queue for events that cannot be delivered."""
    settings["Targets"] = [
        {
            **aim,
            **only(event.properties, "Input", "InputPath"),
            "DeadLetterConfig": dead_letters(expansion, event, admit=True),
            **only(event.properties, "RetryPolicy", "InputTransformer"),
        }
    ]
    expansion.add(event.owner, event.logical_id, "AWS::Events::Rule", settings, event.at)


def dead_letters(expansion: Expansion, event: Event, *, admit: bool) -> Plain:
    """Return the target's `DeadLetterConfig`; make its queue if the author names none.

    `admit` adds the policy that lets the rule send to the queue that was made.
    """
    config = event.get("DeadLetterConfig")
    if config is None:
        return None
    arn = entry(config, "Arn")
    if arn is None:
        arn = _make_queue(expansion, event, config, admit=admit)
    return {"Arn": arn}


def _make_queue(expansion: Expansion, event: Event, config: Value, *, admit: bool) -> Value:
    at = event.key_at("DeadLetterConfig")
    logical_id = text(entry(config, "QueueLogicalId")) or f"{event.logical_id}Queue"
    expansion.add(event.owner, logical_id, "AWS::SQS::Queue", {}, at)
    arn = expansion.refer(logical_id, at, "Arn")
    if admit:
        rule = expansion.refer(event.logical_id, at, "Arn")
        statement: Plain = {
            "Effect": "Allow",
            "Action": "sqs:SendMessage",
            "Principal": {"Service": "events.amazonaws.com"},
            "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": rule}},
        }
        made: dict[str, Plain] = {
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
            "Queues": [expansion.refer(logical_id, at)],
        }
        name = f"{event.logical_id}QueuePolicy"
        expansion.add(event.owner, name, "AWS::SQS::QueuePolicy", made, at)
    return arn


def schedule_v2(expansion: Expansion, event: Event, target: Target, role: RoleDraft) -> None:
    """Add the schedule of EventBridge Scheduler that invokes the function."""
    del role
    add_schedule(expansion, event, target.arn, ("lambda:InvokeFunction", "LambdaPolicy"))


def add_schedule(expansion: Expansion, event: Event, target: Value, use: tuple[str, str]) -> None:
    """Add a schedule and the role by which it uses `target`.

    `use` is the action that the role may do, and the suffix of its policy's name.
    """
    queue = dead_letters(expansion, event, admit=False)
    role = event.get("RoleArn") or _scheduler_role(expansion, event, target, use, queue)
    omitted = is_true(event.get("OmitName"))
    settings: dict[str, Plain] = {
        "ScheduleExpression": event.get("ScheduleExpression"),
        "State": event.get("State"),
        "Name": None if omitted else event.get("Name") or event.logical_id,
        "FlexibleTimeWindow": event.get("FlexibleTimeWindow") or {"Mode": "OFF"},
        **only(event.properties, "Description", "StartDate", "EndDate"),
        **only(event.properties, "ScheduleExpressionTimezone", "GroupName", "KmsKeyArn"),
        "Target": {
            "Arn": target,
            "RoleArn": role,
            **only(event.properties, "Input"),
            "DeadLetterConfig": queue,
            **only(event.properties, "RetryPolicy"),
        },
    }
    expansion.add(event.owner, event.logical_id, "AWS::Scheduler::Schedule", settings, event.at)


def _scheduler_role(
    expansion: Expansion, event: Event, target: Value, use: tuple[str, str], queue: Plain
) -> Value:
    action, suffix = use
    at = event.at
    policies = [policy(event.logical_id + suffix, allow(at, (action, target)), "implied", at)]
    if isinstance(queue, dict):
        document = allow(at, ("sqs:SendMessage", queue["Arn"]))
        policies.append(policy(f"{event.logical_id}SQSPolicy", document, "implied", at))
    made = {
        "AssumeRolePolicyDocument": trust("scheduler.amazonaws.com", at),
        "Policies": policies,
        "PermissionsBoundary": event.get("PermissionsBoundary"),
    }
    logical_id = f"{event.logical_id}Role"
    expansion.add(event.owner, logical_id, "AWS::IAM::Role", made, at)
    return expansion.refer(logical_id, at, "Arn")
