"""A role can raise its own power. Its page is docs/rules/role-can-escalate.md."""

from collections.abc import Iterator, Mapping

from stockade.analysis.escalation import EVERYTHING, Escalation, escalations, unattached
from stockade.analysis.facts import Facts
from stockade.analysis.stores.people import roles_of_people, who_uses
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Identity,
    Location,
    Match,
    ResourceId,
    Role,
    Severity,
    Step,
    expression,
)
from stockade.rules._matches import roles_within_reach
from stockade.rules._rule import rule
from stockade.rules._stores import service_running

_MOST_NAMED = 3
_OF_SERVICE = ":policy/service-role/"


@rule(
    title="a role can raise its own power",
    harm=Severity.HIGH,
    practice="I3",
    cwe=(269, 250),
)
def role_can_escalate(app: Application, facts: Facts) -> Iterator[Match]:
    """Report roles that outsiders reach, administrators, and people who can become such."""
    found = escalations(app)
    if not found:
        return
    people: list[Role | Identity] = [*app.identities.values(), *roles_of_people(app)]
    for one in people:
        ways = found.get(one.id, ())
        if ways and ways[0].way is not EVERYTHING:  # An administrator has all power by design.
            resource = app.resources[one.id]
            yield _match(
                ways,
                who=f"{who_uses(resource)} {resource.name}",
                because=(Step(one.at, "people act as this"),),
                holder="it",
                exposure=Exposure.APPLICATION,
                identity=one.id,
                resource=one.id,
            )
    for policy in unattached(app):
        ways = found.get(policy.id, ())
        if ways:
            yield _match(
                ways,
                who=f"whoever is given {app.resources[policy.id].name}",
                because=(Step(policy.at, "nothing here tells who holds this policy"),),
                holder="the policy",
                exposure=Exposure.APPLICATION,
                identity=policy.id,
                resource=policy.id,
                confidence=Confidence.MEDIUM,
            )
    told = set()
    for reached in roles_within_reach(app, facts):
        ways = found.get(reached.role, ())
        if ways:
            told.add(reached.role)
            sender = facts.exposures[reached.source]
            yield _match(
                ways,
                who=f"whoever gets into {reached.function.id}",
                because=sender.because,
                holder="its role",
                exposure=sender.exposure,
                identity=reached.role,
                resource=reached.function.id,
            )

    yield from _administrators(app, {one: ways for one, ways in found.items() if one not in told})


def _administrators(
    app: Application, found: Mapping[ResourceId, tuple[Escalation, ...]]
) -> Iterator[Match]:
    """Yield the administrators among the roles that only the application itself sends to.

    Nobody outside is seen to reach them; but a mistake in what they run is one in the account.
    """
    functions = {role.id: one for one in app.functions.values() if (role := app.role_of(one))}
    for role in app.roles.values():
        ways = found.get(role.id, ())
        if not ways:
            continue
        function = functions.get(role.id)
        service = None if function is not None else service_running(role)
        if function is None:
            ways = _by_its_author(role, ways)
        if not ways or (function is None and service is None):
            continue
        resource = function.id if function is not None else role.id
        within = resource if function is not None else f"what {service} runs as {role.id}"
        yield _match(
            ways,
            who=f"whoever gets into {within}",
            because=(Step(app.resources[resource].at, "this runs with that role"),),
            holder="its role",
            exposure=Exposure.APPLICATION,
            identity=role.id,
            resource=resource,
        )


def _by_its_author(role: Role, ways: tuple[Escalation, ...]) -> tuple[Escalation, ...]:
    """Leave out what AWS's own policy for the role of a service allows: nobody can narrow that."""
    of_service = {
        policy.managed_arn.at
        for policy in role.policies
        if policy.managed_arn is not None and _OF_SERVICE in expression(policy.managed_arn)
    }
    return tuple(way for way in ways if not of_service.issuperset(way.by))


def _match(  # noqa: PLR0913 - what differs between people and functions, each by its name
    ways: tuple[Escalation, ...],
    *,
    who: str,
    because: tuple[Step, ...],
    holder: str,
    exposure: Exposure,
    identity: str,
    resource: str,
    confidence: Confidence = Confidence.HIGH,
) -> Match:
    places = tuple(dict.fromkeys(at for way in ways for at in way.by))
    return Match(
        at=places[0],
        message=f"{who} can {_told(ways)}",
        because=(*because, *(Step(at, f"and {holder} may {_ways_by(ways, at)}") for at in places)),
        confidence=confidence,
        exposure=exposure,
        identity=(identity, *(way.way.name for way in ways)),
        resource=resource,
        help=_help(ways),
        mends=places,
    )


def _told(ways: tuple[Escalation, ...]) -> str:
    """Return the first way in words, and how many more there are: the steps name them."""
    first, *others = ways
    if first.way is EVERYTHING:
        alone = first.unattached
        already = "it allows everything" if alone else "its role is administrator already"
        return f"{EVERYTHING.does}: {already}"
    if not others:
        return first.way.does
    return f"{first.way.does}, and raise its power in {_more(len(others))}"


def _ways_by(ways: tuple[Escalation, ...], at: Location) -> str:
    """Return what the statement there lets its holder do, each way with its published name."""
    here = [one.way for one in ways if at in one.by]
    if EVERYTHING in here:
        return EVERYTHING.does
    told = [f"{one.does} ({one.name})" for one in here[:_MOST_NAMED]]
    if len(here) > _MOST_NAMED:
        told.append(_more(len(here) - _MOST_NAMED))
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def _more(count: int) -> str:
    return f"{count} more {'way' if count == 1 else 'ways'}"


def _help(ways: tuple[Escalation, ...]) -> str:
    if ways[0].way is EVERYTHING:
        return "grant what the code uses: `stockade policy` writes it"
    passing = any(asked.passed_to for one in ways for asked in one.way.asked)
    name = "name the functions, roles or policies that the code works on in Resource"
    service = ", and with iam:PassRole the service in a condition on iam:PassedToService"
    return f"{name}{service if passing else ''}; a permissions boundary limits the rest"
