"""What was asked of the scanned folder, to tell later whether an answer may have changed."""

from collections.abc import Hashable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import Protocol

from stockade.model.record import record


@record
class Changed:
    """What is not as it was in a folder. Paths are relative to it, with forward slashes.

    `contents` are files that say something else; `places` are paths where there is something
    else than before: a file where there was none, nothing where there was a folder. `readings`
    are files that a front end made something else of, whatever the reason.
    """

    contents: AbstractSet[str] = frozenset()
    places: AbstractSet[str] = frozenset()
    readings: AbstractSet[str] = frozenset()


class Asked:
    """The questions that some work asked, of the folder first, whatever the answers were.

    `paths` were read; those in `code`, too, but function by function; of `places` it was asked
    what is there; `listed` are folders whose files were listed; `readings` are files of which was
    taken what a front end had made of them.
    `answers` are those to what was asked of something else, by question. `shares` tells that the
    work used something that other work uses, too, and that works things out when it is asked: what
    it knew already, others have asked for.
    """

    __slots__ = ("answers", "code", "listed", "paths", "places", "readings", "shares")

    def __init__(self) -> None:
        self.paths: set[str] = set()
        self.code: set[str] = set()
        self.places: set[str] = set()
        self.listed: set[str] = set()
        self.readings: set[str] = set()
        self.answers: dict[Hashable, object] = {}
        self.shares = False

    def close(self) -> "Asked":
        """Return what to keep of the questions when the work is done: most work asks none."""
        return self if self or self.answers else NOTHING

    def __bool__(self) -> bool:
        """Tell whether anything was asked of the folder."""
        return bool(self.paths or self.code or self.places or self.listed or self.readings)

    def begin(self) -> "Token[Asked | None]":
        """Note here what is asked from now on, until the token is given to `end`."""
        return _ASKED.set(self)

    @staticmethod
    def end(token: "Token[Asked | None]") -> None:
        """Note again where it was noted before."""
        _ASKED.reset(token)

    def add(self, other: "Asked") -> None:
        """Take over the questions of other work, whose result is used."""
        self.paths |= other.paths
        self.code |= other.code
        self.places |= other.places
        self.listed |= other.listed
        self.readings |= other.readings

    def include(self, other: "Asked") -> None:
        """Take over all questions of other work, and their answers."""
        self.add(other)
        self.answers |= other.answers
        self.shares = self.shares or other.shares

    def answered_by(self, ask: "Answering") -> "Asked":
        """Return the same questions with the answers that `ask` gives."""
        now = Asked()
        now.include(self)
        now.answers = {question: ask.answer(question) for question in self.answers}
        return now.close()

    def is_answered_by(self, ask: "Answering | None") -> bool:
        """Tell whether `ask` gives the answers that were given; whoever asks nobody has them."""
        if ask is None:
            return True
        return all(ask.answer(question) == answer for question, answer in self.answers.items())

    def is_moved_by(self, places: AbstractSet[str]) -> bool:
        """Tell whether something asked about is at such a place, or lies in it or around it."""
        asked = (*self.paths, *self.code, *self.places, *self.listed)
        if "" in self.listed or not places.isdisjoint(asked):
            return True
        inside = tuple(f"{place}/" for place in places)
        if any(path.startswith(inside) for path in asked):
            return True
        around = tuple(f"{folder}/" for folder in self.listed)
        return any(place.startswith(around) for place in places)


@contextmanager
def as_code() -> Iterator[None]:
    """Note the files that are read meanwhile as such that are read function by function."""
    notes = noted()
    if notes is None:
        yield
        return
    own = Asked()
    token = own.begin()
    try:
        yield
    finally:
        Asked.end(token)
        own.code |= own.paths
        own.paths = set()
        notes.include(own)


class Answering(Protocol):
    """What work asks beside the folder, to ask it again later.

    `shared` are the questions of all work that shares things (see `Asked.shares`); None where
    nothing is shared.
    """

    shared: Asked | None

    def answer(self, question: Hashable) -> object:
        """Answer a question as things are now."""


NOTHING = Asked()
"""No question."""

_ASKED: ContextVar[Asked | None] = ContextVar("asked", default=None)

noted = _ASKED.get
"""Return where questions are to be noted now; None where nobody wants to know them."""
