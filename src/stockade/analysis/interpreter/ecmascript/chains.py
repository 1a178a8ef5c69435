"""Checks of a request's fields that express-validator puts on a route.

`router.post("/", [body("mail").trim().isEmail()], run)` makes texts of the fields it trims, and
`validationResult(req).isEmpty()` tells whether all of them are as they should be. Follows the
package's own documentation: sanitizers turn what they are given into texts.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from stockade.analysis.interpreter.ecmascript import formats, validated
from stockade.analysis.interpreter.ecmascript.protocol import ScriptMachine
from stockade.analysis.interpreter.protocol import Invocation, Site
from stockade.analysis.interpreter.texts import SAFE_IN
from stockade.analysis.interpreter.values import (
    EVERYTHING,
    UNKNOWN,
    External,
    Node,
    Truth,
    Val,
    const,
    constant_text,
)

LIBRARY: Final = "npm:express-validator."
CHAIN: Final = "checks of a field"
RESULT: Final = "result of the checks"
_SHOWN: Final = ("checks", "of this route")
_PARTS: Final = {
    "body": ("body",),
    "check": ("body",),
    "query": ("queryStringParameters",),
    "param": ("pathParameters",),
    "header": ("headers",),
}
_TEXTS: Final = frozenset(
    [
        *("trim", "ltrim", "rtrim", "escape", "unescape", "toLowerCase", "toUpperCase"),
        *("normalizeEmail", "stripLow", "blacklist", "whitelist", "toString"),
    ]
)
"""Sanitizers: whatever they are given, they leave a text."""
_OTHERS: Final = frozenset({"toInt", "toFloat", "toBoolean", "toDate"})
_DEEPEST: Final = 3
_MOST_STEPS: Final = 50

Pairs = tuple[tuple[Node, str], ...]


def called(machine: ScriptMachine, call: Invocation) -> Val | None:
    """Make a chain of checks, or tell what the checks of this route show."""
    name = call.callee.rpartition(".")[2]
    if call.callee.startswith(f"{CHAIN}."):
        return _made(name, call.receiver, call.arguments.positional)
    if call.callee.startswith(f"{RESULT}."):
        return _told(machine, name)
    if not call.callee.startswith(LIBRARY):
        return None
    if name in _PARTS:
        return _made(name, None, call.arguments.positional)
    return Val((External(RESULT, instance=True),)) if name == "validationResult" else None


def begin(machine: ScriptMachine, values: Iterable[Val], site: Site) -> None:
    """Do what the checks on a route do before its functions run."""
    made: list[tuple[Node, str]] = []
    shown: list[tuple[Node, str]] = []
    for chain in _chains(machine, values, _DEEPEST):
        steps = list(_steps(chain))
        kinds = frozenset(kind for name, _ in steps for kind in _made_by(name))
        told = frozenset(kind for name, given in steps for kind in _shown_by(name, given))
        for part, field in _fields(machine, steps):
            held = machine.event((*_PARTS[part], *field.split(".")), site)
            # Of the field itself, which is read anew wherever the code asks for it.
            nodes = [machine.field_node(taint.data.field) for taint in held.taints]
            made += [(node, kind) for node in nodes for kind in kinds]
            shown += [(node, kind) for node in nodes for kind in told]
    machine.trust(tuple(made))
    machine.state.writes[_SHOWN] = Val((Truth((), tuple(shown)),))


def _made(name: str, before: Val | None, given: Iterable[Val]) -> Val:
    made_of = [("made", const(name)), *((str(place), one) for place, one in enumerate(given))]
    if before is not None:
        made_of.append(("self", before))
    return Val((External(CHAIN, instance=True, made_of=tuple(made_of)),))


def _told(machine: ScriptMachine, name: str) -> Val | None:
    errors = machine.state.variable(_SHOWN)
    shape = errors.shapes[0] if errors is not None and len(errors.shapes) == 1 else None
    if errors is None or not isinstance(shape, Truth):
        return UNKNOWN
    if name == "isEmpty":
        return Val((Truth(shape.when_false, ()),))
    if name == "throw":
        machine.trust(shape.when_false)
    return validated.errors(errors) if name in ("array", "throw") else UNKNOWN


def _chains(machine: ScriptMachine, values: Iterable[Val], deep: int) -> Iterator[Val]:
    for value in values:
        for shape in value.shapes:
            if isinstance(shape, External) and shape.name == CHAIN:
                yield Val((shape,))
        for _, found in machine.objects(value) if deep else ():
            if found.kind == "list":
                yield from _chains(machine, found.entries.values(), deep - 1)


def _steps(chain: Val) -> Iterator[tuple[str, list[Val]]]:
    """Yield the steps of a chain with what each was given, the last one first."""
    current: Val | None = chain
    for _ in range(_MOST_STEPS):
        shape = current.shapes[0] if current is not None else None
        if not isinstance(shape, External) or not shape.name.startswith(CHAIN):
            return
        made_of = dict(shape.made_of)
        given = [made_of[str(place)] for place in range(len(made_of)) if str(place) in made_of]
        yield constant_text(made_of.get("made", UNKNOWN)) or "", given
        current = made_of.get("self")


def _fields(
    machine: ScriptMachine, steps: list[tuple[str, list[Val]]]
) -> Iterator[tuple[str, str]]:
    part, given = steps[-1] if steps else ("", [])
    if part not in _PARTS or not given:
        return
    listed = [given[0], *(one for _, o in machine.objects(given[0]) for one in o.entries.values())]
    for field in map(constant_text, listed):
        if field and not any(sign in field for sign in "*[("):
            yield part, field


def _made_by(name: str) -> frozenset[str]:
    if name in _OTHERS:
        return frozenset({EVERYTHING})
    return SAFE_IN | {"page"} if name == "escape" else SAFE_IN if name in _TEXTS else frozenset()


def _shown_by(name: str, given: list[Val]) -> frozenset[str]:
    """Return what a check keeps out: those of formats know no map, and no list."""
    if name in ("isInt", "isFloat", "isBoolean", "isNumeric", "isDecimal", "isIn", "equals"):
        return frozenset({EVERYTHING})
    return formats.of(name.replace("is", "Is", 1) if name.startswith("is") else name, given)
