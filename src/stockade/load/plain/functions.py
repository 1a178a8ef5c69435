"""The functions of a file of JavaScript or TypeScript: what they take, ask of it and answer."""

from collections.abc import Iterator
from typing import Final

from stockade.load.javascript import FUNCTIONS, Node, bare
from stockade.load.plain.exports import Names, says, text_of

TEXT: Final = "body, a text"
"""Stands among the fields for a body that is parsed: web servers have it parsed already."""

_DEEPEST: Final = 3
"""Functions that hand on what they are given."""
_MOST_ARGUMENTS: Final = 4


class Functions:
    """What the functions of one file ask their parameters for, each looked through once."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self._asked: dict[tuple[int, int, int], frozenset[str]] = {}
        self._answers: dict[int, bool] = {}

    def asked(self, function: Node, position: int = 0, depth: int = _DEEPEST) -> frozenset[str]:
        """Return the fields that a function asks a parameter for, also by others of the file."""
        key = (function.id, position, depth)
        known = self._asked.get(key)
        if known is None:
            self._asked[key] = frozenset()
            known = self._asked[key] = frozenset(self._ask(function, position, depth))
        return known

    def answers(self, function: Node) -> bool:
        """Tell whether a function says with which status a request is answered."""
        known = self._answers.get(function.id)
        if known is None:
            known = self._answers[function.id] = any(map(_is_status, _within(function)))
        return known

    def called(self, call: Node) -> Iterator[Node]:
        """Yield the functions of the file that a call may call."""
        callee = call.child_by_field_name("function")
        return (one for one in self.names.meant(callee) if is_function(one))

    def _ask(self, function: Node, position: int, depth: int) -> Iterator[str]:
        taken = parameters(function)[position : position + 1]
        if not taken or depth == 0:
            return
        target = pattern_of(taken[0])
        if target.type == "object_pattern":
            yield from _keys(target)
            return
        name = text_of(target)
        for node in _within(function):
            yield from _read(node, name)
            if node.type == "call_expression":
                for place, given in enumerate(arguments(node)[:_MOST_ARGUMENTS]):
                    if _is(given, name):
                        for called in self.called(node):
                            yield from self.asked(called, place, depth - 1)


def is_function(node: Node) -> bool:
    """Tell whether a node is a function or a method."""
    return node.type in FUNCTIONS or node.type == "method_definition"


def is_async(function: Node) -> bool:
    """Tell whether a function is declared asynchronous."""
    return any(one.type == "async" for one in function.children)


def parameters(function: Node) -> list[Node]:
    """Return the parameters of a function."""
    single = function.child_by_field_name("parameter")
    if single is not None:
        return [single]
    listed = function.child_by_field_name("parameters")
    found = listed.named_children if listed is not None else ()
    return [one for one in found if one.type != "comment"]


def pattern_of(parameter: Node) -> Node:
    """Return the name of a parameter, or how it is taken apart, without type and default."""
    pattern = parameter.child_by_field_name("pattern")
    return pattern or parameter.child_by_field_name("left") or parameter


def gives_nothing(function: Node) -> bool:
    """Tell whether a function gives back no value."""
    body = function.child_by_field_name("body")
    is_block = body is not None and body.type == "statement_block"
    return is_block and not any(
        one.type == "return_statement" and one.named_children for one in _within(body)
    )


def may_be_left_out(parameter: Node) -> bool:
    """Tell whether a parameter has a value that stands in for it."""
    is_assigned = parameter.type == "assignment_pattern"
    return is_assigned or parameter.child_by_field_name("value") is not None


def names_of(function: Node) -> list[str]:
    """Return the names of a function's parameters; one that is taken apart has its whole text."""
    return [text_of(pattern_of(one)) for one in parameters(function)]


def arguments(call: Node) -> list[Node]:
    """Return what a call is given."""
    given = call.child_by_field_name("arguments")
    listed = given.named_children if given is not None else ()
    return [one for one in listed if one.type != "comment"]


def _within(function: Node) -> Iterator[Node]:
    waiting = [function]
    while waiting:
        node = waiting.pop()
        waiting.extend(node.named_children)
        yield node


def _is_status(node: Node) -> bool:
    if node.type == "pair":
        return says(node.child_by_field_name("key"), "statusCode")
    return node.type == "shorthand_property_identifier" and says(node, "statusCode")


def _read(node: Node, name: str) -> Iterator[str]:
    """Yield the fields that one piece of code reads of what bears a name."""
    match node.type:
        case "member_expression" if _is(node.child_by_field_name("object"), name):
            yield text_of(node.child_by_field_name("property"))
        case "subscript_expression" if _is(node.child_by_field_name("object"), name):
            yield text_of(node.child_by_field_name("index")).strip("'\"`")
        case "variable_declarator" if _is(node.child_by_field_name("value"), name):
            yield from _keys(node.child_by_field_name("name"))
        case "call_expression" if says(node.child_by_field_name("function"), "JSON.parse"):
            for given in arguments(node)[:1]:
                text = bare(given)
                if text.type == "binary_expression":  # `event.body || "{}"`
                    text = bare(text.child_by_field_name("left"))
                if text.type != "call_expression" and "body" in _read(text, name):
                    yield TEXT


def _is(node: Node | None, name: str) -> bool:
    """Tell whether an expression is a name and no more."""
    return node is not None and says(bare(node), name)


def _keys(target: Node) -> Iterator[str]:
    """Yield the names that a value is taken apart into, at its top."""
    for one in target.named_children if target.type == "object_pattern" else ():
        yield text_of(one.child_by_field_name("key") or one.child_by_field_name("left") or one)
