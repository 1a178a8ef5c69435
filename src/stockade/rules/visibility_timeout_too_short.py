"""A message comes back too early. Page: docs/rules/visibility-timeout-too-short.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.limits import DEFAULT_VISIBILITY, number, property_at, timeout
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Match,
    Names,
    Persona,
    Resource,
    Severity,
    Step,
)
from stockade.rules._advice import advice
from stockade.rules._rule import rule

_TIMES = 6
"""As AWS recommends: "Creating and configuring an Amazon SQS event source mapping"."""


@rule(
    title="messages are delivered again while they are still worked on",
    harm=Severity.LOW,
    practice="F1",
    cwe=(400,),
    persona=Persona.STRICT,
)
def visibility_timeout_too_short(app: Application, facts: Facts) -> Iterator[Match]:
    """Report queues that hide a message for less than six times the function's timeout."""
    names = Names(app.resources)
    for mapping in app.of_type("AWS::Lambda::EventSourceMapping"):
        queue = names.find(mapping.properties.get("EventSourceArn"), "AWS::SQS::Queue")
        function = names.function(mapping.properties.get("FunctionName"))
        if queue is None or function is None:
            continue
        seconds, hidden = timeout(app.resources[function]), _hidden(app.resources[queue])
        if seconds is not None and hidden is not None and hidden < _TIMES * seconds:
            sources = app.event_sources_of(function)
            exposures = [
                facts.exposures[one.id].exposure for one in sources if one.resource == queue
            ]
            exposure = max(exposures, default=Exposure.APPLICATION)
            ends = (app.resources[queue], app.resources[function])
            yield _match(app, mapping, ends, (seconds, hidden), exposure)


def _match(
    app: Application,
    mapping: Resource,
    ends: tuple[Resource, Resource],
    times: tuple[int, int],
    exposure: Exposure,
) -> Match:
    queue, function = ends
    seconds, hidden = times
    at = property_at(queue, "VisibilityTimeout")
    fails = hidden < seconds
    message = (
        f"{queue.name} hides messages for {hidden} seconds and {function.name} may "
        f"take {seconds}: "
    )
    message += "Lambda refuses to connect them" if fails else "throttled ones are worked on twice"
    return Match(
        at=at,
        message=message,
        because=(
            Step(mapping.at, "messages of the queue start the function"),
            Step(property_at(function, "Timeout"), f"which may take {seconds} seconds"),
            Step(at, f"and after {hidden} the queue hands the message out again"),
        ),
        confidence=Confidence.HIGH,
        exposure=exposure,
        identity=(queue.id, function.id),
        resource=queue.id,
        help=advice(
            app,
            queue.id,
            f"set VisibilityTimeout to {_TIMES * seconds} or more, or Timeout to less",
            terraform=(
                f"set visibility_timeout_seconds to {_TIMES * seconds} or more, or the function's "
                "timeout to less"
            ),
            sst=(
                f'set visibilityTimeout: "{_TIMES * seconds} seconds" or more, or the function\'s '
                "timeout to less"
            ),
            cdk=(
                f"set visibilityTimeout to Duration.seconds({_TIMES * seconds}) or more, or the "
                "function's timeout to less"
            ),
        ),
    )


def _hidden(queue: Resource) -> int | None:
    written = queue.properties.get("VisibilityTimeout")
    return DEFAULT_VISIBILITY if written is None else number(written)
