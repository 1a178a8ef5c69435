"""The ways by which data came to a function from others, back to where outsiders wrote it."""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

from stockade.analysis.across.arrivals import Arrival, Arrivals
from stockade.analysis.across.beginnings import Beginnings, Begins
from stockade.analysis.across.likeness import is_named
from stockade.analysis.across.permitted import Permitted
from stockade.analysis.across.triggers import normal
from stockade.analysis.events import path_of, within_store
from stockade.analysis.facts import OriginKind
from stockade.analysis.interpreter.documents import Carried, at_path, found_at
from stockade.analysis.interpreter.harms import RESPONSE
from stockade.analysis.interpreter.updates import plain
from stockade.analysis.interpreter.values import CALLER, EVERYTHING, ROLE, Data
from stockade.model import Application, Exposure
from stockade.model.record import record

MOST_FUNCTIONS: Final = 12
"""Functions in a row that a way leads through."""
MOST_LOOKED_AT: Final = 500
"""Places that are looked at for one flow; beyond it the best way so far counts."""

_OF_ONE_FUNCTION: Final = (OriginKind.ERROR, OriginKind.ENVIRONMENT)
"""Data of which only what the same function lets out is told."""

_SECRET_SINKS: Final = frozenset({"log", "response", "page"})


@record(eq=False)
class Hop:
    """One function handed the data on: what it carried, and how that arrived."""

    arrival: Arrival
    carried: Carried
    sure: bool
    """Whether it is known that the function's role lets it send."""


@record(eq=False)
class Way:
    """How data came: the origin, then each function that handed it on, first to last."""

    data: Data
    begins: Begins
    hops: tuple[Hop, ...]

    @property
    def is_identified(self) -> bool:
        """Whether one of the functions had found out who calls when it handed the data on."""
        return any(CALLER in hop.carried.safe for hop in self.hops)


class Ways:
    """Finds for data that arrives in a function the most exposed way by which it may have come."""

    def __init__(self, app: Application, arrivals: Arrivals, beginnings: Beginnings) -> None:
        self._app = app
        self._arrivals = arrivals
        self._beginnings = beginnings
        self._made: Permitted | None = None
        self._found: dict[tuple[Data, str], tuple[Way, ...]] = {}

    def to(self, data: Data, kind: str) -> tuple[Way, ...]:
        """Return the ways by which data came that does harm in a sink of this kind.

        The first is the most exposed of those that an event began, if there is one; beside it
        stands one that a secret began, for sinks that let things out.
        """
        if not self._arrivals or data.kind not in (OriginKind.EVENT, OriginKind.STORED):
            return ()
        own = self._beginnings.of(data)
        if own is not None and self._beginnings.is_most(own) and kind not in _SECRET_SINKS:
            return ()
        key = (data, kind)
        known = self._found.get(key)
        if known is None:
            known = self._found[key] = tuple(self._search(data, kind))
        return known

    def _search(self, data: Data, kind: str) -> Iterator[Way]:
        best: Way | None = None
        secret: Way | None = None
        seen = {data}
        waiting: deque[tuple[Data, tuple[Hop, ...]]] = deque([(data, ())])
        looked_at = 0
        while waiting and looked_at < MOST_LOOKED_AT and not _is_enough(best, kind):
            at, hops = waiting.popleft()
            for hop in self._into(at, kind):
                looked_at += 1
                found = hop.carried.data
                way = (hop, *hops)
                if found not in seen and len(way) < MOST_FUNCTIONS:
                    seen.add(found)
                    waiting.append((found, way))
                begins = self._beginnings.of(found)
                if begins is None or found.kind in _OF_ONE_FUNCTION:
                    continue
                if any(CALLER in one.carried.safe for one in way):
                    of_role = any(ROLE in one.carried.safe for one in way)
                    begins = begins.identified(of_role=of_role)
                if found.kind is OriginKind.SECRET:
                    secret = secret or Way(found, begins, way)
                elif best is None or begins.exposure > best.begins.exposure:
                    best = Way(found, begins, way)
                    if _is_enough(best, kind):
                        break
        if best is not None and kind != RESPONSE:
            yield best  # That callers are answered what others wrote is what tables are for.
        if secret is not None and kind in _SECRET_SINKS:
            yield secret

    def _into(self, data: Data, kind: str) -> Iterator[Hop]:
        """Yield how this data came from another function, if it was not made safe there."""
        stored = data.kind is OriginKind.STORED
        for source in data.sources:
            arrivals: Iterable[Arrival] = (
                self._arrivals.stored_in(source) if stored else self._arrivals.through(source)
            )
            if stored:
                wanted = plain(path_of(within_store(data.field, source)))
            else:
                wanted = normal(path_of(data.field))
            for arrival in arrivals:
                if is_named(arrival.document, data.name):
                    yield from self._carried(arrival, wanted, kind)

    def _carried(self, arrival: Arrival, wanted: tuple[str, ...], kind: str) -> Iterator[Hop]:
        permitted: bool | None = True
        asked = False
        for part, rest in found_at(arrival.document, wanted):
            for carried in part.carried:
                if kind in carried.safe or EVERYTHING in carried.safe:
                    continue
                if not asked:
                    permitted, asked = self._may(arrival), True
                if permitted is False:
                    return
                yield Hop(arrival, at_path(carried, rest), permitted is True)

    def _may(self, arrival: Arrival) -> bool | None:
        if self._made is None:
            self._made = Permitted(self._app)
        return self._made.may(arrival.sender, arrival.sent, arrival.resource)


def _is_enough(best: Way | None, kind: str) -> bool:
    """Tell whether nothing worse can be found: nobody is more than anyone."""
    anyone = best is not None and best.begins.exposure is Exposure.ANYONE
    return anyone and kind not in _SECRET_SINKS
