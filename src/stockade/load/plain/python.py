"""The handlers of a Python file, read and never run."""

import ast
from collections.abc import Collection, Iterator

from stockade._late import pattern
from stockade._python import parse
from stockade.load.plain.found import Found, is_usual
from stockade.model import Location, SourceFile

_EVENT = pattern(r"^_*(?:evt|\w*event|payload|request|req|data|message|msg|input\w*)$")
_CONTEXT = pattern(r"^_+\w*$|^(?:\w*context|ctx|c)$")
_TWO = 2

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_MADE_BY = frozenset(
    {
        *("Mangum", "Magnum", "Chalice", "API", "make_lambda_handler", "make_handler"),
        *("make_lambda_wrapper", "AsgiHandler", "SlackRequestHandler", "lambda_handler"),
    }
)
"""What makes a handler of an application or of a skill: Mangum, apig-wsgi, ask-sdk."""


def handlers(file: SourceFile, root: str) -> Iterator[Found]:
    """Yield the handlers that a file defines at its top. `root` is where its imports start."""
    try:
        tree = parse(file.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    named = list(_named(tree))
    if not named:
        return
    called = _called(tree)
    kept = [(name, node) for name, node in named if is_usual(name) or name not in called]
    # What one handler asks for says nothing of the others.
    others = [node for _, node in kept] if len(kept) > 1 else []
    shared = frozenset(
        word for one in tree.body if not any(one is it for it in others) for word in _words(one)
    )
    for name, node in kept:
        own = frozenset(_words(node)) if others else shared
        around = shared | own
        hands_on = not any(word.startswith("event.") for word in own)
        yield Found(file.path, root, name, _at(file.path, node), own, around, hands_on)


def _named(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """Yield the names at the top of a module that are bound to what may be a handler."""
    own = {one.name for one in tree.body if isinstance(one, _DEFINITIONS)}
    for node in tree.body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() if _is_handler(node):
                yield node.name, node
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() | ast.Lambda()) if (
                is_usual(name) and _is_made(node.value, own)
            ):
                yield name, node


def _is_handler(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell whether a function takes an event and a context, as far as their names tell."""
    arguments = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    rest = function.args.vararg is not None
    if function.name in {"lambda_handler", "lambdaHandler"}:
        return len(arguments) >= _TWO or rest
    if len(arguments) != _TWO:
        return False
    event, context = arguments
    if is_usual(function.name):
        return not event.startswith(("sig", "self", "cls"))
    return bool(_EVENT.match(event)) and bool(_CONTEXT.match(context)) and "event" in event


def _is_made(value: ast.expr, own: Collection[str]) -> bool:
    """Tell whether a call makes a handler: a library's, a wrapper's, a class's of the file."""
    if isinstance(value, ast.Lambda):
        return len(value.args.args) == _TWO
    if not isinstance(value, ast.Call):
        return False
    called = value.func
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    owner = called.value if isinstance(called, ast.Attribute) else called
    return (
        name in _MADE_BY
        or (isinstance(owner, ast.Name) and owner.id in own)
        or any(isinstance(one, ast.Name) for one in value.args)
    )


def _called(tree: ast.Module) -> frozenset[str]:
    """Return the names of the functions that the file itself calls: they are helpers."""
    return frozenset(
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )


def _words(tree: ast.AST) -> Iterator[str]:
    """Yield the keys, attributes and names that code uses; `event.body` for an event's."""
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=of, slice=ast.Constant(value=str(word))):
                yield from _asked(word, of)
            case ast.Call(
                func=ast.Attribute(attr="get" | "pop", value=of),
                args=[ast.Constant(value=str(word)), *_],
            ):
                yield from _asked(word, of)
            case ast.Compare(left=ast.Constant(value=str(word)), ops=[ast.In() | ast.NotIn()]):
                yield word
            case ast.Attribute(attr=word) | ast.Name(id=word):
                yield word
            case ast.Dict(keys=keys):
                if any(
                    isinstance(key, ast.Constant) and key.value == "statusCode" for key in keys
                ):
                    # Only the answer of a handler behind an API has such a key.
                    yield "statusCode"
            case ast.MatchMapping(keys=keys):
                for key in keys:
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        yield key.value


def _asked(word: str, of: ast.expr) -> Iterator[str]:
    yield word
    if isinstance(of, ast.Name) and _EVENT.match(of.id):
        yield f"event.{word}"


def _at(path: str, node: ast.stmt) -> Location:
    return Location(path, node.lineno, node.col_offset + 1, node.lineno, node.col_offset + 1)
