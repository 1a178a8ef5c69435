"""Lower operators, comparisons and choices."""

import ast

from stockade.analysis.code import ir
from stockade.analysis.code.ir import Expression, Span
from stockade.analysis.code.python.lowering import expression
from stockade.analysis.code.python.scopes import Scope

_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.MatMult: "@",
    ast.Div: "/",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.BitAnd: "&",
    ast.FloorDiv: "//",
    ast.Invert: "~",
    ast.Not: "not",
    ast.UAdd: "+",
    ast.USub: "-",
    ast.And: "and",
    ast.Or: "or",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}
_ASSOCIATIVE = frozenset("+*|&^")
MAX_RUN = 16
"""How many of one operator in a row are nested as they were written."""


def operator(node: ast.AST) -> str:
    """Return an operator as Python writes it."""
    return _OPERATORS[type(node)]


def binary(node: ast.BinOp, scope: Scope) -> Expression:
    """Lower a run of one operator, `a + b + ...`, in a loop: it may be thousands long."""
    run = [node]
    while isinstance(left := run[-1].left, ast.BinOp) and type(left.op) is type(node.op):
        run.append(left)
    if len(run) > MAX_RUN:
        return _long_run(run, scope)
    symbol = _OPERATORS[type(node.op)]
    scope.depth += len(run)
    value = expression(run[-1].left, scope)
    scope.depth -= len(run)
    for link in reversed(run):
        value = ir.Binary(symbol, value, expression(link.right, scope), scope.span(link))
    return value


def _long_run(run: list[ast.BinOp], scope: Scope) -> Expression:
    """Keep a long run flat: a balanced tree of its operands where their grouping is free."""
    operands = [expression(run[-1].left, scope)]
    operands += [expression(link.right, scope) for link in reversed(run)]
    symbol = _OPERATORS[type(run[0].op)]
    if symbol not in _ASSOCIATIVE:
        return ir.Opaque("a long run of operators", tuple(operands), scope.span(run[0]))
    while len(operands) > 1:
        pairs: list[Expression] = [
            ir.Binary(symbol, left, right, _around(left.span, right.span))
            for left, right in zip(operands[::2], operands[1::2], strict=False)
        ]
        operands = pairs + operands[len(pairs) * 2 :]
    return operands[0]


def _around(first: Span, last: Span) -> Span:
    return Span(first.line, first.column, last.end_line, last.end_column)


def unary(node: ast.UnaryOp, scope: Scope) -> Expression:
    """Lower one operand's operator; a negative number is a constant."""
    operand = expression(node.operand, scope)
    symbol = _OPERATORS[type(node.op)]
    number = operand.value if isinstance(operand, ir.Const) else None
    if symbol == "-" and isinstance(number, int | float) and not isinstance(number, bool):
        return ir.Const(-number, scope.span(node))
    return ir.Unary(symbol, operand, scope.span(node))


def logical(node: ast.BoolOp, scope: Scope) -> ir.Logical:
    """Lower `and` and `or`."""
    operands = tuple(expression(value, scope) for value in node.values)
    return ir.Logical(_OPERATORS[type(node.op)], operands, scope.span(node))


def compare(node: ast.Compare, scope: Scope) -> Expression:
    """Lower a comparison; a chain is the conjunction of its links."""
    left = expression(node.left, scope)
    links: list[Expression] = []
    for place, (op, side) in enumerate(zip(node.ops, node.comparators, strict=True)):
        right = expression(side, scope)
        again = right
        if place < len(node.ops) - 1 and not isinstance(right, ir.Name | ir.Const):
            right, again = _kept(right, scope)
        span = scope.span(node) if len(node.ops) == 1 else _around(left.span, right.span)
        links.append(ir.Compare(_OPERATORS[type(op)], left, right, span))
        left = again
    return links[0] if len(links) == 1 else ir.Logical("and", tuple(links), scope.span(node))


def _kept(value: Expression, scope: Scope) -> tuple[ir.Assignment, ir.Name]:
    """Keep what two links of a chain compare: it is evaluated once."""
    name = f"compared'{value.span.line}'{value.span.column}"
    scope.bound.add(name)
    kept = ir.Assignment(ir.NameTarget(name, value.span), value, value.span)
    return kept, ir.Name(name, value.span)


def conditional(node: ast.IfExp, scope: Scope) -> ir.Conditional:
    """Lower `then if test else otherwise`."""
    return ir.Conditional(
        expression(node.test, scope),
        expression(node.body, scope),
        expression(node.orelse, scope),
        scope.span(node),
    )
