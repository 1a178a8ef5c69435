"""Deciding: what the tables cannot say because it is not in the stream's form."""

import pytest

from stockade import iam

ACCOUNT = "111122223333"
USER = f"arn:aws:iam::{ACCOUNT}:user/team/ana"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/run-1"
FEDERATED = f"arn:aws:sts::{ACCOUNT}:federated-user/bob"
TABLE = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/Orders"


def policy(*statements: dict[str, object]) -> dict[str, object]:
    """Make a document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: str, resource: str = "*", **more: object) -> dict[str, object]:
    """Make an Allow."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


ANY = policy(allow("*"))


def test_a_federated_user_without_a_session_policy_has_no_permissions() -> None:
    """`()` says that no session policy was passed: only a resource policy by name allows then."""
    asked = iam.Request(FEDERATED, "dynamodb:GetItem", TABLE)
    by_name = policy(allow("*", Principal={"AWS": FEDERATED}))

    assert iam.decide(asked, iam.Policies(identity=[ANY], session=())).effect == "ImplicitlyDenied"
    named = iam.Policies(identity=[ANY], session=(), resource=by_name)
    assert iam.decide(asked, named).effect == "Allowed"


def test_the_account_of_a_bucket_is_not_guessed() -> None:
    """Where the answer depends on who owns the bucket, and nobody said so, it is unknown."""
    policies = iam.Policies(identity=[ANY])
    unsure = iam.decide(iam.Request(USER, "s3:GetObject", "arn:aws:s3:::data/x"), policies)
    ours = iam.Request(USER, "s3:GetObject", "arn:aws:s3:::data/x", account=ACCOUNT)

    assert (unsure.effect, unsure.unknown) == ("Unknown", ("the resource's account",))
    assert iam.decide(ours, policies).effect == "Allowed"


def test_a_decision_names_every_policy_that_had_to_agree() -> None:
    """An allowed request carries one statement of every kind of policy there is."""
    policies = iam.Policies(
        identity=[iam.parse(ANY, name="id")],
        boundary=[iam.parse(ANY, name="boundary")],
        session=[iam.parse(ANY, name="session")],
        scps=[iam.Level("root", [ANY]), iam.Level("account", [ANY])],
        endpoint=[policy(allow("*", Principal="*"))],
    )
    decision = iam.decide(iam.Request(SESSION, "dynamodb:GetItem", TABLE), policies)

    assert [
        (one.source.value, one.level)
        for one in decision.because
        if isinstance(one, iam.StatementRef)
    ] == [
        ("scp", "root"),
        ("scp", "account"),
        ("vpc endpoint", ""),
        ("permission boundary", ""),
        ("session", ""),
        ("identity", ""),
    ]


@pytest.mark.parametrize("mark", ["aws:SourceIp", "AWS:sourceip", "aws:Source*", "*"])
def test_unknown_keys_are_named_in_any_case_and_by_their_start(mark: str) -> None:
    """A key may be marked as unknown by its name, its beginning, or with all others."""
    inside = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    policies = iam.Policies(identity=[policy(allow("*", Condition=inside))])
    decision = iam.decide(iam.Request(USER, "dynamodb:GetItem", TABLE, unknown=[mark]), policies)

    assert (decision.effect, decision.unknown) == ("Unknown", ("aws:sourceip",))


def test_an_unknown_key_that_does_not_matter_is_not_mentioned() -> None:
    """What is decided anyway stays decided."""
    maybe = policy(allow("*", Condition={"Bool": {"k:a": "true"}}), allow("dynamodb:*"))
    deny = policy(allow("*"), {"Effect": "Deny", "Action": "dynamodb:*", "Resource": "*"})
    asked = iam.Request(USER, "dynamodb:GetItem", TABLE, unknown=["k:a"])

    assert iam.decide(asked, iam.Policies(identity=[maybe])).effect == "Allowed"
    assert iam.decide(asked, iam.Policies(identity=[maybe, deny])).effect == "ExplicitlyDenied"


def test_a_deny_that_may_apply_makes_an_allow_unknown_and_a_denial_stay() -> None:
    """A Deny on something unknown is a doubt only where the request would be allowed."""
    doubt: dict[str, object] = {
        "Effect": "Deny",
        "Action": "*",
        "Resource": "*",
        "Condition": {"Bool": {"k:a": "true"}},
    }
    asked = iam.Request(USER, "dynamodb:GetItem", TABLE, unknown=["k:a"])

    both = iam.decide(asked, iam.Policies(identity=[policy(allow("*"), doubt)]))
    alone = iam.decide(asked, iam.Policies(identity=[policy(doubt)]))

    assert (both.effect, both.unknown) == ("Unknown", ("k:a",))
    assert [one.effect for one in both.because if isinstance(one, iam.StatementRef)] == [
        "Deny",
        "Allow",
    ]
    assert alone.effect == "ImplicitlyDenied"


def test_an_identity_statement_without_a_resource_decides_nothing() -> None:
    """AWS refuses such a policy; here it is neither an Allow of everything nor of nothing."""
    bare = policy({"Effect": "Allow", "Action": "dynamodb:GetItem"})
    decision = iam.decide(
        iam.Request(USER, "dynamodb:GetItem", TABLE), iam.Policies(identity=[bare])
    )

    assert decision.effect == "Unknown"
    assert "neither Resource nor NotResource" in decision.unknown[0]


def test_prepared_policies_answer_alike_however_often_they_are_asked() -> None:
    """What is remembered between questions does not change the answers, nor grow without end."""
    policies = iam.Policies(identity=[policy(allow("s:Get*", TABLE), allow("s:Put1"))])
    first = iam.decide(iam.Request(USER, "s:Put1", TABLE), policies)
    for number in range(10_000):
        action = f"s:{'Get' if number % 2 else 'Put'}{number}"
        expected = "Allowed" if number % 2 else "ImplicitlyDenied"
        assert iam.decide(iam.Request(USER, action, TABLE), policies).effect == expected

    assert iam.decide(iam.Request(USER, "s:Put1", TABLE), policies) == first


@pytest.mark.parametrize(
    ("sender", "context", "unknown"),
    [
        (None, {"aws:PrincipalType": "Anonymous"}, set()),
        ("sns.amazonaws.com", {"aws:PrincipalServiceName": "sns.amazonaws.com"}, set()),
        (USER, {"aws:username": "ana", "aws:PrincipalArn": USER}, {"aws:userid"}),
        (SESSION, {"aws:PrincipalAccount": ACCOUNT}, {"aws:PrincipalArn"}),
        (ACCOUNT, {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:root"}, {"aws:PrincipalOrgID"}),
    ],
)
def test_what_follows_from_the_sender(
    sender: str | None, context: dict[str, str], unknown: set[str]
) -> None:
    """Keys about the sender are derived where the ARN tells, and left open where it does not."""
    known = iam.known_context(sender, account="444455556666")

    assert context.items() <= known.context.items()
    assert unknown <= set(known.unknown)
    assert known.context["aws:ResourceAccount"] == "444455556666"


def test_one_document_and_plain_values_need_no_wrapping() -> None:
    """A single document stands for a list of it; booleans and numbers for their text."""
    guarded = policy(allow("*", Condition={"Bool": {"aws:SecureTransport": "true"}}))
    asked = iam.Request(USER, "dynamodb:GetItem", TABLE, context={"aws:SecureTransport": True})

    for document in (guarded, iam.parse(guarded)):
        one = iam.Policies(identity=document, boundary=document, endpoint=ANY, session=ANY)
        assert iam.decide(asked, one).effect == "Allowed"
    with pytest.raises(TypeError, match="strings, numbers or booleans"):
        iam.Request(USER, "s3:GetObject", "*", context={"aws:TagKeys": [{"a": 1}]})  # type: ignore[list-item]
