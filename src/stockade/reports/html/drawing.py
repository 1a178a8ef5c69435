"""One application drawn: who sends, what receives, what runs, what it opens.

Who stands outside is a node as well, one for each exposure from which something can be reached:
the boundary lies between them and everything else.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from stockade.analysis.exposure import delivery_exposures, exposures
from stockade.model import (
    DEFAULT_BUS,
    Application,
    Delivery,
    EventSource,
    EventSourceType,
    Exposure,
    Function,
    Names,
    Resource,
    ResourceId,
    Unknown,
    Value,
    in_words,
    references,
)
from stockade.reports.html.events import asked, sent
from stockade.reports.html.grants import Statement, granted
from stockade.reports.html.graph import Graph, Node
from stockade.reports.html.kinds import KINDS, SERVICES, SHOWN_ALONE, SOURCE_KINDS
from stockade.reports.words import EXPOSED_TO

_Source: TypeAlias = EventSource | Delivery

OUTSIDE = frozenset(
    {Exposure.ANYONE, Exposure.SIGNED_IN, Exposure.PARTNER, Exposure.OTHER_ACCOUNT}
)
"""Who stands outside of the boundary; the application and AWS itself stand within."""


class Drawing:
    """The graph of one application, with what was found out on the way."""

    def __init__(self, app: Application) -> None:
        self.app = app
        self.graph = Graph()
        self.exposures = exposures(app)
        self.statements: dict[ResourceId, tuple[Statement, ...]] = {}
        """The statements of each role that a function has."""
        self._names = Names(app.resources)
        for resource in app.resources.values():
            if _kind(resource) in SHOWN_ALONE or resource.id in app.functions:
                self._resource(resource.id)
        self._events()
        for function in app.functions.values():
            self._settings(function)
            self._grants(function)

    def node(self, resource: ResourceId) -> int | None:
        """Return the number of a resource's node, if it is drawn."""
        return self.graph.number(("resource", resource))

    def _events(self) -> None:
        """Draw what is sent to functions, and what AWS passes on to other resources."""
        passed_on = delivery_exposures(self.app)
        sources: list[tuple[_Source, Exposure]] = [
            *((one, passed_on[one.id].exposure) for one in self.app.deliveries),
            *((one, self.exposures[one.id].exposure) for one in self.app.event_sources),
        ]
        fed: dict[int, Exposure] = {}
        entries: dict[tuple[int, Exposure], list[_Source]] = {}
        for source, exposure in sources:
            start, end = self._sends(source, exposure)
            if start is not None:
                entries.setdefault((start, exposure), []).append(source)
                if isinstance(source, Delivery):
                    fed[end] = max(fed.get(end, exposure), exposure)
        for (start, exposure), through in sorted(entries.items(), key=lambda entry: entry[0]):
            if exposure in OUTSIDE and fed.get(start, Exposure.PROVIDER) < exposure:
                self._outsider(start, exposure, through)

    def _sends(self, source: _Source, exposure: Exposure) -> tuple[int | None, int]:
        """Draw one way in; the start is None for a call by name, which comes from nowhere."""
        end = self._resource(source.target if isinstance(source, Delivery) else source.function)
        self.graph.reach(end, exposure)
        start = self._origin(source)
        if start is not None:
            self.graph.reach(start, exposure)
            edge = self.graph.edge(start, end, "sends")
            edge.told.append(sent(source))
            edge.exposures.append(exposure)
            edge.at.append(source.at)
        return start, end

    def _outsider(self, start: int, exposure: Exposure, through: Iterable[_Source]) -> None:
        """Let someone outside reach a node, and tell what is asked of them on the way in."""
        node = Node(kind="outside", label=EXPOSED_TO[exposure])
        sender = self.graph.add(("outside", exposure.name), node)
        self.graph.reach(sender, exposure)
        edge = self.graph.edge(sender, start, "sends")
        edge.exposures.append(exposure)
        edge.told.extend(word for source in through if (word := asked(source)))

    def _origin(self, source: _Source) -> int | None:
        """Return the node that events come from."""
        untold = isinstance(source.source, Unknown)
        if source.resource is not None and not untold:
            return self._resource(source.resource)
        if source.type is EventSourceType.INVOKE:
            return None
        text = in_words(source.source) if source.source is not None and not untold else ""
        node = Node(
            kind=SOURCE_KINDS.get(source.type, "resource"),
            label=text or source.type.value,
            type="outside of the application",
        )
        # What nothing tells apart is drawn once.
        told = text or ("" if untold else source.id)
        return self.graph.add(("elsewhere", f"{source.type.value} {told}"), node)

    def _settings(self, function: Function) -> None:
        """Draw what a function is given the name of, by its environment."""
        if not isinstance(function.environment, Mapping):
            return
        start = self._resource(function.id)
        for variable, value in function.environment.items():
            for resource in self._named(value):
                if resource != function.id:
                    self.graph.edge(start, self._resource(resource), "names").told.append(variable)

    def _named(self, value: Value) -> Iterator[ResourceId]:
        referred = [one.resource for one in references(value) if self._is_drawn(one.resource)]
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
                if resource != function.id and self._is_drawn(resource):
                    self._opens(start, self._resource(resource), statement.actions)
            for service in statement.opens_all_of:
                actions = [one for one in statement.actions if _is_of(service, one)]
                self._opens(start, self._every(service), actions)

    def _opens(self, start: int, end: int, actions: Iterable[str]) -> None:
        self.graph.edge(start, end, "opens").told.extend(actions)

    def _every(self, service: str) -> int:
        kind, label = SERVICES[service]
        return self.graph.add(("every", service), Node(kind=kind, label=label, type="every one"))

    def _is_drawn(self, resource: ResourceId) -> bool:
        declared = self.app.resources.get(resource)
        return declared is not None and bool(_kind(declared))

    def _resource(self, resource: ResourceId) -> int:
        return self.graph.add(("resource", resource), self._declared(resource))

    def _declared(self, resource: ResourceId) -> Node:
        declared = self.app.resources.get(resource)
        if declared is not None:
            return Node(
                kind=_kind(declared) or "resource",
                label=declared.name,
                type=declared.type,
                at=declared.at,
                stack=declared.stack,
            )
        function = self.app.functions.get(resource)
        if function is not None:
            return Node(kind="function", label=resource, at=function.at)
        default = resource == DEFAULT_BUS
        return Node(
            kind="bus" if default else "resource",
            label="default event bus" if default else resource,
            type="outside of the application",
        )


def _kind(resource: Resource) -> str:
    return KINDS.get(resource.type, "")


def _is_of(service: str, action: str) -> bool:
    return service == "*" or action.lower().startswith(f"{service}:")
