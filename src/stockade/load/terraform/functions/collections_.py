"""Functions of lists, sets and objects, and conversions of types."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Final

from stockade.load.terraform.functions.kinds import Function, undecided
from stockade.load.terraform.scope import MAX_ITEMS, Failed, Scope
from stockade.load.terraform.values import (
    encoded,
    index,
    is_null,
    items_of,
    known,
    listed,
    mapped,
    of_each,
    same,
    text_of,
    truth,
)
from stockade.model import (
    Choice,
    List,
    Location,
    Map,
    NoValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    constant,
    expression,
)


def _merge(arguments: Sequence[Value], at: Location, scope: Scope) -> Value:
    """Put objects together. Those that are not known are told; an undecided one is a choice."""
    entries: dict[str, Value] = {}
    keys: dict[str, Location] = {}
    for argument in arguments:
        found = known(argument)
        if is_null(found):
            continue
        if isinstance(found, Choice):
            _merge_choice(entries, keys, found)
        elif isinstance(found, Map) and encoded(found) is None:
            entries.update(found.entries)
            keys.update({key: found.key_at(key) for key in found.entries})
        elif len(arguments) == 1:
            return found
        else:
            scope.work.miss(argument.at, "template", "what is merged in here is not known")
    return mapped(entries, at, keys)


def _merge_choice(entries: dict[str, Value], keys: dict[str, Location], choice: Choice) -> None:
    then, otherwise = (
        one.entries if isinstance(one, Map) else {}
        for one in (known(choice.then), known(choice.otherwise))
    )
    for key in {**then, **otherwise}:
        nothing = entries.get(key, NoValue(choice.at))
        taken, left = then.get(key, nothing), otherwise.get(key, nothing)
        entries[key] = Choice(choice.condition, taken, left, choice.at)
        keys[key] = choice.at


def _concat(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
    """Put lists together; of those that are not known, one item stands for all."""
    return listed([item for argument in arguments for item in _added(argument, at)], at)


def _added(argument: Value, at: Location) -> Iterator[Value]:
    found = known(argument)
    match found:
        case List():
            yield from found.items
        case Choice():
            then, otherwise = (
                list(_added(one, at)) if not is_null(one) else []
                for one in (found.then, found.otherwise)
            )
            for number in range(max(len(then), len(otherwise))):
                yield Choice(
                    found.condition,
                    then[number] if number < len(then) else NoValue(at),
                    otherwise[number] if number < len(otherwise) else NoValue(at),
                    at,
                )
        case Map() | Scalar():
            raise Failed("it is no list", at)
        case _:
            yield found


def _lookup(arguments: Sequence[Value], at: Location, scope: Scope) -> Value:
    try:
        return index(arguments[0], arguments[1], at, scope)
    except Failed:
        if len(arguments) > 2:  # noqa: PLR2004 - the default
            return arguments[2]
        raise


def _keys(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
    found = known(arguments[0])
    if isinstance(found, Map):
        return listed([Scalar(key, at) for key in sorted(found.entries)], at)
    return undecided(found) or Unknown("it is no object", at)


def _values(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
    found = known(arguments[0])
    if isinstance(found, Map):
        return listed([found.entries[key] for key in sorted(found.entries)], at)
    if isinstance(found, Reference):
        return List((found,), at)
    return undecided(found) or Unknown("it is no object", at)


def _element(arguments: Sequence[Value], at: Location, scope: Scope) -> Value:
    found = known(arguments[0])
    place = constant(arguments[1])
    if isinstance(found, List) and isinstance(place, str):
        if not found.items:
            raise Failed("the list is empty", at)
        return found.items[int(place) % len(found.items)]
    return index(found, arguments[1], at, scope)


def _contains(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
    found = known(arguments[0])
    if not isinstance(found, List):
        return undecided(found) or Unknown("it is no list", at)
    equal = [same(item, arguments[1]) for item in found.items]
    if any(equal):
        return Scalar(value=True, at=at)
    return Unknown("an item is known at deployment", at) if None in equal else Scalar(False, at)  # noqa: FBT003


def _coalesce(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
    for argument in arguments:
        if not is_null(argument) and constant(argument) != "":
            return argument
    raise Failed("every argument is null or empty", at)


def _coalescelist(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
    for argument in arguments:
        found = known(argument)
        if not is_null(found) and not (isinstance(found, List) and not found.items):
            return argument
    raise Failed("every list is empty", at)


def _compact(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
    kept = [item for item in items_of(arguments[0]) if not is_null(item) and constant(item) != ""]
    return listed(kept, at)


def _distinct(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
    found = known(arguments[0])
    if not isinstance(found, List):
        return arguments[0]
    kept: dict[object, Value] = {}
    for item in found.items:
        text = constant(item)
        kept.setdefault(text if isinstance(text, str) else _way(item), item)
    return listed(list(kept.values()), at)


def _way(item: Value) -> object:
    return id(item) if isinstance(item, List | Map | Unknown) else expression(item)


def _flatten(arguments: Sequence[Value], at: Location, scope: Scope) -> Value:
    found = known(arguments[0])
    if not isinstance(found, List):
        return arguments[0]
    flat: list[Value] = []
    waiting = list(reversed(found.items))
    while waiting:
        item = waiting.pop()
        inner = known(item)
        spent = scope.spend(1, at)
        if spent is not None:
            return spent
        if isinstance(inner, List):
            waiting.extend(reversed(inner.items))
        else:
            flat.append(item)
        if len(waiting) + len(flat) > MAX_ITEMS:
            raise Failed(f"it has more than {MAX_ITEMS:,} items", at)
    return listed(flat, at)


def _index(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
    for number, item in enumerate(items_of(arguments[0])):
        if same(item, arguments[1]):
            return Scalar(number, at)
    raise Failed("no item is this value", at)


def _length(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
    found = known(arguments[0])
    match found:
        case List():
            return Scalar(len(found.items), at)
        case Map() if encoded(found) is None:
            return Scalar(len(found.entries), at)
        case _:
            text = constant(found)
            if isinstance(text, str):
                return Scalar(len(text), at)
            return Unknown("its length is known at deployment", at)


def _zipmap(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
    keys, values = items_of(arguments[0]), items_of(arguments[1])
    return mapped({expression(key): value for key, value in zip(keys, values, strict=False)}, at)


def _range(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
    numbers = [int(text_of(argument)) for argument in arguments]
    found = range(*numbers)
    if len(found) > MAX_ITEMS:
        raise Failed(f"it has more than {MAX_ITEMS:,} items", at)
    return listed([Scalar(number, at) for number in found], at)


def _one(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
    found = known(arguments[0])
    if isinstance(found, List):
        return found.items[0] if found.items else Scalar(None, at)
    return found


def _sorted(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
    found = items_of(arguments[0])
    return listed(sorted(found, key=expression), at)


def _reverse(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
    return listed(tuple(reversed(items_of(arguments[0]))), at)


def _slice(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
    start, end = (int(text_of(one)) for one in arguments[1:3])
    return listed(items_of(arguments[0])[start:end], at)


def _sum(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
    return Scalar(sum(float(text_of(item)) for item in items_of(arguments[0])), at)


def _all(*, wanted: bool) -> Function:
    """Make `alltrue` (`wanted`) or `anytrue`."""

    def function(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
        found = [truth(item) for item in items_of(arguments[0])]
        if (not wanted) in found:
            return Scalar(not wanted, at)
        if None in found:
            return Unknown("an item is known at deployment", at)
        return Scalar(wanted, at)

    return function


def _sets(kept: Callable[[str, Sequence[set[str]]], bool]) -> Function:
    """Make a function of sets: which items of all are kept, by their texts."""

    def function(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
        every: dict[str, Value] = {}
        texts: list[set[str]] = []
        for argument in arguments:
            items = items_of(argument)
            texts.append({expression(item) for item in items})
            for item in items:
                every.setdefault(expression(item), item)
        return listed([item for text, item in every.items() if kept(text, texts)], at)

    return function


def _setproduct(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
    lists = [items_of(argument) for argument in arguments]
    count = 1
    for one in lists:
        count *= len(one)
    if count > MAX_ITEMS:
        raise Failed(f"it has more than {MAX_ITEMS:,} items", at)
    return listed([List(tuple(one), at) for one in product(*lists)], at)


def _to_collection(arguments: Sequence[Value], at: Location, scope: Scope) -> Value:
    """Make a set of a list, each item once; of an undecided one, of each branch."""
    found = known(arguments[0])
    if isinstance(found, Choice):
        return of_each(found, lambda one: _to_collection([one], at, scope))
    return _distinct(arguments, at, scope)


def _itself(arguments: Sequence[Value], _at: Location, _scope: Scope) -> Value:
    return arguments[0]


def _to_text(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
    text = constant(arguments[0])
    return Scalar(text, at) if isinstance(text, str) else arguments[0]


def _to_bool(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
    decided = truth(arguments[0])
    return arguments[0] if decided is None else Scalar(decided, at)


def _object_of(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
    """Make an object of names and values in turn: `map("a", 1)` of older versions."""
    names, values = arguments[::2], arguments[1::2]
    return mapped(
        {expression(name): value for name, value in zip(names, values, strict=False)}, at
    )


def _list_of(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
    return listed(list(arguments), at)


def _matchkeys(arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
    values, keys, wanted = (items_of(argument) for argument in arguments)
    texts = {expression(one) for one in wanted}
    pairs = zip(values, keys, strict=False)
    return listed([value for value, key in pairs if expression(key) in texts], at)


COLLECTIONS: Final[Mapping[str, Function]] = {
    "merge": _merge,
    "concat": _concat,
    "lookup": _lookup,
    "keys": _keys,
    "values": _values,
    "element": _element,
    "contains": _contains,
    "coalesce": _coalesce,
    "coalescelist": _coalescelist,
    "compact": _compact,
    "distinct": _distinct,
    "flatten": _flatten,
    "index": _index,
    "length": _length,
    "zipmap": _zipmap,
    "range": _range,
    "one": _one,
    "sort": _sorted,
    "reverse": _reverse,
    "slice": _slice,
    "sum": _sum,
    "alltrue": _all(wanted=True),
    "anytrue": _all(wanted=False),
    "setunion": _sets(lambda _text, _sets: True),
    "setintersection": _sets(lambda text, sets: all(text in one for one in sets)),
    "setsubtract": _sets(lambda text, sets: text in sets[0] and text not in sets[1]),
    "setproduct": _setproduct,
    "matchkeys": _matchkeys,
    "toset": _to_collection,
    "tolist": _itself,
    "tomap": _itself,
    "tostring": _to_text,
    "tonumber": _itself,
    "tobool": _to_bool,
    "sensitive": _itself,
    "nonsensitive": _itself,
    "map": _object_of,
    "list": _list_of,
}
