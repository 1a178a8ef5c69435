"""What is needed and granted, in the words of the template that is deployed.

Functions of the Serverless Framework go by their keys in its file; a policy that is pasted into
it names the logical ids that the framework makes of them.
"""

from typing import TYPE_CHECKING, TypeVar

from stockade.analysis.least_privilege.excess import Excess
from stockade.analysis.least_privilege.generated import GeneratedPolicy
from stockade.analysis.least_privilege.granted import Grant
from stockade.analysis.permissions import Need
from stockade.model import Application, Concatenation, Reference, ResourceId, Value
from stockade.model.record import replace

if TYPE_CHECKING:
    from collections.abc import Mapping

_Held = TypeVar("_Held", Need, Grant)


class TemplateNames:
    """The logical ids of resources that go by another name."""

    def __init__(self, app: Application) -> None:
        self._ids: Mapping[ResourceId, str] = {
            one.id: one.id.removesuffix(one.name) + one.logical_id
            for one in app.of_type("AWS::Lambda::Function")
            if one.own_name is not None
        }

    def value(self, value: Value) -> Value:
        """Return a value that refers to logical ids."""
        match value:
            case Reference() if value.resource in self._ids:
                return Reference(self._ids[value.resource], value.attribute, value.at)
            case Concatenation():
                return replace(value, parts=tuple(self.value(part) for part in value.parts))
            case _:
                return value

    def held(self, things: tuple[_Held, ...]) -> tuple[_Held, ...]:
        """Return needs or grants on resources by their logical ids."""
        if not self._ids:
            return things
        return tuple(replace(one, resource=self.value(one.resource)) for one in things)

    def excess(self, excess: tuple[Excess, ...]) -> tuple[Excess, ...]:
        """Return what is granted beyond, on resources by their logical ids."""
        if not self._ids:
            return excess
        return tuple(
            Excess(grant=self.held((one.grant,))[0], used=self.held(one.used)) for one in excess
        )

    def policy(self, policy: GeneratedPolicy) -> GeneratedPolicy:
        """Return a policy whose ARNs refer to logical ids."""
        if not self._ids:
            return policy
        statements = tuple(
            replace(one, resources=tuple(self.value(resource) for resource in one.resources))
            for one in policy.statements
        )
        return GeneratedPolicy(statements=statements)
