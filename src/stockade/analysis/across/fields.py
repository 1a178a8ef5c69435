"""Which fields of a function's event are written by whom, as its triggers rearrange them."""

from collections.abc import Iterator, Sequence

from stockade._late import pattern
from stockade.analysis.across.arrivals import answered_source
from stockade.analysis.across.machines import machines_of
from stockade.analysis.across.triggers import written_through
from stockade.analysis.events import Path, Written
from stockade.model import Application, EventSource, EventSourceType
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
    """Return who writes which fields, where only some of an API's paths have a parameter.

    Of a parameter that none of the paths declares, nothing is known.
    """
    declared = {
        one.id: frozenset(_parameters(one.route.path))
        for one in triggers
        if one.route is not None and one.type in _OF_PATHS
    }
    every = frozenset[str]().union(*declared.values())
    return tuple(
        (source, replace(his, others=(*his.others, *foreign)))
        if (foreign := _foreign(every - declared.get(source, every)))
        else (source, his)
        for source, his in sources
    )


def _foreign(names: frozenset[str]) -> tuple[Path, ...]:
    return tuple(("pathParameters", name) for name in sorted(names))


def _parameters(path: str) -> Iterator[str]:
    return (found[1] for found in _PARAMETER.finditer(path))


_OF_PATHS = frozenset({EventSourceType.REST_API, EventSourceType.HTTP_API})
_PARAMETER = pattern(r"\{([\w.:-]{1,100})\+?\}")
