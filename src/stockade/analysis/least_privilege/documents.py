"""The documents of policies, with the ARNs of the application's resources written the one way."""

from collections.abc import Iterator

from stockade.analysis.least_privilege.symbolic import Read, Symbols
from stockade.analysis.managed import managed_policy
from stockade.analysis.permissions.arns import KINDS, Arns, arns_of
from stockade.analysis.permissions.texts import pieces, split, text
from stockade.model import (
    Application,
    AttachedPolicy,
    List,
    Location,
    Map,
    Scalar,
    Unknown,
    Value,
    alternatives,
    items,
)
from stockade.model.record import record
from stockade.model.remembered import remembered


@record(eq=False)
class PolicyDocument:
    """A document of a policy: as it is written, in canonical ARNs, and as JSON has it."""

    written: Map
    canonical: Map
    plain: Read


class Documents:
    """Reads the policies of one application, each once for all who ask."""

    def __init__(self, app: Application) -> None:
        self.arns = arns_of(app)
        self.symbols = Symbols(app)
        self._of_policy: dict[
            int, tuple[AttachedPolicy, tuple[PolicyDocument | Unknown, ...]]
        ] = {}

    def of(self, policy: AttachedPolicy) -> tuple[PolicyDocument | Unknown, ...]:
        """Return the documents that a policy may be."""
        known = self._of_policy.get(id(policy))
        if known is None:
            documents = tuple(
                one if isinstance(one, Unknown) else self.read(one)
                for one in policy_documents(policy)
            )
            # The policy is kept with them, so that no other takes its identity.
            known = self._of_policy[id(policy)] = policy, documents
        return known[1]

    def read(self, document: Map) -> PolicyDocument:
        """Read one document."""
        canonical = canonical_document(document, self.arns)
        return PolicyDocument(document, canonical, self.symbols.plain(canonical))


@remembered
def documents_of(app: Application) -> Documents:
    """Return what reads the policies of an application."""
    return Documents(app)


def policy_documents(policy: AttachedPolicy) -> Iterator[Map | Unknown]:
    """Yield the documents that a policy may be; those of AWS come from the catalogue."""
    for document in alternatives(policy.document):
        if isinstance(document, Map):
            yield document
            continue
        known = managed_policy(policy.managed_arn)
        made = as_value(known.document, policy.at) if known is not None else None
        if isinstance(made, Map):
            yield made
        elif isinstance(document, Unknown):
            yield document
        else:
            yield Unknown(f"the policy {policy.name} is not read", policy.at)


def as_value(document: object, at: Location) -> Value:
    """Return a document of the catalogue as a value, at the line that names the policy."""
    match document:
        case dict():
            entries = {str(key): as_value(content, at) for key, content in document.items()}
            return Map(entries, at, {})
        case list() | tuple():
            return List(tuple(as_value(each, at) for each in document), at)
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
    parts = pieces(canonical)
    named = any(isinstance(part, str) and "/" in part for part in parts)
    if canonical is not resource or not named:
        return canonical
    groups = split(parts, "/")
    written = "".join(part if isinstance(part, str) else "_" for part in parts)
    service = written.split(":", 3)[2:3]
    # ARNs of S3 have the name before the first slash, most others after it: `table/Orders`.
    for number in (1,) if service == ["s3"] else (1, 2):
        head = [part for group in groups[:number] for part in ("/", *group)][1:]
        owner = arns.owner(text(head, resource.at))
        if owner is not None and [KINDS[owner.type].type.partition(":")[0]] == service:
            rest = [part for group in groups[number:] for part in ("/", *group)]
            return text([arns.of(owner), *rest], resource.at)
    return canonical
