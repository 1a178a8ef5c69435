"""What the type of a model's field keeps out of it: numbers hold no text, patterns no brackets."""

from typing import Final

from stockade.analysis.interpreter.protocol import Machine
from stockade.analysis.interpreter.values import (
    EVERYTHING,
    Const,
    External,
    HeapObject,
    Ref,
    Shape,
    Val,
    constant_text,
    join,
)
from stockade.analysis.libraries.patterns import HARMFUL, keeps_out

Kinds = frozenset[str]

_NONE: Final[Kinds] = frozenset()
_ALL: Final[Kinds] = frozenset({EVERYTHING})

_PLAIN: Final = frozenset(
    name
    for module, names in {
        "builtins": "int float bool",
        "datetime": "date datetime time timedelta",
        "decimal": "Decimal",
        "uuid": "UUID",
        "typing": "Literal[]",
        "typing_extensions": "Literal[]",
        "pydantic": "PositiveInt NonNegativeInt NegativeInt PositiveFloat NonNegativeFloat"
        " StrictInt StrictFloat StrictBool UUID1 UUID3 UUID4 UUID5 IPvAnyAddress"
        " conint() confloat() condecimal() condate()",
        "ipaddress": "IPv4Address IPv6Address",
    }.items()
    for name in (f"{module}.{each}" for each in names.split())
)
"""Types that hold no text of the sender's."""

_HOLDERS: Final = frozenset(
    f"{name}[]"
    for name in (
        "builtins.list",
        "builtins.set",
        "builtins.tuple",
        "builtins.frozenset",
        "typing.Optional",
        "typing.Union",
        "typing.List",
        "typing.Set",
        "typing.Tuple",
        "typing.Sequence",
        "collections.abc.Sequence",
    )
)
"""Types that hold what is written between their brackets."""

_DEEPEST: Final = 6


def kept_out(machine: Machine, annotation: Val, default: Val | None) -> Kinds:
    """Return the kinds of sinks for which whatever fits a field's type is safe.

    `default` is what the class gives the field: `Field(pattern=...)` is written there.
    """
    kinds = _of_type(machine, annotation, _DEEPEST)
    return kinds | _of_constraint(default) if default is not None else kinds


def is_type(value: Val) -> bool:
    """Tell whether `value` is a type, or None as a part of a union."""
    return bool(value.shapes) and all(
        isinstance(shape, (External, Ref)) or shape == Const(None) for shape in value.shapes
    )


def union(machine: Machine, left: Val, right: Val) -> Val | None:
    """Return the type `left | right`, or None where the two are no types."""
    if not (is_type(left) and is_type(right)) or left.taints or right.taints:
        return None
    if any(
        found.kind != "class" for _, found in (*machine.objects(left), *machine.objects(right))
    ):
        return None
    return join(left, right)


def _of_type(machine: Machine, annotation: Val, depth: int) -> Kinds:
    """Return what holds for every type that `annotation` may be."""
    result: Kinds | None = None
    for shape in annotation.shapes:
        kinds = _of_shape(machine, shape, depth)
        result = kinds if result is None else _common(result, kinds)
    return result or _NONE


def _of_shape(machine: Machine, shape: Shape, depth: int) -> Kinds:
    match shape:
        case Const(None):
            return _ALL
        case Const(str(name)):
            return _ALL if name in ("int", "float", "bool") else _NONE
        case External(name=name) if name in _PLAIN:
            return _ALL
        case External(name=name) if depth and name in _HOLDERS:
            return _of_all(machine, held_by(machine, shape), depth)
        case External(name="typing.Annotated[]" | "typing_extensions.Annotated[]") if depth:
            parts = held_by(machine, shape)
            kinds = _of_type(machine, parts[0], depth - 1) if parts else _NONE
            for part in parts[1:]:
                kinds |= _of_constraint(part)
            return kinds
        case External():
            return _of_constraint(Val((shape,)))
        case Ref():
            classes = [found for _, found in machine.objects(Val((shape,)))]
            return _ALL if classes and all(map(_is_enum, classes)) else _NONE
        case _:
            return _NONE


def _of_all(machine: Machine, parts: list[Val], depth: int) -> Kinds:
    result = _ALL if parts else _NONE
    for part in parts:
        result = _common(result, _of_type(machine, part, depth - 1))
    return result


def _of_constraint(value: Val) -> Kinds:
    """Return what `constr(pattern=...)`, `Field(pattern=...)` and their like keep out."""
    kinds = _NONE
    for shape in value.shapes:
        if isinstance(shape, External) and shape.name.startswith("pydantic."):
            given = dict(shape.made_of)
            for name, start in (("pattern", False), ("regex", True)):
                pattern = constant_text(given[name]) if name in given else None
                if pattern is not None:
                    kinds |= {
                        kind
                        for kind, harmful in HARMFUL.items()
                        if keeps_out(pattern, harmful, start=start, end=False)
                    }
    return kinds


def held_by(machine: Machine, shape: External) -> list[Val]:
    """Return the types that are written between the brackets of one."""
    key = dict(shape.made_of).get("[]")
    if key is None:
        return []
    for _, found in machine.objects(key):
        if found.kind == "tuple":
            return list(found.entries.values())
    return [key]


def _is_enum(found: HeapObject) -> bool:
    return found.kind == "class" and any(
        isinstance(shape, External) and shape.name.startswith("enum.")
        for base in found.bases
        for shape in base.shapes
    )


def _common(first: Kinds, second: Kinds) -> Kinds:
    if EVERYTHING in first:
        return second
    return first if EVERYTHING in second else first & second
