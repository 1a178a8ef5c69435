"""The components of SST: each makes what SST would make of it, in Pulumi's words."""

from collections.abc import Callable, Mapping
from typing import Final

from stockade.load.sst.components.apis import http_api, rest_api, websocket_api
from stockade.load.sst.components.existing import existing, subscribed
from stockade.load.sst.components.functions import function
from stockade.load.sst.components.identity import identity_pool, user_pool
from stockade.load.sst.components.making import Maker, as_object
from stockade.load.sst.components.messages import (
    bus,
    cron,
    cron_v2,
    email,
    kinesis,
    queue,
    realtime,
    topic,
)
from stockade.load.sst.components.others import auth, linkable, not_read, resource, secret, vpc
from stockade.load.sst.components.storage import bucket, dynamo
from stockade.load.sst.running import Program
from stockade.load.sst.things import Component, Object, Thing, settled
from stockade.model import Location, expression

__all__ = ["get", "make", "subscribe"]

_MAKERS: Final[Mapping[str, Callable[[Maker], None]]] = {
    "sst.aws.Function": function,
    "sst.aws.ApiGatewayV2": http_api,
    "sst.aws.ApiGatewayV1": rest_api,
    "sst.aws.ApiGatewayWebSocket": websocket_api,
    "sst.aws.Bucket": bucket,
    "sst.aws.Dynamo": dynamo,
    "sst.aws.Queue": queue,
    "sst.aws.SnsTopic": topic,
    "sst.aws.Bus": bus,
    "sst.aws.KinesisStream": kinesis,
    "sst.aws.Cron": cron,
    "sst.aws.CronV2": cron_v2,
    "sst.aws.Realtime": realtime,
    "sst.aws.Email": email,
    "sst.aws.CognitoUserPool": user_pool,
    "sst.aws.CognitoIdentityPool": identity_pool,
    "sst.aws.Vpc": vpc,
    "sst.aws.Auth": auth,
    "sst.Secret": secret,
    "sst.Linkable": linkable,
    "sst.Resource": resource,
}


def make(program: Program, kind: str, given: list[Thing], at: Location) -> Component:
    """Return what `new kind(name, arguments)` makes."""
    written = settled(given[0]) if given else None
    name = expression(written)[:100] if written is not None else kind
    component = Component(kind, name, at)
    second = given[1] if len(given) > 1 else None
    arguments = as_object(second, at)
    if kind == "sst.Secret" and second is not None:
        arguments = Object({"placeholder": second}, at)
    program.transformed(kind, arguments, name)
    _MAKERS.get(kind, not_read)(Maker(program, component, arguments))
    return component


def get(program: Program, kind: str, given: list[Thing], at: Location) -> Component:
    """Return what `kind.get(name, id)` takes in from elsewhere."""
    name = expression(settled(given[0]))[:100] if given else kind
    component = Component(kind, name, at)
    existing(Maker(program, component, Object({}, at)), given)
    return component


def subscribe(program: Program, kind: str, given: list[Thing], at: Location) -> Thing:
    """Take in `kind.subscribe(arn, function)`."""
    component = Component(kind, kind.rpartition(".")[2], at)
    return subscribed(Maker(program, component, Object({}, at)), given, at)
