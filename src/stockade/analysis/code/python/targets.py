"""Lower what is assigned to, and comprehensions, whose targets have a scope of their own."""

import ast
from collections.abc import Callable
from typing import Any

from stockade.analysis.code import ir
from stockade.analysis.code.ir import Expression, Target
from stockade.analysis.code.python.lowering import expression
from stockade.analysis.code.python.scopes import MAX_DEPTH, Scope

MAX_CLAUSES = 20
"""How many loops of one comprehension have targets of their own; later ones are plain names."""


def target(node: ast.expr, scope: Scope) -> Target:
    """Lower what is assigned to. A plain name becomes the scope's own."""
    return _TARGETS[type(node)](node, scope)


def _name_target(node: ast.Name, scope: Scope) -> ir.NameTarget:
    name = scope.renamed.get(node.id, node.id)
    scope.bound.add(name)
    return ir.NameTarget(name, scope.span(node))


def _attribute_target(node: ast.Attribute, scope: Scope) -> ir.AttributeTarget:
    return ir.AttributeTarget(expression(node.value, scope), node.attr, scope.span(node))


def _subscript_target(node: ast.Subscript, scope: Scope) -> ir.IndexTarget:
    key = None if isinstance(node.slice, ast.Slice) else expression(node.slice, scope)
    return ir.IndexTarget(expression(node.value, scope), key, scope.span(node))


def _items_target(node: ast.Tuple | ast.List, scope: Scope) -> ir.ItemsTarget:
    if scope.depth >= MAX_DEPTH:
        return ir.ItemsTarget((), None, scope.span(node))
    scope.depth += 1
    rest = None
    targets = []
    for place, item in enumerate(node.elts):
        if isinstance(item, ast.Starred):
            rest, item = place, item.value  # noqa: PLW2901 - the star is where it stands
        targets.append(target(item, scope))
    scope.depth -= 1
    return ir.ItemsTarget(tuple(targets), rest, scope.span(node))


def _starred_target(node: ast.Starred, scope: Scope) -> Target:
    """Lower a star outside of a list (`for *x in y`), which only the compiler refuses."""
    return target(node.value, scope)


_TARGETS: dict[type[ast.expr], Callable[[Any, Scope], Target]] = {
    ast.Name: _name_target,
    ast.Attribute: _attribute_target,
    ast.Subscript: _subscript_target,
    ast.Tuple: _items_target,
    ast.List: _items_target,
    ast.Starred: _starred_target,
}


def comprehension(
    kind: str, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, scope: Scope
) -> ir.Comprehension:
    """Lower a comprehension of the given kind."""
    outside = scope.renamed
    first = expression(node.generators[0].iter, scope)
    scope.renamed = _renamed(node.generators, outside)
    clauses = tuple(
        _clause(clause, first if place == 0 else None, scope)
        for place, clause in enumerate(node.generators)
    )
    if isinstance(node, ast.DictComp):
        key, element = expression(node.key, scope), expression(node.value, scope)
    else:
        key, element = None, expression(node.elt, scope)
    scope.renamed = outside
    return ir.Comprehension(kind, key, element, clauses, scope.span(node))


def _renamed(clauses: list[ast.comprehension], outside: dict[str, str]) -> dict[str, str]:
    """Rename what a comprehension binds: all of it but the first iterable is its scope."""
    renamed = dict(outside)
    for clause in clauses[:MAX_CLAUSES]:
        for name in ast.walk(clause.target):
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                renamed[name.id] = outside.get(name.id, name.id) + "'"
    return renamed


def _clause(node: ast.comprehension, iterable: Expression | None, scope: Scope) -> ir.Clause:
    return ir.Clause(
        target(node.target, scope),
        iterable or expression(node.iter, scope),
        tuple(expression(test, scope) for test in node.ifs),
    )
