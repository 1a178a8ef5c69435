"""Passwords and keys that scripts bind to names: also where no handler is seen to get to them."""

from collections.abc import Iterator

from stockade._late import pattern
from stockade.analysis.stores import secrets
from stockade.model.record import record

_SCRIPTS = (".py", ".js", ".mjs", ".cjs", ".ts")
_WORDS = ("pass", "pwd", "secret", "token", "key", "credential")
"""One of these is in the name of each password and key."""
_CONSTANT = pattern(
    r"(?:(?:export[ \t]+)?(?:const|let|var)[ \t]+)?"
    r"(?P<name>[A-Za-z_]\w{2,60}|[ \t]+[A-Z][A-Z0-9_]{2,60})[ \t]*"
    r"(?::[ \t]*(?:str|string)[ \t]*)?=[ \t]*"
    r"(?P<quote>[\"'])(?P<text>[^\s\"'\\]{6,200})(?P=quote)[ \t]*;?[ \t]*(?:\#.*|//.*)?$"
)
"""A line at the top of a file, or of a name in capitals, that binds it to a text."""
_VARIABLE = pattern(
    r"(?:os\.environ\[[\"'](?P<name>\w{3,60})[\"']\][ \t]*=[ \t]*"
    r"|(?:environ\.get|getenv)\([ \t]*[\"'](?P<asked>\w{3,60})[\"'],[ \t]*"
    r"|process\.env\.(?P<read>\w{3,60})[ \t]*(?:\|\||\?\?)?=?[ \t]*)"
    r"(?P<quote>[\"'])(?P<text>[^\s\"'\\]{6,200})(?P=quote)"
)
"""Where a variable of the environment is set to a text, or a text stands in for a missing one."""


@record
class Bound:
    """A text that is bound to a name, and where it begins in the file."""

    name: str
    text: str
    start: int


def bound(path: str, text: str) -> Iterator[Bound]:
    """Yield the secrets that a script binds to names, with their places in its text."""
    if not path.endswith(_SCRIPTS):
        return
    for start in _lines(text):
        end = text.find("\n", start)
        line = text[start : end if end >= 0 else None].rstrip("\r")
        constant = _CONSTANT.match(line)
        for found in (*((constant,) if constant else ()), *_VARIABLE.finditer(line)):
            groups = found.groupdict()
            name = (groups["name"] or groups.get("asked") or groups.get("read") or "").strip()
            if secrets.is_secret(name, found["text"]):
                yield Bound(name, found["text"], start + found.start("text"))


def _lines(text: str) -> list[int]:
    """Return where the lines begin that hold one of the words, whatever its case."""
    lower = text.lower()
    if len(lower) != len(text):
        # A few letters of other alphabets are two in lower case.
        lower = "".join(one.lower() if one.isascii() else one for one in text)
    found = (at for word in _WORDS for at in secrets.places(lower, word))
    return sorted({lower.rfind("\n", 0, at) + 1 for at in found})
