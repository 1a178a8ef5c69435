"""Functions of texts and numbers."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from stockade._late import pattern
from stockade.load.terraform.functions.kinds import Function, of_texts
from stockade.load.terraform.scope import MAX_LENGTH, Scope
from stockade.load.terraform.values import items_of, joined, known, listed
from stockade.model import (
    Choice,
    Concatenation,
    List,
    Location,
    Parameter,
    Scalar,
    Unknown,
    Value,
    constant,
)

_VERB = pattern(r"%%|%(?:\[(\d{1,3})\])?([-+ #0]*)(\d{1,4})?(?:\.(\d{1,3}))?([vtbcdoxXUeEfgGsqp])")


def _join(arguments: Sequence[Value], at: Location, scope: Scope) -> Value:
    delimiter, *lists = arguments
    parts: list[Value] = []
    for one in lists:
        found = known(one)
        if isinstance(found, Unknown | Parameter | Choice):
            return Unknown("what is joined is known at deployment", at)
        for item in items_of(found):
            if parts:
                parts.append(delimiter)
            parts.append(item)
    return joined(parts, at, scope)


def _format(arguments: Sequence[Value], at: Location, scope: Scope) -> Value:
    text = constant(arguments[0])
    if not isinstance(text, str):
        return Unknown("the format is known at deployment", at)
    return joined(list(_formatted(text, arguments[1:], at)), at, scope)


def _formatted(text: str, values: Sequence[Value], at: Location) -> Iterator[Value]:
    """Yield the pieces of a format with its values put in."""
    last = number = 0
    for verb in _VERB.finditer(text):
        yield Scalar(text[last : verb.start()], at)
        last = verb.end()
        if verb[0] == "%%":
            yield Scalar("%", at)
            continue
        number = int(verb[1]) if verb[1] else number + 1
        yield _put_in(verb, values[number - 1], at)
    yield Scalar(text[last:], at)


def _put_in(verb: re.Match[str], value: Value, at: Location) -> Value:
    """Return one value as its verb asks. What is not known is put in as it is."""
    known_text = constant(value)
    if not isinstance(known_text, str):
        return value
    text = known_text
    match verb[5]:
        case "d":
            text = str(int(float(text)))
        case "x" | "X":
            text = format(int(text), verb[5])
        case "f" | "e" | "g":
            text = format(float(text), f".{verb[4] or 6}{verb[5]}")
        case "q":
            text = f'"{text}"'
        case _:
            pass
    width = int(verb[3] or 0)
    if text != known_text or width > len(text):
        fill = "0" if "0" in (verb[2] or "") else " "
        text = text.ljust(width) if "-" in (verb[2] or "") else text.rjust(width, fill)
        return Scalar(text, at)
    return value


def _formatlist(arguments: Sequence[Value], at: Location, scope: Scope) -> Value:
    lists = [known(one) for one in arguments[1:]]
    length = max((len(one.items) for one in lists if isinstance(one, List)), default=0)
    rounds = []
    for number in range(length):
        taken = [one.items[number] if isinstance(one, List) else one for one in lists]
        rounds.append(_format([arguments[0], *taken], at, scope))
    return listed(rounds, at)


def _split(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
    """Split a text. Of one whose parts are partly known, the known parts are split."""
    delimiter = constant(arguments[0])
    value = known(arguments[1])
    if not isinstance(delimiter, str):
        return Unknown("the delimiter is known at deployment", at)
    text = constant(value)
    if isinstance(text, str):
        pieces = text.split(delimiter) if delimiter else list(text)
        return listed([Scalar(piece, value.at) for piece in pieces], at)
    return Unknown(text.why if text else "it is null", at)


def _cased(work: str) -> Function:
    """Make a function that changes the letters of a text; parts that are not known stay."""

    def function(arguments: Sequence[Value], at: Location, scope: Scope) -> Value:
        (value,) = arguments
        text = constant(value)
        if isinstance(text, str):
            return Scalar(getattr(text, work)(), at)
        found = known(value)
        if isinstance(found, Concatenation):
            return joined([function([part], at, scope) for part in found.parts], at, scope)
        return Unknown(text.why if text else "it is null", at)

    return function


def _replace(arguments: Sequence[Value], at: Location, scope: Scope) -> Value:
    """Replace a text in another; what a regular expression matches is not worked out."""
    old = constant(arguments[1])
    if isinstance(old, str) and len(old) > 1 and old.startswith("/") and old.endswith("/"):
        return Unknown("a regular expression is applied to it", at)
    return _REPLACED(arguments, at, scope)


def _replaced(text: str, old: str, new: str) -> str:
    if len(new) > len(old) and len(text) * len(new) > MAX_LENGTH:
        message = "the text is too long"
        raise ValueError(message)
    return text.replace(old, new)


_REPLACED: Final = of_texts(_replaced)


def _substr(text: str, offset: str, length: str) -> str:
    start, count = int(offset), int(length)
    if start < 0:
        start = max(0, len(text) + start)
    return text[start:] if count < 0 else text[start : start + count]


def _trim(text: str, characters: str) -> str:
    return text.strip(characters)


def _title(text: str) -> str:
    return re.sub(r"(?<!\S)\S", lambda found: found[0].upper(), text)


def _indent(spaces: str, text: str) -> str:
    return text.replace("\n", "\n" + " " * min(int(spaces), 100))


def _number(text: str) -> float:
    return float(text) if not text.lstrip("-").isdigit() else int(text)


def _power(base: str, exponent: str) -> float:
    return math.pow(float(base), float(exponent))


TEXTS: Final[Mapping[str, Function]] = {
    "join": _join,
    "format": _format,
    "formatlist": _formatlist,
    "split": _split,
    "lower": _cased("lower"),
    "upper": _cased("upper"),
    "trimspace": of_texts(str.strip),
    "title": of_texts(_title),
    "trim": of_texts(_trim),
    "trimprefix": of_texts(str.removeprefix),
    "trimsuffix": of_texts(str.removesuffix),
    "chomp": of_texts(lambda text: text.rstrip("\r\n")),
    "replace": _replace,
    "substr": of_texts(_substr),
    "indent": of_texts(_indent),
    "startswith": of_texts(str.startswith),
    "endswith": of_texts(str.endswith),
    "strcontains": of_texts(lambda text, part: part in text),
    "strrev": of_texts(lambda text: text[::-1]),
    "abs": of_texts(lambda text: abs(_number(text))),
    "ceil": of_texts(lambda text: math.ceil(float(text))),
    "floor": of_texts(lambda text: math.floor(float(text))),
    "signum": of_texts(lambda text: (_number(text) > 0) - (_number(text) < 0)),
    "pow": of_texts(_power),
    "parseint": of_texts(lambda text, base: int(text, int(base))),
    "max": of_texts(lambda *texts: max(map(_number, texts))),
    "min": of_texts(lambda *texts: min(map(_number, texts))),
}
