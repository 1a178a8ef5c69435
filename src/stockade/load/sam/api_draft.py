"""An API while the events of functions and state machines still add routes to it."""

from stockade.load.building import Plain, entry, is_true, text
from stockade.model import Location, Map, Resource, ResourceId, Value
from stockade.model.record import record, replace


@record(kw_only=True)
class Operation:
    """A method of a path that an event adds, at the event's line.

    `security` is what the event itself asks for, each requirement a scheme and its scopes, None
    if it asks for nothing. `resource_policy` is the event's own `Auth.ResourcePolicy`.
    """

    path: str
    method: str
    at: Location
    definition: dict[str, Plain]
    security: tuple[tuple[str, Plain], ...] | None
    condition: str | None
    resource_policy: Map | None = None

    @property
    def key(self) -> str:
        """The method as OpenAPI documents of API Gateway write it."""
        return method_key(self.method)


class ApiDraft:
    """One `AWS::Serverless::Api` or `HttpApi`, or the one that SAM makes for events without.

    `managed` means that SAM writes the whole definition, for the author gave none; `merging`
    that events add to the author's (`MergeDefinitions`). `overrides` are what events say with
    `OverrideApiAuth` of methods that the author's definition has. `conditions` has the
    condition of each event's owner, `answering` the functions that have the `$default` route.
    """

    __slots__ = (
        *("answering", "conditions", "implicit", "managed", "merging", "operations"),
        *("overrides", "owner", "route_settings", "validators"),
    )

    def __init__(self, owner: Resource, *, managed: bool, implicit: bool = False) -> None:
        self.owner = owner
        self.managed = managed
        self.implicit = implicit
        self.merging = is_true(entry(owner.properties, "MergeDefinitions"))
        self.operations: list[Operation] = []
        self.overrides: list[Operation] = []
        self.answering: set[ResourceId] = set()
        self.route_settings: dict[str, Value] = {}
        self.validators: dict[str, Plain] = {}
        self.conditions: list[str | None] = []

    @staticmethod
    def of(owner: Resource, own: Map) -> "ApiDraft":
        """Start the draft of a declared API; `own` is what the author wrote without Globals."""
        defined = entry(own, "DefinitionBody") or entry(own, "DefinitionUri")
        return ApiDraft(owner, managed=defined is None)

    @property
    def auth(self) -> Value | None:
        """The API's `Auth`."""
        return entry(self.owner.properties, "Auth")

    def authorizer(self, name: str | None) -> Map | None:
        """Return what `Auth.Authorizers` says under `name`."""
        found = entry(entry(self.auth, "Authorizers"), name) if name else None
        return found if isinstance(found, Map) else None

    @property
    def default_authorizer(self) -> str | None:
        """The name of the authorizer of every method that says nothing else."""
        return text(entry(self.auth, "DefaultAuthorizer"))


def method_key(method: str) -> str:
    """Write a method as OpenAPI documents of API Gateway do."""
    lower = method.lower()
    return "x-amazon-apigateway-any-method" if lower == "any" else lower


def with_condition(draft: ApiDraft) -> Resource:
    """Return the API; the implicit one exists if any of the owners of its events does."""
    owner = draft.owner
    if not draft.implicit or not draft.conditions or None in draft.conditions:
        return owner
    names = {name for name in draft.conditions if name}
    condition = names.pop() if len(names) == 1 else f"{owner.logical_id}Condition"
    return replace(owner, condition=condition)
