"""The policies of an application as the policy language reads them.

What is not known before deployment is a symbol: `${Orders}` is equal to `${Orders}`, also of
another version of the application, and to nothing else. A statement that hangs on a condition of
the template is one that asks, as a condition key, what that condition turned out to be.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from stockade.analysis.least_privilege.documents import (
    canonical_statement,
    policy_documents,
)
from stockade.analysis.least_privilege.symbolic import ACCOUNT, Plain, Symbols
from stockade.analysis.managed import managed_policy
from stockade.analysis.permissions.arns import arns_of
from stockade.analysis.policies.conditions import Truths, listed, told_apart
from stockade.analysis.stores.attached import Attached, attached
from stockade.analysis.stores.invoking import invocation_policies
from stockade.iam import Policy, read
from stockade.model import (
    DEFAULT_BUS,
    Application,
    Identity,
    Location,
    Map,
    ResourceId,
    Role,
    Unknown,
    Value,
    constant,
    expression,
)
from stockade.model.record import record

CONDITION: Final = "stockade:condition/"
"""Begins the key of what a condition of the template turned out to be."""

_UNSAID: Final = "2008-10-17"
"""The version of a document that says none: from "IAM JSON policy elements: Version"."""


@record(kw_only=True)
class Written:
    """Some policies that count as their union.

    `places` has, by the name of a policy, where each of its statements is written. `unread` is
    what could not be read: a name that is the same in both versions where the policy is, and
    where it is named.
    """

    policies: tuple[Policy, ...] = ()
    places: "dict[str, tuple[Location, ...]]"
    unread: "dict[str, Location]"

    @property
    def same(self) -> object:
        """Equal for policies that are written alike."""
        return [(one.version, one.statements) for one in self.policies], list(self.unread)


NOTHING: Final = Written(places={}, unread={})


OWN_ACCOUNT: Final = read(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                "Action": "*",
                "Resource": "*",
            }
        ],
    },
    name="the policies of the account",
)
"""Stands for whatever the account's own policies allow."""


@record(kw_only=True)
class Held:
    """What a role holds: its policies, its boundary, and whom it trusts."""

    identity: Written
    boundary: Written | None
    trust: Written
    at: Location


class Reading:
    """Reads the policies of one application."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._arns = arns_of(app)
        self._symbols = Symbols(app, {"AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"})

    def roles(self) -> dict[ResourceId, Held]:
        """Return what each role of the application holds."""
        return {role.id: self.held(role) for role in self._app.roles.values()}

    def resources(self) -> dict[ResourceId, Written]:
        """Return the policies of resources that have one, by the resource."""
        found: dict[ResourceId, list[Attached]] = {}
        for one in (*attached(self._app), *invocation_policies(self._app)):
            found.setdefault(one.resource, []).append(one)
        return {
            resource: self._written(
                ((f"the policy of {resource}", one.document, self._truths(one)) for one in held),
            )
            for resource, held in found.items()
        }

    def declares(self, resource: ResourceId) -> bool:
        """Tell whether this version has the resource, or AWS has it anyway."""
        return resource in self._app.resources or resource == DEFAULT_BUS

    def is_reached_by_identity(self, resource: ResourceId) -> bool:
        """Tell whether policies of roles alone give access: those of keys must let them."""
        declared = self._app.resources.get(resource)
        return declared is None or declared.type != "AWS::KMS::Key"

    def _truths(self, one: Attached) -> Truths:
        return {one.holder.condition: True} if one.holder.condition else {}

    def held(self, role: Role | Identity) -> Held:
        """Return what a role, user or group holds."""
        resource = self._app.resources.get(role.id)
        under = {resource.condition: True} if resource is not None and resource.condition else {}
        trust = role.trust if isinstance(role, Role) else None
        return Held(
            identity=self._written(self._identity(role, under)),
            boundary=self._boundary(role),
            trust=self._written([("the trust policy", trust, under)] if trust else ()),
            at=role.at,
        )

    def _identity(
        self, role: Role | Identity, under: Truths
    ) -> Iterator[tuple[str, Value, Truths]]:
        for policy in role.policies:
            truths = {**under, **dict(policy.conditions)}
            if any(truths[name] is not answer for name, answer in policy.conditions):
                continue
            for document in policy_documents(policy):
                yield policy.name, document, truths

    def _boundary(self, role: Role | Identity) -> Written | None:
        if role.boundary is None:
            return None
        name = "the permissions boundary"
        document: Value = role.boundary
        if not isinstance(document, Map):
            known = managed_policy(role.boundary)
            if known is not None:
                policy = read(known.document, name=name)
                return Written(policies=(policy,), places={name: (role.at,)}, unread={})
            document = Unknown(f"the boundary {expression(role.boundary)} is not here", role.at)
        return self._written([(name, document, {})])

    def _written(self, documents: Iterable[tuple[str, Value, Truths]]) -> Written:
        policies: list[Policy] = []
        places: dict[str, tuple[Location, ...]] = {}
        unread: dict[str, Location] = {}
        for name, document, truths in documents:
            statements: list[Plain] = []
            at: list[Location] = []
            version = _UNSAID
            for one, place in self._statements(document, truths):
                if isinstance(one, Unknown):
                    unread.setdefault(one.why, place)
                else:
                    statements.append(one)
                    at.append(place)
            if isinstance(document, Map) and isinstance(constant(document.get("Version")), str):
                version = str(constant(document.get("Version")))
            distinct = name if name not in places else f"{name} ({len(places) + 1})"
            policy = read({"Version": version, "Statement": statements}, name=distinct)
            for problem in policy.problems:
                unread.setdefault(f"{name}: {problem.message}", document.at)
            policies.append(policy)
            places[distinct] = tuple(at)
        return Written(policies=tuple(policies), places=places, unread=unread)

    def _statements(
        self, document: Value, truths: Truths
    ) -> Iterator[tuple["dict[str, Plain] | Unknown", Location]]:
        """Yield each statement as JSON has it, its template conditions as condition keys."""
        for whole, under in listed(document, truths):
            if not isinstance(whole, Map):
                yield _unknown(whole), whole.at
                continue
            for written, also in listed(whole.get("Statement"), under):
                at = written.at if written.at.line else document.at
                for statement, settled in told_apart(written, also):
                    yield self._plain(statement, settled), at

    def _plain(self, statement: Value, truths: Truths) -> "dict[str, Plain] | Unknown":
        if not isinstance(statement, Map):
            return _unknown(statement)
        plain = self._symbols.plain(canonical_statement(statement, self._arns))
        if not isinstance(plain, dict):
            return _unknown(plain if isinstance(plain, Unknown) else statement)
        return _under(plain, truths)


def _unknown(value: Value) -> Unknown:
    return value if isinstance(value, Unknown) else Unknown("it is no policy", value.at)


def _under(statement: "dict[str, Plain]", truths: Truths) -> "dict[str, Plain]":
    """Let a statement hold only where the template's conditions are what they must be.

    What is not `true` is false, so that a request always is in one of the two branches.
    """
    written = statement.get("Condition")
    conditions: dict[str, Plain] = dict(written) if isinstance(written, dict) else {}
    for operator, wanted in (("StringEquals", True), ("StringNotEquals", False)):
        asked: dict[str, Plain] = {
            f"{CONDITION}{name}": "true" for name, answer in truths.items() if answer is wanted
        }
        known = conditions.get(operator)
        if asked:
            conditions[operator] = {**(known if isinstance(known, dict) else {}), **asked}
    return {**statement, "Condition": conditions} if conditions else statement
