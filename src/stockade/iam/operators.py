"""The names of the condition operators.

Follows "IAM JSON policy elements: Condition operators" and "Single-valued vs. multivalued
context keys" of the IAM User Guide.
"""

from enum import Enum

from stockade._record import record
from stockade.iam.text import lower


class Family(Enum):
    """What an operator compares."""

    STRING = "string"
    ARN = "arn"
    NUMBER = "number"
    DATE = "date"
    BOOL = "bool"
    BINARY = "binary"
    ADDRESS = "address"
    PRESENCE = "presence"


class Each(Enum):
    """How a set of values in the request is compared; NO is for single-valued keys."""

    NO = ""
    ALL = "ForAllValues"
    ANY = "ForAnyValue"


@record
class Operator:
    """One operator as written: `ForAnyValue:StringNotLikeIfExists` and so on.

    `test` is the positive comparison without its modifiers: `equals`, `like`, `nocase`, `<`,
    `<=`, `>`, `>=`, or empty where the family has one test only.
    """

    name: str
    family: Family
    test: str
    negated: bool
    if_exists: bool
    each: Each


_ORDER = {
    "Equals": ("equals", False),
    "NotEquals": ("equals", True),
    "LessThan": ("<", False),
    "LessThanEquals": ("<=", False),
    "GreaterThan": (">", False),
    "GreaterThanEquals": (">=", False),
}
_BASES: dict[str, tuple[Family, str, bool]] = {
    "StringEquals": (Family.STRING, "equals", False),
    "StringNotEquals": (Family.STRING, "equals", True),
    "StringEqualsIgnoreCase": (Family.STRING, "nocase", False),
    "StringNotEqualsIgnoreCase": (Family.STRING, "nocase", True),
    "StringLike": (Family.STRING, "like", False),
    "StringNotLike": (Family.STRING, "like", True),
    "ArnEquals": (Family.ARN, "like", False),
    "ArnLike": (Family.ARN, "like", False),
    "ArnNotEquals": (Family.ARN, "like", True),
    "ArnNotLike": (Family.ARN, "like", True),
    "Bool": (Family.BOOL, "", False),
    "BinaryEquals": (Family.BINARY, "", False),
    "IpAddress": (Family.ADDRESS, "", False),
    "NotIpAddress": (Family.ADDRESS, "", True),
    "Null": (Family.PRESENCE, "", False),
    **{f"Numeric{name}": (Family.NUMBER, *how) for name, how in _ORDER.items()},
    **{f"Date{name}": (Family.DATE, *how) for name, how in _ORDER.items()},
}
_CANONICAL = {lower(name): name for name in _BASES}
_EACH = {lower(each.value): each for each in Each if each is not Each.NO}
NAMES = tuple(_BASES)


def operator(written: str) -> Operator | None:
    """Read an operator's name, in any case; None if there is no such operator."""
    prefix, colon, rest = lower(written).rpartition(":")
    each = _EACH.get(prefix) if colon else Each.NO
    base = rest.removesuffix("ifexists")
    name = _CANONICAL.get(base)
    if each is None or name is None:
        return None
    if_exists = base != rest
    family, test, negated = _BASES[name]
    if family is Family.PRESENCE and if_exists:
        return None
    return Operator(
        name=f"{each.value}{':' if colon else ''}{name}{'IfExists' if if_exists else ''}",
        family=family,
        test=test,
        negated=negated,
        if_exists=if_exists,
        each=each,
    )
