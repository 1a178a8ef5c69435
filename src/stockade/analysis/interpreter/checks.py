"""What a test tells of the data that it looks at."""

from collections.abc import Callable

from stockade.analysis.interpreter.protocol import Machine
from stockade.analysis.interpreter.values import (
    NUMBER,
    Anything,
    Const,
    Environment,
    External,
    Function,
    Node,
    Ref,
    Truth,
    Val,
    join_all,
    join_taints,
    only_constant,
)

Checked = tuple[tuple[Node, str], ...]


def outcomes(test: Val) -> tuple[Checked, Checked]:
    """Return what is safe where the test is true, and where it is false."""
    truths = [shape for shape in test.shapes if isinstance(shape, Truth)]
    if len(truths) != 1 or len(test.shapes) != 1:
        always = [s for s in test.shapes if not isinstance(s, Truth)]
        if len(truths) == 1 and all(isinstance(s, Const) and not s.value for s in always):
            return truths[0].when_true, ()
        return (), ()
    return truths[0].when_true, truths[0].when_false


def decided(test: Val) -> bool | None:
    """Return how the test surely comes out, or None where that depends."""
    known = only_constant(test)
    if known is not None:
        return bool(known.value)
    if len(test.shapes) == 1 and isinstance(test.shapes[0], Function):
        return True
    return None


def negation(value: Val) -> Val:
    """Return the value of `not value`."""
    known = decided(value)
    if known is not None:
        return Val((Const(not known),))
    when_true, when_false = outcomes(value)
    if when_true or when_false:
        return Val((Truth(when_false, when_true),))
    return NUMBER


def combination(operator: str, values: list[Val]) -> Val:
    """Return the value of `a and b`, `a or b`: one of the operands, and what it tells."""
    found = [outcomes(value) for value in values]
    when_true: Checked = ()
    when_false: Checked = ()
    if operator == "and":
        when_true = tuple(check for true, _ in found for check in true)
    elif operator == "or":
        when_false = tuple(check for _, false in found for check in false)
    if when_true or when_false:
        return Val((Truth(when_true, when_false),), join_taints(*values))
    return _operand(operator, values)


def _operand(operator: str, values: list[Val]) -> Val:
    """Return which operand is the result: constants that surely pass on are left out."""
    kept = []
    for position, value in enumerate(values):
        known = decided(value)
        last = position == len(values) - 1
        if known is None or last:
            kept.append(value)
        elif known is (operator != "and"):
            kept.append(value)
            break
    if operator != "and" and _is_setting(kept):
        # As for `os.environ.get(name, default)`: what is deployed is what the template sets.
        return kept[0]
    return join_all(kept) or NUMBER


def _is_setting(values: list[Val]) -> bool:
    """Tell whether it is an environment variable, and constants in case there is none."""
    first, *others = values
    is_variable = first.shapes and all(isinstance(one, Environment) for one in first.shapes)
    return bool(is_variable) and all(only_constant(one) is not None for one in others)


def comparison(machine: Machine, operator: str, left: Val, right: Val) -> Val:
    """Return the outcome of one comparison."""
    first, second = only_constant(left), only_constant(right)
    if first is not None and second is not None and operator in _DECIDED:
        outcome = _compare_constants(operator, first, second)
        if outcome is not None:
            return Val((Const(outcome),))
    if operator in ("==", "!=", ">") and (told := _of_truth(operator, left, right)) is not None:
        return told
    if operator in ("is", "is not"):
        return NUMBER
    checked: Checked = ()
    if operator in ("in", "not in", "==", "!="):
        if left.taints and _is_fixed(machine, right):
            checked = machine.check(left) + addresses_of(left)
        elif right.taints and operator in ("==", "!=") and _is_fixed(machine, left):
            checked = machine.check(right)
    if not checked:
        return NUMBER
    if operator in ("in", "=="):
        return Val((Truth(checked, ()),))
    return Val((Truth((), checked),))


def _of_truth(operator: str, left: Val, right: Val) -> Val | None:
    """Return what comparing a check's outcome with a constant tells: `valid === false`.

    An error that there is counts as true, so that comparing it with nothing asks for the opposite,
    and so does comparing a number of errors with 0.
    """
    if only_constant(left) is not None and operator != ">":
        left, right = right, left
    known = only_constant(right)
    if known is None or not any(isinstance(shape, Truth) for shape in left.shapes):
        return None
    value = known.value
    if value is not None and not isinstance(value, bool) and value != 0:
        return None
    if operator == ">" and (value is None or value != 0):
        return None
    return left if bool(known.value) is (operator == "==") else negation(left)


def addresses_of(value: Val) -> Checked:
    """Return the addresses that `value` is a part of: a check of the part is one of them."""
    kinds = {
        kind
        for shape in value.shapes
        if isinstance(shape, External)
        for part, kind in _PARTS
        if shape.name.startswith(part)
    }
    if not kinds:
        return ()
    parents = (taint.node.parent for taint in value.taints)
    return tuple((parent, kind) for parent in parents if parent is not None for kind in kinds)


_PARTS = (
    ("urllib.parse.Parsed.hostname", "host"),
    ("urllib.parse.Parsed.netloc", "host"),
    ("urllib.parse.Parsed.scheme", "scheme"),
)


def _is_fixed(machine: Machine, value: Val) -> bool:
    """Tell whether the author or the deployment decides the value, not an event.

    A set that is merely unknown (read from a table, given by configuration) counts: someone
    chose its members. A value that nothing at all is known of does not.
    """
    if not machine.frozen(value):
        return False
    return not all(isinstance(shape, Anything) and not shape.why for shape in value.shapes) or any(
        isinstance(shape, (Ref, External)) for shape in value.shapes
    )


def _same(first: Const, second: Const) -> bool:
    return first == second


_DECIDED: dict[str, Callable[[Const, Const], bool]] = {
    "==": _same,
    "!=": lambda first, second: not _same(first, second),
    "is": _same,
    "is not": lambda first, second: not _same(first, second),
}


def _compare_constants(operator: str, first: Const, second: Const) -> bool | None:
    numbers = (int, float)
    if type(first.value) is not type(second.value) and (
        isinstance(first.value, numbers) and isinstance(second.value, numbers)
    ):
        return None
    return _DECIDED[operator](first, second)
