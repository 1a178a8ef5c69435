"""The interpreter: walks the intermediate form and computes abstract values.

Its parts stand on each other, lowest first: `core`, `names`, `reading`, `calling`, `expressions`,
`classes`, `statements`.
"""

from stockade.analysis.interpreter.expressions import OutOfBudgetError
from stockade.analysis.interpreter.statements import Statements
from stockade.analysis.interpreter.values import Val

__all__ = ["Interpreter", "OutOfBudgetError"]


class Interpreter(Statements):
    """Runs code of one Lambda function; `protocol.Machine` is what its models see of it."""

    def handler_arguments(self) -> tuple[Val, ...]:
        """Return what a handler is called with besides the event and the context."""
        return ()
