"""What the author puts in place of a field that an event may not have: `.get("Item", {})`."""

from stockade.analysis.interpreter.protocol import Machine
from stockade.analysis.interpreter.values import Event, Val, join, only_constant

_COLLECTIONS = ("map", "list", "tuple", "set")


def or_default(machine: Machine, value: Val, default: Val) -> Val:
    """Return a field of the event, or its default.

    A constant, or an empty map or list, holds nobody's data: without the field nothing follows.
    """
    holds_nothing = only_constant(default) is not None or _is_empty(machine, default)
    return value if holds_nothing and _is_field(value) else join(value, default)


def of_fields(machine: Machine, values: list[Val]) -> list[Val]:
    """Return the operands of `event.field or {}` that hold something."""
    if not _is_field(values[0]):
        return values
    return [values[0], *(one for one in values[1:] if not _is_empty(machine, one))]


def _is_field(value: Val) -> bool:
    return bool(value.shapes) and all(isinstance(shape, Event) for shape in value.shapes)


def _is_empty(machine: Machine, value: Val) -> bool:
    found = [one for _, one in machine.objects(value)]
    return len(found) == len(value.shapes) == 1 and all(
        one.kind in _COLLECTIONS and not one.entries and one.rest is None and not one.spread
        for one in found
    )
