"""What the functions of an application hand each other, kept from one scan to the next."""

from collections.abc import Callable, Iterator, Mapping

from stockade.analysis.across.arrivals import Arrivals, FunctionId
from stockade.analysis.across.beginnings import Beginnings
from stockade.analysis.across.ways import Way, Ways
from stockade.analysis.facts import SourceExposure
from stockade.analysis.interpreter.journal import Sent
from stockade.analysis.interpreter.values import Data
from stockade.model import Application, Step
from stockade.model.moves import Since
from stockade.model.record import record


@record(eq=False)
class Joined:
    """Answers by which ways data came to a function, and who writes it.

    The answers are worked out when they are asked for, once. Where lines have moved since this
    was made, `since` tells where to: the steps that an answer holds are brought there when they
    are told.
    """

    arrivals: Arrivals
    beginnings: Beginnings
    ways: Ways
    since: Since | None = None

    @classmethod
    def of(
        cls,
        app: Application,
        who: Mapping[str, SourceExposure],
        sent: Mapping[FunctionId, tuple[Sent, ...]],
        answers: Mapping[FunctionId, tuple[Sent, ...]],
    ) -> "Joined":
        """Join what each function sends, and what it answers, with what the others do with it."""
        arrivals = Arrivals(app, sent, answers)
        beginnings = Beginnings(app, who)
        return cls(arrivals, beginnings, Ways(app, arrivals, beginnings))

    def to(self, data: Data, kind: str) -> Iterator[Way]:
        """Yield the way that begins where data enters, if any does, and those from others."""
        begins = self.beginnings.of(data)
        if begins is not None:
            yield Way(data, begins, ())
        yield from self.ways.to(data, kind)

    def placed(self, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        """Return steps of a way where they are now. Raises `LookupError` if one is lost."""
        if self.since is None:
            return steps
        now: tuple[Step, ...] = self.since.moved(steps)
        return now

    def is_now(self, now: "Joined", _since: Since) -> bool:
        """Tell whether another is this one, whose lines may have moved."""
        return self.ways is now.ways

    def held(self) -> tuple[()]:
        """Return the places that it holds itself. See `Since`."""
        return ()

    def moved_by(self, since: Since, _moved: Callable[[object], object]) -> "Joined":
        """Return the same answers, to be told where lines went."""
        if since.is_nowhere():
            return self
        return Joined(self.arrivals, self.beginnings, self.ways, since.following(self.since))
