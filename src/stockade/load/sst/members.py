"""Members of things: attributes of resources, methods of lists and texts, `apply` of all."""

from collections.abc import Callable, Mapping
from typing import Final

from stockade.load.sst.expressions import computed
from stockade.load.sst.running import Program
from stockade.load.sst.things import (
    Array,
    Class,
    Closure,
    Component,
    Namespace,
    Native,
    Object,
    Resource,
    Thing,
    is_nothing,
    listed,
    nothing,
    settled,
    truth,
)
from stockade.load.terraform.values import encoded
from stockade.model import (
    List,
    Location,
    Map,
    Parameter,
    Reference,
    Scalar,
    Unknown,
    constant,
)

Method = Callable[[Program, list[Thing], list[Thing], Location], Thing]
"""A method of lists: the program, the items, the arguments, the place of the call."""


_APPLY: Final = frozenset({"apply", "then"})


def member(program: Program, of: Thing, name: str, at: Location) -> Thing:
    """Return `of.name`."""
    match of:
        case Object() | Map() if not (isinstance(of, Map) and encoded(of) is not None):
            return _entry(program, of, name, at)
        case Array() | List():
            return _of_list(program, of, name, at)
        case Namespace():
            return Namespace(f"{of.name}.{name}", at)
        case Component():
            return _of_component(program, of, name, at)
        case Resource() if name not in _APPLY:
            return program.stack.attribute(of, name, at)
        case Closure() | Native() | Class():
            return computed(at)
        case _:
            pass
    if name in _APPLY:
        return Native(lambda given, place: _applied(program, of, given, place), at)
    if isinstance(of, Scalar) and isinstance(of.value, str):
        return _of_text(program, of.value, name, at)
    if name in _METHODS:
        # Of a list that is not known, one item stands for all.
        items: list[Thing] = [computed(at)]
        return _method(program, _METHODS[name], items, at)
    match of:
        case Parameter(value=given) if given is not None:
            return member(program, given, name, at)
        case Parameter() if name not in _SAME:
            return program.stack.later(f"{of.name}.{name}", at)
        case Reference():
            return _converted(of, name, at)
        case Scalar(value=None):
            return of
        case Unknown():
            return of
        case _:
            return _converted(of, name, at)


_SAME: Final = frozenset({"toString", "toLowerCase", "trim", "valueOf"})


def _converted(of: Thing, name: str, at: Location) -> Thing:
    """Return `toString` of a value as what gives the value itself."""
    if name in _SAME:
        return Native(lambda _given, _place: of, at)
    return computed(at)


def _applied(program: Program, of: Thing, given: list[Thing], at: Location) -> Thing:
    return program.call(given[0], [of], at) if given else of


def _entry(program: Program, of: Object | Map, name: str, at: Location) -> Thing:
    found = of.entries.get(name)
    if found is not None:
        return found
    if name in _APPLY:
        return Native(lambda given, place: _applied(program, of, given, place), at)
    return nothing(at)


def _of_component(program: Program, of: Component, name: str, at: Location) -> Thing:
    found = of.members.get(name)
    if found is not None:
        return found
    if name in _APPLY:
        return Native(lambda given, place: _applied(program, of, given, place), at)
    if name.startswith(_VERBS):
        # A method that nothing here knows may make something: that is told where it is called.
        return Native(lambda _, place: _missed(program, of, name, place), at)
    if name == "urn" or of.main is None:
        return program.stack.later(f"{of.name}.{name}", at)
    return computed(at)


def _missed(program: Program, of: Component, name: str, at: Location) -> Thing:
    program.stack.miss(at, f"what {of.kind[:60]} does by {name[:40]} is not looked at")
    return computed(at)


_VERBS: Final = ("subscribe", "notify", "route", "add", "attach", "deploy", "on", "grant")


# --- texts --------------------------------------------------------------------------------------


def _of_text(program: Program, text: str, name: str, at: Location) -> Thing:
    if name == "length":
        return Scalar(len(text), at)
    run = _TEXTS.get(name)
    if run is None:
        return computed(at)

    def called(given: list[Thing], place: Location) -> Thing:
        words = [constant(settled(one)) for one in given]
        if not all(isinstance(word, str) for word in words):
            return computed(place)
        try:
            made = run(text, *[word for word in words if isinstance(word, str)])
        except (TypeError, ValueError):
            return computed(place)
        if isinstance(made, list):
            spent = program.spend(len(made), place)
            return spent or Array([Scalar(one, place) for one in made], place)
        spent = program.spend(len(str(made)) // 100, place)
        return spent or Scalar(made, place)

    return Native(called, at)


def _slice(text: str, start: str = "0", end: str | None = None) -> str:
    return text[int(start) : int(end) if end is not None else None]


def _replaced(text: str, old: str, new: str) -> str:
    return text.replace(old, new, 1)


_MOST_PARTS: Final = 1_000

_TEXTS: Final[Mapping[str, Callable[..., str | bool | list[str]]]] = {
    "toLowerCase": str.lower,
    "toUpperCase": str.upper,
    "toString": str,
    "trim": str.strip,
    "replace": _replaced,
    "replaceAll": str.replace,
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "includes": str.__contains__,
    "split": lambda text, by: text.split(by)[:_MOST_PARTS] if by else list(text)[:_MOST_PARTS],
    "slice": _slice,
    "substring": _slice,
    "concat": lambda text, *more: "".join((text, *more)),
}


# --- lists --------------------------------------------------------------------------------------


def _of_list(program: Program, of: Array | List, name: str, at: Location) -> Thing:
    items = listed(of) or []
    if name == "length":
        return Scalar(len(items), at)
    if name.isdigit():
        number = int(name[:9])
        return items[number] if number < len(items) else nothing(at)
    if name in _APPLY:
        return Native(lambda given, place: _applied(program, of, given, place), at)
    if name in {"push", "unshift"} and isinstance(of, Array):
        return Native(lambda given, place: _pushed(program, of, given, place), at)
    run = _METHODS.get(name)
    return _method(program, run, items, at) if run is not None else computed(at)


def _method(program: Program, run: Method, items: list[Thing], at: Location) -> Thing:
    def called(given: list[Thing], place: Location) -> Thing:
        return program.spend(len(items), place) or run(program, items, given, place)

    return Native(called, at)


def _pushed(program: Program, of: Array, given: list[Thing], at: Location) -> Thing:
    spent = program.spend(len(given), at)
    if spent is None:
        of.items.extend(given)
    return Scalar(len(of.items), at)


def _each(program: Program, items: list[Thing], given: list[Thing], at: Location) -> list[Thing]:
    """Return what a function gives for each item."""
    if not given:
        return []
    return [
        program.call(given[0], [item, Scalar(number, at)], at) for number, item in enumerate(items)
    ]


def _map(program: Program, items: list[Thing], given: list[Thing], at: Location) -> Thing:
    return Array(_each(program, items, given, at), at)


def _for_each(program: Program, items: list[Thing], given: list[Thing], at: Location) -> Thing:
    _each(program, items, given, at)
    return nothing(at)


def _filter(program: Program, items: list[Thing], given: list[Thing], at: Location) -> Thing:
    """Keep what passes, and what may."""
    passed = _each(program, items, given, at)
    pairs = zip(items, passed, strict=False)
    return Array([item for item, one in pairs if truth(one) is not False], at)


def _find(program: Program, items: list[Thing], given: list[Thing], at: Location) -> Thing:
    for item, one in zip(items, _each(program, items, given, at), strict=False):
        decided = truth(one)
        if decided is not False:
            return item if decided else computed(at)
    return nothing(at)


def _flat_map(program: Program, items: list[Thing], given: list[Thing], at: Location) -> Thing:
    return _flat(program, _each(program, items, given, at), [], at)


def _flat(_program: Program, items: list[Thing], _given: list[Thing], at: Location) -> Thing:
    found: list[Thing] = []
    for item in items:
        inner = listed(item)
        found.extend([item] if inner is None else inner)
    return Array(found, at)


def _concat(_program: Program, items: list[Thing], given: list[Thing], at: Location) -> Thing:
    found = list(items)
    for one in given:
        inner = listed(one)
        found.extend([one] if inner is None else inner)
    return Array(found, at)


def _join(program: Program, items: list[Thing], given: list[Thing], at: Location) -> Thing:
    by = settled(given[0]) if given else Scalar(",", at)
    parts = []
    for number, item in enumerate(items):
        parts.extend([by] if number else [])
        parts.append(settled(item))
    return program.stack.text(parts, at)


def _includes(_program: Program, items: list[Thing], given: list[Thing], at: Location) -> Thing:
    wanted = constant(settled(given[0])) if given else None
    texts = [constant(settled(item)) for item in items]
    if not isinstance(wanted, str) or any(isinstance(text, Unknown) for text in texts):
        return computed(at)
    return Scalar(value=wanted in texts, at=at)


def _slice_list(_program: Program, items: list[Thing], given: list[Thing], at: Location) -> Thing:
    words = [constant(settled(one)) for one in given]
    try:
        numbers = [int(word) for word in words if isinstance(word, str)]
    except ValueError:
        return computed(at)
    if len(numbers) != len(words):
        return computed(at)
    end = numbers[1] if len(numbers) > 1 else None
    return Array(items[numbers[0] if numbers else 0 : end], at)


def _same_list(_program: Program, items: list[Thing], _given: list[Thing], at: Location) -> Thing:
    return Array([item for item in items if not is_nothing(item)], at)


_METHODS: Final[Mapping[str, Method]] = {
    "map": _map,
    "forEach": _for_each,
    "filter": _filter,
    "find": _find,
    "flatMap": _flat_map,
    "flat": _flat,
    "concat": _concat,
    "join": _join,
    "includes": _includes,
    "slice": _slice_list,
    "sort": _same_list,
    "toSorted": _same_list,
}
