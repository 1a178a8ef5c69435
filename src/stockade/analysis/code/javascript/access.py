"""Lower what reads from a value or asks it: properties, items, calls, constructions."""

from tree_sitter import Node

from stockade.analysis.code import ir
from stockade.analysis.code.ir import Expression
from stockade.analysis.code.javascript.literals import builtin, template_parts
from stockade.analysis.code.javascript.lowering import (
    EXPRESSIONS,
    children,
    expression,
    field,
    opaque,
)
from stockade.analysis.code.javascript.scopes import Scope
from stockade.analysis.code.javascript.targets import property_name, text_of

_RAW = b"dangerouslySetInnerHTML"
_INTEROP = frozenset(
    [
        *(b"__importStar", b"__importDefault", b"__toESM"),
        *(b"_interopRequireDefault", b"_interopRequireWildcard"),
    ]
)
"""What compilers write around `require`, so that it gives what `import` would."""


def _member(node: Node, scope: Scope) -> Expression:
    name = property_name(node.child_by_field_name("property"), scope)
    return ir.Attribute(field(node, "object", scope), name, scope.span(node))


def _subscript(node: Node, scope: Scope) -> Expression:
    key = node.child_by_field_name("index")
    holder = field(node, "object", scope)
    if key is not None and key.type == "string":
        return ir.Attribute(holder, text_of(key, scope), scope.span(node))
    return ir.Index(holder, field(node, "index", scope), scope.span(node))


def _call(node: Node, scope: Scope) -> Expression:
    span = scope.span(node)
    function, given = (
        node.child_by_field_name("function"),
        node.child_by_field_name("arguments"),
    )
    if function is None:
        return opaque("code that does not parse", node, scope)
    awaited = _awaited(function, given, scope)
    if awaited is not None:
        return ir.Await(awaited, span)
    package = _compiled_import(function, given)
    if package is not None:
        return expression(package, scope)
    callee: Expression
    if function.type == "super":
        callee = ir.Attribute(_super(function, scope), "__init__", scope.span(function))
    elif function.type == "import":
        callee = ir.Name("import'", scope.span(function))
    else:
        callee = expression(function, scope)
    if given is not None and given.type == "template_string":
        return ir.Call(callee, _tagged(given, scope), span)
    return ir.Call(callee, arguments(given, scope), span)


def _compiled_import(function: Node, given: Node | None) -> Node | None:
    """Return `require("p")` of `__importStar(require("p"))`: a package is its own default."""
    name = function.child_by_field_name("property") or function
    if name.text not in _INTEROP or given is None or not given.named_children:
        return None
    asked = given.named_children[0]
    callee = asked.child_by_field_name("function") if asked.type == "call_expression" else None
    names = asked.child_by_field_name("arguments")
    if callee is None or callee.text != b"require" or names is None or not names.named_children:
        return None
    module = names.named_children[0].text or b""
    return None if module[1:2] in (b".", b"/") else asked


def _awaited(function: Node, given: Node | None, scope: Scope) -> Expression | None:
    """Lower `await (f()).g`, which the grammar reads as a call of something named `await`."""
    if function.type != "identifier" or function.text != b"await" or given is None:
        return None
    parts = children(given)
    return expression(parts[0], scope) if len(parts) == 1 else None


def _tagged(node: Node, scope: Scope) -> tuple[ir.Argument, ...]:
    """Lower what a tag is called with: the texts as a list, then the values."""
    parts = template_parts(node, scope)
    texts = [
        ir.Element(part)
        for part in parts
        if isinstance(part, ir.Const) and isinstance(part.value, str)
    ]
    values = [
        ir.Argument(part)
        for part in parts
        if not (isinstance(part, ir.Const) and isinstance(part.value, str))
    ]
    return (ir.Argument(ir.ListLiteral("list", tuple(texts), scope.span(node))), *values)


def arguments(node: Node | None, scope: Scope) -> tuple[ir.Argument, ...]:
    """Lower the arguments of a call."""
    if node is None:
        return ()
    lowered = []
    for child in children(node):
        if child.type == "spread_element":
            inner = children(child)
            if inner:
                value = expression(inner[0], scope)
                lowered.append(ir.Argument(value, None, ir.Spread.ITEMS))
        else:
            lowered.append(ir.Argument(expression(child, scope)))
    return tuple(lowered)


def _new(node: Node, scope: Scope) -> Expression:
    callee = field(node, "constructor", scope)
    given = node.child_by_field_name("arguments")
    return ir.Call(callee, arguments(given, scope), scope.span(node), new=True)


def _super(node: Node, scope: Scope) -> Expression:
    span = scope.span(node)
    return ir.Call(ir.Name("super'", span), (), span)


def _markup(node: Node, scope: Scope) -> Expression:
    """Lower JSX, which escapes what is put into it but for `dangerouslySetInnerHTML`."""
    span = scope.span(node)
    shown: list[Expression] = []
    raw: list[Expression] = []
    waiting = list(node.named_children)
    while waiting:
        current = waiting.pop(0)
        if current.type == "jsx_expression":
            parent = current.parent
            is_raw = parent is not None and (parent.text or b"").startswith(_RAW)
            (raw if is_raw else shown).extend(
                expression(part, scope) for part in children(current)[:1]
            )
        else:
            waiting[:0] = current.named_children
    escaped = builtin("markup", span, *shown)
    return ir.Opaque("JSX", (escaped, *raw), span) if raw else escaped


def _meta(node: Node, scope: Scope) -> Expression:
    return ir.Name("meta'", scope.span(node))


EXPRESSIONS.update(
    {
        "member_expression": _member,
        "subscript_expression": _subscript,
        "call_expression": _call,
        "new_expression": _new,
        "super": _super,
        "meta_property": _meta,
        "jsx_element": _markup,
        "jsx_self_closing_element": _markup,
        "jsx_fragment": _markup,
    }
)
