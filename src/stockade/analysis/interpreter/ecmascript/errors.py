"""What is read from an error, and from texts and things unknown."""

from typing import Final

from stockade.analysis.facts import OriginKind
from stockade.analysis.interpreter.protocol import Machine, Site
from stockade.analysis.interpreter.values import Anything, Data, Val

_TELLING: Final = frozenset({"message", "stack", "cause", "errors", "sqlMessage", "sql", "detail"})
"""Properties of an error that say what went wrong inside; a name or code does not."""


def part(machine: Machine, value: Val, name: str, site: Site) -> Val:
    """Return a property of something unknown: of an error, what it tells."""
    taints = value.taints
    if name == "stack" and any(taint.data.kind is OriginKind.ERROR for taint in taints):
        data = Data(OriginKind.ERROR, "the traceback")
        taint = machine.start(site, data, "takes the text of the error")
        return Val((Anything("it is a traceback"),), (taint,))
    if name not in _TELLING:
        taints = tuple(taint for taint in taints if taint.data.kind is not OriginKind.ERROR)
    return Val((Anything("it is a property"),), machine.derive(site, Val((), taints)))
