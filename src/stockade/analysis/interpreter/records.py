"""Records: classes whose constructor nobody wrote, and models that check what they are made of."""

from typing import Final

from stockade.analysis.interpreter.annotations import held_by, kept_out
from stockade.analysis.interpreter.protocol import Arguments, Invocation, Machine, Site
from stockade.analysis.interpreter.values import (
    EVERYTHING,
    NUMBER,
    UNKNOWN,
    Anything,
    External,
    Function,
    HeapObject,
    Ref,
    Shape,
    Special,
    Val,
    const,
)

_MADE_OF_MAP: Final = frozenset(
    [
        "model_validate",
        "parse_obj",
        "model_validate_json",
        "parse_raw",
        "from_dict",
        "from_json",
        "construct",
        "model_construct",
        "validate",
        "structure",
    ]
)
"""Class methods that take one map, or the text of one."""

AS_MAP: Final = frozenset(["dict", "model_dump", "to_dict", "asdict", "_asdict"])
"""Methods that give a record's fields as a map."""

_CHECKING: Final = ("pydantic.", "aws_lambda_powertools.utilities.parser.")
"""Where base classes come from that convert each field to its type, or raise."""


def construct(
    machine: Machine, found: HeapObject, instance: Val, arguments: Arguments, site: Site
) -> Val:
    """Give an object of a class without `__init__` (a dataclass, a model) its attributes."""
    made = next((each for _, each in machine.objects(instance)), None)
    if made is None:
        return instance
    fields = _fields(found)
    for position, value in enumerate(arguments.positional):
        if position < len(fields):
            made = made.having(fields[position], value)
        else:
            made = made.holding(value)
    for name, value in arguments.named.items():
        made = made.having(name, _checked(machine, made, name, value))
    if arguments.more_items is not None:
        made = made.holding(arguments.more_items)
        for position in range(len(arguments.positional), len(fields)):
            if fields[position] not in arguments.named:
                item = machine.part(arguments.more_items, position)
                made = made.having(fields[position], item)
    if arguments.spread_map is not None:
        made = _spread(machine, made, fields, arguments.spread_map, site)
    address = instance.shapes[0].address if isinstance(instance.shapes[0], Ref) else 0
    machine.change(instance, address, made)
    return instance


def method(machine: Machine, found: HeapObject, call: Invocation) -> Val:
    """Call a class method that the class does not define itself."""
    given = next(call.arguments.all(), None)
    if call.callee not in _MADE_OF_MAP or given is None:
        whole = [machine.inside(value) for value in call.arguments.all()]
        taints = machine.derive(call.site, *whole)
        return Val((Anything(f"`{call.callee}()` is not known"),), taints)
    return _read(machine, found, call.receiver, given, call.site, tag=found.name)


def _read(  # noqa: PLR0913 - a class, what it reads, and where that is put
    machine: Machine, found: HeapObject, type_: Val, given: Val, site: Site, *, tag: str
) -> Val:
    """Return the record that a class reads from a map, under a tag that no other bears."""
    made = HeapObject("instance", {}, None, type_, found.name)
    for field in _fields(found):
        value = machine.index(given, const(field), site)
        made = made.having(field, _checked(machine, made, field, value, tag))
    return machine.allocate(site, made, tag)


def as_map(machine: Machine, found: HeapObject, site: Site) -> Val:
    """Return a record's fields as a map."""
    return machine.allocate(site, HeapObject("map", found.entries, found.rest), "fields")


def loaded(machine: Machine, made: HeapObject, call: Invocation) -> Val | None:
    """Return what a schema of marshmallow reads: fields of its types. None if it is no schema."""
    given = next(call.arguments.all(), None)
    members = _members(machine, made.type or UNKNOWN)
    fields = {
        name: value
        for name, value in members.items()
        if any(_is_marshmallows(shape) for shape in value.shapes)
    }
    # What methods make of it (`@post_load`) may be anything.
    is_plain = not any(
        isinstance(one, Function) for each in members.values() for one in each.shapes
    )
    is_one = "many" not in made.entries and "many" not in call.arguments.named
    if given is None or not fields or not is_plain or not is_one:
        return None
    entries: dict[str | int, Val] = {}
    for name, field in fields.items():
        value = machine.index(given, const(name), call.site)
        if all(_holds_no_text(shape) for shape in field.shapes):
            value = Val(value.shapes, machine.derive(call.site, value, kinds=_EVERY_KIND))
        entries[name] = value
    return machine.allocate(call.site, HeapObject("map", entries), "loaded")


def _members(machine: Machine, type_: Val, depth: int = 8) -> dict[str, Val]:
    """Return what a class has of its own and of the application's classes it is made from."""
    members: dict[str, Val] = {}
    for _, found in machine.objects(type_):
        for base in found.bases if depth else ():
            members.update(_members(machine, base, depth - 1))
        members.update({str(name): value for name, value in found.entries.items()})
    return members


def _is_marshmallows(shape: Shape) -> bool:
    return isinstance(shape, External) and shape.name.startswith("marshmallow.fields.")


def _holds_no_text(shape: Shape) -> bool:
    """Tell whether a field takes nothing but numbers and the like, or one of a fixed set."""
    if not isinstance(shape, External):
        return False
    if shape.name.removesuffix("()").rpartition(".")[2] in _PLAIN_FIELDS:
        return True
    return any(
        isinstance(one, External) and one.name.endswith(".OneOf()")
        for name, value in shape.made_of
        if name == "validate"
        for one in value.shapes
    )


_PLAIN_FIELDS: Final = frozenset(
    {
        *("Int", "Integer", "Float", "Decimal", "Number", "Bool", "Boolean", "UUID", "Enum"),
        *("Date", "DateTime", "AwareDateTime", "NaiveDateTime", "Time", "TimeDelta"),
        *("IP", "IPv4", "IPv6", "IPInterface"),
    }
)
_EVERY_KIND: Final = frozenset({EVERYTHING})


def _fields(found: HeapObject) -> list[str]:
    """Return the names of a record's fields: of what its class holds, all but the methods."""
    return [
        str(name)
        for name, value in found.entries.items()
        if not str(name).startswith("_")
        and not all(isinstance(shape, (Function, Special)) for shape in value.shapes)
    ]


def _spread(
    machine: Machine, made: HeapObject, fields: list[str], holder: Val, site: Site
) -> HeapObject:
    """Give each field that has no value yet what a spread map holds under its name."""
    for field in fields:
        if field not in made.entries:
            value = machine.index(holder, const(field), site)
            made = made.having(field, _checked(machine, made, field, value))
    return made if fields else made.holding(machine.index(holder, UNKNOWN, site))


def _checked(machine: Machine, made: HeapObject, name: str, value: Val, tag: str = "") -> Val:
    """Return a field's value as the class checks it: numbers and the like hold no text."""
    if not value.taints or made.type is None:
        return value
    for address, found in machine.objects(made.type):
        annotation = machine.state.variable(("field", address, name))
        if annotation is None or not _checks(machine, found):
            continue
        nested = _nested(machine, annotation, value, f"{tag or made.name}.{name}")
        if nested is not None:
            return nested
        kinds = kept_out(machine, annotation, found.entries.get(name))
        if EVERYTHING in kinds:
            return NUMBER
        if kinds:
            return Val(value.shapes, machine.derive(machine.here(), value, kinds=kinds))
    return value


_DEEPEST: Final = 6
"""How deep models within models, and lists of them, are followed."""


def _nested(machine: Machine, annotation: Val, value: Val, tag: str) -> Val | None:
    """Return the models that a field holds by its type: one, or a list of them."""
    shape = annotation.shapes[0] if len(annotation.shapes) == 1 else None
    site = machine.here()
    if tag.count(".") > _DEEPEST:
        return None
    if isinstance(shape, Ref):
        found = machine.state.object(shape.address)
        if found is None or found.kind != "class" or not _checks(machine, found):
            return None
        return _read(machine, found, annotation, value, site, tag=tag)
    held = held_by(machine, shape) if isinstance(shape, External) else []
    if len(held) != 1 or not isinstance(shape, External):
        return None
    if shape.name == "typing.Optional[]":
        return _nested(machine, held[0], value, tag)
    if shape.name in _LISTS:
        item = _nested(machine, held[0], machine.item(value, site), f"{tag}.[]")
        made = None if item is None else HeapObject("list", {}, item)
        return None if made is None else machine.allocate(site, made, tag)
    return None


_LISTS: Final = frozenset(
    {"builtins.list[]", "typing.List[]", "typing.Sequence[]", "collections.abc.Sequence[]"}
)


def _checks(machine: Machine, found: HeapObject, depth: int = 8) -> bool:
    """Tell whether a class converts its fields to their types."""
    for base in found.bases:
        for shape in base.shapes:
            if isinstance(shape, External) and shape.name.startswith(_CHECKING):
                return True
        if depth and any(_checks(machine, each, depth - 1) for _, each in machine.objects(base)):
            return True
    return False
