"""Lower what decorators say of a class, for frameworks that call its methods.

`@Controller() class Orders { @Get(":id") one(@Param("id") id: string) {} }` is told as a call that
is given the class, and a list of its decorators, its decorated methods and the types that its
constructor asks for. Follows "Decorators" of the TypeScript Handbook.
"""

from collections.abc import Iterator

from tree_sitter import Node

from stockade.analysis.code import ir
from stockade.analysis.code.ir import Expression, Statement
from stockade.analysis.code.javascript.literals import builtin
from stockade.analysis.code.javascript.lowering import children, expression
from stockade.analysis.code.javascript.scopes import Scope
from stockade.analysis.code.javascript.targets import property_name


def decorated(node: Node, name: str, scope: Scope) -> list[Statement]:
    """Return what tells of the decorators of the class declared at `node` as `name`, if any."""
    above = node.parent
    on_export = above is not None and above.type == "export_statement"
    own = [*(_decorators(above, scope) if above is not None and on_export else ())]
    own.extend(_decorators(node, scope))
    if not own:
        return []
    span = scope.span(node)
    place, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if place is None or body is None:
        return []
    members = children(body)
    # Lists are told apart by where they stand.
    told = _list(
        span,
        _list(scope.span(place), *own),
        _list(scope.span(body), *_methods(members, scope)),
        _types(members, scope) or ir.Const(None, span),
    )
    return [ir.Evaluate(builtin("decorated", span, ir.Name(name, span), told), span)]


def _decorators(node: Node, scope: Scope) -> list[Expression]:
    return [
        expression(part, scope)
        for each in children(node)
        if each.type == "decorator"
        for part in children(each)[:1]
    ]


def _list(span: ir.Span, *values: Expression) -> ir.ListLiteral:
    return ir.ListLiteral("list", tuple(map(ir.Element, values)), span)


def _methods(members: list[Node], scope: Scope) -> Iterator[Expression]:
    """Yield for each decorated method: its name, its decorators, and those of each parameter.

    A parameter's type stands after its decorators.
    """
    before: list[Expression] = []
    for member in members:
        if member.type == "decorator":
            before.extend(expression(part, scope) for part in children(member)[:1])
            continue
        place = member.child_by_field_name("name")
        written = member.child_by_field_name("parameters")
        if before and member.type == "method_definition" and place and written:
            named = scope.span(place)
            given = [
                _list(scope.span(one), *_decorators(one, scope), _type(one, scope))
                for one in _parameters(written)
            ]
            yield _list(
                scope.span(member),
                ir.Const(property_name(place, scope), named),
                _list(named, *before),
                _list(scope.span(written), *given),
            )
        before = []


def _types(members: list[Node], scope: Scope) -> Expression | None:
    """List the classes that the constructor asks for, by the types of its parameters."""
    for member in members:
        place = member.child_by_field_name("name")
        written = member.child_by_field_name("parameters")
        if place and written and scope.text.of(place) == "constructor":
            types = (_type(one, scope) for one in _parameters(written))
            return _list(scope.span(written), *types)
    return None


def _parameters(written: Node) -> list[Node]:
    return [one for one in children(written) if one.type != "comment"]


def _type(parameter: Node, scope: Scope) -> Expression:
    span = scope.span(parameter)
    written = parameter.child_by_field_name("type")
    parts = children(written) if written is not None else []
    type_ = parts[0] if parts else None
    if type_ is not None and type_.type == "generic_type":
        type_ = type_.child_by_field_name("name")
    if type_ is None or type_.type != "type_identifier":
        return ir.Const(None, span)
    return ir.Name(scope.name(scope.text.of(type_)), span)
