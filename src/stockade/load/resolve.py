"""One template, resolved: its parameters, conditions, resources and outputs.

AWS: "CloudFormation template sections".
"""

from collections.abc import Callable, Iterator, Mapping

from stockade._late import pattern
from stockade.load.conditions import Conditions
from stockade.load.intrinsics import included, resolve, under
from stockade.load.loops import LOOP_PREFIX, write_out
from stockade.load.parameters import Declared
from stockade.load.scope import Scope, Work, handed_over
from stockade.load.template import Template
from stockade.load.written_documents import with_policies
from stockade.model import (
    Choice,
    Framework,
    List,
    Location,
    Map,
    NoValue,
    Resource,
    Scalar,
    Stack,
    Unseen,
    Value,
    constant,
)
from stockade.model.record import record

_OWN_KEYS = frozenset(("Type", "Properties", "Metadata", "Condition"))
_KNOWN_TRANSFORMS = frozenset(
    (
        "AWS::Serverless-2016-10-31",
        "AWS::LanguageExtensions",
        "AWS::SecretsManager-2020-07-23",
        "AWS::SecretsManager-2024-09-16",
        "AWS::CodeDeployBlueGreen",
        "AWS::ServiceCatalog",
    )
)
"""What AWS itself does to templates, in ways that are known here or add nothing of concern."""

_TYPE = pattern(r"AWS(?:::[A-Za-z0-9]+){2,3}")
_MAX_RESOURCES = 5_000
"""Resources of one template; CloudFormation takes 500, loops and macros written out."""


@record
class Resolved:
    """A resolved template, what it exports by name, and the names that it imports."""

    template: Template
    exports: Mapping[str, Value]
    imports: frozenset[str]


@record(kw_only=True)
class Surroundings:
    """What stands around a template.

    `nested` gives the outputs of a nested stack, from its logical id, the resource as it was
    written, and the scope; None where it is none or its template is elsewhere. `include` gives
    the root of a file named in this template. `written_as` has the author's own words for its
    resources, by logical id, where they are not CloudFormation's; `names` the author's names.
    """

    nested: Callable[[str, Map, Scope], Mapping[str, Value] | None]
    include: Callable[[str, Location], Value]
    exports: Mapping[str, Value]
    written_as: Mapping[str, str]
    names: Mapping[str, str]
    framework: Framework
    work: Work
    unseen: list[Unseen]


def resolve_template(
    root: Map, path: str, name: str, parameters: Mapping[str, Declared], around: Surroundings
) -> Resolved:
    """Resolve the template `root` of the file `path`, deployed as the stack `name`.

    What cannot be understood or followed is added to `around.unseen`.
    """
    return _Resolver(root, path, name, parameters, around).resolved()


class _Resolver:
    """The sections of one template, resolved one after the other in one scope."""

    def __init__(
        self,
        root: Map,
        path: str,
        name: str,
        parameters: Mapping[str, Declared],
        around: Surroundings,
    ) -> None:
        self.root = root
        self.path = path
        self.name = name
        self.around = around
        self.scope = Scope(
            stack=name,
            path=path,
            names=around.names,
            parameters=parameters,
            outputs_of=self._outputs_of,
            include=around.include,
            exports=around.exports,
            work=around.work,
            unseen=around.unseen,
        )
        self.nested: dict[str, Mapping[str, Value] | None] = {}
        self.written: dict[str, Map] = {}

    def resolved(self) -> Resolved:
        """Return the resolved template."""
        scope = self.scope
        self.root = self._with_includes()
        scope.mappings = self._section("Mappings")
        scope.truth = Conditions(self._section("Conditions"), scope).truth
        resources = dict(self._resources())
        for logical_id in self.written:
            self._outputs_of(logical_id)
        outputs, exports = self._outputs()
        stack = Stack(
            name=self.name,
            template=self.path,
            parameters={key: one.refer(one.at) for key, one in scope.parameters.items()},
            outputs=outputs,
            metadata=self._section("Metadata"),
            at=self.root.at,
            framework=self.around.framework,
        )
        template = Template(
            stack=stack,
            transforms=tuple(self._transforms()),
            globals=self._globals(),
            resources=resources,
        )
        return Resolved(template, exports, frozenset(scope.imports))

    def _with_includes(self) -> Map:
        """Return the root with what `Transform: {Name: AWS::Include}` adds to its sections."""
        transform = self.root.get("Transform")
        listed = transform.items if isinstance(transform, List) else (transform,)
        entries = dict(self.root.entries)
        for one in listed:
            if isinstance(one, Map):
                added = included(one, one.at, self.scope)
                if isinstance(added, Map):
                    entries = {**added.entries, **entries}
                    continue
            name = constant(one.get("Name") if isinstance(one, Map) else one)
            if one is not None and not (isinstance(name, str) and name in _KNOWN_TRANSFORMS):
                self.scope.miss(one.at, "template", "a macro of the account may change it")
        return Map(entries, self.root.at, self.root.keys)

    def _section(self, name: str) -> Map | None:
        """Return a section with its loops written out and its includes put in, unresolved."""
        section = self.root.get(name)
        if section is None or (isinstance(section, Scalar) and section.value is None):
            return None
        if not isinstance(section, Map):
            self.scope.miss(section.at, "template", f"`{name}` is not a map")
            return None
        if "Fn::Transform" in section:
            section = self._with_included(section)
        if self._has_loops(section):
            written = write_out(section, self.scope)
            return written if isinstance(written, Map) else section
        return section

    def _has_loops(self, section: Map) -> bool:
        return any(key.startswith(LOOP_PREFIX) for key in section.entries) or any(
            name == "AWS::LanguageExtensions" for name in self._transforms()
        )

    def _with_included(self, section: Map) -> Map:
        at = section.key_at("Fn::Transform")
        added = included(section.entries["Fn::Transform"], at, self.scope)
        own = {key: entry for key, entry in section if key != "Fn::Transform"}
        if not isinstance(added, Map):
            self.scope.miss(at, "template", "what the transform adds is not known")
            return Map(own, section.at, section.keys)
        return Map({**added.entries, **own}, section.at, {**added.keys, **section.keys})

    def _transforms(self) -> Iterator[str]:
        transform = self.root.get("Transform")
        for one in transform.items if isinstance(transform, List) else (transform,):
            name = constant(one.get("Name") if isinstance(one, Map) else one)
            if isinstance(name, str):
                yield name

    def _globals(self) -> Map | None:
        section = self._section("Globals")
        resolved = resolve(section, self.scope) if section is not None else None
        return resolved if isinstance(resolved, Map) else None

    def _resources(self) -> Iterator[tuple[str, Resource]]:
        """Yield the resources that exist, or may exist, by their id in the application."""
        section = self._section("Resources")
        if section is None:
            return
        for count, (logical_id, written) in enumerate(section):
            at = section.key_at(logical_id)
            if count >= _MAX_RESOURCES:
                self.scope.miss(at, "limit", f"there are more than {_MAX_RESOURCES:,} resources")
                break
            kind = constant(written.get("Type")) if isinstance(written, Map) else None
            if not isinstance(written, Map) or not isinstance(kind, str):
                self.scope.miss(at, "resource", f"the resource {logical_id[:60]} has no type")
                continue
            if kind[:4].upper() == "AWS:" and not _TYPE.fullmatch(kind):
                why = f"AWS has no type {kind[:60]}: types are written AWS::Service::Resource"
                self.scope.miss(written.entries["Type"].at, "resource", why)
            self.written[logical_id] = written
        for logical_id, written in tuple(self.written.items()):
            resource = self._resource(logical_id, written, section.key_at(logical_id))
            if resource is None:
                del self.written[logical_id]
            else:
                yield resource.id, resource

    def _resource(self, logical_id: str, written: Map, at: Location) -> Resource | None:
        """Return a resource; None if its condition is surely false."""
        condition = self._condition(written)
        truth = self.scope.truth(condition, at) if condition is not None else True
        if truth is False:
            return None
        kind = str(constant(written.get("Type")))
        metadata = written.get("Metadata")
        undecided = condition if truth is None else None
        return Resource(
            id=self.scope.qualified(logical_id),
            type=kind,
            properties=self._properties(written, undecided, at),
            at=at,
            stack=self.name,
            logical_id=logical_id,
            own_name=self.around.names.get(logical_id),
            written_as=self.around.written_as.get(logical_id, kind),
            condition=undecided,
            metadata=metadata if isinstance(metadata, Map) else None,
            attributes={
                key: self._under(undecided, value)
                for key, value in written
                if key not in _OWN_KEYS
            },
        )

    def _condition(self, written: Map) -> str | None:
        name = constant(written.get("Condition"))
        return name if isinstance(name, str) else None

    def _under(self, condition: str | None, value: Value) -> Value:
        if condition is None:
            return resolve(value, self.scope)
        return under(condition, value, self.scope, truth=True)

    def _properties(self, written: Map, condition: str | None, at: Location) -> Map:
        properties = written.get("Properties")
        if properties is None or (isinstance(properties, Scalar) and properties.value is None):
            return Map({}, at, {})
        resolved = self._under(condition, properties)
        if isinstance(resolved, Map):
            return with_policies(resolved, self.scope)
        self.scope.miss(properties.at, "resource", "its properties are not a map that is known")
        return Map({}, at, {})

    def _outputs_of(self, logical_id: str) -> Mapping[str, Value] | None:
        """Return the outputs of a nested stack, which is loaded when it is first asked for."""
        if logical_id not in self.nested:
            written = self.written.get(logical_id)
            # While it is loaded it has no outputs: stacks may not hang on each other in circles.
            self.nested[logical_id] = None
            if written is not None:
                self.nested[logical_id] = self.around.nested(logical_id, written, self.scope)
        return self.nested[logical_id]

    def _outputs(self) -> tuple[dict[str, Value], dict[str, Value]]:
        """Return the values of the outputs by name, and those that are exported by export name."""
        outputs: dict[str, Value] = {}
        exports: dict[str, Value] = {}
        for name, output in self._section("Outputs") or ():
            if not isinstance(output, Map) or (written := output.get("Value")) is None:
                continue
            condition = self._condition(output)
            truth = self.scope.truth(condition, output.at) if condition is not None else True
            if truth is False:
                continue
            value = self._under(condition if truth is None else None, written)
            if truth is None and condition is not None:
                value = Choice(condition, value, NoValue(output.at), output.at)
            outputs[name] = handed_over(value)
            export = output.get("Export")
            if isinstance(export, Map) and (export_name := export.get("Name")) is not None:
                text = constant(resolve(export_name, self.scope))
                if isinstance(text, str):
                    exports[text] = outputs[name]
        return outputs, exports
