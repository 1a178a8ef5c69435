"""Documents: YAML and JSON files as trees of values, every one with its exact place."""

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from stockade.model import Location, SourceFile, Unseen, Value
from stockade.model.record import record

MAX_DEPTH = 128
"""Levels of nesting. Real templates have about 30; every stage may recurse once per level."""

MAX_VALUES = 300_000
"""Values in one document, aliases counted as often as they are used. CloudFormation takes
templates of at most 1 MB, which is about 100,000 values."""

_JSON_START = re.compile(r"\s*[{\[]")


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


def parse(file: SourceFile) -> Document | Unseen:
    """Read a YAML or JSON file, or say where and why it cannot be read.

    Intrinsic functions in their short form (`!Ref`) become the maps of their long form. The
    text is taken as it is: a byte order mark must be gone, line ends may be of any kind.
    """
    from stockade.load.json_document import parse_json  # noqa: PLC0415 - needed for JSON only
    from stockade.load.yaml_document import parse_yaml  # noqa: PLC0415 - costs 25 ms to import

    is_json = file.path.endswith(".json")
    try:
        with no_collection():
            if is_json:
                return parse_json(file)
            if _JSON_START.match(file.text):
                try:
                    return parse_json(file)
                except DocumentError:
                    return parse_yaml(file)
            return parse_yaml(file)
    except DocumentError as error:
        return Unseen(error.at, "template", error.why)


@contextmanager
def no_collection() -> Iterator[None]:
    """Switch the garbage collector off: a tree is built, no cycles, and half the time is saved."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
