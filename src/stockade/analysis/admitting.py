"""Triggers whose code lets everybody in: authorizers and sign-ups that ask nothing.

Their text is asked, and that of the application's functions that they call by name. Code that
tests or calls anything of which this does not know that it decides nothing is taken to decide.
Follows "Output from an API Gateway Lambda authorizer" of the API Gateway Developer Guide and "Pre
sign-up Lambda trigger" of the Cognito Developer Guide.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from stockade._late import pattern
from stockade.analysis.called_code import CalledCode, Piece
from stockade.analysis.code import ir
from stockade.analysis.code.modules import ModuleCache
from stockade.analysis.handler_code import within
from stockade.model import Application, Function, Location
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


_MOST_CALLED: Final = 32
"""Functions that are looked into for one handler."""


def admitting(app: Application, function: Function, cache: ModuleCache) -> Location | None:
    """Return where an authorizer allows every request, if its code decides nothing at all."""
    code = CalledCode(app, function, cache)
    reached = _reached(code)
    if reached is None:
        return None
    found: Location | None = None
    for piece in reached:
        for node in within(piece.body):
            if (isinstance(node, ir.Call) and _name(node.callee) in _ALLOWS_ALL) or (
                isinstance(node, ir.Const) and node.value == "Allow"
            ):
                found = found or piece.at(node.span)
            elif (span := _says(code, piece, node, "isAuthorized")) is not None:
                found = found or piece.at(span)
    return found


def failing_open(app: Application, function: Function, cache: ModuleCache) -> Location | None:
    """Return where an authorizer allows whoever makes its check fail: a token that is none does.

    A handler that also refuses outside of what it tries, or tries one thing within another, may
    have found out who calls before.
    """
    code = CalledCode(app, function, cache)
    start = code.handler()
    if start is None:
        return None
    tried = [node for node in within(start.body) if isinstance(node, ir.Try)]
    if len(tried) != 1 or not _finds_out(tried[0].body):
        return None
    [whole] = tried
    inside = {id(node) for node in within(whole)}
    if any(_says_no(node) for node in within(start.body) if id(node) not in inside):
        return None
    for catch in whole.catches:
        said = _allowing(code, start, catch.body)
        if said is not None and not any(_says_no(node) for node in within(catch.body)):
            return said
    return None


def _finds_out(block: ir.Block) -> bool:
    """Tell whether code asks or calls anything that may tell one caller from another."""
    return any(
        isinstance(node, (ir.Compare, *_BRANCHES))
        or (isinstance(node, ir.Call) and not _decides_nothing(node))
        for node in within(block)
    )


def _says_no(node: object) -> bool:
    match node:
        case ir.Raise() | ir.Const(value="Deny"):
            return True
        case ir.Entry(key=ir.Const(value="isAuthorized"), value=ir.Const(value=False)):
            return True
        case ir.Call(callee=callee):
            return bool(_DENIES.search(_name(callee)))
        case _:
            return False


_DENIES: Final = pattern(r"(?i)deny|unauthori|forbid|reject|fail$")
"""What functions are called that answer that a caller may not, or raise it."""


def _allowing(code: CalledCode, piece: Piece, block: ir.Block) -> Location | None:
    """Return where a block says that the caller may, by itself or by a function that says so."""
    for node in within(block):
        if isinstance(node, ir.Const) and node.value == "Allow":
            return piece.at(node.span)
        if (span := _says(code, piece, node, "isAuthorized")) is not None:
            return piece.at(span)
        if isinstance(node, ir.Call):
            if _name(node.callee) in _ALLOWS_ALL:
                return piece.at(node.span)
            called = code.called(node, piece)
            said = () if called is None else tuple(within(called.body))
            if any(isinstance(one, ir.Const) and one.value == "Allow" for one in said) and not any(
                _says_no(one) for one in said
            ):
                return piece.at(node.span)
    return None


def _reached(code: CalledCode) -> list[Piece] | None:
    """Return the functions that run, the handler first; None if anything in them may decide."""
    start = code.handler()
    reached = [] if start is None else [start]
    for piece in reached:
        called = _called(code, piece)
        if called is None or len(reached) > _MOST_CALLED:
            return None
        for one in called:
            if all(one.body is not other.body for other in reached):
                reached.append(one)
    return reached


def _called(code: CalledCode, piece: Piece) -> list[Piece] | None:
    """Return the functions that one calls; None if anything in its own text may decide."""
    called = []
    nodes = list(within(piece.body))
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
        if isinstance(node, ir.Call) and not _decides_nothing(node):
            one = code.called(node, piece)
            if one is None:
                return None
            called.append(one)
    return called


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


def confirming(app: Application, function: Function, cache: ModuleCache) -> Confirmed | None:
    """Return where a pre sign-up trigger confirms whoever signs up; the worst it says of them."""
    code = CalledCode(app, function, cache)
    start = code.handler()
    if start is None:
        return None
    reached = [start]
    for piece in reached:
        for node in within(piece.body):
            if _refuses(node):
                return None
            called = code.called(node, piece) if isinstance(node, ir.Call) else None
            if called is None or len(reached) > _MOST_CALLED:
                continue
            if all(called.body is not one.body for one in reached):
                reached.append(called)
    said = _said(code, start, start.body, set())
    found = [Confirmed(piece.at(span), name in _VERIFIES) for piece, name, span in said]
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


def _said(
    code: CalledCode, piece: Piece, block: ir.Block, seen: set[int]
) -> Iterator[tuple[Piece, str, ir.Span]]:
    """Yield what is said of everybody, outside of branches for users of a certain origin.

    `seen` are the functions that were looked into.
    """
    for statement in block:
        match statement:
            case ir.Assign() | ir.Evaluate() | ir.Return():
                for node in within(statement):
                    for name in (_CONFIRMS, *_VERIFIES):
                        span = _says(code, piece, node, name)
                        if span is not None:
                            yield piece, name, span
                    called = code.called(node, piece) if isinstance(node, ir.Call) else None
                    if called is not None and id(called.body) not in seen:
                        seen.add(id(called.body))
                        yield from _said(code, called, called.body, seen)
            case ir.Branch() if not _is_of_origin(statement.test):
                if _looks_at_text(statement.test):
                    yield from _said(code, piece, statement.then, seen)
                    yield from _said(code, piece, statement.otherwise, seen)
            case ir.Try() | ir.Using():
                yield from _said(code, piece, statement.body, seen)
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


def _says(code: CalledCode, piece: Piece, node: object, name: str) -> ir.Span | None:
    """Return where a name is given the value true, by assignment or in an object."""
    if (
        isinstance(node, ir.Assign)
        and any(_target(target) == name for target in node.targets)
        and _is_true(code, piece, node.value)
    ):
        return node.span
    if isinstance(node, ir.Entry):
        key = node.key
        if isinstance(key, ir.Const) and key.value == name and _is_true(code, piece, node.value):
            return key.span
    return None


def _target(target: ir.Target) -> object:
    if isinstance(target, ir.AttributeTarget):
        return target.name
    if isinstance(target, ir.IndexTarget) and isinstance(target.key, ir.Const):
        return target.key.value
    return None


def _is_true(code: CalledCode, piece: Piece, value: ir.Expression | None) -> bool:
    """Tell whether a value is true, or what a function gives that never gives anything else."""
    if isinstance(value, ir.Await):
        value = value.value
    if isinstance(value, ir.Call):
        called = code.called(value, piece)
        given = () if called is None else tuple(within(called.body))
        answers = [one.value for one in given if isinstance(one, ir.Return)]
        return bool(answers) and all(
            isinstance(one, ir.Const) and one.value is True for one in answers
        )
    return isinstance(value, ir.Const) and value.value is True


def _name(callee: ir.Expression) -> str:
    return callee.name if isinstance(callee, ir.Attribute | ir.Name) else ""
