"""A template while its `AWS::Serverless::*` resources are being expanded."""

from collections.abc import Mapping

from stockade.load.building import Plain, write_map
from stockade.load.sam.api_draft import ApiDraft
from stockade.load.template import Template
from stockade.model import (
    Location,
    Map,
    Reference,
    Resource,
    ResourceId,
    Unseen,
    Value,
)
from stockade.model.record import replace

_PASSED_ON = ("DeletionPolicy", "UpdateReplacePolicy")
"""The attributes that SAM gives to what it generates, besides the condition."""


class Expansion:
    """The resources so far. Grows while the author's resources are expanded one by one.

    `template` has the Globals merged into its resources. `prefix` is what precedes a logical id
    in this stack's resource ids. Events add to the drafts in `apis`, which are expanded when
    every event did. `aliases` tells what `Fn.Version`, `MyApi.Stage` and the like name:
    (resource, property) to resource.
    """

    apis: dict[ResourceId, ApiDraft]

    __slots__ = ("aliases", "apis", "prefix", "resources", "template", "unseen")

    def __init__(self, template: Template, prefix: str) -> None:
        self.template = template
        self.prefix = prefix
        self.resources: dict[ResourceId, Resource] = dict(template.resources)
        self.unseen: list[Unseen] = []
        self.apis = {}
        self.aliases: dict[tuple[ResourceId, str], ResourceId] = {}

    def identify(self, logical_id: str) -> ResourceId:
        """Return the id that the resource `logical_id` of this template has."""
        return self.prefix + logical_id

    def find(self, value: Value | None) -> Resource | None:
        """Return the author's resource that `value` refers to, Globals merged in, or None."""
        if not isinstance(value, Reference):
            return None
        return self.template.resources.get(value.resource)

    def refer(self, logical_id: str, at: Location, attribute: str = "Ref") -> Reference:
        """Refer to a resource of this template."""
        return Reference(self.prefix + logical_id, attribute, at)

    def add(
        self,
        owner: Resource,
        logical_id: str,
        kind: str,
        properties: Mapping[str, Plain],
        at: Location,
    ) -> Resource:
        """Add a resource that `owner` makes, at the line it comes from."""
        passed = {
            key: value for key, value in (owner.attributes or {}).items() if key in _PASSED_ON
        }
        made = Resource(
            id=self.prefix + logical_id,
            type=kind,
            properties=write_map(properties, at),
            at=at,
            stack=owner.stack,
            logical_id=logical_id,
            written_as=owner.written_as,
            condition=owner.condition,
            metadata=owner.metadata,
            attributes=passed or None,
        )
        self.resources[made.id] = made
        return made

    def put(self, owner: Resource, kind: str, properties: Map) -> Resource:
        """Put the resource that `owner` itself becomes in its place."""
        made = replace(owner, type=kind, properties=properties)
        self.resources[made.id] = made
        return made

    def miss(self, at: Location, why: str) -> None:
        """Note what was not understood; `why` ends a sentence that starts with the place."""
        self.unseen.append(Unseen(at, "resource", why))


def with_hash(prefix: str, data: str) -> str:
    """Make the logical id that SAM makes where `data` is not alphanumeric: a hash follows."""
    if not data:
        return prefix
    from hashlib import sha1  # noqa: PLC0415 - few templates need it, and it takes 5 ms

    return prefix + sha1(data.encode(), usedforsecurity=False).hexdigest()[:10]


def suffixed(prefix: str, suffix: str) -> str:
    """Make the logical id for a suffix that the author chose, such as a stage's name."""
    return prefix + suffix if suffix.isalnum() else with_hash(prefix, suffix)
