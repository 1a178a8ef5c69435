"""What a test tells of the data that it looks at."""

from typing import Final

from stockade.analysis.facts import OriginKind
from stockade.analysis.interpreter.deployed import ENVIRONMENT, replaced
from stockade.analysis.interpreter.protocol import Machine
from stockade.analysis.interpreter.values import (
    EVERYTHING,
    NUMBER,
    Absence,
    Anything,
    Const,
    Environment,
    Event,
    External,
    Function,
    Node,
    Number,
    Ref,
    Some,
    Truth,
    Val,
    constant_text,
    join_all,
    join_taints,
    only_constant,
    possible,
    settled,
)

Checked = tuple[tuple[Node, str], ...]


def outcomes(test: Val) -> tuple[Checked, Checked]:
    """Return what is safe where the test is true, and where it is false."""
    truths = [shape for shape in test.shapes if isinstance(shape, Truth)]
    if len(truths) != 1 or len(test.shapes) != 1:
        always = [s for s in test.shapes if not isinstance(s, Truth)]
        if len(truths) == 1 and all(isinstance(s, Const) and not s.value for s in always):
            return truths[0].when_true, ()
        if len(truths) == 1 and all(one in truths[0].beside for one in always):
            return (), truths[0].when_false
        return (), ()
    return truths[0].when_true, truths[0].when_false


def decided(test: Val) -> bool | None:
    """Return how the test surely comes out, or None where that depends."""
    found = {isinstance(one, Some) or bool(one.value) for one in possible(test)}
    if len(found) == 1:
        return found.pop()
    if len(test.shapes) == 1 and isinstance(test.shapes[0], Function):
        return True
    return None


def asks_for_absent(test: Val) -> bool:
    """Tell whether it is asked if a variable is there that the template leaves out or empty."""
    if len(test.shapes) != 1:
        return False
    match test.shapes[0]:
        case Absence():
            return True
        case Environment(may_be=known):
            return bool(known) and not any(isinstance(one, Some) or one.value for one in known)
        case _:
            return False


def _outcome(outcome: bool, *, absent: bool) -> Val:  # noqa: FBT001 - it is the subject
    return Val((Absence(outcome) if absent else Const(outcome),))


def certainty(value: Val) -> Val | None:
    """Return whether the value is true, if that is certain."""
    known = decided(value)
    return None if known is None else _outcome(known, absent=asks_for_absent(value))


def negation(value: Val) -> Val:
    """Return the value of `not value`."""
    known = decided(value)
    if known is not None:
        return _outcome(not known, absent=asks_for_absent(value))
    when_true, when_false = outcomes(value)
    if when_true or when_false:
        return Val((Truth(when_false, when_true),))
    empty = _empty(value)
    return Val((Truth(empty, ()),)) if empty else NUMBER


def _empty(value: Val) -> Checked:
    """Return what is shown by a value that counts as false: an empty text harms nothing."""
    if len(value.taints) != 1 or any(isinstance(one, Truth | Ref) for one in value.shapes):
        return ()
    return ((value.taints[0].node, EVERYTHING),)


def combination(operator: str, values: list[Val]) -> Val:
    """Return the value of `a and b`, `a or b`: one of the operands, and what it tells.

    The last of the operands is the last that is looked at (see `is_last`).
    """
    if operator != "and" and _is_setting(values):
        return _setting(operator, values)
    values = [*(one for one in values[:-1] if is_last(operator, one) is not False), values[-1]]
    found = [outcomes(value) for value in values]
    when_true: Checked = ()
    when_false: Checked = ()
    # One of the operands made it so: what each of them would have shown is shown.
    if operator == "and":
        when_true = tuple(check for true, _ in found for check in true)
        if any(false for _, false in found):
            shown = zip(found, values, strict=True)
            when_false = _shown_by_each([false or _empty(one) for (_, false), one in shown])
    elif operator == "or":
        when_true = _shown_by_each([true for true, _ in found])
        when_false = tuple(check for _, false in found for check in false)
    if when_true or when_false:
        return Val((Truth(when_true, when_false),), join_taints(*values))
    if operator != "and" and _is_setting(values):
        return _setting(operator, values)
    return join_all(values) or NUMBER


def _shown_by_each(checked: list[Checked]) -> Checked:
    """Return what each of several checks shows, the wider ones as much as the others."""
    every = dict.fromkeys(check for one in checked for check in one)
    return tuple(
        (node, kind)
        for node, kind in every
        if all((node, kind) in one or (node, EVERYTHING) in one for one in checked)
    )


def is_last(operator: str, value: Val) -> bool | None:
    """Tell whether no operand after this one is looked at; None where that depends."""
    if operator == "??":
        found = {one == _NOTHING for one in possible(value)}
        return found == {False} if len(found) == 1 else None
    known = decided(value)
    return None if known is None else known is (operator == "or")


def _setting(operator: str, values: list[Val]) -> Val:
    """Return a variable, or what stands in place of one that is not there.

    As for `os.environ.get(name, default)`, what is deployed counts.
    """
    first, *others = values
    if not possible(first):
        return first
    for other in others:
        first = replaced(first, other, _NOTHING.__eq__ if operator == "??" else _is_false)
    return first


def _is_false(one: Const | Some) -> bool:
    return isinstance(one, Const) and not one.value


def _is_setting(values: list[Val]) -> bool:
    """Tell whether it is an environment variable, and constants in case there is none."""
    first, *others = values
    is_variable = first.shapes and all(isinstance(one, Environment) for one in first.shapes)
    return bool(is_variable) and all(only_constant(one) is not None for one in others)


def comparison(machine: Machine, operator: str, left: Val, right: Val) -> Val:
    """Return the outcome of one comparison."""
    known = _compared(machine, operator, left, right)
    if known is not None:
        absent = _is_nothing(right) and asks_for_absent(left)
        return _outcome(known, absent=absent or (_is_nothing(left) and asks_for_absent(right)))
    if operator in ("in", "not in") and (there := _is_there(machine, left, right)) is not None:
        return there if operator == "in" else negation(there)
    if operator in ("==", "!=", ">") and (told := _of_truth(operator, left, right)) is not None:
        return told
    if operator in ("is", "is not"):
        return _of_nothing(operator, left, right) or NUMBER
    if (way := _of_way(machine, operator, left, right)) is not None:
        return way
    checked: Checked = ()
    part = only_constant(left)
    if operator in ("in", "not in") and right.taints and part is not None:
        shown = _without(right, part)
        if shown:
            return Val((Truth((), shown) if operator == "in" else Truth(shown, ()),))
    if operator in ("in", "not in", "==", "!="):
        if left.taints and _is_fixed(machine, right):
            checked = machine.check(left) + addresses_of(left)
            machine.decides(left)
        elif right.taints and _is_fixed(machine, left):
            machine.decides(right)
            if operator in ("==", "!="):
                checked = machine.check(right)
    if not checked:
        return NUMBER
    if operator in ("in", "=="):
        return Val((Truth(checked, ()),))
    return Val((Truth((), checked),))


def _of_way(machine: Machine, operator: str, left: Val, right: Val) -> Val | None:
    """Return what it tells to ask an event which way it came; None where it is not that."""
    if operator in ("==", "!=") and isinstance(right.shapes[0] if right.shapes else None, Event):
        left, right = right, left
    if len(left.shapes) != 1 or not isinstance(left.shapes[0], Event):
        return None
    one = constant_text(right)
    members = [Const(one)] if one is not None else _members(machine, right)
    if members is None or (operator in ("in", "not in")) is (one is not None):
        return None
    texts = [member.value for member in members if isinstance(member.value, str)]
    if_so, if_not = machine.came_by(left.shapes[0].path, texts)
    if not if_so and not if_not:
        return None
    checked = machine.check(left)
    if operator in ("==", "in"):
        return Val((Truth((*if_so, *checked), if_not),))
    return Val((Truth(if_not, (*if_so, *checked)),))


def of_passwords(left: Val, right: Val) -> bool:
    """Tell whether a password that was sent is compared with one that is known here."""
    if not _is_sent_password(left):
        left, right = right, left
    return (
        _is_sent_password(left)
        and not any(taint.data.kind is OriginKind.EVENT for taint in right.taints)
        and not _is_nothing(right)
        and right.shapes != (Number(),)
    )


def _is_sent_password(value: Val) -> bool:
    return any(
        taint.data.kind is OriginKind.EVENT and taint.data.field.lower().endswith(_PASSWORDS)
        for taint in value.taints
    )


_PASSWORDS: Final = ("password", "passwd", "passphrase", "passcode", "pwd")


def _without(text: Val, part: Const) -> Checked:
    """Return what a text cannot harm that this part does not stand in."""
    kinds = _SAFE_WITHOUT.get(part.value, ()) if isinstance(part.value, str) else ()
    return tuple((taint.node, kind) for taint in text.taints for kind in kinds)


_SAFE_WITHOUT: Final = {"..": ("path",), "/": ("path",), "../": ("path",)}
"""No path climbs out of its folder without these."""


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


def _of_nothing(operator: str, left: Val, right: Val) -> Val | None:
    """Return what it tells to ask if a function gave nothing: `denied is not None`."""
    if only_constant(right) != _NOTHING or not any(
        isinstance(shape, Truth) and shape.beside for shape in left.shapes
    ):
        return None
    return negation(left) if operator == "is" else left


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
    ("os.path.commonpath", "path"),
    ("node:url.URL().host", "host"),
    ("node:url.URL().origin", "host"),
    ("node:url.URL().protocol", "scheme"),
    ("node:url.parse().host", "host"),
    ("node:url.parse().protocol", "scheme"),
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


_NOTHING = Const(None)
_OPPOSITES = {"!=": "==", "is not": "==", "not in": "in"}
_MOST_MEMBERS = 64


def _compared(machine: Machine, operator: str, left: Val, right: Val) -> bool | None:
    """Return how a comparison surely comes out, whatever both sides may be."""
    if operator not in _EQUALITIES and operator not in ("in", "not in"):
        return None
    first = possible(left)
    if not first:
        return None
    if operator in _EQUALITIES:
        found = {_same(one, other) for one in first for other in possible(right)}
    else:
        found = {_is_in(machine, one, right) for one in first}
    outcome = found.pop() if len(found) == 1 else None
    return outcome if outcome is None or operator not in _OPPOSITES else not outcome


_EQUALITIES = ("==", "!=", "is", "is not")


def _same(first: Const | Some, second: Const | Some) -> bool | None:
    """Tell whether two values are the same; None where that is not known, or the language's."""
    if isinstance(first, Some) or isinstance(second, Some):
        other = second if isinstance(first, Some) else first
        return False if isinstance(other, Const) and not other.value else None
    numbers = (int, float)
    if type(first.value) is not type(second.value) and (
        isinstance(first.value, numbers) and isinstance(second.value, numbers)
    ):
        return None
    return first == second


def _members(machine: Machine, value: Val) -> list[Const] | None:
    """Return what a list that is written out holds, if all of it is constant."""
    if len(value.shapes) != 1:
        return None
    for _, found in machine.objects(value):
        if found.kind not in ("list", "tuple") or found.rest is not None or not found.entries:
            return None
        constants = [only_constant(one) for one in list(found.entries.values())[:_MOST_MEMBERS]]
        known = [one for one in constants if one is not None]
        return known if len(known) == len(found.entries) else None
    return None


def _is_in(machine: Machine, one: Const | Some, holder: Val) -> bool | None:
    """Tell whether a value is in a list, or part of a text."""
    text = constant_text(settled(holder))
    if text is not None:
        return one.value in text if isinstance(one, Const) and isinstance(one.value, str) else None
    members = _members(machine, holder)
    if members is None:
        return None
    found = {_same(one, member) for member in members}
    if True in found:
        return True
    return None if None in found else False


def _is_nothing(value: Val) -> bool:
    known = only_constant(value)
    return known is not None and not known.value


def _is_there(machine: Machine, key: Val, holder: Val) -> Val | None:
    """Return whether a variable is in the environment, if that is certain."""
    name = constant_text(key)
    if name is None or holder.shapes != (External(ENVIRONMENT),):
        return None
    known = possible(machine.variable(name))
    found = {one != _NOTHING for one in known}
    if len(found) != 1:
        return None
    there = found.pop()
    return _outcome(there, absent=not there)
