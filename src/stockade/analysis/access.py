"""Questions about the application: may this principal do this action on this resource."""

from collections.abc import Iterator, Mapping

from stockade.analysis.exposure.statements import statements
from stockade.analysis.least_privilege.granted import (
    canonical_arn,
    policy_documents,
)
from stockade.analysis.least_privilege.symbolic import ACCOUNT, Symbols, role_arn
from stockade.analysis.managed import managed_policy
from stockade.analysis.permissions.arns import KINDS, Arns
from stockade.analysis.stores.attached import attached
from stockade.analysis.stores.invoking import invocation_policies
from stockade.errors import InputError, near
from stockade.iam import Decision, Policies, Policy, Request, StatementRef, decide, read
from stockade.iam.symbolic import atom
from stockade.model import (
    Application,
    List,
    Location,
    Map,
    ResourceId,
    Role,
    Unknown,
    Value,
    items,
)
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
        self._arns = Arns(app)
        self._symbols = Symbols(app)
        self._places: dict[str, tuple[Location, ...]] = {}
        self._unread: list[Unknown] = []

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
        self._unread = []
        policies = Policies(
            identity=tuple(self._identity(role)) if role is not None else (),
            resource=self._attached(owner) if owner is not None else None,
            boundary=tuple(self._boundary(role)) if role is not None and role.boundary else None,
        )
        request = Request(
            caller, action, arn, account=ACCOUNT, context=dict(context), unknown=("*",)
        )
        decision = decide(request, policies)
        because = tuple(
            Quoted(str(reason), self._place(reason) if isinstance(reason, StatementRef) else None)
            for reason in decision.because
        )
        return Answer(
            principal or "an unsigned request", resource, decision, because, tuple(self._unread)
        )

    # --- who and what --------------------------------------------------------------------

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
        arn = self._symbols.text(self._arns.of(resource))
        if isinstance(arn, Unknown):
            message = f"the ARN of {name} is not known: {arn.why}"
            raise InputError(message, "name the ARN")
        below = f"{slash}{rest}" if resource.id != name else ""
        return arn + below.replace("*", atom("any")), resource.id

    # --- policies ------------------------------------------------------------------------

    def _identity(self, role: Role) -> Iterator[Policy]:
        for policy in role.policies:
            for document in policy_documents(policy):
                if isinstance(document, Unknown):
                    self._unread.append(document)
                else:
                    yield from self._read(f"{policy.name} of {role.id}", document, policy.at)

    def _boundary(self, role: Role) -> Iterator[Policy]:
        if isinstance(role.boundary, Map):
            yield from self._read(f"the boundary of {role.id}", role.boundary, role.at)
            return
        known = managed_policy(role.boundary) if role.boundary is not None else None
        if known is not None:
            yield read(known.document, name=f"the boundary of {role.id}")
        else:
            self._unread.append(Unknown("the permissions boundary is not read", role.at))

    def _attached(self, owner: ResourceId) -> Policy | None:
        found = (*attached(self._app), *invocation_policies(self._app))
        documents = [one.document for one in found if one.resource == owner]
        held = [one for document in documents for one in statements(document)]
        if not held:
            return None
        at = held[0].at
        document = Map({"Statement": List(tuple(held), at)}, at, {})
        return next(self._read(f"the policy of {owner}", document, at), None)

    def _read(self, name: str, document: Map, at: Location) -> Iterator[Policy]:
        plain = self._symbols.plain(self._canonical(document))
        if not isinstance(plain, dict):
            why = plain.why if isinstance(plain, Unknown) else "it is no document"
            self._unread.append(Unknown(f"{name} is not read: {why}", at))
            return
        written = items(document.get("Statement"))
        self._places[name] = tuple(one.at if one.at.line else at for one in written)
        yield read({"Version": "2012-10-17", **plain}, name=name)

    def _canonical(self, document: Map) -> Map:
        """Write the ARNs of resources of the application the one way."""
        statements = [
            Map(
                {key: self._named(key, value) for key, value in one},
                one.at,
                one.keys,
            )
            if isinstance(one, Map)
            else one
            for one in items(document.get("Statement"))
        ]
        entries = {**document.entries, "Statement": List(tuple(statements), document.at)}
        return Map(entries, document.at, document.keys)

    def _named(self, key: str, value: Value) -> Value:
        if key not in ("Resource", "NotResource"):
            return value
        return List(tuple(canonical_arn(one, self._arns) for one in items(value)), value.at)

    def _place(self, reason: StatementRef) -> Location | None:
        places = self._places.get(reason.policy, ())
        return places[reason.index] if reason.index < len(places) else None
