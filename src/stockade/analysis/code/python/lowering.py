"""Lower any expression: looks up who lowers its kind, and bounds how deep it nests."""

import ast
from collections.abc import Callable
from typing import Any, TypeAlias

from stockade.analysis.code import ir
from stockade.analysis.code.ir import Expression
from stockade.analysis.code.python.scopes import MAX_DEPTH, Scope

Lower: TypeAlias = Callable[[Any, Scope], Expression]

BY_KIND: dict[type[ast.AST], Lower] = {}
"""Who lowers which kind of expression. `expressions.py` lists them: they all need each other."""


def expression(node: ast.expr, scope: Scope) -> Expression:
    """Lower an expression; what nests too deeply is opaque, with the names it reads."""
    if scope.depth >= MAX_DEPTH:
        return _too_deep(node, scope)
    scope.depth += 1
    lowered = BY_KIND[type(node)](node, scope)
    scope.depth -= 1
    return lowered


def maybe(node: ast.expr | None, scope: Scope) -> Expression | None:
    """Lower an expression that need not be there."""
    return None if node is None else expression(node, scope)


def name(node: ast.Name, scope: Scope) -> ir.Name:
    """Lower a variable that is read; targets of comprehensions have other names."""
    return ir.Name(scope.renamed.get(node.id, node.id), scope.span(node))


def _too_deep(node: ast.expr, scope: Scope) -> ir.Opaque:
    inputs = []
    waiting: list[ast.AST] = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, ast.Name):
            inputs.append(name(current, scope))
        waiting.extend(reversed(list(ast.iter_child_nodes(current))))
    return ir.Opaque("an expression nested too deeply", tuple(inputs), scope.span(node))
