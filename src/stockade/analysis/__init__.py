"""Application to facts: what no single file states."""

from stockade.analysis.across.arrivals import Arrivals, invoked_source
from stockade.analysis.across.beginnings import Beginnings
from stockade.analysis.across.ways import Ways
from stockade.analysis.code.languages import LANGUAGES
from stockade.analysis.code.modules import ModuleCache
from stockade.analysis.exposure import exposures
from stockade.analysis.facts import ExternalCall, Facts, Flow
from stockade.analysis.flows import external_call, flows
from stockade.analysis.run import Run, run_handler
from stockade.model import Application, Function, Handler, Unknown, Unseen
from stockade.model.memory import Memory

__all__ = ["LANGUAGES", "ModuleCache", "analyse"]


def analyse(
    app: Application, cache: ModuleCache | None = None, memory: Memory | None = None
) -> Facts:
    """Derive every fact about `app`. A cache of parsed files serves several applications.

    Of a memory that has seen the application before, the runs of those handlers are recalled
    that no change can have touched.

    Each handler is run once, on the events of its own event sources; what it sends to others is
    joined with what they do with it. One is run once more where another function invokes it by
    name, with an event that none of its event sources sends.
    """
    cache, memory = cache or ModuleCache(), memory or Memory(keeps=False)
    who = exposures(app)
    unseen: list[Unseen] = []
    runs: dict[str, Run] = {}
    for function, handler in _with_code(app, unseen):
        runs[function.id] = run_handler(app, function, handler, cache, memory=memory)
    arrivals = _arrivals(app, runs)
    invoked = frozenset(arrivals.invoked())
    for function, handler in _with_code(app, []) if invoked else ():
        if function.id in invoked:
            more = (invoked_source(function.id),)
            runs[function.id] = run_handler(
                app, function, handler, cache, memory=memory, more=more
            )
    if invoked:
        arrivals = _arrivals(app, runs)
    beginnings = Beginnings(app, who)
    ways = Ways(app, arrivals, beginnings)
    found: list[Flow] = []
    calls: list[ExternalCall] = []
    for name, run in runs.items():
        function = app.functions[name]
        exposure = max(who[source.id].exposure for source in app.event_sources_of(name))
        for hit in run.hits:
            found.extend(flows(function, hit, ways, beginnings))
        calls.extend(external_call(function, call, exposure) for call in run.calls)
        unseen.extend(run.unseen)
    return Facts(
        flows=tuple(found),
        calls=tuple(calls),
        exposures=who,
        unseen=tuple(dict.fromkeys(unseen)),
    )


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


def _arrivals(app: Application, runs: dict[str, Run]) -> Arrivals:
    return Arrivals(
        app,
        {name: run.sent for name, run in runs.items()},
        {name: run.answers for name, run in runs.items()},
    )
