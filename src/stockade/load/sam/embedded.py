"""Connectors that stand in the `Connectors` attribute of the resource they start from."""

from collections.abc import Iterator

from stockade.load.building import entry
from stockade.load.sam.expanders import CONNECTOR
from stockade.load.sam.expansion import Expansion
from stockade.model import Location, Map, Resource, Scalar, Value
from stockade.model.record import replace


def embedded_connectors(expansion: Expansion) -> Iterator[Resource]:
    """Yield the connectors that stand in the `Connectors` attribute of resources."""
    for resource in tuple(expansion.resources.values()):
        written = (resource.attributes or {}).get("Connectors")
        if not isinstance(written, Map):
            continue
        for name, given in written:
            properties = entry(given, "Properties")
            if isinstance(properties, Map):
                yield _embedded(resource, name, properties, written.key_at(name))


def _embedded(resource: Resource, name: str, properties: Map, at: Location) -> Resource:
    source: dict[str, Value] = {"Id": Scalar(resource.logical_id, at)}
    reference = entry(properties, "SourceReference")
    if isinstance(reference, Map):
        source.update(reference.entries)
    entries = {**properties.entries, "Source": Map(source, at, {})}
    return Resource(
        id=f"{resource.id}{name}",
        type=CONNECTOR,
        properties=replace(properties, entries=entries),
        at=at,
        stack=resource.stack,
        logical_id=f"{resource.logical_id}{name}",
        written_as=CONNECTOR,
        metadata=resource.metadata,
    )
