"""What scanned text goes through before anyone sees it: no control characters, no secrets.

Names, messages and source lines come from a repository that may be hostile. Escape sequences
could redraw the terminal, bidirectional marks could show other code than runs, and a line may
hold a password. Each character is replaced by one character, so that columns stay true.
"""

import re
from functools import cache

_INVISIBLE = (
    "[\x00-\x1f\x7f-\x9f"  # control characters, escape among them
    "\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # zero width, line ends, direction
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\ud800-\udfff\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"  # half characters, tags
)

_TOKENS = (
    r"\b(?:AKIA|ASIA)(?P<aws>[0-9A-Z]{16})\b"
    r"|\b(?:gh[pousr]_|github_pat_|glpat-|npm_|pypi-|[sr]k_live_|xox[abeprs]-|AIza|SG\.)"
    r"(?P<token>[\w.-]{16,})"
    r"|\beyJ(?P<jwt>[\w-]{8,}\.[\w-]{8,}\.[\w-]*)"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----(?P<key>.+)"
    r"|://[^\s/:@'\"]*:(?P<userinfo>[^\s/@'\"]{3,})@"
)
_SENSITIVE = (
    r"(?:pass(?:word|wd|phrase)?|pwd|secret|token|credentials?"
    r"|(?:api|access|private|secret|signing|encryption|master)[_-]?key)"
)
_LITERAL = (
    rf"(?i:{_SENSITIVE})[\"']?\]?\s*(?::\s*\w+\s*)?(?:==?|:|,)\s*[rbfuRBFU]{{0,2}}"
    r"(?P<quote>[\"'])(?P<value>(?:(?!(?P=quote))[^\\]|\\.){4,})(?P=quote)?"
)
_YAML = rf"^[ \t-]*[\w.-]*(?i:{_SENSITIVE})[ \t]*:[ \t]+(?P<value>[^\s\"'!{{\[&*|>#$][^#\s]{{3,}})"
_PLACEHOLDER = r"[{$<%]|\*\*\*|(?:arn|https?):"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern when it is first needed: silent scans need none."""
    return re.compile(pattern)


def printable(text: str) -> str:
    """Return `text` as one line that a terminal shows as it is, character for character.

    Tabs become a space, what would be invisible or would steer the terminal becomes `�`.
    """
    if text.isascii() and text.isprintable():
        return text
    return _compiled(_INVISIBLE).sub("\N{REPLACEMENT CHARACTER}", text.replace("\t", " "))


def redacted(text: str, path: str = "") -> str:
    """Return `text` with the secrets in it starred out, its length unchanged.

    Known formats of keys and tokens, passwords in addresses, and literals that are given to a
    name such as `password`. The first two characters stay, so that the owner recognises it.
    """
    text = _compiled(_TOKENS).sub(_star_groups, text)
    text = _compiled(_LITERAL).sub(_star_value, text)
    if path.endswith((".yaml", ".yml", ".toml", ".env")):
        text = _compiled(_YAML).sub(_star_value, text)
    return text


def shown(text: str, path: str = "") -> str:
    """Return `text` redacted and printable: what reports for people show of scanned text."""
    return printable(redacted(text, path))


def _star_groups(match: re.Match[str]) -> str:
    return next(
        (_starred(match, name, 0) for name, value in match.groupdict().items() if value),
        match[0],
    )


def _star_value(match: re.Match[str]) -> str:
    # A reference is no secret: `{{resolve:...}}`, `${Parameter}`, an ARN or an address.
    return (
        match[0] if _compiled(_PLACEHOLDER).match(match["value"]) else _starred(match, "value", 2)
    )


def _starred(match: re.Match[str], group: str, kept: int) -> str:
    start = match.start(group) - match.start() + kept
    end = match.end(group) - match.start()
    return match[0][:start] + "*" * (end - start) + match[0][end:]
