"""Regular expressions that are compiled when they are first used.

Compiling the patterns of all stages takes 30 ms, a tenth of a small scan, which needs but few.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import AnyStr, cast

_METHODS = ("match", "fullmatch", "search", "finditer", "findall", "split", "sub", "subn")


class _Late:
    """Stands for a compiled pattern: asked for a method, it compiles and then has them all."""

    def __init__(self, text: object, flags: int) -> None:
        self._written = text, flags

    def __getattr__(self, name: str) -> object:
        compiled = re.compile(*self._written)  # type: ignore[call-overload]
        for method in _METHODS:
            # From now on a call costs no more than one of the pattern's own.
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what has the methods of `re.compile(text, flags)`.

    What is wrong with `text` is raised (`re.error`) when the pattern is first used.
    """
    return cast("re.Pattern[AnyStr]", _Late(text, flags))


@contextmanager
def late_patterns() -> Iterator[None]:
    """Let libraries that are imported within compile their patterns late, too.

    PyYAML has eleven, for the parser in Python that libyaml stands in for; one of them names most
    of Unicode, and takes as long to compile as a small template takes to read.
    """
    at_once = re.compile
    re.compile = pattern  # type: ignore[assignment]
    try:
        yield
    finally:
        re.compile = at_once
