"""JavaScript and TypeScript: tree-sitter's trees to the intermediate form."""

from functools import cache

from tree_sitter import Language, Node, Parser

from stockade.analysis.code import ir
from stockade.analysis.code.javascript import (  # noqa: F401 - each adds what it lowers
    access,
    classes,
    exports,
    operators,
    statements,
)
from stockade.analysis.code.javascript.functions import block
from stockade.analysis.code.javascript.lowering import children
from stockade.analysis.code.javascript.scopes import Scope
from stockade.analysis.code.javascript.text import Text
from stockade.model import SourceFile, Unseen

__all__ = ["parse_javascript"]

_TYPED = (".ts", ".mts", ".cts")
_MOST_UNPARSED = 0.5
"""The share of a file that may not parse, before the whole of it is not believed."""
_WORTH_TELLING = 200
"""Characters in a row that do not parse and are told."""
_MOST_ERRORS = 10_000


def parse_javascript(file: SourceFile) -> ir.Module | Unseen:
    """Parse a file; its functions' bodies are lowered when they are asked for.

    Never raises. Of code that does not quite parse the rest is lowered; larger pieces that are
    left out are told in the module's `unseen`. A file of which most does not parse is `Unseen`.
    """
    text = Text(file.text.removeprefix("\ufeff"))
    tree = _best(file, text)
    errors = _errors(tree) if tree.has_error else []
    lost = sum(node.end_byte - node.start_byte for node in errors)
    if tree.type == "ERROR" or lost > _MOST_UNPARSED * max(len(text.source), 1):
        place = errors[0] if errors else tree
        return Unseen(file.at(*text.span(place)), "code", "it is not valid JavaScript")
    unseen = tuple(
        Unseen(file.at(*text.span(node)), "code", "a part of it is not valid JavaScript")
        for node in errors
        if node.end_byte - node.start_byte >= _WORTH_TELLING
    )[:1]
    return ir.Module(file, _module_code(tree, text, file), "javascript", unseen)


def _best(file: SourceFile, text: Text) -> Node:
    """Parse in the file's own dialect, or in the one that reads it better."""
    if file.path.endswith(_TYPED):
        dialects = ("typescript", "tsx")
    elif file.path.endswith(".tsx"):
        dialects = ("tsx", "typescript")
    else:
        dialects = ("javascript", "tsx")
    first = _parser(dialects[0]).parse(text.source).root_node
    if not first.has_error:
        return first
    second = _parser(dialects[1]).parse(text.source).root_node
    return second if not second.has_error else first


@cache
def _parser(dialect: str) -> Parser:
    if dialect == "javascript":
        import tree_sitter_javascript  # noqa: PLC0415 - one that is not needed costs nothing

        return Parser(Language(tree_sitter_javascript.language()))
    import tree_sitter_typescript  # noqa: PLC0415

    if dialect == "tsx":
        return Parser(Language(tree_sitter_typescript.language_tsx()))
    return Parser(Language(tree_sitter_typescript.language_typescript()))


def _errors(root: Node) -> list[Node]:
    """Return the outermost pieces that do not parse."""
    found: list[Node] = []
    waiting = [root]
    while waiting and len(found) < _MOST_ERRORS:
        node = waiting.pop()
        if node.type == "ERROR":
            found.append(node)
        elif node.has_error:
            waiting.extend(reversed(node.children))
    return found


def _module_code(tree: Node, text: Text, file: SourceFile) -> ir.Code:
    span = ir.place_of(file, text.whole())

    def lower() -> ir.Body:
        scope = Scope(text)
        lowered = block(children(tree), scope)
        return scope.body((*lowered, *scope.trailing))

    return ir.Code(
        name="<module>",
        parameters=(),
        is_async=False,
        span=span,
        lowering=text.bodies.lazily(lower, span),
    )
