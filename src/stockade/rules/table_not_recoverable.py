"""A table cannot be had back. Its page is docs/rules/table-not-recoverable.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.stores.tables import expires, is_protected, is_restorable
from stockade.analysis.stores.written import TABLES, fed
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Match,
    Persona,
    Responsibility,
    Severity,
    Step,
)
from stockade.rules._rule import rule


@rule(
    title="a table of users' data cannot be had back",
    harm=Severity.MEDIUM,
    practice="T4",
    cwe=(693,),
    persona=Persona.STRICT,
    responsibility=Responsibility.SHARED,
)
def table_not_recoverable(app: Application, facts: Facts) -> Iterator[Match]:
    """Report tables that users' data goes into and that are not backed up or not protected."""
    for store, call in fed(app, facts, *TABLES).items():
        table = app.resources[store]
        missing = [
            (note, instead)
            for holds, note, instead in (
                (
                    is_restorable(table),
                    "has no point-in-time recovery",
                    "PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}",
                ),
                (
                    is_protected(table),
                    "goes when the stack goes",
                    "DeletionProtectionEnabled: true",
                ),
            )
            if holds is False
        ]
        if call is None or not missing:
            continue
        if expires(table) and is_restorable(table) is False and len(missing) == 1:
            continue
        notes = " and ".join(note for note, _ in missing)
        yield Match(
            at=table.at,
            message=f"one wrong call or update loses what users gave to {table.name}",
            because=(
                Step(call.at, f"{call.function} stores what users send here"),
                Step(table.at, f"and this table {notes}"),
            ),
            confidence=Confidence.HIGH,
            exposure=Exposure.APPLICATION,
            identity=(table.id, *(note for note, _ in missing)),
            resource=table.id,
            help="set " + " and ".join(instead for _, instead in missing),
        )
