"""An open route that nobody declared public. Page: docs/rules/route-not-declared-public.md."""

from collections.abc import Iterator, Mapping

from stockade.analysis.facts import Facts
from stockade.analysis.gateway import Api, apis, ways
from stockade.model import (
    Application,
    Confidence,
    EventSourceType,
    Exposure,
    Match,
    Persona,
    Severity,
)
from stockade.rules._open import Open, Ways, does_harm, route_name, steps
from stockade.rules._rule import rule


@rule(
    title="nobody said that an open route is meant to be open",
    harm=Severity.LOW,
    practice="G2",
    cwe=(306,),
    persona=Persona.STRICT,
)
def route_not_declared_public(app: Application, facts: Facts) -> Iterator[Match]:
    """Report APIs and URLs that are open, do no harm that is seen, and are not declared so."""
    asked = Ways(app, facts)
    for api in apis(app):
        found = tuple(asked.open(api.ways))
        if found and not any(does_harm(one) for one in found):
            yield _match(api, found)
    urls = [way for way in ways(app) if way.type is EventSourceType.FUNCTION_URL]
    for one in asked.open(urls):
        if not does_harm(one):
            yield _match(None, (one,))


def _match(api: Api | None, found: tuple[Open, ...]) -> Match:
    first = found[0]
    names = sorted({route_name(one.way) for one in found})
    more = "" if len(names) == 1 else f" and {len(names) - 1} more of {_name(api)}"
    return Match(
        at=api.at if api is not None else first.way.at,
        message=f"anyone can call {route_name(first.way)}{more}, and nobody declared that public",
        because=steps(found, first),
        confidence=Confidence.HIGH,
        exposure=Exposure.ANYONE,
        identity=(api.resource.id if api is not None else first.way.id, *names),
        resource=api.resource.id if api is not None else None,
        help=_HELP.get(first.way.type, _DECLARE),
    )


def _name(api: Api | None) -> str:
    return api.name if api is not None else "the application"


_DECLARE = (
    "set an authorizer, or write that it is public: `Auth: {Authorizer: NONE}` on the event, "
    "`security: []` on the operation, or `Metadata: {Stockade: {Public: true}}` on the API"
)
_HELP: Mapping[EventSourceType, str] = {
    EventSourceType.FUNCTION_URL: (
        "set AuthType: AWS_IAM, or write that it is public: "
        "`Metadata: {Stockade: {Public: true}}` on the function"
    )
}
