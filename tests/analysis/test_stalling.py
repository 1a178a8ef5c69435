"""Which patterns a text can stall, and the text that does."""

import re

import pytest

from stockade.analysis.libraries.stalling import as_python, stalls

EXPONENTIAL = [
    r"^(a+)+$",
    r"(a*)*b",
    r"^(a|a)*$",
    r"(a|aa)+$",
    r"(a*?)*?$",
    r"^(?:a?b?)*$",
    r"(x+x+)+y",
    r"^(\d+,?)+$",
    r"(\s*\w+\s*)*$",
    r"^([\w.]+)*@x",
    r"^(.*)*x$",
    r"^((?:\w|\d)+)*:$",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"(?:<[^>]*>|[^<]|\s)*<",
    r"^\w+([.-]?\w+)*@\w+([.-]?\w+)*(\.\w{2,3})+$",
    r"^([a-zA-Z0-9_.-])+@(([a-zA-Z0-9-])+\.)+([a-zA-Z0-9]{2,4})+$",
    r"^([a-z]{1,20})+$",
]

HARMLESS = [
    r"^a+$",
    r"(a+b)+$",
    r"^(\d+,)+$",
    r"^[\w.]+@[\w.]+$",
    r"^((a?)*b)*$",
    r"^(a{1,3}b)+$",
    r"(\w+\s*)+",  # Nothing can follow that fails.
    r"([\s\S]*)*$",
    r"^[a-z0-9]+(?:-[a-z0-9]+)*$",
    r"^(https?:\/\/)?([\w-]+\.)+[\w-]+(\/[\w-]*)*$",
    r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$",
    r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
    r"^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$",
]

NOT_JUDGED = [
    r"^(?=x)(a+)+$",
    r"^(a+)+\1$",
    r"^(a+",
    "(" * 200 + "a" + ")+" * 200,
    "((a{1,11}){1,11}){1,11}x",
    "(a|b)+" * 300,
]


@pytest.mark.parametrize("pattern", EXPONENTIAL)
def test_a_text_that_can_be_taken_in_two_ways_again_and_again_stalls_a_pattern(
    pattern: str,
) -> None:
    """The text fails to match, and what repeats in it is what makes it slow."""
    witness = stalls(pattern)
    assert witness is not None
    assert witness.again
    assert re.match(pattern, witness.text(2)) is None


@pytest.mark.parametrize("pattern", HARMLESS)
def test_a_pattern_with_one_way_to_take_each_text_does_not_stall(pattern: str) -> None:
    """Repetition within repetition alone does no harm."""
    assert stalls(pattern) is None


@pytest.mark.parametrize("pattern", NOT_JUDGED)
def test_what_is_too_large_or_is_not_understood_is_not_held_to_stall(pattern: str) -> None:
    """Lookarounds, references back and broken patterns are given up, in bounded time."""
    assert stalls(pattern) is None


def test_a_pattern_that_must_match_the_whole_text_can_fail_at_its_end() -> None:
    """What succeeds at once as a search has to try all where the end is held to."""
    assert stalls(r"(\w+\s?)+") is None
    assert stalls(r"(\w+\s?)+", start=True, end=True) is not None


def test_patterns_of_javascript_are_judged_as_python_writes_them() -> None:
    """Named groups, any character and properties of Unicode are written differently."""
    assert as_python(r"(?<year>\d+)-[^]\k<year>\/(?<!x)(?<=y)") == (
        r"(?P<year>\d+)-[\s\S](?P=year)\/(?<!x)(?<=y)"
    )
    assert stalls(as_python(r"^(?<word>\p{L}+)+$")) is not None
