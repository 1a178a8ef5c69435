"""What reading an expression asks of the program that it stands in, and where it is read."""

from typing import Final, Protocol

from stockade.load.scripts import Script
from stockade.load.sst.stack import Stack
from stockade.load.sst.things import Closure, Object, Resource, Scope, Thing
from stockade.model import Location, Unknown
from stockade.model.record import record

MAX_STEPS: Final = 100_000
"""Expressions and statements that one configuration may take to read: loops multiply them."""

STEPS_A_RESOURCE: Final = 25
"""Steps that a component or resource counts as."""

MAX_LEVELS: Final = 80
"""Levels of expressions, statements and calls within each other."""

MAX_FILES: Final = 300
"""Files that one configuration may be made of."""


class Program(Protocol):
    """One configuration while it is read."""

    @property
    def stack(self) -> Stack:
        """What it declares so far."""

    def spend(self, steps: int, at: Location) -> Unknown | None:
        """Count steps; return what stands for what is not read any more."""

    def enter(self, at: Location) -> Unknown | None:
        """Count a step, one level deeper; `leave` it unless something is returned."""

    def leave(self) -> None:
        """Leave a level."""

    def call(self, function: Thing, arguments: list[Thing], at: Location) -> Thing:
        """Return what a function returns."""

    def make(self, class_: Thing, arguments: list[Thing], at: Location) -> Thing:
        """Return what `new` makes of a class."""

    def member(self, of: Thing, name: str, at: Location) -> Thing:
        """Return `of.name`."""

    def closure(self, function: Closure, arguments: list[Thing], at: Location) -> Thing:
        """Return what a function of the author returns."""

    def imported(self, path: str, specifier: str, at: Location) -> Thing:
        """Return all that a file or package exports, as an object."""

    def definition(self, resource: Resource) -> Thing | None:
        """Return what `sst.Linkable.wrap` says of a resource of Pulumi."""

    def transformed(self, kind: str, arguments: Object, name: str) -> None:
        """Change a component's arguments as `$transform` says of its kind."""

    def world(self, name: str, at: Location) -> Thing | None:
        """Return what a name means that nobody declares: `sst`, `$app`, `JSON`."""


@record(eq=False)
class Frame:
    """Where an expression is read: the file, the names, the program."""

    script: Script
    scope: Scope
    program: Program

    def inside(self) -> "Frame":
        """Return the frame of a block, with names of its own."""
        return Frame(self.script, Scope(self.scope), self.program)
