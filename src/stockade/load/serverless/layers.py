"""Layers that a service publishes, and who else may use them.

Serverless: "Layers".
"""

from stockade.load.building import entry
from stockade.load.serverless.naming import normalized
from stockade.load.serverless.service import Service, ref
from stockade.model import List


def add_layers(service: Service) -> None:
    """Add the layers that the service publishes."""
    layers = service.map("layers")
    for key, layer in layers:
        at = layers.key_at(key)
        path = service.text(entry(layer, "path"))
        package = entry(layer, "package")
        artifact = service.text(entry(package, "artifact"))
        logical_id = f"{normalized(key)}LambdaLayer"
        service.add(
            logical_id,
            "AWS::Lambda::LayerVersion",
            {
                "Content": artifact or path or ".",
                "LayerName": entry(layer, "name") or key,
                "CompatibleRuntimes": entry(layer, "compatibleRuntimes"),
                "CompatibleArchitectures": entry(layer, "compatibleArchitectures"),
            },
            at,
            f"layers.{key}",
        )
        accounts = entry(layer, "allowedAccounts")
        for account in accounts.items if isinstance(accounts, List) else ():
            name = (service.text(account) or "").replace("*", "Wild")
            service.add(
                f"{normalized(key)}{name}LambdaLayerPermission",
                "AWS::Lambda::LayerVersionPermission",
                {
                    "Action": "lambda:GetLayerVersion",
                    "LayerVersionArn": ref(logical_id),
                    "Principal": account,
                },
                account.at,
                f"layers.{key}.allowedAccounts",
            )
