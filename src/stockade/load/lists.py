"""Functions of lists: `Fn::Select`, `Fn::Split`, `Fn::Cidr`, `Fn::GetAZs`.

AWS: "Intrinsic function reference" of the AWS CloudFormation Template Reference. Every function
takes its argument resolved, the place of the whole call, and the scope.
"""

from itertools import islice

from stockade.load.scope import Scope
from stockade.load.texts import concatenate
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

_WITHOUT_SEPARATORS = frozenset(
    ("AWS::Region", "AWS::AccountId", "AWS::Partition", "AWS::URLSuffix")
)
"""Pseudo parameters that never hold a separator other than `-` and `.`."""


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
