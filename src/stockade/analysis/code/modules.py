"""What an `import` means: a file of the application, or a library by its qualified name."""

import posixpath
import sys
from collections.abc import Callable, Mapping
from typing import TypeAlias

from stockade.analysis.code.changes import Changes
from stockade.analysis.code.ir import Entered, Module
from stockade.analysis.code.python import parse_python
from stockade.model import NOWHERE, SourceFile, Sources, Unknown, Unseen
from stockade.model.asked import as_code
from stockade.model.moves import Since
from stockade.model.record import record


@record
class ExternalModule:
    """A library, or a part of one, by its qualified name.

    A relative import of a file that is not there keeps its dots (`.config`), so that no
    library is taken for it.
    """

    name: str


Found: TypeAlias = Module | ExternalModule | Unseen


_SHARED = ("shared", "common", "layer", "layer/python", "lib", "libs", "core", "utils", "python")
"""Folders that a build lays beside the code of each function, by what they are called."""
_FOLDERS_UP = 3
"""How many folders are tried for what no root holds: the importer's own, and those above it."""


class ModuleCache:
    """Every file is parsed once for a whole scan, as long as the bound of its size holds."""

    def __init__(self, limit: int = 1_500_000) -> None:
        """Keep up to `limit` characters of code, about 32 bytes each.

        What was not asked for the longest is dropped first.
        """
        self.limit = limit
        self._modules: dict[SourceFile, Module | Unseen] = {}
        self._size = 0
        self._changes: dict[str, Changes] = {}
        """What the last edit of a file changed."""

    def module(
        self, file: SourceFile, parse: Callable[[SourceFile], Module | Unseen] = parse_python
    ) -> Module | Unseen:
        """Return the file as `parse`, the front end of its language, reads it."""
        module = self._modules.pop(file, None)
        if module is None:
            module = parse(file)
            self._size += len(file.text)
        self._modules[file] = module
        while self._size > self.limit and len(self._modules) > 1:
            oldest = next(iter(self._modules))
            del self._modules[oldest]
            self._size -= len(oldest.text)
        return module

    def changes(self, before: Module, now: Module, since: Since) -> Changes:
        """Return what an edit changed of a module; `since` tells where its lines went."""
        path = before.file.path
        known = self._changes.get(path)
        if known is None or not known.are_of(before, now, since):
            known = self._changes[path] = Changes(before, now, since)
        return known

    def moved_by(self, _since: object, _moved: object) -> "ModuleCache":
        """Return the cache itself: its files are asked for by what they say, wherever it goes."""
        return self

    def is_now(self, now: object, _since: object) -> bool:
        """Tell whether it is the same cache."""
        return self is now

    def held(self) -> tuple[object, ...]:
        """Return no places: see `Since`."""
        return ()


class Modules:
    """Resolves the imports of one Lambda function.

    `roots` are the folders that imports are looked up in, as in `Function.roots`: the code's
    own first, then the layers', as the Python reference's "The import system" describes. The
    same file always gives the same `Module`, so cyclic imports come back to where they began.
    """

    _parse = staticmethod(parse_python)

    def __init__(
        self, sources: Sources, roots: tuple[str, ...], cache: ModuleCache | None = None
    ) -> None:
        self._sources = sources
        self._roots = tuple(map(_normal, roots))
        self._cache = cache or ModuleCache()
        self._entered: Entered | None = None
        self._loaded: dict[str, Module | Unseen] = {}
        self._found: dict[tuple[str, tuple[str, ...]], Found] = {}
        self._namespaces: dict[str, tuple[str, ...]] = {}
        self._shared_below: dict[str, tuple[str, ...]] = {}

    def note(self, entered: Entered) -> None:
        """Have noted what is entered of the files that are loaded from now on."""
        self._entered = entered

    @property
    def unseen(self) -> tuple[Unseen, ...]:
        """What was imported and could not be read or parsed, files or pieces, each once."""
        found: list[Unseen] = []
        for module in self._loaded.values():
            found.extend((module,) if isinstance(module, Unseen) else module.unseen)
        return tuple(found)

    @property
    def read(self) -> Mapping[str, Module | Unseen]:
        """Every file that was imported, and the handler's own, by its path."""
        return self._loaded

    def file(self, path: str) -> Module | Unseen:
        """Parse a file of the folder as an import of it does."""
        return self._file(path)

    def load(self, file: SourceFile) -> Module | Unseen:
        """Parse a file that is at hand: the one that holds the handler."""
        module = self._loaded.get(file.path)
        if not isinstance(module, Module) or module.file != file:
            module = self._loaded[file.path] = self._parsed(file)
        return module

    def _parsed(self, file: SourceFile) -> Module | Unseen:
        module = self._cache.module(file, self._parse)
        if self._entered is not None and isinstance(module, Module):
            self._entered.watch(module)
        return module

    def _imported(self, file: SourceFile) -> Module | Unseen:
        """Parse a file that code imports."""
        return self._parsed(file)

    def resolve(self, module: str, level: int, importer: SourceFile) -> Found:
        """Find what `import module` gives, `level` being the leading dots of a relative import.

        A folder without `__init__.py` that is imported as a package is a `Module` without code,
        as if an empty `__init__.py` lay there. `Unseen` is a file that is there but cannot be
        read or parsed.
        """
        if level:
            return self._relative(module, level, importer)
        top = module.partition(".")[0]
        if top in sys.builtin_module_names:
            return ExternalModule(module)
        found = self._find(module, self._roots)
        if top in sys.stdlib_module_names:
            # A folder without `__init__.py` comes after all modules of the same name.
            return ExternalModule(module) if self._is_namespace(top) else found
        if isinstance(found, ExternalModule):
            return self._beside(module, importer) or found
        return found

    def _is_namespace(self, top: str) -> bool:
        found = self._find(top, self._roots)
        return isinstance(found, Module) and found.file.path in self._namespaces

    def _beside(self, module: str, importer: SourceFile) -> Found | None:
        """Find a module beside the importer or above it, as builds that move folders leave it."""
        folder = importer.path
        for _ in range(_FOLDERS_UP):
            if not folder:
                return None
            folder = folder.rpartition("/")[0]
            found = self._find(module, (folder,))
            is_namespace = isinstance(found, Module) and found.file.path in self._namespaces
            if not isinstance(found, ExternalModule) and not is_namespace:
                return found
            shared = self._shared(module, folder)
            if shared is not None:
                return shared
        return None

    def _shared(self, module: str, folder: str) -> Found | None:
        """Find a module in a folder below one that is called as what becomes a layer is."""
        for shared in self._shared_folders(folder) if folder else ():
            path = _join(shared, module.partition(".")[0])
            if self._sources.is_file(f"{path}.py") or self._sources.is_file(f"{path}/__init__.py"):
                found = self._find(module, (shared,))
                return None if isinstance(found, ExternalModule) else found
        return None

    def _shared_folders(self, folder: str) -> tuple[str, ...]:
        known = self._shared_below.get(folder)
        if known is None:
            below = (_join(folder, name) for name in _SHARED)
            known = tuple(one for one in below if self._sources.is_folder(one))
            self._shared_below[folder] = known
        return known

    def submodule(self, path: str, name: str) -> Found | None:
        """Find the file that `from package import name` gives where the package has no `name`.

        `path` is that of the package's own file; None if it is no package or no file is there.
        """
        folder, _, file = path.rpartition("/")
        if file != "__init__.py":
            return None
        found = self._find(name, self._namespaces.get(path, (folder,)))
        return None if isinstance(found, ExternalModule) else found

    def _relative(self, module: str, level: int, importer: SourceFile) -> Found:
        dotted = "." * level + module
        folder = importer.path
        for _ in range(level):
            if not folder:
                return ExternalModule(dotted)
            folder = folder.rpartition("/")[0]
        if module:
            found = self._find(module, (folder,))
            return ExternalModule(dotted) if isinstance(found, ExternalModule) else found
        path = _join(folder, "__init__.py")
        return self._file(path) if self._sources.is_file(path) else self._namespace((folder,))

    def _find(self, module: str, folders: tuple[str, ...]) -> Found:
        key = (module, folders)
        if key not in self._found:
            self._found[key] = self._look_up(module, folders)
        return self._found[key]

    def _look_up(self, module: str, folders: tuple[str, ...]) -> Found:
        parent, _, name = module.rpartition(".")
        if parent:
            package = self._find(parent, folders)
            if isinstance(package, Module):
                return self.submodule(package.file.path, name) or ExternalModule(module)
            return package if isinstance(package, Unseen) else ExternalModule(module)
        namespace = []
        for folder in folders:
            path = _join(folder, name)
            is_folder = self._sources.is_folder(path)
            for candidate in (f"{path}/__init__.py" if is_folder else "", f"{path}.py"):
                if candidate and self._sources.is_file(candidate):
                    return self._own(candidate, module)
            if is_folder and not self._sources.is_vendored(path):
                namespace.append(path)
        if namespace and self._has_python(namespace):
            return self._namespace(tuple(namespace))
        return ExternalModule(module)

    def _namespace(self, folders: tuple[str, ...]) -> Module | Unseen:
        path = _join(folders[0], "__init__.py")
        self._namespaces[path] = folders
        return self.load(SourceFile(path, ""))

    def _own(self, path: str, module: str) -> Found:
        return ExternalModule(module) if self._sources.is_vendored(path) else self._file(path)

    def _file(self, path: str) -> Module | Unseen:
        module = self._loaded.get(path)
        if module is None:
            with as_code():
                file = self._sources.read(path)
            if isinstance(file, Unknown):
                at = file.at if file.at != NOWHERE else SourceFile(path, "").whole
                module = Unseen(at, "code", file.why)
            else:
                module = self._imported(file)
            self._loaded[path] = module
        return module

    def _has_python(self, folders: list[str]) -> bool:
        return any(
            path.endswith(".py")
            for folder in folders
            for path in self._sources.files_below(folder)
        )


def _normal(folder: str) -> str:
    path = posixpath.normpath(folder).strip("/")
    return "" if path == "." else path


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
