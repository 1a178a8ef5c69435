"""Several services that are deployed together: `serverless-compose.yml`.

Serverless: "Composing services". A service may take the outputs of another as its parameters:
`${users.TableName}`.
"""

import posixpath
from collections.abc import Mapping, Sequence

from stockade._late import pattern
from stockade.load.building import entry
from stockade.load.parameters import ParameterOptions
from stockade.load.serverless.files import SCRIPTS, Files
from stockade.load.serverless.variables import Variables
from stockade.load.sources import Folder
from stockade.model import Map, Scalar, Unseen, Value

COMPOSE = "serverless-compose."
CONFIGURATIONS = tuple(f"serverless{end}" for end in (".yml", ".yaml", ".json", *SCRIPTS))
_OUTPUT = pattern(r"\$\{([A-Za-z0-9_-]+)\.([A-Za-z0-9_.-]+)\}")


def passed_on(
    sources: Folder, paths: Sequence[str], options: ParameterOptions, unseen: list[Unseen]
) -> dict[str, Mapping[str, Value]]:
    """Return the parameters that compositions hand to each service, by its configuration."""
    found: dict[str, Mapping[str, Value]] = {}
    for path in paths:
        folder = posixpath.dirname(path)
        files = Files(sources, folder, unseen)
        root = files.at(path)
        services = root.get("services") if isinstance(root, Map) else None
        if not isinstance(root, Map) or not isinstance(services, Map):
            continue
        variables = Variables(root, files, options.given, unseen, {})
        stacks = {
            key: _stack_name(sources, files, settings, options) for key, settings in services
        }
        for key, settings in services:
            configuration = _configuration(files, settings)
            if configuration is None:
                why = f"the service {key[:60]} has no configuration in the folder"
                unseen.append(Unseen(services.key_at(key), "template", why))
                continue
            params = entry(settings, "params")
            found[configuration] = {
                name: _followed(variables, value, stacks)
                for name, value in (params if isinstance(params, Map) else ())
            }
    return found


def _configuration(files: Files, settings: Value) -> str | None:
    path = entry(settings, "path")
    config = entry(settings, "config")
    folder = files.path(str(path.value)) if isinstance(path, Scalar) else None
    if folder is None:
        return None
    names = (str(config.value),) if isinstance(config, Scalar) else CONFIGURATIONS
    for name in names:
        candidate = posixpath.normpath(posixpath.join(folder, name))
        if not candidate.startswith("../") and files.sources.is_file(candidate):
            return candidate
    return None


def _stack_name(sources: Folder, files: Files, settings: Value, options: ParameterOptions) -> str:
    """Return the name of a service's stack, from the two lines of its configuration."""
    path = _configuration(files, settings)
    if path is None:
        return ""
    # What it cannot read is told when the service itself is packaged.
    own = Files(sources, posixpath.dirname(path), [])
    root = own.at(path)
    if not isinstance(root, Map):
        return ""
    variables = Variables(root, own, options.given, [], {})
    named = variables.text(variables.section("provider", "stackName"))
    service = variables.section("service")
    name = variables.text(entry(service, "name") or service)
    return named or f"{name}-{variables.stage}"


def _followed(variables: Variables, value: Value, stacks: Mapping[str, str]) -> Value:
    if isinstance(value, Scalar) and isinstance(value.value, str):
        matched = _OUTPUT.fullmatch(value.value)
        if matched is not None and matched.group(1) in stacks:
            name = f"{stacks[matched.group(1)]}.{matched.group(2)}"
            return Map({"Fn::ImportValue": Scalar(name, value.at)}, value.at, {})
    return variables.resolved(value)
