"""What an event invokes, and the event as its author wrote it."""

from stockade.load.building import entry
from stockade.load.sam.expansion import Expansion
from stockade.model import Location, Map, Reference, Resource, Value
from stockade.model.record import record


@record
class Target:
    """A function or its alias, as other resources name it.

    `name` is for properties that take a function's name or ARN, `arn` for those that take an
    ARN; both refer to the alias if `AutoPublishAlias` made one.
    """

    owner: Resource
    name: Reference
    arn: Reference

    @staticmethod
    def of_function(expansion: Expansion, owner: Resource, alias: Reference | None) -> "Target":
        """Return what the events of the function `owner` invoke."""
        if alias is not None:
            return Target(owner, alias, alias)
        name = expansion.refer(owner.logical_id, owner.at)
        return Target(owner, name, expansion.refer(owner.logical_id, owner.at, "Arn"))


@record
class Event:
    """An item of `Events`. `owner` has the condition under which this event exists."""

    owner: Resource
    name: str
    type: str
    properties: Map
    at: Location

    @property
    def logical_id(self) -> str:
        """The logical id that what this event makes starts with."""
        return self.owner.logical_id + self.name

    def get(self, key: str) -> Value | None:
        """Return what the author wrote under `key`, or None."""
        return entry(self.properties, key)

    def key_at(self, key: str) -> Location:
        """Tell where `key` was written; the event's own place if it was not."""
        return self.properties.keys.get(key, self.at)
