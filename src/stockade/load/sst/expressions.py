"""Expressions of JavaScript and TypeScript, read for what they are and never run."""

from collections.abc import Callable, Mapping
from typing import Final

from stockade.load.javascript import FUNCTIONS, Node, wrapped
from stockade.load.scripts import unescaped
from stockade.load.sst.running import Frame
from stockade.load.sst.things import (
    Array,
    Class,
    Closure,
    Component,
    Native,
    Object,
    Resource,
    Thing,
    entries_of,
    is_nothing,
    listed,
    nothing,
    settled,
    truth,
)
from stockade.load.terraform.values import known, same
from stockade.model import (
    Choice,
    Location,
    Parameter,
    Scalar,
    Unknown,
    constant,
)

_INTERPOLATE: Final = frozenset({"$interpolate", "pulumi.interpolate", "$util.interpolate"})
_MOST_ITEMS: Final = 5_000


def evaluate(node: Node, frame: Frame) -> Thing:
    """Return what an expression means; Unknown, with the reason, where that cannot be told."""
    at = frame.script.at(node)
    spent = frame.program.enter(at)
    if spent is not None:
        return spent
    try:
        kind = "function" if node.type in FUNCTIONS else node.type
        inner = wrapped(node)
        if inner is not None:
            return evaluate(inner, frame)
        reader = _READERS.get(kind)
        return reader(node, at, frame) if reader is not None else computed(at)
    finally:
        frame.program.leave()


def computed(at: Location) -> Unknown:
    """Return what stands for a value that only running the program would tell."""
    return Unknown("it is computed when the application is deployed", at)


# --- literals -----------------------------------------------------------------------------------


def _string(node: Node, at: Location, frame: Frame) -> Thing:
    return Scalar(frame.script.string(node), at)


def _number(node: Node, at: Location, frame: Frame) -> Thing:
    text = frame.script.word(node).replace("_", "")
    try:
        return Scalar(int(text, 0) if "." not in text else float(text), at)
    except ValueError:
        return computed(at)


def _true(_node: Node, at: Location, _frame: Frame) -> Thing:
    return Scalar(value=True, at=at)


def _false(_node: Node, at: Location, _frame: Frame) -> Thing:
    return Scalar(value=False, at=at)


def _null(_node: Node, at: Location, _frame: Frame) -> Thing:
    return nothing(at)


def _template(node: Node, at: Location, frame: Frame) -> Thing:
    """Return a template literal with its values put in."""
    parts: list[Thing] = []
    for one in node.children:
        match one.type:
            case "template_substitution" if one.named_children:
                parts.append(evaluate(one.named_children[0], frame))
            case "string_fragment":
                parts.append(Scalar(frame.script.word(one), frame.script.at(one)))
            case "escape_sequence":
                parts.append(Scalar(unescaped(frame.script.word(one)), frame.script.at(one)))
            case _:
                pass
    values = [settled(part) for part in parts if not is_nothing(part)]
    return frame.program.stack.text(values, at)


def _array(node: Node, at: Location, frame: Frame) -> Thing:
    items: list[Thing] = []
    for one in node.named_children:
        if one.type == "spread_element":
            spread = evaluate(one.named_children[0], frame)
            found = listed(spread)
            items.extend([spread] if found is None else found)
        elif one.type != "comment":
            items.append(evaluate(one, frame))
    return frame.program.spend(len(items), at) or Array(items[:_MOST_ITEMS], at)


def _object(node: Node, at: Location, frame: Frame) -> Thing:
    made = Object({}, at)
    for one in node.named_children:
        match one.type:
            case "pair":
                key = one.child_by_field_name("key")
                name = _key(key, frame)
                value = evaluate(one.child_by_field_name("value"), frame)
                if name is not None:
                    made.put(name, value, frame.script.at(key))
            case "shorthand_property_identifier":
                name = frame.script.word(one)
                made.put(name, named(name, frame.script.at(one), frame), frame.script.at(one))
            case "spread_element":
                _spread(made, evaluate(one.named_children[0], frame), frame)
            case "method_definition":
                key = one.child_by_field_name("name")
                name = _key(key, frame)
                if name is not None:
                    made.put(name, closure(one, frame), frame.script.at(key))
            case _:
                pass
    return made


def _spread(made: Object, spread: Thing, frame: Frame) -> None:
    entries = entries_of(spread)
    if entries is None:
        if not is_nothing(spread) and truth(spread) is not False:
            why = "what is spread into these settings is not known"
            frame.program.stack.miss(spread.at, why)
        return
    frame.program.spend(len(entries), made.at)
    for name, value in entries.items():
        made.put(name, value, spread.keys.get(name) if isinstance(spread, Object) else None)


def _key(node: Node, frame: Frame) -> str | None:
    if node.type == "string":
        return frame.script.string(node)
    if node.type == "computed_property_name":
        text = constant(settled(evaluate(node.named_children[0], frame)))
        return text if isinstance(text, str) else None
    return frame.script.word(node)


def _function(node: Node, _at: Location, frame: Frame) -> Thing:
    return closure(node, frame)


def closure(node: Node, frame: Frame) -> Closure:
    """Return a function of the author."""
    return Closure(node, frame.script, frame.scope, frame.script.at(node))


def _class(node: Node, _at: Location, frame: Frame) -> Thing:
    return class_of(node, frame)


def class_of(node: Node, frame: Frame) -> Class:
    """Return a class of the author."""
    heritage = next((one for one in node.named_children if one.type == "class_heritage"), None)
    base = None
    for clause in heritage.named_children if heritage is not None else ():
        inner = clause.child_by_field_name("value") if clause.type == "extends_clause" else clause
        found = evaluate(inner, frame) if inner is not None else None
        base = found if isinstance(found, Class) else base
    return Class(node, frame.script, frame.scope, base, frame.script.at(node))


# --- names and members --------------------------------------------------------------------------


def _identifier(node: Node, at: Location, frame: Frame) -> Thing:
    return named(frame.script.word(node), at, frame)


def named(name: str, at: Location, frame: Frame) -> Thing:
    """Return what a name stands for."""
    found = frame.scope.find(name)
    if found is not None:
        return found
    if name == "undefined":
        return nothing(at)
    return frame.program.world(name, at) or Unknown(f"{name[:60]} is declared nowhere", at)


def _member(node: Node, at: Location, frame: Frame) -> Thing:
    holder = evaluate(node.child_by_field_name("object"), frame)
    inner = node.child_by_field_name("property")
    if inner is not None:
        return frame.program.member(holder, frame.script.word(inner), at)
    index = evaluate(node.child_by_field_name("index"), frame)
    name = constant(settled(index))
    if isinstance(name, str):
        return frame.program.member(holder, name, at)
    return computed(at)


def _call(node: Node, at: Location, frame: Frame) -> Thing:
    function = node.child_by_field_name("function")
    arguments = node.child_by_field_name("arguments")
    if arguments is not None and arguments.type == "template_string":
        if frame.script.word(function) in _INTERPOLATE:
            return evaluate(arguments, frame)
        return computed(at)
    given = _arguments(arguments, frame)
    if function.type == "import":
        text = constant(settled(given[0])) if given else None
        if isinstance(text, str):
            return frame.program.imported(frame.script.path, text, at)
        frame.program.stack.miss(at, "files whose names are not known are imported, and not read")
        return computed(at)
    return frame.program.call(evaluate(function, frame), given, at)


def _arguments(node: Node, frame: Frame) -> list[Thing]:
    found: list[Thing] = []
    for one in node.named_children if node is not None else ():
        if one.type == "spread_element":
            spread = evaluate(one.named_children[0], frame)
            found.extend(listed(spread) or [spread])
        elif one.type != "comment":
            found.append(evaluate(one, frame))
    return found


def _new(node: Node, at: Location, frame: Frame) -> Thing:
    class_ = evaluate(node.child_by_field_name("constructor"), frame)
    return frame.program.make(class_, _arguments(node.child_by_field_name("arguments"), frame), at)


# --- operators ----------------------------------------------------------------------------------


def _ternary(node: Node, at: Location, frame: Frame) -> Thing:
    test = node.child_by_field_name("condition")
    decided = truth(evaluate(test, frame))
    branches = [node.child_by_field_name(one) for one in ("consequence", "alternative")]
    if decided is not None:
        return evaluate(branches[0 if decided else 1], frame)
    then, otherwise = (evaluate(one, frame) for one in branches)
    return either(" ".join(frame.script.word(test).split())[:60], then, otherwise, at)


def either(condition: str, then: Thing, otherwise: Thing, at: Location) -> Thing:
    """Return one of two things, by a condition that only a deployment decides.

    Of something that is there or is not, what is there counts.
    """
    for one, other in ((then, otherwise), (otherwise, then)):
        if is_nothing(one):
            return other
    if isinstance(then, Component | Resource | Closure | Object):
        return then
    return Choice(condition, settled(then), settled(otherwise), at)


def _binary(node: Node, at: Location, frame: Frame) -> Thing:
    operator = frame.script.word(node.child_by_field_name("operator"))
    left = evaluate(node.child_by_field_name("left"), frame)
    right = node.child_by_field_name("right")
    if operator in {"??", "||", "&&"}:
        return _logical(operator, left, right, at, frame)
    other = evaluate(right, frame)
    one, two = settled(left), settled(other)
    if operator in {"===", "==", "!==", "!="}:
        equal = same(one, two)
        if equal is None:
            return computed(at)
        return Scalar(value=equal == operator.startswith("="), at=at)
    if operator == "+":
        numbers = _numbers(one, two)
        if numbers is not None:
            return Scalar(numbers[0] + numbers[1], at)
        return frame.program.stack.text([one, two], at)
    return _arithmetic(operator, _numbers(one, two), at)


def _numbers(left: object, right: object) -> tuple[float, float] | None:
    found = [
        one.value
        for one in (left, right)
        if isinstance(one, Scalar)
        and isinstance(one.value, int | float)
        and not isinstance(one.value, bool)
    ]
    return (found[0], found[1]) if len(found) == 2 else None  # noqa: PLR2004 - both of them


_LARGEST: Final = 10**15


def _arithmetic(operator: str, numbers: tuple[float, float] | None, at: Location) -> Thing:
    if numbers is None or max(map(abs, numbers)) > _LARGEST:
        return computed(at)
    left, right = numbers
    match operator:
        case "-":
            return Scalar(left - right, at)
        case "*":
            return Scalar(left * right, at)
        case "/" if right:
            quotient = left / right
            return Scalar(int(quotient) if quotient == int(quotient) else quotient, at)
        case "<":
            return Scalar(value=left < right, at=at)
        case ">":
            return Scalar(value=left > right, at=at)
        case "<=":
            return Scalar(value=left <= right, at=at)
        case ">=":
            return Scalar(value=left >= right, at=at)
        case _:
            return computed(at)


def _logical(operator: str, left: Thing, right: Node, at: Location, frame: Frame) -> Thing:
    decided = truth(left)
    if operator == "??":
        value = known(left) if isinstance(left, Parameter) else left
        decided = None if isinstance(value, Parameter | Unknown | Choice) else not is_nothing(left)
    if decided is not None:
        takes_left = decided if operator != "&&" else not decided
        return left if takes_left else evaluate(right, frame)
    other = evaluate(right, frame)
    if operator == "&&":
        return other
    if isinstance(left, Parameter):
        # What the environment does not say is the default.
        value = settled(other)
        return left if is_nothing(other) else Parameter(left.name, value, at, left.no_echo)
    return either("...", left, other, at)


def _unary(node: Node, at: Location, frame: Frame) -> Thing:
    value = evaluate(node.child_by_field_name("argument"), frame)
    match frame.script.word(node.child_by_field_name("operator")):
        case "!":
            decided = truth(value)
            return computed(at) if decided is None else Scalar(value=not decided, at=at)
        case "-" if isinstance(value, Scalar) and isinstance(value.value, int | float):
            return Scalar(-value.value, at)
        case "typeof":
            return _type(value, at)
        case "void":
            return nothing(at)
        case _:
            return computed(at)


def _type(value: Thing, at: Location) -> Thing:
    match value:
        case Scalar(value=None):
            return Scalar("undefined", at)
        case Scalar(value=bool()):
            return Scalar("boolean", at)
        case Scalar(value=str()):
            return Scalar("string", at)
        case Scalar():
            return Scalar("number", at)
        case Closure() | Native() | Class():
            return Scalar("function", at)
        case Object() | Array() | Component() | Resource():
            return Scalar("object", at)
        case _:
            return computed(at)


def _assignment(node: Node, at: Location, frame: Frame) -> Thing:
    value = evaluate(node.child_by_field_name("right"), frame)
    assign(node.child_by_field_name("left"), value, frame)
    del at
    return value


def _augmented(node: Node, at: Location, frame: Frame) -> Thing:
    left = node.child_by_field_name("left")
    right = node.child_by_field_name("right")
    operator = frame.script.word(node.child_by_field_name("operator")).removesuffix("=")
    before = evaluate(left, frame)
    if operator in {"??", "||", "&&"}:
        value = _logical(operator, before, right, at, frame)
    elif operator == "+":
        value = frame.program.stack.text([settled(before), settled(evaluate(right, frame))], at)
    else:
        evaluate(right, frame)
        value = computed(at)
    assign(left, value, frame)
    return value


def assign(target: Node, value: Thing, frame: Frame) -> None:
    """Give a name, or an entry of an object, a value."""
    if target.type == "identifier":
        frame.scope.assign(frame.script.word(target), value)
        return
    if target.type not in {"member_expression", "subscript_expression"}:
        return
    holder = evaluate(target.child_by_field_name("object"), frame)
    inner = target.child_by_field_name("property")
    name: object = frame.script.word(inner)
    if inner is None:
        name = constant(settled(evaluate(target.child_by_field_name("index"), frame)))
    if isinstance(holder, Object) and isinstance(name, str):
        holder.put(name, value, frame.script.at(target))


def _sequence(node: Node, at: Location, frame: Frame) -> Thing:
    found: Thing = nothing(at)
    for one in node.named_children:
        found = evaluate(one, frame)
    return found


_READERS: Final[Mapping[str, Callable[[Node, Location, Frame], Thing]]] = {
    "string": _string,
    "number": _number,
    "true": _true,
    "false": _false,
    "null": _null,
    "undefined": _null,
    "template_string": _template,
    "array": _array,
    "object": _object,
    "function": _function,
    "identifier": _identifier,
    "this": _identifier,
    "super": _identifier,
    "class": _class,
    "member_expression": _member,
    "subscript_expression": _member,
    "call_expression": _call,
    "new_expression": _new,
    "ternary_expression": _ternary,
    "binary_expression": _binary,
    "unary_expression": _unary,
    "assignment_expression": _assignment,
    "augmented_assignment_expression": _augmented,
    "sequence_expression": _sequence,
}
