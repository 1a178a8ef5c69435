"""Lower functions: their parameters at once, their bodies when they are asked for."""

import re

from tree_sitter import Node

from stockade.analysis.code import ir
from stockade.analysis.code.ir import Span
from stockade.analysis.code.javascript.lowering import (
    EXPRESSIONS,
    Lower,
    children,
    expression,
    maybe,
    statement,
)
from stockade.analysis.code.javascript.scopes import Scope
from stockade.analysis.code.javascript.targets import (
    declared_in,
    hoisted_in,
    names_in,
    target,
)
from stockade.model.record import replace

THIS = ir.Parameter("this")
_THIS = re.compile(rb"\b(?:this|super)\b")
_LONGEST = 40
_FIRST = frozenset({"function_declaration", "generator_function_declaration", "import_statement"})


def block(nodes: list[Node], scope: Scope) -> ir.Block:
    """Lower the statements of a block: functions are there before the first line is run."""
    with scope.block(declared_in(nodes, scope)):
        return in_order(nodes, scope)


def in_order(nodes: list[Node], scope: Scope) -> ir.Block:
    """Lower statements whose names are declared already, imports and functions first."""
    first = [node for node in nodes if _is_first(node)]
    others = nodes if not first else [node for node in nodes if not _is_first(node)]
    return tuple([each for node in (*first, *others) for each in statement(node, scope)])


def _is_first(node: Node) -> bool:
    if node.type == "export_statement":
        inner = node.child_by_field_name("declaration")
        return inner is not None and inner.type in _FIRST
    return node.type in _FIRST


def reads_this(node: Node, scope: Scope) -> bool:
    """Tell whether a function says `this`, so that what it is called on matters."""
    return _THIS.search(scope.text.source, node.start_byte, node.end_byte) is not None


def make(  # noqa: PLR0913 - a function has as many sides
    name: str,
    parameters_: tuple[ir.Parameter, ...],
    lower: Lower,
    span: Span,
    scope: Scope,
    *,
    body: Node | None = None,
    is_async: bool = False,
) -> ir.Code:
    """Make the code of a function whose body `lower` lowers, once it is asked for."""
    renamed, text, place = dict(scope.renamed), scope.text, scope.span

    def lowered() -> ir.Body:
        inner = Scope(text)
        inner.span = place
        own = _own(parameters_)
        inner.bound |= own
        if body is not None:
            own |= set(hoisted_in(body, inner))
        inner.declared = own
        inner.renamed = {old: new for old, new in renamed.items() if old not in own}
        statements = lower(inner)
        return inner.body((*statements, *inner.trailing))

    return ir.Code(
        name=name,
        parameters=parameters_,
        is_async=is_async,
        span=span,
        lowering=text.bodies.lazily(lowered, span),
    )


def _own(parameters_: tuple[ir.Parameter, ...]) -> set[str]:
    """Return the names that parameters bind, those inside of patterns included."""
    names: set[str] = set()
    waiting: list[ir.Target] = []
    for parameter in parameters_:
        names.add(parameter.name)
        if parameter.target is not None:
            waiting.append(parameter.target)
    while waiting:
        match waiting.pop():
            case ir.NameTarget(name=name):
                names.add(name)
            case ir.ItemsTarget(targets=targets):
                waiting.extend(targets)
            case ir.FieldsTarget(fields=fields, rest=rest):
                waiting.extend(each.target for each in fields)
                waiting.extend([rest] if rest is not None else [])
            case _:
                pass
    return names


def code(node: Node, scope: Scope, name: str, *, with_this: bool = False) -> ir.Code:
    """Lower a function of any kind that has parameters and a body."""
    before = (THIS,) if with_this else ()
    parameters_ = (*before, *parameters(node, scope))
    body = node.child_by_field_name("body")
    is_async = any(child.type == "async" for child in node.children)

    def lower(inner: Scope) -> ir.Block:
        if body is None:
            return ()
        if body.type == "statement_block":
            nodes = children(body)
            with inner.block(set(declared_in(nodes, inner)) - inner.declared):
                return in_order(nodes, inner)
        value = expression(body, inner)
        return (*inner.pending, ir.Return(value, inner.span(body)))

    return make(name, parameters_, lower, scope.span(node), scope, body=body, is_async=is_async)


def method(node: Node, scope: Scope, *, with_this: bool) -> ir.Code:
    """Lower a method by its own name."""
    name = node.child_by_field_name("name")
    called = scope.text.of(name) if name is not None else "method"
    return code(node, scope, called, with_this=with_this)


def parameters(node: Node, scope: Scope) -> tuple[ir.Parameter, ...]:
    """Lower a function's parameters, patterns included."""
    single = node.child_by_field_name("parameter")
    if single is not None:
        return (ir.Parameter(scope.text.of(single)),)
    written = node.child_by_field_name("parameters")
    if written is None:
        return ()
    inner = Scope(scope.text, _without(written, scope))
    inner.span, inner.depth = scope.span, scope.depth
    lowered: list[ir.Parameter] = []
    for child in children(written):
        parameter = _parameter(child, inner)
        if parameter is not None:
            taken = {each.name for each in lowered}
            while parameter.name in taken:
                parameter = replace(parameter, name=f"{parameter.name}'")
            lowered.append(parameter)
    return tuple(lowered)


def _without(written: Node, scope: Scope) -> dict[str, str]:
    own = set(names_in(written, scope))
    return {old: new for old, new in scope.renamed.items() if old not in own}


def _parameter(node: Node, scope: Scope) -> ir.Parameter | None:
    spread = ir.Spread.NO
    default = None
    pattern: Node | None = node
    if node.type in ("required_parameter", "optional_parameter"):
        pattern = node.child_by_field_name("pattern")
        default = maybe(node.child_by_field_name("value"), scope)
    elif node.type == "assignment_pattern":
        pattern = node.child_by_field_name("left")
        default = maybe(node.child_by_field_name("right"), scope)
    if pattern is not None and pattern.type == "rest_pattern":
        spread = ir.Spread.ITEMS
        pattern = next(iter(children(pattern)), None)
    if pattern is None or pattern.type == "this":
        return None
    if pattern.type == "identifier":
        return ir.Parameter(scope.text.of(pattern), default, spread)
    taken = target(pattern, scope, declares=True)
    shown = " ".join(scope.text.of(pattern).split())
    if len(shown) > _LONGEST:
        shown = "{ ... }" if pattern.type == "object_pattern" else "[ ... ]"
    return ir.Parameter(shown, default, spread, target=taken)


def _expression(node: Node, scope: Scope) -> ir.Closure:
    name = node.child_by_field_name("name")
    called = scope.text.of(name) if name is not None else _name_of(node, scope)
    with_this = reads_this(node, scope)
    return ir.Closure(code(node, scope, called, with_this=with_this), scope.span(node))


def _arrow(node: Node, scope: Scope) -> ir.Closure:
    return ir.Closure(code(node, scope, _name_of(node, scope)), scope.span(node))


def _name_of(node: Node, scope: Scope) -> str:
    """Return the name that a function without one takes from where it stands."""
    parent = node.parent
    if parent is None:
        return "<function>"
    for part in ("name", "key", "left", "property"):
        named = parent.child_by_field_name(part)
        if named is not None and named.id != node.id:
            return scope.text.of(named).rpartition(".")[2][:_LONGEST]
    return "<function>"


EXPRESSIONS.update(
    {
        "arrow_function": _arrow,
        "function_expression": _expression,
        "function": _expression,
        "generator_function": _expression,
    }
)
