"""A bucket could be opened. Its page is docs/rules/public-access-not-blocked.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.stores.buckets import BLOCKS, BUCKET, LISTS, READS, WRITES, blocks, opened
from stockade.analysis.stores.outsiders import outsiders_of
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Match,
    Persona,
    Responsibility,
    Severity,
    Step,
    inside,
)
from stockade.rules._rule import rule


@rule(
    title="a bucket does not block public access",
    harm=Severity.MEDIUM,
    practice="B1",
    cwe=(1188,),
    persona=Persona.STRICT,
    responsibility=Responsibility.SHARED,
)
def public_access_not_blocked(app: Application, _facts: Facts) -> Iterator[Match]:
    """Report buckets that leave a block off although nothing in the template needs it off."""
    outsiders = outsiders_of(app)
    for bucket in app.of_type(BUCKET):
        off = [setting for setting in BLOCKS if blocks(bucket, setting) is False]
        website = any(True for _ in inside(bucket.properties, "WebsiteConfiguration"))
        if not off or website or any(opened(bucket, outsiders, (*READS, *LISTS, *WRITES))):
            continue
        at = bucket.properties.key_at("PublicAccessBlockConfiguration")
        yield Match(
            at=at,
            message=f"one statement or ACL is enough to open {bucket.name} to anyone",
            because=(Step(at, f"{', '.join(off)} {'is' if len(off) == 1 else 'are'} off"),),
            confidence=Confidence.HIGH,
            exposure=Exposure.APPLICATION,
            identity=(bucket.id, *off),
            resource=bucket.id,
            help=(
                "remove PublicAccessBlockConfiguration, which blocks all by default, or set all "
                "four to true: what it does not name is off"
            ),
        )
