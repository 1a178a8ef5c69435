"""A role names no store. Its page is docs/rules/role-names-no-store.md."""

from collections.abc import Iterator

from stockade.analysis.escalation import EVERYTHING, escalations
from stockade.analysis.facts import Facts
from stockade.analysis.stores.grants import wide
from stockade.analysis.stores.symbols import Symbols
from stockade.model import Application, Confidence, Exposure, Match, Persona, Severity, Step
from stockade.rules._matches import roles_within_reach
from stockade.rules._rule import rule
from stockade.rules._stores import all_that, service_running


@rule(
    title="a role names no store",
    harm=Severity.LOW,
    practice="B4",
    cwe=(250, 732),
    persona=Persona.STRICT,
)
def role_names_no_store(app: Application, facts: Facts) -> Iterator[Match]:
    """Report rights on every store, held by code that nobody outside is seen to reach."""
    symbols = Symbols(app)
    ways = escalations(app)
    reached = {one.role for one in roles_within_reach(app, facts)}
    running = {role.id: one for one in app.functions.values() if (role := app.role_of(one))}
    for role in app.roles.values():
        if role.id in reached or any(one.way is EVERYTHING for one in ways.get(role.id, ())):
            continue
        function = running.get(role.id)
        if function is None and (role.id not in app.resources or service_running(role) is None):
            continue
        resource = function.id if function is not None else role.id
        who = app.resources[resource].name if resource in app.resources else resource
        for found in wide(role, symbols):
            yield Match(
                at=found.at,
                message=f"whoever gets into {who} can {all_that(found)}",
                because=(Step(found.at, "the role may do all that"),),
                confidence=Confidence.HIGH,
                exposure=Exposure.APPLICATION,
                identity=(role.id, *found.reads, "", *found.writes),
                resource=resource,
                mends=(found.at,),
                help="name in Resource the stores of this application, and in Action what its "
                "code does with them",
            )
