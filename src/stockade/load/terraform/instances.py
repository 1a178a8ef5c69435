"""Modules and resources as `count` and `for_each` make them, each evaluated when it is asked for.

Follows "Module blocks", "Input variables", "The count meta-argument" and "The for_each
meta-argument" in the documentation of Terraform.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from stockade._late import pattern
from stockade.load.sources import Folder
from stockade.load.terraform.configuration import Configuration
from stockade.load.terraform.evaluate import settled
from stockade.load.terraform.plan import Plan
from stockade.load.terraform.references import attribute_of
from stockade.load.terraform.resources import ResourceInstance
from stockade.load.terraform.scope import Failed, Planned, Scope, Work
from stockade.load.terraform.syntax import Block, Expression, Given, Literal
from stockade.load.terraform.values import (
    ITSELF,
    at_deployment,
    encoded,
    is_null,
    known,
    mapped,
)
from stockade.load.terraform.variables import typed
from stockade.model import (
    List,
    Location,
    Map,
    Parameter,
    Reference,
    Scalar,
    Unknown,
    Value,
    constant,
    expression,
)

_MOST_INSTANCES: Final = 300
"""Instances of one block that `count` or `for_each` makes."""
_MOST: Final = 3_000
"""Resources and modules of one application."""
_DEEPEST: Final = 12
"""Levels of modules in modules."""
_META: Final = frozenset(
    ("count", "for_each", "provider", "providers", "depends_on", "lifecycle", "source", "version")
)
_LONGEST_KEY: Final = 60
_ODD = pattern(r"[^A-Za-z0-9_ ./:@+-]")


Find: TypeAlias = Callable[[Configuration, Block, Work], Configuration | None]
"""Returns the configuration that a call of a module names, given who calls; None, which is told,
if it is not to be had."""


class Application:
    """What is shared by all modules of one root module."""

    def __init__(  # noqa: PLR0913, PLR0917 - what an application is made of
        self,
        root: Configuration,
        sources: Folder,
        work: Work,
        given: Mapping[str, Value],
        find: Find,
        plan: Plan | None = None,
    ) -> None:
        self.sources = sources
        self.plan = plan
        self.work = work
        self.root_folder = root.folder
        self.find = find
        self.resources: dict[str, ResourceInstance] = {}
        self.modules: dict[str, ModuleInstance] = {}
        arguments: dict[str, Expression] = {name: Given(value) for name, value in given.items()}
        self.root = ModuleInstance(self, root, "", arguments, None, {}, None)

    def expand(self) -> None:
        """Make every resource of every module."""
        waiting = [self.root]
        made = {""}
        while waiting:
            waiting.pop().expand()
            for address, module in self.modules.items():
                if address not in made:
                    made.add(address)
                    waiting.append(module)

    def attribute(self, address: str, name: str, at: Location) -> Value:
        """Return an attribute of a resource, or an output of a module."""
        resource = self.resources.get(address)
        if resource is not None:
            return attribute_of(resource, name, at)
        module = self.modules.get(address)
        if module is not None:
            return module.output(name, at)
        return at_deployment(f"{address}.{name}", at)

    def has_room(self, at: Location) -> bool:
        """Tell whether one more instance may be made."""
        if len(self.resources) + len(self.modules) < _MOST:
            return True
        if not self.work.told:
            self.work.told = True
            self.work.miss(at, "limit", f"there are more than {_MOST:,} resources and modules")
        return False


class ModuleInstance:
    """One module with its arguments. Implements `scope.Module`.

    `place` is the call's place where the module is none of the author's own files: all that it
    makes is then told there.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - each is a different thing that a module has
        self,
        application: Application,
        configuration: Configuration,
        address: str,
        arguments: Mapping[str, Expression],
        parent: "ModuleInstance | None",
        names: Mapping[str, Value],
        place: Location | None,
    ) -> None:
        self.application = application
        self.configuration = configuration
        self.address = address
        self.arguments = arguments
        self.parent = parent
        self.names = names
        self.place = place
        self._locals: dict[str, Value] = {}
        self._variables: dict[str, Value] = {}
        self._outputs: dict[str, Value] = {}
        self._expanded: dict[tuple[str, str, str], Value] = {}
        self._busy: set[tuple[str, str]] = set()

    @property
    def folder(self) -> str:
        """The module's own folder."""
        return self.configuration.folder

    @property
    def root_folder(self) -> str:
        """The folder where `plan` runs, to which paths are relative."""
        return self.application.root_folder

    @property
    def sources(self) -> Folder:
        """The files of the scanned folder."""
        return self.application.sources

    @property
    def work(self) -> Work:
        """The work left."""
        return self.application.work

    @property
    def scope(self) -> Scope:
        """The names of the module itself."""
        return Scope(self, {})

    def at(self, written: Location) -> Location:
        """Tell the place of what is written in the module's files."""
        return self.place or written

    def planned(self, address: str) -> Planned:
        """Return what a plan tells of a resource."""
        plan = self.application.plan
        if plan is None:
            return Planned()
        return Planned(plan.values.get(address), plan.unknown.get(address))

    def rendered(self, template: Scalar, names: Mapping[str, Value]) -> Value:
        """Return the text of a template file, with the values put in that its names stand for."""
        from stockade.load.terraform.hcl import parse_template  # noqa: PLC0415 - tree-sitter

        written = parse_template(str(template.value), template.at)
        return settled(written, Scope(self, names))

    def variable(self, name: str, at: Location) -> Value:
        """Return `var.name`."""
        if name not in self._variables:
            self._variables[name] = self._once(("var", name), at, lambda: self._variable(name, at))
        value: Value | None = self._variables[name]
        if value is not None and self.parent is not None:
            return value
        block = self.configuration.variables.get(name)
        if isinstance(value, Parameter) and value.value is None:
            value = None
        return Parameter(name, value, at, is_sensitive(block))

    def _variable(self, name: str, at: Location) -> Value:
        block = self.configuration.variables.get(name)
        written = self.arguments.get(name)
        caller = Scope(self.parent, self.names) if self.parent is not None else self.scope
        given = settled(written, caller) if written is not None else None
        if block is None:
            return given or Unknown(f"no variable is called {name[:60]}", at)
        default = block.body.attributes.get("default")
        if given is None or (is_null(given) and default is not None):
            if default is None:
                return at_deployment(name, at)
            given = settled(default, self.scope)
        return typed(given, block.body.attributes.get("type"), self.scope)

    def local(self, name: str, at: Location) -> Value:
        """Return `local.name`."""
        if name not in self._locals:
            written = self.configuration.locals.get(name)
            if written is None:
                raise Failed(f"no local value is called {name[:60]}", at)
            found = self._once(("local", name), at, lambda: settled(written, self.scope))
            self._locals[name] = found
        return self._locals[name]

    def output(self, name: str, at: Location) -> Value:
        """Return `module.this.name`."""
        if name not in self._outputs:
            block = self.configuration.outputs.get(name)
            written = block.body.attributes.get("value") if block is not None else None
            if written is None:
                raise Failed(f"the module has no output {name[:60]}", at)
            found = self._once(("output", name), at, lambda: settled(written, self.scope))
            self._outputs[name] = found
        return self._outputs[name]

    def _once(self, key: tuple[str, str], at: Location, work: Callable[[], Value]) -> Value:
        """Work a value out; unknown if it hangs on itself."""
        if key in self._busy:
            return Unknown(f"{'.'.join(key)} hangs on itself", at)
        self._busy.add(key)
        try:
            return work()
        finally:
            self._busy.discard(key)

    def attribute(self, address: str, name: str, at: Location) -> Value:
        """Return an attribute of a resource, or an output of a module, by its address."""
        return self.application.attribute(address, name, at)

    def resource(self, kind: str, name: str, at: Location) -> Value:
        """Return `kind.name`: one resource, or the collection that `count` makes."""
        block = self.configuration.resources.get((kind, name))
        if block is None:
            raise Failed(f"no resource is called {kind[:60]}.{name[:60]}", at)
        return _placed(self._expand("resource", kind, name, block), at)

    def data(self, kind: str, name: str, at: Location) -> Value:
        """Return `data.kind.name`."""
        block = self.configuration.data.get((kind, name))
        if block is None:
            raise Failed(f"no data source is called {kind[:60]}.{name[:60]}", at)
        return _placed(self._expand("data", kind, name, block), at)

    def call(self, name: str, at: Location) -> Value:
        """Return `module.name`."""
        block = self.configuration.calls.get(name)
        if block is None:
            raise Failed(f"no module is called {name[:60]}", at)
        return _placed(self._expand("module", "module", name, block), at)

    def expand(self) -> None:
        """Make every resource, data source and module that the configuration declares."""
        for (kind, name), block in self.configuration.resources.items():
            self._expand("resource", kind, name, block)
        for (kind, name), block in self.configuration.data.items():
            self._expand("data", kind, name, block)
        for name, block in self.configuration.calls.items():
            self._expand("module", "module", name, block)

    def _expand(self, sort: str, kind: str, name: str, block: Block) -> Value:
        """Make the instances of a block and return what stands for them all."""
        key = (sort, kind, name)
        if key not in self._expanded:
            address = f"{kind}.{name}" if sort != "data" else f"data.{kind}.{name}"
            if self.address:
                address = f"{self.address}.{address}"
            busy = (sort, f"{kind}.{name}")
            self._expanded[key] = self._once(
                busy, block.at, lambda: self._instances(sort, address, block)
            )
        return self._expanded[key]

    def _instances(self, sort: str, address: str, block: Block) -> Value:
        if self.application.plan is not None:
            return self._planned(sort, address, block, self.application.plan)
        attributes = block.body.attributes
        for_each, count = attributes.get("for_each"), attributes.get("count")
        if for_each is not None:
            return self._for_each(sort, address, block, settled(for_each, self.scope))
        if count is not None:
            return self._count(sort, address, block, settled(count, self.scope))
        return self._make(sort, address, block, {})

    def _planned(self, sort: str, address: str, block: Block, plan: Plan) -> Value:
        """Make the instances that a plan tells."""
        name = ".".join(block.labels) if sort != "module" else f"module.{block.labels[0]}"
        indexes = plan.indexes.get((self.address, sort, name))
        if indexes is None or None in indexes:
            return self._make(sort, address, block, {})
        at = block.at
        made: dict[str, Value] = {}
        for index in indexes[:_MOST_INSTANCES]:
            is_number = isinstance(index, int)
            shown = index if is_number else f'"{_shown_key(str(index))}"'
            key = "index" if is_number else "key"
            names = {"count" if is_number else "each": mapped({key: Scalar(index, at)}, at)}
            made[str(index)] = self._make(sort, f"{address}[{shown}]", block, names)
        if all(isinstance(index, int) for index in indexes):
            return List(tuple(made.values()), at)
        return mapped(made, at)

    def _count(self, sort: str, address: str, block: Block, count: Value) -> Value:
        text = constant(count)
        if not isinstance(text, str) or not text.isdigit():
            return self._make(sort, address, block, {}, repeated=True)
        number = self._bounded(int(text[:12]), block)
        return List(
            tuple(
                self._make(
                    sort,
                    f"{address}[{index}]",
                    block,
                    {"count": mapped({"index": Scalar(index, block.at)}, block.at)},
                )
                for index in range(number)
            ),
            block.at,
        )

    def _for_each(self, sort: str, address: str, block: Block, for_each: Value) -> Value:
        found = known(for_each)
        at = block.at
        if isinstance(found, List):
            entries = {expression(item): item for item in found.items}
        elif isinstance(found, Map) and encoded(found) is None:
            entries = dict(found.entries)
        else:
            return self._make(sort, address, block, {}, repeated=True)
        kept = dict(list(entries.items())[: self._bounded(len(entries), block)])
        made = {
            key: self._make(
                sort,
                f'{address}["{_shown_key(key)}"]',
                block,
                {"each": mapped({"key": Scalar(key, at), "value": value}, at)},
            )
            for key, value in kept.items()
        }
        return mapped(made, at)

    def _bounded(self, count: int, block: Block) -> int:
        if count > _MOST_INSTANCES:
            why = f"only {_MOST_INSTANCES} of its {count:,} instances are looked at"
            self.work.miss(self.at(block.at), "limit", why)
        return min(count, _MOST_INSTANCES)

    def _make(
        self,
        sort: str,
        address: str,
        block: Block,
        names: Mapping[str, Value],
        *,
        repeated: bool = False,
    ) -> Value:
        at = self.at(block.at)
        if not self.application.has_room(at):
            return Unknown("the application is too large", at)
        if sort == "module":
            return self._make_module(address, block, names)
        instance = ResourceInstance(self, address, block, names, repeated=repeated)
        self.application.resources[address] = instance
        return Reference(address, ITSELF, at)

    def _make_module(self, address: str, block: Block, names: Mapping[str, Value]) -> Value:
        at = self.at(block.at)
        found = self.application.find(self.configuration, block, self.work)
        if found is None:
            return at_deployment(address, at)
        if self._stands_in(found):
            self.work.miss(at, "limit", "the module is nested in itself, or too deep")
            return Unknown("the module nests itself", at)
        arguments = {
            name: written for name, written in block.body.attributes.items() if name not in _META
        }
        place = self.place or (block.at if found.is_ours else None)
        made = ModuleInstance(self.application, found, address, arguments, self, names, place)
        self.application.modules[address] = made
        return Reference(address, ITSELF, at)

    def _stands_in(self, configuration: Configuration) -> bool:
        """Tell whether this module or one above it has the configuration, or too many are."""
        above: ModuleInstance | None = self
        for _ in range(_DEEPEST):
            if above is None:
                return False
            if above.configuration is configuration:
                return True
            above = above.parent
        return True


def is_sensitive(block: Block | None) -> bool:
    """Tell whether a variable holds a secret."""
    written = block.body.attributes.get("sensitive") if block is not None else None
    return isinstance(written, Literal) and written.value.value is True


def _placed(value: Value, at: Location) -> Value:
    """Return a resource with the place where it is asked for."""
    if isinstance(value, Reference):
        return Reference(value.resource, value.attribute, at)
    return value


def _shown_key(key: str) -> str:
    """Return a key as part of an address: short, without what would end an expression."""
    return _ODD.sub("_", key)[:_LONGEST_KEY]
