"""Lower what reads from a value or asks it: attributes, indexes, calls."""

import ast

from stockade.analysis.code import ir
from stockade.analysis.code.python.lowering import expression, maybe
from stockade.analysis.code.python.scopes import Scope


def attribute(node: ast.Attribute, scope: Scope) -> ir.Attribute:
    """Lower `value.name`."""
    return ir.Attribute(expression(node.value, scope), node.attr, scope.span(node))


def subscript(node: ast.Subscript, scope: Scope) -> ir.Index | ir.Slice:
    """Lower `value[key]` and `value[lower:upper]`; the step is left out."""
    whole = expression(node.value, scope)
    if isinstance(node.slice, ast.Slice):
        lower, upper = maybe(node.slice.lower, scope), maybe(node.slice.upper, scope)
        return ir.Slice(whole, lower, upper, scope.span(node))
    return ir.Index(whole, expression(node.slice, scope), scope.span(node))


def slice_(node: ast.Slice, scope: Scope) -> ir.Opaque:
    """Lower one of several slices: `table[1:2, 3:4]`."""
    bounds = tuple(
        expression(bound, scope) for bound in (node.lower, node.upper, node.step) if bound
    )
    return ir.Opaque("a slice", bounds, scope.span(node))


def call(node: ast.Call, scope: Scope) -> ir.Call | ir.Compare:
    """Lower a call; `found.has_key(key)` of Python 2 is `key in found`."""
    match node:
        case ast.Call(func=ast.Attribute(value=found, attr="has_key"), args=[key], keywords=[]):
            whole = expression(found, scope)
            return ir.Compare("in", expression(key, scope), whole, scope.span(node))
    callee = expression(node.func, scope)
    return ir.Call(callee, arguments(node.args, node.keywords, scope), scope.span(node))


def arguments(
    positional: list[ast.expr], keywords: list[ast.keyword], scope: Scope
) -> tuple[ir.Argument, ...]:
    """Lower the arguments of a call or class statement."""
    lowered = [
        ir.Argument(expression(node.value, scope), None, ir.Spread.ITEMS)
        if type(node) is ast.Starred
        else ir.Argument(expression(node, scope))
        for node in positional
    ]
    for keyword in keywords:
        spread = ir.Spread.NO if keyword.arg else ir.Spread.ENTRIES
        lowered.append(ir.Argument(expression(keyword.value, scope), keyword.arg, spread))
    return tuple(lowered)


def walrus(node: ast.NamedExpr, scope: Scope) -> ir.Assignment:
    """Lower `(name := value)`: the name is the function's, also within a comprehension."""
    scope.bound.add(node.target.id)
    name = ir.NameTarget(node.target.id, scope.span(node.target))
    return ir.Assignment(name, expression(node.value, scope), scope.span(node))


def await_(node: ast.Await, scope: Scope) -> ir.Await:
    """Lower `await value`."""
    return ir.Await(expression(node.value, scope), scope.span(node))


def yield_(node: ast.Yield, scope: Scope) -> ir.Yield:
    """Lower `yield value`: the function around it is a generator."""
    scope.yields = True
    return ir.Yield(maybe(node.value, scope), each=False, span=scope.span(node))


def yield_from(node: ast.YieldFrom, scope: Scope) -> ir.Yield:
    """Lower `yield from value`."""
    scope.yields = True
    return ir.Yield(expression(node.value, scope), each=True, span=scope.span(node))
