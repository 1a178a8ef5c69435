"""Lower functions: their parameters at once, their bodies when they are asked for."""

import ast
from collections.abc import Callable

from stockade.analysis.code import ir
from stockade.analysis.code.ir import Span
from stockade.analysis.code.python.lowering import expression, maybe
from stockade.analysis.code.python.scopes import Scope
from stockade.model.record import replace


def lambda_(node: ast.Lambda, scope: Scope) -> ir.Closure:
    """Lower a lambda: a function that returns its expression."""
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
        lowering=text.bodies.lazily(body, span),
    )


def parameters(node: ast.arguments, scope: Scope) -> tuple[ir.Parameter, ...]:
    """Lower a function's parameters; defaults belong to the scope around it."""
    plain = [*node.posonlyargs, *node.args]
    defaults = [None] * (len(plain) - len(node.defaults)) + list(node.defaults)
    lowered = [
        _parameter(arg, default, scope) for arg, default in zip(plain, defaults, strict=True)
    ]
    if node.vararg:
        lowered.append(replace(_parameter(node.vararg, None, scope), spread=ir.Spread.ITEMS))
    for arg, default in zip(node.kwonlyargs, node.kw_defaults, strict=True):
        lowered.append(replace(_parameter(arg, default, scope), keyword_only=True))
    if node.kwarg:
        lowered.append(replace(_parameter(node.kwarg, None, scope), spread=ir.Spread.ENTRIES))
    return tuple(lowered)


def _parameter(arg: ast.arg, default: ast.expr | None, scope: Scope) -> ir.Parameter:
    annotation = maybe(arg.annotation, scope)
    return ir.Parameter(arg.arg, maybe(default, scope), annotation=annotation)
