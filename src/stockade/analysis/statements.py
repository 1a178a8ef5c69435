"""Whom a policy statement admits: anyone, another account, a narrowed few.

Follows "AWS JSON policy elements: Principal" and "AWS global condition context keys" in the IAM
User Guide. Only what an outsider gains is asked: principals of the own account and AWS services
that act for it are the application's.
"""

import re
from collections.abc import Iterable, Iterator

from stockade._late import pattern
from stockade.iam.pattern import wildcard
from stockade.model import Exposure, Map, Value, constant, expression, inside, references
from stockade.model.record import record

_ACCOUNT = pattern(
    r"^(?:arn:(?:[^:]|\$\{AWS::Partition\})*:(?:iam|sts)::)?(?:\d{12}|\$\{\w+\})(?=$|:)"
)
"""An account, or an ARN of one: its digits, or a parameter that gives them."""
_OF_SENDER = frozenset(
    {
        "aws:sourcearn",
        "aws:sourceaccount",
        "aws:sourceowner",
        "aws:principalarn",
        "aws:principalaccount",
        "aws:userid",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:vpcsourceip",
        "aws:principalisawsservice",
        "aws:principalservicename",
    }
)
_OF_ORGANISATION = frozenset(
    {
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:resourceorgid",
    }
)
_OF_ADDRESS = frozenset({"aws:sourceip"})
_ANY_ADDRESS = frozenset({"0.0.0.0/0", "::/0", "*"})


def statements(document: Value | None) -> Iterator[Map]:
    """Yield the statements of a policy document."""
    for statement in inside(document, "Statement", "[]"):
        if isinstance(statement, Map):
            yield statement


def effect(statement: Map) -> str:
    """Return `allow` or `deny`, in lower case."""
    written = constant(statement.get("Effect"))
    return written.lower() if isinstance(written, str) else ""


def covers(statement: Map, actions: Iterable[str]) -> bool:
    """Tell whether the statement is about one of the actions (`sqs:SendMessage`)."""
    wanted = [action.lower() for action in actions]
    if "NotAction" in statement:
        patterns = _patterns(statement, "NotAction")
        return any(not _matches(action, patterns) for action in wanted)
    patterns = _patterns(statement, "Action")
    return any(_matches(action, patterns) for action in wanted)


@record
class Condition:
    """One key of a statement's condition, as it is compared. Operator and key are lower case."""

    operator: str
    key: str
    values: tuple[Value, ...]


def conditions(statement: Map) -> Iterator[Condition]:
    """Yield every key of a statement's condition, in each way that the template may turn out."""
    for operators in inside(statement, "Condition"):
        for operator, keys in operators if isinstance(operators, Map) else ():
            for one in inside(keys):
                for key, values in one if isinstance(one, Map) else ():
                    held = tuple(inside(values, "[]"))
                    yield Condition(operator.lower(), key.lower(), held)


def _patterns(statement: Map, key: str) -> list[str]:
    return [expression(one).lower() for one in inside(statement, key, "[]")]


def _matches(action: str, patterns: list[str]) -> bool:
    return any(wildcard(pattern)(action) for pattern in patterns)


def admitted(statement: Map) -> Exposure:
    """Return the widest group that the statement's principal and condition let in."""
    widest = Exposure.APPLICATION
    if "NotPrincipal" in statement:
        widest = Exposure.ANYONE
    for principal in inside(statement, "Principal"):
        widest = max(widest, _widest(principal))
    narrowed = [widest, *_limits(statement)]
    return min(narrowed)


def _widest(principal: Value) -> Exposure:
    if not isinstance(principal, Map):
        return named(principal)
    found = [named(one) for one in inside(principal, "AWS", "[]")]
    return max(found, default=Exposure.APPLICATION)


def named(principal: Value) -> Exposure:
    """Return who an AWS principal is: `*`, an account or ARN, something of the application."""
    text = expression(principal)
    if text in {"*", "arn:aws:iam::*:root"}:
        return Exposure.ANYONE
    if "${AWS::AccountId}" in text or any(True for _ in references(principal)):
        return Exposure.APPLICATION
    known = constant(principal)
    if _ACCOUNT.match(known if isinstance(known, str) else text):
        return Exposure.OTHER_ACCOUNT
    return Exposure.APPLICATION


def _limits(statement: Map) -> Iterator[Exposure]:
    """Yield what each key of a condition narrows the admitted to."""
    for condition in conditions(statement):
        name = condition.operator.rpartition(":")[2]
        if "not" in name or name == "null" or name.endswith("ifexists"):
            continue
        limit = _limit(condition)
        if limit is not None:
            yield limit


def _limit(condition: Condition) -> Exposure | None:
    key = condition.key
    texts = [expression(value) for value in condition.values]
    if any(text in _ANY_ADDRESS or not text.strip("*?") for text in texts):
        return None
    if key in _OF_ORGANISATION:
        return Exposure.OTHER_ACCOUNT
    if key in _OF_ADDRESS:
        return Exposure.PARTNER
    if key not in _OF_SENDER:
        return None
    foreign = any(re.search(r"(?<!\d)\d{12}(?!\d)", text) for text in texts)
    return Exposure.OTHER_ACCOUNT if foreign else Exposure.APPLICATION


def keeps_out(statement: Map) -> bool:
    """Tell whether a Deny turns away whoever is not in a network, account or organisation."""
    return any(
        "not" in condition.operator
        and condition.key in _OF_SENDER | _OF_ORGANISATION | _OF_ADDRESS
        for condition in conditions(statement)
    )
