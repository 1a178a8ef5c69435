"""Anyone can change a bucket. Its page is docs/rules/outsiders-write-to-bucket.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.stores.buckets import BUCKET, WRITES, closing, opened
from stockade.analysis.stores.outsiders import outsiders_of
from stockade.model import Application, Confidence, Exposure, Match, Severity, Step
from stockade.rules._rule import rule

_VERBS = {
    "s3:PutObject": "write",
    "s3:DeleteObject": "delete",
    "s3:PutObjectAcl": "open to others",
}


@rule(title="anyone can write to a bucket", harm=Severity.CRITICAL, practice="B5", cwe=(284, 732))
def outsiders_write_to_bucket(app: Application, _facts: Facts) -> Iterator[Match]:
    """Report buckets whose objects anyone can write or delete, all settings taken together."""
    outsiders = outsiders_of(app)
    for bucket in app.of_type(BUCKET):
        found = list(opened(bucket, outsiders, WRITES))
        if not found:
            continue
        first = found[0]
        verbs = [verb for action, verb in _VERBS.items() if any(o.action == action for o in found)]
        what = " and ".join(verbs) if verbs else "change the policy of"
        who = "anyone" if first.unsigned else "anyone with an AWS account"
        unless = f", unless {first.unless}" if first.unless else ""
        yield Match(
            at=first.at,
            message=f"{who} can {what} objects of {bucket.name}{unless}",
            because=(
                Step(bucket.at, closing(first)),
                Step(first.at, first.note),
            ),
            confidence=Confidence.MEDIUM if first.unless else Confidence.HIGH,
            exposure=Exposure.ANYONE,
            identity=(bucket.id, *verbs),
            resource=bucket.id,
            mends=tuple(dict.fromkeys(one.at for one in found)),
            help=(
                "remove the statement or ACL, and let clients upload one object at a time "
                "through presigned URLs that a function of yours hands out"
            ),
        )
