"""Every root module of a folder as the draft of a template."""

from collections.abc import Mapping, Sequence

from stockade.load.document import no_collection
from stockade.load.front_ends import Draft
from stockade.load.parameters import ParameterOptions
from stockade.load.sources import Folder
from stockade.load.terraform.configuration import (
    FORMS,
    Configuration,
    Configurations,
    local_folder,
    place_of,
)
from stockade.load.terraform.instances import Application, is_sensitive
from stockade.load.terraform.scope import Scope, Work
from stockade.load.terraform.syntax import Block, Literal
from stockade.load.terraform.translation import Translation
from stockade.load.terraform.values import final
from stockade.load.terraform.variables import given_values
from stockade.model import Location, Map, Parameter, Scalar, Unseen, Value, constant


def drafts(
    sources: Folder, paths: Sequence[str], options: ParameterOptions, unseen: list[Unseen]
) -> Mapping[str, Draft]:
    """Return a draft for each configuration that no other one of the folder calls."""
    every = [path for path in sources.files if path.endswith(FORMS)]
    configurations = Configurations(sources, every, unseen)
    with no_collection():
        return {
            place_of(root): _draft(root, configurations, options, unseen)
            for root in configurations.roots(frozenset(paths))
        }


def _draft(
    root: Configuration,
    configurations: Configurations,
    options: ParameterOptions,
    unseen: list[Unseen],
) -> Draft:
    sources = configurations.sources
    work = Work(unseen)

    def find(caller: Configuration, call: Block, work: Work) -> Configuration | None:
        return _find(configurations, caller, call, work)

    alone = Application(root, sources, Work(unseen), {}, find)
    given = given_values(sources, root, options, alone.root.scope, unseen)
    application = Application(root, sources, work, given, find)
    application.expand()
    translation = Translation(application, unseen)
    translation.translate()
    at = Location(place_of(root), 1)
    sections: dict[str, Value] = {
        "Parameters": _parameters(root, application.root.scope),
        "Resources": translation.drafted(),
    }
    return Draft(
        root=Map(sections, at, dict.fromkeys(sections, at)),
        written_as=translation.written_as,
        parts=frozenset(root.files),
    )


def _parameters(root: Configuration, scope: Scope) -> Map:
    """Return the root module's variables as parameters of a template."""
    entries: dict[str, Value] = {}
    keys: dict[str, Location] = {}
    for name, block in root.variables.items():
        value = scope.module.variable(name, block.at)
        parts: dict[str, Value] = {"Type": Scalar("String", block.at)}
        given = value.value if isinstance(value, Parameter) else None
        if given is not None:
            parts["Default"] = final(given, scope)
        if is_sensitive(block):
            parts["NoEcho"] = Scalar(value=True, at=block.at)
        entries[name] = Map(parts, block.at, dict.fromkeys(parts, block.at))
        keys[name] = block.at
    return Map(entries, Location(place_of(root), 1), keys)


def _find(
    configurations: Configurations, caller: Configuration, call: Block, work: Work
) -> Configuration | None:
    """Return the configuration that a module's source names, which is told if it is not here."""
    source = call.body.attributes.get("source")
    text = constant(source.value) if isinstance(source, Literal) else None
    name = ".".join(call.labels)
    if not isinstance(source, Literal) or not isinstance(text, str):
        work.miss(call.at, "template", f"the module {name[:60]} has no source that is known")
        return None
    if text.startswith((".", "/")):
        folder = local_folder(caller.folder, source.value)
        found = configurations.of(folder) if folder is not None else None
        if found is None:
            where = "lies outside the scanned folder" if folder is None else "is not there"
            work.miss(call.at, "template", f"the module {text[:80]} {where}")
        return found
    from stockade.load.terraform.registry import published  # noqa: PLC0415 - few call one

    found = published(text)
    if found is None:
        work.miss(call.at, "template", f"the module {text[:80]} is not in the scanned folder")
    return found
