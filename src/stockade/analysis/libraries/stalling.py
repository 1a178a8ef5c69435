"""Whether a regular expression can be made to try exponentially many ways before it says no.

The engines of Python and of JavaScript try one way after the other. Where a part that repeats can
take the same text in two ways, n such texts can be taken in 2^n; and where what follows then does
not match, every one of them is tried. (Weideman, van der Merwe, Berglund, Watson: "Analyzing
Matching Time Behavior of Backtracking Regular Expression Matchers by Using Ambiguity of NFA".)

The pattern becomes an automaton whose states are its characters. It is exponential if two
different loops from one of them to itself take the same text, and some text ends it that makes
the whole fail. What that takes is bounded; a pattern that is larger is not judged.
"""

import re
import warnings
from collections import deque
from collections.abc import Iterator, Sequence
from functools import lru_cache
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

from stockade._late import pattern as late
from stockade.analysis.libraries.patterns import in_class
from stockade.model.record import record

_LONGEST: Final = 1_000
_MOST_STATES: Final = 400
_MOST_STEPS: Final = 60_000
_AS_GOOD_AS_ENDLESS: Final = 12
"""A repetition up to this many times is as bad as one without end."""
_PUMPED: Final = 3
"""How often the text that repeats is put in to see whether the whole then fails."""

_REPEATS: Final = (codes.MAX_REPEAT, codes.MIN_REPEAT)
_SAMPLES: Final = "aZ0 _-.@!/\n\t,:\u00e9\x00"
"""Characters that are tried beside those that a pattern names: one of each sort."""


@record
class Witness:
    """A text on which a pattern stalls: `start`, `again` as often as one likes, then `end`."""

    start: str
    again: str
    end: str

    def text(self, times: int) -> str:
        """Return the text with its middle so many times."""
        return self.start + self.again * times + self.end


@lru_cache(maxsize=256)
def stalls(pattern: str, *, start: bool = False, end: bool = False) -> Witness | None:
    """Return a text that makes matching a pattern exponential; None if none was found.

    `start` and `end` say whether the way of matching holds it to the text's start and end.
    """
    if len(pattern) > _LONGEST or not _may_repeat_within(pattern):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = parser.parse(pattern)
        return _Search(_Automaton(parsed, start=start, end=end)).witness()
    except (re.error, RecursionError, OverflowError, _TooLargeError):
        return None


def as_python(pattern: str) -> str:
    """Return a pattern of JavaScript as Python writes it."""
    return _REWRITTEN.sub(_rewritten, pattern)


_REWRITTEN: Final = late(r"\\k<(\w+)>|\\[pP]\{[^}]*\}|\\.|\(\?<(?![=!])|\[\^\]|\[\](?!\])")


def _rewritten(found: "re.Match[str]") -> str:
    text = found[0]
    if text.startswith("\\k<"):
        return f"(?P={found[1]})"
    if text.startswith(("\\p{", "\\P{")):
        return "\\w"
    return {"(?<": "(?P<", "[^]": "[\\s\\S]", "[]": "(?!)"}.get(text, text)


_INNER: Final = late(r"\)[*+{]")


def _may_repeat_within(pattern: str) -> bool:
    """Tell whether a group is repeated: without one, nothing repeats within what repeats."""
    return _INNER.search(pattern) is not None


class _TooLargeError(Exception):
    """The pattern is too large to be judged, or says what is not looked at here."""


class _Automaton:
    """The nodes of a pattern: each takes a character, or leads on without one.

    Sets of characters are numbers: bit n stands for the n-th of `characters`.
    """

    def __init__(self, parsed: Any, *, start: bool, end: bool) -> None:  # noqa: ANN401
        self.flags: int = parsed.state.flags
        self.characters = "".join(dict.fromkeys([*_named(parsed), *_SAMPLES]))
        self.all = (1 << len(self.characters)) - 1
        self.free: list[list[int]] = []
        self.takes: dict[int, tuple[int, int]] = {}
        """By node: which characters it takes, and where that leads."""
        self.asks: dict[int, tuple[str, int]] = {}
        """By node: whether it is the text's start or end there, and where that leads."""
        self.begun: dict[int, int] = {}
        """By the node at which a repetition goes round: the one at which each round begins."""
        self.begin = self._node()
        self.accept = self._node()
        first = self._asking("start", self.begin) if start else self.begin
        last = self._sequence(parsed, first)
        self.free[self._asking("end", last) if end else last].append(self.accept)

    def _node(self) -> int:
        if len(self.free) >= _MOST_STATES:
            raise _TooLargeError
        self.free.append([])
        return len(self.free) - 1

    def _asking(self, what: str, node: int) -> int:
        after = self._node()
        here = self._node()
        self.free[node].append(here)
        self.asks[here] = (what, after)
        return after

    def _sequence(self, sequence: Any, node: int) -> int:  # noqa: ANN401
        """Put what a sequence matches behind a node; return the node behind that."""
        for operator, value in sequence:
            node = self._one(operator, value, node)
        return node

    def _one(self, operator: Any, value: Any, node: int) -> int:  # noqa: ANN401
        if operator is codes.SUBPATTERN:
            return self._sequence(value[-1], node)
        if operator is codes.BRANCH:
            after = self._node()
            for one in value[1]:
                begin = self._node()
                self.free[node].append(begin)
                self.free[self._sequence(one, begin)].append(after)
            return after
        if operator in _REPEATS:
            return self._repeated(value, node)
        if operator is codes.AT:
            return self._at(value, node)
        here, after = self._node(), self._node()
        self.free[node].append(here)
        self.takes[here] = (self._set(operator, value), after)
        return after

    def _repeated(self, value: Any, node: int) -> int:  # noqa: ANN401
        least, most, inner = value
        endless = most is codes.MAXREPEAT or most >= _AS_GOOD_AS_ENDLESS
        for _ in range(min(least, _AS_GOOD_AS_ENDLESS)):
            node = self._sequence(inner, node)
        if endless:
            # To begin and to go round are two nodes: a loop within a loop is begun anew each time.
            begin, again, after = self._node(), self._node(), self._node()
            self.free[node] += [begin, after]
            self.free[again] += [begin, after]
            self.begun[again] = begin
            self.free[self._sequence(inner, begin)].append(again)
            return after
        after = self._node()
        for _ in range(most - least):
            self.free[node].append(after)
            node = self._sequence(inner, node)
        self.free[node].append(after)
        return after

    def _at(self, value: Any, node: int) -> int:  # noqa: ANN401
        several = bool(self.flags & re.MULTILINE)
        if value is codes.AT_BEGINNING_STRING or (value is codes.AT_BEGINNING and not several):
            return self._asking("start", node)
        if value is codes.AT_END_STRING or (value is codes.AT_END and not several):
            return self._asking("end", node)
        return node  # A line's start or end, or a word's: held to be so.

    def _set(self, operator: Any, value: Any) -> int:  # noqa: ANN401
        """Return which of the characters one of them may be."""
        folded = bool(self.flags & re.IGNORECASE)
        found = 0
        for place, character in enumerate(self.characters):
            forms = (character, character.swapcase()) if folded else (character,)
            if any(self._matches(operator, value, one) for one in forms if len(one) == 1):
                found |= 1 << place
        return found

    def _matches(self, operator: Any, value: Any, character: str) -> bool:  # noqa: ANN401
        if operator is codes.LITERAL:
            return bool(value == ord(character))
        if operator is codes.NOT_LITERAL:
            return bool(value != ord(character))
        if operator is codes.ANY:
            return character != "\n" or bool(self.flags & re.DOTALL)
        if operator is codes.IN:
            return in_class(value, character)
        raise _TooLargeError  # What looks around, or asks for what a group has matched.


def _named(sequence: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield the characters that a pattern names, and the first and last of its ranges."""
    for operator, value in sequence:
        if operator in (codes.LITERAL, codes.NOT_LITERAL):
            yield chr(value)
        elif operator is codes.RANGE:
            yield from (chr(value[0]), chr(value[1]))
        elif operator is codes.IN:
            yield from _named(value)
        elif operator in _REPEATS:
            yield from _named(value[2])
        elif operator is codes.SUBPATTERN:
            yield from _named(value[-1])
        elif operator is codes.BRANCH:
            for one in value[1]:
                yield from _named(one)


class _Search:
    """Looks for two loops that take the same text."""

    def __init__(self, automaton: _Automaton) -> None:
        self._a = automaton
        self._left = _MOST_STEPS
        self._next = {node: self._following(after) for node, (_, after) in automaton.takes.items()}
        """By node that takes a character: those that may take the next, and in how many ways."""

    def _step(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise _TooLargeError

    def _following(self, node: int) -> dict[int, int]:
        """Return the nodes that take characters and are led to without any, with the ways.

        Engines go round no repetition that has taken nothing since its round began.
        """
        found: dict[int, int] = {}
        waiting: list[tuple[int, tuple[int, ...]]] = [(node, ())]
        while waiting:
            self._step()
            one, way = waiting.pop()
            if one in self._a.takes:
                found[one] = found.get(one, 0) + 1
                continue
            # Where the end is asked for the text ends; at its start it is no more.
            on = (*way, one)
            waiting += [(n, on) for n in self._a.free[one] if self._a.begun.get(n) not in on]
        return found

    def witness(self) -> Witness | None:
        """Return a text that makes it exponential."""
        for node in self._a.takes:
            again = self._two_ways_round(node)
            start = None if again is None else self._word_to(node)
            if again is not None and start is not None:
                found = self._failing(start, again)
                if found is not None:
                    return found
        return None

    def _two_ways_round(self, node: int) -> str | None:
        """Return a text that leads from a node back to it in two ways."""
        first = (node, node, False)
        came: dict[tuple[int, int, bool], tuple[tuple[int, int, bool], str]] = {}
        waiting = deque([first])
        reaches = self._reaching(node)
        while waiting:
            at = waiting.popleft()
            for after, taken in self._pairs(at):
                if after in came or after[0] not in reaches or after[1] not in reaches:
                    continue
                came[after] = (at, taken)
                if after == (node, node, True):
                    return _word(came, first, after)
                waiting.append(after)
        return None

    def _pairs(self, at: tuple[int, int, bool]) -> Iterator[tuple[tuple[int, int, bool], str]]:
        """Yield where two ways may be next, whether they differed by then, and what they took."""
        one, other, differed = at
        both = self._a.takes[one][0] & self._a.takes[other][0]
        if not both:
            return
        taken = self._character(both)
        for first, ways in self._next[one].items():
            for second in self._next[other]:
                self._step()
                differs = differed or first != second or (one == other and ways > 1)
                yield (first, second, differs), taken

    def _reaching(self, node: int) -> set[int]:
        """Return the nodes from which there is a way to this one."""
        before: dict[int, list[int]] = {}
        for one, following in self._next.items():
            for after in following:
                before.setdefault(after, []).append(one)
        found, waiting = {node}, [node]
        while waiting:
            self._step()
            for one in before.get(waiting.pop(), ()):
                if one not in found:
                    found.add(one)
                    waiting.append(one)
        return found

    def _word_to(self, node: int) -> str | None:
        """Return the shortest text that leads from the beginning to a node."""
        came: dict[int, tuple[int, str]] = {}
        waiting = deque(self._from_the_start())
        seen = set(waiting)
        while waiting:
            self._step()
            at = waiting.popleft()
            if at == node:
                word = []
                while at in came:
                    at, taken = came[at]
                    word.append(taken)
                return "".join(reversed(word))
            if not self._a.takes[at][0]:
                continue
            for after in self._next[at]:
                if after not in seen:
                    seen.add(after)
                    came[after] = (at, self._character(self._a.takes[at][0]))
                    waiting.append(after)
        return None

    def _from_the_start(self) -> list[int]:
        return [
            node
            for node in self._closed({self._a.begin}, at_start=True, at_end=False)
            if node in self._a.takes
        ]

    def _character(self, those: int) -> str:
        """Return one of a set of characters: a letter or digit if there is one."""
        own = [c for place, c in enumerate(self._a.characters) if those >> place & 1]
        return next((c for c in own if c.isalnum()), own[0])

    def _failing(self, start: str, again: str) -> Witness | None:
        """Return the text with an end that makes the whole fail, if there is one."""
        for end in ("", *self._a.characters, *(f"{c}\x01" for c in self._a.characters)):
            witness = Witness(start, again, end)
            if not self._accepts(witness.text(_PUMPED)):
                return witness
        return None

    def _accepts(self, text: str) -> bool:
        """Tell whether the pattern may match at the start of a text: engines try that first."""
        places = {character: place for place, character in enumerate(self._a.characters)}
        now = {self._a.begin}
        for position in range(len(text) + 1):
            closed = self._closed(now, at_start=not position, at_end=position == len(text))
            if self._a.accept in closed:
                return True
            if position == len(text):
                return False
            self._step()
            place = places.get(text[position])
            bit = 1 << place if place is not None else 0
            unknown = place is None
            now = {
                self._a.takes[node][1]
                for node in closed
                if node in self._a.takes
                and (self._a.takes[node][0] & bit or (unknown and self._takes_any(node)))
            }
        return False

    def _takes_any(self, node: int) -> bool:
        """Tell whether a node takes a character that no sample stands for."""
        return bool(self._a.takes[node][0] >> self._a.characters.index("\x00") & 1)

    def _closed(self, nodes: set[int], *, at_start: bool, at_end: bool) -> set[int]:
        found = set(nodes)
        waiting = list(nodes)
        while waiting:
            self._step()
            one = waiting.pop()
            after: Sequence[int] = self._a.free[one]
            asked = self._a.asks.get(one)
            if asked is not None and (at_start if asked[0] == "start" else at_end):
                after = [*after, asked[1]]
            for each in after:
                if each not in found:
                    found.add(each)
                    waiting.append(each)
        return found


def _word(
    came: dict[tuple[int, int, bool], tuple[tuple[int, int, bool], str]],
    first: tuple[int, int, bool],
    last: tuple[int, int, bool],
) -> str:
    """Return the text along the way from the first to the last."""
    at, word = last, []
    while True:
        at, taken = came[at]
        word.append(taken)
        if at == first:
            return "".join(reversed(word))
