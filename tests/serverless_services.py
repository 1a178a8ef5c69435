"""Services of the Serverless Framework for tests, written in place."""

import textwrap
from collections.abc import Mapping
from pathlib import Path

from folders import write

from stockade.load import LoadOptions, load
from stockade.load.parameters import ParameterOptions
from stockade.load.serverless import drafts
from stockade.model import Application, Unseen, Value, expression, inside


def loaded(
    folder: Path, files: Mapping[str, str], **given: str
) -> tuple[tuple[Application, ...], tuple[Unseen, ...]]:
    """Load the services of a folder with these files, and what of it was not seen."""
    write(folder, files)
    done = load(folder, LoadOptions(parameters=ParameterOptions(given=given)))
    missed = [one for application in done.applications for one in application.unseen]
    return done.applications, (*done.unseen, *missed)


def service(
    folder: Path, text: str, files: Mapping[str, str] | None = None, **given: str
) -> Application:
    """Load one service that is nothing but its `serverless.yml` and these files."""
    written = {"serverless.yml": text, **(files or {})}
    (application,), _ = loaded(folder, written, **given)
    return application


def told(application: Application, resource: str, *path: str) -> list[str]:
    """Return the texts that stand under a path of a resource's properties."""
    properties = application.resources[resource].properties
    return [expression(value) for value in inside(properties, *path)]


def value(folder: Path, written: str, rest: str = "", **given: str) -> list[Value]:
    """Return what the environment variable `V` turns out to be that is written like this."""
    text = (
        "service: shop\n"
        "provider:\n  name: aws\n  runtime: nodejs22.x\n"
        f"  environment:\n    V: {written}\n"
        "functions: {one: {handler: one.main}}\n" + textwrap.dedent(rest)
    )
    (application,), _ = loaded(folder, {"serverless.yml": text}, **given)
    properties = application.resources["one"].properties
    return list(inside(properties, "Environment", "Variables", "V"))


def missed(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Return what the front end itself could not read."""
    unseen: list[Unseen] = []
    source = write(folder, files)
    paths = [path for path in source.files if path.startswith("serverless")]
    drafts(source, paths, ParameterOptions(), unseen)
    return [f"{one.at}: {one.why}" for one in unseen]
