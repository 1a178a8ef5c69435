"""Drafts in the words of SAM, for front ends whose authors write no template at all."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from stockade.load.building import Plain, write_map
from stockade.load.draft import Draft
from stockade.model import Framework, Location, Map

Resource: TypeAlias = tuple[str, Location, Mapping[str, Plain]]
"""A resource to be: its logical id, where its author asked for it, its `Type` and `Properties`."""


def sam_draft(resources: Iterable[Resource], stage: str, at: Location, by: Framework) -> Draft:
    """Return the template of what a framework deploys as one stage.

    `stage` is the default of the parameter `stage`. Of resources with one name, each after the
    first has a number.
    """
    written: dict[str, Map] = {}
    places: dict[str, Location] = {}
    for name, place, plain in resources:
        own, number = name, 2
        while own in written:
            own, number = f"{name}{number}", number + 1
        written[own] = write_map(plain, place)
        places[own] = place
    root: dict[str, Plain] = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Parameters": {"stage": {"Type": "String", "Default": stage}},
        "Resources": Map(written, at, places),
    }
    return Draft(root=write_map(root, at), framework=by)


def bucket_notification(
    function: str, bucket: Plain, events: Plain, rules: Sequence[Plain]
) -> Mapping[str, Plain]:
    """Return what tells S3 to call a function, set on a bucket that is made elsewhere.

    `rules` are the `FilterRules` for keys: prefix and suffix.
    """
    configuration: dict[str, Plain] = {
        "Events": events,
        "LambdaFunctionArn": {"Fn::GetAtt": [function, "Arn"]},
        "Filter": {"Key": {"FilterRules": list(rules)}} if rules else None,
    }
    return {
        "Type": "Custom::S3BucketNotifications",
        "Properties": {
            "BucketName": bucket,
            "NotificationConfiguration": {"LambdaFunctionConfigurations": [configuration]},
        },
    }
