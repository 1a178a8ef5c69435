"""Comparing text without case, the way the policy language does."""

_ASCII_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


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
