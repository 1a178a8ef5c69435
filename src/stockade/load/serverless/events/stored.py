"""Events of type `s3`: objects that are stored in a bucket, the service's own or one there is.

Serverless: "S3".
"""

from stockade.load.building import Plain, entry, items_of, write
from stockade.load.serverless.naming import alphanumeric, normalized, upper_first
from stockade.load.serverless.permissions import permission
from stockade.load.serverless.service import Event, FunctionDraft, Service, get_att
from stockade.model import List, Map, Value

_NEW = "stored.new"
_EXISTING = "stored.existing"


def s3(service: Service, function: FunctionDraft, event: Event) -> None:
    """Note what a bucket shall tell the function; let the bucket invoke it."""
    bucket = entry(event.value, "bucket") or event.value
    name = service.text(bucket)
    configuration: dict[str, Plain] = {
        "Event": event.get("event") or "s3:ObjectCreated:*",
        "Function": get_att(function.logical_id),
        "Filter": _filter(event),
    }
    made = write(configuration, event.at)
    if service.is_true(event.get("existing")) or name is None:
        existing = service.shared.setdefault(_EXISTING, [])
        if isinstance(existing, list):
            existing.append((bucket, made))
    else:
        new = service.shared.setdefault(_NEW, {})
        if isinstance(new, dict):
            new.setdefault(name, (bucket, []))[1].append(made)
    shown = alphanumeric(name or "Existing")
    permission(
        service,
        f"{normalized(function.key)}LambdaPermission{shown}S3",
        function,
        "s3",
        {"Fn::Sub": ["arn:${AWS::Partition}:s3:::${Bucket}", {"Bucket": _named(service, bucket)}]},
        event.at,
        {"SourceAccount": {"Ref": "AWS::AccountId"}},
    )


def _filter(event: Event) -> "Plain":
    rules: list[Plain] = [
        {"Name": name, "Value": value}
        for rule in items_of(event.get("rules"))
        if isinstance(rule, Map)
        for name, value in rule
    ]
    return {"S3Key": {"Rules": rules}} if rules else None


def _named(service: Service, bucket: Value) -> Value:
    """Return the name of a bucket, which `provider.s3` may give."""
    settings = entry(entry(service.provider, "s3"), service.text(bucket) or "")
    return entry(settings, "name") or bucket


def finish(service: Service) -> None:
    """Add the buckets that the events make."""
    new = service.shared.get(_NEW)
    for key, (bucket, configurations) in new.items() if isinstance(new, dict) else ():
        settings = entry(entry(service.provider, "s3"), key)
        properties: dict[str, Plain] = {
            upper_first(name): value
            for name, value in (settings if isinstance(settings, Map) else ())
            if name != "name"
        }
        more = properties.pop("NotificationConfiguration", None)
        notifications: dict[str, Plain] = {
            "LambdaConfigurations": configurations,
            **(more.entries if isinstance(more, Map) else {}),
        }
        service.add(
            f"S3Bucket{alphanumeric(key)}",
            "AWS::S3::Bucket",
            {
                "BucketName": _named(service, bucket),
                "NotificationConfiguration": notifications,
                **properties,
            },
            configurations[0].at,
            "s3",
        )


def attach(service: Service) -> None:
    """Let the buckets that are there already notify, where the service itself declares them."""
    existing = service.shared.get(_EXISTING)
    for bucket, configuration in existing if isinstance(existing, list) else ():
        logical_id = _declared(service, bucket)
        resource = service.resources.get(logical_id or "")
        if logical_id is None or not isinstance(resource, Map):
            continue
        service.resources[logical_id] = _notifying(resource, configuration)


def _declared(service: Service, bucket: Value) -> str | None:
    if isinstance(bucket, Map) and "Ref" in bucket:
        name = service.text(bucket.get("Ref"))
        return name if name in service.resources else None
    wanted = service.text(bucket)
    for logical_id, resource in service.resources.items():
        if (
            wanted is not None
            and service.text(entry(resource, "Type")) == "AWS::S3::Bucket"
            and service.text(entry(entry(resource, "Properties"), "BucketName")) == wanted
        ):
            return logical_id
    return None


def _notifying(resource: Map, configuration: Value) -> Map:
    properties = resource.get("Properties")
    own = properties if isinstance(properties, Map) else Map({}, resource.at, {})
    settings = own.get("NotificationConfiguration")
    told = settings if isinstance(settings, Map) else Map({}, configuration.at, {})
    listed = told.get("LambdaConfigurations")
    items = listed.items if isinstance(listed, List) else ()
    more = List((*items, configuration), configuration.at)
    told = Map({**told.entries, "LambdaConfigurations": more}, told.at, told.keys)
    own = Map({**own.entries, "NotificationConfiguration": told}, own.at, own.keys)
    return Map({**resource.entries, "Properties": own}, resource.at, resource.keys)
