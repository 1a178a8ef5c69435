"""Functions that read the files of the folder, never one outside it."""

import posixpath
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final

from stockade.load.handlers.paths import join
from stockade.load.terraform.functions.kinds import Function, of_texts
from stockade.load.terraform.scope import MAX_ITEMS, Failed, Scope
from stockade.load.terraform.values import entries_of, listed, text_of
from stockade.model import Location, Scalar, SourceFile, Unknown, Value


def path_in_folder(value: Value, at: Location, scope: Scope) -> str:
    """Return the path of a file that an expression names, relative to the scanned folder.

    Raises `Failed` where it is not known or leads outside.
    """
    path = join(scope.module.root_folder, text_of(value))
    if path is None:
        raise Failed("the file lies outside the scanned folder", at)
    return path


def _read(value: Value, at: Location, scope: Scope) -> SourceFile:
    path = path_in_folder(value, at, scope)
    if not scope.module.sources.is_file(path):
        raise Failed(f"there is no file {path[:120]}", at)
    file = scope.module.sources.read(path)
    if isinstance(file, SourceFile):
        return file
    raise Failed(file.why, at)


def _file(arguments: Sequence[Value], at: Location, scope: Scope) -> Scalar:
    file = _read(arguments[0], at, scope)
    return Scalar(file.text, Location(file.path, 1))


def _templatefile(arguments: Sequence[Value], at: Location, scope: Scope) -> Value:
    """Return a file with the values put in that stand under their names in the object."""
    names = entries_of(arguments[1]) if len(arguments) > 1 else {}
    template = _file(arguments[:1], at, scope)
    return scope.module.rendered(template, names)


def _fileexists(arguments: Sequence[Value], at: Location, scope: Scope) -> Value:
    path = path_in_folder(arguments[0], at, scope)
    return Scalar(scope.module.sources.is_file(path), at)


def _fileset(arguments: Sequence[Value], at: Location, scope: Scope) -> Value:
    """Return the files below a folder whose paths match a pattern; `**` matches any folders."""
    folder = path_in_folder(arguments[0], at, scope)
    pattern = text_of(arguments[1]).removeprefix("./")
    start = f"{folder}/" if folder else ""
    found = []
    for path in scope.module.sources.files_below(folder):
        inner = path.removeprefix(start)
        if _matches(inner, pattern):
            found.append(inner)
        if len(found) > MAX_ITEMS:
            break
    return listed([Scalar(path, at) for path in found], at)


def _matches(path: str, pattern: str) -> bool:
    if "**" not in pattern and path.count("/") != pattern.count("/"):
        return False
    plain = pattern.replace("**/", "*" if pattern.startswith("**/") else "**/")
    return fnmatchcase(path, plain) or fnmatchcase(path, pattern.replace("**/", ""))


def _hash(_arguments: Sequence[Value], at: Location, _scope: Scope) -> Value:
    return Unknown("it is the hash of a file", at)


FILES: Final[Mapping[str, Function]] = {
    "file": _file,
    "templatefile": _templatefile,
    "fileexists": _fileexists,
    "fileset": _fileset,
    "basename": of_texts(posixpath.basename),
    "dirname": of_texts(lambda path: posixpath.dirname(path) or "."),
    "abspath": of_texts(str),
    "pathexpand": of_texts(str),
    **dict.fromkeys(
        (
            "filebase64",
            "filebase64sha256",
            "filebase64sha512",
            "filemd5",
            "filesha1",
            "filesha256",
            "filesha512",
        ),
        _hash,
    ),
}
