"""The application: its resources and code, and the questions that rules ask of them."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final

from stockade.model.location import Location
from stockade.model.record import field, record
from stockade.model.remembered import remembered
from stockade.model.resource import Delivery, EventSource, Function, Identity, Resource, Role
from stockade.model.source import Sources
from stockade.model.unseen import Unseen
from stockade.model.value import Map, ResourceId, Value
from stockade.model.watched import of_type

WHOLE_FOLDER: Final = "."
"""The name of an application of which there is no template, and so no file to name it by."""


class Framework(StrEnum):
    """What an application is written with."""

    CLOUDFORMATION = "cloudformation"
    """AWS SAM or CloudFormation itself."""
    CDK = "cdk"
    SERVERLESS = "serverless"
    TERRAFORM = "terraform"
    CHALICE = "chalice"
    ZAPPA = "zappa"
    SST = "sst"


@record(kw_only=True)
class Stack:
    """One template as it is deployed.

    `name` is empty for the application's first stack; for nested stacks it is the id of the
    resource that nests it, for further templates of the application their path.
    """

    name: str
    template: str
    """Path of the template file, relative to the scanned folder."""
    parameters: Mapping[str, Value]
    outputs: Mapping[str, Value]
    metadata: Map | None
    at: Location
    framework: Framework = Framework.CLOUDFORMATION


@record(kw_only=True, eq=False)
class Application:
    """Everything that is deployed together: stacks that nest or import each other.

    Things refer to each other by id, never directly; the questions are asked here.
    """

    name: str
    """The path of its first template, relative to the scanned folder."""
    stacks: tuple[Stack, ...]
    resources: Mapping[ResourceId, Resource]
    functions: Mapping[ResourceId, Function]
    roles: Mapping[ResourceId, Role]
    event_sources: tuple[EventSource, ...]
    sources: Sources
    unseen: tuple[Unseen, ...]
    deliveries: tuple[Delivery, ...] = ()
    identities: Mapping[ResourceId, Identity] = field(default_factory=dict)
    """Users and groups. Roles are apart: it is they that code acts with."""

    def framework_of(self, resource: ResourceId) -> Framework:
        """Return what the author of a resource wrote it with."""
        written = self.resources.get(resource)
        stack = written.stack if written is not None else ""
        return _frameworks(self.stacks).get(stack, Framework.CLOUDFORMATION)

    def of_type(self, *types: str) -> Iterator[Resource]:
        """Yield the resources of the given CloudFormation types, in the author's order."""
        return of_type(self.resources, *types)

    def event_sources_of(self, function: ResourceId) -> tuple[EventSource, ...]:
        """Return every way in which `function` is invoked."""
        return _by_function(self.event_sources).get(function, ())

    def functions_of(self, role: ResourceId) -> tuple[Function, ...]:
        """Return the functions that have a role."""
        return _by_role(self.functions).get(role, ())

    def role_of(self, function: Function) -> Role | None:
        """Return the function's role, or None if the application does not hold it."""
        return self.roles.get(function.role) if isinstance(function.role, str) else None


@remembered
def _frameworks(stacks: tuple[Stack, ...]) -> dict[str, Framework]:
    return {stack.name: stack.framework for stack in stacks}


@remembered
def _by_role(functions: Mapping[ResourceId, Function]) -> dict[ResourceId, tuple[Function, ...]]:
    found: dict[ResourceId, list[Function]] = {}
    for function in functions.values():
        if isinstance(function.role, str):
            found.setdefault(function.role, []).append(function)
    return {role: tuple(having) for role, having in found.items()}


@remembered
def _by_function(sources: tuple[EventSource, ...]) -> dict[ResourceId, tuple[EventSource, ...]]:
    found: dict[ResourceId, list[EventSource]] = {}
    for source in sources:
        found.setdefault(source.function, []).append(source)
    return {function: tuple(of_it) for function, of_it in found.items()}
