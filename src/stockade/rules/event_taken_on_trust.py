"""An event is acted on unchecked. Its page is docs/rules/event-taken-on-trust.md."""

from collections.abc import Iterator

from stockade.analysis.code.languages import is_analysed
from stockade.analysis.effects import Effect, Effects
from stockade.analysis.facts import ExternalCall, Facts
from stockade.analysis.operations import EffectKind
from stockade.analysis.validators import validating
from stockade.model import (
    Application,
    Confidence,
    EventData,
    EventSource,
    EventSourceType,
    Exposure,
    Match,
    Persona,
    Severity,
    Step,
)
from stockade.rules._matches import event_fields
from stockade.rules._rule import rule
from stockade.rules._tokens import verifying_functions
from stockade.rules._wording import place, who

_ENVELOPES = {
    EventSourceType.SNS: "Records",
    EventSourceType.SQS: "Records",
    EventSourceType.KINESIS: "Records",
    EventSourceType.S3: "Records",
    EventSourceType.SES: "Records",
    EventSourceType.KAFKA: "records",
    EventSourceType.MQ: "",
    EventSourceType.EVENT_BUS: "detail",
    EventSourceType.IOT: "",
    EventSourceType.INVOKE: "",
    EventSourceType.STEP_FUNCTIONS: "",
    EventSourceType.FUNCTION_URL: "body",
    EventSourceType.LOAD_BALANCER: "body",
    EventSourceType.WEBSOCKET_API: "body",
}
"""Where in the event a sender's own words stand, for the sources that check nothing themselves.

The bodies of REST and HTTP APIs are what `body-without-schema` is about; AppSync has a schema.
"""


@rule(
    title="an outsider's event is acted on unchecked",
    harm=Severity.LOW,
    practice="E2",
    cwe=(20,),
    persona=Persona.STRICT,
)
def event_taken_on_trust(app: Application, facts: Facts) -> Iterator[Match]:
    """Report functions that write, send or start what an outsider's event says, once each."""
    checking = validating(facts) | verifying_functions(facts)
    effects = Effects(app, facts)
    sources = {one.function: one for one in _most_exposed_last(app, facts)}
    for name, source in sources.items():
        if name in checking or not is_analysed(app.functions[name]):
            continue
        calls = [call for call in facts.calls if call.function == name]
        found = next(_acting(effects, calls, _ENVELOPES[source.type]), None)
        if found is not None:
            yield _match(app, facts, source, *found)


def _most_exposed_last(app: Application, facts: Facts) -> list[EventSource]:
    """Return the sources through which outsiders send what nothing has checked."""
    found = [
        source
        for source in app.event_sources
        if source.type in _ENVELOPES
        and source.function in app.functions
        and facts.exposures[source.id].exposure > Exposure.APPLICATION
    ]
    return sorted(found, key=lambda one: facts.exposures[one.id].exposure)


def _acting(
    effects: Effects, calls: list[ExternalCall], envelope: str
) -> Iterator[tuple[Effect, EventData]]:
    """Yield what is done with data of the event that nothing looked at."""
    for call in calls:
        data = next(_unchecked(call, envelope), None)
        if data is not None:
            for effect in effects.of_calls((call,)):
                if effect.kind is not EffectKind.READS:
                    yield effect, data


def _unchecked(call: ExternalCall, envelope: str) -> Iterator[EventData]:
    for value in call.arguments.values():
        for data in event_fields(value):
            if not data.checked and data.field.startswith(envelope):
                yield data


def _match(
    app: Application, facts: Facts, source: EventSource, effect: Effect, data: EventData
) -> Match:
    sent = facts.exposures[source.id]
    function = app.resources[source.function].name
    sender = who(app, source.id, sent.exposure)
    return Match(
        at=effect.at,
        message=(
            f"nothing checks what {function} is sent before it {effect.does}: {sender} decides "
            f"what {place(data.field)} holds"
        ),
        because=(*sent.because, *effect.steps, Step(effect.at, f"{place(data.field)} as it came")),
        confidence=Confidence.MEDIUM,
        exposure=sent.exposure,
        identity=(source.function, effect.does),
        resource=source.function,
        help=(
            "say once what such an event looks like, and turn the rest away: a model of pydantic "
            "(Powertools' event_parser), jsonschema, zod, or an allow list for each field"
        ),
    )
