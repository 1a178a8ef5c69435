"""A function's own address: `FunctionUrlConfig`.

Follows "FunctionUrlConfig" of AWS::Serverless::Function and "Security and auth model for Lambda
function URLs": an address without authorization needs two permissions for everyone.
"""

from stockade.load.building import entry, text
from stockade.load.sam.events.target import Target
from stockade.load.sam.expansion import Expansion
from stockade.model import Map, Resource


def expand_url(expansion: Expansion, owner: Resource, target: Target) -> None:
    """Add the function's address, and who may use it."""
    config = entry(owner.properties, "FunctionUrlConfig")
    if config is None:
        return
    at = owner.properties.key_at("FunctionUrlConfig")
    if not isinstance(config, Map):
        expansion.miss(at, "is a function URL whose settings cannot be read")
        return
    expansion.add(
        owner,
        f"{owner.logical_id}Url",
        "AWS::Lambda::Url",
        {
            "TargetFunctionArn": target.name,
            "AuthType": entry(config, "AuthType"),
            "Cors": entry(config, "Cors"),
            "InvokeMode": entry(config, "InvokeMode"),
        },
        at,
    )
    if text(entry(config, "AuthType")) == "NONE":
        _admit_everyone(expansion, owner, target, config)


def _admit_everyone(expansion: Expansion, owner: Resource, target: Target, config: Map) -> None:
    at = config.key_at("AuthType")
    for suffix, action, limit in (
        ("UrlPublicPermissions", "lambda:InvokeFunctionUrl", {"FunctionUrlAuthType": "NONE"}),
        ("URLInvokeAllowPublicAccess", "lambda:InvokeFunction", {"InvokedViaFunctionUrl": True}),
    ):
        expansion.add(
            owner,
            owner.logical_id + suffix,
            "AWS::Lambda::Permission",
            {"Action": action, "FunctionName": target.name, "Principal": "*", **limit},
            at,
        )
