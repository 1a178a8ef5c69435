"""From flows and calls to matches: one for each line that has to be mended."""

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import TypeVar

from stockade.analysis.events import ANSWERING
from stockade.analysis.facts import ExternalCall, Facts, Flow
from stockade.model import (
    Application,
    Cause,
    Confidence,
    EventData,
    Exposure,
    Function,
    Location,
    Match,
    ResourceId,
    Step,
    Value,
    walk,
)
from stockade.model.record import record
from stockade.rules._wording import sender, who

_T = TypeVar("_T")

Words = Callable[[Flow], str]


def from_flows(
    app: Application,
    flows: Iterable[Flow],
    can: Words,
    instead: Words,
    *,
    once_a_field: bool = False,
) -> Iterator[Match]:
    """Yield one match for each sink, of the flow that the most people can send.

    `can` says what they can do, as the end of a sentence (`"run commands in Convert"`),
    `instead` what to write in its place. With `once_a_field` all sinks of one field bear the
    same name, so that a report tells them as one: a file that is opened, read and removed.
    """
    seen = _Numbers()
    for flow in worst_of_each(flows, lambda flow: flow.sink, _weight):
        origin = flow.origin
        yield Match(
            at=flow.sink,
            message=f"{sender(app, flow)} can {can(flow)}",
            because=flow.steps,
            confidence=flow.confidence,
            exposure=origin.exposure,
            identity=(
                (flow.function, origin.field)
                if once_a_field
                else seen.numbered(flow.function, origin.field, flow.callee)
            ),
            resource=flow.function,
            help=instead(flow),
            cause=_made_of(flow, can(flow)),
        )


def _made_of(flow: Flow, can: str) -> Cause:
    """Return what calls have in common that do the same with the very same text of an event."""
    return () if flow.made is None else (flow.function, flow.origin.field, can, flow.made)


def leaks(  # noqa: PLR0913 - it says of a leak what a report says
    flows: Iterable[Flow],
    exposure: Callable[[Flow], Exposure],
    says: Words,
    instead: Words,
    asked_by: Callable[[Flow], tuple[Step, ...]] = lambda _flow: (),
    *,
    cause: Callable[[Flow], Cause] = lambda _flow: (),
) -> Iterator[Match]:
    """Yield one match for each place where a flow lets something out.

    `says` is the whole message; `exposure` tells who can see what comes out, `asked_by` the steps
    by which they ask for it, `cause` what several of them have in common.
    """
    seen = _Numbers()
    for flow in worst_of_each(flows, lambda flow: flow.sink, lambda flow: (exposure(flow),)):
        yield Match(
            at=flow.sink,
            message=says(flow),
            because=(*asked_by(flow), *flow.steps),
            confidence=flow.confidence,
            exposure=exposure(flow),
            identity=seen.numbered(flow.function, flow.origin.field, flow.callee),
            resource=flow.function,
            help=instead(flow),
            cause=cause(flow),
        )


def answered(
    app: Application,
    facts: Facts,
    flows: Iterable[Flow],
    says: Callable[[Flow, str], str],
    instead: str | Words,
) -> Iterator[Match]:
    """Yield one match for each place where a flow is answered to those who call.

    A function whose answers let it out is one cause: what it answers errors with.

    `says` makes the message of the flow and of the words for those who can read the answer.
    """
    told = []
    asked: dict[str, ResourceId] = {}
    for flow in flows:
        source = _answering(app, facts, flow.function)
        if source is not None:
            asked[flow.function] = source
            told.append(flow)

    def reader(flow: Flow) -> Exposure:
        return facts.exposures[asked[flow.function]].exposure

    return leaks(
        told,
        reader,
        lambda flow: says(flow, who(app, asked[flow.function], reader(flow))),
        (lambda _flow: instead) if isinstance(instead, str) else instead,
        lambda flow: _sent_by(facts, asked[flow.function]),
        cause=lambda flow: (flow.function, flow.origin.field),
    )


def from_calls(
    app: Application,
    facts: Facts,
    calls: Iterable[ExternalCall],
    says: Callable[[ExternalCall, str], str],
    instead: str | Callable[[ExternalCall], str],
) -> Iterator[Match]:
    """Yield one match for each call that is wrong whatever flows into it.

    `says` makes the message of the call and of the words for those who can send the event.
    `instead` is what to write in its place, where that depends on the call.
    """
    seen = _Numbers()
    for call in worst_of_each(calls, lambda call: call.at, lambda call: (call.exposure,)):
        source = most_exposed(app, facts, call.function, call.left_out)
        yield Match(
            at=call.at,
            message=says(call, who(app, source, call.exposure)),
            because=(*_sent_by(facts, source), *call.steps, Step(call.at, "and calls it here")),
            confidence=Confidence.HIGH,
            exposure=call.exposure,
            identity=seen.numbered(call.function, call.callee),
            resource=call.function,
            help=instead if isinstance(instead, str) else instead(call),
        )


def most_exposed(
    app: Application, facts: Facts, function: str, left_out: AbstractSet[str] = frozenset()
) -> str | None:
    """Return the id of the event source of `function` that the most people can send through.

    Those that are left out do not count, unless that leaves none.
    """
    known = [one.id for one in app.event_sources_of(function) if one.id in facts.exposures]
    sources = [one for one in known if one not in left_out] or known
    return max(sources, key=lambda one: facts.exposures[one].exposure, default=None)


@record
class Reached:
    """A role, the function that the most people reach of those that have it, and the way in."""

    role: ResourceId
    function: Function
    source: str


def roles_within_reach(app: Application, facts: Facts) -> Iterator[Reached]:
    """Yield the roles of functions that somebody outside of the application can send to."""
    found: dict[ResourceId, Reached] = {}
    for function in app.functions.values():
        source = most_exposed(app, facts, function.id)
        role = app.role_of(function)
        if role is None or source is None:
            continue
        exposure = facts.exposures[source].exposure
        known = found.get(role.id)
        if exposure > Exposure.APPLICATION and (
            known is None or exposure > facts.exposures[known.source].exposure
        ):
            found[role.id] = Reached(role.id, function, source)
    yield from found.values()


def _answering(app: Application, facts: Facts, function: str) -> ResourceId | None:
    """Return the event source through which the most people see what `function` returns."""
    found = [
        source.id
        for source in app.event_sources_of(function)
        if source.type in ANSWERING and source.id in facts.exposures
    ]
    return max(found, key=lambda one: facts.exposures[one].exposure, default=None)


def event_fields(value: Value | None) -> Iterator[EventData]:
    """Yield every piece of event data that stands anywhere in `value`."""
    if value is not None:
        yield from (part for part in walk(value) if isinstance(part, EventData))


def _sent_by(facts: Facts, source: str | None) -> tuple[Step, ...]:
    return facts.exposures[source].because if source is not None else ()


def _weight(flow: Flow) -> tuple[int, ...]:
    return (flow.origin.exposure, flow.confidence)


def worst_of_each(
    things: Iterable[_T], at: Callable[[_T], Location], weight: Callable[[_T], tuple[int, ...]]
) -> Iterator[_T]:
    """Yield, for each place, the thing that weighs most; the first of equals."""
    best: dict[Location, _T] = {}
    for thing in things:
        before = best.get(at(thing))
        if before is None or weight(thing) > weight(before):
            best[at(thing)] = thing
    yield from best.values()


class _Numbers:
    """Tells apart matches that would have the same name: the second is numbered, and so on."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, ...], int] = {}

    def numbered(self, *name: str) -> tuple[str, ...]:
        count = self._counts[name] = self._counts.get(name, 0) + 1
        return name if count == 1 else (*name, str(count))
