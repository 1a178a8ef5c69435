"""Values that are given to parameters: parameter files, and `samconfig.toml`.

AWS: "Specify stack parameters" (`ParameterKey`, `ParameterValue`), "Template configuration file"
of CodePipeline (`{"Parameters": {...}}`), "AWS SAM CLI configuration file".
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from stockade.load.document import parse
from stockade.load.parameters import ParameterOptions
from stockade.load.sources import Folder
from stockade.model import (
    NOWHERE,
    List,
    Location,
    Map,
    Scalar,
    SourceFile,
    Unknown,
    Unseen,
    Value,
    constant,
)

_MAX_CONFIGURATION = 200_000
"""Characters of a `samconfig.toml` that is read."""

_SAMCONFIG = ("samconfig.toml", "samconfig.yaml", "samconfig.yml")
_OF_TERRAFORM = (".tfvars", ".tfvars.json")
"""Files of values that Terraform's own front end reads."""
_COMMANDS = ("deploy", "build", "validate", "sync", "global")
_TEMPLATE_KEYS = ("template_file", "template")


def given_everywhere(
    sources: Folder, options: ParameterOptions
) -> tuple[Mapping[str, Scalar], tuple[Unseen, ...]]:
    """Return the values that options and parameter files give, by name, and what is not seen."""
    given: dict[str, Scalar] = {}
    unseen: list[Unseen] = []
    for path in options.files:
        if path.endswith(_OF_TERRAFORM):
            continue
        file = sources.read(path)
        document = parse(file) if isinstance(file, SourceFile) else file
        if isinstance(document, Unknown):
            unseen.append(Unseen(document.at, "template", document.why))
        elif isinstance(document, Unseen):
            unseen.append(document)
        else:
            given.update(_pairs(document.root))
    given.update({name: Scalar(text, NOWHERE) for name, text in options.given.items()})
    return given, tuple(unseen)


def _pairs(root: Value) -> Iterator[tuple[str, Scalar]]:
    """Yield the parameters of a file in any of its three forms."""
    match root:
        case List():
            for item in root.items:
                name = constant(item.get("ParameterKey")) if isinstance(item, Map) else None
                value = item.get("ParameterValue") if isinstance(item, Map) else None
                if isinstance(name, str) and isinstance(value, Scalar):
                    yield name, value
        case Map(entries={"Parameters": Map() as parameters}):
            yield from _pairs(parameters)
        case Map():
            for key, value in root:
                if isinstance(value, Scalar):
                    yield key, value
                elif isinstance(value, List):
                    texts = [constant(item) for item in value.items]
                    yield key, Scalar(",".join(str(text) for text in texts), value.at)


def given_beside(
    sources: Folder, template: str, options: ParameterOptions, unseen: list[Unseen]
) -> dict[str, Scalar]:
    """Return the values that the configuration of the SAM CLI beside a template gives it.

    A configuration that names another template says nothing of this one.
    """
    folder = posixpath.dirname(template)
    for name in _SAMCONFIG:
        path = posixpath.join(folder, name)
        if sources.is_file(path):
            file = sources.read(path)
            if isinstance(file, Unknown):
                unseen.append(Unseen(file.at, "template", file.why))
                return {}
            tables = _environment(file, options.environment, unseen)
            if _is_for(sources, tables, folder, template):
                return _overrides(file, tables, unseen)
            return {}
    return {}


def _environment(
    file: SourceFile, environment: str, unseen: list[Unseen]
) -> dict[str, dict[str, Any]]:
    """Return the parameters of each command in one environment of the configuration."""
    if len(file.text) > _MAX_CONFIGURATION:
        unseen.append(Unseen(Location(file.path, 1), "limit", "it is too large"))
        return {}
    content = _toml(file, unseen) if file.path.endswith(".toml") else _plain(file, unseen)
    commands = content.get(environment)
    if not isinstance(commands, dict):
        return {}
    return {
        command: parameters
        for command in _COMMANDS
        if isinstance(table := commands.get(command), dict)
        and isinstance(parameters := table.get("parameters"), dict)
    }


def _toml(file: SourceFile, unseen: list[Unseen]) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - few applications have such a file

    try:
        return tomllib.loads(file.text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found.group(1)) if found else 1
        unseen.append(Unseen(Location(file.path, line), "template", "it is not valid TOML"))
    except RecursionError:
        unseen.append(Unseen(Location(file.path, 1), "template", "it is nested too deep"))
    return {}


def _plain(file: SourceFile, unseen: list[Unseen]) -> dict[str, Any]:
    document = parse(file)
    if isinstance(document, Unseen):
        unseen.append(document)
        return {}
    content = _as_python(document.root)
    return content if isinstance(content, dict) else {}


def _as_python(value: Value) -> object:
    match value:
        case Scalar():
            return value.value
        case List():
            return [_as_python(item) for item in value.items]
        case Map():
            return {key: _as_python(entry) for key, entry in value}
        case _:
            return None


def _is_for(
    sources: Folder, tables: Mapping[str, Mapping[str, Any]], folder: str, template: str
) -> bool:
    """Tell whether a configuration is about `template`, and not about another file."""
    for parameters in tables.values():
        for key in _TEMPLATE_KEYS:
            named = parameters.get(key)
            if isinstance(named, str) and named and not named.startswith("/"):
                other = posixpath.normpath(posixpath.join(folder, named))
                if other != template and sources.is_file(other) and not sources.is_vendored(other):
                    return False
    return True


def _overrides(
    file: SourceFile, tables: Mapping[str, Mapping[str, Any]], unseen: list[Unseen]
) -> dict[str, Scalar]:
    """Return the values of `parameter_overrides`, those of `deploy` before those of others."""
    given: dict[str, Scalar] = {}
    for command in _COMMANDS:
        written = tables.get(command, {}).get("parameter_overrides")
        if written is None:
            continue
        at = _line_of(file, written)
        try:
            for name, text in _written_pairs(written):
                given.setdefault(name, Scalar(text, at))
        except ValueError:
            unseen.append(Unseen(at, "template", "its parameter overrides have an open quote"))
    return given


def _written_pairs(written: object) -> Iterator[tuple[str, str]]:
    """Yield name and value of each override, of the text, list and table form."""
    match written:
        case str():
            import shlex  # noqa: PLC0415 - few applications have such a text

            for word in shlex.split(written):
                yield from _word_pair(word)
        case list():
            for word in written:
                if isinstance(word, str):
                    yield from _word_pair(word)
        case dict():
            for name, value in written.items():
                values = value if isinstance(value, list) else [value]
                yield str(name), ",".join(str(one) for one in values)


def _word_pair(word: str) -> Iterator[tuple[str, str]]:
    if word.startswith("ParameterKey="):
        name, comma, value = word.removeprefix("ParameterKey=").partition(",ParameterValue=")
        if comma:
            yield name, value.strip('"')
        return
    name, equals, value = word.partition("=")
    if equals:
        yield name.strip(), value.strip('"')


def _line_of(file: SourceFile, written: object) -> Location:
    """Return the line of the overrides: the one that holds the first of them."""
    first = next(iter(written), "") if isinstance(written, list | dict) else written
    word = str(first).split(" ", 1)[0][:80]
    for number, line in enumerate(file.text.split("\n"), 1):
        if "parameter_overrides" in line or (word and word in line):
            return Location(file.path, number)
    return Location(file.path, 1)
