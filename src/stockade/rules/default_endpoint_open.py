"""The default endpoint stays open. Its page is docs/rules/default-endpoint-open.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.gateway import apis, custom_domains, default_endpoint_is_off, is_private
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Match,
    Names,
    Persona,
    Severity,
    Step,
)
from stockade.rules._open import Ways
from stockade.rules._rule import rule


@rule(
    title="the default endpoint stays open behind a custom domain",
    harm=Severity.LOW,
    practice="G6",
    cwe=(1188,),
    persona=Persona.STRICT,
)
def default_endpoint_open(app: Application, facts: Facts) -> Iterator[Match]:
    """Report APIs with a custom domain that are still reached by their own address."""
    names = Names(app.resources)
    ways = Ways(app, facts)
    for api in apis(app):
        domains = custom_domains(app, names, api.resource)
        if not domains or default_endpoint_is_off(api.resource) or is_private(api.resource):
            continue
        if any("MutualTlsAuthentication" in domain.properties for domain in domains):
            continue  # Worse than hygiene: api-reached-past-its-guard tells it.
        exposure = max(ways.exposure(way).exposure for way in api.ways)
        if exposure > Exposure.APPLICATION:
            yield Match(
                at=api.at,
                message=f"{api.name} is still reached by its execute-api address",
                because=(
                    Step(domains[0].at, "callers are meant to come by this name"),
                    Step(api.at, "but the API answers on its default endpoint, too"),
                ),
                confidence=Confidence.HIGH,
                exposure=exposure,
                identity=(api.resource.id,),
                resource=api.resource.id,
                help="set DisableExecuteApiEndpoint: true, and deploy the stage anew",
            )
