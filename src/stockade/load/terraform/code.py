"""Where a function's code comes from: archives that the configuration packs, objects in S3.

Follows "Data Source: archive_file" in the documentation of the archive provider. An archive that
something else packs is looked for under its own name: `lambda.zip` beside `lambda/`.
"""

import posixpath
from collections.abc import Iterator
from typing import Final

from stockade.load.handlers.paths import join
from stockade.load.terraform.builds import put_build
from stockade.load.terraform.bundles import Package, package_of
from stockade.load.terraform.kinds import Made, Template
from stockade.load.terraform.resources import ResourceInstance
from stockade.load.terraform.values import is_null, known
from stockade.model import (
    List,
    Map,
    Reference,
    Scalar,
    Unknown,
    Value,
    alternatives,
    constant,
    expression,
    items,
)

_ARCHIVES: Final = ("archive_file",)
_PACKED: Final = (".zip", ".jar")
_ENDINGS: Final = (".py", ".js", ".mjs", ".ts")
_SOURCES: Final = ("source_path", "source_dir", "source_file", "source_folder", "source_code_path")
"""Variables by which modules are told what to pack, where a program of theirs packs it."""
_OBJECTS: Final = ("aws_s3_object", "aws_s3_bucket_object")


def put_code(made: Made, instance: ResourceInstance, into: Template) -> None:
    """Give a function its `Code`."""
    image = instance.argument("image_uri")
    if image is not None and not is_null(image):
        made.put("Code", Map({"ImageUri": image}, image.at, {"ImageUri": image.at}))
        made.put("PackageType", Scalar("Image", image.at))
        put_build(made, image, into)
        return
    content = _content(instance, into)
    if content is None:
        return
    made.put("Code", content)
    bundle = into.bundles.get(instance.address)
    if bundle is not None:
        at = content.at
        entries = List(tuple(Scalar(entry, at) for entry in bundle.entries), at)
        made.metadata["BuildProperties"] = Map({"EntryPoints": entries}, at, {"EntryPoints": at})


def put_content(made: Made, instance: ResourceInstance, into: Template) -> None:
    """Give a layer its `Content`."""
    content = _content(instance, into)
    if content is not None:
        made.put("Content", content)


def _content(instance: ResourceInstance, into: Template) -> Value | None:
    """Return the folder or file that the code is packed from, as far as it is known."""
    filename = instance.argument("filename")
    if filename is not None and not is_null(filename):
        return _of_archive(filename, instance, into)
    key = instance.argument("s3_key")
    if key is None or is_null(key):
        return None
    for stored in _stored(key, into):
        content = stored.argument("content")
        source = stored.argument("source")
        if source is not None and not is_null(source):
            return _of_archive(source, instance, into)
        if content is not None:
            return Unknown("the code is an object in S3", key.at)
    return Map({"S3Key": key}, key.at, {"S3Key": key.at})


def _stored(key: Value, into: Template) -> Iterator[ResourceInstance]:
    """Yield the objects of the configuration that a key means."""
    for way in alternatives(key):
        if isinstance(way, Reference):
            found = into.instances.get(way.resource)
            if found is not None and found.type in _OBJECTS:
                yield found
    wanted = expression(key)
    for one in into.of_type(*_OBJECTS):
        written = one.argument("key")
        if written is not None and expression(written) == wanted:
            yield one


def _of_archive(path: Value, instance: ResourceInstance, into: Template) -> Value:
    """Return what an archive is packed from."""
    for way in alternatives(path):
        if isinstance(way, Reference):
            archive = into.instances.get(way.resource)
            if archive is not None and archive.type in _ARCHIVES:
                return _existing(_packed(archive, instance, into), instance, into)
    text = constant(path)
    if isinstance(text, str):
        wanted = posixpath.normpath(text)
        for archive in into.of_type(*_ARCHIVES):
            output = constant(archive.argument("output_path"))
            if isinstance(output, str) and posixpath.normpath(output) == wanted:
                return _existing(_packed(archive, instance, into), instance, into)
    return _existing(path, instance, into)


def _packed(archive: ResourceInstance, instance: ResourceInstance, into: Template) -> Value:
    """Return the folder, the file or the text that an archive holds for a function."""
    for name in ("source_dir", "source_file"):
        source = archive.argument(name)
        if source is not None and not is_null(source):
            return source
    content = archive.argument("source_content")
    if content is not None and not is_null(content):
        return _inline(content)
    module = _module(instance)
    sources = [one for one in items(archive.argument("source")) if isinstance(one, Map)]
    for source in sorted(sources, key=lambda one: _packed_as(one) != module):
        found = source.get("content")
        if found is not None and not is_null(found):
            return _of_content(found, _packed_as(source), archive, instance, into)
    return Unknown("what the archive is packed from is not written", archive.at)


def _packed_as(source: Map) -> str:
    """Return the name under which an archive holds a file, without its ending."""
    name = constant(source.get("filename"))
    return posixpath.splitext(name)[0] if isinstance(name, str) else ""


def _of_content(
    content: Value,
    name: str,
    archive: ResourceInstance,
    instance: ResourceInstance,
    into: Template,
) -> Value:
    """Return the content of a file in an archive: the file it was read from, else the text.

    Where the archive holds it under another name, that file is the only entry of the package.
    """
    place = content.at
    found = known(content)
    if isinstance(found, Scalar) and place.end_line == 0 and into.sources.is_file(place.path):
        start = into.root_folder
        relative = posixpath.relpath(place.path, start or ".")
        folder, file = posixpath.split(place.path)
        if name == _module(instance) != posixpath.splitext(file)[0]:
            into.bundles[instance.address] = Package(folder, (file,))
        return Scalar(relative, archive.at)
    return _inline(content)


def _module(instance: ResourceInstance) -> str:
    """Return the module that a handler's name begins with, as a path."""
    handler = constant(instance.argument("handler"))
    return handler.rpartition(".")[0].replace(".", "/") if isinstance(handler, str) else ""


def _inline(content: Value) -> Map:
    return Map({"ZipFile": content}, content.at, {"ZipFile": content.at})


def _existing(place: Value, instance: ResourceInstance, into: Template) -> Value:
    """Return a place of code as it is, or where else the code is if nothing is there.

    A folder of an archive's name beside it is taken for its content; else the folder that the
    module was given; else the one file of the handler's name below the module's folder, or the
    root module's, is taken.
    """
    text = constant(place)
    if isinstance(place, Map) or text is None:
        return place
    if isinstance(text, str):
        if text.startswith(("http://", "https://", "s3://")):
            return Unknown("the code is an archive elsewhere", place.at)
        path = join(into.root_folder, text)
        if path is not None:
            is_archive = path.endswith(_PACKED)
            if into.sources.is_folder(path) or (into.sources.is_file(path) and not is_archive):
                return Scalar(text, place.at)
            stem = posixpath.splitext(path)[0]
            if is_archive and into.sources.is_folder(stem):
                return Scalar(_relative(stem, into), place.at)
    folder = _given(instance, into) or _folder_with(instance, into)
    if folder is None:
        folder = _bundled(text, instance, into)
    if folder is not None:
        return Scalar(_relative(folder, into), place.at)
    if isinstance(text, str):
        path = join(into.root_folder, text)
        if path is not None and not into.sources.is_file(path) and not path.endswith(_PACKED):
            return Unknown(f"nothing in the configuration packs the archive {text}", place.at)
        return Scalar(text, place.at)
    return place


def _given(instance: ResourceInstance, into: Template) -> str | None:
    """Return the folder with the handler's file that a module was told to pack, by a program."""
    names = [f"{_module(instance)}{ending}" for ending in _ENDINGS]
    for variable in _SOURCES:
        value = instance.module.variable(variable, instance.at)
        for way in (value, *items(value)):
            written = way.get("path") if isinstance(way, Map) else way
            text = constant(written) if written is not None else None
            path = join(into.root_folder, text) if isinstance(text, str) else None
            if path is None:
                continue
            if posixpath.basename(path) in names and into.sources.is_file(path):
                return posixpath.dirname(path)
            if any(into.sources.is_file(posixpath.join(path, name)) for name in names):
                return path
    return None


def _folder_with(instance: ResourceInstance, into: Template) -> str | None:
    """Return the folder that holds the one file of a handler's name, and is the code's root."""
    module = _module(instance)
    if not module:
        return None
    names = tuple(f"{module}{ending}" for ending in _ENDINGS)
    for folder in dict.fromkeys((instance.module.folder, into.root_folder)):
        below = into.sources.files_below(folder)
        found = [one for one in below if f"/{one}".endswith(tuple(f"/{name}" for name in names))]
        if len(found) == 1:
            length = next(len(name) for name in names if found[0].endswith(name))
            return found[0][:-length].rstrip("/")
    return None


def _bundled(text: str | Unknown, instance: ResourceInstance, into: Template) -> str | None:
    """Return the folder of the package whose build makes an archive; its entries are noted."""
    path = join(into.root_folder, text) if isinstance(text, str) else None
    runtime = constant(instance.argument("runtime"))
    if path is None or not isinstance(runtime, str) or not runtime.startswith("nodejs"):
        return None
    package = package_of(path, into.sources)
    if package is None:
        return None
    into.bundles[instance.address] = package
    return package.folder


def _relative(path: str, into: Template) -> str:
    return posixpath.relpath(path or ".", into.root_folder or ".")
