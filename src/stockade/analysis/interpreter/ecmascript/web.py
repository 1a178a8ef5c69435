"""Web frameworks in front of a handler: express and its like show the event as a request.

What they are given to answer with is a page where its type says so; a text that `send` of
express is given is one unless it is told otherwise (Express 5 API reference, `res.send`).
"""

from typing import Final

from stockade._late import pattern
from stockade.analysis.interpreter.ecmascript.protocol import ScriptMachine
from stockade.analysis.interpreter.protocol import Arguments, Invocation, Machine, Site, call_apart
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
    r"koa-router\(\)|koa\(\)|@hapi/hapi\.server\(\))"
    r"(?:\.\w+(?:\(\))?)*\.(?:get|post|put|delete|patch|all|use|route|any|on)"
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
_TYPES: Final = frozenset({"type", "contentType"})
_HEADERS: Final = frozenset({"set", "header", "setHeader", "append"})
_GOES_ON: Final = _TYPES | _HEADERS | {"status", "code", "cookie", "clearCookie", "vary"}
_WITH_CONTEXT: Final = ("koa", "@koa/", "hono", "@hono/")
"""Frameworks that give a function one context in place of a request and a response."""
_HANDLES_ERRORS: Final = 4
"""Parameters of a function that express gives an error before the request."""


def routed(machine: ScriptMachine, call: Invocation) -> Val | None:
    """Run the functions that are put on a route, with the request and the response."""
    if not call.callee.startswith("npm:") or not _ROUTER.fullmatch(call.callee):
        return None
    framework = call.callee.removeprefix("npm:").partition("(")[0].partition(".")[0]
    address = machine.address(call.site, _RESPONSE)
    made_of = (("framework", const(framework)),)
    request = Val((External(_REQUEST, instance=True),))
    response = Val((External(_RESPONSE, instance=True, made_of=made_of, address=address),))
    both = Val((External(f"{_REQUEST}.context", instance=True, address=address),))
    for value in call.arguments.positional:
        code = next((s.code for s in value.shapes if isinstance(s, Function)), None)
        if code is None:
            continue
        machine.state.writes[_type_of(address)] = NONE
        machine.responders.add(code)
        if framework.startswith(_WITH_CONTEXT):
            passed = [both, UNKNOWN]
        elif len(code.parameters) == 1 and code.parameters[0].name in ("c", "ctx"):
            passed = [both]
        elif len(code.parameters) == _HANDLES_ERRORS and framework == "express":
            passed = [machine.caught(call.site), request, response]
        else:
            passed = [request, response]
        machine.answer(call_apart(machine, value, Arguments(passed), call.site), call.site)
    return call.receiver


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
    type_ = _type_of(shape.address)
    given = call.arguments.get(0, None) or UNKNOWN
    if method in _GOES_ON:
        told = given if method in _TYPES else _content_type(machine, call)
        if told is not None:
            machine.state.writes[type_] = told
        return Val((replace(shape, name=f"web.{found[1]}"),))
    if method not in _SENDS:
        return None
    machine.answer(given, call.site)
    if _is_page(method, machine.state.variable(type_), shape, given):
        machine.page(given, call.site)
    return call.receiver


def _type_of(address: int) -> tuple[str, int]:
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
    framework = dict(shape.made_of).get("framework")
    return method == "send" and framework == const("express") and is_text
