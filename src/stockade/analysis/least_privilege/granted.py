"""What a function's role grants: every statement of every policy that it holds."""

from collections.abc import Iterator
from functools import cached_property

from stockade.analysis.least_privilege.symbolic import Document, Symbols
from stockade.analysis.managed import managed_policy
from stockade.analysis.permissions.arns import KINDS, Arns
from stockade.analysis.permissions.texts import pieces, split, text
from stockade.model import (
    Application,
    AttachedPolicy,
    Function,
    List,
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


def granted(app: Application, function: Function, arns: Arns, symbols: Symbols) -> Granted:
    """Return what the role of `function` grants; what cannot be read is in `unknown`."""
    role = app.role_of(function)
    listed = _Listed(symbols)
    if role is None:
        why = function.role if isinstance(function.role, Unknown) else _elsewhere(function)
        return Granted(documents=(), boundary=None, unknown=(why,), listed=listed)
    documents: list[Document] = []
    unknown: list[Unknown] = []
    for policy in role.policies:
        for document in policy_documents(policy):
            if isinstance(document, Unknown):
                unknown.append(document)
                continue
            canonical = canonical_document(document, arns)
            read = symbols.plain(canonical)
            if isinstance(read, Unknown):
                unknown.append(read)
            elif isinstance(read, dict):
                documents.append(read)
                listed.add(canonical, policy)
    boundary = _boundary(role, unknown, symbols)
    return Granted(
        documents=tuple(documents),
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
            read = symbols.plain(_as_value(policy.document, role.at))
            if isinstance(read, dict):
                return (read,)
    unknown.append(Unknown("its permissions boundary is not part of the application", role.at))
    return None


def policy_documents(policy: AttachedPolicy) -> Iterator[Map | Unknown]:
    """Yield the documents that a policy may be; those of AWS come from the catalogue."""
    for document in alternatives(policy.document):
        if isinstance(document, Map):
            yield document
            continue
        known = managed_policy(policy.managed_arn)
        made = _as_value(known.document, policy.at) if known is not None else None
        if isinstance(made, Map):
            yield made
        elif isinstance(document, Unknown):
            yield document
        else:
            yield Unknown(f"the policy {policy.name} is not read", policy.at)


def _as_value(document: object, at: Location) -> Value:
    """Return a document of the catalogue as a value, at the line that names the policy."""
    match document:
        case dict():
            entries = {str(key): _as_value(content, at) for key, content in document.items()}
            return Map(entries, at, {})
        case list() | tuple():
            return List(tuple(_as_value(each, at) for each in document), at)
        case str() | int() | float() | bool() | None:
            return Scalar(document, at)
        case _:
            return Unknown("it is not JSON", at)


def canonical_document(document: Map, arns: Arns) -> Map:
    """Write the ARNs of resources of the application the one way, in every statement."""
    statements = tuple(
        canonical_statement(statement, arns) if isinstance(statement, Map) else statement
        for statement in items(document.get("Statement"))
    )
    entries = {**document.entries, "Statement": List(statements, document.at)}
    return Map(entries, document.at, document.keys)


def canonical_statement(statement: Map, arns: Arns) -> Map:
    """Write the ARNs of resources of the application the one way, in one statement."""
    entries = dict(statement.entries)
    for key in ("Resource", "NotResource"):
        if key in entries:
            resources = tuple(
                canonical_arn(each, arns)
                for value in items(entries[key])
                for each in alternatives(value)
            )
            entries[key] = List(resources, entries[key].at)
    return Map(entries, statement.at, statement.keys)


def canonical_arn(resource: Value, arns: Arns) -> Value:
    """Write the ARN of a resource of the application the one way, what follows it kept."""
    canonical = arns.canonical(resource)
    groups = split(pieces(canonical), "/")
    if canonical is not resource or len(groups) == 1:
        return canonical
    written = "".join(part if isinstance(part, str) else "_" for part in pieces(resource))
    service = written.split(":", 3)[2:3]
    # ARNs of S3 have the name before the first slash, most others after it: `table/Orders`.
    for number in (1,) if service == ["s3"] else (1, 2):
        head = [part for group in groups[:number] for part in ("/", *group)][1:]
        owner = arns.owner(text(head, resource.at))
        if owner is not None and [KINDS[owner.type].type.partition(":")[0]] == service:
            rest = [part for group in groups[number:] for part in ("/", *group)]
            return text([arns.of(owner), *rest], resource.at)
    return canonical


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
