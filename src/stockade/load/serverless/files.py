"""The files that a service is made of: YAML, JSON, and JavaScript as far as it is plain data."""

import posixpath

from stockade.load.document import parse
from stockade.load.sources import Folder
from stockade.model import Location, Scalar, SourceFile, Unknown, Unseen, Value

_DOCUMENTS = (".yml", ".yaml", ".json", ".tfstate")
SCRIPTS = (".ts", ".mts", ".cts", ".js", ".cjs", ".mjs")


class Files:
    """Reads each file once. What is read is part of the service: `read` has its paths.

    `folder` is the service's own, where the paths in variables begin.
    """

    def __init__(self, sources: Folder, folder: str, unseen: list[Unseen]) -> None:
        self.sources = sources
        self.folder = folder
        self.unseen = unseen
        self.read: set[str] = set()
        self._values: dict[str, Value] = {}

    def value(self, written: str, at: Location) -> Value | None:
        """Return what a file holds, by the path that a variable gives; None if there is none."""
        path = self.path(written)
        if path is None:
            return Unknown(f"{written[:80]} lies outside the scanned folder", at)
        if not self.sources.is_file(path):
            return None
        return self.at(path)

    def path(self, written: str) -> str | None:
        """Return a path of the service as one of the scanned folder; None if it leads outside."""
        cleaned = written.replace("\\", "/").strip()
        if cleaned.startswith(("/", "~")) or "\0" in cleaned:
            return None
        path = posixpath.normpath(posixpath.join(self.folder, cleaned))
        return None if path == ".." or path.startswith("../") else path

    def at(self, path: str) -> Value:
        """Return what the file of this path holds; Unknown, which is told, if it is not read."""
        if path not in self._values:
            self.read.add(path)
            value = self._read(path)
            if isinstance(value, Unknown):
                self.unseen.append(Unseen(value.at, "template", value.why))
            self._values[path] = value
        return self._values[path]

    def _read(self, path: str) -> Value:
        file = self.sources.read(path)
        if isinstance(file, Unknown):
            return file
        if path.endswith(SCRIPTS):
            from stockade.load.serverless.script import exported  # noqa: PLC0415 - needs a parser

            return exported(file, self.sources, self.folder)
        if not path.endswith(_DOCUMENTS):
            return Scalar(file.text, Location(path, 1))
        if path.endswith(".tfstate"):
            file = SourceFile(path, file.text)
        document = parse(file)
        if isinstance(document, Unseen):
            return Unknown(document.why, document.at)
        self.unseen.extend(document.unseen)
        return document.root
