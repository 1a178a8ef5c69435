"""Functions that make texts and lists: `Fn::Sub`, `Fn::Join`, `Fn::Select`, `Fn::Split`, ...

AWS: "Intrinsic function reference" of the AWS CloudFormation Template Reference. Every function
takes its argument resolved, the place of the whole call, and the scope.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from stockade.load.references import attribute_of, named
from stockade.load.scope import Scope
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

_PLACEHOLDER = re.compile(r"\$\{([^{}]*)\}")
_NAME = re.compile(r"[A-Za-z0-9]+(?:\.[A-Za-z0-9.:_-]+)?|AWS::[A-Za-z]+")
_MAX_UNDECIDED_ITEMS = 4
"""Items of one list that may be absent, before the text of the list becomes unknown."""

_WITHOUT_SEPARATORS = frozenset(
    ("AWS::Region", "AWS::AccountId", "AWS::Partition", "AWS::URLSuffix")
)
"""Pseudo parameters that never hold a separator other than `-` and `.`."""


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


def concatenate(parts: Iterable[Value], at: Location, scope: Scope) -> Value:
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


def select(argument: Value, at: Location, scope: Scope) -> Value:
    """Return the item of `Fn::Select`."""
    match argument:
        case List(items=(index, values)):
            text = constant(index)
            if not isinstance(text, str) or not text.isdecimal() or len(text) > 6:  # noqa: PLR2004
                return Unknown("the index of `Fn::Select` is not known", at)
            return _select(int(text), values, at, scope)
    return Unknown("`Fn::Select` does not have an index and a list", at)


def _select(index: int, values: Value, at: Location, scope: Scope) -> Value:
    match values:
        case List(items=items):
            if index < len(items):
                return items[index]
            return Unknown("the list of `Fn::Select` is shorter than its index", at)
        case Parameter(value=List() as given):
            item = _select(index, given, at, scope)
            return Parameter(values.name, item, at, values.no_echo)
        case Choice():
            then = _select(index, values.then, at, scope)
            return Choice(values.condition, then, _select(index, values.otherwise, at, scope), at)
        case Unknown():
            return values
    return Unknown("the list of `Fn::Select` is known at deployment", at)


def split(argument: Value, at: Location, scope: Scope) -> Value:
    """Return the list of `Fn::Split`.

    A text whose parts are named at deployment can be split where no part may hold the
    delimiter.
    """
    match argument:
        case List(items=(Scalar(value=str(delimiter)), text)) if delimiter:
            return _split(delimiter, text, at, scope)
    return Unknown("`Fn::Split` does not have a delimiter and a text", at)


def _split(delimiter: str, text: Value, at: Location, scope: Scope) -> Value:
    match text:
        case Scalar():
            written = constant(text)
            texts = written.split(delimiter) if isinstance(written, str) else []
            items = tuple(Scalar(word, text.at) for word in texts)
            return scope.spend(len(items), at) or List(items, at)
        case Parameter():
            if text.value is None:
                return Unknown(f"the parameter {text.name} is given at deployment", at)
            words = _split(delimiter, text.value, at, scope)
            return Parameter(text.name, words, at, text.no_echo)
        case Choice():
            then = _split(delimiter, text.then, at, scope)
            return Choice(text.condition, then, _split(delimiter, text.otherwise, at, scope), at)
        case Concatenation():
            return _split_parts(delimiter, text, at, scope)
        case Unknown():
            return text
    return Unknown("the text that `Fn::Split` splits is known at deployment", at)


def _split_parts(delimiter: str, text: Concatenation, at: Location, scope: Scope) -> Value:
    items: list[list[Value]] = [[]]
    for part in text.parts:
        if isinstance(part, Scalar):
            first, *others = str(part.value).split(delimiter)
            items[-1].append(Scalar(first, part.at))
            items.extend([Scalar(word, part.at)] for word in others)
        elif (
            isinstance(part, Parameter)
            and part.name in _WITHOUT_SEPARATORS
            and delimiter not in "-."
        ):
            items[-1].append(part)
        else:
            return Unknown("a part of the text that is split is known at deployment", at)
    return List(tuple(concatenate(parts, at, scope) for parts in items), at)


def base64(argument: Value, at: Location, scope: Scope) -> Value:
    """Return the text of `Fn::Base64`, unknown if not all of the text is known."""
    from base64 import b64encode  # noqa: PLC0415 - rarely used

    del scope
    if isinstance(argument, Scalar):
        text = constant(argument)
        if isinstance(text, str):
            return Scalar(b64encode(text.encode()).decode(), at)
    return Unknown("the text is encoded at deployment", at)


def cidr(argument: Value, at: Location, scope: Scope) -> Value:
    """Return the list of address blocks of `Fn::Cidr`."""
    import ipaddress  # noqa: PLC0415 - rarely used

    match argument:
        case List(items=(block, count, *rest)):
            texts = [constant(block), constant(count), constant(rest[0]) if rest else "8"]
        case _:
            texts = []
    if not texts or not all(isinstance(text, str) for text in texts):
        return Unknown("the address blocks are known at deployment", at)
    try:
        network = ipaddress.ip_network(str(texts[0]), strict=False)
        wanted, bits = int(str(texts[1])), int(str(texts[2]))
        prefix = network.max_prefixlen - bits
        if not 1 <= wanted <= 256 or prefix < network.prefixlen:  # noqa: PLR2004 - AWS's limit
            return Unknown("the address block does not hold that many blocks", at)
        blocks = list(islice(network.subnets(new_prefix=prefix), wanted))
    except ValueError:
        return Unknown("the address blocks are not written correctly", at)
    items = tuple(Scalar(str(block), at) for block in blocks)
    return scope.spend(len(items), at) or List(items, at)


def get_azs(argument: Value, at: Location, scope: Scope) -> Value:
    """Return the availability zones, which are known at deployment."""
    del argument, scope
    return Unknown("the availability zones are known at deployment", at)
