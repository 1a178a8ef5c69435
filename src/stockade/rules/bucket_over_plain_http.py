"""A bucket answers without TLS. Its page is docs/rules/bucket-over-plain-http.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.statements import conditions, effect
from stockade.analysis.stores.attached import resource_policies
from stockade.analysis.stores.written import BUCKETS, fed
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Map,
    Match,
    Persona,
    Severity,
    Step,
    constant,
    expression,
    inside,
)
from stockade.rules._rule import rule


@rule(
    title="a bucket can be read without TLS",
    harm=Severity.MEDIUM,
    practice="B2",
    cwe=(319,),
    persona=Persona.STRICT,
)
def bucket_over_plain_http(app: Application, facts: Facts) -> Iterator[Match]:
    """Report buckets of users' data whose policy does not turn plain HTTP away."""
    policies = resource_policies(app)
    for store in fed(app, facts, *BUCKETS):
        if any(_needs_tls(statement) for statement in policies.get(store, ())):
            continue
        bucket = app.resources[store]
        yield Match(
            at=bucket.at,
            message=f"whoever is on the way can read what is sent to {bucket.name}",
            because=(Step(bucket.at, "no policy denies requests without TLS"),),
            confidence=Confidence.HIGH,
            exposure=Exposure.APPLICATION,
            identity=(bucket.id,),
            resource=bucket.id,
            help=(
                'add a BucketPolicy that denies s3:* to "*" under the condition '
                'Bool: {aws:SecureTransport: "false"}'
            ),
        )


def _needs_tls(statement: Map) -> bool:
    """Tell whether a statement denies all that comes without TLS, or with an old version of it."""
    if effect(statement) != "deny" or not _is_of_all(statement):
        return False
    for condition in conditions(statement):
        texts = {str(constant(value)).lower() for value in condition.values}
        if condition.key == "aws:securetransport" and "false" in texts:
            return True
        if condition.key == "s3:tlsversion":
            return True
    return False


def _is_of_all(statement: Map) -> bool:
    actions = {expression(one).lower() for one in inside(statement, "Action", "[]")}
    return bool(actions & {"*", "s3:*"})
