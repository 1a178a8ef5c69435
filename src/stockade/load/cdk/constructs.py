"""Constructs back to the line of the author's source that made them.

The CDK tells of each construct the calls that led to it: as `trace` in the manifest where stack
traces are asked for, and as `aws:cdk:creationStack` in the metadata of newer versions.
"""

import posixpath
from collections.abc import Iterator
from typing import Any

from stockade._late import pattern
from stockade.load.cdk.assembly import Described
from stockade.load.handlers.paths import below
from stockade.load.sources import Folder
from stockade.model import Location

_FRAME = pattern(r"(?:\(|at |^|\s)(?:file://)?([^\s()]+\.\w+):(\d+)(?::(\d+))?\)?\s*$")
"""A line of a stack trace: `new Mailbox (/home/me/app/lib/mailbox.ts:24:20)`; jsii's for Python
has no column."""

_STACKS = frozenset({"aws:cdk:creationStack", "aws:cdk:creationStackTrace"})
_MAX_FRAMES = 100


class Constructs:
    """The constructs of one stack: where in the project's source each was made."""

    def __init__(self, sources: Folder, project: str, described: Described) -> None:
        self._sources = sources
        self._project = project
        self._described = described
        self._made: dict[str, Location | None] = {}

    def made_at(self, path: str) -> Location | None:
        """Return the line that made a construct, by its path (`Stack/Bucket/Resource`).

        Where only code of the library is told, the line that made the construct around it; None
        where nothing is told.
        """
        current = "/" + path.strip("/")
        while current.count("/") > 1:
            for one in (current, f"{current}/Resource", f"{current}/Default"):
                found = self._told(one)
                if found is not None:
                    return found
            current = posixpath.dirname(current)
        return None

    def _told(self, path: str) -> Location | None:
        if path not in self._made:
            frames = self._frames(path)
            self._made[path] = next(filter(None, map(self._place, frames)), None)
        return self._made[path]

    def _frames(self, path: str) -> Iterator[str]:
        """Yield the calls that led to a construct, the innermost first."""
        for entry in self._described.get(path, ()):
            if isinstance(entry, dict):
                told: Any = entry.get("trace")
                if told is None and entry.get("type") in _STACKS:
                    told = entry.get("data")
                for frame in told[:_MAX_FRAMES] if isinstance(told, list) else ():
                    if isinstance(frame, str):
                        yield frame

    def _place(self, frame: str) -> Location | None:
        """Return the place in the scanned folder of a line of a stack trace.

        The path is that of the machine on which it was synthesized: the file is the one of the
        project whose path ends like it.
        """
        match = _FRAME.search(frame[-1000:])
        if match is None or "node_modules" in frame:
            return None
        parts = match[1].replace("\\", "/").strip("/").split("/")
        for first in range(len(parts)):
            path = below(self._project, "/".join(parts[first:]))
            if self._sources.is_file(path) and not self._sources.is_vendored(path):
                line, column = int(match[2]), int(match[3] or 1)
                return Location(path, line, column, line, column)
        return None
