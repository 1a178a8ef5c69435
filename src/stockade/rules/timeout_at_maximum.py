"""The timeout is the longest there is. Its page is docs/rules/timeout-at-maximum.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.limits import LONGEST_TIMEOUT, property_at, timeout
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Match,
    Persona,
    Severity,
    Step,
)
from stockade.rules._rule import rule


@rule(
    title="a timeout was left at the longest there is",
    harm=Severity.LOW,
    practice="F1",
    cwe=(400,),
    persona=Persona.STRICT,
)
def timeout_at_maximum(app: Application, facts: Facts) -> Iterator[Match]:
    """Report timeouts of 15 minutes, each line once."""
    for function in app.functions:
        resource = app.resources[function]
        if timeout(resource) != LONGEST_TIMEOUT or "DurableConfig" in resource.properties:
            continue
        at = property_at(resource, "Timeout")
        sources = app.event_sources_of(function)
        yield Match(
            at=at,
            message=f"{resource.name} may hang for 15 minutes before anyone notices",
            because=(Step(at, "this is the longest timeout that Lambda knows"),),
            confidence=Confidence.MEDIUM,
            exposure=max(
                (facts.exposures[one.id].exposure for one in sources), default=Exposure.PROVIDER
            ),
            identity=(function,),
            resource=function,
            help=(
                "measure how long it takes, and set Timeout to somewhat more than its slowest "
                "hundredth"
            ),
        )
