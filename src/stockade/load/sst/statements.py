"""Statements of JavaScript and TypeScript, gone through once in their order.

A branch that only a deployment decides is gone through either way, a loop over what is not known
once: what might be deployed counts as deployed.
"""

from collections.abc import Iterable

from stockade.load.javascript import FUNCTIONS, Node
from stockade.load.sst.expressions import assign, class_of, closure, computed, evaluate
from stockade.load.sst.running import Frame
from stockade.load.sst.things import (
    Array,
    Closure,
    Object,
    Scope,
    Thing,
    entries_of,
    is_nothing,
    listed,
    nothing,
    truth,
)
from stockade.model import Scalar


class Returned(Exception):  # noqa: N818 - it is no error
    """A function returns."""

    def __init__(self, thing: Thing) -> None:
        super().__init__()
        self.thing = thing


def run(statements: Iterable[Node], frame: Frame) -> None:
    """Go through statements, the functions that they declare first. Raises `Returned`."""
    kept = list(statements)
    for one in kept:
        name = frame.script.word(one.child_by_field_name("name"))
        if one.type in FUNCTIONS and name:
            frame.scope.names[name] = closure(one, frame)
    for one in kept:
        _statement(one, frame)


def _statement(node: Node, frame: Frame) -> None:
    if frame.program.enter(frame.script.at(node)) is not None:
        return
    try:
        _go_through(node, frame)
    finally:
        frame.program.leave()


def _go_through(node: Node, frame: Frame) -> None:
    match node.type:
        case "lexical_declaration" | "variable_declaration":
            declare(node, frame)
        case "class_declaration" | "abstract_class_declaration":
            name = frame.script.word(node.child_by_field_name("name"))
            frame.scope.names[name] = class_of(node, frame)
        case "expression_statement" if node.named_children:
            evaluate(node.named_children[0], frame)
        case "return_statement":
            at = frame.script.at(node)
            inner = [one for one in node.named_children if one.type != "comment"]
            raise Returned(evaluate(inner[0], frame) if inner else nothing(at))
        case "if_statement":
            _if(node, frame)
        case "statement_block":
            run(node.named_children, frame.inside())
        case "for_in_statement":
            _for_of(node, frame)
        case "for_statement" | "while_statement" | "do_statement":
            _once(node.child_by_field_name("body"), frame)
        case "try_statement":
            _once(node.child_by_field_name("body"), frame)
            _once(node.child_by_field_name("finalizer"), frame)
        case "switch_statement":
            _switch(node, frame)
        case "finally_clause" | "else_clause":
            run(node.named_children, frame.inside())
        case _:
            pass


def _once(body: Node, frame: Frame) -> None:
    """Go through a part that may run; what it returns then is not what is returned for sure."""
    if body is not None:
        try:
            _statement(body, frame.inside())
        except Returned as returned:
            if body.type == "statement_block" and body.parent.type == "try_statement":
                raise Returned(returned.thing) from None


def _if(node: Node, frame: Frame) -> None:
    decided = truth(evaluate(node.child_by_field_name("condition"), frame))
    then, otherwise = (node.child_by_field_name(one) for one in ("consequence", "alternative"))
    if decided is None:
        _once(then, frame)
        _once(otherwise, frame)
    elif decided:
        _statement(then, frame)
    elif otherwise is not None:
        _statement(otherwise, frame)


def _switch(node: Node, frame: Frame) -> None:
    evaluate(node.child_by_field_name("value"), frame)
    body = node.child_by_field_name("body")
    for case in body.named_children if body is not None else ():
        inner = frame.inside()
        for one in case.named_children:
            _once(one, inner)


def _for_of(node: Node, frame: Frame) -> None:
    """Go through `for (const x of xs)` and `for (const key in object)`."""
    of = evaluate(node.child_by_field_name("right"), frame)
    is_in = frame.script.word(node.child_by_field_name("operator")) == "in"
    items = listed(of)
    if is_in:
        entries = entries_of(of)
        items = None if entries is None else [Scalar(name, of.at) for name in entries]
    if items is None:
        items = [computed(of.at)]
    for item in items:
        inner = frame.inside()
        bind(node.child_by_field_name("left"), item, inner)
        body = node.child_by_field_name("body")
        if body is not None:
            _statement(body, inner)


def declare(node: Node, frame: Frame) -> None:
    """Go through `const a = ..., { b } = ...`."""
    for one in node.named_children:
        if one.type == "variable_declarator":
            value = one.child_by_field_name("value")
            at = frame.script.at(one)
            thing = evaluate(value, frame) if value is not None else nothing(at)
            bind(one.child_by_field_name("name"), thing, frame)


def bind(pattern: Node, thing: Thing, frame: Frame) -> None:
    """Give the names of a pattern their meaning: `name`, `{ a, b: c = 1 }`, `[first, second]`."""
    if pattern is None:
        return
    match pattern.type:
        case "identifier" | "shorthand_property_identifier_pattern":
            frame.scope.names[frame.script.word(pattern)] = thing
        case "required_parameter" | "optional_parameter":
            default = pattern.child_by_field_name("value")
            if default is not None and is_nothing(thing):
                thing = evaluate(default, frame)
            bind(pattern.child_by_field_name("pattern"), thing, frame)
        case "assignment_pattern" | "object_assignment_pattern":
            if is_nothing(thing):
                thing = evaluate(pattern.child_by_field_name("right"), frame)
            bind(pattern.child_by_field_name("left"), thing, frame)
        case "object_pattern":
            _bind_entries(pattern, thing, frame)
        case "array_pattern":
            _bind_items(pattern, thing, frame)
        case "member_expression" | "subscript_expression":
            assign(pattern, thing, frame)
        case _:
            pass


def _bind_entries(pattern: Node, thing: Thing, frame: Frame) -> None:
    taken: set[str] = set()
    for one in pattern.named_children:
        match one.type:
            case "pair_pattern":
                name = frame.script.word(one.child_by_field_name("key"))
                inner = one.child_by_field_name("value")
            case "object_assignment_pattern":
                name = frame.script.word(one.child_by_field_name("left"))
                inner = one
            case "rest_pattern":
                rest = {
                    key: value
                    for key, value in (entries_of(thing) or {}).items()
                    if key not in taken
                }
                bind(one.named_children[0], Object(rest, thing.at), frame)
                continue
            case "shorthand_property_identifier_pattern":
                name, inner = frame.script.word(one), one
            case _:
                continue
        taken.add(name)
        bind(inner, frame.program.member(thing, name, frame.script.at(one)), frame)


def _bind_items(pattern: Node, thing: Thing, frame: Frame) -> None:
    items = listed(thing)
    for number, one in enumerate(pattern.named_children):
        if one.type == "rest_pattern":
            bind(one.named_children[0], Array((items or [])[number:], thing.at), frame)
        elif items is None:
            bind(one, computed(thing.at), frame)
        else:
            bind(one, items[number] if number < len(items) else nothing(thing.at), frame)


def returned(function: Closure, arguments: list[Thing], frame: Frame) -> Thing:
    """Return what a function of the author returns; `frame` is where it was written."""
    inner = Frame(frame.script, Scope(function.scope), frame.program)
    node = function.node
    single = node.child_by_field_name("parameter")
    written = node.child_by_field_name("parameters")
    parameters = [single] if single is not None else []
    parameters += written.named_children if written is not None else []
    for number, parameter in enumerate(one for one in parameters if one.type != "comment"):
        pattern = parameter.child_by_field_name("pattern") or parameter
        if pattern.type == "rest_pattern":
            bind(pattern.named_children[0], Array(arguments[number:], function.at), inner)
        else:
            given = arguments[number] if number < len(arguments) else nothing(function.at)
            bind(parameter, given, inner)
    body = node.child_by_field_name("body")
    if body is None:
        return computed(function.at)
    if body.type != "statement_block":
        return evaluate(body, inner)
    try:
        run(body.named_children, inner)
    except Returned as thing:
        return thing.thing
    return nothing(function.at)
