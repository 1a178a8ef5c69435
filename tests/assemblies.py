"""Small cloud assemblies for the tests, as `cdk synth` writes them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

HANDLER = "def handler(event, context):\n    return event\n"


def function(
    construct: str, asset: str | None = None, *, bundled: bool = False, **properties: object
) -> dict[str, Any]:
    """Return a function as the CDK writes it: its code in S3, its asset in the metadata."""
    metadata: dict[str, Any] = {"aws:cdk:path": construct}
    if asset is not None:
        metadata["aws:asset:path"] = asset
        metadata["aws:asset:is-bundled"] = bundled
    code = {"S3Bucket": "assets", "S3Key": "0.zip"}
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {"Code": code, "Handler": "app.handler", "Runtime": "python3.13"}
        | properties,
        "Metadata": metadata,
    }


def resource(kind: str, construct: str, **properties: object) -> dict[str, Any]:
    """Return any other resource of a construct."""
    return {"Type": kind, "Properties": properties, "Metadata": {"aws:cdk:path": construct}}


def assembly(
    resources: Mapping[str, Any],
    *,
    frames: Mapping[str, Sequence[str]] | None = None,
    output: str = "cdk.out",
    **sections: object,
) -> dict[str, str]:
    """Return the files of a project with one stack, `Shop`.

    `frames` are the stack traces of constructs, as newer versions of the CDK write them.
    """
    told = {
        f"/{path}": [{"type": "aws:cdk:creationStack", "data": list(lines)}]
        for path, lines in (frames or {}).items()
    }
    manifest = {
        "version": "55.0.0",
        "artifacts": {
            "Shop": {
                "type": "aws:cloudformation:stack",
                "properties": {"templateFile": "Shop.template.json"},
                "additionalMetadataFile": "Shop.metadata.json",
            }
        },
    }
    return {
        "cdk.json": json.dumps({"app": "npx ts-node bin/shop.ts"}),
        f"{output}/manifest.json": json.dumps(manifest),
        f"{output}/Shop.metadata.json": json.dumps(told),
        f"{output}/Shop.template.json": json.dumps({"Resources": resources, **sections}),
    }
