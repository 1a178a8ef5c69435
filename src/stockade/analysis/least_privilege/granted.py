"""What a function's role grants: every statement of every policy that it holds."""

from collections.abc import Iterator
from functools import cached_property

from stockade.analysis.least_privilege.documents import Documents, as_value
from stockade.analysis.least_privilege.symbolic import Document, Symbols
from stockade.analysis.managed import managed_policy
from stockade.model import (
    Application,
    AttachedPolicy,
    Function,
    Location,
    Map,
    Role,
    Scalar,
    Unknown,
    Value,
    alternatives,
    constant,
    inside,
    items,
)
from stockade.model.record import record


@record(kw_only=True)
class Grant:
    """One action, or pattern of actions, that a role may do on one resource or pattern.

    `source` is that of `AttachedPolicy`. `conditional` if the statement has a condition, which
    may narrow it. `covers_rest` if the statement names what it leaves out (`NotAction`,
    `NotResource`): it grants everything but.
    """

    action: str
    resource: Value
    policy: str
    source: str
    at: Location
    conditional: bool = False
    covers_rest: bool = False


@record(kw_only=True, eq=False)
class Granted:
    """Everything a role grants, and its documents as the policy language reads them."""

    documents: tuple[Document, ...]
    boundary: tuple[Document, ...] | None
    unknown: tuple[Unknown, ...]
    listed: "_Listed"

    @property
    def grants(self) -> tuple[Grant, ...]:
        """Return the actions that are granted, one by one."""
        return self.listed.grants


class _Listed:
    """Grants, told apart when they are asked for: most often the documents are enough."""

    def __init__(self, symbols: Symbols) -> None:
        self._symbols = symbols
        self._written: list[tuple[Map, AttachedPolicy]] = []

    def add(self, document: Map, policy: AttachedPolicy) -> None:
        """Add a document of a policy."""
        self._written.append((document, policy))

    @cached_property
    def grants(self) -> tuple[Grant, ...]:
        """Return the actions that the documents grant."""
        return tuple(
            grant
            for document, policy in self._written
            for grant in _grants(document, policy, self._symbols)
        )


def granted(app: Application, function: Function, documents: Documents) -> Granted:
    """Return what the role of `function` grants; what cannot be read is in `unknown`."""
    role = app.role_of(function)
    listed = _Listed(documents.symbols)
    if role is None:
        why = function.role if isinstance(function.role, Unknown) else _elsewhere(function)
        return Granted(documents=(), boundary=None, unknown=(why,), listed=listed)
    plain: list[Document] = []
    unknown: list[Unknown] = []
    for policy in role.policies:
        for document in documents.of(policy):
            if isinstance(document, Unknown):
                unknown.append(document)
            elif isinstance(document.plain, Unknown):
                unknown.append(document.plain)
            elif isinstance(document.plain, dict):
                plain.append(document.plain)
                listed.add(document.canonical, policy)
    boundary = _boundary(role, unknown, documents.symbols)
    return Granted(
        documents=tuple(plain),
        boundary=boundary,
        unknown=tuple(unknown),
        listed=listed,
    )


def _elsewhere(function: Function) -> Unknown:
    return Unknown("its role is not part of the application", function.at)


def _boundary(role: Role, unknown: list[Unknown], symbols: Symbols) -> tuple[Document, ...] | None:
    if role.boundary is None:
        return None
    for value in alternatives(role.boundary):
        policy = managed_policy(value)
        if policy is not None:
            read = symbols.plain(as_value(policy.document, role.at))
            if isinstance(read, dict):
                return (read,)
    unknown.append(Unknown("its permissions boundary is not part of the application", role.at))
    return None


def _grants(document: Map, policy: AttachedPolicy, symbols: Symbols) -> Iterator[Grant]:
    for statement in inside(document, "Statement", "[]"):
        if not isinstance(statement, Map) or constant(statement.get("Effect")) != "Allow":
            continue
        covers_rest = "NotAction" in statement or "NotResource" in statement
        actions = _actions(statement, symbols) or ["*"]
        resources = list(items(statement.get("Resource"))) or [Scalar("*", statement.at)]
        for action in actions:
            for resource in resources:
                yield Grant(
                    action=action,
                    resource=resource,
                    policy=policy.name,
                    source=policy.source,
                    at=_place(statement, resource, policy),
                    conditional="Condition" in statement,
                    covers_rest=covers_rest,
                )


def _place(statement: Map, resource: Value, policy: AttachedPolicy) -> Location:
    """Return the line that grants: the resource's own where it was written in the policy."""
    written = statement.at if statement.at.line else policy.at
    return resource.at if resource.at.path == written.path and resource.at.line else written


def _actions(statement: Map, symbols: Symbols) -> list[str]:
    values = (one for each in items(statement.get("Action")) for one in alternatives(each))
    return [text for value in values if isinstance(text := symbols.text(value), str)]
