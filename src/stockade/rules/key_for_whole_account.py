"""All of an account may decrypt. Its page is docs/rules/key-for-whole-account.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.stores.outsiders import outsiders_of
from stockade.model import Application, Confidence, Exposure, Match, Persona, Severity, Step
from stockade.rules._rule import rule


@rule(
    title="everyone in the account may be let decrypt",
    harm=Severity.MEDIUM,
    practice="K3",
    cwe=(732,),
    persona=Persona.STRICT,
)
def key_for_whole_account(app: Application, _facts: Facts) -> Iterator[Match]:
    """Report keys with which any role decrypts whose own policy says so."""
    outsiders = outsiders_of(app)
    for key in outsiders.protected("AWS::KMS::Key"):
        found = outsiders.within(key, "kms:Decrypt")
        if found is None or next(outsiders.allowed(key, ("kms:Decrypt",)), None) is not None:
            continue
        at = found.statement.at
        yield Match(
            at=at,
            message=f"any role with kms:Decrypt on all keys reads what {key.name} protects",
            because=(Step(key.at, "this key"), Step(at, "leaves it to the account's roles")),
            confidence=Confidence.HIGH,
            exposure=Exposure.APPLICATION,
            identity=(key.id,),
            resource=key.id,
            help=(
                "give the account what administers the key (kms:PutKeyPolicy, kms:DescribeKey, "
                "...) and kms:Decrypt to the roles that read the data"
            ),
        )
