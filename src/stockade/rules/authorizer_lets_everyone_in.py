"""An authorizer lets everyone in. Its page is docs/rules/authorizer-lets-everyone-in.md."""

from collections.abc import Iterator

from stockade.analysis.admitting import admitting
from stockade.analysis.facts import Facts
from stockade.model import (
    Application,
    Confidence,
    EventSourceType,
    Exposure,
    Match,
    Severity,
    Step,
)
from stockade.rules._rule import rule


@rule(title="an authorizer lets everyone in", harm=Severity.HIGH, practice="G2", cwe=(287,))
def authorizer_lets_everyone_in(app: Application, facts: Facts) -> Iterator[Match]:
    """Report authorizers whose code allows every request and tests nothing."""
    told = set()
    for source in app.event_sources:
        if source.type is not EventSourceType.AUTHORIZER or source.function in told:
            continue
        told.add(source.function)
        at = admitting(app, app.functions[source.function], facts.code)
        if at is None:
            continue
        name = app.resources[source.function].name
        yield Match(
            at=at,
            message=f"{name} allows every request, whatever the caller shows",
            because=(Step(source.at, "routes are left to this authorizer"), Step(at, "it allows")),
            confidence=Confidence.HIGH,
            exposure=Exposure.ANYONE,
            identity=(source.function,),
            resource=source.function,
            help=(
                "verify the token that the caller sends (signature, issuer, audience, expiry), "
                "and deny otherwise; a JWT or Cognito authorizer does so without code"
            ),
        )
