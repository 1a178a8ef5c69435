"""Results of one scan that the next one need not work out again."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from stockade.model.asked import Asked, Changed
from stockade.model.record import record

_Made = TypeVar("_Made")


@record(eq=False)
class _Kept:
    made_of: tuple[object, ...]
    asked: Asked
    within: set[Hashable]
    """The results that were recalled for it: they are in use as long as it is."""
    result: Any


class Memory:
    """Keeps results for as long as what they were made of stays what it was.

    A result is made of what is handed to `recall`, which is compared, of what its work asks of
    the scanned folder, which the work notes, and of other results that its work recalls. One
    memory serves one scan after another, one at a time.
    """

    def __init__(self, *, keeps: bool = True) -> None:
        """Without `keeps` nothing is remembered: for the scan that no other follows."""
        self._keeps = keeps
        self._kept: dict[Hashable, _Kept] = {}
        self._used: set[Hashable] = set()
        self._at_work: list[_Kept] = []

    def recall(
        self, name: Hashable, made_of: tuple[object, ...], work: Callable[[Asked], _Made]
    ) -> _Made:
        """Return what `work` makes, or what it made the last time under this name.

        `work` is given where to note what it asks of the folder.
        """
        if not self._keeps:
            return work(Asked())
        kept = self._kept.get(name)
        if kept is None or kept.made_of != made_of:
            kept = _Kept(made_of, Asked(), set(), None)
            self._at_work.append(kept)
            try:
                made = work(kept.asked)
            finally:
                self._at_work.pop()
            kept = self._kept[name] = _Kept(made_of, kept.asked, kept.within, made)
        self._use(name)
        if self._at_work:
            self._at_work[-1].asked.add(kept.asked)
            self._at_work[-1].within.add(name)
        result: _Made = kept.result
        return result

    def forget(self, changed: Changed) -> None:
        """Drop the results whose questions may be answered otherwise now."""
        touched = [name for name, one in self._kept.items() if one.asked.is_touched_by(changed)]
        for name in touched:
            del self._kept[name]

    def forget_all(self) -> None:
        """Drop every result."""
        self._kept.clear()

    def forget_unused(self) -> None:
        """Drop what was not recalled since this was last called: a scan has ended."""
        for name in self._kept.keys() - self._used:
            del self._kept[name]
        self._used.clear()

    def _use(self, name: Hashable) -> None:
        if name not in self._used and name in self._kept:
            self._used.add(name)
            for inner in self._kept[name].within:
                self._use(inner)
