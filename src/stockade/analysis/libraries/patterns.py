"""Whether a regular expression that must match keeps harmful characters out."""

import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from stockade._late import pattern as late
from stockade.analysis.libraries.conditions import Arguments, given, text_of
from stockade.analysis.libraries.model import Guard, Sanitizer, Test

# What must not be chosen, by the kind of sink. Where a kind is not named no pattern protects:
# a module's or a function's name harms by what it says, not by its characters.
HARMFUL = {
    "shell": " \t\n;&|`$()<>\"'\\*?#~!{}[]",
    "sql": " \t\n'\"`;\\()",
    "query": " \t\n'\"`;\\(){}$*:=<>",
    "host": "./\\@:#?%",
    "path": "/\\\0",
    "object-key": "/",
    "page": "<>\"'&",
    "template": "{}%$<#",
    "code": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_\"'",
    "header": "\r\n",
    "pattern": "(",  # Without a group nothing repeats within what repeats.
}
_LONGEST = 1000
_AS_CLASS: dict[Any, Callable[[str], bool]] = {
    codes.CATEGORY_DIGIT: str.isdigit,
    codes.CATEGORY_SPACE: str.isspace,
    codes.CATEGORY_WORD: lambda character: character.isalnum() or character == "_",
}
_AS_NOT_CLASS = {
    codes.CATEGORY_NOT_DIGIT: codes.CATEGORY_DIGIT,
    codes.CATEGORY_NOT_SPACE: codes.CATEGORY_SPACE,
    codes.CATEGORY_NOT_WORD: codes.CATEGORY_WORD,
}
_STARTS = {codes.AT_BEGINNING, codes.AT_BEGINNING_STRING}
_ENDS = {codes.AT_END, codes.AT_END_STRING}
_REPEATS = {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}


@lru_cache(maxsize=1024)
def keeps_out(pattern: str, harmful: str, *, start: bool, end: bool) -> bool:
    """Tell whether no text that matches lets its writer choose one of the harmful characters.

    `start` and `end` say whether the way of matching holds it to the text's start and end;
    otherwise the pattern must (`^`, `$`). Constant text in the pattern is nobody's choice.
    """
    parsed = _parsed(pattern)
    if parsed is None or parsed.state.flags & re.MULTILINE:
        return False
    try:
        if (
            harmful == HARMFUL["host"]
            and (start or _anchored(parsed, _STARTS, 0))
            and _begins_at_host(parsed)
        ):
            return True
        held = (start or _anchored(parsed, _STARTS, 0)) and (end or _anchored(parsed, _ENDS, -1))
        if held and harmful == HARMFUL["shell"] and not _chooses(parsed, "-", free=False):
            harmful = harmful.replace(" ", "")  # More words, none of them an option.
        return held and not any(_chooses(parsed, one, free=False) for one in harmful)
    except (RecursionError, OverflowError):
        return False


_HOST = late(r"https?://[a-z0-9][a-z0-9.-]*(?::\d+)?/")


def _begins_at_host(parsed: Any) -> bool:  # noqa: ANN401 - re has no types
    """Tell whether all that matches begins with an address up to the slash after its host."""
    text = ""
    for operator, value in parsed:
        if operator is codes.AT and value in _STARTS and not text:
            continue
        if operator in _REPEATS and value[1] == 1 and len(value[2]) == 1:
            operator, value = value[2][0]  # noqa: PLW2901 - `https?`: with or without it
        if operator is not codes.LITERAL:
            break
        text += chr(value)
    return _HOST.match(text) is not None


@lru_cache(maxsize=64)
def _parsed(pattern: str) -> parser.SubPattern | None:
    """Parse a pattern as `re` does; None for one that is wrong or too long to be worth it."""
    if len(pattern) > _LONGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return parser.parse(pattern)
    except (re.error, RecursionError, OverflowError):
        return None


@lru_cache(maxsize=64)
def parts(pattern: str) -> tuple[tuple[str | int, frozenset[str]], ...]:
    """Return for which kinds of sinks what a match and its groups hold is safe, by their names.

    What a group holds is what its own part of the pattern takes, wherever the match lies. The
    whole match has the number 0.
    """
    parsed = _parsed(pattern)
    if parsed is None:
        return ()
    try:
        found: dict[str | int, frozenset[str]] = {0: _kept_out(parsed)}
        names = {number: name for name, number in parsed.state.groupdict.items()}
        for number, sequence in _groups(parsed):
            found[number] = _kept_out(sequence)
            if number in names:
                found[names[number]] = found[number]
    except (RecursionError, OverflowError):
        return ()
    return tuple(found.items())


def _kept_out(sequence: Any) -> frozenset[str]:  # noqa: ANN401
    return frozenset(
        kind
        for kind, harmful in HARMFUL.items()
        if not any(_chooses(sequence, one, free=False) for one in harmful)
    )


def _groups(sequence: Any) -> Iterator[tuple[int, Any]]:  # noqa: ANN401
    """Yield the groups of a pattern that have numbers, with what they match."""
    for operator, value in sequence:
        if operator is codes.SUBPATTERN:
            if value[0] is not None:
                yield value[0], value[-1]
            yield from _groups(value[-1])
        elif operator in _REPEATS:
            yield from _groups(value[2])
        elif operator is codes.BRANCH:
            for one in value[1]:
                yield from _groups(one)


def guards(callee: str, text: str, pattern: str, *, start: bool, end: bool) -> Iterable[Guard]:
    """Yield a guard for each kind: the call matched `text` with a pattern that is strict."""
    name, _, position = pattern.partition("@")
    for kind, harmful in HARMFUL.items():
        test = _test(name, position, harmful, start=start, end=end)
        yield Guard(callee, text, (kind,), when=test)
    yield Guard(callee, text, ("scheme",), when=_asks_for_http(name, position, start=start))


def _asks_for_http(name: str, position: str, *, start: bool) -> Test:
    """Return the test whether a text that matches begins with `http`."""

    def test(arguments: Arguments) -> bool | None:
        pattern = text_of(given(arguments, name, int(position) if position else None))
        if pattern is None:
            return None
        bare = pattern.removeprefix("^").removeprefix("\\A")
        return bare.startswith("http") and (start or bare != pattern) and "|" not in bare

    return test


def finders(callee: str, text: str, pattern: str) -> Iterable[Sanitizer]:
    """Yield a sanitizer for each kind: the call gives every match of a strict pattern."""
    name, _, position = pattern.partition("@")

    def test(kind: str) -> Test:
        def holds(arguments: Arguments) -> bool | None:
            known = text_of(given(arguments, name, int(position) if position else None))
            found = parts(known) if known is not None else ()
            return bool(found) and all(kind in kinds for _, kinds in found)

        return holds

    for kind in HARMFUL:
        yield Sanitizer(callee, text, (kind,), test(kind))


def cleaners(callee: str, text: str, pattern: str, put_in: str) -> Iterable[Sanitizer]:
    """Yield a sanitizer for each kind: the call replaces all that a class of characters lacks."""
    for kind, harmful in HARMFUL.items():
        yield Sanitizer(callee, text, (kind,), _replaces(pattern, put_in, harmful))


@lru_cache(maxsize=1024)
def leaves_none(pattern: str, harmful: str) -> bool:
    """Tell whether nothing harmful is left of a text in which every match was replaced."""
    parsed = _parsed(pattern)
    if parsed is None:
        return False
    while len(parsed) == 1 and parsed[0][0] in (*_REPEATS, codes.SUBPATTERN):
        operator, value = parsed[0]
        if operator in _REPEATS and value[0] > 1:
            return False
        parsed = value[-1]
    if len(parsed) != 1:
        return False
    operator, value = parsed[0]
    return all(_may_be(operator, value, one, free=True) for one in harmful)


def _replaces(pattern: str, put_in: str, harmful: str) -> Test:
    name, _, position = pattern.partition("@")
    other, _, place = put_in.partition("@")

    def test(arguments: Arguments) -> bool | None:
        matched = text_of(given(arguments, name, int(position)))
        put = text_of(given(arguments, other, int(place)))
        if matched is None or put is None or "\\" in put:
            return None
        return leaves_none(matched, harmful) and not set(put) & set(harmful)

    return test


def _test(name: str, position: str, harmful: str, *, start: bool, end: bool) -> Test:
    def test(arguments: Arguments) -> bool | None:
        pattern = text_of(given(arguments, name, int(position) if position else None))
        return None if pattern is None else keeps_out(pattern, harmful, start=start, end=end)

    return test


def _anchored(sequence: Any, anchors: set[Any], edge: int) -> bool:  # noqa: ANN401 - re has no types
    """Tell whether every way to match `sequence` starts (or ends) with an anchor."""
    if not len(sequence):
        return False
    operator, value = sequence[edge]
    if operator is codes.AT:
        return value in anchors
    if operator is codes.SUBPATTERN:
        return _anchored(value[-1], anchors, edge)
    if operator is codes.BRANCH:
        return all(_anchored(one, anchors, edge) for one in value[1])
    return False


def _chooses(sequence: Any, character: str, *, free: bool) -> bool:  # noqa: ANN401
    """Tell whether who writes the text may put `character` into it; `free` inside a repeat."""
    return any(_may_be(operator, value, character, free=free) for operator, value in sequence)


def _may_be(operator: Any, value: Any, character: str, *, free: bool) -> bool:  # noqa: ANN401
    if operator is codes.LITERAL:
        return free and value == ord(character)
    if operator is codes.NOT_LITERAL:
        return bool(value != ord(character))
    if operator is codes.ANY:
        return character != "\n"
    if operator is codes.IN:
        return in_class(value, character)
    if operator in _REPEATS:
        return _chooses(value[2], character, free=True)
    if operator is codes.SUBPATTERN:
        return _chooses(value[-1], character, free=free)
    if operator is codes.ATOMIC_GROUP:
        return _chooses(value, character, free=free)
    if operator is codes.BRANCH:
        return any(_chooses(one, character, free=free) for one in value[1])
    # Anchors and look-arounds take no text; what a group matched stands for itself elsewhere.
    return operator not in (codes.AT, codes.ASSERT, codes.ASSERT_NOT, codes.GROUPREF)


def in_class(members: Any, character: str) -> bool:  # noqa: ANN401
    """Tell whether a class, as `re` parses `[...]`, has a character."""
    negated, found = False, False
    for operator, value in members:
        if operator is codes.NEGATE:
            negated = True
        elif operator is codes.LITERAL:
            found |= value == ord(character)
        elif operator is codes.RANGE:
            found |= value[0] <= ord(character) <= value[1]
        elif operator is codes.CATEGORY:
            found |= _in_category(value, character)
    return found is not negated


def _in_category(category: Any, character: str) -> bool:  # noqa: ANN401
    if category in _AS_NOT_CLASS:
        return not _in_category(_AS_NOT_CLASS[category], character)
    return bool(_AS_CLASS[category](character))
