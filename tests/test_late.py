"""Patterns that are compiled when they are first used."""

import re

import pytest

from stockade._late import pattern


def test_a_late_pattern_answers_as_a_compiled_one() -> None:
    """Every method gives what the compiled pattern gives, the first time and later."""
    text = "Ref Orders, ref Items"
    for method, arguments in (
        ("findall", (text,)),
        ("sub", ("x", text)),
        ("subn", ("x", text)),
        ("split", (text,)),
    ):
        late = pattern(r"ref (\w+)", re.IGNORECASE)
        compiled = re.compile(r"ref (\w+)", re.IGNORECASE)
        expected = getattr(compiled, method)(*arguments)

        assert [getattr(late, method)(*arguments) for _ in range(2)] == [expected, expected]

    found = pattern(rb"b(\d)").search(b"ab1")

    assert found is not None
    assert found[1] == b"1"
    assert pattern("a").match("b") is None
    assert pattern("(a)").groups == 1


def test_a_wrong_pattern_is_told_when_it_is_used() -> None:
    """Making it raises nothing; using it does."""
    wrong = pattern("(")

    with pytest.raises(re.error):
        wrong.search("x")
