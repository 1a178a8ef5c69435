"""Users' items lie under the default key. Its page is docs/rules/table-without-own-key.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.stores.tables import has_own_key
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
    title="a table of users' data has no key of its own",
    harm=Severity.MEDIUM,
    practice="T1",
    cwe=(311,),
    persona=Persona.STRICT,
    responsibility=Responsibility.SHARED,
)
def table_without_own_key(app: Application, facts: Facts) -> Iterator[Match]:
    """Report tables of users' data that are encrypted with a key of AWS."""
    for store, call in fed(app, facts, *TABLES).items():
        table = app.resources[store]
        if call is None or has_own_key(table) is not False:
            continue
        yield Match(
            at=table.at,
            message=(
                f"whoever may read {table.name} may decrypt it too: one policy is all that "
                "stands before its items"
            ),
            because=(
                Step(call.at, f"{call.function} stores what users send here"),
                Step(table.at, "and DynamoDB encrypts it with a key of AWS"),
            ),
            confidence=Confidence.MEDIUM,
            exposure=Exposure.APPLICATION,
            identity=(table.id,),
            resource=table.id,
            help=(
                "set SSESpecification to {SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: ...} "
                "with an AWS::KMS::Key whose policy names who may decrypt"
            ),
        )
