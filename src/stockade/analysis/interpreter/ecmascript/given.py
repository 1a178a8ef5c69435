"""What functions are given: `this`, bound arguments, requests of web frameworks."""

from typing import Final

from stockade._late import pattern
from stockade.analysis.interpreter.protocol import Arguments, Invocation, Machine, Site
from stockade.analysis.interpreter.values import (
    UNKNOWN,
    Bound,
    External,
    Function,
    HeapObject,
    Special,
    Val,
    join_all,
)
from stockade.model.record import replace

_ROUTER: Final = pattern(
    r"npm:(?:express(?:\.Router)?\(\)|lambda-api\(\)|fastify(?:\.\w+)?\(\)|@koa/router\(\)|"
    r"@codegenie/serverless-express\(\)|hono\.Hono\(\)|koa-router\(\)|@hapi/hapi\.server\(\))"
    r"(?:\.\w+)*\.(?:get|post|put|delete|patch|all|use|route|any)"
)
_REQUEST: Final = "web.Request"
_RESPONSE: Final = "web.Response"
_SHOWN: Final[dict[str, tuple[str, ...]]] = {
    "body": ("body",),
    "rawBody": ("body",),
    "query": ("queryStringParameters",),
    "params": ("pathParameters",),
    "headers": ("headers",),
    "cookies": ("headers",),
    "path": ("path",),
    "url": ("path",),
    "originalUrl": ("path",),
    "param": ("pathParameters",),
    "json": ("body",),
    "text": ("body",),
    "header": ("headers",),
    "get": ("headers",),
}


def before(first: Val, arguments: Arguments) -> Arguments:
    """Return the arguments with one more before them."""
    return Arguments(
        [first, *arguments.positional],
        arguments.named,
        arguments.more_items,
        arguments.more_entries,
        arguments.spread_map,
    )


def bound(function: Val, arguments: Arguments) -> Val:
    """Return `function.bind(this, ...)`."""
    this, *others = arguments.positional or [UNKNOWN]
    results = []
    for shape in function.shapes:
        inner = Val((shape,))
        if isinstance(shape, Special) and shape.role == "method":
            inner = Val((Bound(shape.function, this),))
        for value in others:
            inner = Val((Bound(inner, value),))
        results.append(inner)
    return join_all(results) or UNKNOWN


def merged(found: HeapObject, other: HeapObject) -> HeapObject:
    """Return an object with the entries of another put into it."""
    rest = join_all(each for each in (found.rest, other.rest) if each is not None)
    return replace(found, entries={**found.entries, **other.entries}, rest=rest)


# --- web frameworks ----------------------------------------------------------------------


def routed(machine: Machine, call: Invocation) -> Val | None:
    """Run the functions that are put on a route, with the request and the response."""
    if not call.callee.startswith("npm:") or not _ROUTER.fullmatch(call.callee):
        return None
    request, response = External(_REQUEST, instance=True), External(_RESPONSE, instance=True)
    both = External(f"{_REQUEST}.context", instance=True)
    for value in call.arguments.positional:
        code = next((s.code for s in value.shapes if isinstance(s, Function)), None)
        if code is None:
            continue
        is_context = len(code.parameters) == 1 and code.parameters[0].name in ("c", "ctx")
        passed = [Val((both,))] if is_context else [Val((request,)), Val((response,))]
        machine.call(value, Arguments(passed), call.site)
    return call.receiver


def of_request(machine: Machine, shape: External, name: str, site: Site) -> Val | None:
    """Return the part of the event that a framework's request shows."""
    if shape.name == f"{_REQUEST}.context":
        return Val((External(_REQUEST, instance=True),)) if name in ("req", "request") else None
    if shape.name != _REQUEST:
        return None
    found = _SHOWN.get(name)
    return None if found is None else machine.event(found, site)
