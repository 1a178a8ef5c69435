"""Who can send an event through each event source.

Some sources tell by themselves: a route by its authorizer, a schedule by being one. Others are
as exposed as the resource they come from, and a resource is as exposed as the most exposed
thing that sends to it: its own policy, or what the template lets AWS deliver into it (an API's
integration, a mail rule's bucket, a topic's subscription). Exposure travels along these
deliveries until nothing grows any more; the lines that say so travel with it.
"""

from collections import deque
from collections.abc import Mapping
from typing import TypeAlias

from stockade.analysis.exposure.policies import Policies
from stockade.analysis.exposure.senders import Senders, is_direct, passing
from stockade.analysis.facts import SourceExposure
from stockade.model import (
    Application,
    Delivery,
    EventSource,
    EventSourceType,
    Exposure,
    ResourceId,
    Step,
)

__all__ = ["delivery_exposures", "exposures", "store_exposures"]

_Source: TypeAlias = EventSource | Delivery

_READING = frozenset({"GET", "HEAD", "QUERY", "SUBSCRIPTION"})

_MOST_STEPS = 8
"""Steps that a chain of deliveries keeps; of a longer one the first and the last are kept."""


def exposures(app: Application) -> Mapping[str, SourceExposure]:
    """Return who can send through each event source, by its id, and the lines that say so."""
    if not app.event_sources:
        return {}
    reach = _Reach(app)
    reach.spread()
    return {source.id: reach.through(source) for source in app.event_sources}


def delivery_exposures(app: Application) -> Mapping[str, SourceExposure]:
    """Return the same for what AWS passes on to resources that are no functions."""
    if not app.deliveries:
        return {}
    reach = _Reach(app)
    reach.spread()
    return {delivery.id: reach.through(delivery) for delivery in app.deliveries}


def store_exposures(app: Application) -> Mapping[ResourceId, SourceExposure]:
    """Return who can write to each table and queue without a function between.

    Only those that more can write to than the application itself: through a route's
    integration, a resolver, a topic.
    """
    found: dict[ResourceId, SourceExposure] = {}
    through = delivery_exposures(app)
    for delivery in app.deliveries:
        if delivery.route is not None and delivery.route.method in _READING:
            continue
        known = through[delivery.id]
        before = found.get(delivery.target)
        if known.exposure > Exposure.APPLICATION and (
            before is None or known.exposure > before.exposure
        ):
            step = Step(delivery.at, passing(app, delivery))
            found[delivery.target] = SourceExposure(
                exposure=known.exposure, because=tuple(dict.fromkeys((*known.because, step)))
            )
    return found


class _Reach:
    """How exposed each resource and function is, while exposure spreads."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._policies = Policies(app)
        self._senders = Senders(app)
        self._reached: dict[ResourceId, SourceExposure] = {}
        self._leaving: dict[ResourceId, list[_Source]] = {}

    def spread(self) -> None:
        """Let exposure travel along deliveries. It only grows, so this ends."""
        sources: tuple[_Source, ...] = (*self._app.deliveries, *self._app.event_sources)
        for source in sources:
            for origin in self._senders.origins(source):
                self._leaving.setdefault(origin, []).append(source)
        waiting = deque(sources)
        while waiting:
            source = waiting.popleft()
            if source.type is EventSourceType.S3 and self._senders.is_bus(_target(source)):
                continue  # Only rules about S3 receive these events: they ask the bucket itself.
            found = self.through(source)
            target = _target(source)
            if found.exposure > self._of(target).exposure:
                self._reached[target] = found
                waiting.extend(self._leaving.get(target, ()))

    def through(self, source: _Source) -> SourceExposure:
        """Return who can send through one source, as far as exposure has spread."""
        told = self._senders.told(source)
        if told is not None:
            return told
        ways = [self._of(origin) for origin in self._senders.origins(source)]
        if not ways:
            return self._senders.elsewhere(source)
        way = max(ways, key=lambda one: one.exposure)
        if is_direct(source):
            return way
        steps = (*way.because, Step(source.at, passing(self._app, source)))
        if len(steps) > _MOST_STEPS:
            half = _MOST_STEPS // 2
            steps = (*steps[:half], *steps[-half:])
        return SourceExposure(exposure=way.exposure, because=steps)

    def _of(self, resource: ResourceId) -> SourceExposure:
        """Return how exposed a resource is so far; at first what its own policy admits."""
        found = self._reached.get(resource)
        if found is None:
            found = self._reached[resource] = self._policies.admitted(resource)
        return found


def _target(source: _Source) -> ResourceId:
    return source.target if isinstance(source, Delivery) else source.function
