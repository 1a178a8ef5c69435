"""Is there a text that some patterns match and others do not? The shortest, if there is.

All patterns are walked at once as one non-deterministic automaton whose state is one number: bit
by bit, how far each pattern has come. The product with the complement of the forbidden patterns
is explored lazily, breadth first, so the first text found is the shortest.
"""

from collections import deque
from dataclasses import dataclass
from functools import lru_cache

from stockade.iam.arn import arn_matcher
from stockade.iam.pattern import Match, Tokens, Wild, matcher
from stockade.iam.text import fold

FIRST_VARIABLE, FIRST_ATOM, LAST_LETTER = "\U000f0000", "\U00100000", "\U0010ffff"
"""Letters that stand for a variable's value, and for a part of the text that is not known."""

_FRESH = "xyzqwkvjabcdefghilmnoprstu0123456789-_XYZ"


class ExhaustedError(Exception):
    """The step budget is used up: nothing is proved."""


@dataclass(slots=True)
class Budget:
    """Counts the steps of one comparison."""

    left: int

    def spend(self, steps: int = 1) -> None:
        """Take some steps. Raises `ExhaustedError` when there are none left."""
        self.left -= steps
        if self.left < 0:
            raise ExhaustedError


@dataclass(frozen=True, slots=True)
class Shape:
    """A pattern and how it is read: as an ARN's six parts, without case."""

    tokens: Tokens
    arn: bool = False
    nocase: bool = False

    @property
    def test(self) -> Match:
        """The plain test for one text."""
        return _test(self)

    @property
    def head(self) -> str:
        """The text that every match starts with."""
        return self.tokens[0] if self.tokens and isinstance(self.tokens[0], str) else ""


Union = tuple[Shape, ...]
ANYTHING: Union = (Shape((Wild.STAR,)),)


@lru_cache(maxsize=8192)
def _test(shape: Shape) -> Match:
    if shape.arn:
        return arn_matcher(shape.tokens, pad=False)
    if shape.nocase:
        folded = matcher(tuple(fold(t) if isinstance(t, str) else t for t in shape.tokens))
        return lambda text: folded(fold(text))
    return matcher(shape.tokens)


def has_letters(shape: Shape) -> bool:
    """Whether a variable or unknown part is in the pattern."""
    return any(
        isinstance(token, str) and any(FIRST_VARIABLE <= char <= LAST_LETTER for char in token)
        for token in shape.tokens
    )


@dataclass(frozen=True, slots=True)
class Question:
    """A text in every one of `inside`, in none of `outside`, made of `alphabet` if given."""

    inside: tuple[Union, ...]
    outside: Union
    alphabet: str = ""


def find(question: Question, budget: Budget) -> str | None:
    """Find a text that answers the question; None proves that there is none."""
    inside = [_distinct(one) for one in question.inside]
    if not all(inside):
        return None
    outside = tuple(
        shape
        for shape in dict.fromkeys(question.outside)
        if all(any(_may_meet(shape, other) for other in union) for union in inside)
    )
    inside = [_uncovered(union, outside) for union in inside]
    if not all(inside):
        return None
    tests = [[shape.test for shape in union] for union in inside]
    forbidden = [shape.test for shape in outside]
    for guess in _guesses(min(inside, key=len)) if inside else ("x", ""):
        fits = not question.alphabet or all(char in question.alphabet for char in guess)
        if fits and _answers(guess, tests, forbidden):
            return guess
    return _Walk(inside, outside, question.alphabet, budget).shortest()


def is_proved(question: Question, budget: Budget) -> bool:
    """Whether finding nothing proves that there is nothing.

    With letters in two patterns that must both match it does not: two variables may have one
    value. Then more is asked for, with every letter free, and only that failing is a proof.
    """
    lettered = any(has_letters(shape) for union in question.inside for shape in union)
    if not lettered or len(question.inside) == 1:
        return True
    inside = tuple(tuple(map(_freed, union)) for union in question.inside)
    outside = tuple(shape for shape in question.outside if not has_letters(shape))
    return find(Question(inside, outside, question.alphabet), budget) is None


def _freed(shape: Shape) -> Shape:
    """Put a star in the place of every letter."""
    tokens: list[str | Wild] = []
    for token in shape.tokens:
        if isinstance(token, Wild):
            tokens.append(token)
            continue
        text = ""
        for char in token:
            if FIRST_VARIABLE <= char <= LAST_LETTER:
                tokens.extend([text, Wild.STAR] if text else [Wild.STAR])
                text = ""
            else:
                text += char
        tokens.extend([text] if text else [])
    return Shape(tuple(tokens), shape.arn, shape.nocase)


def _answers(text: str, inside: list[list[Match]], outside: list[Match]) -> bool:
    return all(any(test(text) for test in union) for union in inside) and not any(
        test(text) for test in outside
    )


def _distinct(union: Union) -> Union:
    return tuple(dict.fromkeys(union))


def _may_meet(one: Shape, other: Shape) -> bool:
    """Whether the fixed beginnings agree."""
    a, b = one.head, other.head
    if one.nocase or other.nocase:
        a, b = fold(a), fold(b)
    return a.startswith(b) or b.startswith(a)


def _uncovered(union: Union, outside: Union) -> Union:
    return tuple(s for s in union if not any(covers(other, s) for other in outside))


@lru_cache(maxsize=16384)
def covers(wide: Shape, narrow: Shape) -> bool:
    """Whether it is plain to see that `wide` matches all that `narrow` does (sound, not complete).

    A star of `narrow` becomes a letter that only a star can match.
    """
    if wide == narrow or wide.tokens == (Wild.STAR,):
        return True
    if wide.nocase != narrow.nocase or wide.arn != narrow.arn or Wild.ANY in wide.tokens:
        return False
    if any(_is_star(t) for t in wide.tokens) and has_letters(narrow) and wide.arn:
        return False
    return wide.test("".join(t if isinstance(t, str) else "\ufdd0" for t in narrow.tokens))


def _is_star(token: object) -> bool:
    return token is Wild.STAR


def _guesses(union: Union) -> list[str]:
    """List simple texts that are in the union: every star one way or another."""
    guesses: list[str] = []
    for shape in union[:64]:
        for filling in ("x", "", "example", "a/b"):
            text = "".join(
                token if isinstance(token, str) else (filling if token is Wild.STAR else "x")
                for token in shape.tokens
            )
            guesses.append(text)
    return guesses


class _Walk:
    """The automaton of some patterns, and the search through it."""

    def __init__(self, inside: list[Union], outside: Union, alphabet: str, budget: Budget) -> None:
        self.budget = budget
        self.masks: dict[str, int] = {}
        self.chars: dict[int, set[str]] = {}
        self.any_bits = self.any_but_colon = self.loops = self.loops_but_colon = 0
        self.start = self.size = 0
        self.groups: list[tuple[int, int]] = []
        for union in inside:
            first, accept = self.size, 0
            for shape in union:
                accept |= self._add(shape)
            self.groups.append((((1 << self.size) - 1) ^ ((1 << first) - 1), accept))
        self.forbidden = self.hopeless = 0
        for shape in outside:
            accept = self._add(shape)
            self.forbidden |= accept
            self.hopeless |= accept & self.loops
        self.letters = self._letters(alphabet)

    def _add(self, shape: Shape) -> int:
        """Add one pattern; the bit of its end is returned."""
        self.start |= 1 << self.size
        colons = 0
        for token in shape.tokens:
            bound = shape.arn and colons < 5  # noqa: PLR2004 - the last part of an ARN is free
            bit = 1 << self.size
            if token is Wild.STAR:
                if bound:
                    self.loops_but_colon |= bit
                else:
                    self.loops |= bit
                continue
            if token is Wild.ANY:
                if bound:
                    self.any_but_colon |= bit
                else:
                    self.any_bits |= bit
                self.size += 1
                continue
            for char in token if isinstance(token, str) else "":
                colons += char == ":"
                self._accept_char(char, shape.nocase)
        end = 1 << self.size
        self.size += 1
        return end

    def _accept_char(self, char: str, nocase: bool) -> None:  # noqa: FBT001 - internal
        bit = 1 << self.size
        both = {char, char.lower(), char.upper()} if nocase else {char}
        for one in both:
            if len(one) == 1:
                self.masks[one] = self.masks.get(one, 0) | bit
                self.chars.setdefault(bit, set()).add(one)
        self.size += 1

    def _letters(self, alphabet: str) -> list[str]:
        """One fresh character for all those that no pattern names, then those that are named."""
        fresh = [c for c in (alphabet or _FRESH) if c not in self.masks]
        if not fresh and not alphabet:
            fresh = [next(c for c in map(chr, range(0x4E00, 0x9FFF)) if c not in self.masks)]
        named = [c for c in self.masks if not alphabet or c in alphabet]
        colon = [":"] if ":" not in self.masks and (not alphabet or ":" in alphabet) else []
        return [*fresh[:1], *named, *(c for c in colon if c not in fresh[:1])]

    def _step(self, state: int, char: str) -> int:
        match, loops = self.masks.get(char, 0), self.loops
        if char >= FIRST_ATOM:
            loops |= self.loops_but_colon
        elif char < FIRST_VARIABLE:
            match |= self.any_bits
            if char != ":":
                match |= self.any_but_colon
                loops |= self.loops_but_colon
        return ((state & match) << 1) | (state & loops)

    def _next_letters(self, state: int) -> list[str]:
        """Only the characters that a pattern waits for, where one waits for certain ones."""
        free = self.any_bits | self.any_but_colon | self.loops | self.loops_but_colon
        for bits, _ in self.groups:
            active = state & bits
            if not active & free:
                wanted: set[str] = set()
                while active:
                    bit = active & -active
                    wanted |= self.chars.get(bit, set())
                    active ^= bit
                return [letter for letter in self.letters if letter in wanted]
        return self.letters

    def shortest(self) -> str | None:
        """Walk breadth first until a state is in every group and in nothing forbidden."""
        origin: dict[int, tuple[int, str] | None] = {self.start: None}
        queue = deque([self.start])
        while queue:
            state = queue.popleft()
            if not state & self.forbidden and all(state & accept for _, accept in self.groups):
                return self._spell(origin, state)
            letters = self._next_letters(state)
            self.budget.spend(len(letters) + 1)
            for letter in letters:
                after = self._step(state, letter)
                if after in origin or after & self.hopeless:
                    continue
                if all(after & bits for bits, _ in self.groups):
                    origin[after] = (state, letter)
                    queue.append(after)
        return None

    def _spell(self, origin: dict[int, tuple[int, str] | None], state: int) -> str:
        letters: list[str] = []
        step = origin[state]
        while step is not None:
            state, letter = step
            letters.append(letter)
            step = origin[state]
        return "".join(reversed(letters))
