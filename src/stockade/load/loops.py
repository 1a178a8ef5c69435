"""Loops: `Fn::ForEach` written out before anything else is resolved.

AWS: "Fn::ForEach" and "AWS::LanguageExtensions transform".
"""

from collections.abc import Iterator

from stockade._late import pattern
from stockade.load.intrinsics import resolve
from stockade.load.scope import Scope
from stockade.model import List, Location, Map, Parameter, Scalar, Value, constant

LOOP_PREFIX = "Fn::ForEach::"
_NOT_ALPHANUMERIC = pattern(r"[^A-Za-z0-9]")
_MAX_ITEMS = 1_000
"""Items of one loop. A template has at most 500 resources."""


def write_out(value: Value, scope: Scope) -> Value:
    """Return `value` with every loop in it replaced by what it repeats.

    A loop over a list that is not known is told and left out.
    """
    if scope.spend(1, value.at) is not None:
        return value
    match value:
        case Map():
            return _map(value, scope)
        case List():
            items = tuple(write_out(item, scope) for item in value.items)
            same = all(new is old for new, old in zip(items, value.items, strict=True))
            return value if same else List(items, value.at)
        case _:
            return value


def _map(value: Map, scope: Scope) -> Map:
    entries: dict[str, Value] = {}
    keys: dict[str, Location] = {}
    same = True
    for key, entry in value:
        if key.startswith(LOOP_PREFIX):
            same = False
            for new_key, new_entry in _repeated(entry, value.key_at(key), scope):
                entries[new_key] = new_entry
                keys[new_key] = value.key_at(key)
        else:
            entries[key] = write_out(entry, scope)
            keys[key] = value.key_at(key)
            same = same and entries[key] is entry
    return value if same else Map(entries, value.at, keys)


def _repeated(loop: Value, at: Location, scope: Scope) -> Iterator[tuple[str, Value]]:
    """Yield the entries that a loop writes, the loops inside it written out, too."""
    match loop:
        case List(items=(Scalar(value=str(identifier)), collection, Map() as fragment)):
            pass
        case _:
            scope.miss(at, "template", "the loop does not have an identifier, a list and a map")
            return
    texts = _texts(resolve(collection, scope))
    if texts is None:
        scope.miss(at, "template", "the list that the loop repeats is known at deployment")
        return
    if len(texts) > _MAX_ITEMS:
        scope.miss(at, "limit", f"the loop repeats more than {_MAX_ITEMS:,} times")
        return
    for text in texts:
        one = _filled(fragment, identifier, text, scope)
        written = _map(one, scope) if isinstance(one, Map) else fragment
        yield from written


def _texts(collection: Value) -> list[str] | None:
    if isinstance(collection, Parameter) and collection.value is not None:
        collection = collection.value
    if not isinstance(collection, List):
        return None
    texts: list[str] = []
    for item in collection.items:
        if isinstance(item, List | Parameter) and (more := _texts(item)) is not None:
            texts.extend(more)
            continue
        text = constant(item)
        if not isinstance(text, str):
            return None
        texts.append(text)
    return texts


def _filled(value: Value, identifier: str, text: str, scope: Scope) -> Value:
    """Return `value` with the loop's identifier replaced by `text`."""
    if scope.spend(1, value.at) is not None:
        return value
    match value:
        case Scalar(value=str(written)):
            filled = _filled_text(written, identifier, text)
            return value if filled == written else Scalar(filled, value.at)
        case List():
            items = tuple(_filled(item, identifier, text, scope) for item in value.items)
            return List(items, value.at)
        case Map(entries={"Ref": Scalar(value=str(name))}) if name == identifier:
            return Scalar(text, value.at)
        case Map():
            entries, keys = {}, {}
            for key, entry in value:
                new_key = _filled_text(key, identifier, text)
                entries[new_key] = _filled(entry, identifier, text, scope)
                keys[new_key] = value.key_at(key)
            return Map(entries, value.at, keys)
        case _:
            return value


def _filled_text(written: str, identifier: str, text: str) -> str:
    if "{" not in written:
        return written
    filled = written.replace(f"${{{identifier}}}", text)
    return filled.replace(f"&{{{identifier}}}", _NOT_ALPHANUMERIC.sub("", text))
