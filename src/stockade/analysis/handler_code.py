"""The statements of a handler, for questions that its text answers without being followed."""

from collections.abc import Iterator
from typing import TypeAlias

from stockade._record import fields
from stockade.analysis.code import ir
from stockade.analysis.code.languages import parser_of
from stockade.analysis.code.modules import ModuleCache
from stockade.model import Handler, Unseen
from stockade.model.asked import noted

Node: TypeAlias = ir.Expression | ir.Statement

_WITHOUT_PARTS = (str, ir.Span, int, ir.Closure, ir.Code, float, bytes)
"""What is not entered, functions and classes because they are code of their own."""


def body_of(handler: Handler, cache: ModuleCache) -> ir.Block:
    """Return the statements of the function that a handler names; none if it is not found."""
    module = parsed(handler, cache)
    if isinstance(module, Unseen):
        return ()
    return statements_of(module.code.body, handler.symbol)


def within(node: object) -> Iterator[object]:
    """Yield a piece of code and all that it is made of, without the functions that it defines."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, tuple):
            waiting.extend(reversed(one))
            continue
        if one is None or isinstance(one, _WITHOUT_PARTS):
            continue
        yield one
        if type(one).__module__ == ir.__name__:
            waiting.extend([getattr(one, name) for name in reversed(fields(one))])


def parsed(handler: Handler, cache: ModuleCache) -> ir.Module | Unseen:
    """Return the module that a handler stands in."""
    if (asked := noted()) is not None:
        asked.paths.add(handler.file.path)
    return cache.module(handler.file, parser_of(handler.language))


def statements_of(body: ir.Block, name: str) -> ir.Block:
    """Return the statements of a function that the module defines, or exports, under a name."""
    defined = dict(_definitions(body, ir.NameTarget))
    exported = dict(_definitions(body, ir.AttributeTarget))
    waiting = [found for found in (exported.get(name), defined.get(name)) if found is not None]
    while waiting:
        value = waiting.pop(0)
        match value:
            case ir.Closure():
                return value.code.body
            case ir.Call(callee=callee):
                # A wrapper is given the function, and may be told more: `middy(main).use(...)`.
                waiting.extend(argument.value for argument in value.arguments)
                if isinstance(callee, ir.Attribute):
                    waiting.append(callee.object)
            case ir.Name(name=other) if other in defined:
                waiting.append(defined.pop(other))
            case _:
                pass
    return ()


def _definitions(
    body: ir.Block, kind: type[ir.NameTarget] | type[ir.AttributeTarget]
) -> Iterator[tuple[str, ir.Expression]]:
    for statement in body:
        if isinstance(statement, ir.Assign):
            for target in statement.targets:
                if isinstance(target, kind):
                    yield target.name, statement.value
