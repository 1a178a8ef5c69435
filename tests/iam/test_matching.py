"""Wildcards match in linear time and agree with a plain definition of what they mean."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade import iam
from stockade.iam.pattern import matcher, tokenize
from stockade.iam.text import fold, lower


def defined(pattern: str, text: str) -> bool:
    """Say what a wildcard pattern means, by the textbook: one table, filled row by row."""
    row = [True] + [False] * len(text)
    for char in pattern:
        above, row = row, [char == "*" and row[0]]
        for at, own in enumerate(text):
            if char == "*":
                row.append(above[at + 1] or row[at])
            else:
                row.append(above[at] and char in ("?", own))
    return row[-1]


@given(st.text("ab*?", max_size=8), st.text("ab*?", max_size=10))
def test_patterns_mean_what_they_are_defined_to(pattern: str, text: str) -> None:
    """The prepared matcher agrees with the definition."""
    assert matcher(tokenize(pattern))(text) == defined(pattern, text)


@pytest.mark.parametrize(
    "pattern",
    [
        "*a" * 2_000 + "b",
        "a*" * 2_000 + "b",
        "?*" * 2_000 + "b",
        "*" * 5_000 + "b",
        "*?a?a" * 900 + "b",
    ],
)
def test_patterns_made_to_explode_do_not(pattern: str) -> None:
    """A hostile pattern against a long text ends at once."""
    started = time.process_time()
    statement = {"Effect": "Allow", "Action": "*", "Resource": f"arn:aws:s3:::b/{pattern}"}
    policies = iam.Policies(identity=[{"Version": "2012-10-17", "Statement": [statement]}])
    request = iam.Request(
        "arn:aws:iam::111122223333:user/a",
        "s3:GetObject",
        "arn:aws:s3:::b/" + "a" * 10_000,
        account="111122223333",
    )

    assert not iam.decide(request, policies).allowed
    assert time.process_time() - started < 2


def test_letters_that_only_look_alike_stay_apart() -> None:
    """Actions fold ASCII letters only: the Kelvin sign is no k, the long s no s."""
    assert lower("\u212aMS:Decrypt") != "kms:decrypt"
    assert lower("\u017f3:GetObject") != "s3:getobject"
    assert lower("KMS:Decrypt") == "kms:decrypt"


@given(st.text(max_size=20))
def test_folding_keeps_the_length(text: str) -> None:
    """No letter turns into two when case is ignored, and folding twice changes nothing."""
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)
