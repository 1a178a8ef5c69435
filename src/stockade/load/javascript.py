"""JavaScript and TypeScript for front ends: files parsed by tree-sitter, and never run."""

from functools import cache
from typing import Any, TypeAlias

Node: TypeAlias = Any
"""A node of tree-sitter, whose package has no types for its attributes."""


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
