"""The source files behind each function: where its code is, and the handler that Lambda calls.

Follows "Define Lambda function handler in Python", "... in Node.js", AWS::Lambda::Function "Code"
and the `Metadata` that `sam build` reads ("Build AWS SAM applications").
"""

from collections.abc import Mapping

from stockade.load.handlers.files import find_handler, handler_files, wrapped
from stockade.load.handlers.layers import layer_roots
from stockade.load.handlers.paths import folder_of, join
from stockade.model import Handler, Map, Resource, Sources, Unknown, constant, inside
from stockade.model.record import record

_LANGUAGES = {"python": "python", "nodejs": "javascript"}


@record
class Code:
    """The code of one function. `runtime` is told where the image tells it, not the template."""

    handler: Handler | Unknown
    roots: tuple[str, ...] = ()
    runtime: str | None = None


def locate(
    function: Resource,
    layers: tuple[Resource, ...],
    folders: Mapping[str, str],
    sources: Sources,
) -> Code:
    """Find the code of a function of type AWS::Lambda::Function.

    `layers` are those layers of the application that it uses; `folders` tells for each stack's
    name the folder of its template. Nothing outside the scanned folder is looked at.
    """
    properties = function.properties
    folder = folders.get(function.stack, "")
    ways = list(inside(properties, "Code"))
    if constant(properties.get("PackageType")) == "Image" or any(
        isinstance(way, Map) and "ImageUri" in way for way in ways
    ):
        from stockade.load.handlers.images import image  # noqa: PLC0415

        built = image(function, folder, sources)
        return Code(built.handler, built.roots, built.runtime)
    languages = _languages(function)
    if isinstance(languages, Unknown):
        return Code(languages)
    found = Code(Unknown("no code is written", function.at))
    for language in languages:
        found = _in_language(function, layers, folders, language, sources)
        if isinstance(found.handler, Handler):
            break
    return found


def _in_language(
    function: Resource,
    layers: tuple[Resource, ...],
    folders: Mapping[str, str],
    language: str,
    sources: Sources,
) -> Code:
    for way in inside(function.properties, "Code"):
        if isinstance(way, Map) and "ZipFile" in way:
            from stockade.load.handlers.inline import inline_code  # noqa: PLC0415

            return Code(inline_code(function, way.entries["ZipFile"], language, sources))
    folder, name = folders.get(function.stack, ""), _handler(function)
    code = folder_of(function, folder, sources)
    if isinstance(code, Unknown):
        files = handler_files(function, name, language) if isinstance(name, str) else []
        from stockade.load.handlers.archives import packed_from  # noqa: PLC0415

        symbol = name.rpartition(".")[2] if isinstance(name, str) else ""
        packed = packed_from(function, files, symbol, folder, sources)
        if packed is None:
            return Code(code)
        code = packed
    roots = (code, *(root for one in layers for root in _layer(one, folders, language, sources)))
    return Code(find_handler(function, name, roots, language, sources), roots)


def _languages(function: Resource) -> tuple[str, ...] | Unknown:
    """Return the languages that a function may be written in.

    Where the runtime is given at deployment, the file that is there will tell.
    """
    at = function.properties.key_at("Runtime")
    written = [constant(way) for way in inside(function.properties, "Runtime")]
    if not written:
        return Unknown("no runtime is written", function.at)
    found: dict[str, None] = {}
    for runtime in written:
        if not isinstance(runtime, str):
            found.update(dict.fromkeys(_LANGUAGES.values()))
            continue
        for prefix, language in _LANGUAGES.items():
            if runtime.startswith(prefix):
                found.setdefault(language)
    if found:
        return tuple(found)
    return Unknown(f"the runtime {written[0]} is not analysed", at)


def _handler(function: Resource) -> str | Unknown:
    """Return the handler's name as Lambda is given it, or that which a wrapper passes on to."""
    written = constant(function.properties.get("Handler"))
    if written is None:
        return Unknown("no handler is written", function.at)
    return wrapped(function, written) if isinstance(written, str) else written


def _layer(
    layer: Resource, folders: Mapping[str, str], language: str, sources: Sources
) -> tuple[str, ...]:
    for written in inside(layer.properties, "Content"):
        path = constant(written)
        if isinstance(path, str):
            content = join(folders.get(layer.stack, ""), path)
            return () if content is None else layer_roots(layer, content, language, sources)
    return ()
