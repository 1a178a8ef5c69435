"""Where an expression is evaluated: the names that mean something there, and the work left."""

from collections.abc import Mapping
from typing import Protocol

from stockade.load.sources import Folder
from stockade.model import Location, Map, Scalar, Unknown, Unseen, Value
from stockade.model.record import record, replace

MAX_STEPS = 150_000
"""Expressions that one application may take to evaluate: loops can multiply what is written."""

MAX_LEVELS = 90
"""Levels of expressions within expressions, locals and modules that they lead to counted in."""

MAX_LENGTH = 1_000_000
"""Characters of a text that is put together."""

MAX_ITEMS = 5_000
"""Items of one collection."""


class Failed(Exception):  # noqa: N818 - named as the language's own `try` would say it
    """An expression has no value: `plan` would stop here. `try()` and `can()` go on.

    `why` completes the sentence "unknown because".
    """

    def __init__(self, why: str, at: Location) -> None:
        super().__init__(why)
        self.why = why
        self.at = at


class Work:
    """The work that an application may still cost, and what is told of it."""

    def __init__(self, unseen: list[Unseen]) -> None:
        self.steps = MAX_STEPS
        self.level = 0
        self.unseen = unseen
        self.told = False

    def spend(self, steps: int, at: Location) -> Unknown | None:
        """Count steps; return the unknown value that stands for what is not evaluated any more."""
        self.steps -= steps
        if self.steps >= 0:
            return None
        why = f"the application takes more than {MAX_STEPS:,} steps to evaluate"
        if not self.told:
            self.told = True
            self.unseen.append(Unseen(at, "limit", why))
        return Unknown(why, at)

    def miss(self, at: Location, kind: str, why: str) -> None:
        """Note what is not seen."""
        self.unseen.append(Unseen(at, kind, why))


@record
class Planned:
    """What a plan tells of a resource: its arguments' values, and which of them are not known.

    None where there is no plan, or it does not speak of the resource.
    """

    values: Map | None = None
    unknown: Map | None = None


class Module(Protocol):
    """What an expression asks of the module that it stands in."""

    @property
    def folder(self) -> str:
        """The module's own folder."""

    @property
    def root_folder(self) -> str:
        """The folder where `plan` runs, to which paths are relative."""

    @property
    def sources(self) -> Folder:
        """The files of the scanned folder."""

    @property
    def work(self) -> Work:
        """The work left."""

    @property
    def place(self) -> Location | None:
        """Where all that the module makes is told, if its files are none of the author's own."""

    def at(self, written: Location) -> Location:
        """Tell the place of what is written in the module's files."""

    def planned(self, address: str) -> Planned:
        """Return what a plan tells of a resource."""

    def rendered(self, template: Scalar, names: Mapping[str, Value]) -> Value:
        """Return the text of a template file, with the values put in that its names stand for."""

    def variable(self, name: str, at: Location) -> Value:
        """Return `var.name`."""

    def local(self, name: str, at: Location) -> Value:
        """Return `local.name`."""

    def call(self, name: str, at: Location) -> Value:
        """Return `module.name`."""

    def resource(self, kind: str, name: str, at: Location) -> Value:
        """Return `kind.name`: one resource, or the collection that `count` makes."""

    def data(self, kind: str, name: str, at: Location) -> Value:
        """Return `data.kind.name`."""

    def attribute(self, address: str, name: str, at: Location) -> Value:
        """Return an attribute of a resource, or an output of a module, by its address."""


@record(eq=False)
class Scope:
    """A module, and the names that `for`, `for_each`, `count` and `dynamic` add to it."""

    module: Module
    names: Mapping[str, Value]

    @property
    def work(self) -> Work:
        """The work left."""
        return self.module.work

    def spend(self, steps: int, at: Location) -> Unknown | None:
        """Count steps, as `Work.spend`."""
        return self.module.work.spend(steps, at)

    def having(self, names: Mapping[str, Value]) -> "Scope":
        """Return the scope with more names."""
        return replace(self, names={**self.names, **names})
