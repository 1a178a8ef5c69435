"""Patterns as automata read them, the letters in them, and the budget of a comparison."""

from dataclasses import dataclass
from functools import lru_cache

from stockade.iam.arn import arn_matcher
from stockade.iam.pattern import Match, Tokens, matcher
from stockade.iam.text import fold

FIRST_VARIABLE, FIRST_ATOM, LAST_LETTER = "\U000f0000", "\U00100000", "\U0010ffff"
"""Letters that stand for a variable's value, and for a part of the text that is not known."""


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


@lru_cache(maxsize=2048)
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
