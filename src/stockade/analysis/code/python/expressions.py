"""Lower expressions and assignment targets."""

import ast
import sys
from collections.abc import Callable
from typing import Any, TypeAlias

from stockade.analysis.code import ir
from stockade.analysis.code.ir import Expression, Span, Target
from stockade.analysis.code.python.scopes import MAX_DEPTH, Scope, bounded

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
_CONVERSIONS = {ord("r"): "repr", ord("s"): "str", ord("a"): "ascii"}


def expression(node: ast.expr, scope: Scope) -> Expression:
    """Lower an expression; what nests too deeply is opaque, with the names it reads."""
    if scope.depth >= MAX_DEPTH:
        return _too_deep(node, scope)
    scope.depth += 1
    lowered = _LOWER[type(node)](node, scope)
    scope.depth -= 1
    return lowered


def operator(node: ast.AST) -> str:
    """Return an operator as Python writes it."""
    return _OPERATORS[type(node)]


def maybe(node: ast.expr | None, scope: Scope) -> Expression | None:
    """Lower an expression that need not be there."""
    return None if node is None else expression(node, scope)


def _too_deep(node: ast.expr, scope: Scope) -> ir.Opaque:
    inputs = []
    waiting: list[ast.AST] = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, ast.Name):
            inputs.append(_name(current, scope))
        waiting.extend(reversed(list(ast.iter_child_nodes(current))))
    return ir.Opaque("an expression nested too deeply", tuple(inputs), scope.span(node))


# --- literals and names ------------------------------------------------------------------


def _constant(node: ast.Constant, scope: Scope) -> ir.Const:
    value = node.value
    if value is ... or isinstance(value, complex):
        value = None
    return ir.Const(value, scope.span(node))


def _name(node: ast.Name, scope: Scope) -> ir.Name:
    return ir.Name(scope.renamed.get(node.id, node.id), scope.span(node))


def _elements(nodes: list[ast.expr], scope: Scope) -> tuple[ir.Element, ...]:
    return tuple(
        ir.Element(expression(node.value, scope), ir.Spread.ITEMS)
        if type(node) is ast.Starred
        else ir.Element(expression(node, scope))
        for node in nodes
    )


def _list(node: ast.List, scope: Scope) -> ir.ListLiteral:
    return ir.ListLiteral("list", _elements(node.elts, scope), scope.span(node))


def _tuple(node: ast.Tuple, scope: Scope) -> ir.ListLiteral:
    return ir.ListLiteral("tuple", _elements(node.elts, scope), scope.span(node))


def _set(node: ast.Set, scope: Scope) -> ir.ListLiteral:
    return ir.ListLiteral("set", _elements(node.elts, scope), scope.span(node))


def _dict(node: ast.Dict, scope: Scope) -> ir.MapLiteral:
    entries = tuple(
        ir.Entry(maybe(key, scope), expression(value, scope))
        for key, value in zip(node.keys, node.values, strict=True)
    )
    return ir.MapLiteral(entries, scope.span(node))


def _starred(node: ast.Starred, scope: Scope) -> ir.Opaque:
    """Lower a star outside of literals and calls: `x[*y]`, `class C(*bases)`."""
    return ir.Opaque("a starred expression", (expression(node.value, scope),), scope.span(node))


# --- texts -------------------------------------------------------------------------------


def _format(node: ast.JoinedStr, scope: Scope) -> ir.Format | ir.Const:
    parts = tuple(expression(part, scope) for part in node.values)
    texts = [part.value for part in parts if isinstance(part, ir.Const)]
    if len(texts) == len(parts):
        return ir.Const("".join(map(str, texts)), scope.span(node))
    return ir.Format(parts, scope.span(node))


def _formatted(
    node: Any,  # noqa: ANN401 - also `ast.Interpolation`, which Python 3.11 lacks
    scope: Scope,
) -> Expression:
    """Lower `{value!r:spec}`: a conversion is a call of `repr`, a specification of `format`."""
    value = expression(node.value, scope)
    if node.conversion in _CONVERSIONS:
        value = _builtin(_CONVERSIONS[node.conversion], (value,), value.span)
    if node.format_spec is not None:
        value = _builtin("format", (value, expression(node.format_spec, scope)), value.span)
    return value


def _template(
    node: Any,  # noqa: ANN401 - `ast.TemplateStr` is not in Python 3.11
    scope: Scope,
) -> ir.Opaque:
    parts = tuple(expression(part, scope) for part in node.values)
    return ir.Opaque("a template string", parts, scope.span(node))


def _builtin(name: str, values: tuple[Expression, ...], span: Span) -> ir.Call:
    return ir.Call(ir.Name(name, span), tuple(ir.Argument(value) for value in values), span)


# --- operators ---------------------------------------------------------------------------


def _binary(node: ast.BinOp, scope: Scope) -> Expression:
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


def _unary(node: ast.UnaryOp, scope: Scope) -> Expression:
    operand = expression(node.operand, scope)
    symbol = _OPERATORS[type(node.op)]
    number = operand.value if isinstance(operand, ir.Const) else None
    if symbol == "-" and isinstance(number, int | float) and not isinstance(number, bool):
        return ir.Const(-number, scope.span(node))
    return ir.Unary(symbol, operand, scope.span(node))


def _logical(node: ast.BoolOp, scope: Scope) -> ir.Logical:
    operands = tuple(expression(value, scope) for value in node.values)
    return ir.Logical(_OPERATORS[type(node.op)], operands, scope.span(node))


def _compare(node: ast.Compare, scope: Scope) -> Expression:
    operands = [expression(side, scope) for side in (node.left, *node.comparators)]
    if len(operands) == 2:  # noqa: PLR2004 - two sides
        left, right = operands
        return ir.Compare(_OPERATORS[type(node.ops[0])], left, right, scope.span(node))
    links = tuple(
        ir.Compare(_OPERATORS[type(op)], left, right, _around(left.span, right.span))
        for op, left, right in zip(node.ops, operands, operands[1:], strict=False)
    )
    return ir.Logical("and", links, scope.span(node))


def _conditional(node: ast.IfExp, scope: Scope) -> ir.Conditional:
    return ir.Conditional(
        expression(node.test, scope),
        expression(node.body, scope),
        expression(node.orelse, scope),
        scope.span(node),
    )


# --- access and calls --------------------------------------------------------------------


def _attribute(node: ast.Attribute, scope: Scope) -> ir.Attribute:
    return ir.Attribute(expression(node.value, scope), node.attr, scope.span(node))


def _subscript(node: ast.Subscript, scope: Scope) -> ir.Index | ir.Slice:
    whole = expression(node.value, scope)
    if isinstance(node.slice, ast.Slice):
        lower, upper = maybe(node.slice.lower, scope), maybe(node.slice.upper, scope)
        return ir.Slice(whole, lower, upper, scope.span(node))
    return ir.Index(whole, expression(node.slice, scope), scope.span(node))


def _slice(node: ast.Slice, scope: Scope) -> ir.Opaque:
    """Lower one of several slices: `table[1:2, 3:4]`."""
    bounds = tuple(
        expression(bound, scope) for bound in (node.lower, node.upper, node.step) if bound
    )
    return ir.Opaque("a slice", bounds, scope.span(node))


def _call(node: ast.Call, scope: Scope) -> ir.Call:
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


def _walrus(node: ast.NamedExpr, scope: Scope) -> ir.Assignment:
    scope.bound.add(node.target.id)
    name = ir.NameTarget(node.target.id, scope.span(node.target))
    return ir.Assignment(name, expression(node.value, scope), scope.span(node))


def _await(node: ast.Await, scope: Scope) -> ir.Await:
    return ir.Await(expression(node.value, scope), scope.span(node))


def _yield(node: ast.Yield, scope: Scope) -> ir.Yield:
    scope.yields = True
    return ir.Yield(maybe(node.value, scope), each=False, span=scope.span(node))


def _yield_from(node: ast.YieldFrom, scope: Scope) -> ir.Yield:
    scope.yields = True
    return ir.Yield(expression(node.value, scope), each=True, span=scope.span(node))


# --- comprehensions ----------------------------------------------------------------------


def _comprehension(
    kind: str, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, scope: Scope
) -> ir.Comprehension:
    outside = scope.renamed
    clauses = tuple(_clause(clause, outside, scope) for clause in node.generators)
    if isinstance(node, ast.DictComp):
        key, element = expression(node.key, scope), expression(node.value, scope)
    else:
        key, element = None, expression(node.elt, scope)
    scope.renamed = outside
    return ir.Comprehension(kind, key, element, clauses, scope.span(node))


def _clause(node: ast.comprehension, outside: dict[str, str], scope: Scope) -> ir.Clause:
    """Lower one `for`: its iterable does not see its target, all that follows does."""
    iterable = expression(node.iter, scope)
    renamed = dict(scope.renamed)
    for name in ast.walk(node.target):
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
            renamed[name.id] = outside.get(name.id, name.id) + "'"
    scope.renamed = renamed
    written = target(node.target, scope)
    return ir.Clause(written, iterable, tuple(expression(test, scope) for test in node.ifs))


# --- functions ---------------------------------------------------------------------------


def _lambda(node: ast.Lambda, scope: Scope) -> ir.Closure:
    span = scope.span(node)
    parameters_ = parameters(node.args, scope)

    def lower(inner: Scope) -> ir.Block:
        return (ir.Return(expression(node.body, inner), inner.span(node.body)),)

    return ir.Closure(function("<lambda>", parameters_, lower, span, scope), span)


def function(  # noqa: PLR0913 - a function has as many sides
    name: str,
    parameters_: tuple[ir.Parameter, ...],
    lower: Callable[[Scope], ir.Block],
    span: Span,
    scope: Scope,
    *,
    is_async: bool = False,
) -> ir.Code:
    """Make the code of a function whose body `lower` lowers, once it is asked for."""
    own = {parameter.name for parameter in parameters_}
    renamed = {name: new for name, new in scope.renamed.items() if name not in own}
    text, place = scope.text, scope.span

    def body() -> ir.Body:
        inner = Scope(text, renamed)
        inner.span = place
        inner.bound |= own
        return inner.body(lower(inner))

    return ir.Code(
        name=name,
        parameters=parameters_,
        is_async=is_async,
        span=span,
        lowering=ir.lazily(bounded(body, span)),
    )


def parameters(node: ast.arguments, scope: Scope) -> tuple[ir.Parameter, ...]:
    """Lower a function's parameters; defaults belong to the scope around it."""
    plain = [*node.posonlyargs, *node.args]
    defaults = [None] * (len(plain) - len(node.defaults)) + list(node.defaults)
    lowered = [
        _parameter(arg, default, scope) for arg, default in zip(plain, defaults, strict=True)
    ]
    if node.vararg:
        lowered.append(_parameter(node.vararg, None, scope)._replace(spread=ir.Spread.ITEMS))
    for arg, default in zip(node.kwonlyargs, node.kw_defaults, strict=True):
        lowered.append(_parameter(arg, default, scope)._replace(keyword_only=True))
    if node.kwarg:
        lowered.append(_parameter(node.kwarg, None, scope)._replace(spread=ir.Spread.ENTRIES))
    return tuple(lowered)


def _parameter(arg: ast.arg, default: ast.expr | None, scope: Scope) -> ir.Parameter:
    annotation = maybe(arg.annotation, scope)
    return ir.Parameter(arg.arg, maybe(default, scope), annotation=annotation)


# --- targets -----------------------------------------------------------------------------


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


_TARGETS: dict[type[ast.expr], Callable[[Any, Scope], Target]] = {
    ast.Name: _name_target,
    ast.Attribute: _attribute_target,
    ast.Subscript: _subscript_target,
    ast.Tuple: _items_target,
    ast.List: _items_target,
}

_Lower: TypeAlias = Callable[[Any, Scope], Expression]

_LOWER: dict[type[ast.AST], _Lower] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.List: _list,
    ast.Tuple: _tuple,
    ast.Set: _set,
    ast.Dict: _dict,
    ast.Starred: _starred,
    ast.JoinedStr: _format,
    ast.FormattedValue: _formatted,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _logical,
    ast.Compare: _compare,
    ast.IfExp: _conditional,
    ast.NamedExpr: _walrus,
    ast.Await: _await,
    ast.Yield: _yield,
    ast.YieldFrom: _yield_from,
    ast.Lambda: _lambda,
    ast.ListComp: lambda node, scope: _comprehension("list", node, scope),
    ast.SetComp: lambda node, scope: _comprehension("set", node, scope),
    ast.DictComp: lambda node, scope: _comprehension("map", node, scope),
    ast.GeneratorExp: lambda node, scope: _comprehension("generator", node, scope),
}
# Python 3.14's t-strings.
if sys.version_info >= (3, 14):
    _LOWER[ast.TemplateStr] = _template
    _LOWER[ast.Interpolation] = _formatted
