"""The stream of cases: one line in, one line out, whatever the line holds."""

import json

import pytest

from stockade.iam.cases import run_cases

POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
}
CASE: dict[str, object] = {
    "name": "one",
    "request": {
        "principal": "arn:aws:iam::111122223333:user/ana",
        "action": "s3:GetObject",
        "resource": {"arn": "arn:aws:s3:::data/x", "account": "111122223333"},
        "context": {},
    },
    "identity_policies": [{"name": "reader", "policy": POLICY}],
    "resource_policy": None,
    "permission_boundaries": [],
    "scps": [],
    "rcps": [],
    "session_policy": None,
    "vpc_endpoint_policies": [],
}


def answer(line: str) -> dict[str, object]:
    """Run one line."""
    (out,) = run_cases([line])
    found = json.loads(out)
    assert isinstance(found, dict)
    return found


def test_the_statement_that_decided_is_named() -> None:
    """An allowed request names the policy, the statement's number, its Sid and its effect."""
    expected = {
        "source": "identity",
        "policy": "reader",
        "statement": 0,
        "sid": "Read",
        "effect": "Allow",
    }

    assert answer(json.dumps(CASE)) == {
        "name": "one",
        "decision": "Allowed",
        "because": [expected],
    }


def test_a_missing_allow_is_named() -> None:
    """An implicit denial says which kind of policy, at which level, does not allow."""
    level = {"orgIdentifier": "ou-1", "policies": []}

    assert answer(json.dumps(CASE | {"scps": [level]}))["because"] == [
        {"source": "scp", "missing": "Allow", "level": "ou-1"}
    ]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("{", "1:2: not JSON: Expecting property name enclosed in double quotes"),
        ("[]", "the line is not an object"),
        ("{}", "request is not an object"),
        ('{"name": "x", "request": 1}', "request is not an object"),
        (json.dumps(CASE | {"request": {}}), "request.resource is not an object"),
        (json.dumps(CASE | {"identity_policies": 1}), "identity_policies is not an object"),
        (json.dumps(CASE | {"scps": POLICY}), "scps is not a list"),
        (json.dumps(CASE | {"resource_policy": [POLICY]}), "resource_policy is not an object"),
        (
            json.dumps(CASE | {"resource_policy": "x"}),
            "resource_policy: 1:1: not JSON: Expecting value",
        ),
        (
            json.dumps(CASE | {"resource_policy": {"Statement": [{"Effect": "Maybe"}]}}),
            "resource_policy: Statement[0]: Effect is “Maybe” (and 1 more)",
        ),
        ("[" * 100_000, "nested too deeply to be a policy"),
    ],
)
def test_a_bad_line_gives_an_error_and_the_next_one_is_decided(line: str, error: str) -> None:
    """A malformed line says what is wrong with it, and the stream goes on."""
    first, second = (json.loads(out) for out in run_cases([line, json.dumps(CASE)]))

    assert (first["error"], first["line"]) == (error, 1)
    assert second["decision"] == "Allowed"


def test_a_key_written_twice_is_an_error_even_where_the_rest_was_seen_before() -> None:
    """Policies are remembered by their content; a doubled key does not hide in it."""
    good = json.dumps(CASE)
    doubled = good.replace('"Effect": "Allow"', '"Effect": "Allow", "Effect": "Allow"')
    first, second = (json.loads(out) for out in run_cases([good, doubled]))

    assert first["decision"] == "Allowed"
    assert second["error"] == "reader: Statement[0]: “Effect” is written twice"


def test_keys_that_mean_nothing_are_named() -> None:
    """A misspelt kind of policy is not ignored in silence."""
    assert answer(json.dumps(CASE | {"scp": []}))["ignored"] == ["scp"]


def test_blank_lines_are_skipped() -> None:
    """Nothing comes out for an empty line."""
    assert list(run_cases(["", "  \n"])) == []


def test_the_stream_is_lazy() -> None:
    """Each line is decided before the next one is read."""
    read: list[int] = []

    def lines() -> object:
        for number in range(3):
            read.append(number)
            yield json.dumps(CASE)

    stream = run_cases(lines())  # type: ignore[arg-type]
    next(stream)

    assert read == [0]


def asked(**changes: object) -> dict[str, object]:
    """Return the case with another request."""
    request = CASE["request"]
    assert isinstance(request, dict)
    return CASE | {"request": request | changes}


@pytest.mark.parametrize(
    "case",
    [
        CASE | {"identity_policies": POLICY},
        CASE | {"identity_policies": json.dumps(POLICY)},
        CASE | {"identity_policies": [json.dumps(POLICY)]},
        CASE
        | {"identity_policies": [{"name": "reader", "policy": "\ufeff" + json.dumps(POLICY)}]},
        CASE | {"session_policy": [POLICY]},
        CASE | {"permission_boundaries": {"name": "limit", "policy": POLICY}},
        CASE | {"scps": [{"orgIdentifier": "root", "policies": json.dumps(POLICY)}]},
        asked(resource="arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"),
        asked(context=None),
    ],
)
def test_what_others_write_down_is_taken_as_it_is(case: dict[str, object]) -> None:
    """One policy without a list, policies as JSON text, a resource as its ARN are understood."""
    assert answer(json.dumps(case))["decision"] == "Allowed"


@pytest.mark.parametrize(
    ("value", "operator", "wanted"),
    [
        (True, "Bool", "true"),
        (3600, "NumericEquals", "3600"),
        (1e21, "NumericGreaterThan", "5"),
        (2.5, "NumericLessThan", 3),
        ([True, False], "ForAnyValue:Bool", "false"),
        (None, "Null", "true"),
    ],
)
def test_context_values_may_be_what_json_has(value: object, operator: str, wanted: object) -> None:
    """Numbers and booleans are read as their text, and null is no value."""
    condition = {operator: {"aws:Example": wanted}}
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}
    policy = {"Version": "2012-10-17", "Statement": statement}
    case = asked(context={"AWS:example": value}) | {"identity_policies": [policy]}

    assert answer(json.dumps(case))["decision"] == "Allowed"


@pytest.mark.parametrize("indent", [None, 2])
def test_an_array_of_cases_is_answered_one_by_one(indent: int | None) -> None:
    """What a program wrote as one array, on one line or on many, gives a line for each case."""
    text = json.dumps([CASE, CASE | {"name": "two", "identity_policies": []}, 3], indent=indent)
    first, second, third = (json.loads(out) for out in run_cases(text.splitlines(keepends=True)))

    assert (first["name"], first["decision"]) == ("one", "Allowed")
    assert (second["name"], second["decision"]) == ("two", "ImplicitlyDenied")
    assert (third["name"], third["line"], third["error"]) == (None, 1, "the line is not an object")
