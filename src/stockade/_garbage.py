"""When Python looks for circular garbage: rarely, because a scan makes millions of objects."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

NEW_OBJECTS = 800_000
"""So many more objects may be alive before garbage is looked for; about 80 MB at the worst."""


@contextmanager
def collected_rarely() -> Iterator[Callable[[], None]]:
    """Switch automatic collection off; yield a function to call where a collection may happen.

    Without this, a third of a scan's time goes into looking at objects that are still needed.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield _collect_if_many
    finally:
        gc.unfreeze()
        if was_enabled:
            gc.enable()


def keep() -> None:
    """Take all that is alive for needed until the scan ends: it is not looked at again."""
    gc.freeze()
    gc.collect(0)  # There is nothing to look at, but the count of new objects begins anew.


def _collect_if_many() -> None:
    # While collection is off the first counter is what was made minus what was freed. What is
    # needed after a look (findings) is needed to the end, and not looked at again.
    if gc.get_count()[0] > NEW_OBJECTS:
        gc.collect(0)
