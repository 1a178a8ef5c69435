"""Users' objects lie under the default key. Its page is docs/rules/bucket-without-own-key.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.stores.buckets import key_of
from stockade.analysis.stores.written import BUCKETS, fed
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
    title="a bucket of users' data has no key of its own",
    harm=Severity.MEDIUM,
    practice="B2",
    cwe=(311,),
    persona=Persona.STRICT,
    responsibility=Responsibility.SHARED,
)
def bucket_without_own_key(app: Application, facts: Facts) -> Iterator[Match]:
    """Report buckets of users' data that are encrypted with S3's own key only."""
    for store, call in fed(app, facts, *BUCKETS).items():
        bucket = app.resources[store]
        if key_of(bucket) is not False:
            continue
        if call is not None:
            steps = (Step(call.at, f"{call.function} stores what users send here"),)
        else:
            steps = (Step(bucket.at, "mail of anyone is stored here"),)
        yield Match(
            at=bucket.at,
            message=(
                f"whoever may read {bucket.name} may decrypt it too: one policy is all "
                "that stands before its objects"
            ),
            because=(*steps, Step(bucket.at, "and S3 encrypts it with a key of its own")),
            confidence=Confidence.MEDIUM,
            exposure=Exposure.APPLICATION,
            identity=(bucket.id,),
            resource=bucket.id,
            help=(
                "set BucketEncryption to aws:kms with the ARN of an AWS::KMS::Key as "
                "KMSMasterKeyID, and BucketKeyEnabled, which makes it cheap"
            ),
        )
