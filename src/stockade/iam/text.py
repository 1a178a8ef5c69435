"""Text as the policy language has it: plain values written out, and compared without case."""

from datetime import date

_ASCII_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def written(value: object) -> str | None:
    """Write a plain value of JSON or YAML as the text it stands for; None if it is not plain."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        from decimal import Decimal  # noqa: PLC0415 - rarely needed

        return format(Decimal(repr(value)), "f")
    if isinstance(value, int):
        return str(value)
    return value.isoformat() if isinstance(value, date) else None


def lower(text: str) -> str:
    """Fold the ASCII letters alone: for actions, condition keys and operators.

    `str.lower` would turn the Kelvin sign into a `k`, and so `KMS:Decrypt` written with one
    would look like an action that it is not.
    """
    return text.lower() if text.isascii() else text.translate(_ASCII_LOWER)


def fold(text: str) -> str:
    """Fold every letter that has one simple other case: for `StringEqualsIgnoreCase`."""
    if text.isascii():
        return text.lower()
    return "".join(_fold_one(char) for char in text)


def _fold_one(char: str) -> str:
    folded = char.upper().lower()
    return folded if len(folded) == 1 else char
