"""Assets back to their source: the files of the repository that a function's code was made of.

`cdk synth` copies a folder into `asset.<hash>`, or has a bundler write into it. What is copied is
known by its text; what esbuild bundled, by the names of the files that it leaves in comments or in
a source map ("esbuild: Content Types", "Source Map Revision 3").
"""

import json
import posixpath
from collections.abc import Iterator, Sequence

from stockade._late import pattern
from stockade.load.handlers.files import split_javascript, split_python
from stockade.load.handlers.paths import below, join
from stockade.load.sources import Folder
from stockade.model import SourceFile
from stockade.model.record import record

_BUNDLED = pattern(r"^// ([^\s*?<>|\"]+\.(?:[cm]?[jt]s|[jt]sx))$", 8)  # re.MULTILINE
"""The comment that esbuild writes before the code of each file."""

_ENDINGS = (".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")
_TYPESCRIPT = {".js": (".ts", ".tsx"), ".mjs": (".mts",), ".cjs": (".cts",)}
_HOLDING = (*_ENDINGS, ".java", ".cs", ".go")
"""Files that an application of the CDK may hold the code of a function in, as a text."""

_MAX_COMPARED = 200
"""Files of one asset that are compared with those of the repository."""

_MAX_SEARCHED = 500
_MAX_LINES = 5
"""Files that are searched for the code of one function, and lines of it that are looked for."""


@record(kw_only=True)
class Source:
    """Where the source of an asset is.

    `folder` is what stands in the asset's place; `entry` is the file within it that a bundler
    began with, None where the folder was copied as it is.
    """

    folder: str
    entry: str | None = None


class SourceFinder:
    """Finds the source of the assets of one project."""

    def __init__(self, sources: Folder, project: str) -> None:
        self._sources = sources
        self._project = project
        self._by_name: dict[str, list[str]] | None = None

    def source_of(self, asset: str, handler: str) -> Source | None:
        """Return where the source of an asset is; None if the repository does not hold it.

        `asset` is the path of its folder, `handler` the function's handler.
        """
        for path in self._handler_files(asset, handler):
            file = self._sources.read(path)
            if not isinstance(file, SourceFile):
                continue
            relative = path.removeprefix(asset).lstrip("/")
            copied = self._copied(asset, relative, file.text)
            if copied is not None:
                return Source(folder=copied)
            entry = self._entry(path, file.text)
            if entry is not None:
                return entry
            compiled = self._compiled(relative)
            if compiled is not None:
                return compiled
        return None

    def context_of(self, asset: str, dockerfile: str) -> Source | None:
        """Return the folder that an image was built from; None if the repository lacks it."""
        path = join(asset, dockerfile)
        file = self._sources.read(path) if path and self._sources.is_file(path) else None
        copied = (
            self._copied(asset, dockerfile, file.text) if isinstance(file, SourceFile) else None
        )
        return None if copied is None else Source(folder=copied)

    def folder_named(self, original: str) -> Source | None:
        """Return the project's folder that an asset was copied from, by its path elsewhere.

        `original` is a path of the machine on which it was synthesized: the folder is the one of
        the project whose path ends like it.
        """
        parts = [part for part in original.replace("\\", "/").split("/") if part]
        for first in range(len(parts)):
            folder = below(self._project, "/".join(parts[first:]))
            if self._sources.is_folder(folder) and not self._sources.is_vendored(folder):
                return Source(folder=folder)
        return None

    def can_tell(self, asset: str, handler: str) -> bool:
        """Tell whether the asset is there, with a file of the handler that can be compared."""
        return any(True for _ in self._handler_files(asset, handler))

    def holds(self, code: str) -> bool:
        """Tell whether code that stands in a template is in a file of the project, too."""
        lines = sorted({line.strip() for line in code.splitlines()}, key=len, reverse=True)
        wanted = [line for line in lines[:_MAX_LINES] if line]
        inside = self._sources.files_below(self._project)
        for path in [path for path in inside if path.endswith(_HOLDING)][:_MAX_SEARCHED]:
            file = self._sources.read(path)
            if isinstance(file, SourceFile) and any(line in file.text for line in wanted):
                return True
        return False

    def _handler_files(self, asset: str, handler: str) -> Iterator[str]:
        for split in (split_python(handler), split_javascript(handler)):
            for ending in _ENDINGS if split is not None else ():
                path = join(asset, split[0] + ending) if split else None
                if path is not None and self._sources.is_file(path):
                    yield path

    def _copied(self, asset: str, relative: str, text: str) -> str | None:
        """Return the folder that has this file, and the most of the asset's others."""
        name = posixpath.basename(relative)
        candidates = []
        for path in self._named(name):
            if not f"/{path}".endswith(f"/{relative}"):
                continue
            file = self._sources.read(path)
            if isinstance(file, SourceFile) and file.text == text:
                candidates.append(path.removesuffix(relative).rstrip("/"))
        if len(candidates) < 2:  # noqa: PLR2004 - one of them needs no comparison
            return candidates[0] if candidates else None
        inside = self._sources.files_below(asset) or self._sources.skipped_files_below(asset)
        others = [path.removeprefix(asset).lstrip("/") for path in inside[:_MAX_COMPARED]]
        return max(candidates, key=lambda folder: (self._shared(folder, others), -len(folder)))

    def _compiled(self, relative: str) -> Source | None:
        """Return the one TypeScript file of the project that a file of the asset came from."""
        stem, ending = posixpath.splitext(relative)
        sources = _TYPESCRIPT.get(ending, ())
        found = [
            path
            for source in sources
            for path in self._named(posixpath.basename(stem) + source)
            if f"/{path}".endswith(f"/{stem}{source}")
        ]
        if len(found) != 1:
            return None
        folder = found[0][: -len(stem) - len(posixpath.splitext(found[0])[1])].rstrip("/")
        return Source(folder=folder)

    def _shared(self, folder: str, others: Sequence[str]) -> int:
        return sum(self._sources.is_file(below(folder, other)) for other in others)

    def _named(self, name: str) -> Sequence[str]:
        """Return the repository's files of that name, those of the project first."""
        if self._by_name is None:
            self._by_name = {}
            for path in self._sources.files:
                self._by_name.setdefault(posixpath.basename(path), []).append(path)
        inside = f"{self._project}/" if self._project else ""
        return sorted(
            (path for path in self._by_name.get(name, ()) if "/cdk.out/" not in f"/{path}"),
            key=lambda path: not path.startswith(inside),
        )

    def _entry(self, path: str, text: str) -> Source | None:
        """Return the file that a bundle began with: the last that it names, others come before."""
        named = [one for one in _BUNDLED.findall(text) if "node_modules/" not in one]
        named = named or self._mapped(path)
        for one in reversed(named):
            found = self._in_repository(one)
            if found is not None:
                return found
        return None

    def _mapped(self, path: str) -> list[str]:
        """Return the files that the source map beside a bundle names."""
        file = self._sources.read(path + ".map") if self._sources.is_file(path + ".map") else None
        if not isinstance(file, SourceFile):
            return []
        try:
            held = json.loads(file.text)
        except (ValueError, RecursionError):
            return []
        listed = held.get("sources") if isinstance(held, dict) else None
        return [
            one
            for one in (listed if isinstance(listed, list) else ())
            if isinstance(one, str) and "node_modules/" not in one
        ]

    def _in_repository(self, named: str) -> Source | None:
        """Return a file that a bundle names: relative to a folder that esbuild was run in."""
        parts = [part for part in named.split("/") if part not in {"", ".", ".."}]
        folder = self._project
        for first in range(len(parts)):
            entry = "/".join(parts[first:])
            if self._sources.is_file(below(folder, entry)):
                return Source(folder=folder, entry=entry)
        while folder:
            folder = posixpath.dirname(folder)
            entry = "/".join(parts)
            if self._sources.is_file(below(folder, entry)):
                return Source(folder=folder, entry=entry)
        return None
