"""Stacks: the templates of a folder, those that are deployed together in one group."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence

from stockade.load.document import no_collection
from stockade.load.draft import Draft
from stockade.load.exports import linked
from stockade.load.front_ends import drafts_of
from stockade.load.given import given_everywhere
from stockade.load.nested import nested_places
from stockade.load.nesting import Files, LoadedApplication, load_application, settled
from stockade.load.parameters import ParameterOptions
from stockade.load.sources import Folder
from stockade.load.template import Template
from stockade.model import NOWHERE, Map, Unseen


def load_templates(
    sources: Folder, options: ParameterOptions, paths: Sequence[str] = ()
) -> tuple[tuple[tuple[Template, ...], ...], tuple[Unseen, ...]]:
    """Return the templates of every application in the folder, and what was not seen.

    One inner tuple is one application: its first template, then those that it nests or that
    share exports with it. `paths` names the templates to load (relative to the folder);
    without it, they are discovered. `Unseen.at.path` tells which file it belongs to.
    """
    with no_collection():
        return _loaded(sources, options, paths)


def _loaded(
    sources: Folder, options: ParameterOptions, paths: Sequence[str]
) -> tuple[tuple[tuple[Template, ...], ...], tuple[Unseen, ...]]:
    unseen: list[Unseen] = []
    drafts = drafts_of(sources, paths, options, unseen)
    given, told = sources.recall("given", (), lambda folder: given_everywhere(folder, options))
    unseen.extend(told)
    unseen.extend(_undeclared(drafts, options))
    files = Files(sources, options, drafts, given)
    first = _first_templates(sources, drafts, keep=frozenset(paths))
    applications = {path: _application(files, path) for path in first}
    _add_nested_circles(files, applications)
    groups = linked(files, applications)
    for group in groups:
        for application in group:
            unseen.extend(application.unseen)
    loaded = tuple(
        tuple(template for application in group for template in application.templates)
        for group in groups
    )
    return loaded, tuple(dict.fromkeys(unseen))


def _application(files: Files, path: str) -> LoadedApplication:
    return files.sources.recall(
        ("application", path),
        (files.given,),
        lambda folder: load_application(files.on(folder), path),
        settled,
    )


def _undeclared(drafts: Mapping[str, Draft], options: ParameterOptions) -> Iterator[Unseen]:
    """Yield the parameters that were given by name and that no template declares: slips."""
    sections = [draft.root.get("Parameters") for draft in drafts.values()]
    for name in options.given:
        if not any(isinstance(section, Map) and name in section for section in sections):
            why = f"no template declares the parameter {name[:60]}, its value was not used"
            yield Unseen(NOWHERE, "template", why)


def _first_templates(
    sources: Folder, drafts: Mapping[str, Draft], keep: frozenset[str]
) -> list[str]:
    """Return the templates that no other template nests, and those that were asked for."""
    nested = {inner for path, draft in drafts.items() for inner in _nested(sources, path, draft)}
    return [path for path in drafts if path in keep or path not in nested]


def _nested(sources: Folder, path: str, draft: Draft) -> frozenset[str]:
    """Return the paths of the templates that a template nests."""
    folder = posixpath.dirname(path)
    return sources.recall(
        ("nested", path),
        (draft.root,),
        lambda _: frozenset(
            posixpath.normpath(posixpath.join(folder, place))
            for place in nested_places(draft.root)
        ),
    )


def _add_nested_circles(files: Files, applications: dict[str, LoadedApplication]) -> None:
    """Load the templates that nest each other in circles, which no first template leads to."""
    reached = {path for application in applications.values() for path in application.paths}
    for path in files.drafts:
        if path not in reached:
            applications[path] = _application(files, path)
            reached |= applications[path].paths
