"""The events of a function: what invokes it, and what lets it do so.

Follows "EventSource" of AWS::Serverless::Function and the pages of the event types. Every
event makes resources that stand at the event's line.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from stockade.load.building import condition_name, entry, guarded_items, text
from stockade.load.sam.events.http_api import http_api
from stockade.load.sam.events.poll import POLLED, poll
from stockade.load.sam.events.push import alexa, cognito, iot_rule, logs, s3, sns
from stockade.load.sam.events.rest_api import rest_api
from stockade.load.sam.events.rules import event_rule, schedule, schedule_v2
from stockade.load.sam.events.target import Event, Target
from stockade.load.sam.expansion import Expansion
from stockade.load.sam.role import RoleDraft
from stockade.model import Map, Resource
from stockade.model.record import replace

Expander: TypeAlias = Callable[[Expansion, Event, Target, RoleDraft], None]

_EXPANDERS: Mapping[str, Expander] = {
    "Api": rest_api,
    "HttpApi": http_api,
    "S3": s3,
    "SNS": sns,
    "Schedule": schedule,
    "ScheduleV2": schedule_v2,
    "CloudWatchEvent": event_rule,
    "EventBridgeRule": event_rule,
    "CloudWatchLogs": logs,
    "IoTRule": iot_rule,
    "AlexaSkill": alexa,
    "Cognito": cognito,
    **dict.fromkeys(POLLED, poll),
}


def expand_events(expansion: Expansion, owner: Resource, target: Target, role: RoleDraft) -> None:
    """Expand every event of the function `owner`; `role` gets what its events imply."""
    for event in sorted(events_of(expansion, owner), key=_order):
        expander = _EXPANDERS.get(event.type)
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


def _order(event: Event) -> str:
    """Order events by path: `$default` comes first and makes other permissions needless."""
    return text(event.get("Path")) or event.name
