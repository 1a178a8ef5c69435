"""Documents in texts: JSON and YAML that an author wrote out, with values put in between."""

from collections.abc import Iterator
from typing import Final

from stockade._late import pattern
from stockade.load.document import parse
from stockade.load.terraform.scope import Scope
from stockade.load.terraform.values import encoded, known
from stockade.load.texts import concatenate
from stockade.model import (
    Choice,
    Concatenation,
    List,
    Location,
    Map,
    NoValue,
    Scalar,
    SourceFile,
    Unknown,
    Unseen,
    Value,
    constant,
    expression,
)

_FIRST_MARK: Final = 0xE000
"""Characters of private use stand for the values that are put in while a text is parsed."""
_LAST_MARK: Final = 0xF8FF
_MOST_CHOICES: Final = 4
"""Parts of one document that conditions decide: each doubles the ways it is read."""
_MARKED = pattern(f"[{chr(_FIRST_MARK)}-{chr(_LAST_MARK)}]")


def document(value: Value, scope: Scope, *, yaml: bool = False) -> Value:
    """Return what a text of JSON (or YAML) says; Unknown if it is none or not known.

    Values that are put into the text are put into what it says.
    """
    found = known(value)
    inner = encoded(found)
    if inner is not None:
        return inner
    match found:
        case Scalar(value=str(text)):
            return _parsed(text, found.at, (), scope, yaml=yaml)
        case Concatenation():
            text = _marked(found, yaml=yaml)
            parsed = _parsed(text, found.at, found.parts, scope, yaml=yaml)
            if isinstance(parsed, Unknown):
                return _by_choice(found, parsed, scope, yaml=yaml)
            return parsed
        case Choice():
            then, otherwise = (
                one if isinstance(one, NoValue) else document(one, scope, yaml=yaml)
                for one in (found.then, found.otherwise)
            )
            return Choice(found.condition, then, otherwise, found.at)
        case Map() | List() | Unknown():
            return found
        case _:
            told = constant(found)
            why = told.why if isinstance(told, Unknown) else "it is no text"
            return Unknown(why, value.at)


def _by_choice(
    found: Concatenation, failed: Unknown, scope: Scope, *, yaml: bool
) -> Choice | Unknown:
    """Return a document of which a condition decides whole parts (`%{ if }`), each way by itself.

    Unknown, as before, where no condition does.
    """
    choices = [number for number, part in enumerate(found.parts) if isinstance(part, Choice)]
    if not choices or len(choices) > _MOST_CHOICES:
        return failed
    before, after = found.parts[: choices[0]], found.parts[choices[0] + 1 :]
    choice = found.parts[choices[0]]
    if not isinstance(choice, Choice):
        return failed
    then, otherwise = (
        document(concatenate((*before, one, *after), found.at, scope), scope, yaml=yaml)
        for one in (choice.then, choice.otherwise)
    )
    if isinstance(then, Unknown) and isinstance(otherwise, Unknown):
        return failed
    return Choice(choice.condition, then, otherwise, found.at)


def _marked(found: Concatenation, *, yaml: bool) -> str:
    """Return the text with a mark for each value that is put in, quoted where JSON asks for it."""
    pieces: list[str] = []
    quoted = False
    for number, part in enumerate(found.parts):
        if isinstance(part, Scalar):
            text = _MARKED.sub("", str(part.value))
            quoted = quoted != _quotes(text)
            pieces.append(text)
        else:
            mark = chr(_FIRST_MARK + number % (_LAST_MARK - _FIRST_MARK))
            pieces.append(mark if quoted or yaml else f'"{mark}"')
    return "".join(pieces)


def _quotes(text: str) -> bool:
    """Tell whether a piece of JSON holds an odd number of quotes that are not escaped."""
    return text.replace("\\\\", "").replace('\\"', "").count('"') % 2 == 1


def _parsed(
    text: str, at: Location, parts: tuple[Value, ...], scope: Scope, *, yaml: bool
) -> Value:
    # Line ends before the text give each value in it the line of the author's file.
    above = at.line if at.end_line > at.line else at.line - 1
    form = "yaml" if yaml and not text.lstrip().startswith(("{", "[")) else "json"
    parsed = parse(SourceFile(f"{at.path}.{form}", "\n" * above + text))
    if isinstance(parsed, Unseen):
        return Unknown(parsed.why, Location(at.path, parsed.at.line, parsed.at.column))
    return _placed(parsed.root, at.path, parts, scope)


def _placed(value: Value, path: str, parts: tuple[Value, ...], scope: Scope) -> Value:
    """Return a parsed value with its place in the author's file and the marks replaced."""
    at = value.at._replace(path=path)
    match value:
        case Scalar(value=str(text)) if parts and _MARKED.search(text):
            return concatenate(_unmarked(text, at, parts), at, scope)
        case Scalar():
            return Scalar(value.value, at)
        case List():
            return List(tuple(_placed(item, path, parts, scope) for item in value.items), at)
        case Map():
            names = {key: _name(key, at, parts) for key in value.entries}
            return Map(
                {names[key]: _placed(entry, path, parts, scope) for key, entry in value},
                at,
                {names[key]: place._replace(path=path) for key, place in value.keys.items()},
            )
        case _:
            return value


def _name(key: str, at: Location, parts: tuple[Value, ...]) -> str:
    if not parts or not _MARKED.search(key):
        return key
    return "".join(expression(part) for part in _unmarked(key, at, parts))


def _unmarked(text: str, at: Location, parts: tuple[Value, ...]) -> Iterator[Value]:
    last = 0
    for mark in _MARKED.finditer(text):
        yield Scalar(text[last : mark.start()], at)
        number = ord(mark[0]) - _FIRST_MARK
        yield parts[number] if number < len(parts) else Scalar("", at)
        last = mark.end()
    yield Scalar(text[last:], at)
