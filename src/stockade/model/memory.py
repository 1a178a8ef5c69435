"""Results of one scan that the next one need not work out again."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, TypeVar

from stockade.model.asked import NOTHING, Answering, Asked, Changed
from stockade.model.moves import Moves, Since, mentions
from stockade.model.record import record

_Made = TypeVar("_Made")

_MOST_UNUSED = 10
"""One result in so many may be one that is not used any more."""


@record(eq=False)
class _Kept:
    made_of: tuple[object, ...]
    asked: Asked
    within: frozenset[Hashable]
    """The results that were recalled for it: they are in use as long as it is."""
    result: Any
    time: int
    mentions: tuple[frozenset[str], ...] = ()
    """Told when the result is first used at other places."""


class Memory:
    """Keeps results for as long as what they were made of stays what it was.

    A result is made of what is handed to `recall`, which is compared, of what its work asks of
    the scanned folder, which is noted, and of other results that its work recalls. One memory
    serves one scan after another, one at a time.
    """

    def __init__(self, *, keeps: bool = True) -> None:
        """Without `keeps` nothing is remembered: for the scan that no other follows."""
        self.keeps = keeps
        self._kept: dict[Hashable, _Kept] = {}
        self._asking: dict[Hashable, Asked] = {}
        """What was asked for those results for which anything was."""
        self._stale: set[Hashable] = set()
        self._edited: set[Hashable] = set()
        """The results for which code was read that says something else now."""
        self._used: set[Hashable] = set()
        self._most = 0
        self._at_work: list[tuple[Asked, set[Hashable]]] = []
        self._moves = Moves()
        self._since: dict[int, Since] = {}
        self._things: dict[Hashable, Mapping[str, object]] = {}

    def recall(  # noqa: PLR0913 - what is made, of what, and how it is kept
        self,
        name: Hashable,
        made_of: tuple[object, ...],
        work: Callable[[Asked], _Made],
        *,
        settle: Callable[[_Made, _Made], _Made] | None = None,
        ask: Answering | None = None,
        moves: bool = False,
        again: Callable[[_Made, Since], _Made | None] | None = None,
    ) -> _Made:
        """Return what `work` makes, or what it made the last time under this name.

        What `work` asks of the folder is noted. It is given where to note what `ask` answers,
        which is asked again before the result is used; where it shares things with other work,
        what that has asked by then counts as asked, too. Where the work is done again, `settle`
        is given what it made the last time and now, and returns the one or the other or parts of
        both, so that what says the same stays the same object. A result that `moves` is used
        again at other places where what it was made of has moved there, and is nothing else.
        Where code that was read for it was edited, `again` returns the result if it holds for
        what the code says now, with what it notes of that renewed; it is told where lines went.
        """
        if not self.keeps:
            return work(NOTHING)
        kept = before = self._kept.get(name)
        if name in self._stale or kept is None:
            kept = None
        elif name in self._edited:
            kept = self._moved(kept, made_of, ask, again) if again is not None else None
        elif kept.made_of != made_of or not kept.asked.is_answered_by(ask):
            kept = self._moved(kept, made_of, ask) if moves else None
        if kept is None:
            asked, within = Asked(), set[Hashable]()
            self._at_work.append((asked, within))
            token = asked.begin()
            try:
                made = work(asked)
            finally:
                Asked.end(token)
                self._at_work.pop()
            if asked.shares and ask is not None and ask.shared is not None:
                asked.include(ask.shared)
                ask.shared.include(asked)
            if before is not None and settle is not None:
                made = settle(before.result, made)
            kept = _Kept(made_of, asked.close(), frozenset(within), made, self._moves.now)
            self._stale.discard(name)
            if kept.asked is not NOTHING:
                self._asking[name] = kept.asked
            else:
                self._asking.pop(name, None)
        self._edited.discard(name)
        self._kept[name] = kept
        if self._at_work:
            asked, within = self._at_work[-1]
            within.add(name)
            if kept.asked is not NOTHING:
                asked.add(kept.asked)
        else:
            self._used.add(name)
        result: _Made = kept.result
        return result

    def _moved(
        self,
        kept: _Kept,
        made_of: tuple[object, ...],
        ask: Answering | None,
        again: Callable[[Any, Since], Any | None] | None = None,
    ) -> _Kept | None:
        """Return a result at its new places, if what it was made of has moved and no more."""
        since = self._since.get(kept.time)
        if since is None:
            since = self._since[kept.time] = self._moves.since(kept.time)
        if not since or not all(map(since.only_moved, kept.made_of, made_of)):
            return None
        asked = kept.asked if ask is None else kept.asked.answered_by(ask)
        if not all(
            since.only_moved(answer, asked.answers[question])
            for question, answer in kept.asked.answers.items()
        ):
            return None
        result = kept.result if again is None else again(kept.result, since)
        if result is None:
            return None
        try:
            known = kept.mentions or mentions(kept.result)
            result = since.moved(result, known)
        except LookupError:
            return None
        return _Kept(made_of, asked, kept.within, result, self._moves.now, known)

    def edited(self, texts: Iterable[tuple[str, str | None, str | None]]) -> None:
        """Note that files were edited: each with its text before and after, None if unknown."""
        self._moves.edited(texts)
        self._since.clear()

    def forget(self, changed: Changed) -> None:
        """Use no result again whose questions may be answered otherwise now."""
        kept = self._asking.items()
        touched: list[Hashable] = []
        if contents := changed.contents:
            touched += [name for name, one in kept if not one.paths.isdisjoint(contents)]
            self._edited.update(name for name, one in kept if not one.code.isdisjoint(contents))
        if readings := changed.readings:
            touched += [name for name, one in kept if not one.readings.isdisjoint(readings)]
        if changed.places:
            touched += [name for name, one in kept if one.is_moved_by(changed.places)]
        self._stale.update(touched)

    def others(self, name: Hashable, things: Mapping[str, object]) -> frozenset[str]:
        """Return the names under which there is another thing than the last time, or none."""
        if not self.keeps:
            return frozenset()
        before = self._things.get(name, {})
        self._things[name] = things
        return frozenset(
            one for one in before.keys() | things.keys() if before.get(one) is not things.get(one)
        )

    def forget_all(self) -> None:
        """Drop every result."""
        self._kept.clear()
        self._asking.clear()
        self._stale.clear()
        self._edited.clear()

    def forget_unused(self) -> None:
        """Drop what no result of the scan that has ended was made of, when that is much."""
        if len(self._kept) > self._most:
            used: set[Hashable] = set()
            waiting = [name for name in self._used if name in self._kept]
            while waiting:
                name = waiting.pop()
                if name not in used and name in self._kept:
                    used.add(name)
                    waiting.extend(self._kept[name].within)
            self._kept = {name: one for name, one in self._kept.items() if name in used}
            self._asking = {name: one for name, one in self._asking.items() if name in used}
            self._stale &= used
            self._edited &= used
            self._most = len(used) + len(used) // _MOST_UNUSED
        self._used.clear()
        self._since.clear()
