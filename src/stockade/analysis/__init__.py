"""Application to facts: what no single file states."""

from collections.abc import Mapping
from functools import partial

from stockade.analysis.across.joined import Joined
from stockade.analysis.code.languages import LANGUAGES
from stockade.analysis.code.modules import ModuleCache
from stockade.analysis.exposure import exposures
from stockade.analysis.facts import ExternalCall, Facts, Flow, SourceExposure
from stockade.analysis.flows import external_call, flows
from stockade.analysis.interpreter.journal import Call
from stockade.analysis.run import Run, beginning_of, run_handler
from stockade.model import (
    Application,
    Exposure,
    Function,
    Handler,
    Location,
    ResourceId,
    Unknown,
    Unseen,
)
from stockade.model.asked import Asked
from stockade.model.memory import Memory

__all__ = ["LANGUAGES", "ModuleCache", "analyse"]


def analyse(
    app: Application,
    cache: ModuleCache | None = None,
    memory: Memory | None = None,
    shape: Application | None = None,
) -> Facts:
    """Derive every fact about `app`. A cache of parsed files serves several applications.

    Of a memory that has seen the application before, the runs of those handlers are recalled
    that no change can have touched. `shape` is the application as far as its templates say: what
    does not hang on code is asked of it, so that it is recalled as long as it is the same object.

    Each handler is run once, on the events of its own event sources; what it sends to others is
    joined with what they do with it. One is run once more where another function invokes it by
    name, with an event that none of its event sources sends.
    """
    cache, memory, shape = cache or ModuleCache(), memory or Memory(keeps=False), shape or app
    who = memory.recall(("exposures", app.name), (shape,), lambda _: exposures(shape), moves=True)
    begins = memory.recall(
        ("beginnings", app.name),
        (shape,),
        lambda _: {name: beginning_of(shape, name) for name in shape.functions},
        moves=True,
    )
    unseen: list[Unseen] = []
    runs: dict[str, Run] = {}
    run = partial(run_handler, app, cache=cache, memory=memory)
    for function, handler in _with_code(app, unseen):
        runs[function.id] = run(function, handler, beginning=begins[function.id])
    joined = _joined(shape, who, runs, memory)
    invoked = frozenset(joined.arrivals.invoked())
    for function, handler in _with_code(app, []) if invoked else ():
        if function.id in invoked:
            beginning = beginning_of(shape, function.id, invoked=True)
            runs[function.id] = run(function, handler, beginning=beginning)
    if invoked:
        joined = _joined(shape, who, runs, memory, invoked=invoked)
    unseen.extend(one for each in runs.values() for one in each.unseen)
    try:
        found = _flows(app, runs, joined, memory)
    except LookupError:
        if joined.since is None:
            raise
        # A line of a way was edited after all: the ways are looked for anew.
        found = _flows(app, runs, _joined(shape, who, runs, Memory(keeps=False)), memory)
    return Facts(
        flows=tuple(flow for its in found for flow in its),
        calls=tuple(call for its in _calls(app, who, runs, memory) for call in its),
        exposures=who,
        unseen=tuple(dict.fromkeys(unseen)),
        code=cache,
    )


def _flows(
    app: Application, runs: Mapping[ResourceId, Run], joined: Joined, memory: Memory
) -> list[tuple[Flow, ...]]:
    """Tell the flows of each function."""
    found = []
    for name, run in runs.items():
        if run.hits:
            at = app.functions[name].at
            work = partial(_flows_of, name, at, run, joined)
            made_of = (at, run, joined)
            found.append(memory.recall(("flows", app.name, name), made_of, work, moves=True))
    return found


def _flows_of(
    function: ResourceId, at: Location, run: Run, joined: Joined, _asked: Asked
) -> tuple[Flow, ...]:
    return tuple(flow for hit in run.hits for flow in flows(function, at, hit, joined))


def _calls(
    app: Application,
    who: Mapping[str, SourceExposure],
    runs: Mapping[ResourceId, Run],
    memory: Memory,
) -> list[tuple[ExternalCall, ...]]:
    """Tell the calls of each function."""
    found = []
    for name, run in runs.items():
        reached = tuple(
            (source.id, who[source.id].exposure) for source in app.event_sources_of(name)
        )
        work = partial(_calls_of, name, run, reached)
        made_of = (run, reached)
        found.append(memory.recall(("calls", app.name, name), made_of, work, moves=True))
    return found


def _calls_of(
    function: ResourceId,
    run: Run,
    reached: tuple[tuple[ResourceId, Exposure], ...],
    _asked: Asked,
) -> tuple[ExternalCall, ...]:
    highest = max(exposure for _, exposure in reached)

    def exposure_of(call: Call) -> Exposure:
        left = (exposure for source, exposure in reached if source not in call.left_out)
        return max(left, default=highest)

    return tuple(external_call(function, call, exposure_of(call)) for call in run.calls)


def _with_code(app: Application, unseen: list[Unseen]) -> list[tuple[Function, Handler]]:
    """Return the functions whose code can be run here; of others it is told that it cannot."""
    found = []
    for function in app.functions.values():
        handler = function.handler
        if isinstance(handler, Unknown):
            continue  # Loading has told why.
        if handler.language not in LANGUAGES:
            why = f"code in {handler.language} is not analysed"
            unseen.append(Unseen(function.at, "handler", why))
            continue
        found.append((function, handler))
    return found


def _joined(
    shape: Application,
    who: Mapping[str, SourceExposure],
    runs: Mapping[ResourceId, Run],
    memory: Memory,
    invoked: frozenset[ResourceId] = frozenset(),
) -> Joined:
    """Join what the runs sent with what others do with it."""
    sent = {name: run.sent for name, run in runs.items()}
    answers = {name: run.answers for name, run in runs.items()}
    return memory.recall(
        ("joined", shape.name, bool(invoked)),
        (shape, who, sent, answers),
        lambda _: Joined.of(shape, who, sent, answers),
        moves=True,
    )
