"""Values of the Terraform language in the values of the model.

A text that `jsonencode` made stays what was encoded, in the intrinsic function that means the
same: `{"Fn::ToJsonString": ...}`. A resource as a whole is a `Reference` without an attribute.
What only a deployment tells is a `Parameter` with the name that the author gave it
(`random_id.suffix.hex`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from stockade.load.language_extensions import to_json_string
from stockade.load.scope import weigh
from stockade.load.terraform.scope import MAX_ITEMS, MAX_LENGTH, MAX_LEVELS, Failed, Scope
from stockade.load.texts import concatenate
from stockade.model import (
    Choice,
    Concatenation,
    List,
    Location,
    Map,
    NoValue,
    Parameter,
    Reference,
    Scalar,
    Unknown,
    Value,
    constant,
    expression,
)

JSON = "Fn::ToJsonString"
ITSELF = ""
"""The attribute of a reference that means the whole resource."""

_LONGEST_NAME = 200
_PLAIN = frozenset(
    ("user", "username", "host", "port", "dbname", "engine", "endpoint", "region", "arn")
)
"""What a secret in JSON holds beside the secret itself."""


def known(value: Value) -> Value:
    """Return the value that a parameter has; every other value as it is."""
    while isinstance(value, Parameter) and value.value is not None:
        value = value.value
    return value


def is_null(value: Value) -> bool:
    """Tell whether a value is surely null."""
    found = known(value)
    return isinstance(found, NoValue) or (isinstance(found, Scalar) and found.value is None)


def at_deployment(name: str, at: Location, *, secret: bool = False) -> Parameter:
    """Return a value that only a deployment tells, under the name that the author gave it."""
    return Parameter(name[:_LONGEST_NAME], None, at, secret)


def encoded(value: Value) -> Value | None:
    """Return what a text of JSON was made of by `jsonencode`; None for every other value."""
    if isinstance(value, Map) and len(value.entries) == 1:
        return value.get(JSON)
    return None


def as_json(value: Value, at: Location) -> Map:
    """Return the text of JSON that means `value`."""
    return Map({JSON: value}, at, {JSON: at})


def text_of(value: Value) -> str:
    """Return the text that a value surely is. Raises `Failed` where it is not known or none."""
    text = constant(value)
    if isinstance(text, str):
        return text
    raise Failed(text.why if isinstance(text, Unknown) else "it is null", value.at)


def items_of(value: Value) -> Sequence[Value]:
    """Return the items of a list or set. Raises `Failed` for what is not surely one."""
    found = known(value)
    if isinstance(found, List):
        return found.items
    if isinstance(found, Map) and encoded(found) is None:
        return tuple(found.entries.values())
    raise Failed(reason(found), value.at)


def entries_of(value: Value) -> Mapping[str, Value]:
    """Return the entries of an object. Raises `Failed` for what is not surely one."""
    found = known(value)
    if isinstance(found, Map) and encoded(found) is None:
        return found.entries
    raise Failed(reason(found), value.at)


def reason(value: Value) -> str:
    """Tell why a value cannot be looked into."""
    told = constant(value)
    return told.why if isinstance(told, Unknown) else "it is of another type"


def listed(items: Sequence[Value], at: Location) -> List:
    """Return a list. Raises `Failed` if it is too long."""
    if len(items) > MAX_ITEMS:
        raise Failed(f"it has more than {MAX_ITEMS:,} items", at)
    return List(tuple(items), at)


def mapped(
    entries: Mapping[str, Value], at: Location, keys: Mapping[str, Location] | None = None
) -> Map:
    """Return an object. Raises `Failed` if it is too large."""
    if len(entries) > MAX_ITEMS:
        raise Failed(f"it has more than {MAX_ITEMS:,} items", at)
    return Map(entries, at, keys or {key: value.at for key, value in entries.items()})


def joined(parts: Sequence[Value], at: Location, scope: Scope) -> Value:
    """Return a text of parts; what is named at deployment stays a part of it."""
    texts = [_as_text(part, scope) for part in parts]
    length = sum(len(str(one.value)) for one in texts if isinstance(one, Scalar))
    length += sum(len(one.parts) for one in texts if isinstance(one, Concatenation))
    if length > MAX_LENGTH:
        raise Failed(f"the text has more than {MAX_LENGTH:,} characters", at)
    return concatenate(texts, at, scope)


def _as_text(value: Value, scope: Scope) -> Value:
    inner = encoded(value)
    if inner is not None:
        if _is_large(inner):
            raise Failed(f"it encodes more than {MAX_ITEMS:,} values", value.at)
        return to_json_string(final(inner, scope), value.at, scope)
    if isinstance(value, Reference) and value.attribute == ITSELF:
        return Reference(value.resource, "Ref", value.at)
    if isinstance(known(value), List | Map):
        raise Failed("it is not a text", value.at)
    return value


def _is_large(value: Value) -> bool:
    """Tell whether a value holds too many others to be written out as a text."""
    count, waiting = 0, [value]
    while waiting:
        count += 1
        if count > MAX_ITEMS:
            return True
        one = waiting.pop()
        if isinstance(one, List):
            waiting.extend(one.items)
        elif isinstance(one, Map):
            waiting.extend(one.entries.values())
    return False


def final(value: Value, scope: Scope) -> Value:
    """Return a value as a template holds it: nulls left out, whole resources as their `Ref`."""
    if type(value) is Scalar:
        return value
    spent = scope.spend(1, value.at)
    if spent is not None:
        return spent
    work = scope.work
    if work.level > MAX_LEVELS:
        return Unknown("it is nested too deep to be followed", value.at)
    work.level += 1
    found = _final(value, scope)
    work.level -= 1
    return found


def _final(value: Value, scope: Scope) -> Value:
    match value:
        case Map():
            entries = {key: final(entry, scope) for key, entry in value if not is_null(entry)}
            return Map(entries, value.at, value.keys)
        case List():
            return List(
                tuple(final(item, scope) for item in value.items if not is_null(item)), value.at
            )
        case Reference() if value.attribute == ITSELF:
            return Reference(value.resource, "Ref", value.at)
        case Choice():
            then, otherwise = (
                NoValue(one.at) if is_null(one) else final(one, scope)
                for one in (value.then, value.otherwise)
            )
            return Choice(value.condition, then, otherwise, value.at)
        case Parameter(value=given) if isinstance(known(value), List | Map) and given:
            return final(given, scope)
        case _:
            return value


def truth(value: Value) -> bool | None:
    """Return whether a value is true; None where only a deployment tells."""
    text = constant(value)
    if isinstance(text, str) and text.lower() in {"true", "false", "1", "0"}:
        return text.lower() in {"true", "1"}
    return None


def same(left: Value, right: Value) -> bool | None:
    """Return whether two values are equal; None where only a deployment tells."""
    if is_null(left) or is_null(right):
        return _both_null(left, right)
    one, other = constant(left), constant(right)
    if isinstance(one, str) and isinstance(other, str):
        return one == other
    found, wanted = known(left), known(right)
    if weigh(found) is None or weigh(wanted) is None:
        return None
    if isinstance(found, List) and isinstance(wanted, List):
        return _same_items(found.items, wanted.items)
    if isinstance(found, Map) and isinstance(wanted, Map):
        if found.entries.keys() != wanted.entries.keys():
            return False
        pairs = [(entry, wanted.entries[key]) for key, entry in found]
        return _same_items([one for one, _ in pairs], [other for _, other in pairs])
    if {type(found), type(wanted)} <= {Scalar, List, Map}:
        return False
    if isinstance(found, Reference | Concatenation) and expression(found) == expression(wanted):
        return True
    return None


def _both_null(left: Value, right: Value) -> bool | None:
    if is_null(left) and is_null(right):
        return True
    other = known(right if is_null(left) else left)
    if isinstance(other, Scalar | List | Map | Reference | Concatenation):
        return False
    return None


def _same_items(left: Sequence[Value], right: Sequence[Value]) -> bool | None:
    if len(left) != len(right):
        return False
    found: bool | None = True
    for one, other in zip(left, right, strict=True):
        equal = same(one, other)
        if equal is False:
            return False
        if equal is None:
            found = None
    return found


def get(value: Value, name: str, at: Location, scope: Scope) -> Value:
    """Return `value.name`. Raises `Failed` where there is surely no such attribute."""
    found = known(value)
    match found:
        case Reference() if found.attribute == ITSELF:
            return scope.module.attribute(found.resource, name, at)
        case Map() if name in found:
            return found.entries[name]
        case List(items=(only,)):
            # A block that stands at most once was read as an object in older versions.
            return get(only, name, at, scope)
        case Choice():
            return of_each(found, lambda one: get(one, name, at, scope))
        case Unknown():
            return found
        case Parameter():
            secret = found.no_echo and name.lower() not in _PLAIN
            return at_deployment(f"{found.name}.{name}", at, secret=secret)
        case Reference():
            return at_deployment(f"{found.resource}.{found.attribute}.{name}", at)
        case _:
            raise Failed(f"there is no attribute {name[:40]}", at)


def index(value: Value, key: Value, at: Location, scope: Scope) -> Value:
    """Return `value[key]`. Raises `Failed` where there is surely no such item."""
    found = known(value)
    match found:
        case Reference() if found.attribute == ITSELF:
            return found
        case List():
            return found.items[_position(found.items, key, at)]
        case Map():
            text = constant(key)
            if isinstance(text, str):
                return get(found, text, at, scope)
            if len(found.entries) == 1:
                return next(iter(found.entries.values()))
            return Unknown("only a deployment tells which item is meant", at)
        case Choice():
            return of_each(found, lambda one: index(one, key, at, scope))
        case Unknown():
            return found
        case Parameter():
            shown = expression(key)[:60]
            secret = found.no_echo and shown.lower() not in _PLAIN
            return at_deployment(f"{found.name}[{shown}]", at, secret=secret)
        case _:
            raise Failed("it has no items", at)


def _position(items: Sequence[Value], key: Value, at: Location) -> int:
    text = constant(key)
    if isinstance(text, str) and text.isdigit() and int(text[:9]) < len(items):
        return int(text)
    if not isinstance(text, str) and len(items) == 1:
        return 0
    raise Failed("there is no such item", at)


def of_each(choice: Choice, taken: Callable[[Value], Value]) -> Choice:
    """Return what is taken of both branches of a choice."""

    def one(branch: Value) -> Value:
        try:
            return taken(branch)
        except Failed as failed:
            return Unknown(failed.why, failed.at)

    return Choice(choice.condition, one(choice.then), one(choice.otherwise), choice.at)


def pairs(value: Value, at: Location) -> Iterator[tuple[Value, Value]]:
    """Yield key and value of each item that a `for` runs over. Raises `Failed` if unknown."""
    found = known(value)
    match found:
        case List():
            for number, item in enumerate(found.items):
                yield Scalar(number, at), item
        case Map() if encoded(found) is None:
            for key, entry in found:
                yield Scalar(key, found.key_at(key)), entry
        case Reference() if found.attribute == ITSELF:
            yield at_deployment("each.key", at), found
        case _:
            raise Failed(reason(found), at)
