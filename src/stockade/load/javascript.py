"""JavaScript and TypeScript for front ends: files parsed by tree-sitter, and never run."""

from functools import cache
from typing import Any, Final, TypeAlias

Node: TypeAlias = Any
"""A node of tree-sitter, whose package has no types for its attributes."""


FUNCTIONS: Final = frozenset(
    {"arrow_function", "function_expression", "function_declaration", "function"}
)
"""The nodes that are functions, but for methods of classes and objects."""

_WRAPPERS: Final = frozenset(
    {
        *("as_expression", "satisfies_expression", "parenthesized_expression"),
        *("non_null_expression", "type_assertion", "await_expression"),
    }
)


def wrapped(node: Node) -> Node | None:
    """Return what stands in parentheses, or with a type that says what it is; else None."""
    if node.type not in _WRAPPERS or not node.named_children:
        return None
    # `<T>x` has its type before it, all others behind.
    return node.named_children[-1 if node.type == "type_assertion" else 0]


def bare(node: Node) -> Node:
    """Return an expression without parentheses and types."""
    while (inner := wrapped(node)) is not None:
        node = inner
    return node


def tree_of(text: bytes, path: str) -> Node:
    """Return the root of a file's syntax tree. The ending of its path tells the language."""
    return _parser(typed=path.endswith("ts")).parse(text).root_node


@cache
def _parser(*, typed: bool) -> Any:  # noqa: ANN401 - as the package has it
    import tree_sitter  # noqa: PLC0415 - few folders need it

    if typed:
        import tree_sitter_typescript as grammar  # noqa: PLC0415

        return tree_sitter.Parser(tree_sitter.Language(grammar.language_typescript()))
    import tree_sitter_javascript  # noqa: PLC0415

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_javascript.language()))
