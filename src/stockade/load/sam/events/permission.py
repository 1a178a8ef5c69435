"""The permission by which a service may invoke a function."""

from stockade.load.sam.building import Plain
from stockade.load.sam.events.target import Event, Target
from stockade.load.sam.expansion import Expansion, suffixed


def permit(
    expansion: Expansion,
    event: Event,
    target: Target,
    principal: str,
    *,
    suffix: str = "",
    prefix: str | None = None,
    **limits: Plain,
) -> str:
    """Let `principal` invoke the target, within `limits`; return the permission's logical id.

    `limits` are properties of `AWS::Lambda::Permission`: SourceArn, SourceAccount,
    EventSourceToken.
    """
    start = f"{event.logical_id if prefix is None else prefix}Permission"
    logical_id = suffixed(start, suffix) if suffix else start
    expansion.add(
        event.owner,
        logical_id,
        "AWS::Lambda::Permission",
        {
            "Action": "lambda:InvokeFunction",
            "FunctionName": target.name,
            "Principal": principal,
            **limits,
        },
        event.at,
    )
    return logical_id
