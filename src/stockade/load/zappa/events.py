"""What calls a function of a Zappa project besides requests: schedules, sources by their ARNs."""

from stockade.load.building import Plain, entry, text
from stockade.load.sam_draft import Resource, bucket_notification
from stockade.model import List, Map, Unseen, Value

_SERVICE = 2
"""Where the service stands among the parts of an ARN."""


def event_of(
    written: Value, function: str, unseen: list[Unseen]
) -> tuple[Plain, tuple[Resource, ...]]:
    """Return the `Events` of one entry under `events`, and what stands beside the function."""
    source = entry(written, "event_source")
    if source is None:
        return _schedules(written), ()
    arn = entry(source, "arn")
    parts = (text(arn) or "").split(":")
    service = parts[_SERVICE] if len(parts) > _SERVICE else ""
    polled: dict[str, Plain] = {
        "BatchSize": entry(source, "batch_size"),
        "StartingPosition": entry(source, "starting_position"),
        "Enabled": entry(source, "enabled"),
    }
    match service:
        case "s3":
            return None, (_notification(source, parts[-1], function),)
        case "sns":
            topic: dict[str, Plain] = {"Topic": arn, "FilterPolicy": entry(source, "filters")}
            return {"Topic": {"Type": "SNS", "Properties": topic}}, ()
        case "sqs":
            polled["StartingPosition"] = None
            return {"Queue": {"Type": "SQS", "Properties": {"Queue": arn, **polled}}}, ()
        case "dynamodb":
            return {"Table": {"Type": "DynamoDB", "Properties": {"Stream": arn, **polled}}}, ()
        case "kinesis":
            return {"Stream": {"Type": "Kinesis", "Properties": {"Stream": arn, **polled}}}, ()
        case _:
            why = f"it is not known what events {service or 'such a source'} sends"
            unseen.append(Unseen(written.at, "resource", why))
            return None, ()


def _schedules(written: Value) -> Plain:
    several = entry(written, "expressions")
    single = entry(written, "expression")
    listed = several.items if isinstance(several, List) else ((single,) if single else ())
    if not listed:
        return None
    return {
        f"Schedule{number}": {"Type": "Schedule", "Properties": {"Schedule": one}}
        for number, one in enumerate(listed, start=1)
    }


def _notification(source: Value, bucket: str, function: str) -> Resource:
    """Return what tells S3 to call the function: Zappa sets it on a bucket made elsewhere."""
    filters = entry(source, "key_filters")
    rules: list[Plain] = [
        {"Name": entry(one, "type"), "Value": entry(one, "value")}
        for one in (filters.items if isinstance(filters, List) else ())
        if isinstance(one, Map)
    ]
    name = f"{function}Notification"
    return name, source.at, bucket_notification(function, bucket, entry(source, "events"), rules)
