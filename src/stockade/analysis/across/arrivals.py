"""Where what a function sends arrives: through the triggers of the application, one by one."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from stockade.analysis.across.machines import Passed, machines_of
from stockade.analysis.across.triggers import Trigger, arriving
from stockade.analysis.exposure.senders import is_direct, passing
from stockade.analysis.interpreter.documents import Document, carries, under
from stockade.analysis.interpreter.journal import Sent
from stockade.analysis.interpreter.sends import BUSES
from stockade.model import (
    DEFAULT_BUS,
    Application,
    Delivery,
    EventSourceType,
    Location,
    Names,
    ResourceId,
    Step,
    expression,
)
from stockade.model.naming import FUNCTION
from stockade.model.record import record, replace

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

    def __init__(
        self,
        app: Application,
        sent: Mapping[FunctionId, tuple[Sent, ...]],
        answers: Mapping[FunctionId, tuple[Sent, ...]],
    ) -> None:
        self._app = app
        self._names = Names(app.resources)
        self._machines = machines_of(app)
        self._leaving: dict[ResourceId, list[Trigger]] = {}
        self._through: dict[str, list[Arrival]] = {}
        self._stored: dict[ResourceId, list[Arrival]] = {}
        if not any(sent.values()) and not any(answers.values()):
            return
        triggers: tuple[Trigger, ...] = (*app.event_sources, *app.deliveries)
        for trigger in triggers:
            if trigger.resource is not None:
                self._leaving.setdefault(trigger.resource, []).append(trigger)
        for function, things in sent.items():
            for one in things:
                for resource in self._targets(one):
                    self._send(function, one, resource)
        for function, things in answers.items():
            for one in things:
                self._answer(function, one)

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
        steps = (Step(_place(sent), sent.says.format(name)),)
        first = Arrival(function, sent, resource, sent.document, steps)
        if target is not None and target.type == FUNCTION:
            self._invoke(first)
            return
        self._stored.setdefault(resource, []).append(first)
        self._deliver([(resource, first)])

    def _answer(self, function: FunctionId, sent: Sent) -> None:
        """Hand on what a handler gives back, to its state machines and its destinations."""
        steps = (Step(_place(sent), sent.says),)
        first = Arrival(function, sent, function, sent.document, steps)
        for source in self._app.event_sources_of(function):
            machine = source.resource
            if source.type is EventSourceType.STEP_FUNCTIONS and machine is not None:
                passed = self._machines.answered(machine, function, sent.document)
                handed_on = self._handed_on(machine, first, passed, answered=True)
                self._deliver(list(handed_on))
        answer = under(("responsePayload",), sent.document)
        self._deliver([(function, Arrival(function, sent, function, answer, steps))])

    def _deliver(self, beginning: list[tuple[ResourceId, Arrival]]) -> None:
        """Follow what lies in resources through everything that they trigger."""
        waiting = deque((at, arrival, 0) for at, arrival in beginning)
        while waiting:
            at, arrival, passed = waiting.popleft()
            for receiver, further in self._leaves(at, arrival):
                if passed < MOST_DELIVERIES:
                    self._stored.setdefault(receiver, []).append(further)
                    waiting.append((receiver, further, passed + 1))

    def _leaves(self, at: ResourceId, arrival: Arrival) -> Iterator[tuple[ResourceId, Arrival]]:
        """Note what arrives in functions, and yield what arrives in other resources."""
        if self._machines.is_read(at):
            passed = self._machines.started(at, arrival.document)
            yield from self._handed_on(at, arrival, passed)
            return
        for trigger in self._leaving.get(at, ()):
            for document in arriving(trigger, arrival.document, self._receiver(trigger)):
                if carries(document):
                    step = Step(trigger.at, passing(self._app, trigger))
                    further = _further(arrival, document, step)
                    if isinstance(trigger, Delivery):
                        yield trigger.target, further
                    else:
                        self._through.setdefault(trigger.id, []).append(further)

    def _handed_on(
        self,
        machine: ResourceId,
        arrival: Arrival,
        passed: Iterable[Passed],
        *,
        answered: bool = False,
    ) -> Iterator[tuple[ResourceId, Arrival]]:
        """Note what a state machine passes to functions, and yield what to other resources."""
        for one in passed:
            if not carries(one.document):
                continue
            target = self._app.resources.get(one.target)
            name = target.logical_id if target is not None else one.target
            step = Step(one.at, f"the state machine passes it to {name}")
            further = _further(arrival, one.document, step)
            if one.target not in self._app.functions:
                yield one.target, further
            for source in self._app.event_sources_of(one.target):
                if source.type is EventSourceType.STEP_FUNCTIONS and source.resource == machine:
                    name = answered_source(source.id) if answered else source.id
                    self._through.setdefault(name, []).append(further)

    def _invoke(self, arrival: Arrival) -> None:
        sources = [one for one in self._app.event_sources_of(arrival.resource) if is_direct(one)]
        source = sources[0].id if sources else invoked_source(arrival.resource)
        self._through.setdefault(source, []).append(arrival)

    def _receiver(self, trigger: Trigger) -> str:
        if not isinstance(trigger, Delivery):
            return FUNCTION
        declared = self._app.resources.get(trigger.target)
        return DEFAULT_BUS if declared is None else declared.type


def _place(sent: Sent) -> Location:
    return sent.site.file.at(*sent.site.span)


def _further(arrival: Arrival, document: Document, step: Step) -> Arrival:
    return replace(arrival, document=document, steps=(*arrival.steps, step))


_INVOKED: Final = "invoked by name: "
"""Begins the id of the event source that stands for calls of a function that has others."""


def answered_source(source: str) -> str:
    """Return the id that stands for what earlier tasks of a state machine gave, at a later one."""
    return f"{source}, from the tasks before it"


def invoked_source(function: FunctionId) -> str:
    """Return the id of the event source through which functions invoke another by name."""
    return f"{_INVOKED}{function}"


def _is_default(sent: Sent) -> bool:
    return sent.target is not None and expression(sent.target) == "default"
