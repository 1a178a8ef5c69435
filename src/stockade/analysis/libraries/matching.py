"""Matching of texts with patterns: a text that stalls a pattern, and patterns that senders write.

The calls are those of "re" in the Python documentation and of "Regular expressions" on MDN.
"""

from typing import Final

from stockade.analysis.libraries.conditions import Arguments, given, text_of
from stockade.analysis.libraries.model import Model, Named, Sanitizer, Sink, Test, every

MATCH: Final = "ecmascript.match'"
"""A match in JavaScript, whichever method makes it: of a text, with a pattern."""

_PLAIN_FLAGS: Final = frozenset(
    f"{module}.{flag}"
    for module in ("re", "regex")
    for flag in every("{I,IGNORECASE,A,ASCII,U,UNICODE,NOFLAG}")
)
"""Flags under which a pattern is written as without them."""


def _stalls(place: str, flags: str, *, start: bool = False, end: bool = False) -> Test:
    """Test that a text can make the pattern stall; one that is not known is not held to."""
    name, _, position = place.partition("@")
    named, _, after = flags.partition("@")

    def test(arguments: Arguments) -> bool | None:
        from stockade.analysis.libraries.stalling import stalls  # noqa: PLC0415 - rarely asked

        pattern = text_of(given(arguments, name, int(position)))
        chosen = given(arguments, named, int(after))
        if pattern is None or not (
            chosen is None or (isinstance(chosen, Named) and chosen.name in _PLAIN_FLAGS)
        ):
            return False
        return stalls(pattern, start=start, end=end) is not None

    return test


def _stalls_in_javascript(arguments: Arguments) -> bool | None:
    from stockade.analysis.libraries.stalling import as_python, stalls  # noqa: PLC0415

    pattern = text_of(given(arguments, "1"))
    return pattern is not None and stalls(as_python(pattern)) is not None


_WAYS: Final = (
    ("fullmatch", 1, 2, True, True),
    ("match", 1, 2, True, False),
    *((name, 1, 2, False, False) for name in ("search", "findall", "finditer")),
    ("split", 1, 3, False, False),
    *((name, 2, 4, False, False) for name in ("sub", "subn")),
)
"""Calls that match, with the places of text and flags, and whether start and end are held to."""

MODELS: tuple[Model, ...] = (
    *(
        line
        for module in ("re", "regex")
        for name, place, flags, start, end in _WAYS
        for line in (
            Sink(
                "stalls",
                f"{module}.{name}",
                f"string@{place}",
                _stalls("pattern@0", f"flags@{flags}", start=start, end=end),
            ),
            Sink(
                "stalls",
                f"{module}.Pattern.{name}",
                f"string@{place - 1}",
                _stalls("self.pattern@0", "self.flags@1", start=start, end=end),
            ),
            Sink("pattern", f"{module}.{name}", "pattern@0"),
            Sink("pattern", f"{module}.Pattern.{name}", "self"),
        )
    ),
    Sink("stalls", MATCH, "@0", _stalls_in_javascript),
    Sink("pattern", MATCH, "@1"),
    # What is escaped is matched as it is.
    *(
        Sanitizer(name, place, ("pattern",))
        for name, place in (
            ("re.escape", "pattern@0"),
            ("regex.escape", "pattern@0"),
            ("ecmascript.RegExp.escape", "@0"),
            ("npm:escape-string-regexp", "@0"),
            ("npm:lodash.escapeRegExp", "@0"),
            ("npm:lodash/escapeRegExp", "@0"),
            ("npm:lodash.escaperegexp", "@0"),
        )
    ),
)
