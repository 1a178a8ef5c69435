"""ARNs: six parts between colons, matched part by part.

Follows "IAM JSON policy elements: Resource", "IAM JSON policy elements: NotResource" and "Amazon
Resource Names (ARNs)". A wildcard does not cross the colons of the first five parts; the last
part is free. In a policy attached to an identity, trailing parts that are not written are
wildcards; elsewhere only a `*` at the end of what is written reaches over the colons.
"""

from collections.abc import Callable
from functools import lru_cache

from stockade.iam.pattern import Tokens, Wild, is_any, matcher
from stockade.iam.symbolic import OPEN, has_atom, like
from stockade.iam.truth import Truth, Unsure

PARTS = 6
STAR: Tokens = (Wild.STAR,)


def split_tokens(pattern: Tokens) -> list[Tokens]:
    """Cut into the at most six parts of an ARN pattern."""
    parts: list[list[str | Wild]] = [[]]
    for token in pattern:
        if isinstance(token, Wild):
            parts[-1].append(token)
            continue
        head, *rest = token.split(":", PARTS - len(parts))
        if head:
            parts[-1].append(head)
        parts.extend([one] if one else [] for one in rest)
    return [tuple(part) for part in parts]


def padded(pattern: Tokens, *, pad: bool) -> list[Tokens]:
    """List the parts of the pattern; those not written are wildcards where that counts."""
    parts = split_tokens(pattern)
    if len(parts) < PARTS and (pad or (pattern and pattern[-1] is Wild.STAR)):
        parts += [STAR] * (PARTS - len(parts))
    return parts


@lru_cache(maxsize=2048)
def arn_matcher(pattern: Tokens, *, pad: bool) -> Callable[[str], bool]:
    """Make the test whether an ARN matches a pattern that holds no atoms."""
    if is_any(pattern):
        return matcher(STAR)
    parts = padded(pattern, pad=pad)
    plain_head = not any(isinstance(token, Wild) for part in parts[:-1] for token in part)
    if plain_head and len(split_tokens(pattern)) == PARTS:
        return matcher(pattern)  # nothing before the last part can reach over a colon
    tests = [matcher(part) for part in parts]

    def matches(text: str) -> bool:
        own = text.split(":", 5)
        return len(own) == len(tests) and all(
            test(one) for test, one in zip(tests, own, strict=True)
        )

    return matches


def arn_like(pattern: Tokens, text: str, *, pad: bool) -> Truth:
    """Match where the pattern or the text may hold atoms."""
    if OPEN not in text and not has_atom(pattern):
        return arn_matcher(pattern, pad=pad)(text)
    return is_any(pattern) or _arn_like(pattern, text, pad=pad)


@lru_cache(maxsize=4096)
def _arn_like(pattern: Tokens, text: str, *, pad: bool) -> Truth:
    """Compare by parts; the same ARNs are asked about for every role of an application."""
    parts, own = padded(pattern, pad=pad), text.split(":", 5)
    if len(own) == 1 or len(parts) == 1 or _begins_unknown(pattern):
        return like(pattern, text)
    if len(parts) != len(own):
        return False
    doubts: list[str] = []
    for part, mine in zip(parts, own, strict=True):
        result = like(part, mine)
        if result is False:
            return False
        if isinstance(result, Unsure):
            doubts.extend(result.keys)
    return Unsure(tuple(dict.fromkeys(doubts))) if doubts else True


def _begins_unknown(pattern: Tokens) -> bool:
    """Tell whether a pattern begins with an ARN that is not known: `${BucketArn}/*`."""
    first = split_tokens(pattern)
    return (
        bool(pattern)
        and len(first) == 1
        and isinstance(pattern[0], str)
        and pattern[0].startswith(OPEN)
    )


def literal(pattern: Tokens) -> str | None:
    """Give the one text that the pattern stands for, if it holds no wildcard."""
    if not pattern:
        return ""
    return pattern[0] if len(pattern) == 1 and isinstance(pattern[0], str) else None


def start(pattern: Tokens) -> str | None:
    """Give the text before the one `*` that ends a pattern of a whole ARN, or None."""
    if len(pattern) == 2 and isinstance(pattern[0], str) and pattern[1] is Wild.STAR:  # noqa: PLR2004 - text, star
        return (
            pattern[0] if pattern[0].count(":") >= PARTS - 1 and OPEN not in pattern[0] else None
        )
    return None
