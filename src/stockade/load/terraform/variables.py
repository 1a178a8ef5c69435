"""Input variables: the values that files and the command line give them, and their types.

Follows "Input variables" and "Type constraints" in the documentation of Terraform.
"""

import posixpath
from collections.abc import Iterable, Mapping

from stockade.load.parameters import ParameterOptions
from stockade.load.sources import Folder
from stockade.load.terraform.configuration import Configuration
from stockade.load.terraform.evaluate import settled
from stockade.load.terraform.hcl import parse_expression, parse_hcl
from stockade.load.terraform.scope import Scope
from stockade.load.terraform.syntax import Call, Expression, Literal, Name, ObjectOf
from stockade.load.terraform.values import encoded, is_null, known
from stockade.model import (
    NOWHERE,
    List,
    Map,
    Scalar,
    SourceFile,
    Unseen,
    Value,
    constant,
)

VALUES = (".tfvars", ".tfvars.json")


def typed(value: Value, written: Expression | None, scope: Scope) -> Value:
    """Return a value as its variable's type converts it: optional attributes are filled in."""
    found = known(value)
    match written:
        case Call(function="object", arguments=(ObjectOf() as wanted, *_)) if (
            isinstance(found, Map) and encoded(found) is None
        ):
            return _object(found, wanted, scope)
        case Call(function="list" | "set" | "tuple" | "map", arguments=(inner, *_)):
            if isinstance(found, List):
                return List(tuple(typed(item, inner, scope) for item in found.items), found.at)
            if isinstance(found, Map) and written.function == "map" and encoded(found) is None:
                entries = {key: typed(entry, inner, scope) for key, entry in found}
                return Map(entries, found.at, found.keys)
        case Call(function="optional", arguments=(inner, *_)):
            return typed(value, inner, scope)
        case _:
            pass
    return value


def _object(found: Map, wanted: ObjectOf, scope: Scope) -> Map:
    entries: dict[str, Value] = dict(found.entries)
    for key, kind in wanted.entries:
        name = constant(key.value) if isinstance(key, Literal) else None
        if not isinstance(name, str):
            continue
        if name in entries and not is_null(entries[name]):
            entries[name] = typed(entries[name], kind, scope)
        elif isinstance(kind, Call) and kind.function == "optional" and len(kind.arguments) > 1:
            default = settled(kind.arguments[1], scope)
            entries[name] = typed(default, kind.arguments[0], scope)
        else:
            entries.setdefault(name, Scalar(None, found.at))
    return Map(entries, found.at, found.keys)


def given_values(
    sources: Folder,
    root: Configuration,
    options: ParameterOptions,
    scope: Scope,
    unseen: list[Unseen],
) -> dict[str, Value]:
    """Return the values that a root module's variables are given, the last one winning.

    They stand in `terraform.tfvars`, in `*.auto.tfvars`, in the files that the options name, and
    in the options themselves.
    """
    given: dict[str, Value] = {}
    for path in (*_files(sources, root.folder), *_named(options.files)):
        file = sources.read(path)
        if isinstance(file, SourceFile):
            given.update(_of_file(file, scope, unseen))
        else:
            unseen.append(Unseen(file.at, "template", file.why))
    for name, text in options.given.items():
        if name in root.variables:
            given[name] = _of_option(text, root.variables[name].body.attributes.get("type"), scope)
    return given


def _files(sources: Folder, folder: str) -> Iterable[str]:
    below = sources.files_below(folder)
    here = [path for path in below if posixpath.dirname(path) == folder]
    for name in ("terraform.tfvars", "terraform.tfvars.json"):
        yield from (path for path in here if posixpath.basename(path) == name)
    yield from sorted(
        path for path in here if path.endswith((".auto.tfvars", ".auto.tfvars.json"))
    )


def _named(files: Iterable[str]) -> Iterable[str]:
    return (path for path in files if path.endswith(VALUES))


def _of_file(file: SourceFile, scope: Scope, unseen: list[Unseen]) -> Mapping[str, Value]:
    if file.path.endswith(".json"):
        from stockade.load.document import parse  # noqa: PLC0415 - few have such a file

        document = parse(file)
        if isinstance(document, Unseen):
            unseen.append(document)
            return {}
        return document.root.entries if isinstance(document.root, Map) else {}
    body = parse_hcl(file, unseen)
    return {name: settled(written, scope) for name, written in body.attributes.items()}


def _of_option(text: str, kind: Expression | None, scope: Scope) -> Value:
    """Read a value of the command line: a plain text, or an expression for other types."""
    if kind is None or (isinstance(kind, Name) and kind.name in {"string", "any"}):
        return Scalar(text, NOWHERE)
    return settled(parse_expression(text, NOWHERE), scope)
