"""Code without a template: functions that a console, a script or another repository deploys.

Handlers are known by how Lambda's documentation and its users write them. What nothing here says
(who may call a function, its role, its runtime, its variables) is Unknown, with that reason. What
kind of event a handler is written for shows in the fields that it asks for.

Follows "Define Lambda function handler in Python", "... in Node.js" and "... in TypeScript" in the
AWS Lambda Developer Guide.
"""

import posixpath
from collections.abc import Iterator, Sequence
from functools import partial

from stockade._late import pattern
from stockade.load.draft import Draft
from stockade.load.plain.found import BRIDGES, Found
from stockade.load.plain.resources import template_of
from stockade.load.sources import Folder
from stockade.model import Location, SourceFile, Unseen

__all__ = ["ENDINGS", "draft_of"]

ENDINGS = (".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")

_MOST_FILES = 3_000
"""Files that are looked into. A folder of more code than this is no folder of functions."""
_MOST_FUNCTIONS = 500

_TEST = pattern(r"(?:^|/)(?:test_[^/]*|conftest|[^/]*_test|[^/]*\.(?:test|spec|d|config))\.\w+$")
_TESTS = pattern(r"(?:^|/)(?:tests?|__tests__|__mocks__|specs?)/")


def draft_of(
    sources: Folder, paths: Sequence[str], folder: str, unseen: list[Unseen], *, framework: bool
) -> Draft | None:
    """Return a draft of all functions whose handlers are in the files `paths`, if there are any.

    `folder` is that of the draft's file. `framework` tells that they are deployed by one which is
    not read, and which may ask callers for more than is seen.
    """
    code = list(_own(sources, paths))
    if len(code) > _MOST_FILES:
        why = f"only the first {_MOST_FILES:,} files of code were searched for handlers"
        unseen.append(Unseen(Location(code[_MOST_FILES], 1), "limit", why))
    found = list(_found(sources, code[:_MOST_FILES]))
    # Handlers among the tests are examples, unless there are no others.
    found = [one for one in found if not _TESTS.search(one.path)] or found
    if len(found) > _MOST_FUNCTIONS:
        why = f"only the first {_MOST_FUNCTIONS} handlers were read"
        unseen.append(Unseen(found[_MOST_FUNCTIONS].at, "limit", why))
        found = found[:_MOST_FUNCTIONS]
    if not found:
        return None
    if not framework:
        why = "no template was found: who calls its functions and what they may do is unknown"
        unseen.append(Unseen(Location(found[0].path, 1), "template", why))
    return Draft(root=template_of(found, folder, framework=framework))


def _own(sources: Folder, paths: Sequence[str]) -> Iterator[str]:
    """Yield the files that somebody wrote, but for tests: no packages, nothing compiled."""
    there = frozenset(paths)
    for path in paths:
        stem, ending = posixpath.splitext(path)
        compiled = ending in {".js", ".mjs"} and f"{stem}.{ending[1:-2]}ts" in there
        if not compiled and not _TEST.search(path) and not sources.is_vendored(path):
            yield path


def _found(sources: Folder, paths: Sequence[str]) -> Iterator[Found]:
    for path in paths:
        yield from sources.recall(("handlers", path), (), partial(_in, path))


def _in(path: str, sources: Folder) -> tuple[Found, ...]:
    """Return the handlers of a file. One that cannot be read has none that is known."""
    file = sources.read(path)
    if not isinstance(file, SourceFile) or not _may_hold(file.text):
        return ()
    if path.endswith(".py"):
        from stockade.load.plain import python  # noqa: PLC0415

        return tuple(python.handlers(file, _above_packages(path, sources)))
    from stockade.load.plain import javascript  # noqa: PLC0415 - imports tree-sitter

    return tuple(javascript.handlers(file, posixpath.dirname(path)))


def _above_packages(path: str, sources: Folder) -> str:
    """Return the folder above the outermost package that a file belongs to."""
    folder = posixpath.dirname(path)
    while folder and sources.is_file(f"{folder}/__init__.py"):
        folder = posixpath.dirname(folder)
    return folder


def _may_hold(text: str) -> bool:
    """Tell cheaply of most files that there is no handler in them."""
    if "handler" in text.lower() or "statusCode" in text:
        return True
    told = any(word in text for word in _OF_EVENTS)
    return told and ("context" in text or "export" in text)


_OF_EVENTS = (
    *("event", "evt", "queryStringParameters", "pathParameters", "requestContext", "Records"),
    *BRIDGES,
)
"""What stands in files that take events: fields of theirs, and what passes them on."""
