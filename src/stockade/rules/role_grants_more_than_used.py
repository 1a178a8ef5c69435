"""A role grants more than its code uses. Its page is docs/rules/role-grants-more-than-used.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.least_privilege import Excess, Privileges, privileges, use_of, wider
from stockade.analysis.managed import managed_path
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Function,
    Match,
    Persona,
    ResourceId,
    Role,
    Severity,
    Step,
    expression,
    in_words,
)
from stockade.rules._advice import format_of
from stockade.rules._rule import rule

_MOST_SHOWN = 6
_OF_EVERY_FUNCTION = frozenset(
    {
        "service-role/AWSLambdaBasicExecutionRole",
        "service-role/AWSLambdaVPCAccessExecutionRole",
        "AWSXRayDaemonWriteAccess",
        "AWSXrayWriteOnlyAccess",
    }
)
"""Policies that AWS means for every function: wider than one needs, and no cause for alarm."""


@rule(
    title="a role grants more than its code uses",
    harm=Severity.LOW,
    practice="I2",
    cwe=(250,),
    persona=Persona.STRICT,
)
def role_grants_more_than_used(app: Application, facts: Facts) -> Iterator[Match]:
    """Report each role with grants beyond what all the code that has it is known to need."""
    known = privileges(facts, app)
    by_role: dict[ResourceId, list[Function]] = {}
    for function in app.functions.values():
        role = app.role_of(function)
        if role is not None:
            by_role.setdefault(role.id, []).append(function)
    for id_, functions in by_role.items():
        excess = _excess(app.roles[id_], functions, known)
        if excess:
            yield _match(app, facts, app.roles[id_], functions, excess)


def _excess(role: Role, functions: list[Function], known: Privileges) -> list[Excess]:
    """Return the grants that are wider than all that is needed; nothing where that is unsure."""
    needs = [known.needs.get(function.id) for function in functions]
    if not all(one is not None and one.complete for one in needs):
        return []
    held = known.judging.held(functions[0])
    needed = {
        (need.action, expression(need.resource)): need
        for one in needs
        if one is not None
        for need in one.needed
    }
    meant = {
        policy.at
        for policy in role.policies
        if policy.source == "implied" or managed_path(policy.managed_arn) in _OF_EVERY_FUNCTION
    }
    grants = (one for one in held.grants if one.at not in meant and one.source != "implied")
    return [] if held.unknown else list(wider(grants, tuple(needed.values())))


def _match(
    app: Application, facts: Facts, role: Role, functions: list[Function], excess: list[Excess]
) -> Match:
    first = excess[0].grant
    others = len(excess) - 1
    more = f" and {others} more" if others else ""
    exposures = (
        facts.exposures[source.id].exposure
        for function in functions
        for source in app.event_sources_of(function.id)
        if source.id in facts.exposures
    )
    return Match(
        at=first.at,
        message=f"{role.id} grants more than its code uses: {first.action} on"
        f" {in_words(first.resource)}{more}",
        because=tuple(
            Step(one.grant.at, f"grants {one.grant.action}; {use_of(one)}")
            for one in excess[:_MOST_SHOWN]
        ),
        confidence=Confidence.MEDIUM,
        exposure=max(exposures, default=Exposure.PROVIDER),
        identity=(role.id,),
        resource=functions[0].id,
        help=f"`stockade policy --function {functions[0].id}{format_of(app, functions[0].id)}`"
        " writes exactly what is used",
        rests_on=tuple(dict.fromkeys(one.grant.at for one in excess)),
    )
