"""What can go wrong, by who must act. Every error says what to do next."""

import re
from collections.abc import Iterable

LONGEST = 500
"""Characters of an unexpected error's own text that are told."""


class StockadeError(Exception):
    """Something failed. `str()` says what and where, `hint` what to do next."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class InputError(StockadeError):
    """The user's files or arguments must change."""


class ConfigError(StockadeError):
    """The configuration file must change."""


class RuleError(StockadeError):
    """A rule failed: our bug."""


def describe(error: BaseException) -> str:
    """Name an error that nobody expected, and the line of ours that raised it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = ""
    if trace is not None:
        file = "/".join(re.split(r"[/\\]", trace.tb_frame.f_code.co_filename)[-2:])
        where = f" ({file}:{trace.tb_lineno})"
    return f"{type(error).__name__}: {error}"[:LONGEST] + where


def near(name: str, known: Iterable[str]) -> str:
    """Return "did you mean ...?" for a name that is not known, or nothing if none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - needed only after a mistake

    names = get_close_matches(name, list(known), n=3, cutoff=0.5)
    return f"did you mean {' or '.join(names)}?" if names else ""
