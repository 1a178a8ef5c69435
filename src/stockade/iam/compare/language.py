"""Is there a text that some patterns match and others do not? The shortest, if there is."""

from dataclasses import dataclass
from functools import lru_cache

from stockade.iam.compare.shapes import (
    FIRST_VARIABLE,
    LAST_LETTER,
    Budget,
    Shape,
    Union,
    has_letters,
)
from stockade.iam.compare.walk import Walk
from stockade.iam.pattern import Match, Wild
from stockade.iam.text import fold


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
    return Walk(inside, outside, question.alphabet, budget).shortest()


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


@lru_cache(maxsize=4096)
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
