"""Frameworks that call functions of the application with parts of the event.

Resolvers of GraphQL (Apollo Server, Powertools), procedures of tRPC, routes of Powertools for
TypeScript, handlers of Alexa skills, and listeners of Slack's and Telegram's apps. Follows the
documentation of each.
"""

from collections.abc import Iterator
from typing import Final

from stockade._late import pattern
from stockade.analysis.interpreter.ecmascript.functions import is_function
from stockade.analysis.interpreter.ecmascript.protocol import ScriptMachine
from stockade.analysis.interpreter.protocol import Arguments, Invocation, call_apart
from stockade.analysis.interpreter.values import (
    UNKNOWN,
    External,
    HeapObject,
    Val,
    join_all,
)

_GRAPHQL: Final = pattern(
    r"npm:(?:@apollo/server|apollo-server-lambda|apollo-server)\.ApolloServer|"
    r"npm:(?:@graphql-tools/schema|graphql-tools)\.makeExecutableSchema|"
    r"npm:graphql-yoga\.createSchema"
)
_TRPC: Final = pattern(r"npm:@trpc/server\..+\.(?:query|mutation|subscription)")
_ROUTER: Final = pattern(
    r"npm:@aws-lambda-powertools/event-handler/(?:http|experimental-rest|rest)\.Router\(\)\."
    r"(?:get|post|put|delete|patch|head|options|route)"
)
_RESOLVER: Final = pattern(
    r"npm:@aws-lambda-powertools/event-handler/appsync-\w+\.AppSync\w+\(\)\."
    r"(?:onQuery|onMutation|resolver|batchResolver)"
)
_TOOL: Final = pattern(r"npm:@aws-lambda-powertools/event-handler/bedrock-agent\.\w+\(\)\.tool")
_SKILL: Final = pattern(r"npm:ask-sdk(?:-core)?\..+\.addRequestHandlers")
_SLACK: Final = pattern(
    r"npm:@slack/bolt\.App\(\)\.(?:command|event|message|action|shortcut|view|options)"
)
_CHAT: Final = pattern(
    r"npm:(?:telegraf\.Telegraf|grammy\.Bot)\(\)\."
    r"(?:command|on|hears|action|use|start|help|callbackQuery)"
)
_PACKAGES: Final = tuple(
    f"npm:{package}"
    for package in (
        "@apollo/server.",
        "apollo-server",
        "@graphql-tools/schema.",
        "graphql-tools.",
        "graphql-yoga.",
        "@trpc/server.",
        "@aws-lambda-powertools/event-handler/",
        "ask-sdk",
        "@slack/bolt.",
        "telegraf.",
        "grammy.",
    )
)
"""Whose calls are looked at; patterns are made when one of them is first met."""
_MESSAGES: Final = ("command", "event", "message", "payload", "body", "action", "shortcut", "view")
_MOST_DEEP: Final = 3


def called(machine: ScriptMachine, call: Invocation) -> Val | None:
    """Call the functions that a framework is given with what it gives them of the event."""
    if not call.callee.startswith(_PACKAGES):
        return None
    if _GRAPHQL.fullmatch(call.callee):
        return _resolved(machine, call)
    passed = _passed(machine, call)
    if passed is None:
        return None
    for value in call.arguments.all():
        function = value if is_function(value) else _handling(machine, call, value)
        if function is not None:
            machine.answer(call_apart(machine, function, Arguments(passed), call.site), call.site)
    return call.receiver


def _passed(machine: ScriptMachine, call: Invocation) -> list[Val] | None:
    """Return what a framework calls its functions with, None where the call is not one's."""
    callee, site = call.callee, call.site
    body = machine.event(("body",), site) if _of_body(callee) else UNKNOWN
    if _TRPC.fullmatch(callee):
        return [_map(machine, call, input=_checked(machine, call, body), ctx=UNKNOWN)]
    if _ROUTER.fullmatch(callee):
        request = Val((External("web.Request", instance=True),))
        given = {"params": machine.event(("pathParameters",), site), "req": request}
        return [_map(machine, call, **given, event=machine.event((), site))]
    if _RESOLVER.fullmatch(callee):
        return [machine.event(("arguments",), site), UNKNOWN]
    if _TOOL.fullmatch(callee):
        return [machine.event(("parameters",), site), UNKNOWN]
    if _SKILL.fullmatch(callee):
        return [_map(machine, call, requestEnvelope=machine.event((), site))]
    if _SLACK.fullmatch(callee):
        return [_map(machine, call, **dict.fromkeys(_MESSAGES, body))]
    if _CHAT.fullmatch(callee):
        return [body, UNKNOWN]
    return None


def _of_body(callee: str) -> bool:
    return any(one.fullmatch(callee) for one in (_TRPC, _SLACK, _CHAT))


def _checked(machine: ScriptMachine, call: Invocation, body: Val) -> Val:
    """Return what a procedure is given: the body as its schema lets it through."""
    for shape in call.receiver.shapes:
        schema = dict(shape.made_of).get("0") if isinstance(shape, External) else None
        if schema is not None and schema.shapes and isinstance(schema.shapes[0], External):
            parse = Invocation("parse", schema, Arguments([body]), call.site)
            return machine.call_method(parse)
    return body


def _resolved(machine: ScriptMachine, call: Invocation) -> Val | None:
    """Call the resolvers of a schema: with the parent, the arguments of the query, and more."""
    settings = call.arguments.get(0, None) or UNKNOWN
    resolvers = machine.attribute(settings, "resolvers", call.site)
    passed = Arguments([UNKNOWN, machine.event(("body",), call.site), UNKNOWN, UNKNOWN])
    for function in _functions(machine, resolvers, _MOST_DEEP):
        machine.answer(call_apart(machine, function, passed, call.site), call.site)
    return None


def _functions(machine: ScriptMachine, value: Val, depth: int) -> Iterator[Val]:
    if is_function(value):
        yield value
    elif depth:
        for _, found in machine.objects(value):
            for inner in (*found.entries.values(), found.rest):
                if inner is not None:
                    yield from _functions(machine, inner, depth - 1)


def _handling(machine: ScriptMachine, call: Invocation, value: Val) -> Val | None:
    """Return the method by which an object handles a request of a skill."""
    if not _SKILL.fullmatch(call.callee):
        return None
    methods = [
        machine.attribute(Val((shape,), value.taints), "handle", call.site)
        for shape in value.shapes
    ]
    return join_all(method for method in methods if is_function(method))


def _map(machine: ScriptMachine, call: Invocation, **entries: Val) -> Val:
    held: dict[str | int, Val] = dict(entries.items())
    return machine.allocate(call.site, HeapObject("map", held), "given")
