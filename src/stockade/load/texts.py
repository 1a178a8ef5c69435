"""Functions that make texts: `Fn::Sub`, `Fn::Join`, `Fn::Base64`.

AWS: "Intrinsic function reference" of the AWS CloudFormation Template Reference. Every function
takes its argument resolved, the place of the whole call, and the scope.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from stockade._late import pattern
from stockade.load.references import attribute_of, named
from stockade.load.scope import Counting, Scope
from stockade.model import (
    Choice,
    Concatenation,
    List,
    Location,
    Map,
    NoValue,
    Parameter,
    Scalar,
    Unknown,
    Value,
    constant,
)

_PLACEHOLDER = pattern(r"\$\{([^{}]*)\}")
_NAME = pattern(r"[A-Za-z0-9]+(?:\.[A-Za-z0-9.:_-]+)?|AWS::[A-Za-z]+")
_MAX_UNDECIDED_ITEMS = 4
"""Items of one list that may be absent, before the text of the list becomes unknown."""


def sub(argument: Value, at: Location, scope: Scope) -> Value:
    """Return the text of `Fn::Sub`, its placeholders replaced as far as they are known."""
    match argument:
        case Scalar(value=str()):
            return _substituted(argument, {}, at, scope)
        case List(items=(Scalar(value=str()) as text, Map(entries=variables))):
            return _substituted(text, variables, at, scope)
        case List(items=(Scalar(value=str()) as text,)):
            return _substituted(text, {}, at, scope)
        case Scalar():
            return argument
    return Unknown("`Fn::Sub` has no text", at)


def _substituted(
    written: Scalar, variables: Mapping[str, Value], at: Location, scope: Scope
) -> Value:
    text = written.value
    if not isinstance(text, str) or "${" not in text:
        return written
    return concatenate(_parts(written, text, variables, scope), at, scope)


def _parts(
    written: Scalar, text: str, variables: Mapping[str, Value], scope: Scope
) -> Iterator[Value]:
    last = 0
    for placeholder in _PLACEHOLDER.finditer(text):
        name = placeholder.group(1).strip()
        start, end = placeholder.span()
        if name.startswith("!"):
            yield _piece(written, text, last, start)
            yield Scalar(f"${{{name[1:]}}}", _part_at(written, text, start, end))
        elif name in variables:
            yield _piece(written, text, last, start)
            yield variables[name]
        elif _NAME.fullmatch(name):
            yield _piece(written, text, last, start)
            yield _placed(name, _part_at(written, text, start, end), scope)
        else:
            # Not a name that CloudFormation takes; the text stays as it is.
            yield _piece(written, text, last, end)
        last = end
    yield _piece(written, text, last, len(text))


def _placed(name: str, at: Location, scope: Scope) -> Value:
    resource, dot, attribute = name.partition(".")
    return attribute_of(resource, attribute, at, scope) if dot else named(name, at, scope)


def _piece(written: Scalar, text: str, start: int, end: int) -> Scalar:
    return Scalar(text[start:end], _part_at(written, text, start, end))


def _part_at(written: Scalar, text: str, start: int, end: int) -> Location:
    """Return the place of a part of a text that stands on one line without escapes."""
    path, line, column, end_line, end_column = written.at
    extra = end_column - column - len(text)
    if line != end_line or extra not in (0, 2):
        return written.at
    first = column + extra // 2
    return Location(path, line, first + start, line, first + end)


def concatenate(parts: Iterable[Value], at: Location, scope: Counting) -> Value:
    """Return the text made of `parts`: flat, with neighbouring constant parts as one.

    A parameter inside stays a parameter, with the value that it has. A single part that is not
    constant is returned as it is.
    """
    flat: list[Value] = []
    for part in parts:
        for one in part.parts if isinstance(part, Concatenation) else (part,):
            _append(flat, one)
    if not flat:
        return Scalar("", at)
    if len(flat) == 1:
        only = flat[0]
        return Scalar(only.value, at) if isinstance(only, Scalar) else only
    return scope.spend(len(flat), at) or Concatenation(tuple(flat), at)


def _append(flat: list[Value], part: Value) -> None:
    match part:
        case NoValue():
            return
        case Scalar():
            text = constant(part)
            if not isinstance(text, str) or not text:
                return
            if flat and isinstance(last := flat[-1], Scalar):
                flat[-1] = Scalar(f"{last.value}{text}", _joined(last.at, part.at))
            else:
                flat.append(part if isinstance(part.value, str) else Scalar(text, part.at))
        case List() | Map():
            flat.append(Unknown("it is not a text", part.at))
        case _:
            flat.append(part)


def _joined(first: Location, last: Location) -> Location:
    if first.path != last.path or first[1:3] > last[1:3]:
        return first
    return Location(first.path, first.line, first.column, last.end_line, last.end_column)


def join(argument: Value, at: Location, scope: Scope) -> Value:
    """Return the text of `Fn::Join`."""
    match argument:
        case List(items=(Scalar() as delimiter, values)):
            between = constant(delimiter)
            return _join(between if isinstance(between, str) else "", values, at, scope)
    return Unknown("`Fn::Join` does not have a delimiter and a list", at)


def _join(delimiter: str, values: Value, at: Location, scope: Scope) -> Value:
    match values:
        case List():
            return _join_items(delimiter, values.items, at, scope)
        case Parameter(value=List() as given):
            joined = _join_items(delimiter, given.items, at, scope)
            return Parameter(values.name, joined, at, values.no_echo)
        case Parameter():
            return Unknown(f"the parameter {values.name} is given at deployment", at)
        case Choice():
            then = _join(delimiter, values.then, at, scope)
            return Choice(
                values.condition, then, _join(delimiter, values.otherwise, at, scope), at
            )
        case NoValue():
            return Scalar("", at)
        case Unknown():
            return values
        case Scalar():
            return values
    return Unknown("what is joined is known at deployment", at)


def _join_items(delimiter: str, items: Sequence[Value], at: Location, scope: Scope) -> Value:
    """Join items; an item that may be absent makes a choice of the two texts."""
    optional = [index for index, item in enumerate(items) if _may_be_absent(item)]
    if len(optional) > _MAX_UNDECIDED_ITEMS:
        return Unknown("too many conditions decide which items are joined", at)
    if optional:
        index = optional[0]
        choice = items[index]
        if isinstance(choice, Choice):
            before, after = items[:index], items[index + 1 :]
            return Choice(
                choice.condition,
                _join_items(delimiter, (*before, choice.then, *after), at, scope),
                _join_items(delimiter, (*before, choice.otherwise, *after), at, scope),
                at,
            )
    return concatenate(_with_delimiters(delimiter, items), at, scope)


def _may_be_absent(item: Value) -> bool:
    return isinstance(item, Choice) and (
        isinstance(item.then, NoValue)
        or isinstance(item.otherwise, NoValue)
        or _may_be_absent(item.then)
        or _may_be_absent(item.otherwise)
    )


def _with_delimiters(delimiter: str, items: Sequence[Value]) -> Iterator[Value]:
    first = True
    for item in items:
        if isinstance(item, NoValue):
            continue
        if not first:
            yield Scalar(delimiter, item.at)
        first = False
        yield item


def base64(argument: Value, at: Location, scope: Scope) -> Value:
    """Return the text of `Fn::Base64`, unknown if not all of the text is known."""
    from base64 import b64encode  # noqa: PLC0415 - rarely used

    del scope
    if isinstance(argument, Scalar):
        text = constant(argument)
        if isinstance(text, str):
            return Scalar(b64encode(text.encode()).decode(), at)
    return Unknown("the text is encoded at deployment", at)
