"""Lower any node: looks up who lowers its kind, and bounds how deep it nests."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from tree_sitter import Node

from stockade.analysis.code import ir
from stockade.analysis.code.ir import Expression, Statement
from stockade.analysis.code.javascript.scopes import MAX_DEPTH, Scope

EXPRESSIONS: dict[str, Callable[[Node, Scope], Expression]] = {}
"""Who lowers which kind of expression; every file of this package adds its own."""

STATEMENTS: dict[str, Callable[[Node, Scope], Iterable[Statement]]] = {}
"""Who lowers which kind of statement."""

Lower: TypeAlias = Callable[[Scope], ir.Block]

_MOST_INPUTS = 200
_NOT_CODE = frozenset({"comment", "html_comment", "hash_bang_line"})


def children(node: Node) -> list[Node]:
    """Return the parts of a node that the author wrote for the machine."""
    return [child for child in node.named_children if child.type not in _NOT_CODE]


def expression(node: Node, scope: Scope) -> Expression:
    """Lower an expression; what nests too deeply is opaque, with the names it reads."""
    if scope.depth >= MAX_DEPTH:
        return opaque("an expression nested too deeply", node, scope)
    lower = EXPRESSIONS.get(node.type)
    if lower is None:
        return opaque(f"a {node.type.replace('_', ' ')}", node, scope)
    scope.depth += 1
    lowered = lower(node, scope)
    scope.depth -= 1
    return lowered


def field(node: Node, name: str, scope: Scope) -> Expression:
    """Lower the part of this name; where it is missing the code does not parse."""
    part = node.child_by_field_name(name)
    if part is None:
        return ir.Opaque("code that does not parse", (), scope.span(node))
    return expression(part, scope)


def maybe(node: Node | None, scope: Scope) -> Expression | None:
    """Lower an expression that need not be there."""
    return None if node is None else expression(node, scope)


def opaque(what: str, node: Node, scope: Scope) -> ir.Opaque:
    """Lower what is not followed to the variables that flow into it."""
    inputs: list[Expression] = []
    waiting = [node]
    while waiting and len(inputs) < _MOST_INPUTS:
        current = waiting.pop()
        if current.type == "identifier":
            inputs.append(ir.Name(scope.name(scope.text.of(current)), scope.span(current)))
        waiting.extend(reversed(current.named_children))
    return ir.Opaque(what, tuple(inputs), scope.span(node))


def statement(node: Node, scope: Scope) -> list[Statement]:
    """Lower a statement, with what has to be done before it."""
    lower = STATEMENTS.get(node.type)
    span = scope.span(node)
    if lower is None:
        return [ir.Evaluate(opaque("code that does not parse", node, scope), span)]
    if scope.depth >= MAX_DEPTH:
        return [ir.Evaluate(opaque("a statement nested too deeply", node, scope), span)]
    outer, scope.pending = scope.pending, []
    scope.depth += 1
    lowered = list(lower(node, scope))
    scope.depth -= 1
    before, scope.pending = scope.pending, outer
    return [*before, *lowered]
