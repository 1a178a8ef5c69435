"""What the libraries that functions use do: looked up by the qualified name of a callee.

`families` is the index: a table is loaded when a module that it describes is first asked for,
so that a function pays for the libraries that it imports and for no other.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

from stockade.analysis.libraries.description import HARMS, RESULTS, Description, described
from stockade.analysis.libraries.families import FAMILIES
from stockade.analysis.libraries.model import (
    Argument,
    Calls,
    Clean,
    Decorates,
    Guard,
    Matches,
    Members,
    Model,
    Named,
    Noted,
    Passes,
    Proves,
    Returns,
    Sanitizer,
    Shaped,
    Sink,
    Source,
    Test,
)

__all__ = [
    "Argument",
    "Calls",
    "Catalogue",
    "Clean",
    "Decorates",
    "Description",
    "Guard",
    "Matches",
    "Members",
    "Model",
    "Named",
    "Noted",
    "Passes",
    "Proves",
    "Returns",
    "Sanitizer",
    "Shaped",
    "Sink",
    "Source",
    "Test",
    "catalogue",
]


_OF_MODELS = ".objects."


class Catalogue:
    """The tables of all libraries, each loaded when it is first needed."""

    def __init__(self) -> None:
        self._lines: dict[str, tuple[Model, ...]] = {}
        self._loaded: set[str] = set()
        self._found: dict[str, Description] = {}
        self._named: dict[str, bool] = {}

    def description(self, callee: str) -> Description:
        """Return what every line says of `callee`, in the order of the tables.

        Lines of its own come first; what they leave unsaid of results or of harm is said by the
        nearest wider line (`aws.*`), if there is one.
        """
        found = self._found.get(callee)
        if found is None:
            self._load(callee.partition(".")[0])
            lines = self._look_up(callee)
            found = self._found[callee] = described(lines) if lines else _NOTHING
        return found

    def lines(self, callee: str) -> tuple[Model, ...]:
        """Return every line that describes `callee`."""
        return self.description(callee).lines

    def names(self, callee: str) -> bool:
        """Tell whether a line is about `callee`, or about something of it."""
        known = self._named.get(callee)
        if known is None:
            self._load(callee.partition(".")[0])
            below = f"{callee}."
            known = callee in self._lines or any(
                line.startswith(below) and not line.endswith(".*") for line in self._lines
            )
            self._named[callee] = known
        return known

    def _look_up(self, callee: str) -> tuple[Model, ...]:
        found = self._lines.get(callee, ())
        if not found:
            callee = self._member(callee)
            found = self._lines.get(callee, ())
        if not found and _OF_MODELS in callee:
            found = self._of_models(callee)
        if "(" in callee or "[" in callee:
            return found or self._below_result(callee)
        for kinds in (RESULTS, HARMS):
            if not any(isinstance(line, kinds) for line in found):
                found += self._wider(callee, kinds)
        return found

    def _of_models(self, callee: str) -> tuple[Model, ...]:
        """Return what Django's managers do, of a model whose class is not in what was read."""
        self._load("django")
        method = callee.rpartition(".")[2]
        return self._lines.get(f"django.db.models.Model{_OF_MODELS}{method}", ())

    def _below_result(self, callee: str) -> tuple[Model, ...]:
        """Return what holds for `requests.get().json`: a result gives what it holds, no more."""
        is_clean = any(isinstance(line, Clean) for line in self._wider(callee, RESULTS))
        return (Passes(callee, "self", "result"),) if is_clean else ()

    def _wider(self, callee: str, kinds: tuple[type, ...]) -> tuple[Model, ...]:
        """Return the nearest lines of these kinds that speak of all names below one."""
        above = callee
        while "." in above:
            above = above.rpartition(".")[0]
            wider = self._lines.get(f"{above}.*", ())
            found = tuple(line for line in wider if isinstance(line, kinds))
            if found:
                return found
        return ()

    def _member(self, callee: str) -> str:
        """Name a method of something below an object whose members have a type by that type."""
        above, _, method = callee.rpartition(".")
        for owner in re.finditer(r"[.\[]", above):
            for line in self._lines.get(above[: owner.start()], ()):
                if isinstance(line, Members):
                    return f"{line.type}.{method}"
        return callee

    def _load(self, top: str) -> None:
        for family in _INDEX.get(top, ()):
            if family not in self._loaded:
                self._loaded.add(family)
                module = import_module(f"{__name__}.{family}")
                models: tuple[Model, ...] = module.MODELS
                for line in models:
                    self._lines[line.callee] = (*self._lines.get(line.callee, ()), line)


_NOTHING = described(())


def _index() -> Mapping[str, tuple[str, ...]]:
    """Turn the families' lists around: the families of each top-level name."""
    index: dict[str, tuple[str, ...]] = {}
    for family, tops in FAMILIES.items():
        for top in tops:
            index[top] = (*index.get(top, ()), family)
    return MappingProxyType(index)


_INDEX = _index()


@cache
def catalogue() -> Catalogue:
    """Return the one catalogue that all functions of a scan share."""
    return Catalogue()
