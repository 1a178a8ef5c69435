"""The application as nodes and edges: who sends, what receives, what runs, what it opens.

Nodes are numbered in the order in which they are drawn; edges and steps name them by number, so
that nothing that was scanned is ever a key in the page. Who stands outside is a node as well: one
for each exposure from which something can be reached, on the other side of the boundary.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from stockade.analysis.exposure import delivery_exposures, exposures
from stockade.analysis.facts import SourceExposure
from stockade.model import (
    DEFAULT_BUS,
    Application,
    AuthorizerKind,
    Delivery,
    EventSource,
    EventSourceType,
    Exposure,
    Function,
    Location,
    Names,
    Resource,
    ResourceId,
    Step,
    Value,
    constant,
    expression,
    references,
)
from stockade.model.record import field, record
from stockade.reports.html.grants import Statement, granted, name
from stockade.reports.html.kinds import KINDS, SERVICES, SHOWN_ALONE, SOURCE_KINDS
from stockade.reports.untrusted import shown
from stockade.reports.words import EXPOSED_TO

OUTSIDE = frozenset(
    {Exposure.ANYONE, Exposure.SIGNED_IN, Exposure.PARTNER, Exposure.OTHER_ACCOUNT}
)
"""Who stands outside the boundary; the application and AWS itself stand within."""

LONGEST = 120
"""Characters of a name that are kept."""


@record(kw_only=True)
class Node:
    """One thing in the drawing. `exposure` is that of the most exposed way to it."""

    kind: str
    label: str
    type: str = ""
    at: Location | None = None
    stack: str = ""


@record(kw_only=True)
class Edge:
    """What leads from one node to another: `sends`, `opens` (a grant) or `names` (a setting)."""

    start: int
    end: int
    kind: str
    told: list[str] = field(default_factory=list)
    exposure: list[Exposure] = field(default_factory=list)
    at: list[Location] = field(default_factory=list)
    wide: list[bool] = field(default_factory=list)


class Drawing:
    """One application's nodes and edges, found by what they stand for."""

    def __init__(self, app: Application) -> None:
        self.app = app
        self.exposures = exposures(app)
        self.statements: dict[ResourceId, tuple[Statement, ...]] = {}
        self.nodes: list[Node] = []
        self.edges: dict[tuple[int, int, str], Edge] = {}
        self._numbers: dict[tuple[str, str], int] = {}
        self._reached: dict[int, Exposure] = {}
        self._names = Names(app.resources)
        self._lines = _Lines(app)
        self._draw()

    def node(self, resource: ResourceId) -> int | None:
        """Return the number of a resource's node, if it is drawn."""
        return self._numbers.get(("resource", resource))

    def reached(self, number: int) -> Exposure | None:
        """Return who can reach a node, by the most exposed way; None if nothing tells."""
        return self._reached.get(number)

    def shown_by(self, step: Step, function: int | None) -> tuple[int | None, int | None]:
        """Return the node and the edge that a step is about."""
        edges = list(self.edges.values())
        for number, edge in enumerate(edges):
            if step.at in edge.at and edge.kind == "sends":
                return edge.end, number
        resource = self._lines.resource(step.at)
        if resource is None:
            return function, None
        return self._nearest(resource, function), None

    def _draw(self) -> None:
        for resource in self.app.resources.values():
            if _kind(resource) in SHOWN_ALONE or resource.id in self.app.functions:
                self._resource(resource.id)
        self._events()
        for function in self.app.functions.values():
            self._settings(function)
            self._grants(function)

    def _events(self) -> None:
        passed_on = delivery_exposures(self.app)
        sources: list[tuple[EventSource | Delivery, SourceExposure]] = [
            *((one, passed_on[one.id]) for one in self.app.deliveries),
            *((one, self.exposures[one.id]) for one in self.app.event_sources),
        ]
        fed: dict[int, Exposure] = {}
        entries: dict[tuple[int, Exposure], list[tuple[EventSource | Delivery, Exposure]]] = {}
        for source, who in sources:
            target = self._resource(_target(source))
            self._reach(target, who.exposure)
            start = self._origin(source)
            if start is None:
                continue
            edge = self._edge(start, target, "sends")
            edge.told.append(_event(source))
            edge.exposure.append(who.exposure)
            edge.at.append(source.at)
            self._reach(start, who.exposure)
            if isinstance(source, Delivery):
                fed[target] = max(fed.get(target, Exposure.PROVIDER), who.exposure)
            entries.setdefault((start, who.exposure), []).append((source, who.exposure))
        for (start, exposure), through in sorted(entries.items()):
            if exposure in OUTSIDE and fed.get(start, Exposure.PROVIDER) < exposure:
                self._outsider(start, exposure, [source for source, _ in through])

    def _outsider(
        self, start: int, exposure: Exposure, through: Iterable[EventSource | Delivery]
    ) -> None:
        """Let someone outside reach a node, and tell what is asked of them on the way in."""
        sender = self._number(
            ("outside", exposure.name), Node(kind="outside", label=EXPOSED_TO[exposure])
        )
        self._reach(sender, exposure)
        edge = self._edge(sender, start, "sends")
        edge.exposure.append(exposure)
        edge.told.extend(dict.fromkeys(control for source in through if (control := _control(source))))

    def _origin(self, source: EventSource | Delivery) -> int | None:
        """Return the node that events come from; None for a call by name, which has none."""
        if source.resource is not None:
            return self._resource(source.resource)
        if source.type is EventSourceType.INVOKE:
            return None
        text = expression(source.source) if source.source is not None else ""
        kind = SOURCE_KINDS.get(source.type, "resource")
        return self._number(
            ("elsewhere", f"{source.type.value} {text or source.id}"),
            Node(kind=kind, label=text or source.type.value, type="outside of the application"),
        )

    def _settings(self, function: Function) -> None:
        """Draw what a function is given the name of."""
        if not isinstance(function.environment, Mapping):
            return
        start = self._resource(function.id)
        for variable, value in function.environment.items():
            for resource in self._named(value):
                if resource != function.id:
                    edge = self._edge(start, self._resource(resource), "names")
                    edge.told.append(variable)

    def _named(self, value: Value) -> Iterator[ResourceId]:
        referred = [
            one.resource
            for one in references(value)
            if one.resource in self.app.resources and _kind(self.app.resources[one.resource])
        ]
        yield from dict.fromkeys(referred or self._names.find_all(value, *KINDS))

    def _grants(self, function: Function) -> None:
        """Draw what a function's role opens."""
        role = self.app.role_of(function)
        if role is None:
            return
        if role.id not in self.statements:
            self.statements[role.id] = tuple(
                statement
                for policy in role.policies
                for statement in granted(self.app, self._names, policy)
            )
        start = self._resource(function.id)
        for statement in self.statements[role.id]:
            for resource in statement.opens:
                if resource != function.id and _kind(self.app.resources[resource]):
                    self._opens(start, self._resource(resource), statement, statement.actions)
            for service in statement.opens_all_of:
                kind, label = SERVICES[service]
                end = self._number(
                    ("every", service), Node(kind=kind, label=label, type="every one")
                )
                actions = [one for one in statement.actions if _of(service, one)]
                self._opens(start, end, statement, actions)

    def _opens(self, start: int, end: int, statement: Statement, actions: Iterable[str]) -> None:
        edge = self._edge(start, end, "opens")
        for action in actions:
            if action not in edge.told:
                edge.told.append(action)
                edge.wide.append("*" in action)
        edge.at.append(statement.policy.at)

    def _nearest(self, resource: ResourceId, function: int | None) -> int | None:
        """Return a resource's node, or that of the first drawn one which it speaks of."""
        number = self.node(resource)
        if number is not None:
            return number
        for reference in references(self.app.resources[resource].properties):
            number = self.node(reference.resource)
            if number is not None:
                return number
        return function

    def _resource(self, resource: ResourceId) -> int:
        declared = self.app.resources.get(resource)
        if declared is None:
            default = resource == DEFAULT_BUS
            node = Node(
                kind="bus" if default else "resource",
                label="default event bus" if default else resource,
                type="outside of the application",
            )
        else:
            node = Node(
                kind=_kind(declared) or "resource",
                label=declared.logical_id,
                type=declared.type,
                at=declared.at,
                stack=declared.stack,
            )
        return self._number(("resource", resource), node)

    def _number(self, key: tuple[str, str], node: Node) -> int:
        if key not in self._numbers:
            self._numbers[key] = len(self.nodes)
            self.nodes.append(node)
        return self._numbers[key]

    def _edge(self, start: int, end: int, kind: str) -> Edge:
        return self.edges.setdefault((start, end, kind), Edge(start=start, end=end, kind=kind))

    def _reach(self, number: int, exposure: Exposure) -> None:
        self._reached[number] = max(self._reached.get(number, exposure), exposure)


class _Lines:
    """Which resource a line of a template belongs to."""

    def __init__(self, app: Application) -> None:
        self._starts: dict[str, list[tuple[int, ResourceId]]] = {}
        for resource in app.resources.values():
            self._starts.setdefault(resource.at.path, []).append((resource.at.line, resource.id))
        for starts in self._starts.values():
            starts.sort()

    def resource(self, at: Location) -> ResourceId | None:
        starts = self._starts.get(at.path)
        if not starts:
            return None
        number = bisect_right(starts, at.line, key=lambda one: one[0]) - 1
        return starts[number][1] if number >= 0 else None


def as_data(drawing: Drawing) -> dict[str, Any]:
    """Write nodes and edges as the page reads them."""
    return {
        "nodes": [_node(drawing, number, node) for number, node in enumerate(drawing.nodes)],
        "edges": [_edge(edge) for edge in drawing.edges.values()],
    }


def _node(drawing: Drawing, number: int, node: Node) -> dict[str, Any]:
    exposure = drawing.reached(number)
    written: dict[str, Any] = {"kind": node.kind, "label": text(node.label)}
    if node.type:
        written["type"] = text(node.type)
    if node.at is not None and node.at.path:
        written["at"] = [text(node.at.path), node.at.line]
    if node.stack:
        written["stack"] = text(node.stack)
    if exposure is not None:
        written["exposure"] = int(exposure)
    return written


def _edge(edge: Edge) -> dict[str, Any]:
    written: dict[str, Any] = {"from": edge.start, "to": edge.end, "kind": edge.kind}
    if edge.told:
        written["told"] = [text(one) for one in dict.fromkeys(edge.told)]
    if edge.exposure:
        written["exposure"] = int(max(edge.exposure))
    if any(edge.wide):
        written["wide"] = True
    return written


def text(scanned: str) -> str:
    """Return scanned text as reports show it, cut where it is longer than anyone reads."""
    safe = shown(scanned[: 4 * LONGEST])
    return safe if len(safe) <= LONGEST else f"{safe[: LONGEST - 1]}…"


def _target(source: EventSource | Delivery) -> ResourceId:
    return source.target if isinstance(source, Delivery) else source.function


def _kind(resource: Resource) -> str:
    return KINDS.get(resource.type, "")


def _of(service: str, action: str) -> bool:
    return service == "*" or action.lower().startswith(f"{service}:")


_EVENTS = {
    EventSourceType.S3: "new object",
    EventSourceType.SES: "mail",
    EventSourceType.SQS: "message",
    EventSourceType.MQ: "message",
    EventSourceType.SNS: "notification",
    EventSourceType.EVENT_BUS: "event",
    EventSourceType.DYNAMODB_STREAM: "changed item",
    EventSourceType.KINESIS: "record",
    EventSourceType.KAFKA: "record",
    EventSourceType.FIREHOSE: "record",
    EventSourceType.LOGS: "log line",
    EventSourceType.AUTHORIZER: "authorizes",
    EventSourceType.STEP_FUNCTIONS: "state",
    EventSourceType.INVOKE: "result",
}
"""What is sent, by the kind of source: the word that stands on an edge."""


def _event(source: EventSource | Delivery) -> str:
    """Name an event as its sender would: a route, or the kind of message."""
    if source.route is not None:
        return f"{source.route.method} {source.route.path}"
    if source.type is EventSourceType.SCHEDULE and source.detail is not None:
        when = source.detail.get("ScheduleExpression") or source.detail.get("Schedule")
        written = constant(when)
        if isinstance(written, str):
            return written
    return _EVENTS.get(source.type, source.type.value)


_CONTROLS = {
    AuthorizerKind.NONE: "no authorizer",
    AuthorizerKind.API_KEY: "API key",
    AuthorizerKind.IAM: "IAM",
    AuthorizerKind.COGNITO: "Cognito",
    AuthorizerKind.JWT: "JWT",
    AuthorizerKind.LAMBDA: "Lambda authorizer",
    AuthorizerKind.UNKNOWN: "unknown authorizer",
}


def _control(source: EventSource | Delivery) -> str:
    """Tell what is asked of a sender at the boundary."""
    if source.route is None:
        return ""
    asked = _CONTROLS[source.route.authorizer.kind]
    return f"{asked} + API key" if source.route.api_key_required else asked


def policy_names(app: Application, function: Function) -> list[str]:
    """Name the policies that a function's role holds."""
    role = app.role_of(function)
    return [text(name(policy)) for policy in role.policies] if role is not None else []
