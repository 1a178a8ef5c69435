"""Where what a function sends arrives: through the triggers of the application, one by one."""

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from stockade.analysis.across.triggers import Trigger, arriving
from stockade.analysis.exposure.senders import is_direct, passing
from stockade.analysis.interpreter.documents import Document, carries
from stockade.analysis.interpreter.journal import Sent
from stockade.analysis.interpreter.sends import BUSES
from stockade.model import (
    DEFAULT_BUS,
    Application,
    Delivery,
    Names,
    ResourceId,
    Step,
    expression,
)
from stockade.model.naming import FUNCTION
from stockade.model.record import record

MOST_DELIVERIES: Final = 6
"""Resources in a row that pass on what a function sends, without a function between."""

FunctionId: TypeAlias = ResourceId


@record(eq=False)
class Arrival:
    """What one call of one function puts into the event of another, or into a store.

    `document` is in the words of that event, or of the store. `steps` begin with the call and
    end with the trigger.
    """

    sender: FunctionId
    sent: Sent
    resource: ResourceId
    """What the call sends to."""
    document: Document
    steps: tuple[Step, ...]


class Arrivals:
    """Everything that arrives from functions of one application, by event source and by store."""

    def __init__(self, app: Application, sent: Mapping[FunctionId, tuple[Sent, ...]]) -> None:
        self._app = app
        self._names = Names(app.resources)
        self._leaving: dict[ResourceId, list[Trigger]] = {}
        self._through: dict[str, list[Arrival]] = {}
        self._stored: dict[ResourceId, list[Arrival]] = {}
        if not any(sent.values()):
            return
        triggers: tuple[Trigger, ...] = (*app.event_sources, *app.deliveries)
        for trigger in triggers:
            if trigger.resource is not None:
                self._leaving.setdefault(trigger.resource, []).append(trigger)
        for function, things in sent.items():
            for one in things:
                for resource in self._targets(one):
                    self._send(function, one, resource)

    def __bool__(self) -> bool:
        return bool(self._through or self._stored)

    def through(self, source: str) -> tuple[Arrival, ...]:
        """Return what arrives through an event source, by its id."""
        return tuple(self._through.get(source, ()))

    def stored_in(self, resource: ResourceId) -> tuple[Arrival, ...]:
        """Return what functions put into a store."""
        return tuple(self._stored.get(resource, ()))

    def invoked(self) -> Iterator[FunctionId]:
        """Yield the functions that are given an event which none of their event sources sends."""
        for source in self._through:
            if source.startswith(_INVOKED):
                yield source.removeprefix(_INVOKED)

    def _targets(self, sent: Sent) -> tuple[ResourceId, ...]:
        if sent.types == BUSES and (sent.target is None or _is_default(sent)):
            return (DEFAULT_BUS,)
        return self._names.find_all(sent.target, *sent.types)

    def _send(self, function: FunctionId, sent: Sent, resource: ResourceId) -> None:
        target = self._app.resources.get(resource)
        name = target.logical_id if target is not None else "the default event bus"
        calls = sent.site.file.at(*sent.site.span)
        steps = (Step(calls, sent.says.format(name)),)
        first = Arrival(function, sent, resource, sent.document, steps)
        if target is not None and target.type == FUNCTION:
            self._invoke(first)
            return
        self._stored.setdefault(resource, []).append(first)
        waiting = deque([(resource, first, 0)])
        while waiting:
            at, arrival, passed = waiting.popleft()
            for trigger in self._leaving.get(at, ()):
                for document in arriving(trigger, arrival.document, self._receiver(trigger)):
                    if not carries(document):
                        continue
                    told = (*arrival.steps, Step(trigger.at, passing(self._app, trigger)))
                    further = Arrival(function, sent, resource, document, told)
                    if not isinstance(trigger, Delivery):
                        self._through.setdefault(trigger.id, []).append(further)
                    elif passed < MOST_DELIVERIES:
                        self._stored.setdefault(trigger.target, []).append(further)
                        waiting.append((trigger.target, further, passed + 1))

    def _invoke(self, arrival: Arrival) -> None:
        sources = [one for one in self._app.event_sources_of(arrival.resource) if is_direct(one)]
        source = sources[0].id if sources else invoked_source(arrival.resource)
        self._through.setdefault(source, []).append(arrival)

    def _receiver(self, trigger: Trigger) -> str:
        if not isinstance(trigger, Delivery):
            return FUNCTION
        declared = self._app.resources.get(trigger.target)
        return DEFAULT_BUS if declared is None else declared.type


_INVOKED: Final = "invoked by name: "
"""Begins the id of the event source that stands for calls of a function that has others."""


def invoked_source(function: FunctionId) -> str:
    """Return the id of the event source through which functions invoke another by name."""
    return f"{_INVOKED}{function}"


def _is_default(sent: Sent) -> bool:
    return sent.target is not None and expression(sent.target) == "default"
