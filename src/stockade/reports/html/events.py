"""What is sent, and what is asked of whoever sends it, in a word or two."""

from stockade.model import AuthorizerKind, Delivery, EventSource, EventSourceType, constant

_SENT = {
    EventSourceType.S3: "new object",
    EventSourceType.SES: "mail",
    EventSourceType.SQS: "message",
    EventSourceType.MQ: "message",
    EventSourceType.SNS: "notification",
    EventSourceType.EVENT_BUS: "event",
    EventSourceType.DYNAMODB_STREAM: "changed item",
    EventSourceType.KINESIS: "record",
    EventSourceType.KAFKA: "record",
    EventSourceType.FIREHOSE: "record",
    EventSourceType.LOGS: "log line",
    EventSourceType.AUTHORIZER: "authorizes",
    EventSourceType.STEP_FUNCTIONS: "state",
    EventSourceType.INVOKE: "call by name",
}

_ASKED = {
    AuthorizerKind.NONE: "no authorizer",
    AuthorizerKind.API_KEY: "API key",
    AuthorizerKind.IAM: "IAM",
    AuthorizerKind.COGNITO: "Cognito",
    AuthorizerKind.JWT: "JWT",
    AuthorizerKind.LAMBDA: "Lambda authorizer",
    AuthorizerKind.UNKNOWN: "unknown authorizer",
}


def sent(source: EventSource | Delivery) -> str:
    """Name what a source sends: its route, its schedule, or the kind of message."""
    if source.route is not None:
        return f"{source.route.method} {source.route.path}"
    if source.type is EventSourceType.SCHEDULE and source.detail is not None:
        when = constant(source.detail.get("ScheduleExpression"))
        if isinstance(when, str):
            return when
    return _SENT.get(source.type, source.type.value)


def asked(source: EventSource | Delivery) -> str:
    """Tell what a route asks of its callers; nothing for other sources."""
    if source.route is None:
        return ""
    authorizer = _ASKED[source.route.authorizer.kind]
    return f"{authorizer} + API key" if source.route.api_key_required else authorizer
