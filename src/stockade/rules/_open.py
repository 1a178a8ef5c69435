"""Routes that anyone can call, and what that does."""

from collections.abc import Iterable, Iterator

from stockade._late import pattern
from stockade.analysis.code.languages import is_analysed
from stockade.analysis.effects import Effect, Effects, through
from stockade.analysis.exposure.endpoints import Endpoints
from stockade.analysis.exposure.routes import Routes
from stockade.analysis.facts import Facts, SourceExposure
from stockade.analysis.gateway import Way, declared_public
from stockade.analysis.operations import EffectKind
from stockade.model import (
    Application,
    AuthorizerKind,
    Confidence,
    Delivery,
    EventSource,
    EventSourceType,
    Exposure,
    Severity,
    Step,
)
from stockade.model.record import record
from stockade.rules._tokens import verifying_functions

# What nobody can be signed in for yet, or what tells nothing.
_BY_NATURE = pattern(
    r"(?i)(?:^|[/_-])(?:login|log-in|signin|sign-in|signup|sign-up|register|registration|"
    r"token|oauth2?|callback|authorize|auth|logout|forgot-password|health|healthz|healthcheck|"
    r"ping|status|version|robots\.txt|favicon\.ico|\.well-known)(?:$|[/_-])"
)
_WEBHOOK = pattern(r"(?i)webhook|hook$|/hooks?/|callback|slack|stripe|github|twilio|telegram")
_PERSONAL = pattern(
    r"(?i)user|customer|patient|account|employee|candidate|applicant|payment|invoice|order|"
    r"profile|member|client|contact|person|people|subscri|session|conversation|message"
)
_SAYS_SO = pattern(r"(?i)(?:^|[/_-])public(?:$|[/_-])")
"""A route that reads for everyone, and is called so."""
_OF_ITS_OWN = pattern(r"(?i)cache|idempoten|counter|metric|rate_?limit")
"""Names of what a function keeps for itself, whoever calls."""
_OF_CONNECTIONS = frozenset({"$connect", "$disconnect"})
_MOST_STEPS = 12


@record(kw_only=True)
class Open:
    """A route that anyone can call although nobody declared it public."""

    way: Way
    exposure: SourceExposure
    effects: tuple[Effect, ...]

    @property
    def worst(self) -> Effect | None:
        """Return the worst of what a call does."""
        return self.effects[0] if self.effects else None


class Ways:
    """Who can call the routes of one application, and what that does."""

    def __init__(self, app: Application, facts: Facts) -> None:
        self.app = app
        self.facts = facts
        self._effects: Effects | None = None
        self._verifying: frozenset[str] | None = None
        self._routes: Routes | None = None

    def open(self, ways: Iterable[Way]) -> Iterator[Open]:
        """Yield the routes among `ways` that are open and were not declared so."""
        for way in ways:
            if way.route is None or way.route.authorizer.kind is not AuthorizerKind.NONE:
                continue
            exposure = self.exposure(way)
            if exposure.exposure is Exposure.ANYONE and not self._is_meant(way):
                yield Open(way=way, exposure=exposure, effects=self.done_by(way))

    def exposure(self, way: Way) -> SourceExposure:
        """Return who can call a route, also one that leads to no function."""
        if isinstance(way, EventSource):
            return self.facts.exposures[way.id]
        if self._routes is None:
            self._routes = Routes(self.app, Endpoints(self.app))
        return self._routes.called_by(way)

    def done_by(self, way: Way) -> tuple[Effect, ...]:
        """Return what a call of a route does, without what every such route does."""
        if self._effects is None:
            self._effects = Effects(self.app, self.facts)
        found = through(self.app, self._effects, way)
        # Connections that are gone are deleted when something is sent to them, whoever calls.
        found = tuple(
            one
            for one in found
            if not one.proved and not one.of_connection and not _OF_ITS_OWN.search(one.does)
        )
        if way.type is EventSourceType.WEBSOCKET_API:
            # Connections are kept in a table: that is how WebSocket APIs are made.
            keeps = way.route is not None and way.route.path in _OF_CONNECTIONS
            return tuple(
                one
                for one in found
                if "onnection" not in one.does
                and not (keeps and one.action.startswith("dynamodb:"))
            )
        return found

    def _is_meant(self, way: Way) -> bool:
        """Tell whether a route is open on purpose, or its function checks who is calling."""
        if way.route is None or declared_public(self.app, way):
            return True
        if isinstance(way, Delivery):
            return False
        if self._verifying is None:
            self._verifying = verifying_functions(self.facts)
        if _BY_NATURE.search(way.route.path) or way.function in self._verifying:
            return True
        function = self.app.functions[way.function]
        return not is_analysed(function) and bool(
            _WEBHOOK.search(way.route.path) or _WEBHOOK.search(way.function)
        )


def does_harm(one: Open) -> bool:
    """Tell whether a call does more than to answer, or answers with data of people."""
    worst = one.worst
    if worst is None:
        return False
    if worst.kind is EffectKind.READS:
        route = one.way.route
        says_so = route is not None and _SAYS_SO.search(route.path) is not None
        return worst.sure and not says_so and bool(_PERSONAL.search(worst.does))
    return True


def harm(effect: Effect) -> Severity:
    """Return how bad it is that anyone can bring this about."""
    if effect.kind is EffectKind.DELETES:
        return Severity.HIGH if effect.sure else Severity.MEDIUM
    return Severity.MEDIUM if effect.sure else Severity.LOW


def confidence(effect: Effect) -> Confidence:
    """Return how sure it is: a role allows more than code does."""
    return Confidence.HIGH if effect.sure else Confidence.LOW


def worst_of(found: Iterable[Open]) -> Open:
    """Return the route whose call is worst; of equal ones, one whose method says so."""
    fitting = {
        EffectKind.DELETES: ("DELETE",),
        EffectKind.WRITES: ("POST", "PUT", "PATCH"),
    }

    def weight(one: Open) -> tuple[bool, int, bool, bool]:
        worst, route = one.worst, one.way.route
        if worst is None or route is None:
            return (False, 0, False, False)
        fits = route.method in fitting.get(worst.kind, ())
        return (worst.sure, worst.kind, fits, route.path not in _OF_CONNECTIONS)

    return max(found, key=weight)


def route_name(way: Way) -> str:
    """Name a route in a sentence: "DELETE /users/{id}", "this function URL"."""
    route = way.route
    if way.type is EventSourceType.FUNCTION_URL or route is None:
        return "this function URL"
    if way.type is EventSourceType.WEBSOCKET_API:
        return f"the route {route.path}"
    if way.type is EventSourceType.GRAPHQL_API:
        return f"{route.method.lower()} {route.path}"
    return f"{route.method} {route.path}"


def what_happens(app: Application, one: Open) -> str:
    """Say what a call of a route does, as the end of a sentence that names the route."""
    worst = one.worst
    if worst is None:
        return ""
    if isinstance(one.way, Delivery):
        return f", which {worst.does}"
    function = app.resources[one.way.function].name
    if not worst.sure:
        return f", and {function} behind it may {worst.may}"
    routes = {way.route for way in app.event_sources_of(one.way.function) if way.route is not None}
    if len(routes) == 1 and function not in worst.does:
        return f", which {worst.does}"
    return f", and {function} behind it {worst.does}"


def steps(found: Iterable[Open], first: Open) -> tuple[Step, ...]:
    """Return the lines that show it: the first route, what it does, and the other routes."""
    shown = [*first.exposure.because]
    worst = first.worst
    if worst is not None and worst.at != first.way.at:
        note = f"and this {worst.does}" if worst.sure else f"its role may {worst.may}"
        shown += [*worst.steps, Step(worst.at, note)]
    for one in found:
        if one is not first:
            shown += one.exposure.because[:1]
    return tuple(dict.fromkeys(shown))[:_MOST_STEPS]
