"""Paths of code, relative to the scanned folder and never outside it."""

import posixpath

from stockade.model import Map, Resource, Sources, Unknown, Value, constant, inside

ARCHIVES = (".zip", ".jar", ".war", ".tar.gz", ".tgz")


def join(folder: str, path: str) -> str | None:
    """Join a path that a template names to the template's folder; None if it leads outside.

    The scanned folder itself is `""`.
    """
    path = path.replace("\\", "/").strip()
    if path.startswith("/") or "\0" in path:
        return None
    joined = posixpath.normpath(posixpath.join(folder, path or "."))
    if joined == ".." or joined.startswith("../"):
        return None
    return "" if joined == "." else joined


def below(folder: str, path: str) -> str:
    """Join two paths of which the second is known to lie below the first."""
    return f"{folder}/{path}" if folder else path


def folder_of(function: Resource, folder: str, sources: Sources) -> str | Unknown:
    """Return the folder that holds a function's code, or why there is none.

    Where nothing is written, SAM packages the template's folder. What the CDK uploads it names
    in the function's `Metadata`.
    """
    written = function.properties.get("Code")
    asset = (function.metadata.get("aws:asset:path") if function.metadata else None) or None
    if asset is not None and not isinstance(constant(written), str):
        written = asset
    if written is None:
        if function.written_as.startswith("AWS::Serverless::"):
            return folder
        return Unknown("no code is written", function.at)
    return _written(written, folder, sources)


def _written(written: Value, folder: str, sources: Sources) -> str | Unknown:
    for way in inside(written):
        if isinstance(way, Map):
            return Unknown("the code is an archive in S3", way.at)
        text = constant(way)
        if isinstance(text, str):
            return _local(text, way, folder, sources)
        if isinstance(text, Unknown):
            return Unknown(f"the place of its code is unknown: {text.why}", way.at)
    return Unknown("no code is written", written.at)


def _local(text: str, written: Value, folder: str, sources: Sources) -> str | Unknown:
    if text.startswith(("s3://", "https://")):
        return Unknown("the code is an archive in S3", written.at)
    path = join(folder, text)
    if path is None:
        return Unknown("its code lies outside the scanned folder", written.at)
    if path.endswith(ARCHIVES):
        if sources.is_file(path):
            return Unknown(f"the code is the archive {path}, which is not opened", written.at)
        return Unknown(f"nothing that was read packs the archive {path}", written.at)
    if not path or sources.is_folder(path):
        return path
    if sources.is_file(path):
        return posixpath.dirname(path)
    return Unknown(f"there is no folder {path}", written.at)
