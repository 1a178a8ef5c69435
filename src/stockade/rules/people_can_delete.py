"""People may delete in production. Its page is docs/rules/people-can-delete.md."""

from collections.abc import Iterator

from stockade._lists import several
from stockade.analysis.facts import Facts
from stockade.analysis.stores.environments import is_for_tests, is_productive
from stockade.analysis.stores.people import deleting, who_uses
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
    for one in found:
        who = who_uses(one.who)
        where = "production" if production else "the account"
        yield Match(
            at=one.at,
            message=f"{who} {one.who.name} can delete {several(one.what)} of {where}",
            because=(Step(one.who.at, "people use this"), Step(one.at, "and this lets them")),
            confidence=Confidence.HIGH if production else Confidence.MEDIUM,
            harm=None if production else Severity.MEDIUM,
            exposure=Exposure.APPLICATION,
            identity=(one.who.id, *one.what),
            resource=one.who.id,
            help=(
                "leave deleting to the pipeline's role: name the actions that people need, or add "
                "a boundary without any action that deletes"
            ),
        )
