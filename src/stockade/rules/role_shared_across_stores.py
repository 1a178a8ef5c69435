"""A shared role opens others' stores. Its page is docs/rules/role-shared-across-stores.md."""

from collections.abc import Iterator

from stockade._lists import several
from stockade.analysis.facts import Facts
from stockade.analysis.least_privilege.beyond import Opened, Stores, stores, verb
from stockade.model import Application, Confidence, Exposure, Function, Match, Severity, Step
from stockade.rules._advice import format_of
from stockade.rules._matches import most_exposed
from stockade.rules._rule import rule

_MOST_NAMED = 3


@rule(
    title="a shared role opens the stores of other functions",
    harm=Severity.MEDIUM,
    practice="I1",
    cwe=(250, 653),
)
def role_shared_across_stores(app: Application, facts: Facts) -> Iterator[Match]:
    """Report roles by which a function that outsiders reach opens what only others need."""
    for role in app.roles.values():
        sharing = app.functions_of(role.id)
        if len(sharing) > 1:
            found = _worst(app, facts, stores(facts, app), sharing)
            if found is not None:
                function, source, opened = found
                yield _match(app, facts, function, source, opened)


_Lent = tuple[Opened, Function]
"""A store, and the function that needs it."""


def _worst(
    app: Application, facts: Facts, known: Stores, sharing: tuple[Function, ...]
) -> tuple[Function, str, list[_Lent]] | None:
    """Return the function that the most people reach of those that open others' stores."""
    found: list[tuple[Exposure, Function, str, list[_Lent]]] = []
    for function in sharing:
        source = most_exposed(app, facts, function.id)
        if source is None or facts.exposures[source].exposure <= Exposure.APPLICATION:
            continue
        if known.is_known(function):
            lent = [
                (one, other)
                for one in known.beyond(function)
                for other in sharing
                if known.uses(other, one.store)
            ]
            once = {one.store.id: (one, other) for one, other in reversed(lent)}
            if once:
                exposure = facts.exposures[source].exposure
                found.append((exposure, function, source, list(reversed(once.values()))))
    if not found:
        return None
    _, function, source, opened = max(found, key=lambda one: (one[0], len(one[3])))
    return function, source, opened


def _match(
    app: Application, facts: Facts, function: Function, source: str, opened: list[_Lent]
) -> Match:
    role = app.roles[str(function.role)]
    who = facts.exposures[source]
    first, other = opened[0]
    more = len(opened) - 1
    others = f", and {more} more" if more else ""
    return Match(
        at=role.at,
        message=(
            f"whoever gets into {function.id} can {verb(first)} {first.store.name}, which"
            f" only {other.id} needs{others}: they share {role.id}"
        ),
        because=(
            *who.because,
            Step(function.at, f"{function.id} acts as {role.id}"),
            *(
                Step(one.at, f"which may {verb(one)} {one.store.name}, for {user.id}")
                for one, user in opened
            ),
        ),
        confidence=Confidence.MEDIUM,
        exposure=who.exposure,
        identity=(role.id, *(one.store.id for one, _ in opened)),
        resource=function.id,
        help=(
            f"give {several([function.id, *_names(opened)])} roles of their own: `stockade policy"
            f"{format_of(app, function.id)}` writes them"
        ),
        mends=(role.at,),
    )


def _names(opened: list[_Lent]) -> list[str]:
    names = list(dict.fromkeys(user.id for _, user in opened))
    return names if len(names) <= _MOST_NAMED else ["the others"]
