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
from stockade.model.record import record
from stockade.rules._advice import format_of
from stockade.rules._rule import rule

_MOST_SHOWN = 8


@rule(
    title="a role lacks a permission that the code needs",
    harm=Severity.MEDIUM,
    practice="I2",
    cwe=(280,),
)
def permission_missing(app: Application, facts: Facts) -> Iterator[Match]:
    """Report each role by which AWS will refuse calls, by the first call that is refused.

    One role that several functions act as is one place to mend.
    """
    known = privileges(facts, app)
    by_role: dict[str, list[_Refused]] = {}
    for function in app.functions.values():
        refused = known.refused(function)
        if refused:
            role = app.role_of(function)
            by_role.setdefault(function.id if role is None else role.id, []).append(
                _Refused(function, refused)
            )
    for together in by_role.values():
        yield _match(app, together)


@record
class _Refused:
    """A function, and what it needs and is refused."""

    function: Function
    needs: tuple[Need, ...]

    @property
    def calls(self) -> tuple[Step, ...]:
        """The calls that lead to the first that is refused."""
        return self.needs[0].calls


def _match(app: Application, together: list[_Refused]) -> Match:
    first, *others = together
    function, need = first.function, first.needs[0]
    lacking = {_words(each): None for one in together for each in one.needs}
    more = f", and {len(lacking) - 1} more" if len(lacking) > 1 else ""
    who, whose = function.id, "its"
    if others:
        who, whose = f"{who} and {len(others)} more", "their"
    role = app.role_of(function)
    alone = "" if others else f" --function {function.id}"
    return Match(
        at=first.calls[-1].at,
        message=f"{who} will be refused: {whose} role may not {need.action} on"
        f" {place_of(need)}{more}",
        because=(
            *first.calls,
            Step(_role_at(app, function), "but nothing in this role allows it"),
            *(_also(one) for one in others[:_MOST_SHOWN]),
        ),
        confidence=Confidence.HIGH,
        exposure=Exposure.ANYONE,
        identity=(*(one.function.id for one in together), *lacking),
        resource=role.id if role is not None else function.id,
        help=f"`stockade policy{alone}{format_of(app, function.id)}` writes the policy that"
        " allows exactly what the code uses",
    )


def _words(need: Need) -> str:
    return f"{need.action} {expression(need.resource)}"


def _also(one: _Refused) -> Step:
    """Tell the call by which another function of the role is refused first."""
    last = one.calls[-1]
    return Step(last.at, f"{one.function.id} {last.note}")


def _role_at(app: Application, function: Function) -> Location:
    role = app.role_of(function)
    return role.at if role is not None else function.at
