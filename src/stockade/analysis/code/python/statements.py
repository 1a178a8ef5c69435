"""Lower statements."""

import ast
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from stockade.analysis.code import ir
from stockade.analysis.code.ir import Expression, Span, Statement
from stockade.analysis.code.python.access import arguments
from stockade.analysis.code.python.expressions import expression, maybe
from stockade.analysis.code.python.functions import function, parameters
from stockade.analysis.code.python.operators import operator
from stockade.analysis.code.python.scopes import Scope
from stockade.analysis.code.python.targets import target
from stockade.model.record import record

MAX_CHAIN = 32
"""How many branches, managers or decorators in a row are nested in each other."""


def block(nodes: Iterable[ast.stmt], scope: Scope) -> ir.Block:
    """Lower statements, in order."""
    lowered: list[Statement] = []
    for node in nodes:
        lowered.extend(_LOWER[type(node)](node, scope))
    return tuple(lowered)


def _nothing(_node: ast.stmt, _scope: Scope) -> tuple[Statement, ...]:
    return ()


# --- simple statements -------------------------------------------------------------------


def _evaluate(node: ast.Expr, scope: Scope) -> tuple[Statement, ...]:
    if isinstance(node.value, ast.Constant):
        return ()
    return (ir.Evaluate(expression(node.value, scope), scope.span(node)),)


def _assign(node: ast.Assign, scope: Scope) -> tuple[Statement, ...]:
    value = expression(node.value, scope)
    return (ir.Assign(tuple(target(t, scope) for t in node.targets), value, scope.span(node)),)


def _annotated(node: ast.AnnAssign, scope: Scope) -> tuple[Statement, ...]:
    span = scope.span(node)
    written = target(node.target, scope)
    declared = ir.Declare(written, expression(node.annotation, scope), span)
    if node.value is None:
        return (declared,)
    return (declared, ir.Assign((written,), expression(node.value, scope), span))


def _update(node: ast.AugAssign, scope: Scope) -> tuple[Statement, ...]:
    value = expression(node.value, scope)
    written = target(node.target, scope)
    return (ir.Update(written, operator(node.op), value, scope.span(node)),)


def _type_alias(
    node: Any,  # noqa: ANN401 - `ast.TypeAlias` is not in Python 3.11
    scope: Scope,
) -> tuple[Statement, ...]:
    return (
        ir.Assign((target(node.name, scope),), expression(node.value, scope), scope.span(node)),
    )


def _delete(node: ast.Delete, scope: Scope) -> tuple[Statement, ...]:
    return tuple(ir.Delete(target(t, scope), scope.span(node)) for t in node.targets)


def _return(node: ast.Return, scope: Scope) -> tuple[Statement, ...]:
    return (ir.Return(maybe(node.value, scope), scope.span(node)),)


def _raise(node: ast.Raise, scope: Scope) -> tuple[Statement, ...]:
    span = scope.span(node)
    raised = ir.Raise(maybe(node.exc, scope), span)
    if node.cause is None or isinstance(node.cause, ast.Name | ast.Constant):
        return (raised,)
    return (ir.Evaluate(expression(node.cause, scope), span), raised)


def _assert(node: ast.Assert, scope: Scope) -> tuple[Statement, ...]:
    test = expression(node.test, scope)
    return (ir.Assert(test, scope.span(node), maybe(node.msg, scope)),)


def _leave(node: ast.Break | ast.Continue, scope: Scope) -> tuple[Statement, ...]:
    return (ir.Leave("break" if isinstance(node, ast.Break) else "continue", scope.span(node)),)


def _global(node: ast.Global, scope: Scope) -> tuple[Statement, ...]:
    scope.globals.update(node.names)
    return ()


def _nonlocal(node: ast.Nonlocal, scope: Scope) -> tuple[Statement, ...]:
    scope.nonlocals.update(node.names)
    return ()


# --- imports -----------------------------------------------------------------------------


def _import(node: ast.Import, scope: Scope) -> tuple[Statement, ...]:
    lowered = []
    for alias in node.names:
        top = alias.asname is None and "." in alias.name
        name = alias.asname or alias.name.partition(".")[0]
        scope.bound.add(name)
        lowered.append(ir.Import(alias.name, None, name, 0, top, scope.span(alias)))
    return tuple(lowered)


def _import_from(node: ast.ImportFrom, scope: Scope) -> tuple[Statement, ...]:
    lowered = []
    for alias in node.names:
        name = alias.asname or alias.name
        if name != "*":
            scope.bound.add(name)
        module, level, span = node.module or "", node.level or 0, scope.span(alias)
        lowered.append(ir.Import(module, alias.name, name, level, bind_top=False, span=span))
    return tuple(lowered)


# --- compound statements -----------------------------------------------------------------


@record
class _Link:
    """One `if` of a chain; `before` is done just before its test."""

    before: ir.Block
    test: Expression
    then: ir.Block
    span: Span


def _branches(links: list[_Link], otherwise: ir.Block, scope: Scope) -> ir.Block:
    """Nest a chain of branches. A long one is cut: its rest runs where no branch was taken."""
    pieces = [links[start : start + MAX_CHAIN] for start in range(0, len(links), MAX_CHAIN)]
    before: list[Statement] = []
    after: list[Statement] = []
    for piece in reversed(pieces):
        for link in reversed(piece):
            branch = ir.Branch(link.test, link.then, otherwise, link.span)
            otherwise = (*link.before, branch)
        if piece is not pieces[0]:
            span = piece[0].span
            untaken = f"untaken'{span.line}'{span.column}"
            scope.bound.add(untaken)
            written = (ir.NameTarget(untaken, span),)
            before.append(ir.Assign(written, ir.Const(value=False, span=span), span))
            after.append(ir.Branch(ir.Name(untaken, span), otherwise, (), span))
            otherwise = (ir.Assign(written, ir.Const(value=True, span=span), span),)
    return (*before, *otherwise, *reversed(after))


def _if(node: ast.If, scope: Scope) -> tuple[Statement, ...]:
    """Lower a chain of `elif` in a loop: it may be thousands long."""
    nodes = [node]
    while len(nodes[-1].orelse) == 1 and isinstance(nodes[-1].orelse[0], ast.If):
        nodes.append(nodes[-1].orelse[0])
    links = [
        _Link((), expression(each.test, scope), block(each.body, scope), scope.span(each))
        for each in nodes
    ]
    return _branches(links, block(nodes[-1].orelse, scope), scope)


def _for(node: ast.For | ast.AsyncFor, scope: Scope) -> tuple[Statement, ...]:
    iterable = expression(node.iter, scope)
    written = target(node.target, scope)
    body, otherwise = block(node.body, scope), block(node.orelse, scope)
    return (ir.ForEach(written, iterable, body, otherwise, scope.span(node)),)


def _while(node: ast.While, scope: Scope) -> tuple[Statement, ...]:
    test = expression(node.test, scope)
    body, otherwise = block(node.body, scope), block(node.orelse, scope)
    return (ir.While(test, body, otherwise, scope.span(node)),)


def _try(node: ast.Try | ast.TryStar, scope: Scope) -> tuple[Statement, ...]:
    body = block(node.body, scope)
    catches = tuple(_catch(handler, scope) for handler in node.handlers)
    otherwise, final = block(node.orelse, scope), block(node.finalbody, scope)
    return (ir.Try(body, catches, otherwise, final, scope.span(node)),)


def _catch(node: ast.ExceptHandler, scope: Scope) -> ir.Catch:
    span = scope.span(node)
    types: list[ast.expr] = []
    if node.type is not None:
        types = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    lowered = tuple(expression(type_, scope) for type_ in types)
    written = None
    if node.name is not None:
        scope.bound.add(node.name)
        after = lowered[-1].span if lowered else span
        place = scope.text.word(node.name, after.end_line, after.end_column, span)
        written = ir.NameTarget(node.name, place)
    return ir.Catch(lowered, written, block(node.body, scope), span)


def _with(node: ast.With | ast.AsyncWith, scope: Scope) -> tuple[Statement, ...]:
    managers = [
        (
            expression(item.context_expr, scope),
            target(item.optional_vars, scope) if item.optional_vars else None,
        )
        for item in node.items
    ]
    span = scope.span(node)
    inside = block(node.body, scope)
    for value, written in reversed(managers[MAX_CHAIN:]):
        inside = (*_entered(value, written, span), *inside)
    for value, written in reversed(managers[:MAX_CHAIN]):
        inside = (ir.Using(value, written, inside, span),)
    return inside


def _entered(value: Expression, written: ir.Target | None, span: Span) -> tuple[Statement, ...]:
    """Take a manager for what it gives: so many in one statement are not nested."""
    if written is None:
        return (ir.Evaluate(value, span),)
    return (ir.Assign((written,), value, span),)


def _match(node: ast.Match, scope: Scope) -> tuple[Statement, ...]:
    """Lower to a chain of branches. A case with a guard binds its names before the test."""
    subject = expression(node.subject, scope)
    first: tuple[Statement, ...] = ()
    if not isinstance(subject, ir.Name) or _captures(node, subject.name):
        name = f"subject'{node.lineno}"
        scope.bound.add(name)
        first = (ir.Assign((ir.NameTarget(name, subject.span),), subject, subject.span),)
        subject = ir.Name(name, subject.span)
    links: list[_Link] = []
    for case in node.cases:
        link = _case(case, subject, scope)
        if isinstance(link.test, ir.Const) and link.test.value is True:
            return (*first, *_branches(links, (*link.before, *link.then), scope))
        links.append(link)
    return (*first, *_branches(links, (), scope))


def _captures(node: ast.Match, name: str) -> bool:
    """Tell whether a pattern binds `name`: then the subject is lost while it is taken apart."""
    return any(
        name in (getattr(pattern, "name", None), getattr(pattern, "rest", None))
        for case in node.cases
        for pattern in ast.walk(case.pattern)
    )


def _case(case: ast.match_case, subject: Expression, scope: Scope) -> _Link:
    from stockade.analysis.code.python.patterns import (  # noqa: PLC0415 - few programs match
        conjunction,
        matching,
    )

    matched = matching(case.pattern, subject, scope)
    span = scope.span(case.pattern)
    if case.guard is None:
        then = (*matched.bindings, *block(case.body, scope))
        return _Link((), conjunction(matched.tests, span), then, span)
    guarded = conjunction([*matched.tests, expression(case.guard, scope)], span)
    return _Link(tuple(matched.bindings), guarded, block(case.body, scope), span)


# --- definitions -------------------------------------------------------------------------


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> tuple[Statement, ...]:
    span = scope.span(node)
    place = scope.text.word(node.name, node.lineno, span.column + 3, span)

    def lower(inner: Scope) -> ir.Block:
        return block(node.body, inner)

    code = function(
        node.name,
        parameters(node.args, scope),
        lower,
        span,
        scope,
        is_async=isinstance(node, ast.AsyncFunctionDef),
    )
    scope.bound.add(node.name)
    written = (ir.NameTarget(node.name, place),)
    statements: list[Statement] = []
    value: Expression = ir.Closure(code, place)
    for count, decorator in enumerate(reversed(node.decorator_list), 1):
        callee = expression(decorator, scope)
        value = ir.Call(callee, (ir.Argument(value),), callee.span)
        if count % MAX_CHAIN == 0:
            statements.append(ir.Assign(written, value, place))
            value = ir.Name(node.name, place)
    return (*statements, ir.Assign(written, value, place))


def _class(node: ast.ClassDef, scope: Scope) -> tuple[Statement, ...]:
    decorators = tuple(expression(decorator, scope) for decorator in node.decorator_list)
    bases = tuple(expression(base, scope) for base in node.bases)
    named = arguments([], node.keywords, scope)
    span = scope.span(node)

    def lower(inner: Scope) -> ir.Block:
        return block(node.body, inner)

    scope.bound.add(node.name)
    code = function(node.name, (), lower, span, scope)
    place = scope.text.word(node.name, node.lineno, span.column + 5, span)
    return (ir.DefineClass(node.name, bases, code, decorators, place, named),)


_Lower: TypeAlias = Callable[[Any, Scope], tuple[Statement, ...]]

_LOWER: dict[type[ast.stmt], _Lower] = {
    ast.Expr: _evaluate,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _update,
    ast.Delete: _delete,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.Break: _leave,
    ast.Continue: _leave,
    ast.Pass: _nothing,
    ast.Global: _global,
    ast.Nonlocal: _nonlocal,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Match: _match,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
}
if hasattr(ast, "TypeAlias"):  # Python 3.12
    _LOWER[ast.TypeAlias] = _type_alias
