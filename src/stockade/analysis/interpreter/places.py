"""Arguments as tables name them: `"args@0[]"`, `"self"`, `"contents of Filename@2"`.

The names are those of `libraries.model`.
"""

import re
from functools import lru_cache
from typing import Final

from stockade.analysis.interpreter import files
from stockade.analysis.interpreter.protocol import Arguments, Invocation, Machine, Site
from stockade.analysis.interpreter.values import (
    Bound,
    Event,
    External,
    Function,
    Val,
    const,
    constant_text,
    join_all,
    join_taints,
)
from stockade.model.record import record

LOOKUPS: Final = frozenset(
    """
    findOne findOneBy findOneOrFail findOneByOrFail findAll findAndCount findAndCountAll findBy
    findByPk findById findByIdOrFail findUnique findUniqueOrThrow findFirst findFirstOrThrow
    findMany find_one find_all find_by_id find_by get_or_none getById get_by_id getItem get_item
    batchGetItem batch_get_item query_items
    """.split()  # noqa: SIM905 - read as a list of words
)
"""Methods of those who map tables to objects: what they find is not what they are asked for."""


@record
class Place:
    """A place in a call, its name taken apart."""

    name: str | None
    position: int | None
    path: tuple[str, ...]
    whole: str = ""
    """`"self"`, `"*"` or `"result"`."""
    prefix: str = ""
    """`"items of"` or `"contents of"`."""


@lru_cache(maxsize=4096)
def parsed(text: str) -> Place:
    """Take the name of a place apart."""
    prefix = ""
    for words in ("items of ", "contents of "):
        if text.startswith(words):
            prefix, text = words.strip(), text.removeprefix(words)
    parts = re.findall(r"\[\d*\]|\.[^.\[\]]+|^[^.\[\]]+", text)
    head, path = parts[0], tuple(part.removeprefix(".") for part in parts[1:])
    if head in ("self", "*", "result"):
        return Place(None, None, path, head, prefix)
    name, _, position = head.partition("@")
    return Place(name or None, int(position) if position else None, path, "", prefix)


def at(machine: Machine, text: str, call: Invocation) -> Val | None:
    """Return the value at a place of a call; None where nothing was passed there."""
    place = parsed(text)
    value = _whole(machine, place, call)
    for part in place.path:
        if value is None:
            return None
        value = _inner(machine, part, value, call.site)
    if value is None:
        return None
    if place.prefix == "items of":
        return machine.item(value, call.site)
    if place.prefix == "contents of":
        return files.read_file(machine, value)
    return value


def _whole(machine: Machine, place: Place, call: Invocation) -> Val | None:
    if place.whole == "self":
        return call.receiver
    if place.whole != "*":
        return call.arguments.get(place.position, place.name)
    whole = [machine.inside(each) for each in call.arguments.all()]
    value = join_all(whole)
    return None if value is None else Val(value.shapes, join_taints(*whole))


def _inner(machine: Machine, part: str, value: Val, site: Site) -> Val | None:
    """Return a part of an argument; None where the argument surely has no such part."""
    containers = [found for _, found in machine.objects(value)]
    if part == "[]":
        return machine.item(value, site) if containers or value.taints else None
    if part.startswith("["):
        key = int(part[1:-1])
        if not containers and any(isinstance(shape, Event) for shape in value.shapes):
            # The event's own: a list as well as a text, which is all of its command line.
            return value
        if not any(found.kind in ("list", "tuple") for found in containers):
            return None
        return machine.index(value, const(key), site)
    if not containers and not machine.inside(value).taints:
        return None
    if containers and not any(
        part in found.entries or found.rest is not None for found in containers
    ):
        return None
    return machine.index(value, const(part), site)


def made_of(receiver: Val) -> tuple[tuple[str, Val], ...]:
    """Return the arguments that a library's object was made of, by name or position."""
    for shape in receiver.shapes:
        if isinstance(shape, External):
            return shape.made_of
    return ()


def paginated(call: Invocation) -> str | None:
    """Return the operation that a paginator was made for."""
    given = dict(made_of(call.receiver))
    named = given.get("operation_name") or given.get("0")
    return constant_text(named) if named is not None else None


CREDENTIALS: Final = "credentials"
"""Tells of a receiver that it signs with keys that the code gave it."""

_KEYS: Final = frozenset({"aws_access_key_id", "accessKeyId", CREDENTIALS})


def signs_itself(machine: Machine, value: Val, depth: int = 4) -> bool:
    """Tell whether a client, or what it was made of, was given credentials of its own."""
    for shape in value.shapes:
        if not isinstance(shape, External) or not depth:
            continue
        for name, given in shape.made_of:
            own = name.rpartition("self.")[2]
            if own in _KEYS or signs_itself(machine, given, depth - 1):
                return True
            for _, found in machine.objects(given):
                if not _KEYS.isdisjoint(map(str, found.entries)):
                    return True
    return False


def is_function(value: Val) -> bool:
    """Tell whether the value may be a function of the application."""
    return any(isinstance(shape, (Function, Bound)) for shape in value.shapes)


def given_function(arguments: Arguments) -> Val | None:
    """Return the one function that a call is given and nothing else, as a decorator is."""
    if len(arguments.positional) != 1 or arguments.named or not arguments.complete:
        return None
    value = arguments.positional[0]
    return value if is_function(value) else None
