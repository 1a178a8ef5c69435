"""Anyone can read a secret. Its page is docs/rules/outsiders-read-secret.md."""

from collections.abc import Iterator

from stockade._lists import several
from stockade.analysis.facts import Facts
from stockade.analysis.stores.outsiders import Outsiders
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Match,
    Names,
    Resource,
    Severity,
    Step,
)
from stockade.rules._rule import rule

_VERBS = {
    "secretsmanager:GetSecretValue": "read",
    "secretsmanager:PutSecretValue": "replace",
    "secretsmanager:DeleteSecret": "delete",
}
_WITHOUT_KEY = "secretsmanager:DeleteSecret"


@rule(title="anyone can read a secret", harm=Severity.CRITICAL, practice="K2", cwe=(284, 522))
def outsiders_read_secret(app: Application, _facts: Facts) -> Iterator[Match]:
    """Report secrets whose own policy admits every account of AWS."""
    outsiders = Outsiders(app)
    for secret in outsiders.protected("AWS::SecretsManager::Secret"):
        found = list(outsiders.allowed(secret, _VERBS))
        if not found:
            continue
        at = found[0].statement.key_at("Principal")
        name = secret.name
        kept = _kept_by_key(app, outsiders, secret)
        verbs = [_VERBS[one.action] for one in found]
        message = f"anyone with an AWS account can {several(verbs)} {name}"
        if kept and not any(one.action == _WITHOUT_KEY for one in found):
            message = f"only {kept} keeps everyone with an AWS account from reading {name}"
        elif kept:
            message = f"anyone with an AWS account can delete {name}"
        yield Match(
            at=at,
            message=message,
            because=(Step(secret.at, "this secret"), Step(at, "is open to every account of AWS")),
            confidence=Confidence.HIGH,
            exposure=Exposure.ANYONE,
            identity=(secret.id, *verbs),
            resource=secret.id,
            harm=Severity.MEDIUM if kept else None,
            help=(
                "name the roles that read it as Principal, or leave the policy out: within one "
                "account the roles' own policies are enough; BlockPublicPolicy: true has AWS "
                "refuse such a policy"
            ),
        )


def _kept_by_key(app: Application, outsiders: Outsiders, secret: Resource) -> str:
    """Name the key under which a stranger's request ends, if it surely does.

    AWS's own key serves nobody of another account ("Access AWS Secrets Manager secrets from a
    different account"); one of the application's own serves those whom its policy lets in.
    """
    written = secret.properties.get("KmsKeyId")
    if written is None:
        return "AWS's own key"
    found = Names(app.resources).find(written, "AWS::KMS::Key")
    if found is None or list(outsiders.allowed(app.resources[found], ("kms:Decrypt",))):
        return ""
    return f"the key {app.resources[found].name}"
