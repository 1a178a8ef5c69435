"""Variables of the environment that whoever sends the event names.

Every function has some whose values anyone knows (`AWS_REGION`, `LANG`), and some that nobody
else may ("Using Lambda environment variables": `AWS_SECRET_ACCESS_KEY`).
"""

from typing import Final

from stockade.analysis.facts import OriginKind
from stockade.analysis.interpreter.protocol import Machine, Site
from stockade.analysis.interpreter.values import (
    UNKNOWN,
    Chosen,
    Data,
    Taint,
    Text,
    Val,
    constant_text,
)

VARIABLE: Final = "variable"
"""The kind of the sink where the event chooses what it is compared with."""


def variable(machine: Machine, key: Val, site: Site) -> Val:
    """Return a variable whose name is not known: one that the event chooses, or any."""
    taints = tuple(
        taint
        for taint in key.taints
        if taint.data.kind is OriginKind.EVENT and machine.harmful(taint, VARIABLE)
    )
    if not taints or _is_confined(key):
        return UNKNOWN
    data = Data(OriginKind.ENVIRONMENT, "the environment")
    held = machine.start(site, data, "reads whichever variable the event names")
    return Val((Chosen(Val(key.shapes, taints)),), (held,))


def _is_confined(key: Val) -> bool:
    """Tell whether a part of the name is the author's: nobody names a variable of AWS by it."""
    return any(
        isinstance(shape, Text) and any(constant_text(part) for part in shape.parts)
        for shape in key.shapes
    )


def met(left: Val, right: Val) -> tuple[Taint, ...]:
    """Return the names that the event chose of what is compared with other data of it."""
    return tuple(
        taint
        for one, other in ((left, right), (right, left))
        if any(sent.data.kind is OriginKind.EVENT for sent in other.taints)
        for shape in one.shapes
        if isinstance(shape, Chosen)
        for taint in shape.name.taints
    )
