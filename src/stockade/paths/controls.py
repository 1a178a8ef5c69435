"""The independent controls on a way from an entry point to what it leads to.

Each is of another kind, so that one mistake does not undo two of them: who may call, what looks
at requests, what bounds the role, what keeps the data unreadable without a key of one's own.
"""

from collections.abc import Iterator
from typing import Final

from stockade.analysis.gateway import (
    apis,
    has_firewall,
    validates_body,
    web_acl_targets,
)
from stockade.analysis.stores.buckets import BUCKET, key_of
from stockade.analysis.stores.tables import has_own_key
from stockade.model import (
    Application,
    AuthorizerKind,
    EventSource,
    Names,
    ResourceId,
    inside,
)

AUTHORIZER: Final = "authorizer"
FIREWALL: Final = "firewall"
SCHEMA: Final = "schema"
SCOPED_ROLE: Final = "scoped role"
OWN_KEY: Final = "own key"

_ASKS_NOBODY: Final = frozenset(
    {AuthorizerKind.NONE, AuthorizerKind.API_KEY, AuthorizerKind.UNKNOWN}
)
_TABLES: Final = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")
_KEYS: Final = {
    "AWS::SQS::Queue": "KmsMasterKeyId",
    "AWS::SecretsManager::Secret": "KmsKeyId",
    "AWS::Kinesis::Stream": "StreamEncryption",
}


class Controls:
    """The controls of one application, by what they protect."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._names = Names(app.resources)
        self._behind_firewall = self._firewalled()

    def before(self, source: EventSource) -> Iterator[str]:
        """Yield what stands between whoever sends an event and the function."""
        route = source.route
        if route is None:
            return
        if route.authorizer.kind not in _ASKS_NOBODY:
            yield AUTHORIZER
        if source.resource in self._behind_firewall:
            yield FIREWALL
        if validates_body(self._app, self._names, source):
            yield SCHEMA

    def on(self, store: ResourceId) -> Iterator[str]:
        """Yield what keeps the content of a store from whoever gets at it without its key."""
        resource = self._app.resources.get(store)
        if resource is None:
            return
        if resource.type == BUCKET:
            own = bool(key_of(resource))
        elif resource.type in _TABLES:
            own = bool(has_own_key(resource))
        else:
            key = _KEYS.get(resource.type)
            own = key is not None and any(True for _ in inside(resource.properties, key))
        if own:
            yield OWN_KEY

    def _firewalled(self) -> frozenset[ResourceId]:
        targets = web_acl_targets(self._app)
        return frozenset(
            api.resource.id
            for api in apis(self._app)
            if has_firewall(self._app, self._names, api, targets)
        )
