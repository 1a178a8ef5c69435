"""Where what a function sends arrives: through the triggers of the application, one by one."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
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
    EventSource,
    Location,
    Names,
    ResourceId,
    Step,
    expression,
)
from stockade.model.record import record, replace

MOST_ARRIVALS: Final = 128
"""Things that arrive through one event source, or lie in one store; of more the first count."""
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
    """Everything that arrives from functions of one application, worked out when it is asked."""

    def __init__(
        self,
        app: Application,
        sent: Mapping[FunctionId, tuple[Sent, ...]],
        answers: Mapping[FunctionId, tuple[Sent, ...]],
    ) -> None:
        self._app = app
        self._names = Names(app.resources)
        self._machines = machines_of(app)
        self._sent: dict[ResourceId, list[Arrival]] = {}
        self._answers = {name: things for name, things in answers.items() if things}
        self._triggers: dict[str, Trigger] = {}
        self._delivering: dict[ResourceId, list[Delivery]] = {}
        self._writing: dict[ResourceId, list[ResourceId]] = {}
        self._inboxes: dict[ResourceId, tuple[Arrival, ...]] = {}
        self._known: dict[str, _Drawn] = {}
        self._asked: list[ResourceId] = []
        for function, things in sent.items():
            for one in things:
                for resource in self._targets(one):
                    self._send(function, one, resource)
        if self:
            self._triggers.update((one.id, one) for one in app.event_sources)
            for delivery in app.deliveries:
                self._delivering.setdefault(delivery.target, []).append(delivery)
            for machine in app.of_type("AWS::StepFunctions::StateMachine"):
                for resource in self._machines.resources(machine.id):
                    self._writing.setdefault(resource, []).append(machine.id)

    def __bool__(self) -> bool:
        return bool(self._sent or self._answers)

    def through(self, source: str) -> Iterable[Arrival]:
        """Return what arrives through an event source, by its id."""
        known = self._known.get(source)
        if known is None:
            known = self._known[source] = _Drawn(islice(self._through(source), MOST_ARRIVALS))
        return known

    def stored_in(self, resource: ResourceId) -> tuple[Arrival, ...]:
        """Return what functions put into a store, or what is delivered there of it."""
        known = self._inboxes.get(resource)
        if known is not None:
            return known
        if resource in self._asked or len(self._asked) >= MOST_DELIVERIES:
            return ()  # Resources that pass on to each other in a circle.
        self._asked.append(resource)
        found = tuple(islice(self._inbox(resource), MOST_ARRIVALS))
        self._asked.pop()
        if not self._asked:
            self._inboxes[resource] = found
        return found

    def invoked(self) -> Iterator[FunctionId]:
        """Yield the functions that are given an event which none of their event sources sends."""
        for resource in self._sent:
            if resource in self._app.functions and self._direct(resource) is None:
                yield resource

    # --- what is sent --------------------------------------------------------------------

    def _targets(self, sent: Sent) -> tuple[ResourceId, ...]:
        if sent.types == BUSES and (sent.target is None or _is_default(sent)):
            return (DEFAULT_BUS,)
        return self._names.find_all(sent.target, *sent.types)

    def _send(self, function: FunctionId, sent: Sent, resource: ResourceId) -> None:
        target = self._app.resources.get(resource)
        name = target.name if target is not None else "the default event bus"
        steps = (Step(_place(sent), sent.says.format(name)),)
        arrival = Arrival(function, sent, resource, sent.document, steps)
        self._sent.setdefault(resource, []).append(arrival)

    def _answered(self, function: FunctionId) -> Iterator[Arrival]:
        """Yield what a function gives back, as where it gives it back holds it."""
        for sent in self._answers.get(function, ()):
            steps = (Step(_place(sent), sent.says),)
            yield Arrival(function, sent, function, sent.document, steps)

    # --- where it goes -------------------------------------------------------------------

    def _through(self, source: str) -> Iterator[Arrival]:
        invoked = invoked_function(source)
        if invoked is not None:
            yield from self._sent.get(invoked, ())
            return
        trigger = self._triggers.get(source.removesuffix(_ANSWERED))
        if not isinstance(trigger, EventSource):
            return
        if source.endswith(_ANSWERED):
            yield from self._from_tasks(trigger)
        elif is_direct(trigger):
            yield from self._sent.get(trigger.function, ())
        else:
            yield from self._passed(trigger, trigger.function)

    def _inbox(self, resource: ResourceId) -> Iterator[Arrival]:
        yield from self._sent.get(resource, ())
        for delivery in self._delivering.get(resource, ()):
            if not self._machines.is_read(delivery.resource or ""):
                yield from self._passed(delivery, resource)
        for machine in self._writing.get(resource, ()):
            yield from self._started(machine, resource)
            yield from self._of_tasks(machine, resource)

    def _passed(self, trigger: Trigger, receiver: ResourceId) -> Iterator[Arrival]:
        """Yield what a trigger passes on to a receiver of what lies in its resource."""
        origin = trigger.resource
        if origin is None:
            return
        if self._machines.is_read(origin):
            yield from self._started(origin, receiver)
            return
        for arrival in self._lying(origin):
            for document in arriving(trigger, arrival.document, self._type(receiver)):
                if carries(document):
                    step = Step(trigger.at, passing(self._app, trigger))
                    yield _further(arrival, document, step)

    def _lying(self, origin: ResourceId) -> Iterator[Arrival]:
        """Yield what lies in a resource; of a function, what it answers to its destinations."""
        if origin not in self._app.functions:
            yield from self.stored_in(origin)
        for arrival in self._answered(origin):
            yield replace(arrival, document=under(("responsePayload",), arrival.document))

    def _started(self, machine: ResourceId, receiver: ResourceId) -> Iterator[Arrival]:
        """Yield what a receiver is given of what a state machine is started with."""
        for arrival in self.stored_in(machine):
            passed = self._machines.started(machine, arrival.document)
            yield from self._handed_on(arrival, passed, receiver)

    def _from_tasks(self, source: EventSource) -> Iterator[Arrival]:
        """Yield what a task of a state machine is given of what others gave back."""
        if source.resource is not None:
            yield from self._of_tasks(source.resource, source.function)

    def _of_tasks(self, machine: ResourceId, receiver: ResourceId) -> Iterator[Arrival]:
        for function in self._answers:
            for arrival in self._answered(function):
                passed = self._machines.answered(machine, function, arrival.document)
                yield from self._handed_on(arrival, passed, receiver)

    def _handed_on(
        self, arrival: Arrival, passed: Iterable[Passed], receiver: ResourceId
    ) -> Iterator[Arrival]:
        """Yield what a state machine passes to a receiver."""
        for one in passed:
            if one.target == receiver and carries(one.document):
                target = self._app.resources.get(one.target)
                name = target.name if target is not None else "the default event bus"
                step = Step(one.at, f"the state machine passes it to {name}")
                yield _further(arrival, one.document, step)

    def _direct(self, function: FunctionId) -> EventSource | None:
        sources = (one for one in self._app.event_sources_of(function) if is_direct(one))
        return next(sources, None)

    def _type(self, receiver: ResourceId) -> str:
        declared = self._app.resources.get(receiver)
        return DEFAULT_BUS if declared is None else declared.type


class _Drawn:
    """Arrivals that are worked out one by one, as far as somebody asks, and kept."""

    def __init__(self, coming: Iterator[Arrival]) -> None:
        self._coming = coming
        self._drawn: list[Arrival] = []

    def __iter__(self) -> Iterator[Arrival]:
        place = 0
        while True:
            if place == len(self._drawn):
                following = next(self._coming, None)
                if following is None:
                    return
                self._drawn.append(following)
            yield self._drawn[place]
            place += 1


def _place(sent: Sent) -> Location:
    return sent.site.file.at(*sent.site.span)


def _further(arrival: Arrival, document: Document, step: Step) -> Arrival:
    return replace(arrival, document=document, steps=(*arrival.steps, step))


_ANSWERED: Final = ", from the tasks before it"
_INVOKED: Final = "invoked by name: "
"""Begins the id of the event source that stands for calls of a function that has others."""


def answered_source(source: str) -> str:
    """Return the id that stands for what earlier tasks of a state machine gave, at a later one."""
    return f"{source}{_ANSWERED}"


def invoked_source(function: FunctionId) -> str:
    """Return the id of the event source through which functions invoke another by name."""
    return f"{_INVOKED}{function}"


def invoked_function(source: str) -> FunctionId | None:
    """Return the function that is called by name through such an event source; None for others."""
    return source.removeprefix(_INVOKED) if source.startswith(_INVOKED) else None


def _is_default(sent: Sent) -> bool:
    return sent.target is not None and expression(sent.target) == "default"
