"""How closely a handler is followed: the longer that takes, the less closely.

A handler needs some thousands of steps. One that needs many times more mostly calls the same
functions on the same data in other words: in other objects, by other ways, deeper in a recursion.
Told apart for ever, they multiply, and the rest of the handler is never reached.
"""

from typing import Final

from stockade.model.record import record


@record(kw_only=True)
class Pace:
    """What is told apart until a handler has taken so many `steps`.

    A function is run up to `runs` times on arguments that differ; from then on calls that are
    alike count as the same. It is followed into itself `recursion` times, a loop `passes` times.
    """

    steps: int
    runs: int
    recursion: int
    passes: int


PACES: Final = (
    Pace(steps=8_000, runs=24, recursion=2, passes=4),
    Pace(steps=16_000, runs=4, recursion=1, passes=3),
    Pace(steps=100_000, runs=1, recursion=0, passes=2),
)
"""One after the other; what the last does not reach is not followed."""
FIRST: Final = PACES[0]
