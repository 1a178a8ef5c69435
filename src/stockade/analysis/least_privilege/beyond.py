"""The stores that a role opens and the code of its function never touches."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Final

from stockade.analysis.facts import Facts
from stockade.analysis.least_privilege.excess import covers
from stockade.analysis.least_privilege.granted import Grant
from stockade.analysis.least_privilege.judgement import Privileges, privileges
from stockade.analysis.permissions.arns import arns_of
from stockade.iam.pattern import wildcard
from stockade.model import (
    Application,
    Function,
    Location,
    Resource,
    ResourceId,
    Value,
    references,
)
from stockade.model.record import record
from stockade.model.remembered import remembered

_DATABASE: Final = (("rds-data:ExecuteStatement",), ("rds-data:ExecuteStatement",))
_TABLE: Final = (
    ("dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:BatchGetItem"),
    (
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
        "dynamodb:BatchWriteItem",
    ),
)
STORES: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "AWS::DynamoDB::GlobalTable": _TABLE,
    "AWS::DynamoDB::Table": _TABLE,
    "AWS::RDS::DBCluster": _DATABASE,
    "AWS::S3::Bucket": (("s3:GetObject",), ("s3:PutObject", "s3:DeleteObject")),
    "AWS::SSM::Parameter": (("ssm:GetParameter", "ssm:GetParameters"), ("ssm:PutParameter",)),
    "AWS::SecretsManager::Secret": (
        ("secretsmanager:GetSecretValue",),
        ("secretsmanager:PutSecretValue",),
    ),
}
"""What keeps data, the actions that read it, and those that change it."""


@record(kw_only=True)
class Opened:
    """A store of the application that a role opens by name, and the line that does."""

    store: Resource
    reads: bool
    writes: bool
    at: Location


class Stores:
    """Which stores of one application its functions use, and which their roles open."""

    def __init__(self, facts: Facts, app: Application) -> None:
        self._app = app
        self._arns = arns_of(app)
        self._known: Privileges = privileges(facts, app)
        self._facts = facts
        self._open: dict[ResourceId, tuple[Opened, ...]] = {}
        self._stores: dict[int, tuple[Value, tuple[Resource, ...]]] = {}

    @cached_property
    def _named(self) -> dict[ResourceId, set[ResourceId]]:
        """The resources that the calls of each function name."""
        found: dict[ResourceId, set[ResourceId]] = {}
        for call in self._facts.calls:
            values = (*call.arguments.values(), *call.receiver.values())
            named = found.setdefault(call.function, set())
            named.update(one.resource for value in values for one in references(value))
        return found

    def is_known(self, function: Function) -> bool:
        """Tell whether everything is known of what a function needs, and of what it was given."""
        if self._known.judging.held(function).unknown:
            return False
        return self._known.needs[function.id].complete

    def uses(self, function: Function, store: Resource) -> bool:
        """Tell whether the code of a function may touch a store."""
        if store.id in self._named.get(function.id, ()):
            return True
        arn = self._arns.of(store)
        return any(
            any(one.resource == store.id for one in references(need.resource))
            or covers(need.resource, arn)
            for need in self._known.needs[function.id].needed
        )

    def beyond(self, function: Function) -> tuple[Opened, ...]:
        """Return the stores that the role of a function opens by name and its code never uses."""
        return tuple(one for one in self.opened(function) if not self.uses(function, one.store))

    def opened(self, function: Function) -> tuple[Opened, ...]:
        """Return the stores that the role of a function opens by name."""
        if function.id not in self._open:
            self._open[function.id] = tuple(self._of_grants(function))
        return self._open[function.id]

    def _of_grants(self, function: Function) -> Iterable[Opened]:
        found: dict[ResourceId, Opened] = {}
        for grant in self._known.judging.held(function).grants:
            for store, reads, writes in self._by_grant(grant):
                known = found.get(store.id)
                found[store.id] = Opened(
                    store=store,
                    reads=reads or (known is not None and known.reads),
                    writes=writes or (known is not None and known.writes),
                    at=known.at if known is not None else grant.at,
                )
        return found.values()

    def _by_grant(self, grant: Grant) -> Iterator[tuple[Resource, bool, bool]]:
        if grant.conditional or grant.covers_rest or grant.source == "implied":
            return
        for store in self._stores_in(grant.resource):
            reads, writes = _covered(grant.action.lower(), store.type)
            if reads or writes:
                yield store, reads, writes

    def _stores_in(self, resource: Value) -> tuple[Resource, ...]:
        """Return the stores that a pattern of ARNs names; it stands in a grant for each action."""
        known = self._stores.get(id(resource))
        if known is None:
            named = (self._app.resources.get(one.resource) for one in references(resource))
            stores = tuple(one for one in named if one is not None and one.type in STORES)
            # The value is kept with them, so that no other takes its identity.
            known = self._stores[id(resource)] = resource, stores
        return known[1]


@lru_cache(maxsize=1024)
def _covered(action: str, kind: str) -> tuple[bool, bool]:
    """Tell whether an action, or a pattern of actions, reads and changes a kind of store."""
    covered = wildcard(action)
    reads, writes = (any(covered(one.lower()) for one in actions) for actions in STORES[kind])
    return reads, writes


@remembered
def stores(facts: Facts, app: Application) -> Stores:
    """Return which stores the functions of an application use, and which their roles open."""
    return Stores(facts, app)


def verb(opened: Opened) -> str:
    """Say what a role may do with a store: `read and change`."""
    words = (word for word, may in (("read", opened.reads), ("change", opened.writes)) if may)
    return " and ".join(words)
