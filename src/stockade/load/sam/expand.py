"""Expand every `AWS::Serverless::*` resource of a template."""

from collections.abc import Mapping

from stockade.load.sam.api_draft import ApiDraft
from stockade.load.sam.embedded import embedded_connectors
from stockade.load.sam.expanders import (
    APPLICATION,
    CONNECTOR,
    HTTP_API,
    PREFIX,
    REST_API,
    api_expander_of,
    connector_expander,
    expander_of,
)
from stockade.load.sam.expansion import Expansion
from stockade.load.sam.globals import with_globals
from stockade.load.sam.renaming import rename_all
from stockade.load.template import Template
from stockade.model import Resource, ResourceId, Unseen
from stockade.model.record import record, replace

_APIS = frozenset({REST_API, HTTP_API})
_LATER = frozenset({APPLICATION, CONNECTOR, *_APIS})


@record(kw_only=True)
class Expanded:
    """What a template comes to.

    `resources` has the author's resources in their order, then the generated ones. `aliases`
    tells which resource the author means by a property that SAM adds to another
    (`!Ref Fn.Version`, `!GetAtt MyApi.Stage`): (resource, property) to resource. References
    inside `resources` already point there; the stack's outputs do not.
    """

    resources: Mapping[ResourceId, Resource]
    unseen: tuple[Unseen, ...]
    aliases: Mapping[tuple[ResourceId, str], ResourceId]


def expand(template: Template) -> Expanded:
    """Expand the template's SAM resources; a template without any comes back as it is.

    Never raises for what an author may write: what is not understood is told as `Unseen` and
    left as it is written. `AWS::Serverless::Application` stays, for nesting is resolved before.
    """
    if not _is_sam(template):
        return Expanded(resources=template.resources, unseen=(), aliases={})
    expansion = _prepare(template)
    for owner in tuple(expansion.template.resources.values()):
        if owner.type.startswith(PREFIX) and owner.type not in _LATER:
            _expand_one(expansion, owner)
    for draft in tuple(expansion.apis.values()):
        api_expander_of(draft.owner.type)(expansion, draft)
    _expand_connectors(expansion)
    return Expanded(
        resources=rename_all(expansion.resources, expansion.aliases),
        unseen=tuple(expansion.unseen),
        aliases=expansion.aliases,
    )


def _is_sam(template: Template) -> bool:
    return any(
        resource.type.startswith(PREFIX)
        or (resource.attributes and "Connectors" in resource.attributes)
        for resource in template.resources.values()
    )


def _prepare(template: Template) -> Expansion:
    """Merge the Globals, and make drafts of the APIs that functions will add to."""
    merged = {}
    for key, resource in template.resources.items():
        if resource.type.startswith(PREFIX):
            properties = with_globals(resource, template.globals)
            merged[key] = replace(resource, properties=properties)
        else:
            merged[key] = resource
    first = next(iter(merged.values()))
    prefix = first.id.removesuffix(first.logical_id)
    prepared = replace(template, resources=merged)
    expansion = Expansion(prepared, prefix)
    for key, resource in merged.items():
        if resource.type in _APIS:
            own = template.resources[key].properties
            expansion.apis[key] = ApiDraft.of(resource, own)
    return expansion


def _expand_one(expansion: Expansion, owner: Resource) -> None:
    expander = expander_of(owner.type)
    if expander is None:
        expansion.miss(owner.at, f"has a type that is not known: {owner.type}")
    else:
        expander(expansion, owner)


def _expand_connectors(expansion: Expansion) -> None:
    found = list(embedded_connectors(expansion))
    for key, resource in tuple(expansion.resources.items()):
        if resource.type == CONNECTOR:
            found.append(expansion.resources.pop(key))
    for connector in found:
        connector_expander()(expansion, connector)
