"""The configuration of one run: the folder's file, and the command line, which beats it."""

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from stockade import baseline
from stockade.config import Config, find, read
from stockade.errors import InputError, near
from stockade.model import Persona, Severity
from stockade.model.record import replace
from stockade.settings import severity_named


def config_of(arguments: argparse.Namespace) -> Config:
    """Put together what the configuration file and the command line choose."""
    folder = folder_of(arguments.path)
    given = {
        "persona": _persona(getattr(arguments, "persona", None)),
        "select": _words(getattr(arguments, "select", None)),
        "ignore": _words(getattr(arguments, "ignore", None)),
        "exclude": _words(arguments.exclude),
        "fail_on": _severity(getattr(arguments, "fail_on", None)),
        "sam_environment": arguments.sam_environment,
    }
    config = _read(arguments, folder)
    return replace(
        config,
        **{name: value for name, value in given.items() if value is not None},
        parameters={**config.parameters, **_parameters(arguments.parameter)},
        parameter_files=(*config.parameter_files, *_inside(arguments.parameter_file, folder)),
        baseline=_baseline(getattr(arguments, "baseline", None)),
        trusted=not arguments.isolated,
    )


def folder_of(path: str) -> Path:
    """Return the scanned folder: that of the template if a template is named."""
    named = Path(path)
    if not named.exists():
        message = f"nothing was scanned: {path} does not exist"
        raise InputError(message, "name a folder or a template")
    return named if named.is_dir() else named.parent


def _read(arguments: argparse.Namespace, folder: Path) -> Config:
    if arguments.config is not None:
        return read(Path(arguments.config), folder)
    found = None if arguments.isolated else find(folder)
    return read(found, folder) if found is not None else Config()


def _baseline(file: str | None) -> baseline.Earlier | None:
    return None if file is None else baseline.read(file)


def _words(given: Iterable[str] | None) -> tuple[str, ...] | None:
    """Split what was given several times, or with commas."""
    if given is None:
        return None
    return tuple(word.strip() for words in given for word in words.split(",") if word.strip())


def _persona(name: str | None) -> Persona | None:
    if name is None or name in set(Persona):
        return Persona(name) if name else None
    raise _no_choice(name, tuple(Persona))


def _severity(name: str | None) -> Severity | None:
    severity = severity_named(name)
    if name is not None and severity is None:
        names = tuple(one.name.lower() for one in Severity)
        raise _no_choice(name, names)
    return severity


def _no_choice(name: str, choices: tuple[str, ...]) -> InputError:
    known = f"choose one of {', '.join(choices)}"
    return InputError(f"{name!r} is none of {', '.join(choices)}", near(name, choices) or known)


def _parameters(given: Iterable[str]) -> dict[str, Any]:
    parameters = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not name or not equals:
            message = f"--parameter {one!r} has no value"
            raise InputError(message, "write --parameter NAME=VALUE")
        parameters[name] = value
    return parameters


def _inside(files: Iterable[str], folder: Path) -> tuple[str, ...]:
    """Name the files relative to the scanned folder, which nothing is read outside of."""
    root = folder.resolve()
    inside = []
    for file in files:
        path = Path(file).resolve()
        if not path.is_file():
            message = f"--parameter-file {file} does not exist"
            raise InputError(message, "name a file in the scanned folder")
        if not path.is_relative_to(root):
            message = f"--parameter-file {file} is outside the scanned folder"
            hint = "copy it there, or give its values with --parameter NAME=VALUE"
            raise InputError(message, hint)
        inside.append(path.relative_to(root).as_posix())
    return tuple(inside)
