"""Lower what is assigned to, and find the names that patterns and blocks declare."""

from collections.abc import Iterable, Iterator

from tree_sitter import Node

from stockade.analysis.code import ir
from stockade.analysis.code.ir import Target
from stockade.analysis.code.javascript.lowering import children, expression, field
from stockade.analysis.code.javascript.scopes import MAX_DEPTH, Scope

_NAMES = frozenset(
    {"identifier", "shorthand_property_identifier_pattern", "shorthand_property_identifier"}
)
_WRAPPERS = frozenset(
    {"parenthesized_expression", "non_null_expression", "as_expression", "satisfies_expression"}
)


def target(node: Node, scope: Scope, *, declares: bool = False) -> Target:
    """Lower what is assigned to; where it `declares`, its names become the scope's own."""
    span = scope.span(node)
    kind = node.type
    if kind in _NAMES or kind == "undefined":
        written = scope.text.of(node)
        name = scope.bind(written) if declares else scope.name(written)
        return ir.NameTarget(name, span)
    if kind == "member_expression":
        name = property_name(node.child_by_field_name("property"), scope)
        return ir.AttributeTarget(field(node, "object", scope), name, span)
    if kind == "subscript_expression":
        key = node.child_by_field_name("index")
        holder = field(node, "object", scope)
        if key is not None and key.type == "string":
            return ir.AttributeTarget(holder, text_of(key, scope), span)
        return ir.IndexTarget(holder, None if key is None else expression(key, scope), span)
    if scope.depth >= MAX_DEPTH:
        return ir.ItemsTarget((), None, span)
    scope.depth += 1
    lowered = _pattern(node, scope, declares=declares)
    scope.depth -= 1
    return lowered


def _pattern(node: Node, scope: Scope, *, declares: bool) -> Target:
    kind = node.type
    if kind in ("object_pattern", "object"):
        return _fields(node, scope, declares=declares)
    if kind in ("array_pattern", "array"):
        return _items(node, scope, declares=declares)
    inner = children(node)
    if inner and (kind in _WRAPPERS or kind in ("rest_pattern", "spread_element")):
        return target(inner[0], scope, declares=declares)
    left = node.child_by_field_name("left")
    if left is not None:
        # A default inside of an array pattern: what else the place may hold is left out.
        return target(left, scope, declares=declares)
    return ir.ItemsTarget((), None, scope.span(node))


def _fields(node: Node, scope: Scope, *, declares: bool) -> ir.FieldsTarget:
    fields: list[ir.Field] = []
    rest: Target | None = None
    for child in children(node):
        span = scope.span(child)
        match child.type:
            case "shorthand_property_identifier_pattern" | "shorthand_property_identifier":
                key = ir.Const(scope.text.of(child), span)
                fields.append(ir.Field(key, target(child, scope, declares=declares)))
            case "object_assignment_pattern" | "assignment_expression":
                left = child.child_by_field_name("left")
                if left is not None:
                    key = ir.Const(scope.text.of(left), scope.span(left))
                    default = field(child, "right", scope)
                    fields.append(ir.Field(key, target(left, scope, declares=declares), default))
            case "pair_pattern" | "pair":
                fields.extend(_pair(child, scope, declares=declares))
            case "rest_pattern" | "spread_element":
                rest = _pattern(child, scope, declares=declares)
            case _:
                pass
    return ir.FieldsTarget(tuple(fields), rest, attributes=True, span=scope.span(node))


def _pair(node: Node, scope: Scope, *, declares: bool) -> Iterator[ir.Field]:
    key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
    if key is None or value is None:
        return
    default = None
    if value.type in ("assignment_pattern", "assignment_expression"):
        default = field(value, "right", scope)
        value = value.child_by_field_name("left") or value
    yield ir.Field(key_of(key, scope), target(value, scope, declares=declares), default)


def _items(node: Node, scope: Scope, *, declares: bool) -> ir.ItemsTarget:
    targets: list[Target] = []
    rest = None
    hole = True
    for child in node.children:
        if child.type == ",":
            if hole:
                targets.append(ir.ItemsTarget((), None, scope.span(child)))
            hole = True
        elif child.is_named and child.type != "comment":
            hole = False
            if child.type in ("rest_pattern", "spread_element"):
                rest = len(targets)
            targets.append(target(child, scope, declares=declares))
    return ir.ItemsTarget(tuple(targets), rest, scope.span(node))


def key_of(node: Node, scope: Scope) -> ir.Expression:
    """Lower the key of an object's entry."""
    if node.type == "computed_property_name":
        inner = children(node)
        if inner:
            return expression(inner[0], scope)
    return ir.Const(property_name(node, scope), scope.span(node))


def property_name(node: Node | None, scope: Scope) -> str:
    """Return the name of a property as it is written, without quotes."""
    if node is None:
        return "?"
    return text_of(node, scope) if node.type == "string" else scope.text.of(node)


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}


def text_of(node: Node, scope: Scope) -> str:
    """Return what a string literal says."""
    if node.named_child_count == 0:
        return ""
    parts = []
    for part in node.named_children:
        written = scope.text.of(part)
        parts.append(unescaped(written) if part.type == "escape_sequence" else written)
    return "".join(parts)


def unescaped(written: str) -> str:
    """Return the character that an escape sequence stands for."""
    letter, digits = written[1:2], written[2:].strip("{}")
    if letter in ("x", "u") and digits:
        try:
            return chr(int(digits, 16))
        except (ValueError, OverflowError):
            return ""
    if letter in ("\n", "\r", "\u2028", "\u2029"):
        return ""
    return _ESCAPES.get(letter, letter)


# --- declared names ----------------------------------------------------------------------

_FUNCTIONS = frozenset(
    {
        "arrow_function",
        "class",
        "class_declaration",
        "function_declaration",
        "function_expression",
        "generator_function",
        "generator_function_declaration",
        "method_definition",
    }
)
_DECLARATIONS = frozenset(
    {
        "class_declaration",
        "abstract_class_declaration",
        "function_declaration",
        "generator_function_declaration",
        "enum_declaration",
        "internal_module",
    }
)


def declared_in(statements: Iterable[Node], scope: Scope) -> Iterator[str]:
    """Yield the names that statements declare for their own block."""
    for node in statements:
        inner: Node | None = node
        if node.type == "export_statement":
            inner = node.child_by_field_name("declaration")
        elif node.type == "expression_statement":
            inner = next((c for c in children(node) if c.type == "internal_module"), None)
        if inner is None:
            continue
        if inner.type == "lexical_declaration":
            for declarator in children(inner):
                name = declarator.child_by_field_name("name")
                if name is not None:
                    yield from names_in(name, scope)
        elif inner.type in _DECLARATIONS:
            name = inner.child_by_field_name("name")
            if name is not None:
                yield scope.text.of(name)


def names_in(pattern: Node, scope: Scope) -> Iterator[str]:
    """Yield the names that a pattern binds."""
    waiting = [pattern]
    while waiting:
        node = waiting.pop()
        if node.type in _NAMES:
            yield scope.text.of(node)
        elif node.type in ("object_assignment_pattern", "assignment_pattern"):
            left = node.child_by_field_name("left")
            waiting.extend([left] if left is not None else [])
        elif node.type == "pair_pattern":
            value = node.child_by_field_name("value")
            waiting.extend([value] if value is not None else [])
        elif node.type not in _FUNCTIONS:
            waiting.extend(node.named_children)


def hoisted_in(body: Node, scope: Scope) -> Iterator[str]:
    """Yield the names that `var` declares anywhere in a function's body."""
    if b"var" not in scope.text.source[body.start_byte : body.end_byte]:
        return
    waiting = [body]
    while waiting:
        node = waiting.pop()
        if node.type == "variable_declarator":
            parent = node.parent
            name = node.child_by_field_name("name")
            if parent is not None and parent.type == "variable_declaration" and name is not None:
                yield from names_in(name, scope)
        if node.type == "for_in_statement":
            kind, left = node.child_by_field_name("kind"), node.child_by_field_name("left")
            if kind is not None and kind.type == "var" and left is not None:
                yield from names_in(left, scope)
        waiting.extend(child for child in node.named_children if child.type not in _FUNCTIONS)
