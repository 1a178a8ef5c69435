"""The events of a function: what invokes it, and what lets it do so.

Follows "EventSource" of AWS::Serverless::Function and the pages of the event types. Every
event makes resources that stand at the event's line. What expands it is imported when the first
event of its kind is met.
"""
# ruff: noqa: PLC0415 - the imports stand where they are needed, see above

from collections.abc import Callable, Iterator
from functools import cache
from typing import TypeAlias

from stockade.load.building import condition_name, entry, guarded_items, text
from stockade.load.sam.events.target import Event, Target
from stockade.load.sam.expansion import Expansion
from stockade.load.sam.role import RoleDraft
from stockade.model import Map, Resource
from stockade.model.record import replace

Expander: TypeAlias = Callable[[Expansion, Event, Target, RoleDraft], None]


def expand_events(expansion: Expansion, owner: Resource, target: Target, role: RoleDraft) -> None:
    """Expand every event of the function `owner`; `role` gets what its events imply."""
    for event in sorted(events_of(expansion, owner), key=_order):
        expander = _expander_of(event.type)
        if expander is None:
            expansion.miss(event.at, f"is an event whose type is not known: {event.type}")
        else:
            expander(expansion, event, target, role)


def events_of(expansion: Expansion, owner: Resource) -> Iterator[Event]:
    """Yield the events of a function or state machine, in every branch of each choice."""
    for outer, events in guarded_items(entry(owner.properties, "Events")):
        if not isinstance(events, Map):
            expansion.miss(events.at, "holds events that cannot be read")
            continue
        for name, written in events:
            for inner, given in guarded_items(written, outer):
                under = replace(owner, condition=condition_name(inner, owner.condition))
                kind = text(entry(given, "Type"))
                if not isinstance(given, Map) or kind is None:
                    expansion.miss(events.key_at(name), "is an event without a known type")
                    continue
                properties = entry(given, "Properties")
                if not isinstance(properties, Map):
                    properties = Map({}, given.at, {})
                yield Event(under, name, kind, properties, events.key_at(name))


@cache
def _expander_of(kind: str) -> Expander | None:
    match kind:
        case "Api":
            from stockade.load.sam.events.rest_api import rest_api

            return rest_api
        case "HttpApi":
            from stockade.load.sam.events.http_api import http_api

            return http_api
        case "Schedule" | "ScheduleV2" | "CloudWatchEvent" | "EventBridgeRule":
            from stockade.load.sam.events import rules

            return {"Schedule": rules.schedule, "ScheduleV2": rules.schedule_v2}.get(
                kind, rules.event_rule
            )
        case "S3" | "SNS" | "CloudWatchLogs" | "IoTRule" | "AlexaSkill" | "Cognito":
            from stockade.load.sam.events import push

            return {
                "S3": push.s3,
                "SNS": push.sns,
                "CloudWatchLogs": push.logs,
                "IoTRule": push.iot_rule,
                "AlexaSkill": push.alexa,
                "Cognito": push.cognito,
            }[kind]
        case _:
            from stockade.load.sam.events.poll import POLLED, poll

            return poll if kind in POLLED else None


def _order(event: Event) -> str:
    """Order events by path: `$default` comes first and makes other permissions needless."""
    return text(event.get("Path")) or event.name
