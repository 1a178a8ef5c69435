"""A guard has a way around. Its page is docs/rules/api-reached-past-its-guard.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.gateway import (
    Api,
    apis,
    cdn_fronts,
    custom_domains,
    default_endpoint_is_off,
    is_private,
    web_acl_targets,
)
from stockade.model import (
    RESTFUL_APIS,
    Application,
    AuthorizerKind,
    Confidence,
    Exposure,
    Match,
    Names,
    Severity,
    Step,
)
from stockade.rules._open import Ways
from stockade.rules._rule import rule


@rule(
    title="an API is reached past the guard before it",
    harm=Severity.HIGH,
    practice="G6",
    cwe=(288,),
)
def api_reached_past_its_guard(app: Application, facts: Facts) -> Iterator[Match]:
    """Report APIs whose client certificate or firewall is at another address than the API's."""
    names = Names(app.resources)
    for api in apis(app):
        if default_endpoint_is_off(api.resource) or is_private(api.resource):
            continue
        exposure = max(Ways(app, facts).exposure(way).exposure for way in api.ways)
        if exposure <= Exposure.PARTNER:
            continue
        yield from _certificates(app, names, api, exposure)
        yield from _firewalls(app, names, api, exposure)


def _certificates(app: Application, names: Names, api: Api, exposure: Exposure) -> Iterator[Match]:
    for domain in custom_domains(app, names, api.resource):
        if "MutualTlsAuthentication" not in domain.properties:
            continue
        yield Match(
            at=api.at,
            message=f"callers without a certificate reach {api.name} by its execute-api address",
            because=(
                Step(domain.at, "asks callers for a client certificate"),
                Step(api.at, "but the API answers on its default endpoint, too, without one"),
            ),
            confidence=Confidence.HIGH,
            exposure=exposure,
            identity=(api.resource.id, domain.id),
            resource=api.resource.id,
            help="set DisableExecuteApiEndpoint: true, and deploy the stage anew",
        )


def _firewalls(app: Application, names: Names, api: Api, exposure: Exposure) -> Iterator[Match]:
    if api.type not in RESTFUL_APIS:
        return
    if _asks_for_more(api):
        return
    guarded = web_acl_targets(app)
    for front in cdn_fronts(app, names, api.resource):
        if "WebACLId" not in front.settings or api.resource.id in guarded or front.adds_header:
            continue
        yield Match(
            at=api.at,
            message=f"attackers go around the firewall: {api.name} answers by its own address",
            because=(
                Step(front.settings.key_at("WebACLId"), "a web ACL stands before this CDN"),
                Step(api.at, "but whoever calls the API itself does not pass it"),
            ),
            confidence=Confidence.MEDIUM,
            exposure=exposure,
            identity=(api.resource.id, front.resource.id),
            resource=api.resource.id,
            help=(
                "let CloudFront add a secret header that the authorizer asks for, or associate "
                "the web ACL with the API's stage as well"
            ),
            harm=Severity.MEDIUM,
        )


def _asks_for_more(api: Api) -> bool:
    """Tell whether each route asks for a key or a signature, which the CDN may add."""
    return all(
        way.route is not None
        and (way.route.api_key_required or way.route.authorizer.kind is AuthorizerKind.IAM)
        for way in api.ways
    )
