"""Event data chooses an object. Its page is docs/rules/event-chooses-object-key.md."""

from collections.abc import Iterator

from stockade.analysis.events import CONTENT
from stockade.analysis.facts import Facts, Flow
from stockade.model import Application, EventSourceType, Exposure, Match, Severity
from stockade.rules._matches import from_flows
from stockade.rules._rule import rule
from stockade.rules._wording import carried, in_javascript, source_of

_WRITES = ("put_", "upload_", "copy", "create_", "generate_presigned_post")
_DELETES = ("delete_",)
# Where S3 itself names the object, in a notification or in an event of EventBridge.
_OF_THE_EVENT = (".s3.object.", ".s3.bucket.", ".detail.object.", ".detail.bucket.")


@rule(
    title="event data chooses the key of an object",
    harm=Severity.HIGH,
    practice="C4",
    cwe=(22, 639),
)
def event_chooses_object_key(app: Application, facts: Facts) -> Iterator[Match]:
    """Report whole keys that callers choose; a key that S3 itself reports is its own."""
    flows = (
        flow
        for flow in facts.flows_into("object-key")
        if flow.origin.exposure > Exposure.APPLICATION and not _is_of_a_bucket(app, flow)
    )
    return from_flows(app, flows, _can, _instead, once_a_field=True)


def _is_of_a_bucket(app: Application, flow: Flow) -> bool:
    """Tell whether a bucket's notification names the object that was written to it."""
    source = source_of(app, flow.origin.event_source)
    if flow.origin.field == CONTENT:
        return False  # The names in an archive are its writer's choice.
    return (source is not None and source.type is EventSourceType.S3) or (
        any(part in f".{flow.origin.field}" for part in _OF_THE_EVENT)
    )


def _can(flow: Flow) -> str:
    operation = flow.callee.rpartition(".")[2]
    if "Bucket" in flow.argument or flow.argument.startswith(("bucket_name", "name")):
        return f"choose the bucket that {flow.function} works on"
    if "CopySource" in flow.argument:
        return f"have {flow.function} copy any object of the bucket"
    if operation.startswith(_DELETES):
        return f"delete any object of the bucket through {flow.function}"
    if operation.startswith(_WRITES):
        return f"overwrite any object of the bucket through {flow.function}"
    if operation.startswith("generate_presigned_url"):
        return f"get a link to any object of the bucket from {flow.function}"
    return f"have {flow.function} open any object of the bucket"


def _instead(flow: Flow) -> str:
    name = "crypto.randomUUID()" if in_javascript(flow) else "uuid.uuid4()"
    return (
        f"put a prefix of the caller's own before {carried(flow)}, such as the `sub` "
        f"of the verified token and a slash, or make the key yourself with {name}"
    )
