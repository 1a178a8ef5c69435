"""Statements of SQL that code which was not read is given: of a layer, of a package of one's own.

No table describes what such code does. That a text is a statement shows in its words, and that it
is run, not told, in the name of what it is given to.
"""

from collections.abc import Iterator
from typing import Final

from stockade._late import pattern
from stockade.analysis.interpreter.protocol import Invocation, Machine
from stockade.analysis.interpreter.sinks import reaching
from stockade.analysis.interpreter.values import Taint, Text, Val, constant_text

KIND: Final = "sql"

_RUNS: Final = pattern(
    r"(?i)quer(?:y|ies)|execut|fetch|statement|^(?:run|do|get|select|find)_?(?:sql|all|one|many)?$"
    r"|^(?:exec|raw|sql|prepare|all|each|any|one|scalar)$|_sql$|[a-z]Sql$"
)
_STATEMENT: Final = pattern(
    r"(?is)\s*(?:select\s.+?\sfrom\s|insert\s+into\s|replace\s+into\s|update\s.+?\sset\s|"
    r"delete\s+from\s|merge\s+into\s|with\s.+?\sas\s*\(|call\s+\w|exec(?:ute)?\s+\w)"
)
_LONGEST: Final = 2_000
_TOLD: Final = ("builtins.", "logging.", "json.", "re.", "os.", "ecmascript.", "node:")
"""Where what belongs to the language is described, or harmless."""


def given(machine: Machine, call: Invocation) -> Iterator[tuple[str, Taint]]:
    """Yield the data of others in statements that a call runs, with their arguments' names."""
    if call.callee.startswith(_TOLD):
        return
    for place, value in call.arguments.by_key().items():
        if value.taints and _is_statement(value) and _RUNS.search(call.callee.rpartition(".")[2]):
            yield from ((place, one) for one in reaching(machine, KIND, value, call.callee))


def _is_statement(value: Val) -> bool:
    """Tell whether the text that a value may be begins as a statement of SQL does."""
    for shape in value.shapes:
        if isinstance(shape, Text):
            words = "".join(
                " x " if (known := constant_text(part)) is None else known for part in shape.parts
            )
            if constant_text(shape.parts[0]) and _STATEMENT.match(words[:_LONGEST]):
                return True
    return False
