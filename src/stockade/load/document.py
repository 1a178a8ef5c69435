"""Documents: YAML and JSON files as trees of values, every one with its exact place."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from stockade._late import pattern
from stockade.load.json_document import parse_json
from stockade.load.parsed import Document, DocumentError
from stockade.model import SourceFile, Unseen

__all__ = ["Document", "no_collection", "parse"]

_JSON_START = pattern(r"\s*[{\[]")


def parse(file: SourceFile) -> Document | Unseen:
    """Read a YAML or JSON file, or say where and why it cannot be read.

    Intrinsic functions in their short form (`!Ref`) become the maps of their long form. The
    text is taken as it is: a byte order mark must be gone, line ends may be of any kind.
    """
    try:
        with no_collection():
            return _parse(file)
    except DocumentError as error:
        return Unseen(error.at, "template", error.why)


def _parse(file: SourceFile) -> Document:
    if file.path.endswith(".json"):
        return parse_json(file)
    if _JSON_START.match(file.text):
        try:
            return parse_json(file)
        except DocumentError:
            # A bracket may begin YAML, too, which then tells what is wrong.
            return _parse_yaml(file)
    return _parse_yaml(file)


def _parse_yaml(file: SourceFile) -> Document:
    from stockade.load.yaml_document import parse_yaml  # noqa: PLC0415 - costs 25 ms to import

    return parse_yaml(file)


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
