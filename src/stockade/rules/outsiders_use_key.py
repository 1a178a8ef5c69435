"""Anyone can use a key. Its page is docs/rules/outsiders-use-key.md."""

from collections.abc import Iterator

from stockade._lists import several
from stockade.analysis.facts import Facts
from stockade.analysis.stores.outsiders import outsiders_of
from stockade.model import Application, Confidence, Exposure, Match, Severity, Step
from stockade.rules._rule import rule

_VERBS = {
    "kms:Decrypt": "decrypt with",
    "kms:GenerateDataKey": "encrypt with",
    "kms:PutKeyPolicy": "take over",
    "kms:ScheduleKeyDeletion": "delete",
}


@rule(title="anyone can use a key", harm=Severity.CRITICAL, practice="K3", cwe=(284, 732))
def outsiders_use_key(app: Application, _facts: Facts) -> Iterator[Match]:
    """Report keys whose policy admits every account of AWS."""
    outsiders = outsiders_of(app)
    for key in outsiders.protected("AWS::KMS::Key", "AWS::KMS::ReplicaKey"):
        found = list(outsiders.allowed(key, _VERBS))
        if not found:
            continue
        verbs = [_VERBS[one.action] for one in found]
        at = found[0].statement.key_at("Principal")
        yield Match(
            at=at,
            message=f"anyone with an AWS account can {several(verbs)} the key {key.name}",
            because=(Step(key.at, "this key"), Step(at, "is open to every account of AWS")),
            confidence=Confidence.HIGH,
            exposure=Exposure.ANYONE,
            identity=(key.id, *verbs),
            resource=key.id,
            help=(
                "name the roles that may decrypt; to let the account's own policies decide, name "
                "!Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:root"
            ),
        )
