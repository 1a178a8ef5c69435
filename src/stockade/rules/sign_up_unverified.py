"""Sign-ups are not verified. Its page is docs/rules/sign-up-unverified.md."""

from collections.abc import Iterator

from stockade.analysis.admitting import confirming
from stockade.analysis.facts import Facts
from stockade.model import (
    Application,
    Confidence,
    EventSourceType,
    Exposure,
    Match,
    Severity,
    Step,
    constant,
)
from stockade.rules._rule import rule


@rule(
    title="whoever signs up is taken at their word",
    harm=Severity.MEDIUM,
    practice="C8",
    cwe=(287, 290),
)
def sign_up_unverified(app: Application, facts: Facts) -> Iterator[Match]:
    """Report triggers that confirm everybody who signs up to a user pool."""
    for source in app.event_sources:
        if source.type is not EventSourceType.COGNITO or source.detail is None:
            continue
        exposure = facts.exposures[source.id]
        if (
            constant(source.detail.get("Trigger")) != "PreSignUp"
            or exposure.exposure is not Exposure.ANYONE
        ):
            continue
        found = confirming(app, app.functions[source.function], facts.code)
        if found is None:
            continue
        name = app.resources[source.function].name
        what = (
            "takes whatever address they give as theirs"
            if found.verifies
            else "asks nothing of them"
        )
        yield Match(
            at=found.at,
            message=f"anyone can sign up, and {name} {what}",
            because=(*exposure.because, Step(found.at, "this confirms whoever signs up")),
            confidence=Confidence.HIGH,
            exposure=exposure.exposure,
            identity=(source.function, str(found.verifies)),
            resource=source.function,
            harm=None if found.verifies else Severity.LOW,
            help=(
                "let Cognito send a code to the address and leave the response as it came; "
                "confirm only users of an identity provider (PreSignUp_ExternalProvider) or those "
                "whom an administrator makes"
            ),
        )
