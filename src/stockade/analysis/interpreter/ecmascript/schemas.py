"""Schemas of zod, joi, yup and valibot: what data may still hold once it has passed one.

A schema is kept as it was written: the function or method that made it, the schema that the
method was called on, and the arguments. Only what it constrains counts: numbers, choices,
patterns and formats; a plain text stays the sender's. Follows the packages' own documentation.
"""

from collections.abc import Iterator
from typing import Final

from stockade._late import pattern
from stockade.analysis.interpreter.ecmascript import formats
from stockade.analysis.interpreter.ecmascript.functions import is_function
from stockade.analysis.interpreter.ecmascript.protocol import ScriptMachine
from stockade.analysis.interpreter.protocol import Arguments, Invocation, Machine, Site
from stockade.analysis.interpreter.values import (
    EVERYTHING,
    NUMBER,
    UNKNOWN,
    External,
    HeapObject,
    Node,
    Truth,
    Val,
    const,
    constant_text,
)
from stockade.model.record import record, replace

PREFIX: Final = "schema."
"""How the names of schemas begin."""
_LIBRARY: Final = pattern(r"npm:(?:@hapi/)?(zod|joi|yup|valibot)(?:/[\w/-]+)?\.([\w.]+)")
_METHOD: Final = pattern(r"schema\.(zod|joi|yup|valibot)\.(\w+)")
_DEEPEST: Final = 8

_RAISES: Final = frozenset(
    ["parse", "parseAsync", "validateAsync", "validateSync", "attempt", "assert", "cast"]
)
_SAFE: Final = frozenset(["safeParse", "safeParseAsync", "spa"])
_ANSWERS: Final = frozenset(["isValid", "isValidSync", "is", "isType"])
_OBJECTS: Final = frozenset(["object", "strictObject", "looseObject", "keys", "shape"])
_MORE_FIELDS: Final = frozenset(["extend", "safeExtend", "append", "merge", "concat", *_OBJECTS])
_OPEN: Final = frozenset(["passthrough", "loose", "looseObject", "catchall", "unknown"])
_FEWER: Final = {"pick": True, "omit": False}
_LISTS: Final = frozenset(["array", "set", "items", "of"])
_INNER: Final = frozenset(["optional", "nullable", "nullish", "readonly", "exactOptional"])
"""Functions that are given a schema which they only loosen; as methods they are given none."""


@record
class _Schema:
    """One step in the making of a schema."""

    made: str
    before: Val | None
    arguments: tuple[Val, ...]


def called(machine: ScriptMachine, call: Invocation) -> Val | None:
    """Return a schema that a call makes, or what it gives of data that it checks."""
    found = _METHOD.fullmatch(call.callee)
    receiver: Val | None = call.receiver
    if found is None:
        found = _LIBRARY.fullmatch(call.callee)
        receiver = None
    if found is None:
        return None
    library, name = found[1], found[2].rpartition(".")[2]
    given = tuple(call.arguments.positional)
    if library == "joi" and name in ("attempt", "assert") and len(given) > 1:
        return _checks(machine, call, name, given[1], given[0])
    if library == "valibot" and len(given) > 1 and name in (*_RAISES, *_SAFE, *_ANSWERS):
        return _checks(machine, call, name, given[0], given[1])
    if receiver is not None and given and name in (*_RAISES, *_SAFE, *_ANSWERS, "validate"):
        if name == "validate" and library == "joi":
            name = "errors"
        return _checks(machine, call, name, receiver, given[0])
    return _made(library, name, receiver, given)


def _made(library: str, name: str, before: Val | None, given: tuple[Val, ...]) -> Val:
    made_of = [("made", const(name)), *((str(place), one) for place, one in enumerate(given))]
    if before is not None:
        made_of.append(("self", before))
    return Val((External(f"{PREFIX}{library}", True, tuple(made_of)),))  # noqa: FBT003


def _checks(machine: ScriptMachine, call: Invocation, name: str, schema: Val, value: Val) -> Val:
    """Return what a check gives: the data, what it says of the data, or both."""
    machine.noted(replace(call, callee=f"npm:{_library(schema)}.{name}"))
    shown = tuple(_shown(machine, schema, value, call.site, _DEEPEST))
    if name in _ANSWERS:
        return Val((Truth(shown, ()),)) if shown else NUMBER
    passed = _passed(machine, schema, value, call.site, "passed")
    if name == "errors":
        # Joi gives the data as it came where it found an error in it.
        entries = {"error": Val((Truth((), shown),)), "value": value}
    elif name in _SAFE:
        entries = {"success": Val((Truth(shown, ()),)), "data": passed, "output": passed}
        entries |= {"error": UNKNOWN, "issues": UNKNOWN}
    else:
        machine.trust(shown)
        return passed
    made: dict[str | int, Val] = dict(entries.items())
    return machine.allocate(call.site, HeapObject("map", made), "checked")


def _library(schema: Val) -> str:
    names = [shape.name for shape in schema.shapes if isinstance(shape, External)]
    return names[0].removeprefix(PREFIX) if names else "zod"


# --- what passes -------------------------------------------------------------------------


def _passed(machine: ScriptMachine, schema: Val, value: Val, site: Site, place: str) -> Val:
    """Return the data as a schema lets it through; `place` tells its parts from each other."""
    steps = list(_steps(schema))
    for step in steps:
        function = step.arguments[0] if step.arguments else UNKNOWN
        if step.made in ("transform", "preprocess") and is_function(function):
            return machine.call(function, Arguments([value]), site)
    depth = _DEEPEST - place.count(" ")
    fields = _fields(machine, schema, depth)
    if fields is not None and depth:
        entries: dict[str | int, Val] = {}
        for name, inner in fields.items():
            held = machine.attribute(value, name, site)
            entries[name] = _passed(machine, inner, held, site, f"{place} {name}")
        spread = (value,) if any(step.made in _OPEN for step in steps) else ()
        rest = machine.index(value, UNKNOWN, site) if spread else None
        return machine.allocate(site, HeapObject("map", entries, rest, spread=spread), place)
    item = _item(schema)
    if item is not None and depth:
        held = _passed(machine, item, machine.item(value, site), site, f"{place} []")
        return machine.allocate(site, HeapObject("list", {}, held), place)
    kinds = _kinds(machine, schema, depth)
    if EVERYTHING in kinds:
        return NUMBER
    return Val(value.shapes, machine.derive(site, value, kinds=kinds)) if kinds else value


def _shown(
    machine: ScriptMachine, schema: Val, value: Val, site: Site, depth: int
) -> Iterator[tuple[Node, str]]:
    """Yield the data that a check shows to be safe, and the kinds of sinks for which it is."""
    if not depth:
        return
    fields = _fields(machine, schema, depth)
    if fields is not None:
        for name, inner in fields.items():
            held = machine.attribute(value, name, site)
            yield from _shown(machine, inner, held, site, depth - 1)
        return
    item = _item(schema)
    if item is not None:
        yield from _shown(machine, item, machine.item(value, site), site, depth - 1)
        return
    kinds = _kinds(machine, schema, depth)
    yield from ((taint.node, kind) for taint in value.taints for kind in kinds)


# --- what a schema says ------------------------------------------------------------------


def _steps(schema: Val) -> Iterator[_Schema]:
    """Yield the steps by which a schema was made, the last one first."""
    current: Val | None = schema
    while current is not None and len(current.shapes) == 1:
        shape = current.shapes[0]
        if not isinstance(shape, External) or not shape.name.startswith(PREFIX):
            return
        made_of = dict(shape.made_of)
        before = made_of.get("self")
        arguments = tuple(
            made_of[str(place)] for place in range(len(made_of)) if str(place) in made_of
        )
        if "made" not in made_of:
            return
        yield _Schema(constant_text(made_of["made"]) or "", before, arguments)
        current = before


def _fields(machine: Machine, schema: Val, depth: int) -> dict[str, Val] | None:
    """Return the schema of each field, None where the schema is none of an object."""
    found: dict[str, Val] | None = None
    for step in reversed(list(_steps(schema))):
        given = step.arguments[0] if step.arguments else None
        if step.made in _MORE_FIELDS and given is not None:
            found = {**(found or {}), **_written(machine, given, depth)}
        elif step.made in _OBJECTS:
            found = found or {}
        elif step.made in (*_INNER, "pipe", "strict", "partial", "lazy") and given is not None:
            inner = _fields(machine, given, depth - 1) if depth else None
            found = inner if found is None else found
        elif step.made in _FEWER and found is not None and given is not None:
            named = {str(key) for _, each in machine.objects(given) for key in each.entries}
            kept = _FEWER[step.made]
            found = {name: one for name, one in found.items() if (name in named) is kept}
    return found


def _written(machine: Machine, given: Val, depth: int) -> dict[str, Val]:
    fields: dict[str, Val] = {}
    for _, each in machine.objects(given):
        fields |= {str(key): value for key, value in each.entries.items()}
    if not fields and depth:
        return _fields(machine, given, depth - 1) or {}
    return fields


def _item(schema: Val) -> Val | None:
    """Return the schema of the items of a list, None where the schema is none of a list."""
    for step in _steps(schema):
        if step.made in _LISTS:
            return step.arguments[0] if step.arguments else step.before
    return None


def _kinds(machine: Machine, schema: Val, depth: int) -> frozenset[str]:
    """Return the kinds of sinks that whatever passes the schema cannot harm."""
    found: list[frozenset[str]] = []
    for shape in schema.shapes:
        kinds: frozenset[str] = frozenset()
        for step in _steps(Val((shape,))):
            kinds |= _of_step(machine, step, depth)
            if step.made == "or" and step.before is not None and step.arguments and depth:
                either = _kinds(machine, step.arguments[0], depth - 1)
                kinds |= formats.common([_kinds(machine, step.before, depth - 1), either])
                break
        found.append(kinds)
    return formats.common(found)


def _of_step(machine: Machine, step: _Schema, depth: int) -> frozenset[str]:
    """Return what one step in the making of a schema keeps out."""
    known = formats.of(step.made, step.arguments)
    if known or not depth or not step.arguments:
        return known
    given = step.arguments
    if step.made in ("union", "alternatives", "try", "variant", "discriminatedUnion"):
        options = _parts(machine, given[-1]) if step.made != "try" else list(given)
        return formats.common([_kinds(machine, one, depth - 1) for one in options])
    if step.made in ("pipe", "and", "intersect", "intersection", *_INNER):
        return frozenset().union(*(_kinds(machine, one, depth - 1) for one in given))
    return frozenset()


def _parts(machine: Machine, given: Val) -> list[Val]:
    return [
        value
        for _, found in machine.objects(given)
        for value in (*found.entries.values(), *([found.rest] if found.rest else []))
    ]
