"""Models that Powertools makes of events: a handler sees what their types let through."""

from typing import Final

from stockade.analysis.interpreter import records
from stockade.analysis.interpreter.language import Behaviour, list_of
from stockade.analysis.interpreter.protocol import Arguments, Invocation, Machine, Site
from stockade.analysis.interpreter.values import Bound, External, Ref, Val, join_all

_PARSER: Final = "aws_lambda_powertools.utilities.parser"

_ENVELOPES: Final[dict[str, tuple[str, ...]]] = {
    "ApiGatewayEnvelope": ("body",),
    "ApiGatewayV2Envelope": ("body",),
    "ApiGatewayWebSocketEnvelope": ("body",),
    "LambdaFunctionUrlEnvelope": ("body",),
    "VpcLatticeEnvelope": ("body",),
    "VpcLatticeV2Envelope": ("body",),
    "BedrockAgentEnvelope": ("inputText",),
    "EventBridgeEnvelope": ("detail",),
    "SqsEnvelope": ("Records", "[]", "body"),
    "SnsEnvelope": ("Records", "[]", "Sns", "Message"),
    "SnsSqsEnvelope": ("Records", "[]", "body", "Message"),
    "KinesisDataStreamEnvelope": ("Records", "[]", "kinesis", "data"),
    "DynamoDBStreamEnvelope": ("Records", "[]", "dynamodb", "NewImage"),
}
"""Where in the event each envelope looks for the model's own data."""


def _parse(machine: Machine, call: Invocation) -> Val | None:
    """`parse(event=..., model=..., envelope=...)`: the model, or a list of it."""
    model = call.arguments.get(1, "model")
    event = call.arguments.get(0, "event")
    if model is None or event is None:
        return None
    envelope = _name(call.arguments.get(2, "envelope"))
    if envelope is None:
        return made(machine, model, event, call.site)
    return _from_envelope(machine, model, envelope, call.site)


def _decorate(machine: Machine, call: Invocation) -> Val | None:
    """`@event_parser(model=..., envelope=...)`: the handler, given the model for the event."""
    handler = call.arguments.get(0, None)
    settings = _settings(call.receiver)
    model = settings.get("model")
    if handler is None or model is None:
        return None
    envelope = _name(settings.get("envelope"))
    if envelope is None:
        parsed = made(machine, model, machine.event((), call.site), call.site)
    else:
        parsed = _from_envelope(machine, model, envelope, call.site)
    if parsed is None:
        return None
    return Val(tuple(Bound(Val((shape,)), parsed) for shape in handler.shapes))


def _from_envelope(machine: Machine, model: Val, envelope: str, site: Site) -> Val | None:
    path = _ENVELOPES.get(envelope)
    if path is None:
        return None
    one = made(machine, model, machine.event(path, site), site)
    return list_of(machine, one, site, "parsed") if one is not None and "[]" in path else one


def made(machine: Machine, model: Val, data: Val, site: Site) -> Val | None:
    """Return an object of the model, or None if the model is not the application's own."""
    return join_all(
        records.method(
            machine,
            found,
            Invocation("model_validate", Val((Ref(address),)), Arguments([data]), site),
        )
        for address, found in machine.objects(model)
        if found.kind == "class"
    )


def _settings(receiver: Val) -> dict[str, Val]:
    for shape in receiver.shapes:
        if isinstance(shape, External):
            return dict(shape.made_of)
    return {}


def _name(envelope: Val | None) -> str | None:
    """Return the last part of an envelope's name, None where none was given."""
    for shape in envelope.shapes if envelope is not None else ():
        if isinstance(shape, External):
            return shape.name.rpartition(".")[2].removesuffix("()")
    return None


BEHAVIOURS: Final[dict[str, Behaviour]] = {
    f"{_PARSER}.parse": _parse,
    f"{_PARSER}.parser.parse": _parse,
    f"{_PARSER}.event_parser()": _decorate,
    f"{_PARSER}.parser.event_parser()": _decorate,
}
