"""How one value of the request is compared with the values of a condition, by family.

Follows "IAM JSON policy elements: Condition operators" of the IAM User Guide. Each function
makes the *positive* test; `conditions` adds negation, sets, absence and `IfExists`.
"""

import base64
import binascii
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network

from stockade.iam.arn import arn_like, arn_matcher
from stockade.iam.operators import Family
from stockade.iam.pattern import Tokens, matcher, tokenize
from stockade.iam.policy import Condition
from stockade.iam.request import Request
from stockade.iam.symbolic import OPEN, has_atom, like, show
from stockade.iam.text import fold
from stockade.iam.truth import Truth, Unsure, join
from stockade.iam.variables import Pieces, has_variables, pieces, resolve, static

Compare = Callable[[str, Request], Truth]
Plain = Callable[[str], bool]

_BOOLEANS = frozenset({"true", "false"})


def comparison(condition: Condition, *, variables: bool) -> Compare:
    """Make the test whether one value matches any of the condition's values."""
    family = condition.operator.family
    if family in (Family.STRING, Family.ARN):
        return _texts(condition, variables=variables)
    if family is Family.BOOL and looks_up(condition, variables=variables):
        same = _texts(condition, variables=variables)
        return lambda value, request: (
            same(value, request) if fold(value) in _BOOLEANS or OPEN in value else False
        )
    plain = _plain(condition)
    if not any(OPEN in value for value in condition.values):
        return lambda value, _request: _unless_symbolic(plain, value)
    doubt = Unsure(tuple(show(value) for value in condition.values if OPEN in value))
    return lambda value, _request: True if plain(value) else doubt


def fixed_texts(condition: Condition, *, variables: bool) -> frozenset[str] | None:
    """Give the texts that a condition compares with, if it is no more than that."""
    operator = condition.operator
    if operator.family is not Family.STRING or operator.test == "nocase":
        return None
    meaningful = [OPEN, *(["${"] if variables else []), *("*?" if operator.test == "like" else "")]
    if any(mark in value for value in condition.values for mark in meaningful):
        return None
    return frozenset(condition.values)


def looks_up(condition: Condition, *, variables: bool) -> bool:
    """Whether some value may have to be looked up in the request, as variables are."""
    return variables and any("${" in value for value in condition.values)


def _unless_symbolic(plain: Plain, value: str) -> Truth:
    return Unsure((show(value),)) if OPEN in value else plain(value)


def _plain(condition: Condition) -> Plain:
    family, values = condition.operator.family, condition.values
    if family is Family.BOOL:
        wanted = frozenset(fold(value) for value in values) & _BOOLEANS
        return lambda value: fold(value) in wanted
    if family is Family.ADDRESS:
        return _addresses(values)
    if family is Family.BINARY:
        bytes_wanted = frozenset(one for one in map(_decoded, values) if one is not None)
        return lambda value: _decoded(value) in bytes_wanted
    return _ordered(condition.operator.test, values, family)


def _ordered(test: str, values: tuple[str, ...], family: Family) -> Plain:
    """Compare numbers or moments. Any bound may hold, so the widest one alone decides."""
    from stockade.iam.moments import instant, number  # noqa: PLC0415 - few conditions have either

    read = number if family is Family.NUMBER else instant
    bounds = [bound for bound in map(read, values) if bound is not None]
    if not bounds:
        return lambda _value: False
    low, high, exact = min(bounds), max(bounds), frozenset(bounds)

    def compare(value: str) -> bool:
        found = read(value)
        if found is None:
            return False
        match test:
            case "<":
                return found < high
            case "<=":
                return found <= high
            case ">":
                return found > low
            case ">=":
                return found >= low
        return found in exact

    return compare


def network(text: str) -> IPv4Network | IPv6Network | None:
    """Read the addresses that a text stands for, one or a CIDR block; None if it is neither."""
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError:
        return None


def _addresses(values: tuple[str, ...]) -> Plain:
    blocks = [
        (type(one), int(one.network_address), int(one.broadcast_address))
        for one in map(network, values)
        if one is not None
    ]

    def compare(value: str) -> bool:
        found = network(value)
        if found is None:
            return False
        kind, low, high = type(found), int(found.network_address), int(found.broadcast_address)
        return any(kind is one and first <= low and high <= last for one, first, last in blocks)

    return compare


def _decoded(value: str) -> bytes | None:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None


def _texts(condition: Condition, *, variables: bool) -> Compare:
    """Prepare fixed values once; those with variables are resolved at every request."""
    operator = condition.operator
    wildcards = operator.test == "like"
    cut = [
        pieces(value, wildcards=wildcards) if variables else _plain_pieces(value, operator.test)
        for value in condition.values
    ]
    fixed = [static(one) for one in cut if not has_variables(one)]
    moving = [one for one in cut if has_variables(one)]
    if operator.family is Family.ARN:
        return _combined(fixed, moving, _arn_plain, lambda p, v: arn_like(p, v, pad=False))
    if operator.test == "nocase" or operator.family is Family.BOOL:
        return _combined(fixed, moving, _nocase_plain, lambda p, v: like(_folded(p), fold(v)))
    return _combined(fixed, moving, matcher, like)


def _plain_pieces(value: str, test: str) -> Pieces:
    if test == "like":
        return tokenize(value)
    return (value,) if value else ()


def _arn_plain(pattern: Tokens) -> Plain:
    return arn_matcher(pattern, pad=False)


def _nocase_plain(pattern: Tokens) -> Plain:
    test = matcher(_folded(pattern))
    return lambda value: test(fold(value))


def _folded(pattern: Tokens) -> Tokens:
    return tuple(fold(token) if isinstance(token, str) else token for token in pattern)


def _combined(
    fixed: list[Tokens],
    moving: list[Pieces],
    plain: Callable[[Tokens], Plain],
    symbolic: Callable[[Tokens, str], Truth],
) -> Compare:
    opaque = [one for one in fixed if has_atom(one)]
    texts = frozenset(one[0] if one else "" for one in fixed if len(one) < 2 and _is_text(one))  # noqa: PLR2004
    if plain is not matcher:
        texts = frozenset()
    tests = [plain(one) for one in fixed if one not in opaque and not (texts and _is_text(one))]

    def compare(value: str, request: Request) -> Truth:
        if OPEN in value:
            return _any_of([*fixed, *_resolved(moving, request)], symbolic, value)
        if value in texts:
            return True
        for test in tests:
            if test(value):
                return True
        if opaque or moving:
            return _any_of([*opaque, *_resolved(moving, request)], symbolic, value)
        return False

    return compare


def _is_text(pattern: Tokens) -> bool:
    return all(isinstance(token, str) for token in pattern)


def _resolved(moving: list[Pieces], request: Request) -> list[Tokens | Unsure]:
    found = (resolve(one, request) for one in moving)
    return [one for one in found if one is not None]


def _any_of(
    patterns: list[Tokens | Unsure], symbolic: Callable[[Tokens, str], Truth], value: str
) -> Truth:
    doubt: Unsure | None = None
    for pattern in patterns:
        result = pattern if isinstance(pattern, Unsure) else symbolic(pattern, value)
        if result is True:
            return True
        if isinstance(result, Unsure):
            doubt = join(doubt, result)
    return doubt or False
