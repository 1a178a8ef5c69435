"""One configuration while it is read: its files, its budget, what its names mean."""

import posixpath
from typing import Final

from stockade.load.document import parse
from stockade.load.javascript import Node
from stockade.load.scripts import Imports, Script
from stockade.load.sources import Folder
from stockade.load.sst import components
from stockade.load.sst.classes import instance, static
from stockade.load.sst.components.making import changed
from stockade.load.sst.expressions import computed, evaluate
from stockade.load.sst.members import member
from stockade.load.sst.running import MAX_FILES, MAX_LEVELS, MAX_STEPS, STEPS_A_RESOURCE, Frame
from stockade.load.sst.stack import Stack
from stockade.load.sst.statements import Returned, returned, run
from stockade.load.sst.things import (
    Class,
    Closure,
    Component,
    Namespace,
    Native,
    Object,
    Resource,
    Scope,
    Thing,
    entries_of,
    nothing,
    settled,
)
from stockade.load.sst.world import ASSETS, FUNCTIONS, NAMES, PACKAGES, SILENT
from stockade.model import List, Location, Map, Scalar, SourceFile, Unknown, Unseen, expression

_NOT_AWS: Final = ("sst.cloudflare.", "sst.vercel.", "sst.gcp.")


class Program:
    """Reads one configuration. Implements `running.Program`."""

    def __init__(self, sources: Folder, path: str, stage: str, unseen: list[Unseen]) -> None:
        self.sources = sources
        self.path = path
        self.stage = stage
        self.app: Thing = Object({"stage": Scalar(stage, Location(path, 1))}, Location(path, 1))
        self._stack = Stack(sources, path, unseen)
        self._imports = Imports(sources, posixpath.dirname(path))
        self._modules: dict[str, Object] = {}
        self._transforms: dict[str, list[Thing]] = {}
        self._wrapped: dict[str, Thing] = {}
        self._steps = MAX_STEPS
        self._level = 0
        self._told = False
        self._deep = False

    @property
    def stack(self) -> Stack:
        """What it declares so far."""
        return self._stack

    @property
    def files(self) -> frozenset[str]:
        """The files that were read."""
        return frozenset(self._modules)

    # --- budget -----------------------------------------------------------------------------

    def spend(self, steps: int, at: Location) -> Unknown | None:
        """Count steps; return what stands for what is not read any more."""
        self._steps -= steps
        if self._steps >= 0:
            return None
        if not self._told:
            self._told = True
            self._stack.limit(at, f"it takes more than {MAX_STEPS:,} steps to read")
        return Unknown("it is too large to be read", at)

    def enter(self, at: Location) -> Unknown | None:
        """Count a step, one level deeper; `leave` it unless something is returned."""
        if self._level >= MAX_LEVELS:
            if not self._deep:
                self._deep = True
                self._stack.limit(at, f"it is nested more than {MAX_LEVELS} levels deep")
            return Unknown("it is nested too deep to be read", at)
        spent = self.spend(1, at)
        if spent is None:
            self._level += 1
        return spent

    def leave(self) -> None:
        """Leave a level."""
        self._level -= 1

    # --- calls ------------------------------------------------------------------------------

    def member(self, of: Thing, name: str, at: Location) -> Thing:
        """Return `of.name`."""
        if isinstance(of, Namespace) and of.name == "process":
            return Namespace(f"process.{name}", at)
        if isinstance(of, Namespace) and of.name == "process.env":
            return self._stack.later(f"process.env.{name}", at)
        if isinstance(of, Class):
            return static(of, name) or computed(at)
        return member(self, of, name, at)

    def call(self, function: Thing, arguments: list[Thing], at: Location) -> Thing:
        """Return what a function returns."""
        match function:
            case Native():
                return function.run(arguments, at)
            case Closure():
                return self.closure(function, arguments, at)
            case Namespace():
                return self._named(function.name, arguments, at)
            case _:
                # What only a deployment knows may call the functions that it is given.
                for one in arguments:
                    if isinstance(one, Closure):
                        self.closure(one, [computed(at)], at)
                return function if isinstance(function, Unknown) else computed(at)

    def closure(self, function: Closure, arguments: list[Thing], at: Location) -> Thing:
        """Return what a function of the author returns."""
        spent = self.enter(at)
        if spent is not None:
            return spent
        try:
            frame = Frame(function.script, function.scope, self)
            return returned(function, arguments, frame)
        finally:
            self.leave()

    def _named(self, name: str, given: list[Thing], at: Location) -> Thing:
        """Return what a function gives that is known by its name."""
        run_ = FUNCTIONS.get(name)
        if run_ is not None:
            return run_(self, given, at)
        if name == "$transform":
            return self._transform(given, at)
        if name in {"sst.Linkable.wrap", "sst.linkable"}:
            if len(given) > 1 and isinstance(given[0], Namespace):
                self._wrapped[given[0].name] = given[1]
            return nothing(at)
        service, _, function = name.rpartition(".")
        if name.startswith("aws.") and function.startswith("get") and function != "get":
            arguments = given[0] if given else None
            own = Object(entries_of(arguments) or {} if arguments is not None else {}, at)
            return self._stack.data(name.removeprefix("aws."), own, at)
        if name.startswith("sst.") and function == "get":
            return components.get(self, service, given, at)
        if name.startswith("sst.aws.") and function == "subscribe":
            return components.subscribe(self, service, given, at)
        for one in given:
            if isinstance(one, Closure):
                self.closure(one, [computed(at)], at)
        if name.startswith("sst.aws."):
            self._stack.miss(at, f"what {name[:60]} does is not looked at")
        return computed(at)

    # --- new --------------------------------------------------------------------------------

    def make(self, class_: Thing, arguments: list[Thing], at: Location) -> Thing:
        """Return what `new` makes of a class."""
        spent = self.spend(STEPS_A_RESOURCE, at)
        if spent is not None:
            return spent
        if isinstance(class_, Class):
            return instance(self, class_, arguments, at)
        if not isinstance(class_, Namespace):
            self._stack.miss(at, "objects of classes that are not known here are not looked at")
            return computed(at)
        name = class_.name
        if name.startswith("sst.") and not name.startswith(_NOT_AWS):
            return components.make(self, name, arguments, at)
        shown = expression(settled(arguments[0]))[:100] if arguments else name
        if name.startswith("aws.") and name.count(".") > 1:
            return self._raw(name.removeprefix("aws."), shown, arguments, at)
        if name.endswith(ASSETS):
            return arguments[0] if arguments else nothing(at)
        if not name.startswith(SILENT):
            self._stack.miss(at, f"resources of {name[:60]} are not looked at")
        return Component(name, shown, at)

    def _raw(self, class_: str, name: str, given: list[Thing], at: Location) -> Resource:
        second = given[1] if len(given) > 1 else Object({}, at)
        found = entries_of(second)
        if found is None:
            self._stack.miss(at, "the settings of a resource are not known")
        keys = second.keys if isinstance(second, Object | Map) else {}
        arguments = Object(found or {}, second.at, keys)
        self.transformed(f"aws.{class_}", arguments, name)
        return self._stack.resource(class_, name, arguments, at)

    def transformed(self, kind: str, arguments: Object, name: str) -> None:
        """Change arguments as `$transform` says of their kind."""
        for change in self._transforms.get(kind, ()):
            changed(self, change, arguments, name)

    def _transform(self, given: list[Thing], at: Location) -> Thing:
        if len(given) > 1 and isinstance(given[0], Namespace):
            self._transforms.setdefault(given[0].name, []).append(given[1])
        else:
            self._stack.miss(at, "what $transform changes is not known")
        return nothing(at)

    def definition(self, resource: Resource) -> Thing | None:
        """Return what `sst.Linkable.wrap` says of a resource of Pulumi."""
        wrapped = self._wrapped.get(f"aws.{resource.class_}")
        return self.call(wrapped, [resource], resource.at) if wrapped is not None else None

    # --- names ------------------------------------------------------------------------------

    def world(self, name: str, at: Location) -> Thing | None:
        """Return what a name means that nobody declares: `sst`, `$app`, `JSON`."""
        match name:
            case "$app":
                return self.app
            case "$dev":
                return Scalar(value=False, at=at)
            case "process":
                return Namespace("process", at)
            case "__dirname":
                return Scalar(".", at)
            case _:
                return Namespace(name, at) if name in NAMES else None

    # --- files ------------------------------------------------------------------------------

    def imported(self, path: str, specifier: str, at: Location) -> Thing:
        """Return all that a file or package exports, as an object."""
        found = self._imports.file(path, specifier)
        if found is None:
            own = specifier.removeprefix("node:")
            return Namespace(PACKAGES.get(own, f"package {own[:60]}"), at)
        return self.module(found)

    def module(self, path: str) -> Thing:
        """Return what a file exports, once it was gone through."""
        if path in self._modules:
            return self._modules[path]
        at = Location(path, 1)
        exports = Object({}, at)
        if len(self._modules) >= MAX_FILES:
            self._stack.limit(at, f"it is made of more than {MAX_FILES} files")
            return Unknown("it is too large to be read", at)
        self._modules[path] = exports
        file = self.sources.read(path)
        if not isinstance(file, SourceFile):
            self._stack.miss(at, f"{path} cannot be read")
            return Unknown(file.why, at)
        if path.endswith(".json"):
            parsed = parse(file)
            root = getattr(parsed, "root", None)
            return root or Unknown("it is no JSON", at)
        spent = self.spend(len(file.text) // 200, at) or self.enter(at)
        if spent is not None:
            return spent
        try:
            _Module(self, Script(file), exports).read()
        finally:
            self.leave()
        return exports


class _Module:
    """One file while it is gone through."""

    def __init__(self, program: Program, script: Script, exports: Object) -> None:
        self.program = program
        self.script = script
        self.exports = exports
        self.frame = Frame(script, Scope(), program)

    def read(self) -> None:
        """Go through the file: what it imports first, as modules do."""
        statements = self.script.root.named_children
        for one in statements:
            if one.type == "import_statement":
                self._import(one)
        declarations = [
            one.child_by_field_name("declaration")
            for one in statements
            if one.type == "export_statement"
        ]
        functions = [one for one in (*statements, *declarations) if _is_function(one)]
        try:
            run(functions, self.frame)
            for one in statements:
                if one.type == "export_statement":
                    self._export(one)
                elif one.type != "import_statement" and not _is_function(one):
                    run([one], self.frame)
        except Returned:
            return

    def _import(self, node: Node) -> None:
        source = node.child_by_field_name("source")
        if source is None or self.script.word(node).startswith("import type"):
            return
        at = self.script.at(node)
        found = self.program.imported(self.script.path, self.script.string(source), at)
        for clause in node.named_children:
            for part in clause.named_children if clause.type == "import_clause" else ():
                if part.type == "identifier":
                    self._name(self.script.word(part), self._taken(found, "default", at))
                elif part.type == "namespace_import":
                    self._name(self.script.word(part.named_children[-1]), found)
                else:
                    for one in part.named_children:
                        name = one.child_by_field_name("name")
                        alias = one.child_by_field_name("alias") or name
                        if name is not None:
                            thing = self._taken(found, self.script.word(name), at)
                            self._name(self.script.word(alias), thing)

    def _name(self, name: str, thing: Thing) -> None:
        self.frame.scope.names[name] = thing

    def _taken(self, of: Thing, name: str, at: Location) -> Thing:
        """Return one export; the whole package for the default export of one."""
        if name == "default" and isinstance(of, Namespace | Map | List):
            return of
        if isinstance(of, Object) and name not in of.entries:
            return Unknown(f"{of.at.path} exports no {name[:60]} that can be read", at)
        return self.program.member(of, name, at)

    def _export(self, node: Node) -> None:
        declaration = node.child_by_field_name("declaration")
        value = node.child_by_field_name("value")
        source = node.child_by_field_name("source")
        at = self.script.at(node)
        if value is not None:
            self.exports.put("default", evaluate(value, self.frame), at)
            return
        if declaration is not None:
            before = set(self.frame.scope.names)
            if not _is_function(declaration):
                run([declaration], self.frame)
            name = self.script.word(declaration.child_by_field_name("name"))
            names = (
                [name] if name else [one for one in self.frame.scope.names if one not in before]
            )
            is_default = "default" in [one.type for one in node.children]
            for one in names:
                thing = self.frame.scope.names.get(one)
                if thing is not None:
                    self.exports.put("default" if is_default else one, thing)
            return
        found = None
        if source is not None:
            found = self.program.imported(self.script.path, self.script.string(source), at)
        clauses = [one for one in node.named_children if one.type == "export_clause"]
        if found is not None and not clauses:
            self._all(node, found)
        for clause in clauses:
            for one in clause.named_children:
                name = one.child_by_field_name("name")
                alias = one.child_by_field_name("alias") or name
                word = self.script.word(name)
                thing = (
                    self.frame.scope.find(word) if found is None else self._taken(found, word, at)
                )
                if thing is not None:
                    self.exports.put(self.script.word(alias), thing)

    def _all(self, node: Node, found: Thing) -> None:
        """Export all that another file exports, as it is or under one name."""
        for one in node.named_children:
            if one.type == "namespace_export":
                self.exports.put(self.script.word(one.named_children[-1]), found)
                return
        for name, thing in (entries_of(found) or {}).items():
            if name != "default":
                self.exports.put(name, thing)


def _is_function(node: Node) -> bool:
    return node is not None and node.type in {
        "function_declaration",
        "generator_function_declaration",
    }


def configuration(program: Program) -> Thing:
    """Return what a configuration exports by default."""
    exports = program.module(program.path)
    found = exports.get("default") if isinstance(exports, Object) else None
    return found if found is not None else nothing(Location(program.path, 1))


def deployed(program: Program, config: Object) -> Thing:
    """Go through `app` and `run` of a configuration; return what `run` does."""
    at = config.at
    stage: Thing = Scalar(program.stage, at)
    app = config.get("app")
    if app is not None:
        given = Object({"stage": stage}, at)
        found = program.call(app, [given], at)
        program.app = Object({**(entries_of(found) or {}), "stage": stage}, at)
        if isinstance(program.app, Object) and program.app.get("name") is None:
            program.app.put("name", program.stack.later("$app.name", at))
    run_ = config.get("run")
    if run_ is None:
        return nothing(at)
    return program.call(run_, [], at)
