"""Scalars: what a plain word of YAML or a number of JSON means.

YAML 1.1, as CloudFormation reads it ("AWS CloudFormation template formats"), with one rule of
our own: a number stays a text where Python would write it differently (`3.10`, `0755`,
`012345678901`), so that versions and account ids keep their digits. Dates stay texts.
"""

from functools import lru_cache

from stockade._late import pattern

_BOOLEANS = {
    word: truth
    for truth, words in ((True, ("true", "yes", "on")), (False, ("false", "no", "off")))
    for lower in words
    for word in (lower, lower.capitalize(), lower.upper())
}
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_INTEGER = pattern(r"-?(?:0|[1-9][0-9]{0,17})")
_MAX_FLOAT_LENGTH = 24

NUMBER_START = frozenset("-.0123456789")


def plain(text: str) -> str | int | float | bool | None:
    """Return the value of a plain (unquoted, untagged) scalar."""
    if not text or text[0] in NUMBER_START:
        return number(text) if text else None
    if len(text) <= 5:  # noqa: PLR2004 - no word that means something is longer
        if text in _BOOLEANS:
            return _BOOLEANS[text]
        if text in _NULLS:
            return None
    return text


def number(text: str) -> str | int | float:
    """Return the number that `text` is, or the text itself where a number would lose digits."""
    if _INTEGER.fullmatch(text) and text != "-0":
        return int(text)
    if len(text) <= _MAX_FLOAT_LENGTH and "." in text:
        try:
            value = float(text)
        except ValueError:
            return text
        if repr(value) == text:
            return value
    return text


@lru_cache(maxsize=256)
def long_form(tag: str) -> str:
    """Return the name of the intrinsic function that a short tag stands for.

    `!Ref` and `!Condition` have no prefix in their long form; every other tag has `Fn::`, also
    tags that CloudFormation does not know, so that resolving can say so.
    """
    name = tag.lstrip("!")
    return name if name in {"Ref", "Condition"} else f"Fn::{name}"
