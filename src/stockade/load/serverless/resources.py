"""What the author adds to the template: `resources`, `extensions`, `outputs`.

Serverless: "Resources". A resource under the name of a generated one is merged into it.
"""

from stockade.load.serverless.service import Service
from stockade.model import List, Location, Map, Unknown, Value

_SECTIONS = ("Parameters", "Mappings", "Conditions", "Metadata", "Rules", "Transform")
_MAX_DEPTH = 60


def add_resources(service: Service) -> dict[str, Value]:
    """Merge the author's resources in; return the other sections of the template."""
    written = service.merged(_whole(service.variables.section("resources")))
    sections: dict[str, Value] = {}
    for name, value in written or ():
        if name == "Resources":
            _merge_resources(service, service.merged(value))
        elif name == "Outputs":
            outputs = service.merged(value)
            service.outputs.update(outputs.entries if outputs is not None else {})
        elif name == "extensions":
            _extend(service, service.merged(value))
        elif name in _SECTIONS and not isinstance(value, Unknown):
            sections[name] = value
    return sections


def _whole(section: Value | None) -> Value | None:
    """Return the section with the parts that could not be read left out, where it is a list."""
    if isinstance(section, List):
        items = tuple(item for item in section.items if not isinstance(item, Unknown))
        return List(items, section.at)
    return section


def _merge_resources(service: Service, written: Map | None) -> None:
    for logical_id, value in written or ():
        at = written.key_at(logical_id) if written else service.at
        generated = service.resources.get(logical_id)
        if generated is None:
            service.resources[logical_id] = value
            service.keys[logical_id] = at
        else:
            service.resources[logical_id] = merge(generated, value)


def _extend(service: Service, extensions: Map | None) -> None:
    """Change generated resources: properties are merged in, attributes are replaced."""
    for logical_id, extension in extensions or ():
        generated = service.resources.get(logical_id)
        if not isinstance(generated, Map) or not isinstance(extension, Map):
            at = extensions.key_at(logical_id) if extensions else service.at
            service.miss(at, f"extends a resource that there is not: {logical_id[:60]}")
            continue
        entries = dict(generated.entries)
        keys = dict(generated.keys)
        for name, value in extension:
            own = entries.get(name)
            entries[name] = merge(own, value) if name == "Properties" and own else value
            keys[name] = extension.key_at(name)
        service.resources[logical_id] = Map(entries, generated.at, keys)


def merge(generated: Value, written: Value, depth: int = 0) -> Value:
    """Return two values as one, maps entry by entry and lists item by item; the author wins."""
    if depth > _MAX_DEPTH:
        return written
    if isinstance(generated, Map) and isinstance(written, Map):
        entries = dict(generated.entries)
        keys: dict[str, Location] = dict(generated.keys)
        for key, value in written:
            own = entries.get(key)
            entries[key] = value if own is None else merge(own, value, depth + 1)
            keys[key] = written.key_at(key)
        return Map(entries, written.at, keys)
    if isinstance(generated, List) and isinstance(written, List):
        both = [
            merge(old, new, depth + 1)
            for old, new in zip(generated.items, written.items, strict=False)
        ]
        longer = max(generated.items, written.items, key=len)
        return List((*both, *longer[len(both) :]), written.at)
    return written
