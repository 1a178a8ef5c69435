"""Scopes: which names a body makes its own, collected while it is lowered."""

from stockade.analysis.code.ir import Block, Body
from stockade.analysis.code.python.text import Text

MAX_DEPTH = 100
"""How deep expressions may nest; what is deeper is `Opaque`."""


class Scope:
    """The scope of one function, class body or module while its body is lowered.

    A name that is bound anywhere in the body is its own, unless it is declared `global` or
    `nonlocal`. Targets of comprehensions live in a scope of their own; here they are renamed
    instead: `item` becomes `item'`, in a comprehension inside that one `item''`.
    """

    __slots__ = ("bound", "depth", "globals", "nonlocals", "renamed", "span", "text", "yields")

    def __init__(self, text: Text, renamed: dict[str, str] | None = None) -> None:
        self.text = text
        self.span = text.span
        self.bound: set[str] = set()
        self.globals: set[str] = set()
        self.nonlocals: set[str] = set()
        self.yields = False
        self.renamed: dict[str, str] = renamed or {}
        """What targets of the comprehensions around this place are called."""
        self.depth = 0

    def body(self, block: Block) -> Body:
        """Conclude: what the body does, and which names are its own."""
        return Body(
            block,
            frozenset(self.bound - self.globals - self.nonlocals),
            frozenset(self.globals),
            self.yields,
        )
