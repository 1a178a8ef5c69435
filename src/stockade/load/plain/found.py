"""A handler as it is found in code."""

from stockade.model import Location
from stockade.model.record import record


@record
class Found:
    """A handler: its file, the name that Lambda would be given, and its place.

    `root` is the folder that its imports start from. `words` are the keys, attributes and types
    that its file names: what it asks events for.
    """

    path: str
    root: str
    symbol: str
    at: Location
    words: frozenset[str]
