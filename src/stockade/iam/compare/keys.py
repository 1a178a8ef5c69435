"""What a condition key must hold for some conditions to be met and others not.

A key is absent, has one value, or has a set of values. Texts are solved by automata, numbers,
dates and addresses by trying one value between every two bounds, sets by solving each value
that must be in them. What these cannot settle is said to be not proved.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final

from stockade.iam.compare.language import Question, find, is_proved
from stockade.iam.compare.shapes import Budget, Shape, Union, has_letters
from stockade.iam.comparisons import network
from stockade.iam.conditions import Test
from stockade.iam.moments import instant, number
from stockade.iam.operators import Each, Family
from stockade.iam.policy import Condition
from stockade.iam.request import Request

Value = str | tuple[str, ...] | None
"""What a key holds: one text, a set of texts, or None where it is absent."""

_TEXTS = (Family.STRING, Family.ARN)
_NULL_SET: Union = (Shape(()),)
"""The empty text, which set operators take for no value at all."""


@dataclass(frozen=True, slots=True)
class Demand:
    """A condition that must be met, or must not be."""

    condition: Condition
    test: Test
    shapes: Union
    met: bool

    @property
    def has_letters(self) -> bool:
        """Whether it is about variables or unknown parts."""
        return any(has_letters(shape) for shape in self.shapes)

    @property
    def identity(self) -> tuple[object, bool]:
        """What makes two demands the same; the language version may make variables mere text."""
        values = frozenset(self.condition.values)
        return (self.condition.operator.name, values, frozenset(self.shapes)), self.met


@dataclass(frozen=True, slots=True)
class Answer:
    """A value that meets the demands; `proved`: or else there is surely none."""

    value: Value
    found: bool
    proved: bool = True


def solve(
    key: str,
    demands: tuple[Demand, ...],
    budget: Budget,
    *,
    present: bool = False,
    expected: Iterable[Family] = (),
) -> Answer:
    """Find what the key must hold. `present`: absent will not do.

    `expected` is what all operators of both policies take the key to hold, so that one of which
    only its presence is demanded gets a value that they understand.
    """
    wanted = {(one.identity[0], one.met) for one in demands}
    if any((identity, not met) in wanted for identity, met in wanted):
        return Answer(None, found=False)
    if not present and holds(key, None, demands):
        return Answer(None, found=True)
    single, proved = _single(key, demands, budget, frozenset(expected))
    if single is not None:
        return Answer(single, found=True)
    if _has_sets(demands):
        if holds(key, "", demands):
            return Answer("", found=True)
        several, all_proved = _several(key, demands, budget)
        proved = proved and all_proved
        if several is not None:
            return Answer(several, found=True)
    return Answer(None, found=False, proved=proved)


def _has_sets(demands: Iterable[Demand]) -> bool:
    return any(one.condition.operator.each is not Each.NO for one in demands)


def _has_relations(demands: Iterable[Demand]) -> bool:
    """Whether a boolean is compared with another key, which no choice of values settles."""
    return any(one.condition.operator.family is Family.BOOL and one.has_letters for one in demands)


def holds(key: str, value: Value, demands: Iterable[Demand]) -> bool:
    """Whether a value is known to meet the demands."""
    context = {} if value is None else {key: value}
    request = Request(None, "a:a", "*", context=context)
    return all(one.test(request) is one.met for one in demands)


_ANY_OF: Final = {
    Family.BOOL: "true",
    Family.NUMBER: "1",
    Family.DATE: "2027-01-01T00:00:00Z",
    Family.ADDRESS: "192.0.2.1",
}
"""Something that operators of a family understand."""


def _single(
    key: str, demands: tuple[Demand, ...], budget: Budget, expected: frozenset[Family]
) -> tuple[str | None, bool]:
    families = {one.condition.operator.family for one in demands} - {Family.PRESENCE}
    checks = [one for one in demands if one.condition.operator.family is Family.PRESENCE]
    if not holds(key, "x", checks):
        return None, True
    understood = _ANY_OF.get(next(iter(expected))) if len(expected) == 1 else None
    if not families and understood is not None:
        return understood, True
    if families <= set(_TEXTS):
        tests = [
            (one, one.met is not one.condition.operator.negated)
            for one in demands
            if one not in checks
        ]
        question = Question(
            tuple(one.shapes for one, positive in tests if positive),
            (
                *(_NULL_SET if _has_sets(demands) else ()),
                *(shape for one, positive in tests if not positive for shape in one.shapes),
            ),
        )
        found = find(question, budget)
        return found, found is not None or is_proved(question, budget)
    for value in _candidates(demands):
        budget.spend(len(demands))
        if holds(key, value, demands):
            return value, True
    return None, len(families) == 1 and not _has_relations(demands)


def _several(
    key: str, demands: tuple[Demand, ...], budget: Budget
) -> tuple[tuple[str, ...] | None, bool]:
    """Solve for a set: what holds of every value, and what some value must be."""
    every_in: list[Union] = []
    every_out: list[Shape] = []
    some: list[tuple[Union, bool]] = []
    for one in demands:
        operator = one.condition.operator
        if operator.each is Each.NO:
            if not holds(key, ("x",), (one,)):
                return None, True
            continue
        if operator.family not in _TEXTS:
            return _chosen(key, demands, budget)
        matches = one.met is not operator.negated
        if (operator.each is Each.ALL) is one.met:
            if matches:
                every_in.append(one.shapes)
            else:
                every_out.extend(one.shapes)
        else:
            some.append((one.shapes, matches))
    values: list[str] = []
    for shapes, matches in some or [((), False)]:
        inside = (*every_in, shapes) if matches else tuple(every_in)
        outside = every_out if matches else [*every_out, *shapes]
        question = Question(inside, (*_NULL_SET, *outside))
        found = find(question, budget)
        if found is None:
            return None, is_proved(question, budget)
        values.append(found)
    answer = tuple(dict.fromkeys(values))
    if any(one.has_letters for one in demands) or holds(key, answer, demands):
        return answer, True
    return None, False


def _chosen(
    key: str, demands: tuple[Demand, ...], budget: Budget
) -> tuple[tuple[str, ...] | None, bool]:
    """Choose a set among values that are enough to tell the conditions apart."""
    families = {one.condition.operator.family for one in demands} - {Family.PRESENCE}
    proved = len(families) == 1 and not _has_relations(demands)
    every = [one for one in demands if (one.condition.operator.each is Each.ALL) is one.met]
    some = [one for one in demands if one not in every]
    budget.spend(len(demands))
    values = [value for value in _candidates(demands) if holds(key, (value,), every)]
    chosen: list[str] = []
    for one in some:
        fitting = next((value for value in values if holds(key, (value,), (one,))), None)
        if fitting is None:
            return None, proved
        chosen.append(fitting)
    answer = tuple(dict.fromkeys(chosen or values[:1]))
    return (answer, True) if holds(key, answer, demands) else (None, proved and not answer)


def _candidates(demands: tuple[Demand, ...]) -> Iterator[str]:
    """Enough values that every way the bounds cut the line has one.

    Being there or not asks for no value of its own: one that no operator expects is no witness.
    """
    for family in dict.fromkeys(one.condition.operator.family for one in demands):
        if family is Family.PRESENCE:
            continue
        values = [
            value
            for one in demands
            if one.condition.operator.family is family
            for value in one.condition.values
        ]
        if family is Family.NUMBER:
            yield from map(_decimal, _between(number(value) for value in values))
        elif family is Family.DATE:
            yield from map(_date, _between(instant(value) for value in values))
        elif family is Family.ADDRESS:
            yield from _addresses(values)
        elif family is Family.BOOL:
            yield from ("true", "false")
        else:
            yield from (*values, "x", "eHh4")


def _between(found: Iterable[Decimal | None]) -> list[Decimal]:
    bounds = sorted({one for one in found if one is not None})
    if not bounds:
        return [Decimal(1)]
    middles = [(a + b) / 2 for a, b in pairwise(bounds)]
    return [*bounds, *middles, bounds[0] - 1, bounds[-1] + 1]


def _decimal(value: Decimal) -> str:
    return format(value, "f")


def _date(seconds: Decimal) -> str:
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(seconds))
    except OverflowError:
        return _decimal(seconds)
    if seconds != int(seconds):
        return _decimal(seconds)
    return moment.isoformat().replace("+00:00", "Z")


def _addresses(values: list[str]) -> Iterator[str]:
    blocks = [one for one in map(network, values) if one is not None]
    yield "192.0.2.1"
    yield "2001:db8::1"
    for block in blocks:
        yield str(block.network_address)
        yield str(block.broadcast_address)
        if int(block.network_address):
            yield str(block.network_address - 1)
        if int(block.broadcast_address) < 2**block.max_prefixlen - 1:
            yield str(block.broadcast_address + 1)
