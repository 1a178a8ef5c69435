"""Web frameworks: functions that are put on routes, and run when the framework is given the event.

A decorator of a router notes its function (`@app.get("/users/<id>")`); the call that hands over
the event (`app.resolve(event, context)`, `Mangum(app)(event, context)`) runs every function that
was noted, with what the route gives it: parts of the path, the query, the body.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from stockade._late import pattern
from stockade.analysis.code import ir
from stockade.analysis.interpreter import models
from stockade.analysis.interpreter.annotations import kept_out
from stockade.analysis.interpreter.language import Behaviour
from stockade.analysis.interpreter.protocol import (
    Arguments,
    Invocation,
    Machine,
    Site,
    call_apart,
    on_its_route,
)
from stockade.analysis.interpreter.reader import EventReader
from stockade.analysis.interpreter.values import (
    EVERYTHING,
    UNKNOWN,
    Anything,
    Const,
    Event,
    External,
    Text,
    Val,
    constant_text,
    join_all,
    own_function,
)
from stockade.model.record import record

_POWERTOOLS: Final = r"aws_lambda_powertools\.event_handler(?:\.\w+)*\.\w*(?:Resolver|Router)\(\)"
_HOOKS: Final = ("errorhandler", "app_errorhandler", "before_request", "before_app_request")
_VERBS: Final = (
    rf"(?:get|post|put|delete|patch|head|options|route|api_route|resolver|tool|{'|'.join(_HOOKS)})"
)
_ROUTER: Final = pattern(
    rf"(?:{_POWERTOOLS}|fastapi(?:\.\w+)*\.(?:FastAPI|APIRouter)\(\)|flask(?:\.\w+)*\."
    rf"(?:Flask|Blueprint)\(\)|chalice(?:\.\w+)*\.(?:Chalice|Blueprint)\(\)|bottle\.Bottle\(\)|"
    rf"lambda_handlers\.\w+\(\))\.(?:{_VERBS}\(\)|before_(?:app_)?request)"
)
_APPSYNC: Final = pattern(r"AppSync(?:Events)?Resolver|graphql_appsync|appsync")
_DISPATCH: Final = pattern(
    rf"{_POWERTOOLS}(?:\.resolve)?|mangum\.(?:\w+\.)?Mangum\(\)|serverless_wsgi\.handle_request|"
    r"awsgi2?\.response|aws_lambda_wsgi\.response|aws_wsgi\.response|"
    r"apig_wsgi\.make_lambda_handler\(\)|chalice(?:\.\w+)*\.Chalice\(\)|"
    # An application that is itself the handler: what deploys it puts the adapter before it.
    r"flask(?:\.\w+)*\.Flask\(\)|fastapi(?:\.\w+)*\.FastAPI\(\)|bottle\.Bottle\(\)"
)
_CURRENT_EVENT: Final = pattern(rf"{_POWERTOOLS}\.(?:current_event|_current_event)")
_DATA_CLASS: Final = pattern(
    r"aws_lambda_powertools\.utilities\.(?:data_classes(?:\.\w+)*\.\w+|"
    r"parser(?:\.\w+)?\.parse|typing\.\w+)"
)
_PACKAGES: Final = frozenset(
    [
        "apig_wsgi",
        "aws_lambda_powertools",
        "aws_lambda_wsgi",
        "aws_wsgi",
        "awsgi",
        "awsgi2",
        "bottle",
        "chalice",
        "fastapi",
        "flask",
        "lambda_handlers",
        "mangum",
        "serverless_wsgi",
        "starlette",
    ]
)


_PUTS: Final = frozenset({"starlette.routing.Route", "starlette.routing.WebSocketRoute"})


def is_one(name: str) -> bool:
    """Tell whether the qualified name belongs to a framework that is known here."""
    return name.partition(".")[0] in _PACKAGES


_REQUEST: Final = {
    "args": ("queryStringParameters",),
    "form": ("body",),
    "json": ("body",),
    "json_body": ("body",),
    "raw_body": ("body",),
    "data": ("body",),
    "values": ("body",),
    "files": ("body",),
    "headers": ("headers",),
    "cookies": ("cookies",),
    "path": ("path",),
    "full_path": ("path",),
    "url": ("path",),
    "view_args": ("pathParameters",),
    "query_string": ("rawQueryString",),
    "query_params": ("queryStringParameters",),
    "uri_params": ("pathParameters",),
    "get_json": ("body",),
    "get_data": ("body",),
    "path_params": ("pathParameters",),
    "body": ("body",),
}
_REQUEST_OBJECT: Final = pattern(
    r"(?:flask(?:\.\w+)*\.request|starlette\.requests\.Request|bottle\.request|chalice(?:\.\w+)*\.Chalice\(\)\.current_request)"
)


@record
class Route:
    """A function on a route, and the line of the decorator that put it there."""

    function: Val
    router: str
    path: str
    decorator: tuple[str, int] | None = None
    is_page: bool = False
    """Whether its answers are sent as pages, whatever they are."""
    is_typed: bool = False
    """Whether its parameters hold what their types say, and nothing else."""


_ASGI: Final = "starlette.requests.Request"
"""The request that FastAPI and Starlette give a function which asks for one."""


class Routes:
    """The functions that the code has put on routes so far.

    `sources` are the event sources that decorators make, by their places: what one of them sends
    reaches the function below it, and no other.
    """

    def __init__(
        self, events: EventReader, sources: Mapping[tuple[str, int], tuple[str, ...]]
    ) -> None:
        self._routes: dict[ir.Code, Route] = {}
        self._events = events
        self._sources = sources
        self._checks = False
        """Whether a resolver of Powertools checks what routes are given by its types."""

    def note(self, call: Invocation) -> Val | None:
        """Note the function that a router's decorator is put on, and give it back."""
        if _RESOLVER.fullmatch(call.callee):
            checks = call.arguments.named.get("enable_validation")
            self._checks = self._checks or (
                checks is not None and Const(value=True) in checks.shapes
            )
        if not _ROUTER.fullmatch(call.callee):
            return None
        function = call.arguments.get(0, None)
        own = own_function(function) if function is not None else None
        if function is None or own is None:
            return None
        path, is_page = "", False
        is_typed = call.callee.startswith("fastapi") or _AGENT.search(call.callee) is not None
        is_typed = is_typed or (self._checks and call.callee.startswith(_TYPED))
        for shape in call.receiver.shapes:
            if isinstance(shape, External):
                given = dict(shape.made_of)
                sent_as = given.get("response_class")
                is_page = sent_as is not None and any(
                    isinstance(one, External) and one.name.endswith("HTMLResponse")
                    for one in sent_as.shapes
                )
                rule = given.get("0") or given.get("rule") or given.get("path")
                path = (constant_text(rule) if rule is not None else None) or ""
        decorator = (call.site.file.path, call.site.span.line)
        self._routes[own.code] = Route(function, call.callee, path, decorator, is_page, is_typed)
        return function

    def put(self, machine: Machine, call: Invocation) -> Val | None:
        """Note the function of a route of Starlette: `Route("/run/{n}", run)`."""
        function = call.arguments.get(1, "endpoint")
        own = own_function(function) if function is not None else None
        if call.callee not in _PUTS or function is None or own is None:
            return None
        self._routes[own.code] = Route(function, _ASGI, "")
        machine.responders.update(self.codes())
        return function

    def dispatches(self, callee: str) -> bool:
        """Tell whether the call hands the event to a framework."""
        return bool(self._routes) and _DISPATCH.fullmatch(callee) is not None

    def codes(self) -> frozenset[ir.Code]:
        """Return the code of every function on a route."""
        return frozenset(self._routes)

    def run(self, machine: Machine, site: Site, page: Callable[[Machine, Val, Site], None]) -> Val:
        """Run every function on a route with what its route gives it.

        `page` is told what a function gives that browsers show as a page.
        """
        results = []
        for code, route in self._routes.items():
            function = own_function(route.function)
            # What a route gives arrives where its function is, not where the event is handed over.
            own = site if function is None else Site(function.file, code.span)
            with self._events.without(self._sources_of_others(route)):
                given = {
                    parameter.name: self._parameter(machine, route, parameter, own)
                    for parameter in code.parameters
                    if parameter.name not in ("self", "cls") and parameter.spread is ir.Spread.NO
                }
                kept = "before_" in route.router.rpartition(".")[2]
                with on_its_route(machine, kept=kept):
                    result = call_apart(machine, route.function, Arguments(named=given), own)
            for text in _pages(machine, route, result):
                page(machine, text, own)
            results.append(result)
        return join_all(results) or UNKNOWN

    def _sources_of_others(self, route: Route) -> set[str]:
        """Return the event sources that other functions' decorators make."""
        if route.decorator not in self._sources:
            return set()
        others = (one for place, one in self._sources.items() if place != route.decorator)
        return {source for sources in others for source in sources}

    def _parameter(
        self, machine: Machine, route: Route, parameter: ir.Parameter, site: Site
    ) -> Val:
        """Return what a route gives a parameter of its function."""
        if route.router.endswith(_HOOK_CALLS):
            return UNKNOWN
        if _APPSYNC.search(route.router):
            return machine.event(("arguments", parameter.name), site)
        in_path = re.search(
            rf"[<{{](?:\w+:)?{re.escape(parameter.name)}(?::\w+)?[>}}]", route.path
        )
        if isinstance(parameter.annotation, ir.Name) and parameter.annotation.name == "Request":
            return Val((External(_ASGI, instance=True),))
        if route.router == _ASGI:
            return Val((External(_ASGI, instance=True),))
        if not route.is_typed:
            return machine.event(("pathParameters", parameter.name), site)
        type_ = None if parameter.annotation is None else machine.evaluate(parameter.annotation)
        kinds = frozenset[str]() if type_ is None else kept_out(machine, type_, None)
        if EVERYTHING in kinds:
            return UNKNOWN
        if in_path:
            value = machine.event(("pathParameters", parameter.name), site)
        else:
            asked = [machine.event(each, site) for each in _asked(route, parameter.name)]
            model = None if type_ is None else models.made(machine, type_, asked[-1], site)
            value = model or join_all(asked) or UNKNOWN
        return Val(value.shapes, machine.derive(site, value, kinds=kinds)) if kinds else value


_TYPED: Final = "aws_lambda_powertools."
_RESOLVER: Final = pattern(r"aws_lambda_powertools\.event_handler(?:\.\w+)*\.\w+Resolver")
_AGENT: Final = pattern(r"Bedrock\w*Resolver")


def _asked(route: Route, name: str) -> tuple[tuple[str, ...], ...]:
    """Return where in the event a parameter that is no part of the path may stand.

    Follows "Event Handler for REST API: data validation" and "Bedrock Agents" of Powertools for
    AWS Lambda.
    """
    if _AGENT.search(route.router):
        return (("parameters", "[]", "value"), ("requestBody",))
    return (("queryStringParameters", name), ("body",))


def _pages(machine: Machine, route: Route, result: Val) -> Iterator[Val]:
    """Yield the texts of a route's answer that are sent as a page unless told otherwise.

    Flask and Bottle send any text as `text/html`, FastAPI where `response_class` says so.
    """
    if not route.router.startswith(("flask", "bottle")) and not route.is_page:
        return
    for _, found in machine.objects(result):
        if found.kind == "tuple" and len(found.entries) == _WITH_STATUS:
            yield from _pages(machine, route, found.entries[0])
    shapes = tuple(
        shape
        for shape in result.shapes
        if isinstance(shape, (Text, Event)) or (isinstance(shape, Anything) and shape.of is None)
    )
    if shapes:
        yield Val(shapes, result.taints)


_WITH_STATUS: Final = 2
"""How long the tuple of a text and a status is; a third part is headers, the type among them."""

_HOOK_CALLS: Final = tuple(f".{name}{call}" for name in _HOOKS for call in ("", "()"))
"""Run around the routes, and for what they raise: they see the request, and nothing of a path."""


def field_of(name: str) -> tuple[str, ...] | None:
    """Return the way to the part of the event that a framework's object `name` shows.

    `name` is qualified: `flask.request.args`, `...APIGatewayRestResolver().current_event`.
    """
    if _CURRENT_EVENT.fullmatch(name):
        return ()
    owner, _, attribute = name.rpartition(".")
    if _REQUEST_OBJECT.fullmatch(owner):
        return _REQUEST.get(attribute)
    return None


def wraps_event(callee: str) -> bool:
    """Tell whether the call makes an object of an event that shows the event's own fields."""
    return _DATA_CLASS.fullmatch(callee) is not None


def _process_records(machine: Machine, call: Invocation) -> Val | None:
    """Powertools' batch processing: calls the record handler with each record of the event."""
    handler = call.arguments.get(1, "record_handler")
    event = call.arguments.get(0, "event")
    if handler is None:
        return None
    records = machine.event(("Records", "[]"), call.site)
    if event is not None:
        records = machine.item(machine.attribute(event, "Records", call.site), call.site)
    call_apart(machine, handler, Arguments([records]), call.site)
    return UNKNOWN


def _decorated_batch(machine: Machine, call: Invocation) -> Val | None:
    """`@batch_processor(record_handler=f, processor=p)`: calls `f` with each record."""
    for shape in call.receiver.shapes:
        given = dict(shape.made_of) if isinstance(shape, External) else {}
        handler = given.get("record_handler") or given.get("0")
        if handler is not None:
            records = machine.event(("Records", "[]"), call.site)
            call_apart(machine, handler, Arguments([records]), call.site)
    return call.arguments.get(0, None)


def _started_batch(machine: Machine, call: Invocation) -> Val | None:
    """`with processor(records=event["Records"], handler=f)`: calls `f` with each record."""
    handler = call.arguments.get(1, "handler")
    if handler is not None:
        records = machine.event(("Records", "[]"), call.site)
        call_apart(machine, handler, Arguments([records]), call.site)
    return call.receiver


_BATCH: Final = "aws_lambda_powertools.utilities.batch"

BEHAVIOURS: Final[dict[str, Behaviour]] = {
    f"{_BATCH}.process_partial_response": _process_records,
    f"{_BATCH}.async_process_partial_response": _process_records,
    f"{_BATCH}.decorators.process_partial_response": _process_records,
    **{
        f"{_BATCH}.{name}()": _decorated_batch
        for name in ("batch_processor", "async_batch_processor")
    },
    **{
        f"{_BATCH}.{kind}()": _started_batch
        for kind in ("BatchProcessor", "AsyncBatchProcessor", "SqsFifoPartialProcessor")
    },
}
