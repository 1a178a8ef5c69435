"""Callers say whose items they want. Its page is docs/rules/item-of-another.md."""

from collections.abc import Iterator
from itertools import groupby

from stockade.analysis.facts import Facts
from stockade.analysis.owned import Use, uses
from stockade.model import Application, Confidence, Match, Severity, Step
from stockade.rules._matches import most_exposed
from stockade.rules._rule import rule
from stockade.rules._wording import in_javascript, place, who

_MOST_SHOWN = 6


@rule(
    title="any user reaches the items of another by naming them",
    harm=Severity.HIGH,
    practice="T2",
    cwe=(639,),
)
def item_of_another(app: Application, facts: Facts) -> Iterator[Match]:
    """Report tables of users' items that functions touch without asking who calls."""
    found = sorted(uses(app, facts), key=lambda use: use.table)
    for _, group in groupby(found, key=lambda use: use.table):
        of_table = sorted(group, key=_weight)
        yield _match(app, facts, of_table)


def _weight(use: Use) -> tuple[bool, bool, str]:
    return (not use.is_change, not use.is_user, use.call.function)


def _match(app: Application, facts: Facts, of_table: list[Use]) -> Match:
    worst = of_table[0]
    call = worst.call
    source = most_exposed(app, facts, call.function)
    resource = app.resources.get(worst.table)
    table = worst.table if resource is None else resource.name
    table = table or f"what {_name(app, call.function)} works on"
    functions = list(dict.fromkeys(use.call.function for use in of_table))
    others = f", and {len(functions) - 1} more" if len(functions) > 1 else ""
    names = "whose they are" if worst.is_user else "by which it finds them"
    what = _WHAT[worst.verb].format(table, worst.noun)
    return Match(
        at=call.at,
        message=(
            f"{who(app, source, call.exposure)} can {what}: {_name(app, call.function)} takes"
            f" {place(worst.field)}, {names}, and never asks who calls{others}"
        ),
        because=(
            *(facts.exposures[source].because if source is not None else ()),
            *_owned(app, worst),
            *call.steps,
            *(
                Step(
                    use.call.at,
                    f"{_name(app, use.call.function)} takes {place(use.field)}"
                    f" as it comes, and {_DOES[use.verb]}",
                )
                for use in of_table[:_MOST_SHOWN]
            ),
        ),
        confidence=Confidence.MEDIUM,
        harm=Severity.HIGH if worst.is_change else Severity.MEDIUM,
        exposure=call.exposure,
        identity=(worst.table,),
        resource=call.function,
        help=_instead(worst),
    )


def _owned(app: Application, use: Use) -> Iterator[Step]:
    if use.owner is not None:
        name = _name(app, use.owner.function)
        yield Step(use.owner.at, f"{name} keeps them by who calls: they have owners")


def _name(app: Application, function: str) -> str:
    resource = app.resources.get(function)
    return function if resource is None else resource.name


_WHAT = {
    "read": "read the {1} of others in {0}",
    "write": "write into {0} in the name of another",
    "change": "change the {1} of others in {0}",
    "delete": "delete the {1} of others from {0}",
}
_DOES = {
    "read": "reads by it",
    "write": "writes by it",
    "change": "changes by it",
    "delete": "deletes by it",
}


def _instead(use: Use) -> str:
    claims = (
        "event.requestContext.authorizer"
        if in_javascript(use.call)
        else 'event["requestContext"]["authorizer"]'
    )
    if use.is_user:
        return (
            f"take the user from the claims that the gateway checked ({claims}), not from the"
            " request"
        )
    return (
        f"put who calls ({claims}) into the key, or into a ConditionExpression that compares the "
        "owner; where an item was read first, compare its owner before going on"
    )
