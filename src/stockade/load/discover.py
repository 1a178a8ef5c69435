"""Which files of the folder are templates of SAM or CloudFormation."""

import codecs
from collections.abc import Container, Iterator, Sequence

from stockade.load.document import parse
from stockade.load.sources import MAX_FILE_BYTES, Folder
from stockade.model import Location, Map, Scalar, Unknown, Unseen, Value

_EXTENSIONS = (".yaml", ".yml", ".json", ".template", ".cfn")
_FORMAT_VERSION = "AWSTemplateFormatVersion"
_SURE_MARKS = (b"AWSTemplateFormatVersion", b"AWS::Serverless")


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
    for path in paths or _candidates(sources, apart_from):
        told = len(unseen)
        root = read_template(sources, path, unseen)
        if root is not None and is_template(root):
            templates[path] = root
        elif paths and len(unseen) == told:
            why = "it is no template: it declares no resources"
            unseen.append(Unseen(Location(path, 1), "template", why))
    return templates


def read_template(sources: Folder, path: str, unseen: list[Unseen]) -> Map | None:
    """Return the root of a document; None, with the reason in `unseen`, if there is none."""
    file = sources.read(path)
    if isinstance(file, Unknown):
        unseen.append(Unseen(file.at, "template", file.why))
        return None
    document = parse(file)
    if isinstance(document, Unseen):
        unseen.append(document)
        return None
    if not isinstance(document.root, Map):
        return None
    if is_template(document.root):
        unseen.extend(document.unseen)
    return document.root


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


def _candidates(sources: Folder, apart_from: Container[str]) -> Iterator[str]:
    """Yield the files whose text looks like a template."""
    for path in sources.files:
        if path.endswith(_EXTENSIONS) and path not in apart_from:
            content = sources.read_bytes(path, MAX_FILE_BYTES)
            if isinstance(content, bytes) and _looks_like_template(content):
                yield path


def _looks_like_template(content: bytes) -> bool:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # PyYAML, and so SAM, reads UTF-16; here it is told that this file was not read.
        content = content.decode("utf-16", "ignore").encode()
    if b"Resources" not in content:
        return False
    return b"AWS::" in content or any(mark in content for mark in _SURE_MARKS)
