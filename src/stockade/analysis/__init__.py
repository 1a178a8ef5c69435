"""Application to facts: what no single file states."""

from stockade.analysis.code.modules import ModuleCache
from stockade.analysis.exposure import exposures
from stockade.analysis.facts import ExternalCall, Facts, Flow
from stockade.analysis.flows import external_call, flow
from stockade.analysis.run import run_handler
from stockade.model import Application, Exposure, Function, Handler, Unknown, Unseen

__all__ = ["ModuleCache", "analyse"]


def analyse(app: Application, cache: ModuleCache | None = None) -> Facts:
    """Derive every fact about `app`. A cache of parsed files serves several applications."""
    cache = cache or ModuleCache()
    who = exposures(app)
    flows: list[Flow] = []
    calls: list[ExternalCall] = []
    unseen: list[Unseen] = []
    for function in app.functions.values():
        handler = _readable(function)
        if isinstance(handler, Unseen):
            unseen.append(handler)
            continue
        run = run_handler(app, function, handler, cache)
        highest = max(
            (
                who[source.id].exposure
                for source in app.event_sources_of(function.id)
                if source.id in who
            ),
            default=Exposure.APPLICATION,
        )
        flows.extend(flow(app, function, hit, who) for hit in run.hits)
        calls.extend(external_call(function, call, highest) for call in run.calls)
        unseen.extend(run.unseen)
    return Facts(
        flows=tuple(flows),
        calls=tuple(calls),
        exposures=who,
        unseen=tuple(dict.fromkeys(unseen)),
    )


def _readable(function: Function) -> Handler | Unseen:
    """Return the function's handler if its language is one that is analysed."""
    handler = function.handler
    if isinstance(handler, Unknown):
        return Unseen(function.at, "handler", handler.why)
    if handler.language != "python":
        return Unseen(function.at, "handler", f"{_LANGUAGES[handler.language]} is not analysed")
    return handler


_LANGUAGES = {"javascript": "JavaScript"}
