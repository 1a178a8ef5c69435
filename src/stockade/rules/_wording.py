"""Who can do it: the first words of a message."""

from stockade.analysis.exposure.routes import is_of_unseen_api
from stockade.analysis.facts import ExternalCall, Flow
from stockade.model import (
    Application,
    EventSource,
    EventSourceType,
    Exposure,
    Location,
    Unknown,
)

_BY_EXPOSURE = {
    Exposure.ANYONE: "anyone",
    Exposure.SIGNED_IN: "any signed-in user",
    Exposure.PARTNER: "any caller who was given access",
    Exposure.OTHER_ACCOUNT: "principals of another account",
    Exposure.STAFF: "users whom it lets in by their role",
    Exposure.APPLICATION: "whoever can send its events",
    Exposure.PROVIDER: "an event of AWS",
}

_ANYONE = {
    EventSourceType.SES: "anyone who can mail it",
    EventSourceType.S3: "anyone who can write to its bucket",
}

_WITHIN = {
    EventSourceType.S3: "whoever may write to its bucket",
    EventSourceType.SNS: "whoever may publish to its topic",
    EventSourceType.SQS: "whoever may send to its queue",
    EventSourceType.EVENT_BUS: "whoever may put events on its bus",
    EventSourceType.DYNAMODB_STREAM: "whoever may write to its table",
    EventSourceType.DOCUMENTDB: "whoever may write to its database",
    EventSourceType.KINESIS: "whoever may write to its stream",
    EventSourceType.FIREHOSE: "whoever may write to its stream",
    EventSourceType.KAFKA: "whoever may write to its topic",
    EventSourceType.MQ: "whoever may send to its queue",
    EventSourceType.LOGS: "whoever may write to its log",
    EventSourceType.IOT: "whoever may publish to its IoT topic",
    EventSourceType.SES: "whoever can mail it",
    EventSourceType.STEP_FUNCTIONS: "whoever may start its state machine",
    EventSourceType.INVOKE: "whoever may invoke it",
    EventSourceType.COGNITO: "whoever uses its user pool",
}

_BY_NAME = frozenset({EventSourceType.INVOKE, EventSourceType.STEP_FUNCTIONS})


def sender(app: Application, flow: Flow) -> str:
    """Name those who can send what flows, as the beginning of a sentence."""
    origin = flow.origin
    if origin.event_source is None and origin.exposure is Exposure.APPLICATION:
        _, within, store = f" {origin.field}".rpartition(" an item of ")
        return f"whoever may write to {store}" if within else "whoever may invoke it"
    return who(app, origin.event_source, origin.exposure)


def who(app: Application, event_source: str | None, exposure: Exposure) -> str:
    """Name those who can send the event, as the beginning of a sentence."""
    source = source_of(app, event_source)
    kind = source.type if source is not None else None
    if exposure is Exposure.ANYONE:
        if source is not None and _is_stored_mail(app, source):
            kind = EventSourceType.SES
        return _ANYONE.get(kind, "anyone") if kind is not None else "anyone"
    if exposure is Exposure.OTHER_ACCOUNT and kind in _WITHIN:
        return f"{_WITHIN[kind]}, another account included,"
    if exposure is Exposure.APPLICATION and kind in _WITHIN:
        return _WITHIN[kind]
    if exposure is Exposure.SIGNED_IN and source is not None and is_of_unseen_api(source):
        return "whoever may call its API"
    return _BY_EXPOSURE[exposure]


def _is_stored_mail(app: Application, source: EventSource) -> bool:
    """Tell whether the bucket whose objects arrive is where mail is stored."""
    return source.type is EventSourceType.S3 and any(
        delivery.type is EventSourceType.SES and delivery.target == source.resource
        for delivery in app.deliveries
    )


def is_called_by_name(app: Application, flow: Flow) -> bool:
    """Tell whether only those can send the data who may call this very function."""
    source = source_of(app, flow.origin.event_source)
    return flow.origin.exposure <= Exposure.APPLICATION and (
        source is None or source.type in _BY_NAME
    )


def has_untold_senders(app: Application, flow: Flow) -> bool:
    """Tell whether nothing that was read says who may invoke the function: its code stands alone.

    Its callers are not known to be the application's own, as they are where a template was read
    that admits nobody else, and as they mostly are where a framework that is not read has one.
    Where a custom resource answers to, CloudFormation alone tells.
    """
    source = source_of(app, flow.origin.event_source)
    if source is None or source.type is not EventSourceType.INVOKE:
        return False
    permission = app.resources.get(source.resource or "")
    return (
        permission is not None
        and permission.type == "AWS::Lambda::Permission"
        and flow.origin.field != "ResponseURL"
        and all(
            isinstance(permission.properties.get(key), Unknown)
            for key in ("Principal", "SourceArn")
        )
    )


def source_of(app: Application, event_source: str | None) -> EventSource | None:
    """Return the event source of this id."""
    found = (source for source in app.event_sources if source.id == event_source)
    return next(found, None)


def place(field: str) -> str:
    """Name a field of an event in a sentence: "`body.name`", "the content of the object"."""
    if not field:
        return "the event"
    return field if " " in field else f"`{field}`"


_READ_OUT = {
    "get_filename": "the attachment's name",
    "get_payload": "what the mail holds",
    "namelist": "the names in the archive",
    "getnames": "the names in the archive",
}
"""What calls read out of a file that was sent."""


def carried(flow: Flow) -> str:
    """Name what arrives at the sink: the field, or what was read out of a file last."""
    if " " not in flow.origin.field:
        return place(flow.origin.field)
    for call in reversed(flow.calls):
        if call in _READ_OUT:
            return _READ_OUT[call]
    return f"what is read from {flow.origin.field.removeprefix('the content of ')}"


_SCRIPT = ("node:", "npm:", "ecmascript.")
_SCRIPT_FILES = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")


def in_javascript(found: Flow | ExternalCall | Location) -> bool:
    """Tell whether the line to mend is in JavaScript or TypeScript."""
    if isinstance(found, Location):
        return found.path.endswith(_SCRIPT_FILES)
    at = found.sink if isinstance(found, Flow) else found.at
    return found.callee.startswith(_SCRIPT) or in_javascript(at)
