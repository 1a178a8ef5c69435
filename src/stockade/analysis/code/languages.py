"""The languages whose code is read."""

from typing import Final

from stockade.model import Function, Unknown

LANGUAGES: Final = frozenset({"javascript", "python"})
"""The languages that have a front end."""


def is_analysed(function: Function) -> bool:
    """Tell whether the function's code was read, so that its calls are known."""
    handler = function.handler
    return not isinstance(handler, Unknown) and handler.language in LANGUAGES
