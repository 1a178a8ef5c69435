"""Reading policy documents: what is in them, where it stands, and what is wrong with it."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade import iam

USER = "arn:aws:iam::111122223333:user/ana"
GOOD = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def problems(*statements: object, **more: object) -> list[str]:
    """All problems of a document of these statements."""
    return [str(one) for one in iam.read({"Statement": list(statements), **more}).problems]


def test_statements_know_their_lines_and_columns() -> None:
    """Every statement of a text has the place where it starts, strings and all."""
    text = """{
  "Id": "Statement: [{",
  "Statement": [
    {"Effect": "Allow", "Action": "s3:*", "Resource": ["a", "{"]},
      {"Effect": "Deny", "Action": "*", "Resource": "*",
       "Condition": {"Bool": {"k:a": "true"}}}
  ],
  "Version": "2012-10-17"
}"""
    places = [str(one.at) for one in iam.parse(text).statements]

    assert places == ["4:5", "5:7"]


def test_a_single_statement_has_its_place_too() -> None:
    """A Statement that is an object, not a list, is found."""
    policy = iam.parse('{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}')

    assert str(policy.statements[0].at) == "1:14"


def test_plain_values_have_index_and_sid() -> None:
    """A mapping has no lines, but its statements are counted and named."""
    policy = iam.parse({"Statement": [GOOD, GOOD | {"Sid": "Two"}]}, name="p")

    assert [(one.index, one.sid, str(one.at)) for one in policy.statements] == [
        (0, "", ""),
        (1, "Two", ""),
    ]


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        (GOOD | {"Effect": "allow"}, "Effect is “allow”"),
        (GOOD | {"Effect": None}, "Effect is null"),
        (GOOD | {"Efect": "Allow"}, "unknown element “Efect”"),
        (GOOD | {"NotAction": "s3:*"}, "Action and NotAction exclude each other"),
        (GOOD | {"NotResource": "*"}, "Resource and NotResource exclude each other"),
        ({"Effect": "Allow", "Resource": "*"}, "there is neither Action nor NotAction"),
        (GOOD | {"Action": "GetObject"}, "“GetObject” is no action"),
        (GOOD | {"Action": ""}, "“” is no action"),
        (GOOD | {"Action": ":GetObject"}, "“:GetObject” is no action"),
        (GOOD | {"Action": "s3:"}, "“s3:” is no action"),
        (GOOD | {"Action": "s3:Get:Object"}, "“s3:Get:Object” is no action"),
        (GOOD | {"Action": ["s3:*", 7]}, "Action holds a number, not a string"),
        (GOOD | {"Resource": {"Ref": "B"}}, "Resource holds an object, not a string"),
        (
            GOOD | {"Principal": "111122223333"},
            'Principal is “111122223333”, not "*" or an object',
        ),
        (GOOD | {"Principal": {"Amazon": "*"}}, "Principal has unknown kind “Amazon”"),
        (GOOD | {"Condition": []}, "Condition is a list, not an object"),
        (GOOD | {"Condition": {"StringIs": {}}}, "“StringIs” is no condition operator"),
        (GOOD | {"Condition": {"NullIfExists": {}}}, "“NullIfExists” is no condition operator"),
        (GOOD | {"Condition": {"ForSome:Bool": {}}}, "“ForSome:Bool” is no condition operator"),
        (GOOD | {"Condition": {"Bool": "true"}}, "Condition.Bool is a string, not an object"),
        (GOOD | {"Condition": {"Bool": {"k": None}}}, "Condition.Bool.“k” holds null"),
        (GOOD | {"Sid": 7}, "Sid is a number, not a string"),
        ("Allow", "a statement is an object, not a string"),
    ],
)
def test_a_problem_says_what_and_where(statement: object, problem: str) -> None:
    """What AWS would refuse is named with the path of its statement."""
    assert f"Statement[1]: {problem}" in problems(GOOD, statement)


def test_the_document_itself_is_checked() -> None:
    """Version, unknown elements and a missing Statement are problems of the document."""
    assert problems(GOOD, Version="2012-10-18") == ["Version “2012-10-18” does not exist"]
    assert problems(GOOD, Name="x") == ["unknown element “Name”"]
    assert [str(one) for one in iam.read({}).problems] == ["there is no Statement"]


def test_a_key_written_twice_is_found() -> None:
    """JSON readers keep the last of two keys in silence; a policy must not."""
    text = (
        '{"Statement": [\n{"Effect": "Deny", "Effect": "Allow", "Action": "*", "Resource": "*"}]}'
    )

    with pytest.raises(iam.PolicyError, match=r"2:1 .*“Effect” is written twice"):
        iam.parse(text)


@pytest.mark.parametrize(
    "text", ["", "{", "null", "[]", '"x"', '{"Statement": NaN}', '{"a": 1' + "0" * 5000 + "}"]
)
def test_what_is_no_object_is_refused(text: str) -> None:
    """Text that is not a JSON object raises an error with a hint."""
    with pytest.raises(iam.PolicyError) as caught:
        iam.parse(text, name="p")

    assert caught.value.hint
    assert str(caught.value).startswith("p: ")


def test_a_malformed_statement_makes_what_it_might_decide_unknown() -> None:
    """A lenient reading never takes a broken statement for an Allow, nor drops a broken Deny."""
    broken = iam.read({"Statement": [GOOD, {"Effect": "Deny", "Action": "s3:*", "Resorce": "*"}]})
    request = iam.Request(USER, "s3:GetObject", "arn:aws:s3:::b/k", account="111122223333")
    decision = iam.decide(request, iam.Policies(identity=[broken]))

    assert decision.effect is iam.Effect.UNKNOWN
    assert decision.unknown == ("statement 2 of the identity policy: unknown element “Resorce”",)


def test_an_unquoted_date_of_yaml_is_a_version() -> None:
    """YAML readers make a date of `Version: 2012-10-17`."""
    from datetime import date  # noqa: PLC0415

    assert iam.parse({"Version": date(2012, 10, 17), "Statement": [GOOD]}).has_variables


def test_messages_hold_no_control_characters() -> None:
    """Hostile names cannot move the reader's cursor."""
    (problem,) = problems(GOOD | {"\x1b[2J": 1})

    assert "\x1b" not in problem


def test_ten_thousand_statements_are_read_prepared_and_asked_in_bounded_time() -> None:
    """A huge document costs time in proportion, and a decision over it next to none."""
    statements = [
        {
            "Sid": f"S{n}",
            "Effect": "Allow",
            "Action": f"s3:Op{n}",
            "Resource": f"arn:aws:s3:::b{n}/*",
        }
        for n in range(10_000)
    ]
    started = time.process_time()
    policies = iam.Policies(identity=[iam.parse(json.dumps({"Statement": statements}, indent=1))])
    request = iam.Request(USER, "s3:Op9999", "arn:aws:s3:::b9999/k", account="111122223333")
    decision = iam.decide(request, policies)

    assert decision.because[0].at.line > 10_000  # type: ignore[union-attr]
    assert time.process_time() - started < 5


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["*", "Allow"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "Statement",
                    "Effect",
                    "Action",
                    "Resource",
                    "Principal",
                    "Condition",
                    "Bool",
                    "AWS",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(json_values)
def test_any_json_is_read_or_refused(value: object) -> None:
    """No JSON value makes the reader fail in any other way."""
    try:
        policy = iam.read(json.dumps(value))
    except iam.PolicyError:
        return

    assert isinstance(policy, iam.Policy)
