"""Where data lies: buckets and tables, and the functions that their changes call.

Follows "Bucket" and "Dynamo" of the SST reference.
"""

from collections.abc import Mapping
from typing import Final

from stockade.load.building import Plain
from stockade.load.sst.components.functions import allow, called, nodes_of
from stockade.load.sst.components.making import (
    Maker,
    Written,
    changed,
    document,
    encoded,
    field,
    is_true,
    items_of,
    method,
    object_of,
    seconds,
    statement,
    text_of,
)
from stockade.load.sst.things import Array, Component, Object, Resource, Thing, entries_of, settled
from stockade.model import Location, Reference, Scalar, Unknown, Value, constant

_EVENTS: Final = (
    *("s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:ObjectRestore:*"),
    *("s3:ReducedRedundancyLostObject", "s3:Replication:*", "s3:LifecycleExpiration:*"),
    *("s3:LifecycleTransition", "s3:IntelligentTiering", "s3:ObjectTagging:*"),
    "s3:ObjectAcl:Put",
)


def bucket(maker: Maker) -> None:
    """Make a bucket: private, and only over TLS, unless its arguments say otherwise."""
    name = maker.name
    made = maker.resource("s3.Bucket", name, {"forceDestroy": True}, "bucket")
    maker.main(made, bucket=made)
    own, arn = maker.attribute(made, "bucket"), maker.attribute(made, "arn")
    maker.component.members["arn"] = arn
    maker.component.members["domain"] = maker.attribute(made, "bucketDomainName")
    maker.link({"name": own}, (["s3:*"], [arn, maker.text(arn, "/*")]))
    _bucket_access(maker, own, arn)
    if maker.get("versioning") is not None:
        maker.resource(
            "s3.BucketVersioning",
            f"{name}Versioning",
            {"bucket": own, "versioningConfiguration": {"status": "Enabled"}},
            "versioning",
        )
    _cors(maker, own)
    subscriptions = _Notifications(maker, own, arn)
    for word, run in (
        ("notify", subscriptions.notify),
        ("subscribe", subscriptions.function),
        ("subscribeQueue", subscriptions.queue),
        ("subscribeTopic", subscriptions.topic),
    ):
        method(maker.component, word, run)


def _bucket_access(maker: Maker, own: Value, arn: Value) -> None:
    access = "public" if is_true(maker.get("public")) else text_of(maker.get("access"))
    is_public = access == "public"
    written = maker.get("transform", "publicAccessBlock")
    if not (isinstance(written, Scalar) and written.value is False):
        maker.resource(
            "s3.BucketPublicAccessBlock",
            f"{maker.name}PublicAccessBlock",
            {
                "bucket": own,
                "blockPublicAcls": True,
                "blockPublicPolicy": not is_public,
                "ignorePublicAcls": True,
                "restrictPublicBuckets": not is_public,
            },
            "publicAccessBlock",
        )
    objects = maker.text(arn, "/*")
    statements: list[Plain] = [
        _own_statement(maker, one, arn) for one in items_of(maker.get("policy"))
    ]
    if access is not None:
        principal: Plain = "*" if is_public else {"Service": "cloudfront.amazonaws.com"}
        statements.append(
            {
                "Effect": "Allow",
                "Principal": principal,
                "Action": "s3:GetObject",
                "Resource": objects,
            }
        )
    https = maker.get("enforceHttps")
    if not (isinstance(https, Scalar) and https.value is False):
        statements.append(
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [arn, objects],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        )
    if statements:
        maker.resource(
            "s3.BucketPolicy",
            f"{maker.name}Policy",
            {"bucket": own, "policy": document(statements, maker.at)},
            "policy",
        )


def _own_statement(maker: Maker, thing: Thing, arn: Value) -> Plain:
    """Return a statement of the author's, which names paths in the bucket."""
    paths = [settled(one) for one in items_of(field(thing, "paths"))]
    resources = [maker.text(arn, "/", _stripped(one)) for one in paths]
    principals: Plain = "*"
    found: dict[str, list[Plain]] = {}
    for one in items_of(field(thing, "principals")):
        kind = text_of(one) or text_of(field(one, "type")) or "*"
        found.setdefault(kind.lower(), []).extend(
            settled(each) for each in items_of(field(one, "identifiers"))
        )
    if found and "*" not in found:
        words = {"aws": "AWS", "service": "Service", "federated": "Federated"}
        principals = {words.get(kind, "CanonicalUser"): ids for kind, ids in found.items()}
    conditions: dict[str, dict[str, Plain]] = {}
    for one in items_of(field(thing, "conditions")):
        test, variable = text_of(field(one, "test")), text_of(field(one, "variable"))
        values = [settled(each) for each in items_of(field(one, "values"))]
        conditions.setdefault(test or "?", {})[variable or "?"] = values
    deny = (text_of(field(thing, "effect")) or "").lower() == "deny"
    return {
        "Effect": "Deny" if deny else "Allow",
        "Principal": principals,
        "Action": [settled(one) for one in items_of(field(thing, "actions"))],
        "Resource": resources or [arn, maker.text(arn, "/*")],
        "Condition": conditions or None,
    }


def _stripped(path: Value) -> Value:
    text = constant(path)
    return Scalar(text.lstrip("/"), path.at) if isinstance(text, str) else path


def _cors(maker: Maker, own: Value) -> None:
    cors = maker.arguments.entries.get("cors")
    if isinstance(cors, Scalar) and cors.value is False:
        return
    rule: dict[str, Written] = {
        "allowedHeaders": field(cors, "allowHeaders") or ["*"],
        "allowedMethods": field(cors, "allowMethods") or ["DELETE", "GET", "HEAD", "POST", "PUT"],
        "allowedOrigins": field(cors, "allowOrigins") or ["*"],
        "exposeHeaders": field(cors, "exposeHeaders"),
        "maxAgeSeconds": seconds(field(cors, "maxAge"), "0 seconds", maker.at),
    }
    written = {"bucket": own, "corsRules": [rule]}
    maker.resource("s3.BucketCorsConfiguration", f"{maker.name}Cors", written, "cors")


class _Notifications:
    """What a bucket tells of its objects, and whom."""

    def __init__(self, maker: Maker, name: Value, arn: Value) -> None:
        self.maker = maker
        self.name = name
        self.arn = arn

    def notify(self, given: list[Thing], at: Location) -> Thing:
        """Take in `bucket.notify({ notifications: [...] })`."""
        settings = given[0] if given else None
        components: list[Thing] = []
        for one in items_of(field(settings, "notifications")):
            text = text_of(field(one, "name")) or "notification"
            for kind in ("function", "queue", "topic"):
                target = field(one, kind)
                if target is not None:
                    made = self._add(kind, text, target, one, at)
                    components.extend([made] if made is not None else [])
        return Object({"nodes": Object({"functions": Array(components, at)}, at)}, at)

    def function(self, given: list[Thing], at: Location) -> Thing:
        """Take in `bucket.subscribe(function, settings)`."""
        return self._one("function", given, at)

    def queue(self, given: list[Thing], at: Location) -> Thing:
        """Take in `bucket.subscribeQueue(arn, settings)`."""
        return self._one("queue", given, at)

    def topic(self, given: list[Thing], at: Location) -> Thing:
        """Take in `bucket.subscribeTopic(arn, settings)`."""
        return self._one("topic", given, at)

    def _one(self, kind: str, given: list[Thing], at: Location) -> Thing:
        settings = given[1] if len(given) > 1 else None
        made = self._add(kind, "subscriber", given[0] if given else None, settings, at)
        return Object({"nodes": Object({"function": made} if made is not None else {}, at)}, at)

    def _add(
        self, kind: str, name: str, target: Thing | None, settings: Thing | None, at: Location
    ) -> Component | None:
        """Let the bucket tell one target, and the target be told."""
        maker = self.maker
        id_ = f'{maker.name}["{name}"]'
        component = None
        if kind == "function":
            what = called(maker, id_, target)
            allow(maker, id_, what, "s3.amazonaws.com", self.arn)
            arn, component = what.arn, what.component
        else:
            arn = _arn_of(target, at)
            let_send(maker, kind, id_, target, "s3.amazonaws.com", self.arn)
        key = {"function": "lambdaFunctions", "queue": "queues", "topic": "topics"}[kind]
        told: dict[str, Written] = {
            f"{'lambdaFunction' if kind == 'function' else kind}Arn": arn,
            "events": field(settings, "events") or list(_EVENTS),
            "filterPrefix": field(settings, "filterPrefix"),
            "filterSuffix": field(settings, "filterSuffix"),
        }
        maker.resource(
            "s3.BucketNotification", f"{id_}Notification", {"bucket": self.name, key: [told]}
        )
        return component


def _arn_of(target: Thing | None, at: Location) -> Value:
    if isinstance(target, Component):
        return settled(target.members.get("arn") or Unknown("it has no ARN", at))
    return settled(target) if target is not None else Unknown("no target is named", at)


def let_send(  # noqa: PLR0913, PLR0917 - who sends what to whom
    maker: Maker, kind: str, name: str, target: Thing | None, service: str, source: Value
) -> None:
    """Let a service send to a queue or topic on behalf of a resource."""
    arn = _arn_of(target, maker.at)
    action = "sqs:SendMessage" if kind == "queue" else "sns:Publish"
    allowed: dict[str, Plain] = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": action,
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": source}},
    }
    policy = document([allowed], maker.at)
    if kind == "topic":
        maker.resource("sns.TopicPolicy", f"{name}Policy", {"arn": arn, "policy": policy})
        return
    url: Written = target.main if isinstance(target, Component) else queue_of(arn)
    maker.resource("sqs.QueuePolicy", f"{name}Policy", {"queueUrl": url, "policy": policy})


def queue_of(arn: Value) -> Written:
    """Return the address of the queue that an ARN means."""
    if isinstance(arn, Reference):
        return Reference(arn.resource, "Ref", arn.at)
    return arn


# --- tables -------------------------------------------------------------------------------------

_TYPES: Final = {"string": "S", "number": "N", "binary": "B"}
READ_STREAM: Final = (
    *("dynamodb:DescribeStream", "dynamodb:GetRecords"),
    *("dynamodb:GetShardIterator", "dynamodb:ListStreams"),
)


def dynamo(maker: Maker) -> None:
    """Make a table, recoverable, billed by request."""
    stream = text_of(maker.get("stream"))
    ttl = maker.value("ttl")
    attributes: list[Written] = [
        {"name": name, "type": _TYPES.get(text_of(type_) or "", "S")}
        for name, type_ in (entries_of(maker.get("fields") or Object({}, maker.at)) or {}).items()
    ]
    made = maker.resource(
        "dynamodb.Table",
        maker.name,
        {
            "attributes": attributes,
            "billingMode": "PAY_PER_REQUEST",
            "hashKey": maker.value("primaryIndex", "hashKey"),
            "rangeKey": maker.value("primaryIndex", "rangeKey"),
            "streamEnabled": maker.get("stream") is not None,
            "streamViewType": stream.upper().replace("-", "_") if stream else None,
            "pointInTimeRecovery": {"enabled": True},
            "ttl": {"attributeName": ttl, "enabled": True} if ttl is not None else None,
            "globalSecondaryIndexes": _indexes(maker, "globalIndexes"),
            "localSecondaryIndexes": _indexes(maker, "localIndexes"),
            "deletionProtectionEnabled": maker.value("deletionProtection"),
        },
        "table",
    )
    maker.main(made, table=made)
    arn = maker.attribute(made, "arn")
    maker.component.members["arn"] = arn
    name = maker.attribute(made, "name")
    maker.link({"name": name}, (["dynamodb:*"], [arn, maker.text(arn, "/*")]))
    method(maker.component, "subscribe", lambda given, at: _stream(maker, made, given, at))


def _indexes(maker: Maker, kind: str) -> list[Written] | None:
    written = maker.get(kind)
    entries: Mapping[str, Thing] = (entries_of(written) or {}) if written is not None else {}
    found: list[Written] = []
    for name, index in entries.items():
        projection = field(index, "projection")
        word = {"keys-only": "KEYS_ONLY", "all": "ALL"}.get(text_of(projection) or "all")
        is_list = isinstance(projection, Array)
        found.append(
            {
                "name": name,
                "hashKey": field(index, "hashKey"),
                "rangeKey": field(index, "rangeKey"),
                "projectionType": "INCLUDE" if is_list else word,
                "nonKeyAttributes": projection if is_list else None,
            }
        )
    return found or None


def subscriber(given: list[Thing]) -> tuple[str, Thing | None, Thing | None]:
    """Return name, function and settings: older versions of SST have no name before them."""
    is_named = len(given) > 1 and text_of(given[0]) is not None and _is_function(given[1])
    name = (text_of(given[0]) or "subscriber") if is_named else "subscriber"
    rest = given[1:] if is_named else given
    return name, rest[0] if rest else None, rest[1] if len(rest) > 1 else None


def _is_function(thing: Thing) -> bool:
    entries = entries_of(thing)
    return entries is None or "handler" in entries


def _stream(maker: Maker, made: Resource, given: list[Thing], at: Location) -> Thing:
    name, definition, settings = subscriber(given)
    arn = maker.attribute(made, "streamArn")
    return from_stream(maker, name, arn, definition, settings, READ_STREAM, at)


def from_stream(  # noqa: PLR0913, PLR0917 - what a stream and its reader are made of
    maker: Maker,
    name: str,
    arn: Value,
    definition: Thing | None,
    settings: Thing | None,
    actions: tuple[str, ...],
    at: Location,
) -> Thing:
    """Let a function read a stream."""
    id_ = f'{maker.name}["{name}"]'
    what = called(maker, id_, definition, permissions=[statement(actions, [arn], at)])
    mapping = maker.stack.resource(
        "lambda.EventSourceMapping",
        f"{id_}Mapping",
        mapping_of(maker, settings, what.arn, {"eventSourceArn": arn}, starts=True),
        at,
        maker.component.kind,
    )
    return Object({"nodes": Object(nodes_of(what, eventSourceMapping=mapping), at)}, at)


def mapping_of(
    maker: Maker,
    settings: Thing | None,
    function: Value,
    written: Mapping[str, Written],
    *,
    starts: bool,
) -> Object:
    """Return the arguments of what takes records out of a queue or stream."""
    filters: list[Written] = [
        {"pattern": encoded(one)} for one in items_of(field(settings, "filters"))
    ]
    made = object_of(
        {
            **written,
            "functionName": function,
            "filterCriteria": {"filters": filters} if filters else None,
            "startingPosition": "LATEST" if starts else None,
        },
        maker.at,
    )
    change = field(settings, "transform", "eventSourceMapping")
    changed(maker.program, change, made, maker.name)
    return made
