"""Wildcard patterns: `*` is any text, `?` is any one character; matched in linear time.

Follows "IAM JSON policy elements: Resource" and "IAM JSON policy elements: Action" of the IAM
User Guide. No regular expressions: a pattern such as `*a*a*a*` must not be able to stall us.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from functools import lru_cache

from stockade._late import pattern as late_pattern

Match = Callable[[str], bool]


class Wild(Enum):
    """What a pattern holds besides text."""

    STAR = "*"
    ANY = "?"


Token = str | Wild
Tokens = tuple[Token, ...]


_WILD: Mapping[str, Token] = {one.value: one for one in Wild}
_RUNS = late_pattern(r"([*?])")


def tokenize(pattern: str) -> Tokens:
    """Cut a pattern into runs of text and wildcards."""
    if "*" not in pattern and "?" not in pattern:
        return (pattern,) if pattern else ()
    return tuple([_WILD.get(run, run) for run in _RUNS.split(pattern) if run])


def is_any(tokens: Tokens) -> bool:
    """Whether the pattern is one or more `*` and nothing else."""
    return bool(tokens) and all(token is Wild.STAR for token in tokens)


def always(_text: str) -> bool:
    """Match everything."""
    return True


@lru_cache(maxsize=2048)
def wildcard(pattern: str) -> Match:
    """Make the test whether a text matches a pattern as policies write it."""
    return matcher(tokenize(pattern))


@lru_cache(maxsize=2048)
def matcher(tokens: Tokens) -> Match:
    """Make the test whether a text matches the pattern."""
    chunks = _chunks(tokens)
    if len(chunks) == 1:
        return _exactly(chunks[0])
    head, *middle, tail = chunks
    if not middle and not any(Wild.ANY in chunk for chunk in chunks):
        return _between(_text(head), _text(tail))
    return _general(head, middle, tail)


def _chunks(tokens: Tokens) -> list[Tokens]:
    """List what stands between the stars; the first and last may be empty."""
    chunks: list[list[Token]] = [[]]
    for token in tokens:
        if token is Wild.STAR:
            chunks.append([])
        else:
            chunks[-1].append(token)
    inner = [tuple(chunk) for chunk in chunks[1:-1] if chunk]
    return [tuple(chunks[0]), *inner, *([tuple(chunks[-1])] if len(chunks) > 1 else [])]


def _text(chunk: Tokens) -> str:
    return "".join(token for token in chunk if isinstance(token, str))


def _exactly(chunk: Tokens) -> Match:
    if Wild.ANY not in chunk:
        return _text(chunk).__eq__
    size = _size(chunk)
    return lambda text: len(text) == size and _fits(chunk, text, 0)


def _between(head: str, tail: str) -> Match:
    if not head and not tail:
        return always
    if not tail:
        return lambda text: text.startswith(head)
    if not head:
        return lambda text: text.endswith(tail)
    least = len(head) + len(tail)
    return lambda text: len(text) >= least and text.startswith(head) and text.endswith(tail)


def _general(head: Tokens, middle: list[Tokens], tail: Tokens) -> Match:
    first, last = _size(head), _size(tail)
    finders = [(_finder(chunk), _size(chunk)) for chunk in middle]

    def matches(text: str) -> bool:
        """Take each chunk at the leftmost place it fits: no later choice can do better."""
        end = len(text) - last
        if end < first or not _fits(head, text, 0) or not _fits(tail, text, end):
            return False
        at = first
        for find, size in finders:
            at = find(text, at, end)
            if at < 0:
                return False
            at += size
        return True

    return matches


def _size(chunk: Tokens) -> int:
    return sum(len(token) if isinstance(token, str) else 1 for token in chunk)


def _fits(chunk: Tokens, text: str, at: int) -> bool:
    for token in chunk:
        if isinstance(token, str):
            if not text.startswith(token, at):
                return False
            at += len(token)
        else:
            at += 1
    return True


def _finder(chunk: Tokens) -> Callable[[str, int, int], int]:
    """Find the leftmost place of a chunk between two offsets, -1 if there is none."""
    if Wild.ANY not in chunk:
        text = _text(chunk)
        return lambda where, start, end: where.find(text, start, end)
    size, masks, wild = _size(chunk), dict[str, int](), 0
    bit = 1
    for token in chunk:
        for char in token if isinstance(token, str) else (None,):
            if char is None:
                wild |= bit
            else:
                masks[char] = masks.get(char, 0) | bit
            bit <<= 1
    last = 1 << (size - 1)

    def find(where: str, start: int, end: int) -> int:
        """Shift-and: every partial match is one bit of one number."""
        state = 0
        for offset in range(start, end):
            state = ((state << 1) | 1) & (masks.get(where[offset], 0) | wild)
            if state & last:
                return offset - size + 1
        return -1

    return find
