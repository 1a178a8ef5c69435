"""Policy variables: `${aws:username}`, `${key, 'default'}`, `${*}`.

Follows "IAM policy elements: Variables and tags" of the IAM User Guide. Variables exist in
Version 2012-10-17 only, in the last part of a resource's ARN and in string, ARN and boolean
conditions ("IAM JSON policy elements: Condition operators").
A variable without a value matches nothing; a substituted `*` is text.
"""

from stockade._record import record
from stockade.iam.pattern import Token, Tokens, tokenize
from stockade.iam.request import Request
from stockade.iam.text import lower
from stockade.iam.truth import Unsure

_SPECIAL = ("*", "?", "$")


@record
class Variable:
    """A key of the request whose value is put here; `default` stands in where it is absent."""

    key: str
    default: str | None


Piece = Token | Variable
Pieces = tuple[Piece, ...]


def pieces(pattern: str, *, wildcards: bool) -> Pieces:
    """Cut a text into runs, wildcards (if they mean anything here) and variables."""
    cut: list[Piece] = []
    at = 0
    while (start := pattern.find("${", at)) >= 0:
        end = pattern.find("}", start)
        if end < 0:
            break
        cut.extend(_plain(pattern[at:start], wildcards=wildcards))
        name = pattern[start + 2 : end]
        cut.append(name if name in _SPECIAL else _variable(name))
        at = end + 1
    cut.extend(_plain(pattern[at:], wildcards=wildcards))
    return _merged(cut)


def has_variables(cut: Pieces) -> bool:
    """Whether something has to be looked up in the request."""
    return any(isinstance(piece, Variable) for piece in cut)


def static(cut: Pieces) -> Tokens:
    """Take the pattern out of pieces that hold no variable."""
    return tuple(piece for piece in cut if not isinstance(piece, Variable))


def resolve(cut: Pieces, request: Request) -> Tokens | Unsure | None:
    """Put the request's values in: a pattern, or None where a variable has no value."""
    resolved: list[Piece] = []
    for piece in cut:
        if not isinstance(piece, Variable):
            resolved.append(piece)
            continue
        value = request.context.get(piece.key)
        if isinstance(value, str):
            resolved.append(value)
        elif value is None and request.is_unknown(piece.key):
            return Unsure((piece.key,))
        elif value is None and piece.default is not None:
            resolved.append(piece.default)
        else:
            return None
    return static(_merged(resolved))


def _plain(text: str, *, wildcards: bool) -> Tokens:
    if wildcards:
        return tokenize(text)
    return (text,) if text else ()


def _variable(name: str) -> Variable:
    key, comma, rest = name.partition(",")
    quoted = rest.strip()
    default = (
        quoted[1:-1] if comma and len(quoted) > 1 and quoted[0] == quoted[-1] == "'" else None
    )
    return Variable(lower(key.strip()), default)


def _merged(cut: list[Piece]) -> Pieces:
    """Join neighbouring runs of text."""
    merged: list[Piece] = []
    for piece in cut:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        elif piece != "":
            merged.append(piece)
    return tuple(merged)
