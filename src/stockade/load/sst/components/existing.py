"""Things that are deployed elsewhere: `sst.aws.Bucket.get`, `sst.aws.Queue.subscribe`.

Follows the static methods `get` and `subscribe` of the components in the SST reference.
"""

from collections.abc import Callable, Mapping
from typing import Final

from stockade.load.building import substitute
from stockade.load.sst.components.making import Maker
from stockade.load.sst.components.messages import READ_STREAM as READ_KINESIS
from stockade.load.sst.components.messages import receive, subscribe_to_bus, subscribe_to_topic
from stockade.load.sst.components.storage import READ_STREAM, from_stream, subscriber
from stockade.load.sst.things import Thing, settled
from stockade.model import Location, Scalar, Unknown, Value, constant
from stockade.model.record import record


@record
class _Existing:
    """What is asked for, its ARN as far as that tells it, and what a link to it allows."""

    property: str
    arn: str
    actions: tuple[str, ...]
    below: bool = False


_HERE: Final = "${AWS::Region}:${AWS::AccountId}"
_KINDS: Final[Mapping[str, _Existing]] = {
    "sst.aws.Bucket": _Existing("name", "arn:${AWS::Partition}:s3:::${it}", ("s3:*",), below=True),
    "sst.aws.Dynamo": _Existing(
        "name",
        f"arn:${{AWS::Partition}}:dynamodb:{_HERE}:table/${{it}}",
        ("dynamodb:*",),
        below=True,
    ),
    "sst.aws.Bus": _Existing(
        "name", f"arn:${{AWS::Partition}}:events:{_HERE}:event-bus/${{it}}", ("events:*",)
    ),
    "sst.aws.SnsTopic": _Existing("arn", "${it}", ("sns:*",)),
    "sst.aws.KinesisStream": _Existing(
        "name", f"arn:${{AWS::Partition}}:kinesis:{_HERE}:stream/${{it}}", ("kinesis:*",)
    ),
    "sst.aws.CognitoUserPool": _Existing(
        "id", f"arn:${{AWS::Partition}}:cognito-idp:{_HERE}:userpool/${{it}}", ("cognito-idp:*",)
    ),
}


def existing(maker: Maker, given: list[Thing]) -> None:
    """Take in a component by `get(name, id)`."""
    kind = _KINDS.get(maker.component.kind)
    if kind is None or len(given) < 2:  # noqa: PLR2004 - its name and what it is
        maker.stack.miss(
            maker.at, f"what {maker.component.kind[:60]}.get takes in is not looked at"
        )
        return
    it = settled(given[1])
    arn = substitute(kind.arn, maker.at, {"it": it})
    resources = [arn, maker.text(arn, "/*")] if kind.below else [arn]
    maker.link({kind.property: it}, (kind.actions, resources))
    maker.component.members.setdefault("arn", arn)


def subscribed(maker: Maker, given: list[Thing], at: Location) -> Thing:
    """Let a function be called by something that is named by its ARN, where that is known how."""
    own = {"sst.aws.Queue": _queue, "sst.aws.SnsTopic": _topic, "sst.aws.Bus": _bus}
    run = own.get(maker.component.kind) or _STREAMS.get(maker.component.kind)
    if run is None:
        maker.stack.miss(at, f"what {maker.component.kind[:60]}.subscribe does is not looked at")
        return Scalar(None, at)
    # Newer versions of SST have a name before the ARN.
    is_named = len(given) > 1 and not _is_arn(given[0])
    name = [given[0]] if is_named else []
    rest = given[1:] if is_named else given
    arn = settled(rest[0]) if rest else Unknown("no ARN is named", at)
    return run(maker, arn, [*name, *rest[1:]], at)


def _is_arn(thing: Thing) -> bool:
    text = constant(settled(thing))
    return not isinstance(text, str) or text.startswith("arn:")


def _queue(maker: Maker, arn: Value, given: list[Thing], at: Location) -> Thing:
    return receive(maker, arn, subscriber(given)[1:], at)


def _topic(maker: Maker, arn: Value, given: list[Thing], at: Location) -> Thing:
    return subscribe_to_topic(maker, arn, given, at)


def _bus(maker: Maker, arn: Value, given: list[Thing], at: Location) -> Thing:
    text = constant(arn)
    name = text.rpartition("/")[2] if isinstance(text, str) else ""
    bus = Scalar(name, arn.at) if name else Unknown("the bus is not known", arn.at)
    return subscribe_to_bus(maker, bus, given, at)


def _stream(actions: tuple[str, ...]) -> Callable[[Maker, Value, list[Thing], Location], Thing]:
    def run(maker: Maker, arn: Value, given: list[Thing], at: Location) -> Thing:
        name, definition, settings = subscriber(given)
        return from_stream(maker, name, arn, definition, settings, actions, at)

    return run


_STREAMS: Final = {
    "sst.aws.Dynamo": _stream(READ_STREAM),
    "sst.aws.KinesisStream": _stream(READ_KINESIS),
}
