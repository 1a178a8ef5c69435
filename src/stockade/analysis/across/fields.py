"""Which fields of a function's event are written by whom, as its triggers rearrange them."""

from collections.abc import Iterator

from stockade.analysis.across.arrivals import answered_source
from stockade.analysis.across.machines import machines_of
from stockade.analysis.across.triggers import written_through
from stockade.analysis.events import Written
from stockade.model import Application, EventSource, EventSourceType


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
