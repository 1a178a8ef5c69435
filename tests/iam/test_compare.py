"""Comparing two policies: what NEW allows that OLD did not."""

import itertools
import random
import time

import pytest

from stockade import iam
from stockade.iam.compare import compare, compare_each, comparison_json

Document = dict[str, object]
ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"


def policy(*statements: dict[str, object]) -> Document:
    """Make a document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: object, resource: object = "*", **more: object) -> dict[str, object]:
    """Make an Allow."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: object, resource: object = "*", **more: object) -> dict[str, object]:
    """Make a Deny."""
    return allow(action, resource, **more) | {"Effect": "Deny"}


def when(operator: str, *values: str, key: str = "k:a") -> dict[str, object]:
    """Make a statement that holds under one condition."""
    return allow("s3:GetObject", Condition={operator: {key: list(values)}})


OWN = "arn:aws:s3:::data/${aws:username}/*"


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ([], [], "none"),
        ([], [allow("s3:GetObject")], "new"),
        ([allow("s3:GetObject")], [], "none"),
        ([allow("s3:Get*")], [allow("s3:GetObject")], "none"),
        ([allow("s3:GetObject")], [allow("s3:Get*")], "new"),
        ([allow("S3:GETOBJECT")], [allow("s3:getobject")], "none"),
        ([allow("s3:*")], [allow(["s3:Get*", "s3:Put*"]), allow("s3:List*")], "none"),
        ([allow(["s3:Get*", "s3:Put*"])], [allow("s3:GetObject"), allow("s3:PutObject")], "none"),
        ([allow("s3:*")], [allow("*")], "new"),
        ([allow("*:*")], [allow("*")], "none"),
        ([], [allow("sts:GetCallerIdentity")], "none"),
        ([allow("*")], [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], "none"),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], [allow("*")], "new"),
        ([allow("s3:*"), deny("s3:Delete*")], [allow("s3:*")], "new"),
        ([allow("s3:*"), deny("s3:DeleteObject")], [allow("s3:*"), deny("s3:Delete*")], "none"),
        ([allow("s3:*"), deny("s3:Delete*")], [allow("s3:*"), deny("s3:DeleteObject")], "new"),
        ([allow("s3:*", "arn:aws:s3:::*")], [allow("s3:*", "arn:aws:s3:::a/*")], "none"),
        ([allow("s3:*", "arn:aws:s3:::a/*")], [allow("s3:*", "arn:aws:s3:::a*")], "new"),
        (
            [allow("s3:*", ["arn:aws:s3:::a/x*", "arn:aws:s3:::a/y*"])],
            [allow("s3:*", "arn:aws:s3:::a/x1")],
            "none",
        ),
        (
            [allow("s3:*", "arn:aws:s3:::?*")],
            [allow("s3:*", ["arn:aws:s3:::a", "arn:aws:s3:::b*"])],
            "none",
        ),
        ([allow("sqs:*", "arn:aws:sqs:*:*:*")], [allow("sqs:*", "arn:aws:sqs:us-*")], "none"),
        ([allow("ec2:*", "arn:*")], [allow("ec2:*", "*")], "new"),
        (
            [allow("s3:*")],
            [allow("s3:*", "arn:aws:s3:::a"), allow("s3:*", "arn:aws:s3:::b")],
            "none",
        ),
        (
            [allow("s3:*", "arn:aws:s3:::a*"), allow("s3:*", "arn:aws:s3:::b*")],
            [allow("s3:Get*", ["arn:aws:s3:::a1", "arn:aws:s3:::b1"])],
            "none",
        ),
        ([allow("s3:*", OWN)], [allow("s3:GetObject", OWN)], "none"),
        ([allow("s3:*", OWN)], [allow("s3:*", "arn:aws:s3:::data/*")], "new"),
        ([allow("s3:*", "arn:aws:s3:::data/*")], [allow("s3:*", OWN)], "none"),
        ([allow("s3:*", OWN)], [allow("s3:*", "arn:aws:s3:::data/${aws:userid}/*")], "new"),
        ([when("StringEquals", "a")], [when("StringEquals", "a", "b")], "new"),
        ([when("StringEquals", "a", "b")], [when("StringEquals", "a")], "none"),
        ([when("StringLike", "a*")], [when("StringEquals", "ab")], "none"),
        ([when("StringLike", "a*")], [when("StringLike", "ab*", "ac*")], "none"),
        ([when("StringEqualsIgnoreCase", "ab")], [when("StringEquals", "aB")], "none"),
        ([when("StringEquals", "ab")], [when("StringEqualsIgnoreCase", "ab")], "new"),
        ([allow("s3:GetObject")], [when("StringEquals", "a")], "none"),
        ([when("StringEquals", "a")], [allow("s3:GetObject")], "new"),
        ([when("StringEquals", "a")], [when("StringEqualsIfExists", "a")], "new"),
        ([when("StringEqualsIfExists", "a")], [when("StringEquals", "a")], "none"),
        ([when("StringNotEquals", "a")], [when("StringNotEquals", "a", "b")], "none"),
        ([when("StringNotEquals", "a", "b")], [when("StringNotEquals", "a")], "new"),
        (
            [when("StringNotEquals", "a"), when("StringEquals", "a")],
            [allow("s3:GetObject")],
            "none",
        ),
        ([when("Null", "true"), when("StringLike", "*")], [allow("s3:GetObject")], "none"),
        ([when("NumericLessThan", "10")], [when("NumericLessThanEquals", "10")], "new"),
        ([when("NumericLessThanEquals", "10")], [when("NumericLessThan", "10")], "none"),
        (
            [when("NumericLessThan", "10"), when("NumericGreaterThan", "5")],
            [when("NumericEquals", "7")],
            "none",
        ),
        (
            [when("DateLessThan", "2027-01-01")],
            [when("DateLessThan", "2026-12-31T23:59:59Z")],
            "none",
        ),
        ([when("DateLessThan", "2026-12-31")], [when("DateLessThan", "2027-01-01")], "new"),
        (
            [when("IpAddress", "10.0.0.0/9", "10.128.0.0/9")],
            [when("IpAddress", "10.0.0.0/8")],
            "none",
        ),
        ([when("IpAddress", "10.0.0.0/8")], [when("IpAddress", "10.0.0.0/7")], "new"),
        ([when("IpAddress", "0.0.0.0/0")], [when("IpAddress", "2001:db8::/32")], "new"),
        ([when("NotIpAddress", "10.0.0.0/8")], [when("NotIpAddress", "10.0.0.0/9")], "new"),
        ([when("Bool", "true"), when("Bool", "false")], [when("Bool", "true", "false")], "none"),
        ([when("Bool", "true")], [when("Bool", "false")], "new"),
        (
            [when("Bool", "true"), when("Bool", "false"), when("Null", "true")],
            [allow("s3:GetObject")],
            "none",
        ),
        ([when("Bool", "true"), when("Null", "true")], [allow("s3:GetObject")], "new"),
        (
            [
                when("NumericLessThan", "5"),
                when("NumericGreaterThanEquals", "5"),
                when("Null", "true"),
            ],
            [allow("s3:GetObject")],
            "none",
        ),
        (
            [when("NumericLessThan", "5"), when("NumericGreaterThan", "5"), when("Null", "true")],
            [allow("s3:GetObject")],
            "new",
        ),
        (
            [
                when("DateLessThan", "2027-01-01"),
                when("DateGreaterThanEquals", "2027-01-01"),
                when("Null", "true"),
            ],
            [allow("s3:GetObject")],
            "none",
        ),
        (
            [when("ForAllValues:StringLike", "a*")],
            [when("ForAllValues:StringLike", "ab*", "ac")],
            "none",
        ),
        (
            [when("ForAllValues:StringEquals", "a")],
            [when("ForAllValues:StringEquals", "a", "b")],
            "new",
        ),
        (
            [when("ForAnyValue:StringEquals", "a", "b")],
            [when("ForAnyValue:StringEquals", "a")],
            "none",
        ),
        ([when("ForAnyValue:StringEquals", "a")], [when("ForAllValues:StringEquals", "a")], "new"),
        ([when("ArnLike", "arn:aws:s3:::*")], [when("ArnEquals", "arn:aws:s3:::data")], "none"),
        ([when("ArnLike", "arn:aws:s3:::d*")], [when("StringLike", "arn:aws:s3:::d*")], "none"),
        ([when("ArnLike", "arn:aws:sns:*:1:t")], [when("StringLike", "arn:aws:sns:*:1:t")], "new"),
    ],
)
def test_identity_policies(
    old: list[dict[str, object]], new: list[dict[str, object]], verdict: str
) -> None:
    """NEW is compared with OLD statement by statement, value by value."""
    assert compare(policy(*old), policy(*new)).verdict == verdict


def to(principal: object, **more: object) -> dict[str, object]:
    """Make an Allow of a resource policy."""
    return allow("s3:GetObject", "arn:aws:s3:::data/*", Principal=principal, **more)


ORG = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
SAME_ACCOUNT = {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}
ARN = {"ArnEquals": {"aws:PrincipalArn": ROLE}}
ARNS = {"ArnLike": {"aws:PrincipalArn": f"{ROLE}-*"}}


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ([to({"AWS": ACCOUNT})], [to({"AWS": ROLE})], "none"),
        ([to({"AWS": ROLE})], [to({"AWS": ACCOUNT})], "new"),
        ([to({"AWS": ACCOUNT})], [to({"AWS": f"arn:aws:iam::{ACCOUNT}:root"})], "none"),
        ([to({"AWS": ROLE})], [to({"AWS": [ROLE, ROLE + "2"]})], "new"),
        ([to({"AWS": [ROLE, ROLE + "2"]})], [to({"AWS": ROLE})], "none"),
        ([to({"AWS": ROLE})], [to("*")], "new"),
        ([to("*")], [to({"AWS": "*"})], "none"),
        ([to("*", Condition=ORG)], [to("*")], "new"),
        ([to("*")], [to("*", Condition=ORG)], "none"),
        ([to({"Service": "sns.amazonaws.com"})], [to({"Service": "sqs.amazonaws.com"})], "new"),
        ([to({"AWS": ROLE})], [to("*", Condition=ARN)], "none"),
        ([to("*", Condition=ARN)], [to({"AWS": ROLE})], "none"),
        ([to({"AWS": ROLE})], [to("*", Condition=ARNS)], "new"),
        ([to("*", Condition=ARNS)], [to({"AWS": ROLE + "-1"})], "none"),
        ([to({"AWS": ACCOUNT})], [to("*", Condition=SAME_ACCOUNT)], "none"),
        ([to("*", Condition=SAME_ACCOUNT)], [to({"AWS": ROLE})], "none"),
        ([to("*", Condition=SAME_ACCOUNT)], [to({"AWS": "444455556666"})], "new"),
        (
            [to("*")],
            [allow("s3:GetObject", "arn:aws:s3:::data/*", NotPrincipal={"AWS": ROLE})],
            "none",
        ),
        (
            [to({"AWS": ROLE})],
            [allow("s3:GetObject", "arn:aws:s3:::data/*", NotPrincipal={"AWS": ROLE})],
            "new",
        ),
        ([to("*"), deny("s3:*", Principal={"AWS": ROLE})], [to("*")], "new"),
        ([to("*")], [to("*"), deny("s3:*", Principal={"AWS": ROLE})], "none"),
    ],
)
def test_resource_policies(
    old: list[dict[str, object]], new: list[dict[str, object]], verdict: str
) -> None:
    """Principals are compared by who they admit."""
    assert compare(policy(*old), policy(*new), "resource").verdict == verdict


def trust(principal: object, **more: object) -> dict[str, object]:
    """Make a trust statement."""
    return {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}


EXTERNAL = {"StringEquals": {"sts:ExternalId": "42"}}


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        (
            trust({"Service": "lambda.amazonaws.com"}),
            trust({"Service": "lambda.amazonaws.com"}),
            "none",
        ),
        (trust({"Service": "lambda.amazonaws.com"}), trust({"AWS": ACCOUNT}), "new"),
        (trust({"AWS": ACCOUNT}), trust({"AWS": ACCOUNT}, Condition=EXTERNAL), "none"),
        (trust({"AWS": ACCOUNT}, Condition=EXTERNAL), trust({"AWS": ACCOUNT}), "new"),
        (
            trust({"Federated": "accounts.google.com"}),
            trust({"Federated": "graph.facebook.com"}),
            "new",
        ),
    ],
)
def test_trust_policies(old: dict[str, object], new: dict[str, object], verdict: str) -> None:
    """Trust policies have no Resource and are compared like resource policies."""
    assert compare(policy(old), policy(new), "trust").verdict == verdict


def test_several_documents_count_as_their_union() -> None:
    """A role's inline and managed policies are compared together."""
    old = [policy(allow("s3:*")), policy(allow("sqs:*"))]

    assert compare(old, policy(allow(["s3:Get*", "sqs:SendMessage"]))).verdict == "none"
    assert compare(old, [*old, policy(deny("s3:*"))]).verdict == "none"
    assert compare([*old, policy(deny("s3:*"))], old).verdict == "new"


def test_the_witness_is_a_request_that_can_be_asked() -> None:
    """It has the form of an access case's request, with names as the policies write them."""
    new = policy(allow("dynamodb:GetItem", f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/T"))

    assert comparison_json(compare(policy(), new)) == {
        "verdict": "new",
        "witness": {
            "principal": f"arn:aws:iam::{ACCOUNT}:user/example",
            "action": "dynamodb:GetItem",
            "resource": {
                "arn": f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/T",
                "account": ACCOUNT,
            },
            "context": {},
        },
        "because": [
            "Allow statement number 1 of the identity policy",
            "no identity policy allows it",
        ],
    }


def test_known_actions_are_preferred() -> None:
    """With the names of a catalogue the witness is an action that exists."""
    compared = compare(
        policy(), policy(allow("s3:Get*")), actions=["s3:PutObject", "s3:GetObject"]
    )

    assert compared.witness is not None
    assert compared.witness.shown_action == "s3:GetObject"


def test_the_budget_ends_in_unknown() -> None:
    """What takes too many steps is said not to be proved, never to be nothing."""
    old = policy(
        *(allow("s3:*", f"arn:aws:s3:::{a}?*{b}*") for a, b in itertools.product("ab?", "ab"))
    )
    compared = compare(old, policy(allow("s3:*", "arn:aws:s3:::??*")), budget=5)

    assert compared.verdict == "unknown"
    assert "cannot prove" in str(compared.because[0])


def test_patterns_made_to_explode_stay_within_the_budget() -> None:
    """Hostile patterns end in bounded time."""
    old = policy(*(allow("s3:*", f"arn:aws:s3:::{'*a' * n}*b") for n in range(1, 30)))
    new = policy(allow("s3:*", f"arn:aws:s3:::{'*a' * 30}*"))
    started = time.process_time()
    compare(old, new)

    assert time.process_time() - started < 10


ACTIONS = ["*", "s:*", "s:a*", "s:?b", "s:ab", "s:*b"]
RESOURCES = ["*", "arn:p:s:::*", "arn:p:s:::a*", "arn:p:s:::?b", "arn:p:s:::ab"]
CONDITIONS: list[dict[str, object] | None] = [
    None,
    {"StringEquals": {"k:a": "a"}},
    {"StringNotLike": {"k:a": "a*"}},
    {"StringLikeIfExists": {"k:a": "*b"}},
    {"Null": {"k:a": "true"}},
]


def everything() -> list[iam.Request]:
    """Every request over a small world: two letters, words of up to three."""
    words = ["".join(w) for n in (1, 2, 3) for w in itertools.product("ab", repeat=n)]
    arns = ["*", *(f"arn:p:s:::{word}" for word in words)]
    contexts = [{}, *({"k:a": word} for word in words[:6])]
    user = f"arn:aws:iam::{ACCOUNT}:user/a"
    return [
        iam.Request(user, f"s:{word}", arn, context=context, account=ACCOUNT)
        for word in words
        for arn in arns
        for context in contexts
    ]


WORLD = everything()


def some_policy(rng: random.Random) -> Document:
    """Make a random small policy."""
    statements = []
    for _ in range(rng.randint(0, 3)):
        made: dict[str, object] = {
            "Effect": rng.choice(["Allow", "Allow", "Deny"]),
            rng.choice(["Action", "Action", "NotAction"]): rng.sample(ACTIONS, rng.randint(1, 2)),
            rng.choice(["Resource", "Resource", "NotResource"]): rng.sample(
                RESOURCES, rng.randint(1, 2)
            ),
        }
        condition = rng.choice(CONDITIONS)
        if condition is not None:
            made["Condition"] = condition
        statements.append(made)
    return policy(*statements)


def test_it_agrees_with_trying_everything() -> None:
    """Over a small world, a difference that trying every request finds is found, and no other."""
    rng = random.Random(7)
    verdicts = []
    for _ in range(40):
        old, new = some_policy(rng), some_policy(rng)
        before, after = iam.Policies(identity=[old]), iam.Policies(identity=[new])
        differs = any(
            iam.decide(request, after).allowed and not iam.decide(request, before).allowed
            for request in WORLD
        )
        compared = compare(old, new)
        verdicts.append(compared.verdict)
        assert compared.verdict != "unknown"
        assert not (differs and compared.verdict == "none"), (old, new)
        if compared.witness is not None:
            assert iam.decide(compared.witness, after).allowed
            assert not iam.decide(compared.witness, before).allowed

    assert {"none", "new"} <= set(verdicts)


def large(count: int, *, also: str = "") -> Document:
    """Make a policy of many statements about many services."""
    services = ["s3", "sqs", "sns", "dynamodb", "lambda", "logs", "kms", "events", "states", "ssm"]
    return policy(
        *(
            allow(
                [f"{service}:Get*", f"{service}:Put{number}{also}", f"{service}:List*"],
                [
                    f"arn:aws:{service}:*:*:thing-{number}",
                    f"arn:aws:{service}:*:*:thing-{number}/*",
                ],
                Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
            )
            for number, service in zip(range(count), itertools.cycle(services))
        )
    )


def test_thousands_of_statements_are_compared_in_bounded_time() -> None:
    """Each statement of one document is not compared with each of the other."""
    started = time.process_time()

    assert compare(large(3000), large(3000)).verdict == "none"
    assert compare(large(3000), large(3001)).verdict != "none"
    assert time.process_time() - started < 20


@pytest.mark.parametrize(("also", "verdict"), [("", "none"), ("*", "new")])
def test_fifty_statements_are_compared_quickly(also: str, verdict: str) -> None:
    """Two policies of fifty statements take a fraction of a second."""
    started = time.process_time()

    assert compare(large(50), large(50, also=also)).verdict == verdict
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("old_boundary", "new_boundary", "verdict"),
    [
        (None, None, "none"),
        (None, [allow("s3:*")], "none"),
        ([allow("s3:*")], None, "new"),
        ([allow("*")], None, "none"),
        ([allow("s3:*")], [allow("s3:*")], "none"),
        ([allow("s3:Get*")], [allow("s3:*")], "new"),
        ([allow("s3:*")], [allow("s3:Get*"), allow("s3:Put*")], "none"),
        ([allow("*"), deny("sqs:*")], [allow("*")], "new"),
        ([allow("*")], [allow("*"), deny("sqs:*")], "none"),
        ([allow("s3:*")], [allow("lambda:*")], "none"),
        ([allow("s3:*")], [allow("sqs:*")], "new"),
        ([], [], "none"),
        ([], None, "new"),
    ],
)
def test_a_boundary_limits_what_a_side_allows(
    old_boundary: list[dict[str, object]] | None,
    new_boundary: list[dict[str, object]] | None,
    verdict: str,
) -> None:
    """With the same policies on both sides, what the boundary newly lets through is new."""
    held = policy(allow(["s3:GetObject", "s3:PutObject"]), allow("sqs:SendMessage"))
    compared = compare(
        held,
        held,
        old_boundary=None if old_boundary is None else policy(*old_boundary),
        new_boundary=None if new_boundary is None else policy(*new_boundary),
    )

    assert compared.verdict == verdict


def test_a_new_grant_behind_the_boundary_is_nothing_new() -> None:
    """What NEW grants and its boundary does not let through is not allowed."""
    boundary = policy(allow("s3:*"))
    old, new = policy(allow("s3:GetObject")), policy(allow(["s3:GetObject", "iam:PassRole"]))

    assert compare(old, new).verdict == "new"
    assert compare(old, new, new_boundary=boundary).verdict == "none"


def test_each_statement_tells_its_new_actions() -> None:
    """Statements that allow nothing new are left out; of the others the new actions are told."""
    old = policy(allow(["s3:Get*", "sqs:SendMessage"]))
    new = policy(
        allow("s3:GetObject"),
        allow(["s3:GetObject", "s3:PutObject", "s3:Delete*"]),
        allow("sqs:*"),
    )
    found = compare_each(old, new)

    assert [one.verdict for one in found] == ["new", "new"]
    assert [one.actions for one in found] == [("s3:PutObject", "s3:Delete*"), ("sqs:*",)]
    assert compare_each(old, old) == ()


def test_booleans_of_two_keys_are_no_proof() -> None:
    """Whether a boolean equals another key's is not settled by trying values of the one."""
    fixed, related = when("Bool", "true"), when("Bool", "${k:b}")

    assert compare(policy(), policy(related)).verdict != "none"
    assert compare(policy(fixed), policy(related)).verdict != "none"
    assert compare(policy(related), policy(fixed)).verdict != "none"
    assert compare(policy(related), policy(related)).verdict == "none"
