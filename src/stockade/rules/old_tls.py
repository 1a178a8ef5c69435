"""Old versions of TLS are accepted. Its page is docs/rules/old-tls.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Match,
    Persona,
    Resource,
    Responsibility,
    Severity,
    Step,
    Value,
    constant,
    inside,
)
from stockade.rules._rule import rule

_DOMAINS = ("AWS::ApiGateway::DomainName", "AWS::ApiGateway::DomainNameV2")
_OLD_OF_DOMAINS = frozenset({"TLS_1_0"})
_OLD_OF_CDNS = frozenset({"SSLv3", "TLSv1", "TLSv1_2016", "TLSv1.1_2016"})
_OLD_OF_BALANCERS = frozenset(
    {
        "ELBSecurityPolicy-2016-08",
        "ELBSecurityPolicy-TLS-1-0-2015-04",
        "ELBSecurityPolicy-TLS-1-1-2017-01",
        "ELBSecurityPolicy-2015-05",
        "ELBSecurityPolicy-FS-2018-06",
        "ELBSecurityPolicy-FS-1-1-2019-08",
        "ELBSecurityPolicy-TLS13-1-0-2021-06",
        "ELBSecurityPolicy-TLS13-1-1-2021-06",
    }
)


@rule(
    title="versions of TLS below 1.2 are accepted",
    harm=Severity.LOW,
    practice="G7",
    cwe=(326,),
    persona=Persona.STRICT,
    responsibility=Responsibility.SHARED,
)
def old_tls(app: Application, facts: Facts) -> Iterator[Match]:
    """Report domains, distributions and listeners whose policy lets TLS 1.0 or 1.1 in."""
    del facts
    for resource, written, old in _policies(app):
        policy = constant(written)
        if isinstance(policy, str) and policy in old:
            yield Match(
                at=written.at,
                message=f"{resource.name} accepts TLS below 1.2: its policy is {policy}",
                because=(Step(written.at, "lets old versions in"),),
                confidence=Confidence.HIGH,
                exposure=Exposure.ANYONE,
                identity=(resource.id, policy),
                resource=resource.id,
                help=_HELP[resource.type],
            )


def _policies(app: Application) -> Iterator[tuple[Resource, Value, frozenset[str]]]:
    for domain in app.of_type(*_DOMAINS):
        for written in inside(domain.properties, "SecurityPolicy"):
            yield domain, written, _OLD_OF_DOMAINS
    for cdn in app.of_type("AWS::CloudFront::Distribution"):
        way = ("DistributionConfig", "ViewerCertificate", "MinimumProtocolVersion")
        for written in inside(cdn.properties, *way):
            yield cdn, written, _OLD_OF_CDNS
    for listener in app.of_type("AWS::ElasticLoadBalancingV2::Listener"):
        for written in inside(listener.properties, "SslPolicy"):
            yield listener, written, _OLD_OF_BALANCERS


_HELP = {
    **dict.fromkeys(_DOMAINS, "set SecurityPolicy: TLS_1_2, or one of TLS 1.3"),
    "AWS::CloudFront::Distribution": "set MinimumProtocolVersion: TLSv1.2_2021",
    "AWS::ElasticLoadBalancingV2::Listener": (
        "set SslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06"
    ),
}
