"""The environments of an application, as its files of parameters tell of them.

Two ways are read: the tables of `samconfig.toml` (`[prod.deploy.parameters]`), and files of
parameters named by environment (`params/prod.json`). Follows "AWS SAM CLI configuration file" of
the SAM guide and "Parameters" of the CloudFormation guide.
"""

import json
import re
from collections.abc import Iterator, Mapping

from stockade._late import pattern
from stockade.model import Application, Location, Parameter, Scalar, SourceFile, Unknown
from stockade.model.record import record

_STAGE = pattern(
    r"(?:^|[^a-z])(?P<prod>prod(?:uction)?|live)(?=$|[^a-z])"
    r"|(?:^|[^a-z])(?P<staging>stag(?:e|ing)|preprod|uat|qa)(?=$|[^a-z])"
    r"|(?:^|[^a-z])(?P<dev>dev(?:elop(?:ment)?)?|test(?:ing)?|sandbox|beta|alpha)(?=$|[^a-z])"
)
_OVERRIDE = pattern(
    r"(?:ParameterKey=)?([A-Za-z]\w{0,254})(?:,ParameterValue)?=(\"[^\"]*\"|'[^']*'|\S+)"
)
_STORES = pattern(
    r"(?i)(?:bucket|table|queue|topic|stream|bus|database|db(?:cluster|instance|name|host)?|cluster|"
    r"secret|kms_?key|key_?(?:arn|id)|role(?:_?arn)?|user_?pool(?:_?id)?|vpc(?:_?id)?|account(?:_?id)?|"
    r"state_?machine)(?:name|arn|url|id|_name|_arn|_url|_id)?$"
)


@record
class Given:
    """A value that an environment gives to a parameter."""

    environment: str
    """The name of the table or file."""
    stage: str
    """`prod`, `staging` or `dev`."""
    parameter: str
    value: str
    at: Location


def stage_of(text: str) -> str:
    """Return which kind of environment a text names: `prod`, `staging`, `dev`, or nothing."""
    found = {match.lastgroup for match in _STAGE.finditer(text.lower())}
    return str(found.pop()) if len(found) == 1 else ""


def names_store(parameter: str) -> bool:
    """Tell whether a parameter names something that keeps data, or who may get at it."""
    return _STORES.search(parameter) is not None


def given(app: Application) -> Iterator[Given]:
    """Yield what each environment gives to the application's parameters."""
    declared = {name for stack in app.stacks if not stack.name for name in stack.parameters}
    if not declared:
        return
    folder = app.stacks[0].template.rpartition("/")[0]
    path = f"{folder}/samconfig.toml".lstrip("/")
    file = app.sources.read(path) if app.sources.is_file(path) else None
    if isinstance(file, SourceFile):
        yield from _of_sam(file, declared)
    for path in app.sources.files_below(folder):
        if (
            path.endswith(".json")
            and "param" in path.lower()
            and stage_of(path.rpartition("/")[2])
        ):
            found = app.sources.read(path)
            if isinstance(found, SourceFile):
                yield from _of_file(found, declared)


def _of_sam(file: SourceFile, declared: set[str]) -> Iterator[Given]:
    import tomllib  # noqa: PLC0415 - few folders have such a file

    try:
        document = tomllib.loads(file.text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return  # Loading has told.
    for name, commands in document.items():
        stage = stage_of(name)
        settings = commands.get("deploy") if isinstance(commands, dict) else None
        parameters = settings.get("parameters") if isinstance(settings, dict) else None
        if not stage or not isinstance(parameters, dict):
            continue
        for parameter, value in _overrides(parameters.get("parameter_overrides")):
            if parameter in declared:
                yield Given(name, stage, parameter, value, _found(file, name, parameter, value))


def _overrides(written: object) -> Iterator[tuple[str, str]]:
    if isinstance(written, Mapping):
        yield from ((str(key), str(value)) for key, value in written.items())
        return
    listed = written if isinstance(written, list) else [written]
    for text in listed:
        if isinstance(text, str):
            for match in _OVERRIDE.finditer(text):
                yield match[1], match[2].strip("\"'")


def _found(file: SourceFile, table: str, parameter: str, value: str) -> Location:
    """Find the line of a table that gives a parameter its value."""
    inside = False
    lines = file.text.splitlines()
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith("["):
            inside = line.strip().startswith(f"[{table}.deploy")
        column = line.find(parameter)
        if inside and column >= 0 and value in line[column:]:
            start = line.find(value, column)
            return Location(file.path, number, start + 1, number, start + 1 + len(value))
    return Location(file.path, 1)


def _of_file(file: SourceFile, declared: set[str]) -> Iterator[Given]:
    try:
        document = json.loads(file.text)
    except (ValueError, RecursionError):
        return
    environment = file.path.rpartition("/")[2]
    values: dict[str, str] = {}
    if isinstance(document, list):
        for one in document:
            if isinstance(one, dict) and isinstance(one.get("ParameterValue"), str):
                values[str(one.get("ParameterKey"))] = one["ParameterValue"]
    elif isinstance(document, dict):
        held = document.get("Parameters", document)
        if isinstance(held, dict):
            values = {str(key): one for key, one in held.items() if isinstance(one, str)}
    for parameter, value in values.items():
        if parameter in declared:
            at = _line(file, parameter, value)
            yield Given(environment, stage_of(environment), parameter, value, at)


def _line(file: SourceFile, parameter: str, value: str) -> Location:
    lines = file.text.splitlines()
    start = next((at for at, line in enumerate(lines) if f'"{parameter}"' in line), 0)
    for number, line in enumerate(lines[start : start + 3], start + 1):
        column = line.find(f'"{value}"')
        if column >= 0:
            return Location(file.path, number, column + 2, number, column + 2 + len(value))
    return Location(file.path, start + 1)


_STAGES = pattern(r"(?i)^(?:\w+:)?(?:env|environment|stage)_?(?:name|type)?$")
"""How a parameter is called that says which environment a deployment is of."""


def settled(app: Application) -> Iterator[tuple[Parameter, str, Scalar]]:
    """Yield settings of functions that name a store of production, whatever the stage.

    Each comes with the parameter that says which stage a deployment is of, and its name.
    """
    stages = {
        stack.name: value
        for stack in app.stacks
        for name, value in stack.parameters.items()
        if _STAGES.match(name) and isinstance(value, Parameter) and _is_of_tests(value)
    }
    for function in app.functions.values() if stages else ():
        stage = stages.get(app.resources[function.id].stack)
        if stage is None or isinstance(function.environment, Unknown):
            continue
        for name, value in function.environment.items():
            if isinstance(value, Scalar) and names_store(name) and not stage_of(name):
                text = value.value
                if isinstance(text, str) and stage_of(text) == "prod":
                    yield stage, name, value


def _is_of_tests(parameter: Parameter) -> bool:
    """Tell whether a stage may be another than production, as far as the template says."""
    given = parameter.value
    told = {*(parameter.allowed or ())}
    if isinstance(given, Scalar) and isinstance(given.value, str):
        told.add(given.value)
    return any(stage_of(one) in ("dev", "staging") for one in told)


def is_productive(app: Application) -> bool:
    """Tell whether the application's files say that it is deployed to production."""
    if any(stage_of(stack.template) == "prod" for stack in app.stacks):
        return True
    for stack in app.stacks:
        file = app.sources.read(stack.template)
        if isinstance(file, SourceFile) and re.search(r"(?i)\bprod(?:uction)?\b", file.text):
            return True
    return any(one.stage == "prod" for one in given(app))


def is_for_tests(app: Application) -> bool:
    """Tell whether the application's files name a stage that is not production."""
    if any(stage_of(stack.template) for stack in app.stacks) or any(given(app)):
        return True
    for stack in app.stacks:
        file = app.sources.read(stack.template)
        if isinstance(file, SourceFile) and _STAGE.search(file.text.lower()):
            return True
    return False
