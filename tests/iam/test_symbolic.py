"""Deciding with ARNs and policies of which parts are not known yet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade import iam
from stockade.iam.compare import compare
from stockade.iam.pattern import tokenize
from stockade.iam.symbolic import atom, like, show
from stockade.iam.truth import Unsure

PARTITION, REGION, ACCOUNT = atom("AWS::Partition"), atom("AWS::Region"), atom("AWS::AccountId")
ORDERS, USERS = atom("Orders", unique=True), atom("Users", unique=True)
NAME = atom("TableName")
ROLE = f"arn:{PARTITION}:iam::{ACCOUNT}:role/{atom('AppRole', unique=True)}"


def table(name: str) -> str:
    """Write the ARN of a table."""
    return f"arn:{PARTITION}:dynamodb:{REGION}:{ACCOUNT}:table/{name}"


def decide(pattern: str, resource: str) -> iam.Decision:
    """Decide a read of `resource` by a role that may read `pattern`."""
    allow = {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": pattern}
    policies = iam.Policies(identity=[{"Version": "2012-10-17", "Statement": [allow]}])
    return iam.decide(iam.Request(ROLE, "dynamodb:GetItem", resource, account=ACCOUNT), policies)


@pytest.mark.parametrize(
    ("pattern", "resource", "effect"),
    [
        (table(ORDERS), table(ORDERS), "Allowed"),
        (table(ORDERS), table(USERS), "ImplicitlyDenied"),
        (table(f"{ORDERS}/*"), table(f"{ORDERS}/index/ByDay"), "Allowed"),
        (table(f"{ORDERS}/*"), table(f"{USERS}/index/ByDay"), "ImplicitlyDenied"),
        (table(f"{ORDERS}/*"), table(ORDERS), "ImplicitlyDenied"),
        (table("*"), table(ORDERS), "Allowed"),
        ("*", table(ORDERS), "Allowed"),
        ("arn:aws:dynamodb:*:*:table/*", table(ORDERS), "Unknown"),
        ("arn:*:dynamodb:*:*:table/*", table(ORDERS), "Allowed"),
        ("arn:*:dynamodb:*:*:table/prod-*", table(ORDERS), "Unknown"),
        ("arn:*:dynamodb:*:*:table/?*", table(ORDERS), "Allowed"),
        ("arn:*:dynamodb:*:*:table/??", table(ORDERS), "Unknown"),
        ("arn:*:sqs:*:*:*", table(ORDERS), "ImplicitlyDenied"),
        (table("fixed"), table(ORDERS), "Unknown"),
        (table(NAME), table(ORDERS), "Unknown"),
        (table(NAME), table(NAME), "Allowed"),
        (table(NAME), "arn:aws:s3:::x", "ImplicitlyDenied"),
        (table(NAME), atom("TableArn"), "Unknown"),
        (atom("TableArn"), atom("TableArn"), "Allowed"),
        (atom("TableArn"), table(ORDERS), "Unknown"),
        ("*", atom("TableArn"), "Allowed"),
        (atom("TableArn") + "/*", table(f"{ORDERS}/index/ByDay"), "Unknown"),
        (atom("TableArn") + "/index/*", table(f"{NAME}/stream/1"), "Unknown"),
        (atom("TableArn") + "/index/*", "arn:aws:s3:::orders/1", "ImplicitlyDenied"),
        (atom("TableArn") + "*", "arn:aws:s3:::x", "Unknown"),
        (atom("TableArn") + "/*", atom("TableArn") + "/index/ByDay", "Allowed"),
    ],
)
def test_an_unknown_part_equals_itself_and_is_covered_by_a_star(
    pattern: str, resource: str, effect: str
) -> None:
    """Anything else about it is not known, and different unique names are different."""
    assert decide(pattern, resource).effect == effect


def test_a_resource_that_a_parameter_leaves_empty_covers_nothing() -> None:
    """`Resource: !Ref SenderArn`, whose default is empty: AWS refuses it, and so nothing hangs."""
    empty = {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": ""}
    policies = iam.Policies(identity=[iam.read({"Version": "2012-10-17", "Statement": [empty]})])
    request = iam.Request(ROLE, "dynamodb:GetItem", table(ORDERS), account=ACCOUNT)
    assert not iam.decide(request, policies).allowed


def test_the_unknown_parts_that_would_decide_are_named() -> None:
    """An Unknown decision names the expressions as CloudFormation writes them."""
    assert decide(table("fixed"), table(ORDERS)).unknown == ("${Orders}",)


def test_another_account_that_is_not_known_may_be_ours() -> None:
    """Whether two accounts are one matters only where the answer depends on it."""
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    policies = iam.Policies(identity=[{"Version": "2012-10-17", "Statement": [allow]}])
    foreign = iam.Request("arn:aws:iam::111122223333:user/a", "dynamodb:GetItem", table(ORDERS))
    decision = iam.decide(foreign, policies)

    assert decision.effect == "Unknown"
    assert decision.unknown == ("${AWS::AccountId}",)


def test_conditions_and_principals_may_hold_unknown_parts() -> None:
    """Equal expressions are equal in conditions and in Principal, others are not known."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": ROLE},
        "Action": "sqs:SendMessage",
        "Resource": "*",
        "Condition": {"ArnEquals": {"aws:SourceArn": table(ORDERS)}},
    }
    policies = iam.Policies(resource={"Version": "2012-10-17", "Statement": [statement]})

    def ask(principal: str, source: str) -> str:
        request = iam.Request(
            principal, "sqs:SendMessage", table("q"), context={"aws:SourceArn": source}
        )
        return iam.decide(request, policies).effect

    assert ask(ROLE, table(ORDERS)) == "Allowed"
    assert ask(ROLE, table(USERS)) == "ImplicitlyDenied"
    assert ask(ROLE, table(NAME)) == "Unknown"
    other = f"arn:{PARTITION}:iam::{ACCOUNT}:role/{atom('OtherRole')}"
    assert ask(other, table(ORDERS)) == "Unknown"


def test_numbers_and_addresses_that_are_not_known_are_not_guessed() -> None:
    """A comparison with an unknown bound is unknown, unless a known bound settles it."""

    def ask(bound: list[str]) -> str:
        condition = {"NumericLessThan": {"s3:max-keys": bound}}
        allow = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}
        policies = iam.Policies(identity=[{"Version": "2012-10-17", "Statement": [allow]}])
        request = iam.Request(ROLE, "a:B", table(ORDERS), context={"s3:max-keys": "5"})
        return iam.decide(request, policies).effect

    assert ask([atom("Max")]) == "Unknown"
    assert ask([atom("Max"), "10"]) == "Allowed"


def test_comparing_sees_equal_expressions_as_equal() -> None:
    """Two versions of an application are compared before anything is deployed."""

    def policy(*resources: str) -> dict[str, object]:
        allow = {"Effect": "Allow", "Action": "dynamodb:*", "Resource": list(resources)}
        return {"Version": "2012-10-17", "Statement": [allow]}

    assert compare(policy(table(ORDERS)), policy(table(ORDERS))).verdict == "none"
    assert compare(policy(table("*")), policy(table(ORDERS))).verdict == "none"
    assert compare(policy(table(ORDERS)), policy(table(ORDERS), table(USERS))).verdict == "new"
    assert compare(policy(table(ORDERS)), policy(table(ORDERS), table(NAME))).verdict == "unknown"


def test_people_see_expressions() -> None:
    """Private-use characters never reach a message."""
    assert show(f"a-{ORDERS}-{NAME}") == "a-${Orders}-${TableName}"


names = st.sampled_from(["A", "B"])
parts = st.lists(st.sampled_from(["a", "b", "/", "@A", "@B"]), max_size=5)
patterns = st.lists(st.sampled_from(["a", "b", "/", "*", "?", "@A", "@B"]), max_size=6)


@given(
    parts, patterns, st.text("ab", min_size=1, max_size=2), st.text("ab", min_size=1, max_size=2)
)
def test_what_is_certain_holds_for_every_value(
    text: list[str], pattern: list[str], a: str, b: str
) -> None:
    """A certain answer about texts with unknown parts is true whatever is put in for them."""

    def written(pieces: list[str]) -> str:
        return "".join(atom(one[1:]) if one.startswith("@") else one for one in pieces)

    def filled(pieces: list[str]) -> str:
        return "".join({"@A": a, "@B": b}.get(one, one) for one in pieces)

    answer = like(tokenize(written(pattern)), written(text))
    if not isinstance(answer, Unsure):
        assert like(tokenize(filled(pattern)), filled(text)) is answer
