"""People may delete in production. Its page is docs/rules/people-can-delete.md."""

from collections.abc import Iterator

from stockade._late import pattern
from stockade._lists import several
from stockade.analysis.facts import Facts
from stockade.analysis.stores.environments import is_for_tests, is_productive
from stockade.analysis.stores.people import Deletes, deleting, who_uses
from stockade.model import Application, Confidence, Exposure, Match, Severity, Step
from stockade.rules._rule import rule


@rule(
    title="people may delete in production",
    harm=Severity.HIGH,
    practice="I5",
    cwe=(250,),
)
def people_can_delete(app: Application, _facts: Facts) -> Iterator[Match]:
    """Report rights to delete, held by people, unless the templates speak of other stages only."""
    found = list(deleting(app))
    if not found:
        return
    production = is_productive(app)
    if not production and is_for_tests(app):
        return
    where = "production" if production else "the account"
    of_people: dict[str, list[Deletes]] = {}
    for one in found:
        if production or not _DEPLOYS.search(one.who.name):
            of_people.setdefault(one.who.id, []).append(one)
    for held in of_people.values():
        who, what = held[0].who, list(dict.fromkeys(each for one in held for each in one.what))
        yield Match(
            at=held[0].at,
            message=f"{who_uses(who)} {who.name} can delete {several(what)} of {where}",
            because=(
                Step(who.at, "people use this"),
                *(Step(one.at, f"and this lets them delete {several(one.what)}") for one in held),
            ),
            confidence=Confidence.HIGH if production else Confidence.MEDIUM,
            harm=None if production else Severity.MEDIUM,
            exposure=Exposure.APPLICATION,
            identity=(who.id, *what),
            resource=who.id,
            help=(
                "leave deleting to the pipeline's role: name the actions that people need, or add "
                "a boundary without any action that deletes"
            ),
            mends=tuple(one.at for one in held),
        )


_DEPLOYS = pattern(r"(?i)deploy|pipeline|terraform|github|gitlab|\bci\b|cicd")
"""In names of roles that pipelines assume, where no stage is told."""
