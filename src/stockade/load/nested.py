"""Resources that are stacks of their own, and what names their templates.

AWS: "Embed stacks within other stacks using nested stacks", `AWS::Serverless::Application`.
"""

from collections.abc import Iterator, Mapping

from stockade.model import Map, Scalar, Value, constant

_NESTED_TYPES: Mapping[str, str] = {
    "AWS::CloudFormation::Stack": "TemplateURL",
    "AWS::Serverless::Application": "Location",
}


def nested_location(resource: Map) -> Value | None:
    """Return what names the template of a nested stack; None if the resource is no such stack.

    The CDK leaves the name of the file in the metadata, its `TemplateURL` is that of an asset.
    """
    kind = constant(resource.get("Type"))
    key = _NESTED_TYPES.get(kind) if isinstance(kind, str) else None
    properties = resource.get("Properties")
    if key is None or not isinstance(properties, Map):
        return None
    metadata = resource.get("Metadata")
    if isinstance(metadata, Map) and constant(metadata.get("aws:asset:property")) == key:
        return metadata.get("aws:asset:path")
    return properties.get(key)


def nested_places(root: Map) -> Iterator[str]:
    """Yield the places of the templates that a template nests, as far as they are written out."""
    resources = root.get("Resources")
    for _, resource in resources if isinstance(resources, Map) else ():
        if isinstance(resource, Map):
            place = nested_location(resource)
            if isinstance(place, Scalar) and isinstance(place.value, str):
                yield place.value
