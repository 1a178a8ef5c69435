"""Lower literals: constants, containers, and texts with values in them."""

import ast
from typing import Any

from stockade.analysis.code import ir
from stockade.analysis.code.ir import Expression, Span
from stockade.analysis.code.python.lowering import expression, maybe
from stockade.analysis.code.python.scopes import Scope

_CONVERSIONS = {ord("r"): "repr", ord("s"): "str", ord("a"): "ascii"}


def constant(node: ast.Constant, scope: Scope) -> ir.Const:
    """Lower a constant; `...` and complex numbers are None."""
    value = node.value
    if value is ... or isinstance(value, complex):
        value = None
    return ir.Const(value, scope.span(node))


def _elements(nodes: list[ast.expr], scope: Scope) -> tuple[ir.Element, ...]:
    return tuple(
        ir.Element(expression(node.value, scope), ir.Spread.ITEMS)
        if type(node) is ast.Starred
        else ir.Element(expression(node, scope))
        for node in nodes
    )


def list_literal(node: ast.List, scope: Scope) -> ir.ListLiteral:
    """Lower `[a, *b]`."""
    return ir.ListLiteral("list", _elements(node.elts, scope), scope.span(node))


def tuple_literal(node: ast.Tuple, scope: Scope) -> ir.ListLiteral:
    """Lower `(a, *b)`."""
    return ir.ListLiteral("tuple", _elements(node.elts, scope), scope.span(node))


def set_literal(node: ast.Set, scope: Scope) -> ir.ListLiteral:
    """Lower `{a, *b}`."""
    return ir.ListLiteral("set", _elements(node.elts, scope), scope.span(node))


def dict_literal(node: ast.Dict, scope: Scope) -> ir.MapLiteral:
    """Lower `{key: value, **more}`."""
    entries = tuple(
        ir.Entry(maybe(key, scope), expression(value, scope))
        for key, value in zip(node.keys, node.values, strict=True)
    )
    return ir.MapLiteral(entries, scope.span(node))


def starred(node: ast.Starred, scope: Scope) -> ir.Opaque:
    """Lower a star outside of literals and calls: `x[*y]`, `class C(*bases)`."""
    return ir.Opaque("a starred expression", (expression(node.value, scope),), scope.span(node))


def format_text(node: ast.JoinedStr, scope: Scope) -> ir.Format | ir.Const:
    """Lower an f-string; one without values is a constant."""
    # Python 3.12.0 and 3.12.1 put an empty text behind a nested value.
    filled = (part for part in node.values if getattr(part, "value", None) != "")
    parts = tuple(expression(part, scope) for part in filled)
    texts = [part.value for part in parts if isinstance(part, ir.Const)]
    if len(texts) == len(parts):
        return ir.Const("".join(map(str, texts)), scope.span(node))
    return ir.Format(parts, scope.span(node))


def formatted(
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


def template_text(
    node: Any,  # noqa: ANN401 - `ast.TemplateStr` is not in Python 3.11
    scope: Scope,
) -> ir.Call:
    """Lower a t-string: its parts are given to a library, which puts them together."""
    parts = tuple(expression(part, scope) for part in node.values)
    return _builtin("<t-string>", parts, scope.span(node))


def _builtin(name: str, values: tuple[Expression, ...], span: Span) -> ir.Call:
    return ir.Call(ir.Name(name, span), tuple(ir.Argument(value) for value in values), span)
