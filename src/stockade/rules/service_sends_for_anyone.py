"""A service sends for any account. Its page is docs/rules/service-sends-for-anyone.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.stores.outsiders import outsiders_of
from stockade.analysis.stores.senders import SENDING, kept_for
from stockade.model import Application, Confidence, Exposure, Match, Severity, Step
from stockade.rules._rule import rule


@rule(
    title="a service of AWS sends for any account",
    harm=Severity.HIGH,
    practice="E1",
    cwe=(441,),
)
def service_sends_for_anyone(app: Application, _facts: Facts) -> Iterator[Match]:
    """Report policies that name a service that sends, but not whose resource it sends for."""
    outsiders = outsiders_of(app)
    for resource in outsiders.protected(*SENDING, "AWS::S3::Bucket"):
        verbs = SENDING.get(resource.type, {"s3:PutObject": "write to"})
        if any(outsiders.allowed(resource, tuple(verbs)[:1])):
            continue  # Who may do it without a service is told that.
        for access in outsiders.through_services(resource, tuple(verbs)[:1]):
            service = access.service
            at = access.statement.key_at("Principal")
            yield Match(
                at=at,
                message=(
                    f"anyone with an AWS account can have {service} "
                    f"{verbs[access.action]} {resource.name}"
                ),
                because=(
                    Step(at, f"{service} may, for whichever account asks it"),
                    *(Step(source.at, note) for source, note in kept_for(app, resource)),
                ),
                confidence=Confidence.HIGH,
                exposure=Exposure.OTHER_ACCOUNT,
                identity=(resource.id, service),
                resource=resource.id,
                help=(
                    "add Condition: {ArnLike: {aws:SourceArn: ...}} with the ARN of what sends, "
                    "or StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}"
                ),
            )
