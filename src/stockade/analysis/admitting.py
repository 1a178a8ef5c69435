"""Triggers whose code lets everybody in: authorizers and sign-ups that ask nothing.

Their text is asked, not followed: code that tests or calls anything of which this does not know
that it decides nothing is taken to decide. Follows "Output from an API Gateway Lambda authorizer"
of the API Gateway Developer Guide and "Pre sign-up Lambda trigger" of the Cognito Developer Guide.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from stockade.analysis.code import ir
from stockade.analysis.handler_code import body_of, within
from stockade.model import Function, Handler, Location, Unknown
from stockade.model.record import record

_DECIDES: Final = (ir.Compare, ir.While, ir.Try, ir.Raise, ir.Assert, ir.Opaque)
_BRANCHES: Final = (ir.Branch, ir.Conditional)
_LOGS: Final = frozenset({"print", "console", "logger", "log", "logging"})
_OF_TEXTS: Final = frozenset(
    [
        *("split", "replace", "get", "format", "strip", "join", "lower", "upper", "startswith"),
        *("endswith", "toLowerCase", "toUpperCase", "trim", "includes", "endsWith", "startsWith"),
        *("toString", "slice", "substring", "dumps", "stringify", "push", "append", "update"),
        *("callback", "done", "succeed", "AuthPolicy", "build", "str", "len", "match", "test"),
    ]
)
"""Calls that decide nothing by themselves: of texts, of lists, of what takes the answer."""
_ALLOWS_ALL: Final = frozenset({"allowAllMethods", "allow_all_methods"})
_VERIFIES: Final = ("autoVerifyEmail", "autoVerifyPhone")
_CONFIRMS: Final = "autoConfirmUser"


def admitting(function: Function) -> Location | None:
    """Return where an authorizer allows every request, if its code decides nothing at all."""
    handler = function.handler
    if isinstance(handler, Unknown):
        return None
    found: Location | None = None
    nodes = list(within(body_of(handler)))
    asks = any(isinstance(node, _BRANCHES) for node in nodes)
    there = _asked_for_presence(nodes)
    for node in nodes:
        if isinstance(node, _BRANCHES) and not _asks_for_presence(node.test):
            return None
        if isinstance(node, ir.Const) and node.value == "Deny" and not asks:
            return None
        if id(node) in there:
            continue
        if isinstance(node, _DECIDES):
            return None
        if isinstance(node, ir.Call):
            if not _decides_nothing(node):
                return None
            if _name(node.callee) in _ALLOWS_ALL:
                found = found or _at(handler, node.span)
        elif isinstance(node, ir.Const) and node.value == "Allow":
            found = found or _at(handler, node.span)
        elif (span := _says(node, "isAuthorized")) is not None:
            found = found or _at(handler, span)
    return found


def _asked_for_presence(nodes: Iterable[object]) -> frozenset[int]:
    """Return what stands in branches that only ask whether anything was shown, by its id.

    Comparisons are parts of such tests; what is raised there is raised for those who show nothing.
    """
    held: set[int] = set()
    for node in nodes:
        if isinstance(node, _BRANCHES) and _asks_for_presence(node.test):
            held.update(id(one) for one in within(node.test))
        if isinstance(node, ir.Branch) and _asks_for_presence(node.test):
            raised = (
                one for one in within((node.then, node.otherwise)) if isinstance(one, ir.Raise)
            )
            held.update(id(part) for one in raised for part in within(one))
    return frozenset(held)


def _asks_for_presence(test: ir.Expression) -> bool:
    """Tell whether a test asks no more than whether a text is there, or how it begins."""
    match test:
        case ir.Name() | ir.Attribute() | ir.Index():
            return True
        case ir.Unary(operator="not" | "!", operand=inner):
            return _asks_for_presence(inner)
        case ir.Logical(operands=parts):
            return all(_asks_for_presence(part) for part in parts)
        case ir.Compare(operator="in" | "not in", left=ir.Const()):
            return True
        case ir.Compare(operator="==" | "!=" | "is" | "is not", left=left, right=right):
            return _is_nothing(left) or _is_nothing(right)
        case ir.Call(callee=ir.Attribute(name=name)):
            return name in _LOOKS and all(
                isinstance(one.value, ir.Const) for one in test.arguments
            )
        case _:
            return False


_LOOKS: Final = frozenset({"get", "startswith", "startsWith", "includes", "trim", "strip"})


def _is_nothing(value: ir.Expression) -> bool:
    return (isinstance(value, ir.Const) and value.value in (None, "")) or (
        isinstance(value, ir.Name) and value.name == "undefined"
    )


_EFFECTS: Final = frozenset({"allow", "deny"})


def _decides_nothing(call: ir.Call) -> bool:
    name = _name(call.callee)
    root = call.callee
    while isinstance(root, ir.Attribute):
        root = root.object
    if isinstance(root, ir.Name) and root.name in _LOGS:
        return True
    given = [one.value for one in call.arguments]
    builds = any(
        isinstance(one, ir.Const) and (one.value is True or str(one.value).lower() in _EFFECTS)
        for one in given
    )
    return builds or name in _OF_TEXTS or name in _ALLOWS_ALL


@record
class Confirmed:
    """What a pre sign-up trigger says of everybody who signs up."""

    at: Location
    verifies: bool
    """Whether an address counts as the user's own, too."""


def confirming(function: Function) -> Confirmed | None:
    """Return where a pre sign-up trigger confirms whoever signs up; the worst it says of them."""
    handler = function.handler
    if isinstance(handler, Unknown):
        return None
    body = body_of(handler)
    if any(_refuses(node) for node in within(body)):
        return None
    found = [Confirmed(_at(handler, span), name in _VERIFIES) for name, span in _said(body)]
    return max(found, key=lambda one: one.verifies, default=None)


def _refuses(node: object) -> bool:
    """Tell whether a branch that ends the function hangs on more than a look at a text."""
    return (
        isinstance(node, ir.Branch)
        and any(isinstance(one, ir.Raise) for one in within((node.then, node.otherwise)))
        and not _looks_at_text(node.test)
    )


def _looks_at_text(test: ir.Expression) -> bool:
    return all(
        _name(node.callee) in _OF_TEXTS for node in within(test) if isinstance(node, ir.Call)
    )


def _said(block: ir.Block) -> Iterator[tuple[str, ir.Span]]:
    """Yield what is said of everybody, outside of branches for users of a certain origin."""
    for statement in block:
        match statement:
            case ir.Assign():
                for name in (_CONFIRMS, *_VERIFIES):
                    for node in within(statement):
                        span = _says(node, name)
                        if span is not None:
                            yield name, span
            case ir.Branch() if not _is_of_origin(statement.test):
                if _looks_at_text(statement.test):
                    yield from _said(statement.then)
                    yield from _said(statement.otherwise)
            case ir.Try() | ir.Using():
                yield from _said(statement.body)
            case _:
                pass


def _is_of_origin(test: ir.Expression) -> bool:
    for node in within(test):
        if isinstance(node, ir.Attribute | ir.Name) and node.name == "triggerSource":
            return True
        if isinstance(node, ir.Const) and (
            node.value == "triggerSource" or str(node.value).startswith("PreSignUp_")
        ):
            return True
    return False


def _says(node: object, name: str) -> ir.Span | None:
    """Return where a name is given the value true, by assignment or in an object."""
    if (
        isinstance(node, ir.Assign)
        and _is_true(node.value)
        and any(_target(target) == name for target in node.targets)
    ):
        return node.span
    if isinstance(node, ir.Entry) and _is_true(node.value):
        key = node.key
        if isinstance(key, ir.Const) and key.value == name:
            return key.span
    return None


def _target(target: ir.Target) -> object:
    if isinstance(target, ir.AttributeTarget):
        return target.name
    if isinstance(target, ir.IndexTarget) and isinstance(target.key, ir.Const):
        return target.key.value
    return None


def _is_true(value: ir.Expression | None) -> bool:
    return isinstance(value, ir.Const) and value.value is True


def _name(callee: ir.Expression) -> str:
    return callee.name if isinstance(callee, ir.Attribute | ir.Name) else ""


def _at(handler: Handler, span: ir.Span) -> Location:
    return handler.file.at(*span)
