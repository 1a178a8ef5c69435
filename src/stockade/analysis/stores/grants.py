"""Roles that open every store of their account, decided by the policy language.

A role is asked about a bucket, table or secret that has nothing to do with the application. What
it may do there, it may do with all of them. Policies of AWS that are known to open all of a
service are told by their names; of others that the application does not hold nothing is said.
"""

from collections.abc import Iterator

from stockade import iam
from stockade.analysis.managed import managed_path
from stockade.analysis.statements import statements
from stockade.analysis.stores.symbols import ACCOUNT, REGION, Symbols
from stockade.iam.symbolic import atom
from stockade.model import Location, Map, Role, inside
from stockade.model.record import record

_ARN_PARTS = 6
_MOST_PLACES = 8
_OTHER = atom("a store of someone else", unique=True)


@record
class Service:
    """A service that keeps data, one of its stores, and what reads and changes it."""

    stores: str
    """What it keeps data in, in the plural."""
    arns: tuple[str, ...]
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    managed: tuple[str, ...] = ()
    """Policies of AWS that read and change all of it."""
    managed_reads: tuple[str, ...] = ()
    """Policies of AWS that read all of it."""


SERVICES = (
    Service(
        "buckets",
        (f"arn:aws:s3:::{_OTHER}/{atom('an object')}",),
        ("s3:GetObject",),
        ("s3:PutObject", "s3:DeleteObject"),
        ("AmazonS3FullAccess",),
        ("AmazonS3ReadOnlyAccess",),
    ),
    Service(
        "tables",
        (f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{_OTHER}",),
        ("dynamodb:Scan", "dynamodb:GetItem", "dynamodb:Query"),
        ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:DeleteTable"),
        (
            "AmazonDynamoDBFullAccess",
            "AmazonDynamoDBFullAccess_v2",
            "AWSLambdaInvocation-DynamoDB",
        ),
        ("AmazonDynamoDBReadOnlyAccess",),
    ),
    Service(
        "secrets",
        (f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{_OTHER}",),
        ("secretsmanager:GetSecretValue",),
        ("secretsmanager:PutSecretValue",),
        ("SecretsManagerReadWrite",),
    ),
    Service(
        "parameters",
        (f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/{_OTHER}",),
        ("ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"),
        ("ssm:PutParameter",),
        ("AmazonSSMFullAccess",),
        ("AmazonSSMReadOnlyAccess",),
    ),
    Service(
        "queues",
        (f"arn:aws:sqs:{REGION}:{ACCOUNT}:{_OTHER}",),
        ("sqs:ReceiveMessage",),
        ("sqs:DeleteMessage", "sqs:PurgeQueue"),
        ("AmazonSQSFullAccess",),
    ),
)
_NAMES = tuple(arn.split(":", _ARN_PARTS - 1)[-1] for one in SERVICES for arn in one.arns)
"""The last part of the ARN of each store that is asked about."""

_OF_EVERYTHING = ("AdministratorAccess", "PowerUserAccess")
_ALL_READS = ("ReadOnlyAccess",)


@record
class Wide:
    """A policy or statement that opens all stores of some services."""

    at: Location
    reads: tuple[str, ...]
    """The kinds of stores that it reads."""
    writes: tuple[str, ...]
    """The kinds of stores that it changes."""


def wide(role: Role, symbols: Symbols) -> Iterator[Wide]:
    """Yield the statements and policies by which a role opens every store of a kind."""
    if role.boundary is not None:
        return  # What it leaves of them is not known here.
    reads: dict[Location, dict[str, None]] = {}
    writes: dict[Location, dict[str, None]] = {}
    held: list[Map] = []
    for policy in role.policies:
        held.extend(statements(policy.document))
        name = managed_path(policy.managed_arn).rpartition("/")[2]
        for service in SERVICES if name else ():
            if name in (*service.managed, *_OF_EVERYTHING):
                writes.setdefault(policy.at, {})[service.stores] = None
            if name in (*service.managed, *service.managed_reads, *_OF_EVERYTHING, *_ALL_READS):
                reads.setdefault(policy.at, {})[service.stores] = None
    if any(_may_be_wide(statement, symbols) for statement in held):
        _ask(held, symbols, reads, writes)
    for at in dict.fromkeys((*reads, *writes)):
        yield Wide(at, tuple(reads.get(at, ())), tuple(writes.get(at, ())))


def _may_be_wide(statement: Map, symbols: Symbols) -> bool:
    """Tell whether a statement's resources may cover a store that it does not name."""
    written = statement.get("Resource")
    if written is None:
        return True
    listed = getattr(written, "items", (written,))
    return any(_may_cover_another(symbols.text(one)) for one in listed)


def _may_cover_another(pattern: str) -> bool:
    """Tell whether a pattern of ARNs may cover any of the stores that are asked about.

    Most patterns name a store before their `*`, as `table/Orders/index/*` does.
    """
    if "*" not in pattern:
        return False
    parts = pattern.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS:
        return True
    before = parts[-1].partition("*")[0]
    return "?" in before or "$" in before or any(name.startswith(before) for name in _NAMES)


def _ask(
    held: list[Map],
    symbols: Symbols,
    reads: dict[Location, dict[str, None]],
    writes: dict[Location, dict[str, None]],
) -> None:
    policies = iam.Policies(identity=[iam.read(symbols.document(held))])
    role = f"arn:aws:iam::{ACCOUNT}:role/{atom('the role', unique=True)}"
    spelled = tuple(_spelled(held, symbols))
    for service in SERVICES:
        for actions, found in ((service.reads, reads), (service.writes, writes)):
            for action in filter(policies.mentions, actions):
                for arn in (service.arns[0], *_in(service.arns[0], spelled)):
                    request = iam.Request(role, action, arn, account=ACCOUNT, unknown=("*",))
                    decision = iam.decide(request, policies)
                    for reason in decision.because if decision.allowed else ():
                        if isinstance(reason, iam.StatementRef):
                            at = held[reason.index].at
                            found.setdefault(at, {})[service.stores] = None


_Place = tuple[str, str, str]
"""A service with a region and an account of it."""


def _spelled(held: list[Map], symbols: Symbols) -> Iterator[_Place]:
    """Yield the regions and accounts that statements spell out, as the application's own."""
    seen: set[_Place] = set()
    for statement in held:
        for one in inside(statement, "Resource", "[]"):
            parts = symbols.text(one).split(":", 5)
            if len(parts) < _ARN_PARTS or "*" not in parts[5]:
                continue
            region, account = (part if part.strip("*") else "" for part in parts[3:5])
            place = (parts[2], region or REGION, account or ACCOUNT)
            if (region or account) and place not in seen and len(seen) < _MOST_PLACES:
                seen.add(place)
                yield place


def _in(arn: str, places: tuple[_Place, ...]) -> Iterator[str]:
    """Yield an ARN as it is in other places."""
    service = arn.split(":", 3)[2]
    for name, region, account in places:
        if name == service:
            yield arn.replace(REGION, region).replace(ACCOUNT, account)
