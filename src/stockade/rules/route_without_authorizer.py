"""Anyone can call a route that does harm. Its page is docs/rules/route-without-authorizer.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.gateway import Api, apis
from stockade.model import Application, AuthorizerKind, EventSourceType, Exposure, Match, Severity
from stockade.rules._advice import advice
from stockade.rules._open import (
    Open,
    Ways,
    confidence,
    does_harm,
    harm,
    route_name,
    steps,
    what_happens,
    worst_of,
)
from stockade.rules._rule import rule


@rule(
    title="anyone can call a route that changes or spends something",
    harm=Severity.HIGH,
    practice="G2",
    cwe=(306,),
)
def route_without_authorizer(app: Application, facts: Facts) -> Iterator[Match]:
    """Report each API with open routes that nobody declared public, once."""
    ways = Ways(app, facts)
    for api in apis(app):
        found = tuple(ways.open(api.ways))
        harmful = [one for one in found if does_harm(one)]
        if harmful:
            yield _match(app, api, found, worst_of(harmful))


def _match(app: Application, api: Api, found: tuple[Open, ...], first: Open) -> Match:
    worst = first.effects[0]
    others = len({route_name(one.way) for one in found}) - 1
    more = f"; {others} more {'route is' if others == 1 else 'routes are'} open" if others else ""
    guarded = any(
        way.route is not None and way.route.authorizer.kind is not AuthorizerKind.NONE
        for way in api.ways
    )
    return Match(
        at=first.way.at if guarded else api.at,
        message=f"anyone can call {route_name(first.way)}{what_happens(app, first)}{more}",
        because=steps(found, first),
        confidence=confidence(worst),
        exposure=Exposure.ANYONE,
        identity=(api.resource.id, *sorted({route_name(one.way) for one in found})),
        resource=api.resource.id,
        help=advice(
            app,
            api.resource.id,
            _INSTEAD.get(api.type, _DEFAULT),
            serverless=_SERVERLESS.get(api.type, _DEFAULT),
            terraform=_TERRAFORM.get(api.type, _DEFAULT),
            cdk=_CDK.get(api.type, _DEFAULT),
            chalice=_CHALICE,
            zappa=_ZAPPA,
            sst=_SST.get(api.type, _DEFAULT),
        ),
        harm=harm(worst),
        mends=tuple(dict.fromkeys(one.way.at for one in found)),
    )


_DECLARE = "; declare a route that is meant for everyone with `Authorizer: NONE` or `security: []`"
_DEFAULT = f"give the API an authorizer by default{_DECLARE}"
_CHALICE = (
    "give each route an `authorizer=`: an IAMAuthorizer, a CognitoUserPoolAuthorizer, your own"
)
_ZAPPA = (
    "set `authorizer` or `iam_authorization`, or let the application check every request itself"
)
_SERVERLESS = {
    EventSourceType.REST_API: (
        "give each `http` event an `authorizer`: aws_iam, a user pool's ARN, a function's name"
    ),
    EventSourceType.HTTP_API: (
        "declare one under `provider.httpApi.authorizers`, and name it as `authorizer` of each "
        "`httpApi` event"
    ),
    EventSourceType.WEBSOCKET_API: (
        "give the `websocket` event of $connect an `authorizer`: it guards the others, too"
    ),
}
_SST = {
    EventSourceType.REST_API: (
        "give each `route` an `auth`: `{ iam: true }`, or one that `addAuthorizer` makes"
    ),
    EventSourceType.HTTP_API: (
        "give each `route` an `auth`: `{ jwt: { authorizer } }` of `addAuthorizer`, or "
        "`{ iam: true }`; all at once by `transform: { route: { args: { auth } } }` of the API"
    ),
    EventSourceType.WEBSOCKET_API: (
        "give the route $connect an `auth`: it guards the others, too"
    ),
}
_TERRAFORM = {
    EventSourceType.REST_API: (
        "set `authorization` and `authorizer_id` of each aws_api_gateway_method"
    ),
    EventSourceType.HTTP_API: (
        "set `authorization_type` and `authorizer_id` of each aws_apigatewayv2_route"
    ),
    EventSourceType.WEBSOCKET_API: (
        "set `authorization_type` of the route $connect: it guards the others, too"
    ),
}
_CDK = {
    EventSourceType.REST_API: (
        "give the RestApi `defaultMethodOptions: {authorizer}`, or each `addMethod` its own"
    ),
    EventSourceType.HTTP_API: (
        "give the HttpApi a `defaultAuthorizer`, or each `addRoutes` an `authorizer`"
    ),
    EventSourceType.WEBSOCKET_API: (
        "give `connectRouteOptions` an `authorizer`: it guards the other routes, too"
    ),
}
_INSTEAD = {
    EventSourceType.REST_API: (
        f"set Auth.DefaultAuthorizer of the API, or an AuthorizationType of each method{_DECLARE}"
    ),
    EventSourceType.HTTP_API: (
        f"set Auth.DefaultAuthorizer of the API, or an AuthorizationType of each route{_DECLARE}"
    ),
    EventSourceType.WEBSOCKET_API: (
        "set an AuthorizationType of the route $connect: it guards the others, too"
    ),
    EventSourceType.LOAD_BALANCER: (
        "let the listener find out who is calling first, by an action of type "
        "authenticate-cognito or authenticate-oidc"
    ),
}
