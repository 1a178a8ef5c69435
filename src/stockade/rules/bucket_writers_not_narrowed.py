"""A bucket of data takes from all. Its page is docs/rules/bucket-writers-not-narrowed.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.statements import conditions, covers, effect
from stockade.analysis.stores.attached import resource_policies
from stockade.analysis.stores.written import BUCKETS, fed
from stockade.model import (
    Application,
    Confidence,
    EventSourceType,
    Exposure,
    Map,
    Match,
    Persona,
    Severity,
    Step,
)
from stockade.rules._rule import rule


@rule(
    title="a bucket's policy does not narrow who may write",
    harm=Severity.MEDIUM,
    practice="B5",
    cwe=(284,),
    persona=Persona.STRICT,
)
def bucket_writers_not_narrowed(app: Application, facts: Facts) -> Iterator[Match]:
    """Report buckets of users' data, and buckets that start functions, that deny no writer."""
    policies = resource_policies(app)
    notes = dict.fromkeys(fed(app, facts, *BUCKETS), "what users send is stored here")
    for source in app.event_sources:
        bucket = app.resources.get(source.resource or "")
        if source.type is EventSourceType.S3 and bucket is not None:
            notes.setdefault(bucket.id, "what is stored here starts a function")
    for store, note in notes.items():
        if any(
            effect(statement) == "deny"
            and covers(statement, ("s3:PutObject",))
            and _names_writers(statement)
            for statement in policies.get(store, ())
        ):
            continue
        bucket = app.resources[store]
        if bucket.type not in BUCKETS:
            continue
        yield Match(
            at=bucket.at,
            message=f"any role of the account that may write to every bucket may write to "
            f"{bucket.name}",
            because=(Step(bucket.at, note), Step(bucket.at, "and no policy denies other writers")),
            confidence=Confidence.HIGH,
            exposure=Exposure.APPLICATION,
            identity=(bucket.id,),
            resource=bucket.id,
            help=(
                "add a BucketPolicy that denies s3:PutObject to everyone but the role that writes "
                "(ArnNotEquals: aws:PrincipalArn), or to all outside one VPC (aws:SourceVpce)"
            ),
        )


_OF_WRITERS = (
    "aws:principalarn",
    "aws:principalservicename",
    "aws:principalaccount",
    "aws:principalorgid",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:userid",
    "aws:principaltag",
    "aws:sourceip",
)


def _names_writers(statement: Map) -> bool:
    """Tell whether a Deny spares some: by principal, network or service."""
    if "NotPrincipal" in statement:
        return True
    return any(condition.key.startswith(_OF_WRITERS) for condition in conditions(statement))
