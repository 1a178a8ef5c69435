"""A key stays the same for ever. Its page is docs/rules/key-does-not-rotate.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Match,
    Persona,
    Resource,
    Responsibility,
    Severity,
    Step,
    alternatives,
    constant,
)
from stockade.rules._rule import rule


@rule(
    title="a key does not rotate",
    harm=Severity.MEDIUM,
    practice="K3",
    cwe=(324,),
    persona=Persona.STRICT,
    responsibility=Responsibility.SHARED,
)
def key_does_not_rotate(app: Application, _facts: Facts) -> Iterator[Match]:
    """Report symmetric keys that AWS made and that it is not told to rotate."""
    for key in app.of_type("AWS::KMS::Key"):
        if not _can_rotate(key) or _may_rotate(key):
            continue
        yield Match(
            at=key.at,
            message=f"whoever gets hold of {key.name} once can decrypt all that comes after",
            because=(Step(key.at, "this key is never rotated"),),
            confidence=Confidence.HIGH,
            exposure=Exposure.APPLICATION,
            identity=(key.id,),
            resource=key.id,
            help="set EnableKeyRotation: true; what was encrypted before can still be decrypted",
        )


def _can_rotate(key: Resource) -> bool:
    """Tell whether AWS rotates keys of this kind: symmetric ones whose material it made."""
    properties = key.properties
    spec = constant(properties.get("KeySpec")) or "SYMMETRIC_DEFAULT"
    use = constant(properties.get("KeyUsage")) or "ENCRYPT_DECRYPT"
    origin = constant(properties.get("Origin")) or "AWS_KMS"
    return (spec, use, origin) == ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", "AWS_KMS")


def _may_rotate(key: Resource) -> bool:
    written = key.properties.get("EnableKeyRotation")
    return written is not None and any(
        str(constant(way)).lower() != "false" for way in alternatives(written)
    )
