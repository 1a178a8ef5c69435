"""Who might ask: one principal for every way that two resource policies can tell them apart."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stockade.iam.compare.keys import Value
from stockade.iam.compare.language import Shape, Union
from stockade.iam.pattern import tokenize
from stockade.iam.policy import Policy, Statement
from stockade.iam.principals import Kind, Principal, principal
from stockade.iam.text import lower

_STRANGER = "999999999999"
_IS_SERVICE, _ARN, _ACCOUNT = (
    "aws:principalisawsservice",
    "aws:principalarn",
    "aws:principalaccount",
)
_ARN_KEYS = frozenset({_ARN})


@dataclass(frozen=True, slots=True)
class Caller:
    """A sender, what is known of its context keys, and for a class of senders its ARN's limits.

    A caller with `arn_in` stands for every role with an ARN in it and not in `arn_out`; its
    name is only an example, replaced by the value that `aws:PrincipalArn` is found to need.
    """

    name: str | None
    known: tuple[tuple[str, Value], ...]
    arn_in: Union = ()
    arn_out: Union = ()


NOBODY = Caller(None, ())
"""For identity policies, which are about whoever they are attached to."""


def callers(policies: Iterable[Policy]) -> list[Caller]:
    """Make the list, the most outside first."""
    statements = [statement for policy in policies for statement in policy.statements]
    listed = dict.fromkeys(name for one in statements for name in _aws(one) if name != "*")
    named = [principal(name) for name in listed]
    accounts = list(dict.fromkeys([one.account for one in named if one.account]))
    asked = {lower(c.key) for one in statements for c in one.conditions} & _ARN_KEYS
    found = [_exact(None), *_outsiders(statements)]
    found += [_any_role(_STRANGER, named, accounts, bound=bool(asked))]
    found += [_any_role(account, named, [], bound=bool(asked)) for account in accounts]
    found += [_exact(name) for one in named for name in _examples(one)]
    return list(dict.fromkeys(found))


def _aws(statement: Statement) -> tuple[str, ...]:
    return statement.principals.aws if statement.principals else ()


def _outsiders(statements: list[Statement]) -> Iterator[Caller]:
    """Services and identity providers: those that are named, and one that is not."""
    services = dict.fromkeys(
        s for one in statements if one.principals for s in one.principals.service
    )
    providers = dict.fromkeys(
        f for one in statements if one.principals for f in one.principals.federated
    )
    for name in (*services, "example.amazonaws.com", *providers, "provider.example.com"):
        if name != "*":
            yield _exact(name)


def _examples(one: Principal) -> Iterator[str]:
    if one.kind is Kind.ROLE:
        yield one.name
    if one.kind is not Kind.ROOT:
        yield one.name


def _exact(name: str | None) -> Caller:
    sender = principal(name)
    is_service = "true" if sender.kind is Kind.SERVICE else "false"
    arn: Value = None
    account: Value = sender.account or None
    if sender.kind in (Kind.USER, Kind.ROLE, Kind.ROOT):
        arn = sender.name
    elif sender.kind is Kind.SESSION:
        partition = sender.name.split(":", 2)[1]
        arn = f"arn:{partition}:iam::{sender.account}:role/{sender.role}"
    return Caller(name, ((_IS_SERVICE, is_service), (_ARN, arn), (_ACCOUNT, account)))


def _any_role(account: str, named: list[Principal], others: list[str], *, bound: bool) -> Caller:
    """Any role of an account, or of none of the named ones, that is not named itself."""
    example = f"arn:aws:iam::{account}:role/example"
    if not bound:
        return _exact(example)
    roles = f"arn:aws:iam::{'*' if account == _STRANGER else account}:role/?*"
    out = [f"arn:*:iam::{other}:*" for other in others]
    out += [one.name for one in named if one.kind is not Kind.ROOT]
    known: list[tuple[str, Value]] = [(_IS_SERVICE, "false")]
    if account != _STRANGER:
        known.append((_ACCOUNT, account))
    return Caller(example, tuple(known), (_arn(roles),), tuple(map(_arn, out)))


def _arn(pattern: str) -> Shape:
    return Shape(tokenize(pattern), arn=True)
