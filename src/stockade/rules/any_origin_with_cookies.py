"""Every page may use its visitors' cookies. Page: docs/rules/any-origin-with-cookies.md."""

from collections.abc import Iterator

from stockade.analysis.events import ASKS
from stockade.analysis.facts import Facts
from stockade.analysis.libraries.origins import CALLS, shows_everyone
from stockade.model import (
    Application,
    Confidence,
    EventData,
    EventSourceType,
    Exposure,
    Location,
    Map,
    Match,
    Resource,
    Severity,
    Step,
    constant,
    inside,
)
from stockade.rules._matches import most_exposed
from stockade.rules._rule import rule


@rule(
    title="any page may read answers with the cookies of whoever visits it",
    harm=Severity.MEDIUM,
    practice="C8",
    cwe=(942, 346),
)
def any_origin_with_cookies(app: Application, facts: Facts) -> Iterator[Match]:
    """Report functions that go by cookies and show their answers to every origin."""
    reading = _reading_cookies(facts)
    if not reading:
        return
    told: set[str] = set()
    for function, at, steps in (
        *((one.function, one.sink, one.steps) for one in facts.flows_into("origin")),
        *(
            (call.function, call.at, (*call.steps, Step(call.at, "this lets every origin in")))
            for call in facts.calls_to(*CALLS)
            if shows_everyone(call.callee, call.arguments)
        ),
        *_by_api(app, reading),
    ):
        if function in reading and function not in told:
            told.add(function)
            yield _match(app, facts, function, at, (*steps, reading[function]))


def _reading_cookies(facts: Facts) -> dict[str, Step]:
    """Return the functions that read cookies, with the line that does."""
    found: dict[str, Step] = {}
    for call in facts.calls_to(ASKS):
        field = call.arguments.get("field")
        if isinstance(field, EventData) and "cookie" in field.field.lower():
            found.setdefault(call.function, Step(call.at, "and it goes by cookies"))
    return found


def _by_api(
    app: Application, reading: dict[str, Step]
) -> Iterator[tuple[str, Location, tuple[Step, ...]]]:
    """Yield functions behind HTTP APIs that show answers to every origin of a scheme.

    Beside credentials HTTP APIs take no `*`, but `https://*` ("Configure CORS for HTTP APIs" of
    the API Gateway Developer Guide).
    """
    apis = {one.id: one for one in app.of_type("AWS::ApiGatewayV2::Api") if _is_open(one)}
    for function in reading:
        for source in app.event_sources_of(function):
            api = apis.get(source.resource or "")
            if api is not None and source.type is EventSourceType.HTTP_API:
                at = next(inside(api.properties, "CorsConfiguration")).at
                yield function, at, (Step(at, f"{api.name} lets every origin in"),)


def _is_open(api: Resource) -> bool:
    cors = next(inside(api.properties, "CorsConfiguration"), None)
    return (
        isinstance(cors, Map)
        and constant(cors.get("AllowCredentials")) == "true"
        and any(
            constant(one) in ("https://*", "http://*")
            for one in inside(cors, "AllowOrigins", "[]")
        )
    )


def _match(
    app: Application, facts: Facts, function: str, at: Location, steps: tuple[Step, ...]
) -> Match:
    source = most_exposed(app, facts, function)
    sent = None if source is None else facts.exposures[source]
    name = app.resources[function].name
    return Match(
        at=at,
        message=(
            f"any page can call {name} as whoever visits it, and read the answer: every origin may"
            " send the user's cookies"
        ),
        because=(*(() if sent is None else sent.because), *steps),
        confidence=Confidence.MEDIUM,
        exposure=Exposure.PROVIDER if sent is None else sent.exposure,
        identity=(function,),
        resource=function,
        help=(
            "answer with an origin out of a list of your own, or without "
            "Access-Control-Allow-Credentials; and give the cookies SameSite=Lax or Strict"
        ),
    )
