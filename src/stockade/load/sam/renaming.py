"""References to what SAM makes of a resource: `!Ref Fn.Version`, `${MyApi.Stage}`.

Follows "Referencing generated resources" of the SAM specification: a property that SAM adds to
a resource names the resource that it makes.
"""

from collections.abc import Mapping
from operator import is_
from typing import TypeAlias

from stockade.model import (
    Choice,
    Concatenation,
    Import,
    List,
    Map,
    Reference,
    Resource,
    ResourceId,
    Scalar,
    Value,
)
from stockade.model.record import replace

_Aliases: TypeAlias = Mapping[tuple[ResourceId, str], ResourceId]


def rename_all(
    resources: Mapping[ResourceId, Resource], aliases: _Aliases
) -> Mapping[ResourceId, Resource]:
    """Return the resources with every reference of that kind pointing at what was made.

    The aliases of all templates of an application may be given together: what a nested stack
    tells its parent refers to its own resources by such names too.
    """
    if not aliases:
        return resources
    changed = {}
    for key, resource in resources.items():
        properties = _renamed(resource.properties, aliases)
        if properties is not resource.properties and isinstance(properties, Map):
            changed[key] = replace(resource, properties=properties)
    return {**resources, **changed} if changed else resources


def renamed(value: Value, aliases: Mapping[tuple[ResourceId, str], ResourceId]) -> Value:
    """Return `value` with its references pointing at what SAM made.

    For what is outside the resources: the outputs of a stack.
    """
    return _renamed(value, aliases) if aliases else value


def _renamed(value: Value, aliases: _Aliases) -> Value:
    # Of every part of every resource: most are plain texts, and most others hold no reference.
    if type(value) is Scalar:
        return value
    if isinstance(value, Map):
        return _renamed_map(value, aliases)
    match value:
        case Reference():
            return _target(value, aliases)
        case List():
            items = tuple([_renamed(item, aliases) for item in value.items])
            return value if _same(items, value.items) else replace(value, items=items)
        case Concatenation():
            parts = tuple([_renamed(part, aliases) for part in value.parts])
            return value if _same(parts, value.parts) else replace(value, parts=parts)
        case Choice():
            then, otherwise = _renamed(value.then, aliases), _renamed(value.otherwise, aliases)
            if then is value.then and otherwise is value.otherwise:
                return value
            return replace(value, then=then, otherwise=otherwise)
        case Import():
            name = _renamed(value.name, aliases)
            return value if name is value.name else replace(value, name=name)
        case _:
            return value


def _renamed_map(value: Map, aliases: _Aliases) -> Map:
    changed = {}
    for key, item in value.entries.items():
        if type(item) is not Scalar:
            new = _renamed(item, aliases)
            if new is not item:
                changed[key] = new
    return replace(value, entries={**value.entries, **changed}) if changed else value


def _same(new: tuple[Value, ...], old: tuple[Value, ...]) -> bool:
    return all(map(is_, new, old))


def _target(reference: Reference, aliases: _Aliases) -> Reference:
    made = aliases.get((reference.resource, reference.attribute))
    if made is not None:
        return Reference(made, "Ref", reference.at)
    owner, dot, name = reference.resource.rpartition(".")
    made = aliases.get((owner, name)) if dot else None
    if made is not None:
        return Reference(made, reference.attribute, reference.at)
    name, dot, attribute = reference.attribute.partition(".")
    made = aliases.get((reference.resource, name)) if dot else None
    if made is not None:
        return Reference(made, attribute, reference.at)
    return reference
