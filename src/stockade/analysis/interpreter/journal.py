"""What a run notes down: harm that data does, and calls of what is external."""

from collections.abc import Mapping

from stockade.analysis.interpreter.protocol import Invocation, Site
from stockade.analysis.interpreter.values import Taint
from stockade.model import Confidence, Value
from stockade.model.record import record


@record
class Hit:
    """Data of others in an argument where it does harm."""

    kind: str
    callee: str
    argument: str
    taint: Taint
    site: Site
    confidence: Confidence


@record
class Call:
    """One call of something external, with its arguments as far as they are known."""

    callee: str
    arguments: Mapping[str, Value]
    receiver: Mapping[str, Value]
    site: Site
    way: tuple[tuple[Site, str], ...]
    complete: bool


class Journal:
    """The hits and calls of one run, each once."""

    def __init__(self) -> None:
        self._hits: dict[tuple[object, ...], Hit] = {}
        self._calls: dict[tuple[object, ...], Call] = {}

    @property
    def hits(self) -> tuple[Hit, ...]:
        """Every hit, in the order in which they were found."""
        return tuple(self._hits.values())

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every call, in the order in which they were reached."""
        return tuple(self._calls.values())

    def hit(self, found: Hit) -> None:
        """Note a hit; of the same data in the same call the surest counts."""
        site = found.site
        key = (found.kind, found.callee, site.file.path, site.span, found.taint.data)
        known = self._hits.get(key)
        if known is None or known.confidence < found.confidence:
            self._hits[key] = found

    def knows(self, call: Invocation, way: tuple[tuple[Site, str], ...]) -> bool:
        """Tell whether this call, reached this way, was noted before."""
        return _key(call, way) in self._calls

    def call(self, call: Invocation, found: Call) -> None:
        """Note a call."""
        self._calls[_key(call, found.way)] = found


def _key(call: Invocation, way: tuple[tuple[Site, str], ...]) -> tuple[object, ...]:
    return (call.callee, call.site.file.path, call.site.span, tuple(site.span for site, _ in way))
