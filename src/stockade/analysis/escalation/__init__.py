"""Which roles of an application may raise their own power, and by which ways."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from stockade._late import pattern
from stockade.analysis.escalation.ways import EVERYTHING, PARTITION, WAYS, Asked, Way
from stockade.analysis.least_privilege.symbolic import ACCOUNT, role_arn, user_arn
from stockade.analysis.managed import managed_policy
from stockade.analysis.policies.reading import Reading
from stockade.analysis.statements import effect, statements
from stockade.iam import Policies, Policy, Request, Source, StatementRef, decide
from stockade.iam.pattern import wildcard
from stockade.model import (
    Application,
    AttachedPolicy,
    Identity,
    Location,
    Map,
    ResourceId,
    Role,
    expression,
    inside,
)
from stockade.model.record import record
from stockade.model.remembered import remembered

__all__ = [
    "EVERYTHING",
    "WAYS",
    "Asked",
    "Escalation",
    "Way",
    "escalations",
    "names_way",
    "unattached",
]

_ASKED: Final = frozenset(
    frozenset(one.action.lower() for one in way.asked) for way in (*WAYS, EVERYTHING)
)
"""The actions of each way, all of which its holder needs."""
_ACTIONS: Final = frozenset().union(*_ASKED)
_ASSUMES: Final = "sts:AssumeRole"
_BOUNDS: Final = pattern(r"(?i)boundar")
_OF_ACCOUNT: Final = pattern(r"arn:[^:]*:(?:iam|lambda):[^:]*:(\d{12}):")
_SERVICES: Final = frozenset(action.partition(":")[0] for action in _ACTIONS)


@record
class Escalation:
    """A way that a role has, and the statements that open it.

    `unattached` if it is a policy's that nothing here holds: whoever is given it has the way.
    """

    way: Way
    by: tuple[Location, ...]
    unattached: bool = False


@remembered
def escalations(app: Application) -> Mapping[ResourceId, tuple[Escalation, ...]]:
    """Return the ways that roles, users and groups have, whatever conditions turn out to be.

    One that may do everything has one, `EVERYTHING`. Nothing is said of those whose permissions
    boundary is not read.
    """
    reading: Reading | None = None
    found: dict[ResourceId, tuple[Escalation, ...]] = {}
    holders: list[Role | Identity] = [*app.roles.values(), *app.identities.values()]
    holders.extend(unattached(app))
    policies = {one.id for one in unattached(app)}
    for one in holders:
        if names_way(one):
            reading = reading or Reading(app)
            ways = tuple(_ways(one, reading, unattached=one.id in policies))
            if ways:
                found[one.id] = ways
    return found


@remembered
def unattached(app: Application) -> tuple[Identity, ...]:
    """Return customer managed policies that nothing here holds, each as whoever is given it.

    Those that are called a boundary grant nothing.
    """
    written = tuple(app.of_type("AWS::IAM::ManagedPolicy"))
    if not written:
        return ()
    holders: list[Role | Identity] = [*app.roles.values(), *app.identities.values()]
    held = {policy.document.at for one in holders for policy in one.policies}
    held |= {one.boundary.at for one in holders if one.boundary is not None}
    found = []
    for resource in written:
        document = resource.properties.get("PolicyDocument")
        if document is None or document.at in held or _BOUNDS.search(resource.name):
            continue
        policy = AttachedPolicy(
            name=resource.logical_id, document=document, source="managed", at=resource.at
        )
        found.append(Identity(id=resource.id, at=resource.at, policies=(policy,)))
    return tuple(found)


def names_way(role: Role | Identity) -> bool:
    """Tell whether policies name all actions of a way: else their holder has none."""
    patterns: set[str] = set()
    for policy in role.policies:
        known = managed_policy(policy.managed_arn)
        if known is not None:
            patterns.update(_actions_of(known.document))
            continue
        for statement in statements(policy.document):
            if effect(statement) == "allow":
                patterns.update(("*",) if "NotAction" in statement else _texts(statement))
    return _name_way(frozenset(patterns))


def _texts(statement: Map) -> Iterator[str]:
    return (expression(one).lower() for one in inside(statement, "Action", "[]"))


def _actions_of(document: object) -> Iterator[str]:
    """Yield the actions that a policy of AWS's allows."""
    listed = document.get("Statement", ()) if isinstance(document, Mapping) else ()
    for statement in (listed,) if isinstance(listed, Mapping) else listed:
        if statement.get("Effect") == "Allow":
            actions = statement.get("Action", "*")
            yield from map(str.lower, (actions,) if isinstance(actions, str) else actions)


@lru_cache(maxsize=1024)
def _name_way(patterns: frozenset[str]) -> bool:
    named = patterns & _ACTIONS
    covering = [wildcard(one) for one in patterns - named if _covers_many(one)]
    if covering:
        named |= {action for action in _ACTIONS if any(covers(action) for covers in covering)}
    return any(asked <= named for asked in _ASKED)


def _covers_many(pattern: str) -> bool:
    """Tell whether a pattern may cover several of the actions that ways need."""
    service, _, name = pattern.partition(":")
    any_service = "*" in service or "?" in service
    return any_service or (service in _SERVICES and ("*" in name or "?" in name))


def _ways(role: Role | Identity, reading: Reading, *, unattached: bool) -> Iterator[Escalation]:
    held = reading.held(role)
    if held.boundary is not None and held.boundary.unread:
        return
    policies = Policies(
        identity=held.identity.policies,
        boundary=held.boundary.policies if held.boundary is not None else None,
    )
    arn_of = user_arn if isinstance(role, Identity) else role_arn
    own = arn_of(role.id, PARTITION)
    accounts = (ACCOUNT, *_spelled(held.identity.policies))
    for way in (EVERYTHING, *WAYS):
        by = next(filter(None, (_has(way, own, policies, one) for one in accounts)), ())
        if by:
            places = (held.identity.places[one.policy][one.index] for one in by)
            yield Escalation(way, tuple(dict.fromkeys(places)), unattached)
            if way is EVERYTHING:
                return


def _trusting(account: str) -> Mapping[str, object]:
    """Return how roles are made that anyone in the account may take on who is let."""
    principal = {"AWS": f"arn:{PARTITION}:iam::{account}:root"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": _ASSUMES}
    return {"Version": "2012-10-17", "Statement": statement}


def _spelled(policies: Iterable[Policy]) -> tuple[str, ...]:
    """Return the account that patterns spell out: what a role may change is of its own account.

    Where they spell out several nobody knows which is its own.
    """
    found = {
        named[1]
        for policy in policies
        for statement in policy.statements
        for one in statement.resources or ()
        if (named := _OF_ACCOUNT.match(one)) is not None
    }
    return tuple(found) if len(found) == 1 else ()


def _has(way: Way, own: str, policies: Policies, account: str) -> tuple[StatementRef, ...]:
    """Return the statements that allow all that a way asks for; none where something is not."""
    if not all(policies.mentions(asked.action) for asked in way.asked):
        return ()
    found: dict[StatementRef, None] = {}
    for asked in way.asked:
        by = _may(asked, asked.resource, own, policies, account)
        if not by and asked.or_itself:
            by = _may(asked, own, own, policies, account)
        if not by:
            return ()
        found.update(dict.fromkeys(by))
    return tuple(found)


def _may(
    asked: Asked, arn: str, own: str, policies: Policies, account: str
) -> tuple[StatementRef, ...]:
    request = Request(
        own.replace(ACCOUNT, account),
        asked.action,
        arn.replace(ACCOUNT, account),
        account=account,
        context=asked.context,
        unknown=("*",),
    )
    if asked.action == _ASSUMES:
        policies = policies.beside(_trusting(account))
    decision = decide(request, policies)
    if not decision.allowed:
        return ()
    reasons = (one for one in decision.because if isinstance(one, StatementRef))
    return tuple(one for one in reasons if one.source is Source.IDENTITY)
