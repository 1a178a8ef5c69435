"""The `Globals` section: what every resource of a kind has, unless it says otherwise.

Follows "Globals section of the AWS SAM template": maps are merged, lists are joined with the
global items first, and everything else is replaced by what the resource itself says.
"""

from stockade.load.building import text
from stockade.model import List, Map, Resource, Scalar, Value

_REPLACED = frozenset({"Architectures", "InstanceRequirements.Architectures"})
"""Lists that a resource replaces, where other lists are joined."""

_PREFIX = "AWS::Serverless::"


def with_globals(resource: Resource, section: Map | None) -> Map:
    """Return the resource's properties with the template's `Globals` merged in."""
    shared = section.get(resource.type.removeprefix(_PREFIX)) if section else None
    if not isinstance(shared, Map):
        return resource.properties
    ignored = (resource.attributes or {}).get("IgnoreGlobals")
    shared = _without(shared, ignored)
    return _merged_maps(shared, resource.properties, "")


def _without(shared: Map, ignored: Value | None) -> Map:
    if isinstance(ignored, Scalar) and ignored.value == "*":
        return Map({}, shared.at, {})
    if not isinstance(ignored, List):
        return shared
    names = {text(item) for item in ignored.items}
    kept = {key: value for key, value in shared.entries.items() if key not in names}
    return Map(kept, shared.at, shared.keys)


def _merged(shared: Value, own: Value, path: str) -> Value:
    if isinstance(shared, Map) and isinstance(own, Map):
        return _merged_maps(shared, own, path)
    if isinstance(shared, List) and isinstance(own, List) and path not in _REPLACED:
        return List(shared.items + own.items, own.at)
    return own


def _merged_maps(shared: Map, own: Map, path: str) -> Map:
    entries = dict(shared.entries)
    for key, value in own.entries.items():
        if key in entries:
            inner = f"{path}.{key}" if path else key
            entries[key] = _merged(entries[key], value, inner)
        else:
            entries[key] = value
    return Map(entries, own.at, {**shared.keys, **own.keys})
