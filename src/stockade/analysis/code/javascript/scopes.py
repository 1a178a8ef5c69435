"""Scopes: which names a function makes its own, and what its blocks call theirs."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from stockade.analysis.code.ir import Block, Body, Statement
from stockade.analysis.code.javascript.text import Text

MAX_DEPTH = 100
"""How deep expressions and statements may nest; what is deeper is `Opaque`."""


class Scope:
    """The scope of one function, class body or module while its body is lowered.

    The intermediate form knows functions' scopes only. A `let`, `const`, class or function of a
    block that hides a name of the function around it is renamed: `name` becomes `name'1`.
    """

    __slots__ = (
        "bound",
        "count",
        "declared",
        "depth",
        "pending",
        "renamed",
        "span",
        "text",
        "trailing",
        "yields",
    )

    def __init__(self, text: Text, renamed: dict[str, str] | None = None) -> None:
        self.text = text
        self.span = text.span
        self.bound: set[str] = set()
        self.declared: set[str] = set()
        """The names that the blocks which are open here declare."""
        self.renamed: dict[str, str] = renamed or {}
        self.yields = False
        self.depth = 0
        self.count = 0
        self.pending: list[Statement] = []
        """What has to be done before the statement that is being lowered."""
        self.trailing: list[Statement] = []
        """What is done at the module's end: names exported by a list."""

    def name(self, written: str) -> str:
        """Return what a variable is called here."""
        return self.renamed.get(written, written)

    def bind(self, written: str) -> str:
        """Make a name the scope's own, and return what it is called here."""
        name = self.name(written)
        self.bound.add(name)
        return name

    def fresh(self, word: str) -> str:
        """Return a name that no author can write, which becomes the scope's own."""
        self.count += 1
        name = f"{word}'{self.count}"
        self.bound.add(name)
        return name

    @contextmanager
    def block(self, names: Iterable[str]) -> Iterator[None]:
        """Open a block that declares these names."""
        before, outer = self.declared, self.renamed
        wanted = set(names)
        hidden = sorted(wanted & before)
        self.declared = before | wanted
        if hidden or wanted & outer.keys():
            self.renamed = {name: new for name, new in outer.items() if name not in wanted}
            for name in hidden:
                self.count += 1
                self.renamed[name] = f"{name}'{self.count}"
        yield
        self.declared, self.renamed = before, outer

    def body(self, block: Block) -> Body:
        """Conclude: what the body does, and which names are its own."""
        return Body(block, frozenset(self.bound), frozenset(), self.yields)
