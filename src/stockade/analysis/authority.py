"""What the roles of an application may do: their policies prepared once, asked many times."""

from collections.abc import Iterable, Iterator, Mapping

from stockade.analysis.least_privilege.documents import PolicyDocument, documents_of
from stockade.analysis.least_privilege.proof import DELEGATING
from stockade.analysis.least_privilege.symbolic import ACCOUNT, role_arn
from stockade.analysis.managed import managed_policy
from stockade.analysis.permissions.arns import KINDS
from stockade.analysis.statements import statements
from stockade.analysis.stores.attached import attached
from stockade.analysis.stores.invoking import invocation_policies
from stockade.iam import (
    Decision,
    Policies,
    Policy,
    PolicyError,
    Request,
    StatementRef,
    decide,
    read,
)
from stockade.model import (
    Application,
    List,
    Location,
    Map,
    Resource,
    ResourceId,
    Role,
    Scalar,
    Unknown,
    Value,
    items,
)
from stockade.model.record import replace


class Authority:
    """The policies of one application: of its roles, and of what protects itself."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._documents = documents_of(app)
        self._symbols = self._documents.symbols
        self.arns = self._documents.arns
        self._attached: dict[ResourceId, list[Value]] = {}
        for one in (*attached(app), *invocation_policies(app)):
            self._attached.setdefault(one.resource, []).append(one.document)
        self._places: dict[str, tuple[Location, ...]] = {}
        self._unread: dict[ResourceId, list[Unknown]] = {}
        self._held: dict[ResourceId, tuple[Policy, ...]] = {}
        self._bounds: dict[ResourceId, tuple[Policy, ...] | None] = {}
        self._protecting: dict[ResourceId, Policy | None] = {}
        self._prepared: dict[tuple[ResourceId | None, ResourceId | None], Policies] = {}

    def decide(  # noqa: PLR0913 - what a request is made of
        self,
        caller: str | None,
        role: Role | None,
        action: str,
        arn: str,
        *,
        owner: ResourceId | None = None,
        context: Mapping[str, str] | None = None,
    ) -> Decision:
        """Decide one request, by the policies of a role and of the resource that owns the ARN.

        `role` is None for a caller that is not of the application. Condition keys that are not
        in `context` are not known.
        """
        request = Request(
            caller, action, arn, account=ACCOUNT, context=context or {}, unknown=("*",)
        )
        return decide(request, self._policies(role, owner))

    def may(
        self,
        role: Role,
        action: str,
        arn: str,
        owner: ResourceId | None = None,
        context: Mapping[str, str] | None = None,
    ) -> Decision:
        """Decide whether a role of the application may do something."""
        return self.decide(role_arn(role.id), role, action, arn, owner=owner, context=context)

    def arn(self, resource: Resource) -> str | Unknown:
        """Return the ARN of a resource whose type is among `KINDS`."""
        if resource.type not in KINDS:
            return Unknown(f"policies do not name {resource.type}", resource.at)
        return self._symbols.text(self.arns.of(resource))

    def is_protected(self, resource: ResourceId) -> bool:
        """Tell whether a resource has a policy of its own, which may name its callers."""
        return resource in self._attached

    def place(self, reason: StatementRef) -> Location | None:
        """Return the line of the template that holds the statement which decided."""
        places = self._places.get(reason.policy, ())
        return places[reason.index] if reason.index < len(places) else None

    def unread(self, *owners: ResourceId | None) -> tuple[Unknown, ...]:
        """Return what of the policies of these roles and resources was not read."""
        return tuple(one for owner in owners for one in self._unread.get(owner or "", ()))

    def mentions(self, role: Role, action: str) -> bool:
        """Tell whether a role's own policies allow an action on anything at all."""
        return self._policies(role, None).mentions(action)

    def _policies(self, role: Role | None, owner: ResourceId | None) -> Policies:
        protecting = self._of_resource(owner) if owner is not None else None
        key = (role.id if role is not None else None, owner if protecting is not None else None)
        found = self._prepared.get(key)
        if found is None:
            if protecting is not None:
                found = self._policies(role, None).beside(protecting)
            else:
                found = Policies(
                    identity=self._of_role(role) if role is not None else (),
                    boundary=self._boundary(role) if role is not None else None,
                )
            self._prepared[key] = found
        return found

    def _of_role(self, role: Role) -> tuple[Policy, ...]:
        if role.id not in self._held:
            self._held[role.id] = tuple(self._identity(role))
        return self._held[role.id]

    def _identity(self, role: Role) -> Iterator[Policy]:
        for policy in role.policies:
            for document in self._documents.of(policy):
                if isinstance(document, Unknown):
                    self._tell(role.id, document)
                else:
                    name = f"{policy.name} of {role.id}"
                    yield from self._read(role.id, name, document, policy.at)

    def _boundary(self, role: Role) -> tuple[Policy, ...] | None:
        if role.id not in self._bounds:
            self._bounds[role.id] = self._bounded(role) if role.boundary is not None else None
        return self._bounds[role.id]

    def _bounded(self, role: Role) -> tuple[Policy, ...]:
        name = f"the boundary of {role.id}"
        if isinstance(role.boundary, Map):
            boundary = self._documents.read(role.boundary)
            return tuple(self._read(role.id, name, boundary, role.at))
        known = managed_policy(role.boundary) if role.boundary is not None else None
        if known is not None:
            return (read(known.document, name=name),)
        self._tell(role.id, Unknown("the permissions boundary is not read", role.at))
        return ()

    def _of_resource(self, owner: ResourceId) -> Policy | None:
        if owner not in self._protecting:
            self._protecting[owner] = self._own_policy(owner)
        return self._protecting[owner]

    def _own_policy(self, owner: ResourceId) -> Policy | None:
        name = f"the policy of {owner}"
        role = self._app.roles.get(owner)
        if role is not None:
            trust = role.trust
            return (
                next(self._read(owner, name, self._documents.read(trust), role.at), None)
                if isinstance(trust, Map)
                else None
            )
        documents = self._attached.get(owner, ())
        held = tuple(one for document in documents for one in statements(document))
        if not held:
            declared = self._app.resources.get(owner)
            is_key = declared is not None and declared.type == "AWS::KMS::Key"
            # "Default key policy" of the AWS KMS Developer Guide: one that is not written.
            return read(DELEGATING, name=name) if is_key else None
        at = held[0].at
        whole = {"Version": _version_of(documents, at), "Statement": List(held, at)}
        document = self._documents.read(Map(whole, at, {}))
        return next(self._read(owner, name, document, at), None)

    def _read(
        self, owner: ResourceId, name: str, document: PolicyDocument, at: Location
    ) -> Iterator[Policy]:
        plain = document.plain
        if not isinstance(plain, dict):
            why = plain.why if isinstance(plain, Unknown) else "it is no document"
            self._tell(owner, Unknown(f"{name} is not read: {why}", at))
            return
        try:
            policy = read(plain, name=name)
        except PolicyError as error:
            self._tell(owner, Unknown(f"{name} is not read: {error}", at))
            return
        number, unique = 1, name
        while unique in self._places:
            number += 1
            unique = f"{name} ({number})"
        written = items(document.written.get("Statement"))
        self._places[unique] = tuple(one.at if one.at.line else at for one in written)
        yield replace(policy, name=unique)

    def _tell(self, owner: ResourceId, unknown: Unknown) -> None:
        self._unread.setdefault(owner, []).append(unknown)


def _version_of(documents: Iterable[Value], at: Location) -> Value:
    """Return the version of the policy that several documents make together.

    From "IAM JSON policy elements: Version": where none is written, policy variables are texts
    like others. Lambda writes the statements of permissions, which have none, by itself.
    """
    written = (document.get("Version") for document in documents if isinstance(document, Map))
    return next((one for one in written if one is not None), Scalar("2008-10-17", at))
