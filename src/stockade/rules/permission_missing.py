"""A role lacks a permission that the code needs. Its page is docs/rules/permission-missing.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.least_privilege import place_of, privileges
from stockade.analysis.permissions import Need
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Function,
    Location,
    Match,
    Severity,
    Step,
    expression,
)
from stockade.rules._rule import rule


@rule(
    title="a role lacks a permission that the code needs",
    harm=Severity.MEDIUM,
    practice="I2",
    cwe=(280,),
)
def permission_missing(app: Application, facts: Facts) -> Iterator[Match]:
    """Report each function that AWS will refuse a call, by the first call that is refused."""
    known = privileges(facts, app)
    for function in app.functions.values():
        refused = known.refused(function)
        if refused:
            yield _match(app, function, refused)


def _match(app: Application, function: Function, refused: tuple[Need, ...]) -> Match:
    first = refused[0]
    calls = [step for step in first.because if step.note.startswith("calls ")]
    others = len(refused) - 1
    more = f", and {others} more" if others else ""
    role = app.role_of(function)
    return Match(
        at=calls[-1].at,
        message=f"{function.id} will fail: its role may not {first.action} on"
        f" {place_of(first)}{more}",
        because=(*calls, Step(_role_at(app, function), "but nothing in this role allows it")),
        confidence=Confidence.HIGH,
        exposure=Exposure.ANYONE,
        identity=(
            function.id,
            *(f"{need.action} {expression(need.resource)}" for need in refused),
        ),
        resource=role.id if role is not None else function.id,
        help=f"`stockade policy --function {function.id} --format sam` writes the policy that"
        " allows exactly what the code uses",
    )


def _role_at(app: Application, function: Function) -> Location:
    role = app.role_of(function)
    return role.at if role is not None else function.at
