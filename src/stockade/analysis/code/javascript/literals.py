"""Lower literals: constants, arrays, objects, texts with values in them."""

import re

from tree_sitter import Node

from stockade.analysis.code import ir
from stockade.analysis.code.ir import Expression, Span
from stockade.analysis.code.javascript.functions import method, reads_this
from stockade.analysis.code.javascript.lowering import EXPRESSIONS, children, expression, field
from stockade.analysis.code.javascript.scopes import Scope
from stockade.analysis.code.javascript.targets import key_of, text_of, unescaped

_NUMBER = re.compile(r"[\d_]+")


def builtin(name: str, span: Span, *values: Expression) -> ir.Call:
    """Call what the language itself does, under a name that no author can write."""
    return ir.Call(ir.Name(f"{name}'", span), tuple(map(ir.Argument, values)), span)


def _name(node: Node, scope: Scope) -> Expression:
    return ir.Name(scope.name(scope.text.of(node)), scope.span(node))


def _this(node: Node, scope: Scope) -> Expression:
    return ir.Name("this", scope.span(node))


def _nothing(node: Node, scope: Scope) -> Expression:
    return ir.Const(None, scope.span(node))


def _true(node: Node, scope: Scope) -> Expression:
    return ir.Const(value=True, span=scope.span(node))


def _false(node: Node, scope: Scope) -> Expression:
    return ir.Const(value=False, span=scope.span(node))


def _number(node: Node, scope: Scope) -> Expression:
    written = scope.text.of(node)
    value: int | float | None
    try:
        if _NUMBER.fullmatch(written) and len(written) < 64:  # noqa: PLR2004 - no one counts so far
            value = int(written.replace("_", ""))
        elif written[:2].lower() in ("0x", "0b", "0o"):
            value = int(written.rstrip("n").replace("_", ""), 0)
        else:
            value = float(written.rstrip("n").replace("_", ""))
    except ValueError:
        value = None
    return ir.Const(value, scope.span(node))


def _string(node: Node, scope: Scope) -> Expression:
    return ir.Const(text_of(node, scope), scope.span(node))


def template_parts(node: Node, scope: Scope) -> list[Expression]:
    """Lower the parts of a template literal, in order."""
    parts: list[Expression] = []
    for part in node.named_children:
        if part.type == "template_substitution":
            inner = children(part)
            if inner:
                parts.append(expression(inner[0], scope))
            continue
        written = scope.text.of(part)
        text = unescaped(written) if part.type == "escape_sequence" else written
        last = parts[-1] if parts else None
        if isinstance(last, ir.Const) and isinstance(last.value, str) and part.type != "string":
            parts[-1] = ir.Const(last.value + text, last.span)
        else:
            parts.append(ir.Const(text, scope.span(part)))
    return parts


def _template(node: Node, scope: Scope) -> Expression:
    parts = template_parts(node, scope)
    span = scope.span(node)
    if not parts:
        return ir.Const("", span)
    if len(parts) == 1 and isinstance(parts[0], ir.Const) and isinstance(parts[0].value, str):
        return ir.Const(parts[0].value, span)
    if not any(isinstance(part, ir.Const) for part in parts):
        parts.insert(0, ir.Const("", span))
    return ir.Format(tuple(parts), span)


def _regex(node: Node, scope: Scope) -> Expression:
    span = scope.span(node)
    pattern, flags = node.child_by_field_name("pattern"), node.child_by_field_name("flags")
    written = scope.text.of(pattern) if pattern is not None else ""
    options = scope.text.of(flags) if flags is not None else ""
    return ir.Call(
        ir.Name("RegExp'", span),
        (ir.Argument(ir.Const(written, span)), ir.Argument(ir.Const(options, span))),
        span,
        new=True,
    )


def _array(node: Node, scope: Scope) -> Expression:
    elements = [
        ir.Element(_spread(child, scope), ir.Spread.ITEMS)
        if child.type == "spread_element"
        else ir.Element(expression(child, scope))
        for child in children(node)
    ]
    return ir.ListLiteral("list", tuple(elements), scope.span(node))


def _spread(node: Node, scope: Scope) -> Expression:
    inner = children(node)
    if inner:
        return expression(inner[0], scope)
    return ir.Opaque("code that does not parse", (), scope.span(node))


def _object(node: Node, scope: Scope) -> Expression:
    entries = []
    for child in children(node):
        span = scope.span(child)
        match child.type:
            case "pair":
                key = child.child_by_field_name("key")
                if key is not None:
                    value = field(child, "value", scope)
                    entries.append(ir.Entry(key_of(key, scope), value))
            case "shorthand_property_identifier":
                entries.append(ir.Entry(ir.Const(scope.text.of(child), span), _name(child, scope)))
            case "spread_element":
                entries.append(ir.Entry(None, _spread(child, scope)))
            case "method_definition":
                entry = _method(child, scope)
                if entry is not None:
                    entries.append(entry)
            case _:
                pass
    return ir.MapLiteral(tuple(entries), scope.span(node))


def _method(node: Node, scope: Scope) -> ir.Entry | None:
    """Lower a method, getter or setter of an object; what is set is not followed."""
    key = node.child_by_field_name("name")
    words = {child.type for child in node.children if not child.is_named}
    if key is None or "set" in words:
        return None
    code = method(node, scope, with_this=reads_this(node, scope) or "get" in words)
    value: Expression = ir.Closure(code, code.span)
    if "get" in words:
        value = builtin("property", code.span, value)
    return ir.Entry(key_of(key, scope), value)


EXPRESSIONS.update(
    {
        "identifier": _name,
        "shorthand_property_identifier": _name,
        "type_identifier": _name,
        "property_identifier": _name,
        "this": _this,
        "undefined": _nothing,
        "null": _nothing,
        "true": _true,
        "false": _false,
        "number": _number,
        "string": _string,
        "template_string": _template,
        "regex": _regex,
        "array": _array,
        "object": _object,
    }
)
