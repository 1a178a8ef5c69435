"""Questions about the application: may this principal do this action on this resource."""

from collections.abc import Mapping

from stockade.analysis.authority import Authority
from stockade.analysis.least_privilege.symbolic import role_arn
from stockade.analysis.permissions.arns import KINDS
from stockade.errors import InputError, near
from stockade.iam import Decision, Reason, StatementRef
from stockade.iam.symbolic import atom
from stockade.model import Application, Location, ResourceId, Role, Unknown
from stockade.model.record import record


@record
class Quoted:
    """A reason of a decision, with the line of the template that holds the statement."""

    text: str
    at: Location | None


@record
class Answer:
    """The decision, its reasons, and what of the policies was not read."""

    principal: str
    resource: str
    decision: Decision
    because: tuple[Quoted, ...]
    unread: tuple[Unknown, ...]


class Access:
    """Answers questions about one application."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._authority = Authority(app)

    def ask(
        self, principal: str | None, action: str, resource: str, context: Mapping[str, str]
    ) -> Answer:
        """Decide a request.

        `principal` is a function or role of the application, an ARN, or None for an unsigned
        request; `resource` is a resource of the application, with `/...` for what is in it, an
        ARN, or `*`. Condition keys that are not in `context` are not known. Raises `InputError`
        for names that the application does not have.
        """
        role = self._role(principal) if principal is not None else None
        caller = role_arn(role.id) if role is not None else principal
        arn, owner = self._resource(resource)
        decision = self._authority.decide(
            caller, role, action, arn, owner=owner, context=dict(context)
        )
        because = tuple(Quoted(str(reason), self._place(reason)) for reason in decision.because)
        unread = self._authority.unread(role.id if role is not None else None, owner)
        return Answer(principal or "an unsigned request", resource, decision, because, unread)

    def _place(self, reason: Reason) -> Location | None:
        return self._authority.place(reason) if isinstance(reason, StatementRef) else None

    def _role(self, name: str) -> Role | None:
        if name.startswith("arn:"):
            return None
        function = self._app.functions.get(name)
        if function is not None:
            role = self._app.role_of(function)
            if role is None:
                message = f"the role of {name} is not part of the application"
                raise InputError(message, "name its ARN")
            return role
        role = self._app.roles.get(name)
        if role is None:
            known = (*self._app.functions, *self._app.roles)
            message = f"there is no function or role {name!r}"
            raise InputError(message, near(name, known) or "`stockade show functions` lists them")
        return role

    def _resource(self, name: str) -> tuple[str, ResourceId | None]:
        """Return the ARN of what is meant, and the resource of the application that it is in."""
        if name == "*" or name.startswith("arn:"):
            return name, None
        head, slash, rest = name.partition("/")
        resource = self._app.resources.get(name) or self._app.resources.get(head)
        if resource is None or resource.type not in KINDS:
            known = tuple(one.id for one in self._app.resources.values() if one.type in KINDS)
            message = f"there is no resource {name!r} that policies can name"
            raise InputError(message, near(head, known) or "name a resource or an ARN")
        arn = self._authority.arn(resource)
        if isinstance(arn, Unknown):
            message = f"the ARN of {name} is not known: {arn.why}"
            raise InputError(message, "name the ARN")
        below = f"{slash}{rest}" if resource.id != name else ""
        return arn + below.replace("*", atom("any")), resource.id
