"""How a rule, a pipe or a state picks and rearranges what it passes on.

Follows "Amazon EventBridge input transformation" and "Amazon EventBridge Pipes input
transformation" of the Amazon EventBridge User Guide.
"""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from stockade._late import pattern
from stockade.analysis.events import Path
from stockade.analysis.interpreter.documents import Carried, Document, Part, below, under
from stockade.model import Location, Map, Scalar, Unknown, Value, constant, inside
from stockade.model.record import replace

_HOLES: Final = pattern(r'("(?:[^"\\]|\\.)*")|<([^<>"]{1,200})>')
_HOLE: Final = pattern(r"<([^<>]{1,200})>")
_STEPS: Final = pattern(r"\.([\w-]+)|\[['\"]([^'\"\]]+)['\"]\]|(\[[^\]]*\])")
MOST_DEEP: Final = 12
MOST_TEXT: Final = 100_000


def path_in(text: str) -> Path | None:
    """Read a reference path: `$.detail.items[0].name`. None for what is no such path."""
    if not text.startswith("$"):
        return None
    rest = text[1:]
    steps = []
    position = 0
    for found in _STEPS.finditer(rest):
        if found.start() != position:
            return None
        position = found.end()
        steps.append(found[1] or found[2] or "[]")
    return tuple(steps) if position == len(rest) else None


def picked(document: Document, text: str) -> Document:
    """Return what a reference path picks; of a path that is not understood, all there is."""
    path = path_in(text)
    return (
        blurred(document, Unknown("the path is not read", _at(document)))
        if path is None
        else (below(document, path))
    )


def blurred(document: Document, value: Value) -> Document:
    """Return everything that a document carries as one text of unknown wording."""
    return (Part((), value, carried_in(document)),)


def given_input(detail: Map | None, document: Document) -> Document:
    """Return what a rule's target is given of an event: all of it where nothing else is said."""
    if detail is None:
        return document
    for one in inside(detail, "Input"):
        return (Part((), one),)
    for one in inside(detail, "InputPath"):
        text = constant(one)
        return picked(document, text if isinstance(text, str) else "?")
    for transformer in inside(detail, "InputTransformer"):
        paths = {
            name: text
            for found in inside(transformer, "InputPathsMap")
            if isinstance(found, Map)
            for name, value in found
            if isinstance(text := constant(value), str)
        }
        for template in inside(transformer, "InputTemplate"):
            return filled(template, partial(_of_map, document, paths))
    return document


def filled(template: Value, look: Callable[[str], Document]) -> Document:
    """Return a template with what `look` gives for each `<name>` in it."""
    text = constant(template)
    if not isinstance(text, str) or len(text) > MOST_TEXT:
        return (Part((), Unknown("the template is not read", template.at)),)
    quoted = _HOLES.sub(lambda found: found[1] or json.dumps(f"<{found[2]}>"), text)
    try:
        plain: object = json.loads(quoted)
    except (ValueError, RecursionError):
        plain = text
    return tuple(_leaves(plain, (), look, template.at, MOST_DEEP))


def _of_map(document: Document, paths: dict[str, str], name: str) -> Document:
    if name in {"aws.events.event", "aws.events.event.json"}:
        return document
    return picked(document, paths[name]) if name in paths else ()


def _leaves(
    plain: object, path: Path, look: Callable[[str], Document], at: Location, depth: int
) -> Iterator[Part]:
    if depth and isinstance(plain, dict):
        for key, value in plain.items():
            yield from _leaves(value, (*path, str(key)), look, at, depth - 1)
    elif depth and isinstance(plain, list):
        for value in plain:
            yield from _leaves(value, (*path, "[]"), look, at, depth - 1)
    elif isinstance(plain, str) and (names := _HOLE.findall(plain)):
        if plain == f"<{names[0]}>":
            yield from under(path, look(names[0]))
            return
        found = tuple(part for name in names for part in look(name))
        yield Part(path, Unknown("it is a text with parts of the event", at), carried_in(found))
    else:
        known = plain if isinstance(plain, str | int | float | bool) else None
        yield Part(path, Scalar(known, at))


def carried_in(document: Document) -> tuple[Carried, ...]:
    """Return all that a document carries, as part of something else."""
    return tuple(
        dict.fromkeys(replace(one, whole=False) for part in document for one in part.carried)
    )


def _at(document: Document) -> Location:
    return document[0].value.at if document else Location("", 1)
