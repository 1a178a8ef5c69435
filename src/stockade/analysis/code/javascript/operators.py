"""Lower operators: arithmetic, comparisons, conditions, assignments within expressions."""

from typing import Final

from tree_sitter import Node

from stockade.analysis.code import ir
from stockade.analysis.code.ir import Expression, Span
from stockade.analysis.code.javascript.literals import builtin
from stockade.analysis.code.javascript.lowering import EXPRESSIONS, children, expression, field
from stockade.analysis.code.javascript.scopes import Scope
from stockade.analysis.code.javascript.targets import target, text_of

_LOGICAL: Final = {"&&": "and", "||": "or", "??": "??"}
_COMPARE: Final = {
    "==": "==",
    "===": "==",
    "!=": "!=",
    "!==": "!=",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
    "in": "in",
}
_TYPES: Final = {
    "number": "isNumber",
    "bigint": "isNumber",
    "boolean": "isNumber",
    "string": "isText",
    "function": "isFunction",
}
_MOST_OPERANDS: Final = 400


def _operator(node: Node) -> str:
    operator = node.child_by_field_name("operator")
    return operator.type if operator is not None else "?"


def _flat(node: Node, operator: str) -> list[Node]:
    """Return the operands of a chain of one operator, which may be thousands long."""
    operands: list[Node] = []
    current: Node | None = node
    while (
        current is not None
        and current.type == "binary_expression"
        and _operator(current) == operator
    ):
        right = current.child_by_field_name("right")
        if right is not None:
            operands.append(right)
        current = current.child_by_field_name("left")
    if current is not None:
        operands.append(current)
    operands.reverse()
    return operands


def _binary(node: Node, scope: Scope) -> Expression:
    operator, span = _operator(node), scope.span(node)
    if operator in _LOGICAL:
        operands = _flat(node, operator)[:_MOST_OPERANDS]
        lowered = tuple(expression(operand, scope) for operand in operands)
        return ir.Logical(_LOGICAL[operator], lowered, span)
    if operator == "+":
        return _sum(node, scope, span)
    if operator in _COMPARE:
        return _compare(node, operator, scope, span)
    left, right = field(node, "left", scope), field(node, "right", scope)
    return ir.Binary(operator, left, right, span)


def _sum(node: Node, scope: Scope, span: Span) -> Expression:
    """Lower a sum; where a text is among the operands it is a text put together."""
    operands = _flat(node, "+")[:_MOST_OPERANDS]
    lowered = [expression(operand, scope) for operand in operands]
    if any(operand.type in ("string", "template_string") for operand in operands):
        return ir.Format(tuple(lowered), span)
    result = lowered[0]
    for each in lowered[1:32]:
        result = ir.Binary("+", result, each, span)
    return result


def _compare(node: Node, operator: str, scope: Scope, span: Span) -> Expression:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    compared = _COMPARE[operator]
    if left is not None and right is not None:
        asked = _type_asked(left, right, scope) or _type_asked(right, left, scope)
        if asked is not None and compared in ("==", "!="):
            return asked if compared == "==" else ir.Unary("not", asked, span)
        found = _found(left, right, compared, scope)
        if found is not None:
            return found
    return ir.Compare(compared, field(node, "left", scope), field(node, "right", scope), span)


def _type_asked(left: Node, right: Node, scope: Scope) -> Expression | None:
    """Lower `typeof x === "number"` to the question that it asks."""
    if left.type != "unary_expression" or _operator(left) != "typeof" or right.type != "string":
        return None
    if text_of(right, scope) == "undefined":
        span = scope.span(left)
        return ir.Compare("==", field(left, "argument", scope), ir.Const(None, span), span)
    asked = _TYPES.get(text_of(right, scope))
    if asked is None:
        return None
    return builtin(asked, scope.span(left), field(left, "argument", scope))


def _found(left: Node, right: Node, operator: str, scope: Scope) -> Expression | None:
    """Lower `list.indexOf(x) !== -1` and its like to `list.includes(x)`.

    `text.indexOf(x) === 0` is `text.startsWith(x)`.
    """
    if left.type != "call_expression":
        return None
    function = left.child_by_field_name("function")
    if function is None or function.type != "member_expression":
        return None
    name = function.child_by_field_name("property")
    if name is None or scope.text.of(name) != "indexOf":
        return None
    asked = {
        ("!=", "-1"): ("includes", True),
        (">", "-1"): ("includes", True),
        (">=", "0"): ("includes", True),
        ("==", "-1"): ("includes", False),
        ("<", "0"): ("includes", False),
        ("==", "0"): ("startsWith", True),
        ("!=", "0"): ("startsWith", False),
    }.get((operator, scope.text.of(right).replace(" ", "")))
    if asked is None:
        return None
    call = expression(left, scope)
    if not isinstance(call, ir.Call) or not isinstance(call.callee, ir.Attribute):
        return None
    method, is_so = asked
    callee = ir.Attribute(call.callee.object, method, call.callee.span)
    found = ir.Call(callee, call.arguments, call.span)
    return found if is_so else ir.Unary("not", found, call.span)


def _unary(node: Node, scope: Scope) -> Expression:
    operator, span = _operator(node), scope.span(node)
    operand = field(node, "argument", scope)
    if operator == "void":
        return ir.Const(None, span)
    return ir.Unary("not" if operator == "!" else operator, operand, span)


def _conditional(node: Node, scope: Scope) -> Expression:
    return ir.Conditional(
        field(node, "condition", scope),
        field(node, "consequence", scope),
        field(node, "alternative", scope),
        scope.span(node),
    )


def _inner(node: Node, scope: Scope) -> Expression:
    """Lower what is written inside: parentheses, type assertions."""
    parts = children(node)
    if not parts:
        return ir.Opaque("code that does not parse", (), scope.span(node))
    return expression(parts[-1] if node.type == "type_assertion" else parts[0], scope)


def _sequence(node: Node, scope: Scope) -> Expression:
    parts = [ir.Element(expression(part, scope)) for part in children(node)]
    span = scope.span(node)
    values = ir.ListLiteral("tuple", tuple(parts), span)
    return ir.Index(values, ir.Const(len(parts) - 1, span), span)


def _assignment(node: Node, scope: Scope) -> Expression:
    left = node.child_by_field_name("left")
    value = field(node, "right", scope)
    if left is None:
        return value
    return ir.Assignment(target(left, scope), value, scope.span(node))


def _augmented(node: Node, scope: Scope) -> Expression:
    left = node.child_by_field_name("left")
    value = field(node, "right", scope)
    span = scope.span(node)
    if left is None:
        return value
    operator = _operator(node).removesuffix("=")
    before = expression(left, scope)
    changed: Expression
    if operator in _LOGICAL:
        changed = ir.Logical(_LOGICAL[operator], (before, value), span)
    else:
        changed = ir.Binary(operator, before, value, span)
    return ir.Assignment(target(left, scope), changed, span)


def _update(node: Node, scope: Scope) -> Expression:
    argument = node.child_by_field_name("argument")
    span = scope.span(node)
    if argument is None:
        return ir.Opaque("code that does not parse", (), span)
    changed = ir.Unary("+", expression(argument, scope), span)
    return ir.Assignment(target(argument, scope), changed, span)


def _await(node: Node, scope: Scope) -> Expression:
    return ir.Await(_inner(node, scope), scope.span(node))


def _yield(node: Node, scope: Scope) -> Expression:
    scope.yields = True
    parts = children(node)
    value = expression(parts[0], scope) if parts else None
    each = any(child.type == "*" for child in node.children)
    return ir.Yield(value, each=each, span=scope.span(node))


EXPRESSIONS.update(
    {
        "binary_expression": _binary,
        "unary_expression": _unary,
        "ternary_expression": _conditional,
        "parenthesized_expression": _inner,
        "as_expression": _inner,
        "satisfies_expression": _inner,
        "non_null_expression": _inner,
        "instantiation_expression": _inner,
        "type_assertion": _inner,
        "sequence_expression": _sequence,
        "assignment_expression": _assignment,
        "augmented_assignment_expression": _augmented,
        "update_expression": _update,
        "await_expression": _await,
        "yield_expression": _yield,
    }
)
