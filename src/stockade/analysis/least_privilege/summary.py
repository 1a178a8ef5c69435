"""A judgement in the texts that reports show."""

from stockade.analysis.least_privilege.excess import Excess
from stockade.analysis.least_privilege.judgement import Judgement
from stockade.analysis.permissions import Need
from stockade.model import (
    LeastPrivilege,
    Location,
    Permission,
    PolicyStatement,
    Unseen,
    expression,
    in_words,
    references,
)


def summary(judgement: Judgement, application: str) -> LeastPrivilege:
    """Write down what was judged of one function of an application."""
    unknown = (*judgement.unknown, *judgement.granted.unknown)
    return LeastPrivilege(
        application=application,
        function=judgement.function,
        needed=tuple(map(_need, judgement.needed)),
        missing=tuple(map(_need, judgement.missing)),
        excess=tuple(map(_excess, judgement.excess)),
        policy=tuple(
            PolicyStatement(
                sid=one.sid, actions=one.actions, resources=tuple(map(expression, one.resources))
            )
            for one in judgement.policy.statements
        ),
        unknown=tuple(Unseen(one.at, "permission", one.why) for one in unknown),
        proved=judgement.proof.holds,
    )


def line_of(need: Need) -> Location:
    """Return the line that needs it: the call, else the setting of the template."""
    return (need.calls or need.because)[-1].at


def place_of(need: Need) -> str:
    """Name the resource as people do: by its id in the template, else by its ARN."""
    return next((one.resource for one in references(need.resource)), in_words(need.resource))


def use_of(excess: Excess) -> str:
    """Say what of a grant is needed."""
    uses = sorted({need.action for need in excess.used})
    return f"needed of it: {', '.join(uses)}" if uses else "its code uses nothing of it"


def _need(need: Need) -> Permission:
    return Permission(
        action=need.action, resource=expression(need.resource), at=line_of(need), note=""
    )


def _excess(excess: Excess) -> Permission:
    grant = excess.grant
    return Permission(
        action=grant.action,
        resource=expression(grant.resource),
        at=grant.at,
        note=use_of(excess),
    )
