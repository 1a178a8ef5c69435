"""What EventBridge starts: rules on a bus, rules on a schedule, and schedules.

Follows AWS::Events::Rule and AWS::Scheduler::Schedule in the CloudFormation template reference.
"""

from collections.abc import Iterator

from stockade.load.cloudformation.trigger import Declared, Trigger, merged
from stockade.model import DEFAULT_BUS, EventSourceType, Map, expression, inside

_BUS = "AWS::Events::EventBus"


def event_rules(declared: Declared) -> Iterator[Trigger]:
    """Yield each target of each rule, once for its pattern and once for its schedule.

    `detail` holds the rule's pattern or schedule and the target's input settings.
    """
    for rule in declared.of_type("AWS::Events::Rule"):
        properties = rule.properties
        for target in inside(properties, "Targets", "[]"):
            if not isinstance(target, Map):
                continue
            for wanted, kind in (
                ("EventPattern", EventSourceType.EVENT_BUS),
                ("ScheduleExpression", EventSourceType.SCHEDULE),
            ):
                if wanted in properties:
                    yield Trigger(
                        type=kind,
                        at=rule.at,
                        target=target.get("Arn"),
                        resource=_bus(declared, properties)
                        if kind is EventSourceType.EVENT_BUS
                        else rule.id,
                        source=properties.get("EventBusName"),
                        detail=merged(
                            target.at, merged(rule.at, properties, only=[wanted]), target
                        ),
                    )


def _bus(declared: Declared, rule: Map) -> str | None:
    """Return the rule's bus; None for one that the application does not declare."""
    name = rule.get("EventBusName")
    if name is None or expression(name) == "default":
        return DEFAULT_BUS
    return declared.names.find(name, _BUS)


def schedules(declared: Declared) -> Iterator[Trigger]:
    """Yield each schedule's target. A universal target names its function in the input."""
    for schedule in declared.of_type("AWS::Scheduler::Schedule"):
        properties = schedule.properties
        for target in inside(properties, "Target"):
            if not isinstance(target, Map):
                continue
            arn = target.get("Arn")
            universal = arn is not None and ":aws-sdk:" in expression(arn)
            yield Trigger(
                type=EventSourceType.SCHEDULE,
                at=schedule.at,
                target=target.get("Input") if universal else arn,
                resource=schedule.id,
                detail=merged(
                    target.at,
                    merged(schedule.at, properties, only=["ScheduleExpression"]),
                    target,
                ),
            )
