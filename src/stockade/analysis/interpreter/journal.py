"""What a run notes down: harm that data does, calls of what is external, and what is sent."""

from collections.abc import Mapping
from typing import Final

from stockade.analysis.interpreter.documents import Document
from stockade.analysis.interpreter.protocol import Invocation, Proof, Site, strength
from stockade.analysis.interpreter.values import Taint
from stockade.model import Confidence, Value, expression
from stockade.model.record import record, replace


@record
class Hit:
    """Data of others in an argument where it does harm."""

    kind: str
    callee: str
    argument: str
    taint: Taint
    site: Site
    confidence: Confidence
    proved: Proof | None = None
    """Where the code found out who calls before it got here, if it surely did."""


@record
class Call:
    """One call of something external, with its arguments as far as they are known."""

    callee: str
    arguments: Mapping[str, Value]
    receiver: Mapping[str, Value]
    site: Site
    way: tuple[tuple[Site, str], ...]
    complete: bool
    named: tuple[str, ...] = ()
    """What the code calls what the call gives, nearest first; functions end in `()`."""
    proved: Proof | None = None
    """Where the code found out who calls before it got here, if it surely did."""
    left_out: frozenset[str] = frozenset()
    """The event sources that surely did not send the event, as the code asked it."""


@record(eq=False)
class Sent:
    """What one call put where other functions may receive it, as far as others wrote of it.

    `target` is what the code says of the resource, of one of the `types`; None where it says
    nothing, which for events means the default bus. `says` is the step that reports tell.
    """

    callee: str
    types: tuple[str, ...]
    action: str
    target: Value | None
    document: Document
    site: Site
    way: tuple[tuple[Site, str], ...]
    says: str


MOST_SENT: Final = 256
"""Things that one function sends, at most; of more the first are kept."""


class Journal:
    """The hits, calls and sends of one run, each once."""

    def __init__(self) -> None:
        self._hits: dict[tuple[object, ...], Hit] = {}
        self._calls: dict[tuple[object, ...], Call] = {}
        self._sent: dict[tuple[object, ...], Sent] = {}
        self._answers: dict[tuple[object, ...], Sent] = {}

    @property
    def hits(self) -> tuple[Hit, ...]:
        """Every hit, in the order in which they were found."""
        return tuple(self._hits.values())

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every call, in the order in which they were reached."""
        return tuple(self._calls.values())

    @property
    def sent(self) -> tuple[Sent, ...]:
        """Everything that was sent, in the order in which it was found."""
        return tuple(self._sent.values())

    @property
    def answers(self) -> tuple[Sent, ...]:
        """Everything that the handler gives back."""
        return tuple(self._answers.values())

    def hit(self, found: Hit) -> None:
        """Note a hit; of the same data in the same call the surest counts, and the most open."""
        site = found.site
        key = (found.kind, found.callee, site.file.path, site.span, found.taint.data)
        known = self._hits.get(key)
        if known is None or _weight(known) < _weight(found):
            self._hits[key] = found

    def knows(
        self,
        call: Invocation,
        way: tuple[tuple[Site, str], ...],
        proved: Proof | None,
        left_out: frozenset[str],
    ) -> bool:
        """Tell whether this call, reached this way, was noted before, as open as now."""
        known = self._calls.get(_key(call, way))
        return (
            known is not None
            and strength(known.proved) <= strength(proved)
            and known.left_out <= left_out
        )

    def call(self, call: Invocation, found: Call) -> None:
        """Note a call; one that was noted before is as open as it was at any time."""
        key = _key(call, found.way)
        known = self._calls.get(key)
        if known is not None:
            proved = min(found.proved, known.proved, key=strength)
            left_out = known.left_out & found.left_out
            found = replace(found, proved=proved, left_out=left_out)
        self._calls[key] = found

    def asks(self, found: Call) -> None:
        """Note that it is asked who calls: once for each place."""
        self._calls.setdefault((found.callee, found.site.file.path, found.site.span), found)

    def send(self, found: Sent) -> None:
        """Note what is sent; the same data in the same document is noted once."""
        if len(self._sent) < MOST_SENT:
            self._sent.setdefault(_key_of(found), found)

    def answer(self, found: Sent) -> None:
        """Note what the handler gives back."""
        if len(self._answers) < MOST_SENT:
            self._answers.setdefault(_key_of(found), found)


def _weight(hit: Hit) -> tuple[int, Confidence]:
    return (-strength(hit.proved), hit.confidence)


def _key_of(sent: Sent) -> tuple[object, ...]:
    target = "" if sent.target is None else expression(sent.target)
    parts = tuple(
        (part.path, expression(part.value), tuple(one.data for one in part.carried))
        for part in sent.document
    )
    return (sent.callee, sent.action, sent.site.file.path, sent.site.span, target, parts)


def _key(call: Invocation, way: tuple[tuple[Site, str], ...]) -> tuple[object, ...]:
    return (call.callee, call.site.file.path, call.site.span, tuple(site.span for site, _ in way))
