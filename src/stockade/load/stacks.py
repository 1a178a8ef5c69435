"""Stacks: templates that are deployed together, with those that they nest or import from.

AWS: "Embed stacks within other stacks using nested stacks", `AWS::Serverless::Application`,
"Get exported outputs from a deployed CloudFormation stack".
"""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from stockade.load.discover import read_template, templates_of
from stockade.load.document import no_collection
from stockade.load.domains import possible_texts
from stockade.load.given import given_beside, given_everywhere
from stockade.load.intrinsics import resolve
from stockade.load.parameters import Declared, ParameterOptions, Passed, declare
from stockade.load.resolve import Resolved, Surroundings, resolve_template
from stockade.load.scope import Scope, Work, handed_over
from stockade.load.sources import Folder
from stockade.load.template import Template
from stockade.model import Location, Map, Scalar, Unknown, Unseen, Value, constant

_NESTED_TYPES: Mapping[str, str] = {
    "AWS::CloudFormation::Stack": "TemplateURL",
    "AWS::Serverless::Application": "Location",
}
_MAX_STACKS = 200
"""Stacks of one application; a template that nests itself many times over is cut off here."""

_MAX_NESTING = 10
"""Levels of stacks in stacks."""


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
    roots = templates_of(sources, paths, unseen)
    files = _Files(sources, options, roots, given_everywhere(sources, options, unseen))
    first = _first_templates(roots, keep=frozenset(paths))
    applications = {path: _Application(files, path, "", {}) for path in first}
    _add_nested_circles(roots, files, applications)
    groups = _linked(files, applications)
    for group in groups:
        for application in group:
            unseen.extend(application.unseen)
    loaded = tuple(
        tuple(template for application in group for template in application.templates)
        for group in groups
    )
    return loaded, tuple(dict.fromkeys((*unseen, *files.unseen)))


@dataclass(slots=True)
class _Files:
    """The templates of the folder, parsed once, and the values that parameters are given."""

    sources: Folder
    options: ParameterOptions
    roots: dict[str, Map]
    given: Mapping[str, Scalar]
    unseen: list[Unseen] = field(default_factory=list)
    beside: dict[str, Mapping[str, Scalar]] = field(default_factory=dict)

    def root(self, path: str) -> Map | None:
        """Return the root of a document; None if it cannot be read, which is told."""
        if path not in self.roots:
            root = read_template(self.sources, path, self.unseen)
            if root is None:
                return None
            self.roots[path] = root
        return self.roots[path]

    def given_to(self, path: str) -> Mapping[str, Scalar]:
        """Return the values that the parameters of a first template are given."""
        if path not in self.beside:
            self.beside[path] = given_beside(self.sources, path, self.options, self.unseen)
        return {**self.beside[path], **self.given}


class _Application:
    """One template with all that it nests, loaded."""

    def __init__(self, files: _Files, path: str, name: str, exports: Mapping[str, Value]) -> None:
        self.files = files
        self.path = path
        self.exports = exports
        self.unseen: list[Unseen] = []
        self.work = Work()
        self.nested: list[Template] = []
        self.stacks = 1
        self.paths = {path}
        root = files.roots[path]
        parameters = declare(root.get("Parameters"), files.given_to(path), {}, self.unseen)
        self.resolved = self._resolve(root, name, parameters, (path,))
        self.templates = (self.resolved.template, *self.nested)

    def _resolve(
        self, root: Map, name: str, parameters: Mapping[str, Declared], chain: tuple[str, ...]
    ) -> Resolved:
        """Resolve a template; `chain` are the paths from the first template down to it."""
        path = chain[-1]
        around = Surroundings(
            nested=lambda logical_id, written, scope: self._nest(
                logical_id, written, scope, chain
            ),
            include=lambda place, at: self._include(path, place, at),
            exports=self.exports,
            work=self.work,
            unseen=self.unseen,
        )
        return resolve_template(root, path, name, parameters, around)

    def _nest(
        self, logical_id: str, written: Map, scope: Scope, chain: tuple[str, ...]
    ) -> Mapping[str, Value] | None:
        """Load a nested stack; return its outputs, or None if it is none or cannot be loaded."""
        location = nested_location(written)
        if location is None:
            return None
        path = self._local(resolve(location, scope), scope.path)
        if isinstance(path, Unknown):
            self._miss(location.at, path.why)
            return None
        if path in chain:
            self._miss(location.at, "the template nests itself")
            return None
        self.stacks += 1
        if self.stacks > _MAX_STACKS or len(chain) >= _MAX_NESTING:
            self.unseen.append(Unseen(location.at, "limit", "there are too many nested stacks"))
            return None
        root = self.files.root(path)
        if root is None:
            self._miss(location.at, f"the template {path} cannot be read")
            return None
        self.paths.add(path)
        passed = self._passed(written, scope)
        parameters = declare(root.get("Parameters"), {}, passed, self.unseen)
        place = len(self.nested)
        name = scope.qualified(logical_id)
        resolved = self._resolve(root, name, parameters, (*chain, path))
        self.nested.insert(place, resolved.template)
        return resolved.template.stack.outputs

    def _passed(self, written: Map, scope: Scope) -> dict[str, Passed]:
        """Return the parameters that a parent hands to a nested stack."""
        properties = written.get("Properties")
        given = properties.get("Parameters") if isinstance(properties, Map) else None
        resolved = resolve(given, scope) if given is not None else None
        if not isinstance(resolved, Map):
            return {}
        return {
            name: Passed(handed_over(value), possible_texts(value, scope))
            for name, value in resolved
        }

    def _local(self, location: Value, template: str) -> str | Unknown:
        """Return the path of a template or snippet that is named by the template `template`."""
        place = constant(location)
        if not isinstance(place, str):
            return place or Unknown("it is not named", location.at)
        if "://" in place:
            return Unknown("the template is not in the scanned folder", location.at)
        path = posixpath.normpath(posixpath.join(posixpath.dirname(template), place))
        if path.startswith(("/", "../")):
            return Unknown("it lies outside the scanned folder", location.at)
        if not self.files.sources.is_file(path):
            return Unknown("there is no such file", location.at)
        return path

    def _include(self, template: str, place: str, at: Location) -> Value:
        path = self._local(Scalar(place, at), template)
        if isinstance(path, Unknown):
            self._miss(at, path.why)
            return path
        root = self.files.root(path)
        if root is None:
            return Unknown("the included file cannot be read", at)
        return root

    def _miss(self, at: Location, why: str) -> None:
        self.unseen.append(Unseen(at, "template", why))


def nested_location(resource: Map) -> Value | None:
    """Return what names the template of a nested stack; None if the resource is no such stack.

    The CDK leaves the name of the file in the metadata, its `TemplateURL` is that of an asset.
    """
    kind = constant(resource.get("Type"))
    key = _NESTED_TYPES.get(kind) if isinstance(kind, str) else None
    properties = resource.get("Properties")
    if key is None or not isinstance(properties, Map):
        return None
    metadata = resource.get("Metadata")
    if isinstance(metadata, Map) and constant(metadata.get("aws:asset:property")) == key:
        return metadata.get("aws:asset:path")
    return properties.get(key)


def _first_templates(roots: Mapping[str, Map], keep: frozenset[str]) -> list[str]:
    """Return the templates that no other template nests, and those that were asked for."""
    nested = {
        posixpath.normpath(posixpath.join(posixpath.dirname(path), place))
        for path, root in roots.items()
        for place in _nested_places(root)
    }
    return [path for path in roots if path in keep or path not in nested]


def _nested_places(root: Map) -> Iterator[str]:
    resources = root.get("Resources")
    for _, resource in resources if isinstance(resources, Map) else ():
        if isinstance(resource, Map):
            place = nested_location(resource)
            if isinstance(place, Scalar) and isinstance(place.value, str):
                yield place.value


def _add_nested_circles(
    roots: Mapping[str, Map], files: _Files, applications: dict[str, _Application]
) -> None:
    """Load the templates that nest each other in circles, which no first template leads to."""
    reached = {path for application in applications.values() for path in application.paths}
    for path in tuple(roots):
        if path not in reached:
            applications[path] = _Application(files, path, "", {})
            reached |= applications[path].paths


def _linked(files: _Files, applications: Mapping[str, _Application]) -> list[list[_Application]]:
    """Put applications together that import each other's exports, and resolve the imports."""
    exporters: dict[str, list[str]] = {}
    for path, application in applications.items():
        for name in application.resolved.exports:
            exporters.setdefault(name, []).append(path)
    links = {
        path: {
            exporter
            for name in application.resolved.imports
            if (exporter := _nearest(path, exporters.get(name, ()))) is not None
        }
        for path, application in applications.items()
    }
    return [
        [applications[group[0]]] if len(group) == 1 else _relinked(files, group, links)
        for group in _groups(links)
    ]


def _nearest(path: str, exporters: Sequence[str]) -> str | None:
    """Return the exporter that shares the most folders with `path`; None if two share as many."""
    others = [other for other in exporters if other != path]
    ranked = sorted(others, key=lambda other: -_shared(path, other))
    if len(ranked) > 1 and _shared(path, ranked[0]) == _shared(path, ranked[1]):
        return None
    return ranked[0] if ranked else None


def _shared(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if left != right:
            break
        count += 1
    return count


def _groups(links: Mapping[str, set[str]]) -> list[list[str]]:
    """Return the connected templates, each group and all groups in the order of `links`."""
    group_of = {path: path for path in links}

    def leader(path: str) -> str:
        while group_of[path] != path:
            group_of[path] = group_of[group_of[path]]
            path = group_of[path]
        return path

    for path, others in links.items():
        for other in others:
            first, second = sorted((leader(path), leader(other)))
            group_of[second] = first
    groups: dict[str, list[str]] = {}
    for path in links:
        groups.setdefault(leader(path), []).append(path)
    return list(groups.values())


def _relinked(
    files: _Files, group: Sequence[str], links: Mapping[str, set[str]]
) -> list[_Application]:
    """Resolve the templates of a group again, exporters before those that import from them."""
    loaded: dict[str, _Application] = {}
    waiting = list(reversed(group))
    begun: set[str] = set()
    while waiting:
        path = waiting[-1]
        first = [] if path in begun else sorted(links[path] - begun - loaded.keys())
        begun.add(path)
        waiting.extend(first)
        if first:
            continue
        waiting.pop()
        if path not in loaded:
            name = "" if path == group[0] else path
            loaded[path] = _Application(files, path, name, _exports(links[path], loaded))
    return [loaded[path] for path in group]


def _exports(exporters: AbstractSet[str], loaded: Mapping[str, _Application]) -> dict[str, Value]:
    """Return the exports of those `exporters` that are loaded."""
    exports: dict[str, Value] = {}
    for path in sorted(exporters):
        if path in loaded:
            exports.update(loaded[path].resolved.exports)
    return exports
