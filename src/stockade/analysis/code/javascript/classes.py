"""Lower classes: methods are given `this`, fields are set by the constructor."""

from tree_sitter import Node

from stockade.analysis.code import ir
from stockade.analysis.code.ir import Expression, Statement
from stockade.analysis.code.javascript.decorated import decorated
from stockade.analysis.code.javascript.functions import (
    THIS,
    code,
    in_order,
    make,
    parameters,
)
from stockade.analysis.code.javascript.literals import builtin
from stockade.analysis.code.javascript.lowering import (
    EXPRESSIONS,
    STATEMENTS,
    children,
    expression,
    maybe,
)
from stockade.analysis.code.javascript.scopes import Scope
from stockade.analysis.code.javascript.targets import declared_in, property_name

_FIELDS = ("field_definition", "public_field_definition")


def _words(node: Node) -> set[str]:
    return {child.type for child in node.children if not child.is_named}


def _class(node: Node, scope: Scope, name: str) -> ir.DefineClass:
    body = node.child_by_field_name("body")
    members = children(body) if body is not None else []
    bases = _bases(node, scope)
    span = scope.span(node)

    def lower(inner: Scope) -> ir.Block:
        statements: list[Statement] = []
        for member in members:
            statements.extend(_member(member, inner))
        statements.extend(_constructor(members, inner, span, extends=bool(bases)))
        return tuple(statements)

    made = make(name, (), lower, span, scope)
    place = node.child_by_field_name("name")
    return ir.DefineClass(name, bases, made, (), scope.span(place) if place else span)


def _bases(node: Node, scope: Scope) -> tuple[Expression, ...]:
    for child in children(node):
        if child.type != "class_heritage":
            continue
        for part in children(child):
            if part.type == "implements_clause":
                continue
            written = part.child_by_field_name("value") if part.type == "extends_clause" else part
            if written is not None:
                return (expression(written, scope),)
    return ()


def _member(node: Node, scope: Scope) -> list[Statement]:
    """Lower a member that belongs to the class itself: a method, a static field or block."""
    words, span = _words(node), scope.span(node)
    if node.type == "class_static_block":
        body = node.child_by_field_name("body")
        nodes = children(body) if body is not None else []
        with scope.block(declared_in(nodes, scope)):
            return list(in_order(nodes, scope))
    place = node.child_by_field_name("name") or node.child_by_field_name("property")
    name = property_name(place, scope)
    if node.type in _FIELDS and "static" not in words:
        return _decorated(node, name, scope)
    if node.type in _FIELDS:
        value = maybe(node.child_by_field_name("value"), scope) or ir.Const(None, span)
        return [_defined(name, value, span, scope)]
    if node.type != "method_definition" or name == "constructor" or "set" in words:
        return []
    closure: Expression = ir.Closure(code(node, scope, name, with_this=True), span)
    if "get" in words:
        closure = builtin("property", span, closure)
    if "static" in words:
        closure = builtin("classmethod", span, closure)
    return [_defined(name, closure, span, scope)]


def _decorated(node: Node, name: str, scope: Scope) -> list[Statement]:
    """Lower the decorators of a field, which tell what it may hold: `@IsUUID() id: string`."""
    span = scope.span(node)
    decorators = tuple(
        ir.Element(expression(part, scope))
        for each in children(node)
        if each.type == "decorator"
        for part in children(each)[:1]
    )
    if not decorators:
        return []
    told = ir.ListLiteral("list", decorators, span)
    return [ir.Declare(ir.NameTarget(name, span), told, span)]


def _defined(name: str, value: Expression, span: ir.Span, scope: Scope) -> Statement:
    scope.bound.add(name)
    return ir.Assign((ir.NameTarget(name, span),), value, span)


def _constructor(
    members: list[Node], scope: Scope, span: ir.Span, *, extends: bool
) -> list[Statement]:
    """Lower the constructor: the fields are set first, after what the base class does."""
    written = next((each for each in members if _is_constructor(each)), None)
    fields = [each for each in members if each.type in _FIELDS and "static" not in _words(each)]
    if written is None and not any(each.child_by_field_name("value") for each in fields):
        return []
    if written is not None:
        given = parameters(written, scope)
        body = written.child_by_field_name("body")
    else:
        given = (ir.Parameter("args'", None, ir.Spread.ITEMS),) if extends else ()
        body = None

    def lower(inner: Scope) -> ir.Block:
        nodes = children(body) if body is not None else []
        with inner.block(set(declared_in(nodes, inner)) - inner.declared):
            statements = [] if written is not None or not extends else [_passed_up(span)]
            for each in fields:
                statements.extend(_field(each, inner))
            statements.extend(_kept(written, inner))
            return (*statements, *in_order(nodes, inner))

    place = scope.span(written) if written is not None else span
    made = make("__init__", (THIS, *given), lower, place, scope, body=body)
    return [_defined("__init__", ir.Closure(made, place), place, scope)]


def _is_constructor(node: Node) -> bool:
    name = node.child_by_field_name("name")
    return node.type == "method_definition" and name is not None and name.text == b"constructor"


def _passed_up(span: ir.Span) -> Statement:
    above = ir.Attribute(ir.Call(ir.Name("super'", span), (), span), "__init__", span)
    given = (ir.Argument(ir.Name("args'", span), None, ir.Spread.ITEMS),)
    return ir.Evaluate(ir.Call(above, given, span), span)


def _field(node: Node, scope: Scope) -> list[Statement]:
    value = node.child_by_field_name("value")
    if value is None:
        return []
    span = scope.span(node)
    place = node.child_by_field_name("name") or node.child_by_field_name("property")
    name = property_name(place, scope)
    written = ir.AttributeTarget(ir.Name("this", span), name, span)
    lowered = expression(value, scope)
    before, scope.pending = scope.pending, []
    return [*before, ir.Assign((written,), lowered, span)]


def _kept(constructor: Node | None, scope: Scope) -> list[Statement]:
    """Lower TypeScript's `constructor(private name: Type)`, which sets `this.name`."""
    given = constructor.child_by_field_name("parameters") if constructor is not None else None
    statements: list[Statement] = []
    for child in children(given) if given is not None else ():
        pattern = child.child_by_field_name("pattern")
        kept = any(c.type in ("accessibility_modifier", "readonly") for c in child.children)
        if pattern is not None and pattern.type == "identifier" and kept:
            name, span = scope.text.of(pattern), scope.span(child)
            written = ir.AttributeTarget(ir.Name("this", span), name, span)
            statements.append(ir.Assign((written,), ir.Name(name, span), span))
    return statements


def _declaration(node: Node, scope: Scope) -> list[Statement]:
    place = node.child_by_field_name("name")
    name = scope.bind(scope.text.of(place)) if place is not None else scope.fresh("class")
    return [_class(node, scope, name), *decorated(node, name, scope)]


def _expression(node: Node, scope: Scope) -> Expression:
    """Lower a class that is a value: it is made just before the statement."""
    place = node.child_by_field_name("name")
    name = scope.fresh(scope.text.of(place) if place is not None else "class")
    scope.pending.append(_class(node, scope, name))
    return ir.Name(name, scope.span(node))


EXPRESSIONS["class"] = _expression
STATEMENTS["class_declaration"] = _declaration
STATEMENTS["abstract_class_declaration"] = _declaration
