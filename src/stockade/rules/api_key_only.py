"""An API key is all that a route asks for. Its page is docs/rules/api-key-only.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.gateway import Api, apis, declared_public
from stockade.analysis.operations import EffectKind
from stockade.model import Application, AuthorizerKind, EventSourceType, Exposure, Match, Severity
from stockade.rules._open import (
    Open,
    Ways,
    confidence,
    harm,
    route_name,
    steps,
    what_happens,
    worst_of,
)
from stockade.rules._rule import rule


@rule(
    title="an API key is all that a route asks for",
    harm=Severity.MEDIUM,
    practice="G2",
    cwe=(287,),
)
def api_key_only(app: Application, facts: Facts) -> Iterator[Match]:
    """Report each API whose routes change something and ask for nothing but a key, once."""
    ways = Ways(app, facts)
    for api in apis(app):
        found = [
            Open(way=way, exposure=ways.exposure(way), effects=ways.done_by(way))
            for way in api.ways
            if way.route is not None
            and way.route.authorizer.kind is AuthorizerKind.API_KEY
            and not declared_public(app, way)
        ]
        changing = [one for one in found if one.worst and one.worst.kind > EffectKind.READS]
        if changing:
            yield _match(app, api, tuple(found), worst_of(changing))


def _match(app: Application, api: Api, found: tuple[Open, ...], first: Open) -> Match:
    worst = first.effects[0]
    exposure = first.exposure.exposure
    anyone = exposure is Exposure.ANYONE
    who = "anyone who looks into a client" if anyone else "whoever comes by an API key"
    others = len({route_name(one.way) for one in found}) - 1
    more = (
        f"; {others} more {'asks' if others == 1 else 'ask'} for the key alone" if others else ""
    )
    return Match(
        at=api.at,
        message=f"{who} can call {route_name(first.way)}{what_happens(app, first)}{more}",
        because=steps(found, first),
        confidence=confidence(worst),
        exposure=exposure,
        identity=(api.resource.id, *sorted({route_name(one.way) for one in found})),
        resource=api.resource.id,
        help=_GRAPHQL if api.type is EventSourceType.GRAPHQL_API else _REST,
        harm=min(Severity.MEDIUM, harm(worst)),
    )


_GRAPHQL = (
    "make Cognito, OIDC or IAM the API's default, and let the key serve only the fields that "
    "carry @aws_api_key"
)
_REST = (
    "set an authorizer besides: a key tells clients apart for quotas, it stands in each client "
    "and does not prove who is calling"
)
