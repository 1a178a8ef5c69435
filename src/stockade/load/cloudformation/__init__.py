"""CloudFormation resources to the nouns of an application.

Every kind of trigger has its reader; `READERS` is the one list of them. To read another, write
its reader and add its line here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Protocol, TypeVar

from stockade.load.cloudformation import (
    actions,
    cognito,
    destinations,
    edges,
    graphql,
    http_api,
    mappings,
    notifications,
    permissions,
    rest_api,
    rules,
    services,
    step_functions,
)
from stockade.load.cloudformation.functions import functions
from stockade.load.cloudformation.identities import identities, roles
from stockade.load.cloudformation.trigger import Declared, Reader, Trigger
from stockade.load.handlers import Code, locate
from stockade.model import (
    DEFAULT_BUS,
    Delivery,
    EventSource,
    EventSourceType,
    Function,
    Identity,
    Resource,
    ResourceId,
    Role,
    Sources,
    Unknown,
    Unseen,
    expression,
)
from stockade.model.record import record

_Made = TypeVar("_Made")

READERS: tuple[Reader, ...] = (
    rest_api.rest_api_routes,
    http_api.http_api_routes,
    graphql.graphql_resolvers,
    edges.function_urls,
    edges.edge_functions,
    edges.load_balancers,
    notifications.bucket_notifications,
    notifications.subscriptions,
    mappings.event_source_mappings,
    mappings.pipes,
    rules.event_rules,
    rules.schedules,
    actions.mail_rules,
    actions.device_rules,
    cognito.user_pool_triggers,
    step_functions.state_machine_tasks,
    services.settings,
    services.delivery_streams,
    services.deployment_hooks,
    destinations.destinations,
)

_FUNCTION = "AWS::Lambda::Function"
_RECEIVERS = (
    _FUNCTION,
    "AWS::SQS::Queue",
    "AWS::SNS::Topic",
    "AWS::Events::EventBus",
    "AWS::StepFunctions::StateMachine",
    "AWS::Kinesis::Stream",
    "AWS::KinesisFirehose::DeliveryStream",
    "AWS::S3::Bucket",
    "AWS::DynamoDB::Table",
    "AWS::DynamoDB::GlobalTable",
)


@record(kw_only=True)
class Nouns:
    """What the resources of one application amount to."""

    functions: Mapping[ResourceId, Function]
    roles: Mapping[ResourceId, Role]
    identities: Mapping[ResourceId, Identity]
    event_sources: tuple[EventSource, ...]
    deliveries: tuple[Delivery, ...]
    unseen: tuple[Unseen, ...]


class Recall(Protocol):
    """Works something out, or recalls it from the last time. See `Folder.recall`."""

    def __call__(
        self,
        name: tuple[str, ...],
        made_of: tuple[object, ...],
        work: Callable[[Sources], _Made],
        /,
    ) -> _Made:
        """Return what `work` makes of the files of the folder."""


class _Anew:
    """Works out everything each time."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def __call__(
        self, _name: object, _made_of: object, work: Callable[[Sources], _Made], /
    ) -> _Made:
        return work(self._sources)


def nouns(
    resources: Mapping[ResourceId, Resource],
    folders: Mapping[str, str],
    sources: Sources,
    recall: Recall | None = None,
) -> Nouns:
    """Make the functions, roles, users, groups and event sources of one application.

    `resources` are all of the application, in CloudFormation's own types; `folders` tells for
    each stack's name the folder of its template, where its code paths start. With `recall` only
    what came out otherwise, or what is asked of files that changed, is worked out again.
    """
    recall = recall or _Anew(sources)
    declared = Declared(resources, sources)

    def located(function: Resource, layers: tuple[Resource, ...]) -> Code:
        where = (folders.get(function.stack, ""), *(folders.get(one.stack, "") for one in layers))
        made_of = (function, layers, where)
        work = partial(locate, function, layers, folders)
        return recall(("code", function.id), made_of, work)

    collected = recall(("triggers",), (resources,), lambda _: _collected(declared))
    made = {function.id: function for function in functions(declared, located)}
    return Nouns(
        functions=made,
        roles=collected.roles,
        identities=collected.identities,
        event_sources=tuple(collected.event_sources),
        deliveries=tuple(collected.deliveries),
        unseen=(*collected.unseen, *_unread(made)),
    )


def _collected(declared: Declared) -> "_Collected":
    """Collect what templates tell without the code that they name."""
    collected = _Collected(declared)
    for reader in READERS:
        collected.add(reader(declared))
    collected.add(permissions.unexplained(declared, tuple(collected.event_sources)))
    collected.add(_direct(declared, frozenset(one.function for one in collected.event_sources)))
    return collected


def _direct(declared: Declared, started: frozenset[ResourceId]) -> Iterator[Trigger]:
    """Yield a direct invocation for each function that nothing in the templates starts."""
    for function in declared.of_type(_FUNCTION):
        if function.id not in started:
            yield Trigger(type=EventSourceType.INVOKE, at=function.at, targets=(function.id,))


def _unread(made: Mapping[ResourceId, Function]) -> Iterator[Unseen]:
    """Say which functions' code was not found, and why."""
    for function in made.values():
        handler = function.handler
        if isinstance(handler, Unknown):
            yield Unseen(function.at, "handler", handler.why)


class _Collected:
    """Roles and users, and triggers sorted by what they start, each with an id of its own."""

    def __init__(self, declared: Declared) -> None:
        self._declared = declared
        self._taken: dict[str, int] = {}
        self.event_sources: list[EventSource] = []
        self.deliveries: list[Delivery] = []
        self.unseen: list[Unseen] = []
        self.roles = {role.id: role for role in roles(declared)}
        self.identities = {one.id: one for one in identities(declared)}

    def add(self, found: Iterable[Trigger | Unseen]) -> None:
        for one in found:
            if isinstance(one, Unseen):
                self.unseen.append(one)
                continue
            for target in one.targets or self._targets(one):
                self._add(one, target)

    def _targets(self, trigger: Trigger) -> tuple[ResourceId, ...]:
        found = self._declared.names.find_all(trigger.target, *_RECEIVERS)
        if not found and trigger.target is not None:
            text = expression(trigger.target)
            if text.endswith(":event-bus/default"):
                return (DEFAULT_BUS,)
        return found

    def _add(self, trigger: Trigger, target: ResourceId) -> None:
        receiver = self._declared.resources.get(target)
        if receiver is not None and receiver.type == _FUNCTION:
            self.event_sources.append(
                EventSource(
                    id=self._id(trigger, target),
                    type=trigger.type,
                    function=target,
                    at=trigger.at,
                    resource=trigger.resource,
                    source=trigger.source,
                    route=trigger.route,
                    detail=trigger.detail,
                )
            )
        else:
            self.deliveries.append(
                Delivery(
                    id=self._id(trigger, target),
                    type=trigger.type,
                    target=target,
                    at=trigger.at,
                    resource=trigger.resource,
                    source=trigger.source,
                    route=trigger.route,
                    detail=trigger.detail,
                )
            )

    def _id(self, trigger: Trigger, target: ResourceId) -> str:
        """Name a trigger by what it is, not by its line: `Resize s3 Uploads`."""
        parts = [target, trigger.type.value]
        if trigger.route is not None:
            parts.append(f"{trigger.route.method} {trigger.route.path}")
        elif trigger.resource is not None:
            parts.append(trigger.resource)
        wanted = " ".join(parts)
        number = self._taken[wanted] = self._taken.get(wanted, 0) + 1
        return wanted if number == 1 else f"{wanted} #{number}"
