"""What must hold of every policy and every request."""

from hypothesis import given
from hypothesis import strategies as st

from stockade import iam
from stockade.iam.compare import compare, compare_each

Statement = dict[str, object]

ACCOUNT = "111122223333"
USER = f"arn:aws:iam::{ACCOUNT}:user/ana"
STRENGTH = {
    iam.Effect.EXPLICITLY_DENIED: 0,
    iam.Effect.IMPLICITLY_DENIED: 0,
    iam.Effect.UNKNOWN: 1,
    iam.Effect.ALLOWED: 2,
}

actions = st.sampled_from(["s3:GetObject", "s3:PutObject", "sqs:SendMessage"])
action_patterns = st.sampled_from(["*", "s3:*", "s3:Get*", "s3:?utObject", "sqs:SendMessage"])
arns = st.sampled_from(
    ["arn:aws:s3:::a/x", "arn:aws:s3:::a/y", f"arn:aws:sqs:us-east-1:{ACCOUNT}:q", "*"]
)
arn_patterns = st.sampled_from(
    ["*", "arn:aws:s3:::a/*", "arn:aws:s3:::*/x", "arn:aws:sqs:*", "arn:aws:s3:::a/${k:a}"]
)
values = st.sampled_from(["x", "y", "1", "5", "10.0.0.1", "true"])
value_patterns = st.sampled_from(["x", "y*", "*", "3", "10.0.0.0/8", "true", "${k:b}"])
operators = st.builds(
    lambda each, base, end: f"{each}{base}{end}",
    st.sampled_from(["", "", "ForAllValues:", "ForAnyValue:"]),
    st.sampled_from(
        [
            "StringEquals",
            "StringNotEquals",
            "StringLike",
            "StringNotLike",
            "NumericLessThan",
            "NumericNotEquals",
            "IpAddress",
            "NotIpAddress",
            "Bool",
        ]
    ),
    st.sampled_from(["", "", "IfExists"]),
)
keys = st.sampled_from(["k:a", "k:b"])
conditions = st.dictionaries(
    operators,
    st.dictionaries(
        keys, st.lists(value_patterns, min_size=1, max_size=2), min_size=1, max_size=1
    ),
    max_size=2,
)
contexts = st.dictionaries(keys, values | st.lists(values, max_size=2))


@st.composite
def statements(draw: st.DrawFn, effect: str | None = None, principal: object = None) -> Statement:
    """One statement with every element in one of its forms."""
    made: Statement = {"Effect": effect or draw(st.sampled_from(["Allow", "Deny"]))}
    made[draw(st.sampled_from(["Action", "Action", "NotAction"]))] = draw(
        st.lists(action_patterns, min_size=1, max_size=2)
    )
    made[draw(st.sampled_from(["Resource", "Resource", "NotResource"]))] = draw(
        st.lists(arn_patterns, min_size=1, max_size=2)
    )
    if draw(st.booleans()):
        made["Condition"] = draw(conditions)
    if principal is not None:
        made["Principal"] = principal
    return made


documents = st.lists(statements(), max_size=4)
requests = st.builds(
    lambda action, arn, context: iam.Request(USER, action, arn, context=context, account=ACCOUNT),
    actions,
    arns,
    contexts,
)


def policy(made: list[Statement]) -> dict[str, object]:
    """Make a document of statements."""
    return {"Version": "2012-10-17", "Statement": made}


def answer(made: list[Statement], request: iam.Request) -> iam.Decision:
    """Decide by an identity policy alone."""
    return iam.decide(request, iam.Policies(identity=[policy(made)]))


@given(documents, statements(effect="Deny"), requests)
def test_an_explicit_deny_always_wins(
    made: list[Statement], deny: Statement, request: iam.Request
) -> None:
    """Where a Deny alone denies, it denies in any company and at any place."""
    if answer([deny], request).effect is iam.Effect.EXPLICITLY_DENIED:
        for together in ([deny, *made], [*made, deny]):
            assert answer(together, request).effect is iam.Effect.EXPLICITLY_DENIED


@given(documents, statements(effect="Deny"), requests)
def test_adding_a_deny_never_allows_more(
    made: list[Statement], deny: Statement, request: iam.Request
) -> None:
    """One more Deny leaves a request as allowed as it was, or less."""
    before, after = answer(made, request), answer([*made, deny], request)

    assert STRENGTH[after.effect] <= STRENGTH[before.effect]


@given(documents, statements(effect="Allow"), requests)
def test_adding_an_allow_never_denies_more(
    made: list[Statement], allow: Statement, request: iam.Request
) -> None:
    """One more Allow leaves a request as allowed as it was, or more."""
    before, after = answer(made, request), answer([*made, allow], request)

    assert STRENGTH[after.effect] >= STRENGTH[before.effect]


@given(documents, documents, requests)
def test_a_boundary_never_allows_more(
    made: list[Statement], limit: list[Statement], request: iam.Request
) -> None:
    """With a boundary, a session policy or a service control policy no more is allowed."""
    before = answer(made, request)
    for policies in (
        iam.Policies(identity=[policy(made)], boundary=[policy(limit)]),
        iam.Policies(identity=[policy(made)], session=[policy(limit)]),
        iam.Policies(identity=[policy(made)], scps=[iam.Level("root", [policy(limit)])]),
    ):
        assert STRENGTH[iam.decide(request, policies).effect] <= STRENGTH[before.effect]


@given(documents, requests, st.sampled_from(["k:a", "k:b"]), values | st.lists(values, max_size=2))
def test_unknown_covers_every_value_that_the_key_may_have(
    made: list[Statement], request: iam.Request, key: str, value: str | list[str]
) -> None:
    """What is decided without knowing a key stays so, whatever the key turns out to be."""
    rest = {k: v for k, v in request.context.items() if k != key}
    unsure = iam.Request(
        USER, request.action, request.resource, context=rest, account=ACCOUNT, unknown=[key]
    )
    decided = answer(made, unsure)
    if decided.effect is iam.Effect.UNKNOWN:
        assert key in decided.unknown
        return
    for context in (rest, rest | {key: value}):
        known = iam.Request(
            USER, request.action, request.resource, context=context, account=ACCOUNT
        )
        assert answer(made, known).allowed == decided.allowed


@given(documents)
def test_nothing_is_new_in_a_policy_compared_with_itself(made: list[Statement]) -> None:
    """`compare(p, p)` is none."""
    assert compare(policy(made), policy(made)).verdict == "none"


@given(documents, documents)
def test_a_witness_is_allowed_by_new_and_not_by_old(
    old: list[Statement], new: list[Statement]
) -> None:
    """Whoever asks for the witness gets it from NEW and does not get it from OLD."""
    compared = compare(policy(old), policy(new))
    if compared.verdict == "new":
        assert compared.witness is not None
        assert answer(new, compared.witness).allowed
        assert not answer(old, compared.witness).allowed


@given(documents, documents, requests)
def test_none_means_that_no_request_is_new(
    old: list[Statement], new: list[Statement], request: iam.Request
) -> None:
    """Where nothing is new, no request that NEW allows is refused by OLD."""
    if compare(policy(old), policy(new)).verdict == "none" and answer(new, request).allowed:
        assert answer(old, request).allowed


def bounded(made: list[Statement], limit: list[Statement], request: iam.Request) -> iam.Decision:
    """Decide by an identity policy within a boundary."""
    return iam.decide(request, iam.Policies(identity=[policy(made)], boundary=[policy(limit)]))


@given(documents, documents, documents, documents, requests)
def test_comparing_within_boundaries_is_as_true(
    old: list[Statement],
    new: list[Statement],
    old_limit: list[Statement],
    new_limit: list[Statement],
    request: iam.Request,
) -> None:
    """A witness passes NEW's boundary and not OLD's side; none leaves no request that is new."""
    compared = compare(
        policy(old),
        policy(new),
        old_boundary=policy(old_limit),
        new_boundary=policy(new_limit),
    )
    if compared.witness is not None:
        assert bounded(new, new_limit, compared.witness).allowed
        assert not bounded(old, old_limit, compared.witness).allowed
    elif compared.verdict == "none" and bounded(new, new_limit, request).allowed:
        assert bounded(old, old_limit, request).allowed


@given(documents, documents)
def test_each_statement_together_say_what_the_whole_comparison_says(
    old: list[Statement], new: list[Statement]
) -> None:
    """Something is new exactly where some statement brings something new."""
    whole = compare(policy(old), policy(new)).verdict
    each = {one.verdict for one in compare_each(policy(old), policy(new))}

    assert ("new" in each) == (whole == "new")
    assert bool(each) == (whole != "none")
