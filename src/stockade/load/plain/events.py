"""Which functions of a file of JavaScript or TypeScript take an event, as far as it tells."""

from collections.abc import Iterator
from typing import Final

from stockade._late import pattern
from stockade.load.javascript import FUNCTIONS, Node, bare, wrapped
from stockade.load.plain.exports import says, text_of
from stockade.load.plain.found import BRIDGES, is_usual
from stockade.load.plain.functions import (
    TEXT,
    Functions,
    arguments,
    gives_nothing,
    is_async,
    is_function,
    may_be_left_out,
    names_of,
    parameters,
    pattern_of,
)

EVENTS: Final = frozenset({"event", "evt", "_event"})
SHORT: Final = frozenset({"e", "ev"})
FIELDS: Final = frozenset(
    [
        *("Records", "body", "queryStringParameters", "multiValueQueryStringParameters"),
        *("pathParameters", "requestContext", "rawPath", "rawQueryString", "httpMethod"),
        *("authorizationToken", "methodArn", "isBase64Encoded", "detail", "arguments"),
    ]
)
"""Fields of events, by which a parameter that is taken apart where it stands is known as one."""
_UNMISTAKABLE: Final = FIELDS - {"body", "detail", "arguments"}
"""Fields by which an event is known whatever it is called."""
_CONTEXTS: Final = frozenset({"context", "ctx", "_context", "callback", "cb", "_ctx", "_"})
_CALLBACKS: Final = frozenset({"callback", "cb"})
_OF_WEB_SERVERS: Final = frozenset({"req", "request", "_req"})
_DEFAULT: Final = "default"
_TYPE: Final = pattern(
    r"(?:APIGateway|ALB|LambdaFunctionURL|S3|SNS|SQS|SES|DynamoDBStream|KinesisStream|EventBridge|"
    r"Scheduled|CloudFront|AppSync|Lex|IoT|CloudWatch|Firehose|Connect|CodePipeline|MSK|\w+Trigger|"
    r"CloudFormationCustomResource|SelfManagedKafka|Transfer\w*)\w*(?:Event|Handler)(?:V2)?\w*|"
    r"Handler"
)
"""Matches the types of `@types/aws-lambda` that are events, and handlers of them."""
_WRAPPERS: Final = BRIDGES | {
    *("@middy/core", "@sentry/serverless", "@sentry/aws-serverless", "datadog-lambda-js"),
}
"""The packages whose functions give a handler of what they are given."""
_STREAMED: Final = "awslambda.streamifyResponse"
_MOST_WRAPPED: Final = 100
"""Calls and functions around and within a call that are looked at."""
_TWO: Final = 2


def is_handler(name: str, node: Node, file: Functions) -> bool:
    """Tell whether an export takes an event.

    What a file exports by default is often of some other framework: its event must show.
    """
    if node.type == "call_expression":
        return is_usual(name) or _wraps_handler(node, file, surely=_is_default(name))
    if not is_function(node):
        return node.type in _LEADING_OUT and is_usual(name)
    taken = names_of(node)
    if taken[:1] and taken[0] in _OF_WEB_SERVERS and taken[1:_TWO] != ["context"]:
        return len(taken) == 1 and not _is_called_without(node) and _is_surely_event(node, file)
    if is_usual(name):
        known = len(taken) < _TWO or taken[1] in _CONTEXTS
        return known or _is_event(node, file)
    if _is_said_handler(node):
        return True
    if not taken:
        return False
    last = taken[_TWO].lower() if taken[_TWO:] else ""
    if last in _CALLBACKS and taken[0] not in {"err", "error"}:
        return True
    if _is_called_without(node) or not _is_event(node, file):
        return False
    if taken[1:] and taken[1] in _CONTEXTS:
        return True
    if _is_default(name) and not _is_surely_event(node, file):
        return False
    if len(taken) > 1:
        return last == "done"
    if file.answers(node) or _is_async(node, file):
        return True
    # Other code would ask for the records to give something back.
    return "Records" in file.asked(node) and gives_nothing(node)


def _is_default(name: str) -> bool:
    return name.partition(".")[0] == _DEFAULT


def events_of(node: Node, file: Functions) -> frozenset[str]:
    """Return what a handler calls its event, and what the function calls it that it wraps."""
    if node.type == "call_expression":
        return frozenset(name for one in _wrapped_by(node, file) for name in names_of(one)[:1])
    return frozenset(names_of(node)[:1]) if is_function(node) else frozenset()


def declared_of(node: Node) -> Node:
    """Return what says all of a function: with the type of the name that it is bound to."""
    above = node.parent
    while above is not None and wrapped(above) is not None:
        above = above.parent
    return above if above is not None and above.type == "variable_declarator" else node


_LEADING_OUT: Final = frozenset(
    {"identifier", "shorthand_property_identifier", "member_expression"}
)
"""How a file exports what it got elsewhere."""


def _is_event(function: Node, file: Functions) -> bool:
    """Tell whether a function's first parameter is an event: by its name, fields or type."""
    named = any(one in EVENTS for one in names_of(function)[:1])
    return named or _is_surely_event(function, file)


def _is_called_without(function: Node) -> bool:
    """Tell whether a function has a value for when it is given no event: Lambda gives one."""
    left_out = any(map(may_be_left_out, parameters(function)[:_TWO]))
    return left_out and not _is_typed(function)


def _is_typed(function: Node) -> bool:
    """Tell whether a function or its first parameter has a type of a handler or an event."""
    types = (*(_type_of(one) for one in parameters(function)[:1]), *_types(function))
    return any(map(_TYPE.fullmatch, types))


def _is_said_handler(function: Node) -> bool:
    return any(one.endswith("Handler") and _TYPE.fullmatch(one) for one in _types(function))


def _is_surely_event(function: Node, file: Functions) -> bool:
    """Tell the same by fields or type only: browsers and other frameworks have events, too."""
    if _is_typed(function):
        return True
    asked = file.asked(function)
    first = next(iter(parameters(function)), None)
    if first is not None and pattern_of(first).type == "object_pattern":
        return not FIELDS.isdisjoint(asked)
    if not asked.isdisjoint(_UNMISTAKABLE | {TEXT}):
        return True
    if "body" in asked and names_of(function)[0] in SHORT:  # Events of browsers have none.
        return True
    # What has a status is an answer itself, on its way to another form.
    return "body" in asked and "statusCode" not in asked and file.answers(function)


def _types(function: Node) -> Iterator[str]:
    """Yield the names of the types that a function itself is said to be of."""
    yield _type_of(declared_of(function))
    above = function.parent
    while above is not None and wrapped(above) is not None:  # `(async (event) => {}) as Handler`
        yield from (_name_of(one) for one in above.named_children)
        above = above.parent


def _type_of(node: Node) -> str:
    kind = node.child_by_field_name("type")
    return _name_of(kind.named_children[0]) if kind is not None and kind.named_children else ""


def _name_of(kind: Node) -> str:
    """Return the name of a type, without what it is a type of: `Handler` of `Handler<Order>`."""
    if "type" not in kind.type:
        return ""
    name = text_of(kind.child_by_field_name("name") or kind)
    return name.strip("<>").rpartition(".")[2]


def _is_async(function: Node, file: Functions) -> bool:
    """Tell whether a function is asynchronous, or hands on to one that is."""
    body = function.child_by_field_name("body")
    hands_on = body is not None and body.type == "call_expression"
    return is_async(function) or (hands_on and any(map(is_async, file.called(body))))


def _wraps_handler(call: Node, file: Functions, *, surely: bool) -> bool:
    """Tell whether a call is given a function that takes an event: `middy(async (event) => 1)`."""
    callee = call.child_by_field_name("function")
    if says(callee, _STREAMED):
        return True
    if arguments(call) and file.names.package_of(callee) in _WRAPPERS:
        return True
    test = _is_surely_event if surely else _is_event
    return any(test(one, file) for one in _wrapped_by(call, file))


def _wrapped_by(call: Node, file: Functions) -> Iterator[Node]:
    """Yield the functions that a call may make a handler of.

    Those that it is given, or that calls are given which it is given or goes on from; and what
    the function of the file that is called gives back.
    """
    waiting, met = [call], {call.id}
    while waiting and len(met) < _MOST_WRAPPED:
        one = waiting.pop()
        if is_function(one):
            if parameters(one):
                yield one
            continue
        callee = one.child_by_field_name("function")
        for made in file.called(one):
            yield from _given_back(made)
        given = arguments(one)
        if callee.type == "member_expression":  # `middy(handler).use(...)`
            before = bare(callee.child_by_field_name("object"))
            given.extend([before] if before.type == "call_expression" else [])
        for each in (found for further in given for found in file.names.meant(further)):
            if each.id not in met and (each.type == "call_expression" or is_function(each)):
                met.add(each.id)
                waiting.append(each)


def _given_back(maker: Node) -> Iterator[Node]:
    """Yield the functions that a function of the file returns: `name => async (event) => ...`."""
    body = maker.child_by_field_name("body") if maker.type in FUNCTIONS else None
    if body is None:
        return
    written = [body]
    if body.type == "statement_block":
        returned = (one for one in body.named_children if one.type == "return_statement")
        written = [part for one in returned for part in one.named_children[:1]]
    yield from (one for one in map(bare, written) if one.type in FUNCTIONS)
