"""Which files of the folder are templates of SAM or CloudFormation."""

import codecs
from collections.abc import Container, Iterator, Sequence
from functools import partial

from stockade.load.document import parse
from stockade.load.sources import MAX_FILE_BYTES, Folder
from stockade.model import Location, Map, Scalar, Unknown, Unseen, Value
from stockade.model.record import record
from stockade.model.remembered import remembered
from stockade.model.sameness import kept_parts

_EXTENSIONS = (".yaml", ".yml", ".json", ".template", ".cfn")
_FORMAT_VERSION = "AWSTemplateFormatVersion"
_BATCH = 64
"""Files that are looked at again together, where nothing happened to any of them."""
_SURE_MARKS = (b"AWSTemplateFormatVersion", b"AWS::Serverless")


@record
class _Read:
    """What a file was read as: the root of a document, if it is one, and what was not seen."""

    root: Map | None
    unseen: tuple[Unseen, ...] = ()


def templates_of(
    sources: Folder,
    paths: Sequence[str],
    unseen: list[Unseen],
    apart_from: Container[str] = (),
) -> dict[str, Map]:
    """Return the root of every template by path, in the order of paths.

    `paths` are the files to read; without them the folder is searched, but for the files
    `apart_from` which something else is known of. A file is taken for a
    template by its text before it is parsed, and by its `Resources` after. Templates that
    cannot be read, and given paths that are no templates, are added to `unseen`.
    """
    templates = {}
    found = _given(sources, paths) if paths else _searched(sources, apart_from)
    for path, read in found:
        unseen.extend(read.unseen)
        if read.root is not None:
            templates[path] = read.root
    return templates


def read_template(sources: Folder, path: str, unseen: list[Unseen]) -> Map | None:
    """Return the root of a document; None, with the reason in `unseen`, if there is none."""
    read = _document(sources, path)
    unseen.extend(read.unseen)
    return read.root


def _document(sources: Folder, path: str) -> _Read:
    return sources.recall(("document", path), (), lambda folder: _read(folder, path), kept_parts)


def _read(sources: Folder, path: str) -> _Read:
    file = sources.read(path)
    if isinstance(file, Unknown):
        return _Read(None, (Unseen(file.at, "template", file.why),))
    document = parse(file)
    if isinstance(document, Unseen):
        return _Read(None, (document,))
    if not isinstance(document.root, Map):
        return _Read(None)
    return _Read(document.root, document.unseen if is_template(document.root) else ())


def is_template(root: Value) -> bool:
    """Tell whether a document is a template: it declares resources with types of AWS."""
    resources = root.get("Resources") if isinstance(root, Map) else None
    if not isinstance(root, Map) or not isinstance(resources, Map):
        return False
    return _FORMAT_VERSION in root or any(
        key.startswith("Fn::") or (isinstance(resource, Map) and _has_type(resource))
        for key, resource in resources
    )


def _has_type(resource: Map) -> bool:
    kind = resource.get("Type")
    return isinstance(kind, Scalar) and isinstance(kind.value, str) and "::" in kind.value


def _given(sources: Folder, paths: Sequence[str]) -> Iterator[tuple[str, _Read]]:
    """Yield what is read of given paths, which are to be templates."""
    for path in paths:
        read = _document(sources, path)
        if read.root is not None and is_template(read.root):
            yield path, read
        elif read.unseen:
            yield path, _Read(None, read.unseen)
        else:
            why = "it is no template: it declares no resources"
            yield path, _Read(None, (Unseen(Location(path, 1), "template", why),))


def _searched(sources: Folder, apart_from: Container[str]) -> Iterator[tuple[str, _Read]]:
    """Yield what is read of the files whose text looks like a template."""
    for batch in _batches(sources.files):
        paths = tuple(path for path in batch if path not in apart_from)
        yield from sources.recall(("batch", batch[0]), (paths,), partial(_looked_at, paths))


@remembered
def _batches(files: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the files whose names may be those of templates, a handful at a time."""
    paths = [path for path in files if path.endswith(_EXTENSIONS)]
    return [tuple(paths[first : first + _BATCH]) for first in range(0, len(paths), _BATCH)]


def _looked_at(paths: Sequence[str], sources: Folder) -> list[tuple[str, _Read]]:
    found = []
    for path in paths:
        read = sources.recall(("searched", path), (), partial(_looked_at_one, path))
        if read.unseen or (read.root is not None and is_template(read.root)):
            found.append((path, read))
    return found


def _looked_at_one(path: str, sources: Folder) -> _Read:
    content = sources.read_bytes(path, MAX_FILE_BYTES)
    if isinstance(content, bytes) and _looks_like_template(content):
        return _document(sources, path)
    return _Read(None)


def _looks_like_template(content: bytes) -> bool:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # PyYAML, and so SAM, reads UTF-16; here it is told that this file was not read.
        content = content.decode("utf-16", "ignore").encode()
    if b"Resources" not in content:
        return False
    return b"AWS::" in content or any(mark in content for mark in _SURE_MARKS)
