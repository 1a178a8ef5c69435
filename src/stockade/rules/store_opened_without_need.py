"""A role opens a store that no code uses. Its page is docs/rules/store-opened-without-need.md."""

from collections.abc import Iterator

from stockade._lists import several
from stockade.analysis.facts import Facts
from stockade.analysis.least_privilege.beyond import Opened, stores, verb
from stockade.model import Application, Confidence, Match, Severity, Step
from stockade.rules._matches import roles_within_reach
from stockade.rules._rule import rule


@rule(
    title="a role opens a store that its code never uses",
    harm=Severity.MEDIUM,
    practice="I2",
    cwe=(250, 272),
)
def store_opened_without_need(app: Application, facts: Facts) -> Iterator[Match]:
    """Report stores that only an attacker would find a use for, in roles that outsiders reach."""
    for reached in roles_within_reach(app, facts):
        known, sharing = stores(facts, app), app.functions_of(reached.role)
        if not known.opened(reached.function) or not all(map(known.is_known, sharing)):
            continue
        unused = [
            one
            for one in known.beyond(reached.function)
            if not any(known.uses(other, one.store) for other in sharing)
        ]
        if not unused:
            continue
        who = facts.exposures[reached.source]
        names = [one.store.name for one in unused]
        yield Match(
            at=unused[0].at,
            message=f"whoever gets into {reached.function.id} can {_told(unused)}, which its code"
            " never uses",
            because=(
                *who.because,
                *(
                    Step(one.at, f"and its role may {verb(one)} {one.store.name}")
                    for one in unused
                ),
            ),
            confidence=Confidence.MEDIUM,
            exposure=who.exposure,
            identity=(reached.role, *names),
            resource=reached.function.id,
            cause=tuple(sorted(f"{verb(one)} {one.store.name}" for one in unused)),
            help=f"take {several(names)} out of the role: `stockade policy` writes what is used",
        )


def _told(unused: list[Opened]) -> str:
    by_verb: dict[str, list[str]] = {}
    for one in unused:
        by_verb.setdefault(verb(one), []).append(one.store.name)
    return " and ".join(f"{word} {several(names)}" for word, names in by_verb.items())
