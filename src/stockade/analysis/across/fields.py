"""Which fields of a function's event are written by whom, as its triggers rearrange them."""

from collections.abc import Iterator, Sequence

from stockade._late import pattern
from stockade.analysis.across.arrivals import answered_source
from stockade.analysis.across.machines import machines_of
from stockade.analysis.across.triggers import is_rearranged, written_through
from stockade.analysis.events import PATHS, Path, Written
from stockade.model import RESTFUL_APIS, Application, EventSource, EventSourceType
from stockade.model.record import replace


def fields_of(app: Application, source: EventSource) -> Iterator[tuple[str, Written]]:
    """Yield the ids of those who write through an event source, with the fields of each.

    What a task of a state machine is given is written by whoever starts the machine, or comes
    from the tasks before it.
    """
    machine = source.resource
    machines = machines_of(app)
    if (
        source.type is not EventSourceType.STEP_FUNCTIONS
        or machine is None
        or not machines.is_read(machine)
    ):
        yield source.id, written_through(source)
        return
    yield source.id, machines.written(machine, source.function)
    yield answered_source(source.id), Written(((),))


def by_paths(
    triggers: Sequence[EventSource], sources: Sequence[tuple[str, Written]]
) -> tuple[tuple[str, Written], ...]:
    """Return who writes which fields, without those that the path of a route leaves to nobody.

    A path without parameters is its author's words. Of a parameter that none of the paths
    declares, nothing is known.
    """
    paths = {
        one.id: one.route.path
        for one in triggers
        if one.route is not None and one.type in RESTFUL_APIS
    }
    parameters = {source: frozenset(_parameters(path)) for source, path in paths.items()}
    every = frozenset[str]().union(*parameters.values())
    nobodys = {
        one.id: (
            *(PATHS if _FIXED.fullmatch(paths[one.id]) else ()),
            *_of(every - parameters[one.id]),
        )
        for one in triggers
        if one.id in paths and not is_rearranged(one)
    }
    return tuple(
        (source, replace(his, others=(*his.others, *nobodys.get(source, ()))))
        for source, his in sources
    )


def _of(parameters: frozenset[str]) -> Iterator[Path]:
    return (("pathParameters", name) for name in sorted(parameters))


def _parameters(path: str) -> Iterator[str]:
    return (found[1] for found in _PARAMETER.finditer(path))


_FIXED = pattern(r"/[\w./~-]*")
_PARAMETER = pattern(r"\{([\w.:-]{1,100})\+?\}")
