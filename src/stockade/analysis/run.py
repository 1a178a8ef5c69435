"""One Lambda function: its handler run on an event, as far as its code can be followed."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from stockade.analysis.across.arrivals import invoked_source
from stockade.analysis.across.fields import by_paths, fields_of
from stockade.analysis.across.triggers import is_rearranged
from stockade.analysis.code import ir
from stockade.analysis.code.languages import modules_of
from stockade.analysis.code.modules import ModuleCache, Modules
from stockade.analysis.events import (
    ANSWERING,
    ASKS,
    EventFields,
    Written,
    envelope_of,
    written,
)
from stockade.analysis.interpreter.convert import Converter
from stockade.analysis.interpreter.deployed import Deployed
from stockade.analysis.interpreter.externals import Externals, Given
from stockade.analysis.interpreter.journal import Call, Hit, Sent
from stockade.analysis.interpreter.language import CONTEXT
from stockade.analysis.interpreter.machine import Interpreter, OutOfBudgetError
from stockade.analysis.interpreter.pace import FIRST
from stockade.analysis.interpreter.protocol import Arguments, Dead, Site
from stockade.analysis.interpreter.reading import MOST_DEPTH
from stockade.analysis.interpreter.selecting import Way
from stockade.analysis.interpreter.values import External, Val, own_function
from stockade.analysis.libraries import catalogue
from stockade.analysis.trace import Trace
from stockade.model import (
    Application,
    EventSource,
    EventSourceType,
    Function,
    Handler,
    Location,
    Names,
    Parameter,
    Reference,
    ResourceId,
    SourceFile,
    Unknown,
    Unseen,
    Value,
    constant,
)
from stockade.model.asked import Asked, noted
from stockade.model.memory import Memory
from stockade.model.moves import Since
from stockade.model.record import record, replace
from stockade.model.remembered import remembered

MOST_NESTED: Final = 8_000
"""Of Python's own calls, while a handler is run."""


@record(eq=False)
class Run:
    """What one handler was seen to do."""

    hits: tuple[Hit, ...]
    calls: tuple[Call, ...]
    sent: tuple[Sent, ...]
    answers: tuple[Sent, ...]
    unseen: tuple[Unseen, ...]


@record(eq=False)
class Followed:
    """A run, and what it entered of the code."""

    run: Run
    trace: Trace


def run_handler(  # noqa: PLR0913 - what is run, what serves several runs, and how it begins
    app: Application,
    function: Function,
    handler: Handler,
    cache: ModuleCache,
    *,
    memory: Memory | None = None,
    beginning: "Beginning | None" = None,
) -> Run:
    """Run the handler of `function` on the events that its event sources send.

    Of a memory the run is recalled if nothing that it depends on has changed: how it begins, the
    resources that the code was seen to speak of, the functions that it entered of every file that
    was imported, and the files that were looked for in vain. `beginning` is what the templates
    tell of it, if that was asked before.
    """
    memory = memory or Memory(keeps=False)
    start = _Start(
        function=function,
        handler=handler,
        beginning=beginning or beginning_of(app, function.id),
        routes=_decorated(app.event_sources_of(function.id)),
        ways={
            one.id: Way(one.route.method, one.route.path)
            for one in app.event_sources_of(function.id)
            if one.route is not None
        },
    )

    if not memory.keeps:
        return _run(start, Names(app.resources), _modules_for(app, function, handler, cache))

    def work(_asked: Asked) -> Followed:
        modules = _modules_for(app, function, handler, cache)
        with ir.Entered() as entered:
            modules.note(entered)
            run = _run(start, Names(app.resources, noted()), modules)
        return Followed(run, Trace.of(handler, modules, entered))

    def again(before: Followed, since: Since) -> Followed | None:
        modules = _modules_for(app, function, handler, cache)
        trace = before.trace.again(since, modules, cache)
        return None if trace is None else Followed(before.run, trace)

    name = ("run", app.name, function.id, start.beginning.invoked)
    made_of = (_without_text(start), handler.file.path)
    followed = memory.recall(
        name, made_of, work, ask=Names(app.resources), moves=True, again=again
    )
    return followed.run


def _modules_for(
    app: Application, function: Function, handler: Handler, cache: ModuleCache
) -> Modules:
    """Return what resolves the imports of a function."""
    return modules_of(handler.language)(app.sources, function.roots, cache)


def _without_text(start: "_Start") -> "_Start":
    """Return the beginning without what the file of the handler says: of that notes are taken."""
    handler = start.handler
    if not ir.is_whole_file(handler.file):
        return start
    handler = replace(handler, file=SourceFile("", ""))
    return replace(start, handler=handler, function=replace(start.function, handler=handler))


@record(kw_only=True)
class Beginning:
    """What the templates tell of the run of a handler.

    `sources` are the ids of those who write its event, with the fields of each, `envelope` the
    fields that are at its top, if that is known of all of them; `callers` are the ids of those
    of the event sources that hand what the handler gives back to whoever sent the event;
    `is_asked` tells whether anything in the application is given it, `is_whole` that the template
    names every variable of the environment, `invoked` whether it is also called by its name, with
    an event that none of its event sources sends.
    """

    sources: tuple[tuple[str, Written], ...]
    envelope: frozenset[str] | None
    callers: tuple[str, ...]
    is_asked: bool
    is_whole: bool
    invoked: bool


@record(kw_only=True)
class _Start:
    """What the run of a handler begins with.

    `routes` are the event sources that a decorator of the code makes, by its file and line,
    `ways` those that are ways of an API.
    """

    function: Function
    handler: Handler
    beginning: Beginning
    routes: Mapping[tuple[str, int], tuple[str, ...]]
    ways: Mapping[str, Way]


def beginning_of(app: Application, function: ResourceId, *, invoked: bool = False) -> Beginning:
    """Return what the templates tell of the run of a function's handler."""
    triggers = app.event_sources_of(function)
    sources = [one for source in triggers for one in fields_of(app, source)]
    if invoked:
        sources.append((invoked_source(function), written(EventSourceType.INVOKE)))
    is_plain = not invoked and not any(is_rearranged(one) for one in triggers)
    return Beginning(
        sources=by_paths(triggers, sources),
        envelope=envelope_of(one.type for one in triggers) if is_plain else None,
        callers=tuple(one.id for one in triggers if one.type in ANSWERING),
        is_asked=_is_asked(app, function),
        is_whole=_is_whole(app, app.functions[function]),
        invoked=invoked,
    )


def _run(start: _Start, names: Names, modules: Modules) -> Run:
    function, handler = start.function, start.handler
    known, variables = start.beginning, _variables(function)
    given = Given(
        names=names,
        deployed=Deployed(variables, is_whole=known.is_whole),
        callers=known.callers,
        is_asked=known.is_asked,
        routes=start.routes,
        ways=start.ways,
        has_paths_only=known.is_whole
        and not known.invoked
        and 0 < len(start.ways) == len({name for name, _ in known.sources} | start.ways.keys()),
    )
    fields = EventFields(known.sources, known.envelope, invoked_source(function.id))
    externals = Externals(catalogue(), fields, Converter(variables), given)
    module = modules.load(handler.file)
    if isinstance(module, Unseen):
        return Run((), (), (), (), (module,))
    interpreter = _interpreter_of(handler.language)(modules, externals)
    with _deep_stack():
        unseen = _followed(interpreter, module, handler, externals)
    run = Run(
        externals.journal.hits,
        externals.journal.calls,
        externals.journal.sent,
        externals.journal.answers,
        (*unseen, *_cut(interpreter), *modules.unseen),
    )
    # Its parts know each other: what nobody needs any more would wait to be looked for.
    for part in (interpreter, externals):
        vars(part).clear()
    return run


def _decorated(triggers: Iterable[EventSource]) -> Mapping[tuple[str, int], tuple[str, ...]]:
    """Return event sources by the place that makes them: a decorator, where the code does."""
    found: dict[tuple[str, int], tuple[str, ...]] = {}
    for one in triggers:
        if one.at.path.endswith(".py"):
            place = (one.at.path, one.at.line)
            found[place] = (*found.get(place, ()), one.id)
    return found


def _is_asked(app: Application, function: ResourceId) -> bool:
    """Tell whether a state machine or a destination is given what a function gives back."""
    return any(
        one.type is EventSourceType.STEP_FUNCTIONS for one in app.event_sources_of(function)
    ) or any(
        one.type is EventSourceType.INVOKE and one.resource == function for one in app.deliveries
    )


def _is_whole(app: Application, function: Function) -> bool:
    """Tell whether nothing but the template and Lambda sets variables of the environment.

    An image brings its own, and a wrapper adds some before the code runs. Where a template was not
    understood as a whole, what was not may be some.
    """
    declared = app.resources.get(function.id)
    if declared is None or isinstance(function.environment, Unknown):
        return False
    is_image = constant(declared.properties.get("PackageType")) == "Image"
    if is_image or "AWS_LAMBDA_EXEC_WRAPPER" in function.environment:
        return False
    values = (declared, *function.environment.values())
    return _half_read(app.unseen).isdisjoint(one.at.path for one in values)


@remembered
def _half_read(unseen: tuple[Unseen, ...]) -> frozenset[str]:
    """Return the templates of which something was not understood."""
    return frozenset(one.at.path for one in unseen if one.kind == "template")


def _variables(function: Function) -> Mapping[str, Value] | Unknown:
    """Return what the environment holds: what the template sets, and what Lambda itself does.

    From "Defined runtime environment variables" of the AWS Lambda Developer Guide.
    """
    if isinstance(function.environment, Unknown):
        return function.environment
    region = Parameter("AWS::Region", None, function.at)
    return {
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_LAMBDA_FUNCTION_NAME": Reference(function.id, "Ref", function.at),
        **function.environment,
    }


def _interpreter_of(language: str) -> type[Interpreter]:
    """Return what runs code of a language, imported when it is met."""
    if language == "python":
        return Interpreter
    from stockade.analysis.interpreter.ecmascript.machine import EcmaScript  # noqa: PLC0415

    return EcmaScript


def _cut(interpreter: Interpreter) -> Iterator[Unseen]:
    if interpreter.cut is not None:
        file, span = interpreter.cut.file, interpreter.cut.span
        why = f"calls within calls are followed {MOST_DEPTH} deep; this one is deeper"
        yield Unseen(file.at(*span), "limit", why)


def _followed(
    interpreter: Interpreter, module: ir.Module, handler: Handler, externals: Externals
) -> tuple[Unseen, ...]:
    site = Site(module.file, module.code.span)
    try:
        value = interpreter.load(module)
        interpreter.enter(module)
        for name in handler.symbol.split("."):
            value = interpreter.attribute(value, name, site)
        function = own_function(value)
        if function is not None:
            interpreter.responders.add(function.code)
            site = Site(function.file, function.code.span)
        elif not any(isinstance(shape, External) for shape in value.shapes) and not any(
            True for _ in interpreter.objects(value)
        ):
            why = f"it defines no function {handler.symbol}"
            return (Unseen(module.file.whole, "handler", why),)
        event = interpreter.event((), site)
        context = Val((External(CONTEXT, instance=True),))
        more = interpreter.handler_arguments()
        known = len(externals.journal.calls)
        interpreter.call(value, Arguments([event, context, *more]), site)
        # In JavaScript functions are run when a library is given them, in Python by routes only.
        in_python = handler.language == "python"
        if function is None and in_python and not _was_followed(value, externals, known):
            why = f"a library makes {handler.symbol}; what that runs is not followed"
            return (Unseen(module.file.whole, "handler", why),)
    except Dead:
        pass
    except OutOfBudgetError:
        at = _within(module, site)
        why = "the handler needs more steps than one handler is given; the rest was not followed"
        return (Unseen(at, "limit", why),)
    except RecursionError:
        at = _within(module, site)
        return (Unseen(at, "limit", "its code is nested too deeply; the rest was not followed"),)
    if interpreter.is_rough:
        why = (
            f"the handler needs more than {FIRST.steps} steps; of calls that came then, those "
            "of one function that are given the same data count as one"
        )
        return (Unseen(_within(module, site), "limit", why),)
    return ()


def _within(module: ir.Module, site: Site) -> Location:
    """Return where the handler is told of: in its own file, also where another wraps it."""
    return site.location() if site.file == module.file else module.file.whole


@contextmanager
def _deep_stack() -> Iterator[None]:
    """Allow for calls within calls of the code that is run: each takes a dozen of our own."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, MOST_NESTED))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _was_followed(value: Val, externals: Externals, known: int) -> bool:
    """Tell whether a handler that a library made was seen to come back to the author's code.

    `known` calls were made before it was called.
    """
    made = tuple(shape.name for shape in value.shapes if isinstance(shape, External))
    return (
        len(made) < len(value.shapes)
        or any(externals.hands_over(call) for name in made for call in (name, f"{name}()"))
        or any(not one.callee.startswith((*made, ASKS)) for one in externals.journal.calls[known:])
    )
