"""Anyone can read a bucket. Its page is docs/rules/public-bucket.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.stores.buckets import BUCKET, LISTS, READS, Open, closing, opened
from stockade.analysis.stores.outsiders import outsiders_of
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Match,
    Resource,
    Severity,
    Step,
    inside,
)
from stockade.rules._advice import advice
from stockade.rules._rule import rule


@rule(title="anyone can read a bucket", harm=Severity.HIGH, practice="B1", cwe=(284, 732))
def public_bucket(app: Application, _facts: Facts) -> Iterator[Match]:
    """Report buckets that anyone reads or lists; a website's pages are meant to be read."""
    outsiders = outsiders_of(app)
    for bucket in app.of_type(BUCKET):
        found = list(opened(bucket, outsiders, (*READS, *LISTS)))
        if _is_website(bucket):
            found = [one for one in found if one.action in LISTS and not one.unless]
        if not found:
            continue
        first = found[0]
        verbs = [
            verb
            for verb, actions in (("list", LISTS), ("read", READS))
            if any(one.action in actions for one in found)
        ]
        who = "anyone" if first.unsigned else "anyone with an AWS account"
        steps = [Step(bucket.at, closing(first))]
        steps += [
            Step(at, note) for at, note in dict.fromkeys((one.at, one.note) for one in found)
        ]
        yield Match(
            at=first.at,
            message=(
                f"{who} can {' and '.join(verbs)} the objects of {bucket.name}{_unless(first)}"
            ),
            because=tuple(steps),
            confidence=Confidence.MEDIUM if first.unless else Confidence.HIGH,
            exposure=Exposure.ANYONE,
            identity=(bucket.id, *verbs),
            resource=bucket.id,
            rests_on=tuple(dict.fromkeys(one.at for one in found)),
            help=advice(app, bucket.id, _INSTEAD, sst=_IN_SST),
        )


def _unless(first: Open) -> str:
    return f", unless {first.unless}" if first.unless else ""


def _is_website(bucket: Resource) -> bool:
    return any(True for _ in inside(bucket.properties, "WebsiteConfiguration"))


_IN_SST = (
    'take `access: "public"` away; serve what is public by `access: "cloudfront"` and a Router'
)
_INSTEAD = (
    "remove the statement or ACL and the PublicAccessBlockConfiguration that allows it; serve "
    "what is public through CloudFront with origin access control"
)
