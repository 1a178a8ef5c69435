"""Where a value is resolved: the names that mean something there, and the work that is left."""

from collections.abc import Callable, Mapping
from typing import Protocol

from stockade.load.parameters import Declared
from stockade.model import (
    Choice,
    Concatenation,
    Import,
    List,
    Location,
    Map,
    Parameter,
    ResourceId,
    Unknown,
    Unseen,
    Value,
)

MAX_STEPS = 300_000
"""Values that one application may take to resolve: several times what the largest template needs.
Loops, includes and nested stacks can multiply what is written."""

MAX_RESOLVE_DEPTH = 160
"""Levels of values within values while resolving, nested stacks and includes counted in."""

MAX_PASSED = 2_000
"""Values within one value that is handed from one stack to another."""

MAX_PASSED_DEPTH = 32
"""Levels within one value that is handed from one stack to another."""


class Counting(Protocol):
    """Counts what a value costs."""

    def spend(self, steps: int, at: Location) -> Unknown | None:
        """Count steps; return what stands for the value if there are none left."""


class Work:
    """The work that an application may still cost, and how deep it is in it."""

    def __init__(self) -> None:
        self.steps = MAX_STEPS
        self.depth = 0
        self.told = False


class Scope:
    """The names of one stack.

    `truth` decides a condition: True, False, or None where the templates do not decide it.
    `outputs_of` gives the outputs of a nested stack by its logical id, None if it is none or
    its template is elsewhere. `names` are the author's, by logical id. `include` gives
    what an included file says, unresolved. `exports` are the exports of the application's other
    stacks by name. `assumed` are the conditions taken as true or false inside a branch that hangs
    on them.
    """

    def __init__(  # noqa: PLR0913 - each is a name that means something to the functions
        self,
        *,
        stack: str,
        path: str,
        names: Mapping[str, str],
        parameters: Mapping[str, Declared],
        outputs_of: Callable[[str], Mapping[str, Value] | None],
        include: Callable[[str, Location], Value],
        exports: Mapping[str, Value],
        work: Work,
        unseen: list[Unseen],
    ) -> None:
        self.stack = stack
        self.path = path
        self.names = names
        self.parameters = parameters
        self.mappings: Map | None = None
        self.truth: Callable[[str, Location], bool | None] = lambda _name, _at: None
        self.outputs_of = outputs_of
        self.include = include
        self.exports = exports
        self.work = work
        self.unseen = unseen
        self.imports: list[str] = []
        self.assumed: dict[str, bool] = {}
        self.including = False

    def qualified(self, logical_id: str) -> ResourceId:
        """Return the id of a resource of this stack, unique in the application.

        It is the author's name of the resource where a framework makes the logical id of that.
        """
        name = self.names.get(logical_id, logical_id)
        return f"{self.stack}/{name}" if self.stack else name

    def miss(self, at: Location, kind: str, why: str) -> None:
        """Note what is not seen."""
        self.unseen.append(Unseen(at, kind, why))

    def spend(self, steps: int, at: Location) -> Unknown | None:
        """Count steps; return the unknown value that stands for what is not resolved any more."""
        self.work.steps -= steps
        if self.work.steps >= 0:
            return None
        why = f"the application takes more than {MAX_STEPS:,} values to resolve"
        if not self.work.told:
            self.work.told = True
            self.miss(at, "limit", why)
        return Unknown(why, at)


def weigh(value: Value) -> int | None:
    """Return how many values are in `value`, or None if too many or too deep to hand over."""
    level, depth, count = [value], 0, 0
    while level:
        depth += 1
        count += len(level)
        if count > MAX_PASSED or depth > MAX_PASSED_DEPTH:
            return None
        level = [child for one in level for child in _children(one)]
    return count


def _children(value: Value) -> list[Value]:
    match value:
        case List():
            return list(value.items)
        case Map():
            return list(value.entries.values())
        case Concatenation():
            return list(value.parts)
        case Choice():
            return [value.then, value.otherwise]
        case Parameter() if value.value is not None:
            return [value.value]
        case Import():
            return [value.name]
        case _:
            return []


def handed_over(value: Value) -> Value:
    """Return `value` as another stack may take it: itself, or Unknown if it is too large."""
    if weigh(value) is None:
        return Unknown("it is too large to be followed from stack to stack", value.at)
    return value
