"""Expand every `AWS::Serverless::*` resource of a template."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from stockade.load.sam.api import expand_rest_api
from stockade.load.sam.api_draft import ApiDraft
from stockade.load.sam.connectors import embedded_connectors, expand_connector
from stockade.load.sam.expansion import Expansion
from stockade.load.sam.function import expand_function
from stockade.load.sam.globals import with_globals
from stockade.load.sam.graphql import expand_graphql_api
from stockade.load.sam.http_api import expand_http_api
from stockade.load.sam.renaming import rename_references
from stockade.load.sam.simple import expand_capacity_provider, expand_layer, expand_table
from stockade.load.sam.state_machine import expand_state_machine
from stockade.load.sam.websocket_api import expand_websocket_api
from stockade.load.template import Template
from stockade.model import Resource, ResourceId, Unseen
from stockade.model.record import record, replace

PREFIX = "AWS::Serverless::"

_Expander: TypeAlias = Callable[[Expansion, Resource], None]

_FIRST: Mapping[str, _Expander] = {
    "AWS::Serverless::Function": expand_function,
    "AWS::Serverless::StateMachine": expand_state_machine,
    "AWS::Serverless::WebSocketApi": expand_websocket_api,
    "AWS::Serverless::SimpleTable": expand_table,
    "AWS::Serverless::LayerVersion": expand_layer,
    "AWS::Serverless::CapacityProvider": expand_capacity_provider,
    "AWS::Serverless::GraphQLApi": expand_graphql_api,
}
"""What needs nothing of the other resources. Functions add to the APIs, which come next."""

_APIS = {
    "AWS::Serverless::Api": expand_rest_api,
    "AWS::Serverless::HttpApi": expand_http_api,
}

_CONNECTOR = "AWS::Serverless::Connector"

_LEFT = frozenset({"AWS::Serverless::Application", _CONNECTOR, *_APIS})


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
        if owner.type in _FIRST:
            _FIRST[owner.type](expansion, owner)
    for draft in tuple(expansion.apis.values()):
        _APIS[draft.owner.type](expansion, draft)
    _expand_connectors(expansion)
    rename_references(expansion)
    return Expanded(
        resources=expansion.resources,
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
    expansion = Expansion(template=prepared, prefix=prefix, resources=dict(merged))
    for key, resource in merged.items():
        if resource.type in _APIS:
            own = template.resources[key].properties
            expansion.apis[key] = ApiDraft.of(resource, own)
        elif resource.type.startswith(PREFIX) and resource.type not in _LEFT.union(_FIRST):
            expansion.miss(resource.at, f"has a type that is not known: {resource.type}")
    return expansion


def _expand_connectors(expansion: Expansion) -> None:
    for connector in embedded_connectors(expansion):
        expand_connector(expansion, connector)
    for key, resource in tuple(expansion.resources.items()):
        if resource.type == _CONNECTOR:
            del expansion.resources[key]
            expand_connector(expansion, resource)
