"""Where an import leads: beside the importing file, or by the `paths` of a `tsconfig.json`."""

import posixpath
from collections.abc import Iterator

from stockade.load.document import parse
from stockade.load.sources import Folder
from stockade.model import List, Map, Scalar, SourceFile, Unseen, Value

_CONFIGURATIONS = ("tsconfig.json", "tsconfig.paths.json", "tsconfig.base.json")


class Aliases:
    """The short names that a service's TypeScript configuration gives to its folders."""

    def __init__(self, sources: Folder, folder: str) -> None:
        self._folder = folder
        self._sources = sources
        self._known: list[tuple[str, str]] | None = None

    def paths(self, path: str, specifier: str) -> Iterator[str]:
        """Yield the paths, still without an ending, that an import in the file `path` may mean."""
        if specifier.startswith("."):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(path), specifier))
            return
        for alias, target in self._aliases():
            before, star, after = alias.partition("*")
            if not star and specifier == alias:
                yield target
            elif star and specifier.startswith(before) and specifier.endswith(after):
                matched = specifier[len(before) : len(specifier) - len(after)]
                yield posixpath.normpath(target.replace("*", matched, 1))

    def _aliases(self) -> list[tuple[str, str]]:
        if self._known is None:
            self._known = list(self._read())
        return self._known

    def _read(self) -> Iterator[tuple[str, str]]:
        for name in _CONFIGURATIONS:
            path = posixpath.join(self._folder, name)
            file = self._sources.read(path) if self._sources.is_file(path) else None
            if not isinstance(file, SourceFile):
                continue
            # YAML takes the commas before a closing bracket that TypeScript allows, too.
            document = parse(SourceFile(path, _without_comments(file.text)))
            if isinstance(document, Unseen):
                document = parse(SourceFile(f"{path}.yaml", _without_comments(file.text)))
            root = None if isinstance(document, Unseen) else document.root
            options = root.get("compilerOptions") if isinstance(root, Map) else None
            if isinstance(options, Map):
                yield from self._of_options(options)

    def _of_options(self, options: Map) -> Iterator[tuple[str, str]]:
        base = options.get("baseUrl")
        start = base.value if isinstance(base, Scalar) and isinstance(base.value, str) else "."
        folder = posixpath.join(self._folder, start)
        paths = options.get("paths")
        for alias, targets in paths if isinstance(paths, Map) else ():
            for target in targets.items if isinstance(targets, List) else ():
                if (text := _text(target)) is not None:
                    yield alias, posixpath.normpath(posixpath.join(folder, text))
        if base is not None:
            yield "*", posixpath.normpath(posixpath.join(folder, "*"))


def _text(value: Value) -> str | None:
    return value.value if isinstance(value, Scalar) and isinstance(value.value, str) else None


def _without_comments(text: str) -> str:
    """Return JSON without the comments that stand on lines of their own."""
    return "\n".join("" if line.lstrip().startswith("//") else line for line in text.split("\n"))
