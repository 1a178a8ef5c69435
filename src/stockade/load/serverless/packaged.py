"""One configuration to the template that `serverless package` would make of it."""

import posixpath
from collections.abc import Mapping

from stockade.load.building import Plain, entry, write
from stockade.load.discover import is_template
from stockade.load.parameters import ParameterOptions
from stockade.load.serverless.events import add_attached, add_events, finish_events
from stockade.load.serverless.files import SCRIPTS, Files
from stockade.load.serverless.functions import add_function, drafts
from stockade.load.serverless.layers import add_layers
from stockade.load.serverless.linking import Packaged
from stockade.load.serverless.resources import add_resources
from stockade.load.serverless.roles import add_roles
from stockade.load.serverless.service import Service
from stockade.load.serverless.variables import Variables
from stockade.load.sources import Folder
from stockade.model import Location, Map, SourceFile, Unknown, Unseen, Value

_SIGNS = frozenset({"provider", "functions", "resources", "stepFunctions", "appSync"})


def package(
    sources: Folder,
    path: str,
    options: ParameterOptions,
    unseen: list[Unseen],
    passed: Mapping[str, Value],
) -> Packaged | None:
    """Return what a configuration is packaged to; None if it is none of a service for AWS.

    `passed` are the parameters that a composition hands in.
    """
    if path.endswith(SCRIPTS) and not _may_configure(sources, path):
        return None
    folder = posixpath.dirname(path)
    files = Files(sources, folder, unseen)
    root = files.at(path)
    if not isinstance(root, Map):
        if not isinstance(root, Unknown):
            unseen.append(Unseen(root.at, "template", "it is no configuration of a service"))
        return None
    if is_template(root):
        return Packaged(path=path, stack="", root=root, parts=frozenset(), written_as={}, names={})
    if not _SIGNS & root.entries.keys() or "service" not in root:
        return None
    variables = Variables(root, files, options.given, unseen, passed)
    service = Service(path, folder, variables, unseen)
    provider = variables.section("provider")
    name = service.text(entry(provider, "name") or provider)
    if name not in {"aws", None}:
        why = f"it is a service for {name[:40]}, only those for AWS are read"
        unseen.append(Unseen(service.provider.at, "template", why))
        return None
    return _packaged(service, files)


def _may_configure(sources: Folder, path: str) -> bool:
    """Tell whether a script may be a configuration, and no code of that name."""
    file = sources.read(path)
    return isinstance(file, SourceFile) and "service" in file.text and "provider" in file.text


def _packaged(service: Service, files: Files) -> Packaged:
    service.functions = drafts(service)
    for function in service.functions:
        add_function(service, function)
    add_layers(service)
    add_events(service)
    _add_plugins(service)
    finish_events(service)
    add_roles(service)
    sections = add_resources(service)
    add_attached(service)
    outputs = Map(service.outputs, service.at, {})
    parameters = _parameters(service, sections.pop("Parameters", None))
    entries: dict[str, Value] = {
        **sections,
        "Parameters": parameters,
        "Resources": Map(service.resources, service.at, service.keys),
        "Outputs": outputs,
    }
    stack = service.text(entry(service.provider, "stackName"))
    return Packaged(
        path=service.path,
        stack=stack or f"{service.name}-{service.variables.stage}",
        root=Map(entries, service.at, {}),
        parts=frozenset(files.read - {service.path}),
        written_as=service.written_as,
        names=_names(service),
    )


def _names(service: Service) -> dict[str, str]:
    """Return the keys under which the author wrote functions, by the logical ids made of them.

    A key that is the logical id of something else names that alone.
    """
    return {
        function.logical_id: function.key
        for function in service.functions
        if function.key not in service.resources
    }


def _add_plugins(service: Service) -> None:
    """Add what the plug-ins for state machines and GraphQL APIs generate."""
    if "serverless-dotenv-plugin" in service.plugins:
        why = "a plug-in adds the variables of files to the environment; those are not read"
        service.unseen.append(Unseen(service.at, "template", why))
    if service.variables.root.get("stepFunctions") is not None:
        from stockade.load.serverless.step_functions import add_state_machines  # noqa: PLC0415

        add_state_machines(service)
    if service.variables.root.get("appSync") is not None or entry(service.custom, "appSync"):
        from stockade.load.serverless.app_sync import add_graphql_apis  # noqa: PLC0415

        add_graphql_apis(service)


def _parameters(service: Service, written: Value | None) -> Map:
    """Return what is chosen at deployment as parameters; the author's own come first."""
    entries: dict[str, Value] = {}
    keys: dict[str, Location] = {}
    given = service.variables.given
    for name, chosen in service.variables.chosen.items():
        declaration: dict[str, Plain] = {"Type": "String", "Default": chosen.default}
        if chosen.option in given:
            # Packaging puts the value in, so that it decides conditions as no default does.
            value = given[chosen.option]
            declaration |= {"Default": value, "AllowedValues": [value]}
            entries[chosen.option] = write({"Type": "String"}, chosen.at)
        if chosen.no_echo:
            declaration["NoEcho"] = True
        entries[name] = write(declaration, chosen.at)
        keys[name] = chosen.at
    if isinstance(written, Map):
        return Map({**entries, **written.entries}, written.at, {**keys, **written.keys})
    return Map(entries, service.at, keys)
