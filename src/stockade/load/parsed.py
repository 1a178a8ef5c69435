"""What the readers of YAML and JSON have in common: their result, their limits, their errors."""

from typing import NoReturn

from stockade.model import Location, Unseen, Value
from stockade.model.record import record

MAX_DEPTH = 128
"""Levels of nesting. Real templates have about 30; every stage may recurse once per level."""

MAX_VALUES = 300_000
"""Values in one document, aliases counted as often as they are used. CloudFormation takes
templates of at most 1 MB, which is about 100,000 values."""


@record
class Document:
    """What a file says, and what in it could not be taken as it was written."""

    root: Value
    unseen: tuple[Unseen, ...] = ()


class DocumentError(Exception):
    """A document cannot be read. `at` is where, `why` the end of a sentence."""

    def __init__(self, why: str, at: Location) -> None:
        super().__init__(why)
        self.why = why
        self.at = at


def fail(why: str, at: Location) -> NoReturn:
    """Raise `DocumentError`."""
    raise DocumentError(why, at)
