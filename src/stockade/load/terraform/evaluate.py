"""What an expression comes to, as far as the repository says.

Follows "Expressions" in the documentation of the Terraform language. What hangs on a value that
only a deployment tells is kept: both branches of a conditional, the parts of a text.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from stockade.load.terraform.functions import call
from stockade.load.terraform.scope import MAX_LEVELS, Failed, Scope
from stockade.load.terraform.syntax import (
    Broken,
    Call,
    Conditional,
    Expression,
    For,
    GetAttribute,
    Given,
    Index,
    ListOf,
    Literal,
    Name,
    ObjectOf,
    Operation,
    Splat,
    Text,
)
from stockade.load.terraform.values import (
    at_deployment,
    get,
    index,
    is_null,
    joined,
    known,
    listed,
    mapped,
    of_each,
    pairs,
    same,
    truth,
)
from stockade.model import (
    Choice,
    List,
    Location,
    Parameter,
    Scalar,
    Unknown,
    Value,
    constant,
    expression,
)

_UNDECIDED: Final = "only a deployment tells how it is decided"


def evaluate(written: Expression, scope: Scope) -> Value:
    """Return the value of an expression. Raises `Failed` where it has none."""
    work = scope.work
    work.steps -= 1
    if work.steps < 0:
        spent = work.spend(0, written.at)
        raise Failed(spent.why if spent else _UNDECIDED, written.at)
    if work.level > MAX_LEVELS:
        raise Failed("it is nested too deep to be followed", written.at)
    work.level += 1
    try:
        return _EVALUATE[type(written)](written, scope)
    finally:
        work.level -= 1


def settled(written: Expression, scope: Scope) -> Value:
    """Return the value of an expression, unknown where it has none."""
    try:
        return evaluate(written, scope)
    except Failed as failed:
        return Unknown(failed.why, failed.at)


def _literal(written: Literal | Given, _scope: Scope) -> Value:
    return written.value


def _broken(written: Broken, _scope: Scope) -> Value:
    return Unknown(written.why, written.at)


def _text(written: Text, scope: Scope) -> Value:
    if len(written.parts) == 1:
        return evaluate(written.parts[0], scope)
    parts = [evaluate(part, scope) for part in written.parts]
    return joined([part for part in parts if not is_null(part)], written.at, scope)


def _list(written: ListOf, scope: Scope) -> Value:
    return listed([settled(item, scope) for item in written.items], written.at)


def _object(written: ObjectOf, scope: Scope) -> Value:
    entries: dict[str, Value] = {}
    keys: dict[str, Location] = {}
    for key, value in written.entries:
        name = expression(settled(key, scope))
        entries[name] = settled(value, scope)
        keys[name] = key.at
    return mapped(entries, written.at, keys)


def _name(written: Name, scope: Scope) -> Value:
    found = scope.names.get(written.name)
    if found is not None:
        return found
    if written.name in {"each", "count", "self"}:
        return at_deployment(written.name, written.at)
    raise Failed(f"nothing is called {written.name[:40]} here", written.at)


def _attribute(written: GetAttribute, scope: Scope) -> Value:
    of, name, at = written.of, written.name, written.at
    if isinstance(of, Name) and of.name not in scope.names:
        return _of_root(of.name, name, at, scope)
    if (
        isinstance(of, GetAttribute)
        and isinstance(of.of, Name)
        and of.of.name in {"data", "ephemeral"}
        and of.of.name not in scope.names
    ):
        return scope.module.data(of.name, name, at)
    return get(evaluate(of, scope), name, at, scope)


def _of_root(root: str, name: str, at: Location, scope: Scope) -> Value:
    """Return `root.name`, where `root` is no iterator."""
    module = scope.module
    match root:
        case "var":
            return module.variable(name, at)
        case "local":
            return module.local(name, at)
        case "module":
            return module.call(name, at)
        case "path":
            return Scalar(_path(name, scope), at)
        case "terraform":
            return at_deployment(f"terraform.{name}", at)
        case "each" | "count" | "self":
            return at_deployment(f"{root}.{name}", at)
        case "data" | "ephemeral":
            raise Failed(f"there is no data source {name[:40]} without a name", at)
        case _:
            return module.resource(root, name, at)


def _path(name: str, scope: Scope) -> str:
    import posixpath  # noqa: PLC0415 - keeps the names of this file to the language's own

    module = scope.module
    if name != "module":
        return "."
    return posixpath.relpath(module.folder or ".", module.root_folder or ".")


def _index(written: Index, scope: Scope) -> Value:
    of = evaluate(written.of, scope)
    return index(of, evaluate(written.key, scope), written.at, scope)


def _splat(written: Splat, scope: Scope) -> Value:
    of = known(evaluate(written.of, scope))
    if is_null(of):
        return List((), written.at)
    if isinstance(of, Unknown):
        return of
    if isinstance(of, Parameter):
        steps = "".join(f".{step}" for step in written.steps if isinstance(step, str))
        return at_deployment(f"{of.name}[*]{steps}", written.at)
    if isinstance(of, Choice):
        return of_each(of, lambda one: _splatted(one, written, scope))
    return _splatted(of, written, scope)


def _splatted(of: Value, written: Splat, scope: Scope) -> Value:
    items = of.items if isinstance(of, List) else () if is_null(of) else (of,)
    return listed([_stepped(item, written, scope) for item in items], written.at)


def _stepped(item: Value, written: Splat, scope: Scope) -> Value:
    for step in written.steps:
        if isinstance(step, str):
            item = get(item, step, written.at, scope)
        else:
            item = index(item, evaluate(step, scope), written.at, scope)
    return item


def _call(written: Call, scope: Scope) -> Value:
    name = written.function.removeprefix("core::")
    if name == "try":
        return _try(written, scope)
    if name == "can":
        return _can(written, scope)
    arguments = [evaluate(argument, scope) for argument in written.arguments]
    if written.spread and arguments:
        last = known(arguments[-1])
        if not isinstance(last, List):
            return Unknown(_UNDECIDED, written.at)
        arguments[-1:] = last.items
    return call(name, arguments, written.at, scope)


def _try(written: Call, scope: Scope) -> Value:
    """Return the first argument that has a value."""
    failed = Failed("`try` has no argument with a value", written.at)
    for argument in written.arguments:
        try:
            return evaluate(argument, scope)
        except Failed as error:
            failed = error
    raise failed


def _can(written: Call, scope: Scope) -> Value:
    try:
        for argument in written.arguments:
            evaluate(argument, scope)
    except Failed:
        return Scalar(value=False, at=written.at)
    return Scalar(value=True, at=written.at)


def _conditional(written: Conditional, scope: Scope) -> Value:
    test = evaluate(written.test, scope)
    decided = truth(test)
    if decided is not None:
        return evaluate(written.then if decided else written.otherwise, scope)
    then, otherwise = (settled(one, scope) for one in (written.then, written.otherwise))
    if isinstance(then, Unknown) and isinstance(otherwise, Unknown):
        return then
    return Choice(worded(written.test), then, otherwise, written.at)


def worded(written: Expression) -> str:
    """Write a condition in short, as the name of what it decides."""
    match written:
        case Name():
            return written.name
        case GetAttribute():
            return f"{worded(written.of)}.{written.name}"
        case Literal():
            text = constant(written.value)
            return text[:40] if isinstance(text, str) else "null"
        case Operation(right=None):
            return f"{written.operator}{worded(written.left)}"
        case Operation(right=right) if right is not None:
            return f"{worded(written.left)} {written.operator} {worded(right)}"
        case Call():
            inside = ", ".join(worded(one) for one in written.arguments)
            return f"{written.function}({inside})"[:80]
        case Index():
            return f"{worded(written.of)}[{worded(written.key)}]"
        case _:
            return "..."


def _operation(written: Operation, scope: Scope) -> Value:
    at, operator = written.at, written.operator
    left = evaluate(written.left, scope)
    if written.right is None:
        return _unary(operator, left, at)
    if operator in {"&&", "||"}:
        return _logical(operator, left, written.right, scope)
    right = evaluate(written.right, scope)
    if operator in {"==", "!="}:
        equal = same(left, right)
        if equal is None:
            return Unknown(_UNDECIDED, at)
        return Scalar(equal is (operator == "=="), at)
    return _arithmetic(operator, left, right, at)


def _unary(operator: str, left: Value, at: Location) -> Value:
    if operator == "!":
        decided = truth(left)
        return Unknown(_UNDECIDED, at) if decided is None else Scalar(not decided, at)
    number = _number(left)
    return Unknown(_UNDECIDED, at) if number is None else Scalar(-number, at)


def _logical(operator: str, left: Value, written: Expression, scope: Scope) -> Value:
    """Decide `&&` and `||`, also where one side is enough."""
    decisive = operator == "||"
    sides = [truth(left)]
    if decisive not in sides:
        sides.append(truth(evaluate(written, scope)))
    if decisive in sides:
        return Scalar(decisive, written.at)
    return Unknown(_UNDECIDED, written.at) if None in sides else Scalar(not decisive, written.at)


_ARITHMETIC: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "%": lambda left, right: left % right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def _arithmetic(operator: str, left: Value, right: Value, at: Location) -> Value:
    one, other = _number(left), _number(right)
    work = _ARITHMETIC.get(operator)
    if one is None or other is None or work is None:
        return Unknown(_UNDECIDED, at)
    try:
        result = work(one, other)
    except (ArithmeticError, ValueError):
        raise Failed("the number cannot be worked out", at) from None
    if isinstance(result, float) and result.is_integer():
        result = int(result)
    if isinstance(result, int) and result.bit_length() > 256:  # noqa: PLR2004 - as `plan` rounds
        result = float("inf")
    return Scalar(result, at)


def _number(value: Value) -> int | float | None:
    text = constant(value)
    if not isinstance(text, str):
        return None
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return None


def _for(written: For, scope: Scope) -> Value:
    of = evaluate(written.of, scope)
    found = known(of)
    if is_null(found):
        raise Failed("there is nothing to run over", written.at)
    if isinstance(found, Choice):
        return of_each(found, lambda one: _looped(one, written, scope))
    return _looped(found, written, scope)


def _looped(of: Value, written: For, scope: Scope) -> Value:
    if isinstance(of, Unknown):
        return of
    if isinstance(of, Parameter):
        return Unknown(f"what it runs over is given at deployment: {of.name}", written.at)
    rounds = _rounds(of, written, scope)
    if written.joined:
        texts = [evaluate(written.result, one) for one in rounds]
        return joined(texts, written.at, scope)
    if written.result_key is None:
        return listed([settled(written.result, one) for one in rounds], written.at)
    return _looped_object(written, written.result_key, list(rounds))


def _rounds(of: Value, written: For, scope: Scope) -> Iterator[Scope]:
    """Yield the names of each round that the condition does not leave out."""
    for key, value in pairs(of, written.at):
        names = {written.value: value}
        if written.key is not None:
            names[written.key] = key
        inner = scope.having(names)
        if written.condition is not None and truth(settled(written.condition, inner)) is False:
            continue
        yield inner


def _looped_object(written: For, result_key: Expression, rounds: Sequence[Scope]) -> Value:
    entries: dict[str, Value] = {}
    keys: dict[str, Location] = {}
    groups: dict[str, list[Value]] = {}
    for inner in rounds:
        name = expression(settled(result_key, inner))
        keys.setdefault(name, written.at)
        value = settled(written.result, inner)
        if written.grouped:
            groups.setdefault(name, []).append(value)
        else:
            entries[name] = value
    for name, values in groups.items():
        entries[name] = List(tuple(values), written.at)
    return mapped(entries, written.at, keys)


_EVALUATE: Final[Mapping[type, Callable[[Any, Scope], Value]]] = {
    Literal: _literal,
    Given: _literal,
    Text: _text,
    ListOf: _list,
    ObjectOf: _object,
    Name: _name,
    GetAttribute: _attribute,
    Index: _index,
    Splat: _splat,
    Call: _call,
    Conditional: _conditional,
    Operation: _operation,
    For: _for,
    Broken: _broken,
}
