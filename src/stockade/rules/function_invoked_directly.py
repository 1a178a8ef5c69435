"""Outsiders may invoke a function by name. Page: docs/rules/function-invoked-directly.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.model import (
    Application,
    Confidence,
    EventSourceType,
    Exposure,
    Match,
    Severity,
)
from stockade.rules._rule import rule

_OUTSIDE = frozenset({Exposure.ANYONE, Exposure.OTHER_ACCOUNT})
_WHO = {
    Exposure.ANYONE: "anyone with an AWS account",
    Exposure.OTHER_ACCOUNT: "another account",
}


@rule(
    title="outsiders may invoke a function past its API",
    harm=Severity.HIGH,
    practice="G1",
    cwe=(284,),
)
def function_invoked_directly(app: Application, facts: Facts) -> Iterator[Match]:
    """Report functions that `*` or another account may invoke by name."""
    for source in app.event_sources:
        if source.type is not EventSourceType.INVOKE:
            continue
        found = facts.exposures[source.id]
        if found.exposure not in _OUTSIDE or not found.because:
            continue
        function = app.resources[source.function].name
        permission = app.resources.get(source.resource or "")
        if permission is None or permission.type != "AWS::Lambda::Permission":
            continue  # What clients are given past the gateway is client-past-gateway's.
        if "PrincipalOrgID" in permission.properties:
            continue  # The organisation's own accounts are no outsiders.
        yield Match(
            at=found.because[-1].at,
            message=(
                f"{_WHO[found.exposure]} may invoke {function} directly, past every authorizer "
                "and limit"
            ),
            because=found.because,
            confidence=Confidence.HIGH,
            exposure=found.exposure,
            identity=(source.function, source.id),
            resource=source.function,
            help=(
                "let callers come through an API with an authorizer, and grant "
                "lambda:InvokeFunction to nobody but its service, with a SourceArn"
            ),
            harm=Severity.MEDIUM if found.exposure is Exposure.OTHER_ACCOUNT else None,
        )
