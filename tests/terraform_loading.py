"""Configurations of Terraform, written into a folder and loaded."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from stockade.load import LoadOptions, ParameterOptions, load
from stockade.model import (
    Application,
    Choice,
    List,
    Map,
    NoValue,
    Scalar,
    Unknown,
    Unseen,
    Value,
    expression,
)

Plain: TypeAlias = "str | int | float | bool | list[Plain] | dict[str, Plain] | None"


def written(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files into a folder, and return it."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def loaded(
    folder: Path, files: Mapping[str, str] | str, given: Mapping[str, str] | None = None
) -> tuple[Application, tuple[Unseen, ...]]:
    """Return the one application of a configuration, and all that was not seen."""
    files = {"main.tf": files} if isinstance(files, str) else files
    options = LoadOptions(parameters=ParameterOptions(given=given or {}))
    found = load(written(folder, files), options)
    (application,) = found.applications
    return application, (*application.unseen, *found.unseen)


def properties(application: Application, address: str) -> dict[str, Plain]:
    """Return the properties of a resource as plain values, texts as `Fn::Sub` would take them."""
    found = plain(application.resources[address].properties)
    assert isinstance(found, dict)
    return found


def plain(value: Value) -> Plain:
    """Return a value as Python's own; a choice is a text that shows both ways."""
    match value:
        case Scalar():
            return value.value
        case List():
            return [plain(item) for item in value.items]
        case Map():
            return {key: plain(entry) for key, entry in value}
        case Unknown():
            return f"unknown: {value.why}"
        case Choice():
            return f"{value.condition} ? {plain(value.then)} : {plain(value.otherwise)}"
        case NoValue():
            return "nothing"
        case _:
            return expression(value)
