"""Numbers and dates, as the numeric and date operators read them.

Follows "IAM JSON policy elements: Condition operators": integers and decimals; the W3C forms of
ISO 8601, or seconds since 1970. Both become `Decimal`, which compares exactly.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal

from stockade._late import pattern

_LONGEST = 64
_NUMBER = pattern(r"[+-]?[0-9]+(?:\.[0-9]+)?", re.ASCII)
_DATE = pattern(
    r"([0-9]{4})(?:-?([0-9]{2})(?:-?([0-9]{2})"
    r"(?:[Tt]([0-9]{2}):?([0-9]{2})(?::?([0-9]{2})(\.[0-9]{1,9})?)?"
    r"([Zz]|[+-][0-9]{2}:?[0-9]{2})?)?)?)?",
    re.ASCII,
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_YEAR_DIGITS = 4


def number(text: str) -> Decimal | None:
    """Read the number that a text is, or None."""
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text):
        return None
    return Decimal(text)


def instant(text: str) -> Decimal | None:
    """Read the seconds since 1970 of a date, or None. Four digits alone are a year."""
    if len(text) > _LONGEST:
        return None
    if _NUMBER.fullmatch(text) and len(text) != _YEAR_DIGITS:
        return Decimal(text)
    match = _DATE.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    try:
        moment = datetime(
            int(year),
            int(month or 1),
            int(day or 1),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            tzinfo=_zone(zone),
        )
    except ValueError:
        return None
    return Decimal(round((moment - _EPOCH).total_seconds())) + Decimal(fraction or 0)


def _zone(text: str | None) -> tzinfo:
    if not text or text in "Zz":
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)
