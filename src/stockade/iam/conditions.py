"""Conditions: what an absent key, a set of values, negation and `IfExists` mean.

Follows "IAM JSON policy elements: Condition operators", "Condition with multiple context keys or
values" and "Single-valued vs. multivalued context keys" of the IAM User Guide:

- an absent key fails a positive test and passes a negated one; `IfExists` passes; `Null` asks;
- several values in the policy: any of them; under a negated operator, none of them;
- `ForAllValues` is true of an absent or empty key, `ForAnyValue` false;
- a test for single-valued keys is not met by a multivalued one.
"""

from collections.abc import Callable

from stockade.iam.comparisons import Compare, comparison, fixed_texts, looks_up
from stockade.iam.operators import Each, Family
from stockade.iam.policy import Condition
from stockade.iam.request import Request
from stockade.iam.symbolic import OPEN, show
from stockade.iam.text import lower
from stockade.iam.truth import Truth, Unsure, join, negate

Test = Callable[[Request], Truth]


def condition_test(condition: Condition, *, variables: bool) -> Test:
    """Make the test whether a request meets the condition."""
    operator, key = condition.operator, lower(condition.key)
    if operator.family is Family.PRESENCE:
        return _presence(key, condition.values)
    when_absent = _when_absent(condition)
    doubt = Unsure((key,))
    fixed = fixed_texts(condition, variables=variables)
    if fixed is not None and operator.each is Each.NO:
        return _one_of(key, fixed, condition, when_absent=when_absent)
    compare = comparison(condition, variables=variables)
    is_fixed = not looks_up(condition, variables=variables)
    if operator.family is Family.BOOL and operator.each is Each.NO and is_fixed:
        return _boolean(key, compare, when_absent=when_absent)
    meets = {
        Each.NO: _single(compare, negated=operator.negated),
        Each.ALL: _every(compare, negated=operator.negated),
        Each.ANY: _some(compare, negated=operator.negated),
    }[operator.each]

    def test(request: Request) -> Truth:
        value = request.context.get(key)
        if value is None:
            return doubt if request.is_unknown(key) else when_absent
        if value == ():
            return when_absent
        return meets(value, request)

    return test


def _one_of(key: str, texts: frozenset[str], condition: Condition, *, when_absent: bool) -> Test:
    """Make the commonest test, one value among fixed texts, without detours."""
    negated, doubt = condition.operator.negated, Unsure((key,))

    def test(request: Request) -> Truth:
        value = request.context.get(key)
        if isinstance(value, str):
            if OPEN in value and value not in texts:
                return Unsure((show(value),))
            return (value in texts) is not negated
        if value is None:
            return doubt if request.is_unknown(key) else when_absent
        return when_absent if value == () else False

    return test


def _boolean(key: str, compare: Compare, *, when_absent: bool) -> Test:
    """Make the test of a boolean key, of which the two usual values are compared beforehand."""
    doubt = Unsure((key,))
    nobody = Request(None, "", "")
    usual = {value: compare(value, nobody) for value in ("true", "false")}

    def test(request: Request) -> Truth:
        value = request.context.get(key)
        if isinstance(value, str):
            found = usual.get(value)
            return compare(value, request) if found is None else found
        if value is None:
            return doubt if request.is_unknown(key) else when_absent
        return when_absent if value == () else False

    return test


def _when_absent(condition: Condition) -> bool:
    operator = condition.operator
    if operator.if_exists or operator.each is Each.ALL:
        return True
    return operator.negated and operator.each is Each.NO


def _presence(key: str, values: tuple[str, ...]) -> Test:
    wants_absent = "true" in map(lower, values)
    wants_present = "false" in map(lower, values)
    doubt = Unsure((key,))

    def test(request: Request) -> Truth:
        value = request.context.get(key)
        if value is None and request.is_unknown(key):
            return wants_present if wants_absent is wants_present else doubt
        is_absent = value is None or value == ()
        return wants_absent if is_absent else wants_present

    return test


Meets = Callable[[str | tuple[str, ...], Request], Truth]


def _single(compare: Compare, *, negated: bool) -> Meets:
    def meets(value: str | tuple[str, ...], request: Request) -> Truth:
        if not isinstance(value, str):
            return False
        result = compare(value, request)
        return negate(result) if negated else result

    return meets


def _every(compare: Compare, *, negated: bool) -> Meets:
    def meets(value: str | tuple[str, ...], request: Request) -> Truth:
        values = _set(value)
        doubt: Unsure | None = None
        for one in values:
            result = compare(one, request)
            result = negate(result) if negated else result
            if result is False:
                return False
            if isinstance(result, Unsure):
                doubt = join(doubt, result)
        return doubt or True

    return meets


def _some(compare: Compare, *, negated: bool) -> Meets:
    def meets(value: str | tuple[str, ...], request: Request) -> Truth:
        doubt: Unsure | None = None
        for one in _set(value):
            result = compare(one, request)
            result = negate(result) if negated else result
            if result is True:
                return True
            if isinstance(result, Unsure):
                doubt = join(doubt, result)
        return doubt or False

    return meets


def _set(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """Take the values as a set; nothing but empty strings is the null data set."""
    values = (value,) if isinstance(value, str) else value
    return values if any(values) else ()
