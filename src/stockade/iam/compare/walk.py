"""The automaton of some patterns, and the search through it.

All patterns are walked at once as one non-deterministic automaton whose state is one number: bit
by bit, how far each pattern has come. The product with the complement of the forbidden patterns
is explored lazily, breadth first, so the first text found is the shortest.
"""

from collections import deque

from stockade.iam.compare.shapes import FIRST_ATOM, FIRST_VARIABLE, Budget, Shape, Union
from stockade.iam.pattern import Wild

_FRESH = "xyzqwkvjabcdefghilmnoprstu0123456789-_XYZ"
_BITS_A_STEP = 2048
"""A state of more bits than this costs more than one step, in time and in memory."""


class Walk:
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
        weight = 1 + self.size // _BITS_A_STEP
        while queue:
            state = queue.popleft()
            if not state & self.forbidden and all(state & accept for _, accept in self.groups):
                return self._spell(origin, state)
            letters = self._next_letters(state)
            self.budget.spend((len(letters) + 1) * weight)
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
