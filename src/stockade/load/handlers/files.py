"""A handler's name to the file that defines it, as each runtime looks it up."""

import posixpath
from collections.abc import Iterator

from stockade.load.handlers.paths import below, join
from stockade.model import (
    Handler,
    Resource,
    SourceFile,
    Sources,
    Unknown,
    constant,
    inside,
)

_JAVASCRIPT = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ".jsx")
_BUILT = frozenset({"dist", "build", "lib", "out", "built", ".build", "bin"})

_WRAPPERS = {
    "datadog_lambda.handler.handler": "DD_LAMBDA_HANDLER",
    "/opt/nodejs/node_modules/datadog-lambda-js/handler.handler": "DD_LAMBDA_HANDLER",
    "newrelic_lambda_wrapper.handler": "NEW_RELIC_LAMBDA_HANDLER",
    "newrelic-lambda-wrapper.handler": "NEW_RELIC_LAMBDA_HANDLER",
    "lumigo_tracer._handler": "LUMIGO_ORIGINAL_HANDLER",
    "lumigo-auto-instrument.handler": "LUMIGO_ORIGINAL_HANDLER",
}
"""Handlers that live in a vendor's layer, and the variable that names the one they call."""


def wrapped(function: Resource, handler: str) -> str | Unknown:
    """Return the application's own handler where the written one is a vendor's wrapper."""
    variable = _WRAPPERS.get(handler)
    if variable is None:
        return handler
    for value in inside(function.properties, "Environment", "Variables", variable):
        named = constant(value)
        if named is not None:
            return named
    return Unknown(f"the handler {handler} calls one that {variable} does not name", function.at)


def find_handler(
    function: Resource,
    name: str | Unknown,
    roots: tuple[str, ...],
    language: str,
    sources: Sources,
) -> Handler | Unknown:
    """Find the file and the symbol of a handler in the code's own folder, then in the layers."""
    if isinstance(name, Unknown):
        return name
    at = function.properties.key_at("Handler")
    if name.endswith(".sh"):
        return Unknown(f"the handler {name} starts a program, which is not analysed", at)
    split = _split(name, language)
    if split is None:
        return Unknown(f"the handler {name} names no function in a file", at)
    module, symbol = split
    tried = handler_files(function, name, language)
    for root in roots:
        for candidate in tried:
            path = join(root, candidate)
            if path is not None and sources.is_file(path):
                return _read(path, symbol, language, sources)
    path = _only_one(roots[0], tried, sources)
    if path is None:
        where = below(roots[0], module) if roots[0] else module
        return Unknown(f"there is no file for the handler {name} ({where})", at)
    return _read(path, symbol, language, sources)


def handler_files(function: Resource, name: str, language: str) -> list[str]:
    """Return the files that a handler may be in, relative to the folder of the code."""
    split = _split(name, language)
    if split is None:
        return []
    module, _ = split
    if language == "python":
        return list(_python(module, function))
    return list(_javascript(module, function))


def _split(name: str, language: str) -> tuple[str, str] | None:
    return split_python(name) if language == "python" else split_javascript(name)


def split_python(name: str) -> tuple[str, str] | None:
    """Split at the last dot; dots and slashes before it part packages."""
    module, dot, symbol = name.rpartition(".")
    if not dot or not module or not symbol.isidentifier():
        return None
    return module.lstrip("./").replace(".", "/"), symbol


def split_javascript(name: str) -> tuple[str, str] | None:
    """Split at the first dot after the last slash; what follows may be dotted."""
    folder, slash, rest = name.rpartition("/")
    base, dot, symbol = rest.partition(".")
    if not dot or not base or not symbol:
        return None
    return f"{folder}{slash}{base}", symbol


def _python(module: str, function: Resource) -> Iterator[str]:
    """Yield where a module may be: first the one file that is packed under its name."""
    entries = [one for one in _entry_points(function) if one.endswith(".py")]
    if len(entries) == 1:
        yield entries[0]
    yield f"{module}.py"
    yield f"{module}/__init__.py"


def _javascript(module: str, function: Resource) -> Iterator[str]:
    """Yield where the source may be: a bundler's entry point first, then beside the handler.

    Compiled code is looked for under its source's name: `dist/app.js` comes from `src/app.ts`.
    """
    stem = posixpath.basename(module)
    entries = list(_entry_points(function))
    for entry in entries:
        if posixpath.splitext(posixpath.basename(entry))[0] == stem or len(entries) == 1:
            if posixpath.splitext(entry)[1] in _JAVASCRIPT:
                yield entry
            else:
                yield from (entry + ending for ending in _JAVASCRIPT)
    for one in source_modules(module):
        for ending in _JAVASCRIPT:
            yield one + ending


def source_modules(module: str) -> Iterator[str]:
    """Yield the paths, without an ending, under which the source of a module may lie."""
    yield module
    first, _, rest = module.removeprefix("./").partition("/")
    if rest and first in _BUILT:
        yield f"src/{rest}"
        yield rest


def _entry_points(function: Resource) -> Iterator[str]:
    for entry in inside(function.metadata, "BuildProperties", "EntryPoints", "[]"):
        text = constant(entry)
        if isinstance(text, str):
            yield text


def _only_one(folder: str, candidates: list[str], sources: Sources) -> str | None:
    """Return the one file below the folder that ends in a candidate's path.

    Builds with a Makefile or a custom script copy files about; where only one file of the
    handler's name is there, it is the handler's.
    """
    endings = tuple("/" + posixpath.normpath(one).removeprefix("../") for one in candidates)
    found = [path for path in sources.files_below(folder) if ("/" + path).endswith(endings)]
    return found[0] if len(found) == 1 else None


def _read(path: str, symbol: str, language: str, sources: Sources) -> Handler | Unknown:
    file = sources.read(path)
    if isinstance(file, SourceFile):
        return Handler(file=file, symbol=symbol, language=language)
    return Unknown(f"{path}: {file.why}", file.at)
