"""No web ACL stands before an API. Its page is docs/rules/api-without-firewall.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.gateway import (
    apis,
    cdn_fronts,
    has_firewall,
    is_private,
    web_acl_targets,
)
from stockade.model import (
    Application,
    Confidence,
    EventSourceType,
    Exposure,
    Match,
    Names,
    Persona,
    Responsibility,
    Severity,
    Step,
)
from stockade.rules._open import Ways
from stockade.rules._rule import rule

_KINDS = {
    EventSourceType.REST_API: "this REST API",
    EventSourceType.HTTP_API: "this HTTP API",
    EventSourceType.WEBSOCKET_API: "this WebSocket API",
    EventSourceType.GRAPHQL_API: "this GraphQL API",
    EventSourceType.LOAD_BALANCER: "this load balancer",
}
_TAKES_NONE = frozenset({EventSourceType.HTTP_API, EventSourceType.WEBSOCKET_API})


@rule(
    title="no web application firewall stands before an API",
    harm=Severity.LOW,
    practice="G4",
    cwe=(693,),
    persona=Persona.STRICT,
    responsibility=Responsibility.SHARED,
)
def api_without_firewall(app: Application, facts: Facts) -> Iterator[Match]:
    """Report APIs on the internet without a web ACL on them, their stage or their CDN."""
    names = Names(app.resources)
    targets = web_acl_targets(app)
    ways = Ways(app, facts)
    for api in apis(app):
        exposure = max(ways.exposure(way).exposure for way in api.ways)
        private = is_private(api.resource) or exposure < Exposure.SIGNED_IN
        if private or has_firewall(app, names, api, targets):
            continue
        note = f"no web ACL is associated with {_KINDS[api.type]}"
        fronts = tuple(cdn_fronts(app, names, api.resource))
        steps = [Step(api.at, note)]
        steps += [Step(front.at, "nor with the distribution before it") for front in fronts]
        yield Match(
            at=api.at,
            message=f"no web application firewall stands before {api.name}",
            because=tuple(steps),
            confidence=Confidence.MEDIUM,
            exposure=exposure,
            identity=(api.resource.id,),
            resource=api.resource.id,
            help=_CDN if api.type in _TAKES_NONE or fronts else _ASSOCIATE,
        )


_ASSOCIATE = (
    "add an AWS::WAFv2::WebACL with the managed common rules and a rate-based rule, and an "
    "AWS::WAFv2::WebACLAssociation"
)
_CDN = (
    "let a CloudFront distribution with a WebACLId stand before it, and close the way around: "
    "HTTP and WebSocket APIs take no web ACL themselves"
)
