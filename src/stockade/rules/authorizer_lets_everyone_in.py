"""An authorizer lets everyone in. Its page is docs/rules/authorizer-lets-everyone-in.md."""

from collections.abc import Iterator

from stockade.analysis.admitting import admitting, failing_open
from stockade.analysis.facts import Facts
from stockade.model import (
    Application,
    Confidence,
    EventSource,
    EventSourceType,
    Exposure,
    Location,
    Match,
    Severity,
    Step,
)
from stockade.rules._rule import rule


@rule(title="an authorizer lets everyone in", harm=Severity.HIGH, practice="G2", cwe=(287,))
def authorizer_lets_everyone_in(app: Application, facts: Facts) -> Iterator[Match]:
    """Report authorizers that test nothing, and those that allow where their test fails."""
    told = set()
    for source in app.event_sources:
        if source.type is not EventSourceType.AUTHORIZER or source.function in told:
            continue
        told.add(source.function)
        function = app.functions[source.function]
        at = admitting(app, function, facts.code)
        fails_open = None if at is not None else failing_open(app, function, facts.code)
        if at is not None:
            yield _match(app, source, at, "every request, whatever the caller shows", "it allows")
        elif fails_open is not None:
            says = "whatever goes wrong in what it tries, it allows"
            yield _match(app, source, fails_open, "whoever makes its check fail", says)


def _match(app: Application, source: EventSource, at: Location, whom: str, says: str) -> Match:
    return Match(
        at=at,
        message=f"{app.resources[source.function].name} allows {whom}",
        because=(Step(source.at, "routes are left to this authorizer"), Step(at, says)),
        confidence=Confidence.HIGH,
        exposure=Exposure.ANYONE,
        identity=(source.function,),
        resource=source.function,
        help=(
            "verify the token that the caller sends (signature, issuer, audience, expiry), "
            "and deny otherwise; a JWT or Cognito authorizer does so without code"
        ),
    )
