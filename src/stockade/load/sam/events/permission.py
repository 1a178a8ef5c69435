"""The permission by which a service may invoke a function."""

from stockade.load.building import Plain
from stockade.load.sam.events.target import Event, Target
from stockade.load.sam.expansion import Expansion


def permit(
    expansion: Expansion,
    event: Event,
    target: Target,
    principal: str,
    logical_id: str = "",
    **limits: Plain,
) -> None:
    """Let `principal` invoke the target, within `limits`.

    `limits` are properties of `AWS::Lambda::Permission`: SourceArn, SourceAccount,
    EventSourceToken. The logical id is the event's, unless another is given.
    """
    expansion.add(
        event.owner,
        logical_id or f"{event.logical_id}Permission",
        "AWS::Lambda::Permission",
        {
            "Action": "lambda:InvokeFunction",
            "FunctionName": target.name,
            "Principal": principal,
            **limits,
        },
        event.at,
    )
