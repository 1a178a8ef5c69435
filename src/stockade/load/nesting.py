"""Nested stacks: one template, loaded with all the templates that it nests.

AWS: "Embed stacks within other stacks using nested stacks", `AWS::Serverless::Application`.
"""

import posixpath
from collections.abc import Mapping

from stockade.load.discover import read_template
from stockade.load.domains import possible_texts
from stockade.load.draft import Draft
from stockade.load.given import given_beside
from stockade.load.intrinsics import resolve
from stockade.load.nested import nested_location
from stockade.load.parameters import Declared, ParameterOptions, Passed, declare
from stockade.load.resolve import Resolved, Surroundings, resolve_template
from stockade.load.scope import Scope, Work, handed_over
from stockade.load.sources import Folder
from stockade.load.template import Template
from stockade.model import Location, Map, Scalar, Unknown, Unseen, Value, constant
from stockade.model.record import record, replace
from stockade.model.sameness import kept

_MAX_STACKS = 200
"""Stacks of one application; a template that nests itself many times over is cut off here."""

_MAX_NESTING = 10
"""Levels of stacks in stacks."""


class Files:
    """The templates of the folder, parsed once, and the values that parameters are given."""

    def __init__(
        self,
        sources: Folder,
        options: ParameterOptions,
        drafts: Mapping[str, Draft],
        given: Mapping[str, Scalar],
    ) -> None:
        self.sources = sources
        self.options = options
        self.given = given
        self.drafts = drafts

    def on(self, sources: Folder) -> "Files":
        """Return the same, asking its questions of another view of the folder."""
        return Files(sources, self.options, self.drafts, self.given)

    def draft(self, path: str, unseen: list[Unseen]) -> Draft | None:
        """Return what a file was read as; None if it cannot be read, which is told."""
        self.sources.note_reading(path)
        if path in self.drafts:
            return self.drafts[path]
        root = read_template(self.sources, path, unseen)
        return None if root is None else Draft(root=root)

    def given_to(self, path: str, unseen: list[Unseen]) -> Mapping[str, Scalar]:
        """Return the values that the parameters of a first template are given."""
        return {**given_beside(self.sources, path, self.options, unseen), **self.given}


@record(kw_only=True, eq=False)
class LoadedApplication:
    """One template with all that it nests, loaded.

    `templates` are its own, then those that it nests, parents first; `paths` are their files.
    `exports` are what it exports to other applications, `imports` the names of what it takes.
    """

    templates: tuple[Template, ...]
    paths: frozenset[str]
    exports: Mapping[str, Value]
    imports: frozenset[str]
    unseen: tuple[Unseen, ...]


def settled(before: LoadedApplication, now: LoadedApplication) -> LoadedApplication:
    """Return `now` with the templates of `before` that say the same."""
    old = {one.stack.name: one for one in before.templates}
    templates = [kept(old.get(one.stack.name, one), one) for one in now.templates]
    return replace(now, templates=tuple(templates))


def load_application(
    files: Files, path: str, name: str = "", exports: Mapping[str, Value] | None = None
) -> LoadedApplication:
    """Load the template `path` with all that it nests.

    `name` is that of its first stack. `exports` are what other applications export to it.
    """
    nesting = _Nesting(files, path, exports or {})
    resolved = nesting.resolved(name)
    return LoadedApplication(
        templates=(resolved.template, *nesting.nested),
        paths=frozenset(nesting.paths),
        exports=resolved.exports,
        imports=resolved.imports,
        unseen=tuple(nesting.unseen),
    )


class _Nesting:
    """A template that is being loaded, with those that it nests."""

    def __init__(self, files: Files, path: str, exports: Mapping[str, Value]) -> None:
        self.files = files
        self.path = path
        self.exports = exports
        self.unseen: list[Unseen] = []
        self.work = Work()
        self.nested: list[Template] = []
        self.stacks = 1
        self.paths = {path}

    def resolved(self, name: str) -> Resolved:
        """Resolve the template, as the stack `name`."""
        path = self.path
        draft = self.files.draft(path, self.unseen)
        draft = draft or Draft(root=Map({}, Location(path, 1), {}))
        given = self.files.given_to(path, self.unseen)
        parameters = declare(draft.root.get("Parameters"), given, {}, self.unseen)
        return self._resolve(draft, name, parameters, (path,))

    def _resolve(
        self, draft: Draft, name: str, parameters: Mapping[str, Declared], chain: tuple[str, ...]
    ) -> Resolved:
        """Resolve a template; `chain` are the paths from the first template down to it."""
        path = chain[-1]
        around = Surroundings(
            nested=lambda logical_id, written, scope: self._nest(
                logical_id, written, scope, chain
            ),
            include=lambda place, at: self._include(path, place, at),
            exports=self.exports,
            written_as=draft.written_as,
            names=draft.names,
            framework=draft.framework,
            work=self.work,
            unseen=self.unseen,
        )
        return resolve_template(draft.root, path, name, parameters, around)

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
        draft = self.files.draft(path, self.unseen)
        if draft is None:
            self._miss(location.at, f"the template {path} cannot be read")
            return None
        self.paths.add(path)
        passed = self._passed(written, scope)
        parameters = declare(draft.root.get("Parameters"), {}, passed, self.unseen)
        place = len(self.nested)
        name = scope.qualified(logical_id)
        resolved = self._resolve(draft, name, parameters, (*chain, path))
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
        draft = self.files.draft(path, self.unseen)
        return Unknown("the included file cannot be read", at) if draft is None else draft.root

    def _miss(self, at: Location, why: str) -> None:
        self.unseen.append(Unseen(at, "template", why))
