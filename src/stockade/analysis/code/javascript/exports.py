"""Lower `import` and `export`: what a module gives is in its `exports`."""

from tree_sitter import Node

from stockade.analysis.code import ir
from stockade.analysis.code.ir import Expression, Span, Statement
from stockade.analysis.code.javascript.lowering import (
    STATEMENTS,
    children,
    expression,
    statement,
)
from stockade.analysis.code.javascript.scopes import Scope
from stockade.analysis.code.javascript.targets import declared_in, names_in, property_name, text_of


def _import(node: Node, scope: Scope) -> list[Statement]:
    if _is_type(node):
        return []
    lowered: list[Statement] = []
    for child in children(node):
        if child.type == "import_require_clause":
            source = child.child_by_field_name("source")
            name = next((each for each in children(child) if each.type == "identifier"), None)
            if source is not None and name is not None:
                lowered.append(_bound(source, None, name, scope))
    source = node.child_by_field_name("source")
    if source is None:
        return lowered
    clause = next((each for each in children(node) if each.type == "import_clause"), None)
    if clause is None:
        return [_imported(text_of(source, scope), None, scope.fresh("import"), scope.span(node))]
    for child in children(clause):
        if child.type == "identifier":
            lowered.append(_bound(source, "default", child, scope))
        elif child.type == "namespace_import":
            lowered.extend(_bound(source, None, name, scope) for name in children(child)[:1])
        elif child.type == "named_imports":
            lowered.extend(_members(child, source, scope))
    return lowered


def _members(node: Node, source: Node, scope: Scope) -> list[Statement]:
    lowered: list[Statement] = []
    for each in children(node):
        name = each.child_by_field_name("name")
        if name is not None and not _is_type(each):
            alias = each.child_by_field_name("alias") or name
            lowered.append(_bound(source, property_name(name, scope), alias, scope))
    return lowered


def _is_type(node: Node) -> bool:
    return any(child.type in ("type", "typeof") for child in node.children)


def _bound(source: Node, member: str | None, name: Node, scope: Scope) -> ir.Import:
    local = scope.bind(scope.text.of(name))
    return _imported(text_of(source, scope), member, local, scope.span(name))


def _imported(module: str, member: str | None, name: str, span: Span) -> ir.Import:
    return ir.Import(module, member, name, 0, bind_top=False, span=span)


def _export(node: Node, scope: Scope) -> list[Statement]:
    if _is_type(node):
        return []
    span = scope.span(node)
    source = node.child_by_field_name("source")
    if source is not None:
        return _passed_on(node, text_of(source, scope), scope)
    declaration = node.child_by_field_name("declaration")
    is_default = any(child.type == "default" for child in node.children)
    if declaration is not None:
        return _declared(declaration, scope, is_default=is_default)
    value = node.child_by_field_name("value")
    if value is not None:
        return [_given("default", expression(value, scope), span)]
    for child in children(node):
        if child.type == "export_clause":
            scope.trailing.extend(_listed(child, scope))
            return []
        if child.type != "decorator":
            # TypeScript's `export = value`.
            written = ir.AttributeTarget(ir.Name("module", span), "exports", span)
            return [ir.Assign((written,), expression(child, scope), span)]
    return []


def _declared(node: Node, scope: Scope, *, is_default: bool) -> list[Statement]:
    lowered = statement(node, scope)
    span = scope.span(node)
    names = list(declared_in([node], scope))
    if node.type == "variable_declaration":
        for declarator in children(node):
            pattern = declarator.child_by_field_name("name")
            names.extend(names_in(pattern, scope) if pattern is not None else ())
    for name in names:
        exported = "default" if is_default else name
        lowered.append(_given(exported, ir.Name(scope.name(name), span), span))
    return lowered


def _given(name: str, value: Expression, span: Span) -> Statement:
    written = ir.AttributeTarget(ir.Name("exports", span), name, span)
    return ir.Assign((written,), value, span)


def _listed(node: Node, scope: Scope) -> list[Statement]:
    lowered = []
    for each in children(node):
        name = each.child_by_field_name("name")
        if name is not None:
            alias = each.child_by_field_name("alias") or name
            value = ir.Name(scope.name(scope.text.of(name)), scope.span(name))
            lowered.append(_given(property_name(alias, scope), value, scope.span(each)))
    return lowered


def _passed_on(node: Node, module: str, scope: Scope) -> list[Statement]:
    """Lower `export ... from "module"`."""
    span = scope.span(node)
    for child in children(node):
        if child.type == "namespace_export":
            local = scope.fresh("import")
            names = children(child)
            name = property_name(names[0], scope) if names else "default"
            return [
                _imported(module, None, local, span),
                _given(name, ir.Name(local, span), span),
            ]
        if child.type == "export_clause":
            return _some_passed_on(child, module, scope)
    return [_imported(module, "*", "*", span)]


def _some_passed_on(node: Node, module: str, scope: Scope) -> list[Statement]:
    lowered: list[Statement] = []
    for each in children(node):
        name = each.child_by_field_name("name")
        if name is None:
            continue
        alias = each.child_by_field_name("alias") or name
        local, span = scope.fresh("import"), scope.span(each)
        lowered.append(_imported(module, property_name(name, scope), local, span))
        lowered.append(_given(property_name(alias, scope), ir.Name(local, span), span))
    return lowered


STATEMENTS["import_statement"] = _import
STATEMENTS["export_statement"] = _export
