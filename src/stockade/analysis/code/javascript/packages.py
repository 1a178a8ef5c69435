"""What `package.json` and `tsconfig.json` say about where modules are."""

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from stockade.model import SourceFile, Sources

_MOST_EXTENDS: Final = 5
_CONDITIONS: Final = ("source", "types", "import", "node", "module", "require", "default")
_COMMENT: Final = re.compile(r'("(?:[^"\\]++|\\.)*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_TRAILING: Final = re.compile(r",(?=\s*[}\]])")
_MAJOR: Final = re.compile(r"[\^~=v\s]*(\d+)(?:[.\s]|$)")
_CONFIGURATIONS: Final = ("tsconfig.json", "jsconfig.json")
_WORKSPACES: Final = ("pnpm-workspace.yaml", "lerna.json", "nx.json", "turbo.json", "rush.json")


class Packages:
    """The packages of the scanned folder, each description read once."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._read: dict[str, Mapping[str, Any]] = {}
        self._named: dict[str, str] | None = None

    def description(self, folder: str) -> Mapping[str, Any]:
        """Return what a folder's `package.json` says; nothing where there is none."""
        return self._json(posixpath.join(folder, "package.json"))

    def major(self, name: str, folder: str) -> str | None:
        """Return the major version of a package that the nearest description asks for."""
        for above in upwards(folder):
            for kind in ("dependencies", "devDependencies"):
                listed = self.description(above).get(kind)
                wanted = listed.get(name) if isinstance(listed, dict) else None
                if isinstance(wanted, str):
                    found = _MAJOR.match(wanted)
                    return found[1] if found is not None else None
        return None

    def _json(self, path: str) -> Mapping[str, Any]:
        known = self._read.get(path)
        if known is None:
            known = self._read[path] = self._parsed(path)
        return known

    def _parsed(self, path: str) -> Mapping[str, Any]:
        if not self._sources.is_file(path):
            return {}
        file = self._sources.read(path)
        if not isinstance(file, SourceFile):
            return {}
        try:
            text = file.text
            if path.endswith(_CONFIGURATIONS) or "tsconfig" in path:
                text = _COMMENT.sub(lambda found: found[1] or "", text)
                text = _TRAILING.sub("", text)
            parsed = json.loads(text)
        except (ValueError, RecursionError):
            return {}
        return parsed if isinstance(parsed, dict) else {}

    def mapped(self, name: str, folder: str) -> Iterator[str]:
        """Yield where `paths` and `baseUrl` of the nearest `tsconfig.json` put a module."""
        for above in upwards(folder):
            for configuration in _CONFIGURATIONS:
                path = posixpath.join(above, configuration)
                if self._sources.is_file(path):
                    yield from self._paths(name, path, 0)
                    return

    def _paths(self, name: str, path: str, depth: int) -> Iterator[str]:
        written = self._json(path)
        folder = posixpath.dirname(path)
        options = written.get("compilerOptions")
        options = options if isinstance(options, dict) else {}
        base = options.get("baseUrl")
        start = join(folder, base) if isinstance(base, str) else folder
        paths = options.get("paths")
        for pattern, places in paths.items() if isinstance(paths, dict) else ():
            rest = _matched(str(pattern), name)
            if rest is None or start is None or not isinstance(places, list):
                continue
            for place in places:
                found = join(start, place.replace("*", rest)) if isinstance(place, str) else None
                if found is not None:
                    yield found
        if isinstance(base, str) and start is not None:
            found = join(start, name)
            if found is not None:
                yield found
        extended = written.get("extends")
        if isinstance(extended, str) and extended.startswith(".") and depth < _MOST_EXTENDS:
            above = join(folder, extended)
            if above is not None:
                named = above if above.endswith(".json") else f"{above}.json"
                yield from self._paths(name, named, depth + 1)

    def imported(self, name: str, folder: str) -> Iterator[str]:
        """Yield where the `imports` of the nearest `package.json` put `#name`."""
        for above in upwards(folder):
            imports = self.description(above).get("imports")
            for pattern, place in imports.items() if isinstance(imports, dict) else ():
                rest = _matched(str(pattern), name)
                for each in _chosen(place) if rest is not None else ():
                    found = join(above, each.replace("*", rest or ""))
                    if found is not None:
                        yield found

    def workspace(self, name: str, folder: str) -> Iterator[str]:
        """Yield where a package of the same repository keeps the module of this name."""
        if not any(self._has_workspaces(above) for above in upwards(folder)):
            return
        if self._named is None:
            self._named = dict(self._names())
        parts = name.split("/")
        package = "/".join(parts[: 2 if name.startswith("@") else 1])
        place = self._named.get(package)
        if place is None:
            return
        rest = name[len(package) :].strip("/")
        yield from self.entries(place, rest)

    def _has_workspaces(self, folder: str) -> bool:
        return "workspaces" in self.description(folder) or any(
            self._sources.is_file(posixpath.join(folder, each)) for each in _WORKSPACES
        )

    def _names(self) -> Iterator[tuple[str, str]]:
        for path in self._sources.files_below(""):
            if posixpath.basename(path) == "package.json":
                name = self._json(path).get("name")
                if isinstance(name, str):
                    yield name, posixpath.dirname(path)

    def entries(self, folder: str, rest: str = "") -> Iterator[str]:
        """Yield the files that a package gives: as it says, or where its source usually is."""
        written = self.description(folder)
        wanted = f"./{rest}" if rest else "."
        given = written.get("exports")
        if isinstance(given, dict) and any(str(key).startswith(".") for key in given):
            for pattern, place in given.items():
                inner = _matched(str(pattern), wanted)
                for each in _chosen(place) if inner is not None else ():
                    yield from _source_of(folder, each.replace("*", inner or ""))
        elif given is not None and not rest:
            for each in _chosen(given):
                yield from _source_of(folder, each)
        if rest:
            yield posixpath.join(folder, rest)
            yield posixpath.join(folder, "src", rest)
            return
        for key in ("source", "module", "main"):
            place = written.get(key)
            if isinstance(place, str):
                yield from _source_of(folder, place)
        yield posixpath.join(folder, "src/index")
        yield posixpath.join(folder, "index")


def _source_of(folder: str, place: str) -> Iterator[str]:
    """Yield a file that a package names, and the source that it is built from."""
    found = join(folder, place)
    if found is None:
        return
    yield found
    inside = found[len(folder) :].strip("/") if folder else found
    first, _, rest = inside.partition("/")
    if first in ("dist", "lib", "build", "out") and rest:
        yield posixpath.join(folder, "src", rest)


def _chosen(place: object, depth: int = 4) -> Iterator[str]:
    """Yield the paths that conditions may choose."""
    if isinstance(place, str):
        yield place
    elif isinstance(place, dict) and depth:
        for condition in _CONDITIONS:
            if condition in place:
                yield from _chosen(place[condition], depth - 1)


def _matched(pattern: str, name: str) -> str | None:
    """Return what a pattern's star stands for in `name`; None where they do not match."""
    before, star, after = pattern.partition("*")
    if not star:
        return "" if pattern == name else None
    fits = name.startswith(before) and name.endswith(after)
    if not fits or len(name) < len(before) + len(after):
        return None
    return name[len(before) : len(name) - len(after)]


def join(folder: str, path: str) -> str | None:
    """Join two paths; None where that leads out of the scanned folder."""
    if path.startswith("/") or "\0" in path:
        return None
    joined = posixpath.normpath(posixpath.join(folder, path))
    if joined == ".." or joined.startswith("../"):
        return None
    return "" if joined == "." else joined


def upwards(folder: str) -> Iterator[str]:
    """Yield a folder and those above it, up to the scanned one."""
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""
