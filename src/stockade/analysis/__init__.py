"""Application to facts: what no single file states."""

from stockade.analysis.code.modules import ModuleCache
from stockade.analysis.exposure import exposures
from stockade.analysis.facts import ExternalCall, Facts, Flow
from stockade.analysis.flows import external_call, flow
from stockade.analysis.run import run_handler
from stockade.model import Application, Unknown, Unseen

__all__ = ["LANGUAGES", "ModuleCache", "analyse"]

LANGUAGES = frozenset({"javascript", "python"})
"""The languages that have a front end."""


def analyse(app: Application, cache: ModuleCache | None = None) -> Facts:
    """Derive every fact about `app`. A cache of parsed files serves several applications."""
    cache = cache or ModuleCache()
    who = exposures(app)
    flows: list[Flow] = []
    calls: list[ExternalCall] = []
    unseen: list[Unseen] = []
    for function in app.functions.values():
        handler = function.handler
        if isinstance(handler, Unknown):
            continue  # Loading has told why.
        if handler.language not in LANGUAGES:
            why = f"code in {handler.language} is not analysed"
            unseen.append(Unseen(function.at, "handler", why))
            continue
        run = run_handler(app, function, handler, cache)
        exposure = max(who[source.id].exposure for source in app.event_sources_of(function.id))
        flows.extend(flow(function, hit, who) for hit in run.hits)
        calls.extend(external_call(function, call, exposure) for call in run.calls)
        unseen.extend(run.unseen)
    return Facts(
        flows=tuple(flows),
        calls=tuple(calls),
        exposures=who,
        unseen=tuple(dict.fromkeys(unseen)),
    )
