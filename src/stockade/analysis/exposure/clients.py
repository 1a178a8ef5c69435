"""Roles that client applications are given: what a browser or phone may do by itself.

Follows "Identity pools authentication flow" in the Amazon Cognito Developer Guide: an identity
pool hands out the credentials of one role to anyone (`unauthenticated`, if it lets guests in) and
of another to users who signed in (`authenticated`).
"""

from collections.abc import Iterator

from stockade.analysis.facts import SourceExposure
from stockade.analysis.statements import covers, effect, statements
from stockade.model import (
    Application,
    Exposure,
    Map,
    Names,
    ResourceId,
    Role,
    Step,
    constant,
    expression,
    inside,
)

_GUESTS = "unauthenticated"
_USERS = "authenticated"


class Clients:
    """The roles of an application's identity pools, and what they may do."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._names = Names(app.resources)
        self.held = tuple(self._roles())
        """Each role that an identity pool gives, to whom, and the line that says so."""

    def allowed(self, resource: ResourceId, actions: tuple[str, ...]) -> Iterator[SourceExposure]:
        """Yield whom identity pools let do one of the actions on a resource of the application."""
        for role, exposure, step in self.held:
            for policy in role.policies:
                for statement in statements(policy.document):
                    if (
                        effect(statement) == "allow"
                        and covers(statement, actions)
                        and self._is_about(statement, resource)
                    ):
                        allowing = Step(statement.at, "which this statement lets do so")
                        yield SourceExposure(exposure=exposure, because=(step, allowing))

    def _is_about(self, statement: Map, resource: ResourceId) -> bool:
        kind = self._app.resources[resource].type
        for one in inside(statement, "Resource", "[]"):
            if expression(one) == "*" or self._names.find(one, kind) == resource:
                return True
        return False

    def _roles(self) -> Iterator[tuple[Role, Exposure, Step]]:
        for attachment in self._app.of_type("AWS::Cognito::IdentityPoolRoleAttachment"):
            pool = self._names.find(
                attachment.properties.get("IdentityPoolId"), "AWS::Cognito::IdentityPool"
            )
            for name, exposure, note in (
                (_GUESTS, Exposure.ANYONE, "anyone is given this role by the identity pool"),
                (_USERS, Exposure.SIGNED_IN, "any user who signs in is given this role"),
            ):
                if name == _GUESTS and not self._lets_guests_in(pool):
                    continue
                for written in inside(attachment.properties, "Roles", name):
                    role = self._names.find(written, "AWS::IAM::Role")
                    if role is not None and role in self._app.roles:
                        yield self._app.roles[role], exposure, Step(written.at, note)

    def _lets_guests_in(self, pool: ResourceId | None) -> bool:
        if pool is None:
            return True
        properties = self._app.resources[pool].properties
        return any(
            constant(value) != "false"
            for value in inside(properties, "AllowUnauthenticatedIdentities")
        )
