"""Who might ask: one principal for every way that two resource policies can tell them apart."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stockade.iam.compare.keys import Value
from stockade.iam.compare.shapes import Shape, Union
from stockade.iam.operators import Family
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
    texts = (Family.STRING, Family.ARN)
    conditions = [c for one in statements for c in one.conditions if c.operator.family in texts]
    arns = [v for c in conditions if lower(c.key) == _ARN for v in c.values]
    asked = [v for c in conditions if lower(c.key) == _ACCOUNT for v in c.values]
    asked += [part for arn in arns for part in arn.split(":", 5)[4:5]]
    accounts = [*(one.account for one in named if one.account), *filter(_is_account, asked)]
    accounts = list(dict.fromkeys(accounts))
    is_loose = not all(one == "*" or _is_account(one) for one in asked)
    is_loose = is_loose or not all(arn.startswith(("arn:aws:", "arn:*:")) for arn in arns)
    found = [_exact(None), *_outsiders(statements)]
    stranger = "*" if is_loose else _STRANGER
    found += [
        _any_identity(one, named, accounts, bound=bool(arns)) for one in (stranger, *accounts)
    ]
    found += [_exact(name) for one in named for name in _examples(one)]
    found += [_exact(f"arn:aws:iam::{account}:root") for account in accounts]
    return list(dict.fromkeys(found))


def _is_account(text: str) -> bool:
    return len(text) == len(_STRANGER) and text.isdigit()


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
    if sender.kind is Kind.ANONYMOUS:
        return Caller(name, ((_IS_SERVICE, None), (_ARN, None), (_ACCOUNT, "anonymous")))
    is_service = "true" if sender.kind is Kind.SERVICE else "false"
    arn: Value = None
    account: Value = sender.account or None
    if sender.kind in (Kind.USER, Kind.ROLE, Kind.ROOT):
        arn = sender.name
    elif sender.kind is Kind.SESSION:
        partition = sender.name.split(":", 2)[1]
        arn = f"arn:{partition}:iam::{sender.account}:role/{sender.role}"
    return Caller(name, ((_IS_SERVICE, is_service), (_ARN, arn), (_ACCOUNT, account)))


def _any_identity(
    account: str, named: list[Principal], accounts: list[str], *, bound: bool
) -> Caller:
    """Any role or user of an account that is not named itself; `*` is any account not listed."""
    example = f"arn:aws:iam::{_STRANGER if account == '*' else account}:role/example"
    if not bound and account != "*":
        return _exact(example)
    partition = "*" if account == "*" else "aws"
    inside = tuple(_arn(f"arn:{partition}:iam::{account}:{kind}/?*") for kind in ("role", "user"))
    out = [f"arn:*:iam::{other}:*" for other in accounts] if account == "*" else []
    out += [one.name for one in named if one.kind is not Kind.ROOT]
    known: list[tuple[str, Value]] = [(_IS_SERVICE, "false")]
    if account != "*":
        known.append((_ACCOUNT, account))
    return Caller(example, tuple(known), inside, tuple(map(_arn, out)))


def _arn(pattern: str) -> Shape:
    return Shape(tokenize(pattern), arn=True)
