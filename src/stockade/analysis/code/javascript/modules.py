"""What `import` and `require` mean: a file of the application, or a library by its name.

Follows "Modules: CommonJS modules" and "Modules: Packages" of the Node.js documentation, and
"Module Resolution" of the TypeScript handbook. Node's own modules are named `node:fs`, packages
`npm:axios`: no module of another language is taken for one of them.
"""

import posixpath
from collections.abc import Iterator
from typing import Final

from stockade.analysis.code.ir import Module
from stockade.analysis.code.javascript import parse_javascript
from stockade.analysis.code.javascript.packages import Packages, join
from stockade.analysis.code.modules import ExternalModule, Found, ModuleCache, Modules
from stockade.model import SourceFile, Sources, Unseen

_BUILTIN: Final = frozenset(
    [
        "assert",
        "async_hooks",
        "buffer",
        "child_process",
        "cluster",
        "console",
        "constants",
        "crypto",
        "dgram",
        "diagnostics_channel",
        "dns",
        "domain",
        "events",
        "fs",
        "http",
        "http2",
        "https",
        "inspector",
        "module",
        "net",
        "os",
        "path",
        "perf_hooks",
        "process",
        "punycode",
        "querystring",
        "readline",
        "repl",
        "stream",
        "string_decoder",
        "sys",
        "test",
        "timers",
        "tls",
        "trace_events",
        "tty",
        "url",
        "util",
        "v8",
        "vm",
        "wasi",
        "worker_threads",
        "zlib",
    ]
)
_ENDINGS: Final = (".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx", ".json")
_COMPILED: Final = {
    ".js": (".ts", ".tsx"),
    ".jsx": (".tsx",),
    ".mjs": (".mts",),
    ".cjs": (".cts",),
}
"""What a file that an import names may be compiled from."""
_DIFFERS: Final = {"js-yaml": "3"}
"""Packages of which an older major version does what the later ones do not, by that version."""
_JSON: Final = "module.exports =\n"


class JavaScriptModules(Modules):
    """Resolves the imports of one function that is written in JavaScript or TypeScript."""

    _parse = staticmethod(parse_javascript)

    def __init__(
        self, sources: Sources, roots: tuple[str, ...], cache: ModuleCache | None = None
    ) -> None:
        super().__init__(sources, roots, cache)
        self._packages = Packages(sources)
        self._resolved: dict[tuple[str, str], Found] = {}

    def resolve(self, module: str, level: int, importer: SourceFile) -> Found:  # noqa: ARG002
        """Find what `module`, as it is written, names for code in `importer`."""
        folder = posixpath.dirname(importer.path)
        key = (module, folder)
        found = self._resolved.get(key)
        if found is None:
            found = self._resolved[key] = self._resolve(module, folder)
        return found

    def submodule(self, path: str, name: str) -> Found | None:  # noqa: ARG002 - packages have none
        """Find no more: a module gives what it exports."""
        return None

    def _imported(self, file: SourceFile) -> Module | Unseen:
        # A handler's code that stands in a template of JSON is none, though its file ends so.
        if file.path.endswith(".json"):
            file = SourceFile(file.path, _JSON + file.text, first_line=0)
        return self._parsed(file)

    def _resolve(self, module: str, folder: str) -> Found:
        for place in self._places(module, folder):
            path = self._path(place)
            if path is not None:
                return self._file(path)
        if module.startswith((".", "/", "#")):
            return ExternalModule(f".{module}")
        name = module.removeprefix("node:")
        if name.partition("/")[0] in _BUILTIN:
            return ExternalModule(f"node:{name.replace('/', '.')}")
        name = name.removesuffix(".js")
        if name in _DIFFERS and self._packages.major(name, folder) == _DIFFERS[name]:
            name = f"{name}@{_DIFFERS[name]}"
        return ExternalModule(f"npm:{name}")

    def _places(self, module: str, folder: str) -> Iterator[str]:
        """Yield the paths that a module may have, without its ending."""
        if module.startswith("."):
            found = join(folder, module)
            if found is not None:
                yield found
        elif module.startswith("/opt/"):
            yield from self._in_layers(module.removeprefix("/opt/"))
        elif module.startswith("/var/task/"):
            yield posixpath.join(self._roots[0], module.removeprefix("/var/task/"))
        elif module.startswith("#"):
            yield from self._packages.imported(module, folder)
        elif module.removeprefix("node:").partition("/")[0] not in _BUILTIN:
            yield from self._packages.mapped(module, folder)
            yield from self._packages.workspace(module, folder)
            for root in self._roots[1:]:
                yield from self._packages.entries(posixpath.join(root, module))

    def _in_layers(self, path: str) -> Iterator[str]:
        for root in self._roots[1:]:
            above = root.removesuffix("/node_modules").removesuffix("/nodejs")
            for place in (path, path.removeprefix("nodejs/")):
                yield posixpath.join(above, place)

    def _path(self, place: str) -> str | None:
        """Return the file that a path names: with its ending, or as a folder."""
        stem, ending = posixpath.splitext(place)
        for other in _COMPILED.get(ending, ()):
            if self._is_own(stem + other):
                return stem + other
        if ending in _ENDINGS and self._is_own(place):
            return place
        for other in _ENDINGS:
            if self._is_own(place + other):
                return place + other
        if not self._sources.is_folder(place):
            return None
        for entry in self._packages.entries(place):
            if entry != place:
                for other in ("", *_ENDINGS):
                    if entry.endswith(_ENDINGS) or other:
                        path = entry + other
                        if path.endswith(_ENDINGS) and self._is_own(path):
                            return path
        return None

    def _is_own(self, path: str) -> bool:
        return "node_modules/" not in path and self._sources.is_file(path)
