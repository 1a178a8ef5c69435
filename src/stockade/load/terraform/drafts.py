"""Every root module of a folder as the draft of a template."""

import posixpath
from collections.abc import Mapping, Sequence
from typing import Final

from stockade.load.document import no_collection
from stockade.load.draft import Draft
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
from stockade.load.terraform.plan import Plan, read_plan
from stockade.load.terraform.scope import Scope, Work
from stockade.load.terraform.syntax import Block, Literal
from stockade.load.terraform.translation import Translation
from stockade.load.terraform.values import final
from stockade.load.terraform.variables import given_values
from stockade.model import (
    Framework,
    Location,
    Map,
    Parameter,
    Scalar,
    SourceFile,
    Unseen,
    Value,
    constant,
)

PLANS: Final = ("plan.json",)
"""How plans are called: `plan.json`, `tfplan.json`."""


def drafts(
    sources: Folder, paths: Sequence[str], options: ParameterOptions, unseen: list[Unseen]
) -> Mapping[str, Draft]:
    """Return a draft for each configuration that no other one of the folder calls."""
    every = [path for path in sources.files if path.endswith(FORMS)]
    configurations = Configurations(sources, every, unseen)
    with no_collection():
        plans = _plans(sources, paths, unseen)
        found = {
            place_of(root): _draft(root, configurations, options, plans, unseen)
            for root in configurations.roots(frozenset(paths))
        }
        for path, plan in plans.items():
            if posixpath.dirname(path) not in configurations.folders:
                found[path] = _planned(plan, sources, unseen)
    return found


def _plans(sources: Folder, paths: Sequence[str], unseen: list[Unseen]) -> dict[str, Plan]:
    found = {}
    for path in paths:
        file = sources.read(path) if path.endswith(PLANS) else None
        plan = read_plan(file, unseen) if isinstance(file, SourceFile) else None
        if plan is not None:
            found[path] = plan
    return found


def _planned(plan: Plan, sources: Folder, unseen: list[Unseen]) -> Draft:
    """Return the draft of a plan whose configuration is not in the folder."""

    def find(caller: Configuration, call: Block, _work: Work) -> Configuration | None:
        ways = {id(made): f"{way}/{name}" for (way, name), made in plan.inner.items()}
        return plan.inner.get((ways.get(id(caller), ""), call.labels[0]))

    application = Application(plan.root, sources, Work(unseen), plan.variables, find, plan)
    return _drafted(application, plan.root, unseen)


def _draft(
    root: Configuration,
    configurations: Configurations,
    options: ParameterOptions,
    plans: Mapping[str, Plan],
    unseen: list[Unseen],
) -> Draft:
    """Return the draft of a root module. A plan beside it tells the values of its variables."""
    sources = configurations.sources
    work = Work(unseen)

    def find(caller: Configuration, call: Block, work: Work) -> Configuration | None:
        return _find(configurations, caller, call, work)

    alone = Application(root, sources, Work(unseen), {}, find)
    given = given_values(sources, root, options, alone.root.scope, unseen)
    for path, plan in plans.items():
        if posixpath.dirname(path) == root.folder:
            given = {**plan.variables, **given}
    application = Application(root, sources, work, given, find)
    return _drafted(application, root, unseen)


def _drafted(application: Application, root: Configuration, unseen: list[Unseen]) -> Draft:
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
        framework=Framework.TERRAFORM,
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
