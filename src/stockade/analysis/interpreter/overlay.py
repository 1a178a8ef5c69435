"""One map laid over another: what the second holds under a key counts, also where it is unknown.

`{**defaults, **json.loads(body)}`: whoever sends the body overrides any of the defaults.
"""

from stockade.analysis.interpreter.protocol import Machine, Site
from stockade.analysis.interpreter.values import (
    UNKNOWN,
    Const,
    HeapObject,
    Number,
    Ref,
    Truth,
    Val,
    const,
    join,
    join_all,
)
from stockade.model.record import replace


def laid_over(machine: Machine, found: HeapObject, value: Val, site: Site) -> HeapObject:
    """Return the map with all that `value` holds put over it."""
    for _, other in machine.objects(value):
        found = _merged(machine, found, other, site)
    # Numbers and outcomes of tests hold nothing: `{...(names.length > 0 && { names })}`.
    if any(not isinstance(shape, (Ref, Const, Number, Truth)) for shape in value.shapes):
        found = _overridden(machine, found, (value,), site)
        content = machine.index(value, UNKNOWN, site)
        found = replace(found.holding(content), spread=(*found.spread, value))
    return found


def _merged(machine: Machine, found: HeapObject, other: HeapObject, site: Site) -> HeapObject:
    """Return a map with the entries of another put into it."""
    beneath = _overridden(machine, found, other.spread, site)
    if not other.spread and other.rest is not None and other.rest.taints:
        overridden = {key: join(value, other.rest) for key, value in beneath.entries.items()}
        beneath = replace(beneath, entries=overridden)
    rest = join_all(each for each in (found.rest, other.rest) if each is not None)
    return replace(
        beneath,
        entries={**beneath.entries, **other.entries},
        rest=rest,
        spread=(*found.spread, *other.spread),
    )


def _overridden(
    machine: Machine, found: HeapObject, spread: tuple[Val, ...], site: Site
) -> HeapObject:
    """Return the map with what others may have written over each of its entries."""
    if not found.entries or not any(value.taints for value in spread):
        return found
    entries = {}
    for key, held in found.entries.items():
        over = [machine.index(value, const(key), site) for value in spread]
        entries[key] = join_all([held, *(one for one in over if one.taints)]) or held
    return replace(found, entries=entries)
