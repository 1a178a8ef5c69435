"""Web frameworks in front of a handler: express and its like show the event as a request.

What they are given to answer with is a page where its type says so; a text that `send` of
express is given is one unless it is told otherwise (Express 5 API reference, `res.send`).
"""

from collections.abc import Iterable, Iterator
from typing import Final

from stockade._late import pattern
from stockade.analysis.interpreter.ecmascript import chains, declared, guards
from stockade.analysis.interpreter.ecmascript.protocol import ScriptMachine
from stockade.analysis.interpreter.protocol import (
    Arguments,
    Invocation,
    Machine,
    Site,
    call_apart,
    on_its_route,
)
from stockade.analysis.interpreter.values import (
    NONE,
    UNKNOWN,
    Anything,
    Event,
    External,
    Function,
    Text,
    Val,
    const,
    constant_text,
)
from stockade.model.record import replace

_ROUTER: Final = pattern(
    r"npm:(?:express(?:\.Router)?\(\)|lambda-api\(\)|fastify(?:\.\w+)?\(\)|@koa/router\(\)|"
    r"@codegenie/serverless-express\(\)|(?:@hono/zod-openapi\.OpenAPI|hono(?:/\w+)?\.)Hono\(\)|"
    r"koa-router\(\)|koa\(\)|@hapi/hapi\.[sS]erver\(\))"
    r"(?:\.\w+(?:\(\))?)*\.(?:get|post|put|delete|patch|all|use|route|any|on)"
)
_REQUEST: Final = "web.Request"
_RESPONSE: Final = "web.Response"
_SHOWN: Final[dict[str, tuple[str, ...]]] = {
    "body": ("body",),
    "payload": ("body",),
    "rawBody": ("body",),
    "query": ("queryStringParameters",),
    "params": ("pathParameters",),
    "headers": ("headers",),
    "cookies": ("cookies",),
    "path": ("path",),
    "url": ("path",),
    "originalUrl": ("path",),
    "param": ("pathParameters",),
    "json": ("body",),
    "text": ("body",),
    "header": ("headers",),
    "get": ("headers",),
    "valid": ("body",),
    "parseBody": ("body",),
    "formData": ("body",),
    "queries": ("queryStringParameters",),
}
_OF_CONTEXT: Final = frozenset(
    ["query", "params", "headers", "path", "url", "originalUrl", "cookies", "querystring"]
)
"""What a context of Koa shows of its request."""
_ANSWER: Final = pattern(r"web\.(Response|Request\.context)\.(\w+)")
_SENDS: Final = frozenset({"send", "end", "write", "json", "jsonp", "html", "text", "body"})
_SENDS_AS_IT_IS: Final = frozenset({"write", "end"})
_TYPES: Final = frozenset({"type", "contentType", "setContentType"})
_HEADERS: Final = frozenset({"set", "header", "setHeader", "append"})
_GOES_ON: Final = _TYPES | _HEADERS | {"status", "code", "cookie", "clearCookie", "vary"}
_WITH_CONTEXT: Final = ("koa", "@koa/", "hono", "@hono/")
"""Frameworks that give a function one context in place of a request and a response."""
_HAPI: Final = "@hapi/hapi"
NEST: Final = "@nestjs/core"
_SENT: Final = "sent"
_HELD: Final = ("handler", "options", "config")
"""Where a route that is written as an object holds its function."""
_CONTEXT: Final = f"{_REQUEST}.context"
STREAMED: Final = "streamed"
"""The role of a function that Lambda gives a stream to answer with, beside the event."""
_STREAM: Final = "ecmascript.awslambda.HttpResponseStream.from"
_MARKUP: Final = pattern(r"\s*<[A-Za-z!]")
_HANDLES_ERRORS: Final = 4
"""Parameters of a function that express gives an error before the request."""


def routed(machine: ScriptMachine, call: Invocation) -> Val | None:
    """Run the functions that are put on a route, with the request and the response."""
    if not call.callee.startswith("npm:") or not _ROUTER.fullmatch(call.callee):
        return None
    is_hook = call.callee.endswith(".use")
    path = None if is_hook else constant_text(call.arguments.get(0, None) or UNKNOWN)
    if not machine.is_reached(path):
        return call.receiver
    with on_its_route(machine, kept=is_hook, whose=not is_hook), machine.reached_by(path):
        chains.begin(machine, call.arguments.positional, call.site)
        guards.stand_before(machine, call.receiver)
        guards.stand_among(machine, call)
        _run(machine, call)
        if is_hook:
            guards.put_before_all(machine, call)
    return call.receiver


def _run(machine: ScriptMachine, call: Invocation) -> None:
    """Run the functions of one route, one after the other."""
    framework = call.callee.removeprefix("npm:").partition("(")[0].partition(".")[0]
    address = machine.address(call.site, _RESPONSE)
    request = Val((External(_REQUEST, instance=True),))
    response = response_of(address, framework)
    both = Val((External(f"{_REQUEST}.context", instance=True, address=address),))
    if framework.startswith("fastify"):
        declared.validate(machine, call)
    for place, (value, function) in enumerate(_functions(machine, call.arguments.positional)):
        code = function.code
        following = guards.next_of(machine, call.site, place)
        machine.state.writes[type_of(address)] = NONE
        machine.responders.add(code)
        if framework.startswith(_WITH_CONTEXT):
            passed = [both, following]
        elif len(code.parameters) == 1 and code.parameters[0].name in ("c", "ctx"):
            passed = [both]
        elif len(code.parameters) == _HANDLES_ERRORS and framework == "express":
            passed = [machine.caught(call.site), request, response]
        else:
            passed = [request, response, following]
        result = call_apart(machine, value, Arguments(passed), call.site)
        guards.learn(machine, following, call)
        machine.answer(result, call.site)
        returned(machine, result, address, framework, Site(function.file, code.span))


def response_of(address: int, framework: str) -> Val:
    """Return what a framework gives to answer with."""
    sends = "express" if framework == NEST else framework
    made_of = (("framework", const(sends)),)
    return Val((External(_RESPONSE, instance=True, made_of=made_of, address=address),))


def _functions(
    machine: ScriptMachine, values: Iterable[Val], deep: int = 3
) -> Iterator[tuple[Val, Function]]:
    """Yield the functions that are put on a route, be they in an object that describes it."""
    for value in values:
        function = next((s for s in value.shapes if isinstance(s, Function)), None)
        if function is not None:
            yield value, function
        elif deep:
            for _, found in machine.objects(value):
                held = (found.entries.get(name) for name in _HELD)
                inner = found.entries.values() if found.kind == "list" else held
                yield from _functions(machine, (one for one in inner if one is not None), deep - 1)


def returned(
    machine: ScriptMachine, result: Val, address: int, framework: str, site: Site
) -> None:
    """Look at what a function on a route gives back: some frameworks send that."""
    told = machine.state.variable(type_of(address))
    type_ = constant_text(told) if told is not None else None
    if told == NONE or told is None:
        type_ = "text/html" if framework in (_HAPI, NEST) else ""
    if "html" not in (type_ or ""):
        return
    texts = [shape for shape in result.shapes if isinstance(shape, (Text, Event, Anything))]
    if texts and framework.startswith((_HAPI, NEST, "fastify", "lambda-api")):
        machine.page(Val(tuple(texts), result.taints), site)
    for shape in result.shapes:
        if isinstance(shape, External) and shape.name == _RESPONSE:
            sent = dict(shape.made_of).get(_SENT)
            if sent is not None:
                machine.page(sent, site)


def streamed(machine: ScriptMachine, arguments: Arguments, site: Site) -> Arguments:
    """Return what a function is given that answers through a stream."""
    address = machine.address(site, _RESPONSE)
    machine.state.writes[type_of(address)] = NONE
    stream = Val((External(_RESPONSE, instance=True, address=address),))
    event = arguments.positional[:1] or [UNKNOWN]
    return Arguments([*event, stream, *arguments.positional[1:]])


def told(machine: ScriptMachine, call: Invocation) -> Val | None:
    """Note the type in what a stream is told: `HttpResponseStream.from(stream, metadata)`."""
    if call.callee != _STREAM:
        return None
    stream = call.arguments.get(0, None) or UNKNOWN
    metadata = call.arguments.get(1, None)
    headers = (
        machine.attribute(metadata, "headers", call.site) if metadata is not None else UNKNOWN
    )
    type_ = _content_type(machine, replace(call, arguments=Arguments([headers])))
    for shape in stream.shapes:
        if isinstance(shape, External) and shape.address and type_ is not None:
            machine.state.writes[type_of(shape.address)] = type_
    return stream


def assigned(machine: ScriptMachine, holder: Val, name: str, value: Val) -> None:
    """Note what Koa's context is set to: `ctx.type = "html"`, `ctx.body = ...`.

    A text that begins as markup does is sent as a page ("response.body=" of Koa's reference).
    """
    for shape in holder.shapes:
        if not isinstance(shape, External) or not shape.name.startswith(_CONTEXT):
            continue
        if name == "type":
            machine.state.writes[type_of(shape.address)] = value
        elif name == "body":
            site = machine.here()
            machine.answer(value, site)
            type_ = machine.state.variable(type_of(shape.address))
            written = constant_text(type_) if type_ is not None else None
            if "html" in (written or "") or (type_ in (None, NONE) and _is_markup(value)):
                machine.page(value, site)


def of_request(machine: Machine, shape: External, name: str, site: Site) -> Val | None:
    """Return the part of the event that a framework's request shows."""
    if shape.name == f"{_REQUEST}.context":
        if name in _OF_CONTEXT:
            return machine.event(_SHOWN.get(name, ("rawQueryString",)), site)
        return Val((External(_REQUEST, instance=True),)) if name in ("req", "request") else None
    if shape.name != _REQUEST:
        return None
    found = _SHOWN.get(name)
    return None if found is None else machine.event(found, site)


def answered(machine: ScriptMachine, call: Invocation) -> Val | None:
    """Do what a method of a response does: set its type, or send what it is given."""
    found = _ANSWER.fullmatch(call.callee)
    shape = call.receiver.shapes[0]
    if found is None or not isinstance(shape, External):
        return None
    method = found[2]
    type_ = type_of(shape.address)
    given = call.arguments.get(0, None) or UNKNOWN
    if method in _GOES_ON:
        told = given if method in _TYPES else _content_type(machine, call)
        if told is not None:
            machine.state.writes[type_] = told
        return Val((replace(shape, name=f"web.{found[1]}"),))
    if method == "response":  # Of hapi, which sends it when it is given back.
        return Val((replace(shape, name=_RESPONSE, made_of=(*shape.made_of, (_SENT, given))),))
    if method not in _SENDS:
        return None
    machine.answer(given, call.site)
    if _is_page(method, machine.state.variable(type_), shape, given):
        machine.page(given, call.site)
    return call.receiver


def type_of(address: int) -> tuple[str, int]:
    """Return the name of the state that holds the type of an answer."""
    return ("type", address)


def _content_type(machine: ScriptMachine, call: Invocation) -> Val | None:
    """Return what a method that sets headers says of the type, None where it says nothing."""
    name = call.arguments.get(0, None) or UNKNOWN
    written = constant_text(name)
    if written is not None:
        return call.arguments.get(1, None) if written.lower() == "content-type" else None
    for _, found in machine.objects(name):
        for key, value in found.entries.items():
            if str(key).lower() == "content-type":
                return value
    return None


def _is_page(method: str, told: Val | None, shape: External, given: Val) -> bool:
    type_ = constant_text(told) if told is not None else None
    if method == "html" or type_ is not None:
        return method == "html" or "html" in (type_ or "")
    if told is not None and told != NONE:
        return False
    is_text = all(isinstance(one, (Text, Event, Anything)) for one in given.shapes)
    if dict(shape.made_of).get("framework") != const("express"):
        return False
    if method in _SENDS_AS_IT_IS:
        return _is_markup(given)  # Without a type, which browsers guess.
    return method == "send" and is_text


def _is_markup(value: Val) -> bool:
    return any(
        isinstance(shape, Text) and _MARKUP.match(constant_text(shape.parts[0]) or "") is not None
        for shape in value.shapes
    )
