"""Files to applications. The only package that reads the user's files."""

import posixpath
from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import TypeVar

from stockade.errors import InputError, describe
from stockade.load.cloudformation import nouns
from stockade.load.cloudformation.documents import with_documents
from stockade.load.front_ends import FAILURE
from stockade.load.parameters import ParameterOptions
from stockade.load.sam import Expanded, expand, rename_all
from stockade.load.sources import Folder
from stockade.load.stacks import load_templates
from stockade.load.template import Template
from stockade.model import (
    Application,
    Delivery,
    EventSource,
    Location,
    Resource,
    ResourceId,
    RuleFailure,
    Unseen,
)
from stockade.model.memory import Memory
from stockade.model.record import field, record, replace
from stockade.model.sameness import kept, kept_of

__all__ = ["LoadOptions", "Loaded", "Loader", "ParameterOptions", "load"]

_Trigger = TypeVar("_Trigger", EventSource, Delivery)

Progress = Callable[[int, int], None]
"""Is told how many applications are done, and of how many."""


@record(kw_only=True)
class LoadOptions:
    """What is loaded, and with which values.

    `exclude` are paths or patterns (`**/legacy/*`), relative to the scanned folder, whose
    templates are not loaded.
    """

    parameters: ParameterOptions = field(default_factory=ParameterOptions)
    exclude: tuple[str, ...] = ()


@record(kw_only=True)
class Loaded:
    """The applications of a folder, and what of the folder was not seen.

    `root` is the scanned folder: paths everywhere are relative to it. What was not seen of one
    application stands there (`Application.unseen`), here is the rest.
    """

    root: Path
    applications: tuple[Application, ...]
    unseen: tuple[Unseen, ...]
    failures: tuple[RuleFailure, ...] = ()


def load(
    path: Path,
    options: LoadOptions | None = None,
    progress: Progress | None = None,
) -> Loaded:
    """Load every application of a folder, or the one of a template file.

    A folder without templates gives no applications. Raises `InputError` if there is no such
    path. Nothing that the folder holds makes it raise: what cannot be read is `Unseen`.
    """
    return Loader(path).load(options or LoadOptions(), progress)


class Loader:
    """Loads the applications of one path, time and again.

    What the memory keeps of the last time is not worked out anew; `renew` says what changed.
    """

    def __init__(self, path: Path, memory: Memory | None = None) -> None:
        """Read nothing yet. Raises `InputError` if there is no such path."""
        self._path = path
        self._folder = Folder(_root(path)[0], memory)
        self._parameters: ParameterOptions | None = None

    def renew(self, paths: Iterable[str | Path] | None = None) -> None:
        """Look again at files and folders that came, went or changed: at all of them if not said.

        They are absolute, or relative to the folder.
        """
        self._folder.renew(None if paths is None else [self._inside(Path(path)) for path in paths])

    def _inside(self, path: Path) -> str:
        """Return a path relative to the folder; what lies outside leads out of it."""
        root = self._folder.root
        for start in (root.absolute(), root.resolve()):
            if path.is_relative_to(start):
                return path.relative_to(start).as_posix()
        return path.as_posix()

    def load(self, options: LoadOptions, progress: Progress | None = None) -> Loaded:
        """Load every application, as `load` does."""
        root, paths = _root(self._path)
        folder = self._folder
        if self._parameters != options.parameters:
            folder.memory.forget_all()
            self._parameters = options.parameters
        groups, missed = load_templates(folder, options.parameters, paths)
        kept = [group for group in groups if not _excluded(group[0], options.exclude)]
        by_path: dict[str, list[Unseen]] = {}
        for one in missed:
            by_path.setdefault(one.at.path, []).append(one)
        applications = []
        for number, group in enumerate(kept):
            try:
                applications.append(_recalled(group, by_path, folder))
            except Exception as error:  # noqa: BLE001 - it is told, and fails the scan
                at = Location(group[0].stack.template, 1)
                missed = (*missed, Unseen(at, FAILURE, describe(error)))
            if progress is not None:
                progress(number + 1, len(kept))
        theirs = {one for application in applications for one in application.unseen}
        everywhere = (*folder.unseen, *missed)
        return Loaded(
            root=root,
            applications=tuple(applications),
            unseen=tuple(
                dict.fromkeys(
                    one for one in everywhere if one not in theirs and one.kind != FAILURE
                )
            ),
            failures=tuple(
                RuleFailure(rule="loading", application=one.at.path, error=one.why)
                for one in missed
                if one.kind == FAILURE
            ),
        )


def _root(path: Path) -> tuple[Path, tuple[str, ...]]:
    if path.is_dir():
        return path, ()
    if path.is_file():
        return path.parent, (path.name,)
    message = f"{path} does not exist"
    raise InputError(message, "name a folder that holds templates, or a template file")


def _excluded(template: Template, patterns: Sequence[str]) -> bool:
    """Tell whether a template, or a folder that it lies in, matches a pattern."""
    if not patterns:
        return False
    path = template.stack.template
    ways = [path]
    while "/" in path:
        path = posixpath.dirname(path)
        ways.append(path)
    return any(fnmatchcase(way, pattern.rstrip("/")) for pattern in patterns for way in ways)


def _recalled(
    templates: Sequence[Template], missed: Mapping[str, Sequence[Unseen]], folder: Folder
) -> Application:
    """Make one application of the templates that are deployed together, or recall it."""
    paths = dict.fromkeys(template.stack.template for template in templates)
    unseen = tuple(one for path in paths for one in missed.get(path, ()))
    return folder.recall(
        ("deployed", templates[0].stack.template),
        (*templates, unseen),
        lambda noting: _application(templates, unseen, noting, folder),
        _settled,
    )


def _settled(before: Application, now: Application) -> Application:
    """Return `now` with what `before` holds that says the same; `before` if all does."""
    held: dict[str, object] = {
        "resources": kept_of(before.resources, now.resources),
        "functions": kept_of(before.functions, now.functions),
        "roles": kept_of(before.roles, now.roles),
        "identities": kept_of(before.identities, now.identities),
        "event_sources": _kept_triggers(before.event_sources, now.event_sources),
        "deliveries": _kept_triggers(before.deliveries, now.deliveries),
        "stacks": kept(before.stacks, now.stacks),
        "unseen": kept(before.unseen, now.unseen),
    }
    if all(getattr(before, name) is one for name, one in held.items()):
        return before
    return replace(now, **held)


def _kept_triggers(
    before: tuple[_Trigger, ...], now: tuple[_Trigger, ...]
) -> tuple[_Trigger, ...]:
    """Return event sources or deliveries with the old ones in place of those that are the same."""
    old = {one.id: one for one in before}
    merged = kept_of(old, {one.id: one for one in now})
    return before if merged is old else tuple(merged.values())


def _application(
    templates: Sequence[Template], missed: Iterable[Unseen], folder: Folder, sources: Folder
) -> Application:
    """Make an application that asks `sources`, of what `folder` tells."""
    name = templates[0].stack.template
    folders = _folders(templates)
    # The same objects where only code has changed: what was made of them still holds.
    expanded = folder.recall(
        ("resources", name), (*templates,), partial(_expanded, templates), _settled_resources
    )
    made = nouns(
        expanded.resources,
        folders,
        folder,
        lambda kind, made_of, work: folder.recall((*kind, name), made_of, work),
    )
    return Application(
        name=name,
        stacks=tuple(template.stack for template in templates),
        resources=expanded.resources,
        functions=made.functions,
        roles=made.roles,
        identities=made.identities,
        event_sources=made.event_sources,
        sources=sources,
        unseen=tuple(dict.fromkeys((*missed, *expanded.unseen, *made.unseen))),
        deliveries=made.deliveries,
    )


@record(eq=False)
class _Expanded:
    """The resources of an application, in CloudFormation's own types."""

    resources: Mapping[ResourceId, Resource]
    unseen: tuple[Unseen, ...]


def _settled_resources(before: _Expanded, now: _Expanded) -> _Expanded:
    return _Expanded(kept_of(before.resources, now.resources), kept(before.unseen, now.unseen))


def _expanded(templates: Sequence[Template], folder: Folder) -> _Expanded:
    resources: dict[ResourceId, Resource] = {}
    unseen: list[Unseen] = []
    aliases: dict[tuple[ResourceId, str], ResourceId] = {}
    for template in templates:
        name = ("expanded", templates[0].stack.template, template.stack.name)
        expanded = folder.recall(name, (template,), partial(_expanded_one, template))
        resources.update(expanded.resources)
        unseen.extend(expanded.unseen)
        aliases.update(expanded.aliases)
    renamed = rename_all(resources, aliases) if len(templates) > 1 else resources
    whole, not_read = with_documents(renamed, _folders(templates), folder)
    return _Expanded(whole, (*unseen, *not_read))


def _expanded_one(template: Template, _folder: Folder) -> Expanded:
    return expand(template)


def _folders(templates: Sequence[Template]) -> Mapping[str, str]:
    """Return the folder of each stack's template, by the stack's name."""
    return {one.stack.name: posixpath.dirname(one.stack.template) for one in templates}
