"""The API of an event: the one it names, or the one that SAM makes for events that name none.

Follows "Implicit APIs" of "AWS SAM resources and properties": `ServerlessRestApi` and
`ServerlessHttpApi`, with the Globals of their kind.
"""

from stockade.load.building import write_map
from stockade.load.sam.api_draft import ApiDraft
from stockade.load.sam.events.target import Event
from stockade.load.sam.expansion import Expansion
from stockade.load.sam.globals import with_globals
from stockade.model import Reference, Resource, Scalar, Value
from stockade.model.record import replace

_IMPLICIT = {
    "RestApiId": ("ServerlessRestApi", "AWS::Serverless::Api", {"StageName": "Prod"}),
    "ApiId": ("ServerlessHttpApi", "AWS::Serverless::HttpApi", {}),
}


def api_of_event(expansion: Expansion, event: Event, key: str) -> tuple[ApiDraft | None, Value]:
    """Return the API that the event's property `key` names, and the reference to it.

    There is no draft for an API that the template does not declare as SAM's.
    """
    logical_id = _IMPLICIT[key][0]
    named = event.get(key)
    implicit = expansion.identify(logical_id)
    if named is None:
        return _implicit(expansion, event, key), expansion.refer(logical_id, event.at)
    if isinstance(named, Scalar):
        named = expansion.refer(str(named.value), named.at)
    if not isinstance(named, Reference):
        return None, named
    if named.resource == implicit and implicit not in expansion.template.resources:
        return _implicit(expansion, event, key), named
    return expansion.apis.get(named.resource), named


def _implicit(expansion: Expansion, event: Event, key: str) -> ApiDraft:
    logical_id, kind, settings = _IMPLICIT[key]
    own = expansion.identify(logical_id)
    draft = expansion.apis.get(own)
    if draft is None:
        made = Resource(
            id=own,
            type=kind,
            properties=write_map(settings, event.at),
            at=event.at,
            stack=event.owner.stack,
            logical_id=logical_id,
            written_as=kind,
        )
        draft = ApiDraft(_with_globals(expansion, made), managed=True, implicit=True)
        expansion.apis[own] = draft
    return draft


def _with_globals(expansion: Expansion, made: Resource) -> Resource:
    return replace(made, properties=with_globals(made, expansion.template.globals))
