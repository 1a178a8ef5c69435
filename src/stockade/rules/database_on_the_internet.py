"""A database with a public address. Its page is docs/rules/database-on-the-internet.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Match,
    Persona,
    Resource,
    Severity,
    Step,
    constant,
    inside,
)
from stockade.rules._rule import rule

_STORES = {
    "AWS::RDS::DBInstance": ("PubliclyAccessible",),
    "AWS::RDS::DBCluster": ("PubliclyAccessible",),
    "AWS::Redshift::Cluster": ("PubliclyAccessible",),
    "AWS::RedshiftServerless::Workgroup": ("PubliclyAccessible",),
    "AWS::AmazonMQ::Broker": ("PubliclyAccessible",),
    "AWS::DMS::ReplicationInstance": ("PubliclyAccessible",),
    "AWS::Neptune::DBInstance": ("PubliclyAccessible",),
}
_DOMAINS = ("AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain")


@rule(
    title="a private data store is reached over a public address",
    harm=Severity.LOW,
    practice="F5",
    cwe=(668,),
    persona=Persona.STRICT,
)
def database_on_the_internet(app: Application, facts: Facts) -> Iterator[Match]:
    """Report data stores that are given a public address, or left one beside a network."""
    del facts
    outside = [
        app.resources[one]
        for one in app.functions
        if "VpcConfig" not in app.resources[one].properties
    ]
    for store, step in _public(app):
        steps = [step]
        if outside:
            steps.append(Step(outside[0].at, "and this function runs outside of the network"))
        beside = " beside its network" if _has_network(app) else ""
        yield Match(
            at=step.at,
            message=f"{store.name} has an address on the internet{beside}",
            because=tuple(steps),
            confidence=Confidence.HIGH,
            exposure=Exposure.ANYONE,
            identity=(store.id,),
            resource=store.id,
            help=(
                "set PubliclyAccessible: false (VPCOptions of OpenSearch), and run the functions "
                "that use it in its subnets, with a VpcConfig"
            ),
        )


def _has_network(app: Application) -> bool:
    if next(app.of_type("AWS::EC2::VPC", "AWS::EC2::Subnet"), None) is not None:
        return True
    return any("VpcConfig" in app.resources[one].properties for one in app.functions)


def _public(app: Application) -> Iterator[tuple[Resource, Step]]:
    for store in app.of_type(*_STORES):
        for written in inside(store.properties, *_STORES[store.type]):
            if str(constant(written)).lower() == "true":
                yield store, Step(written.at, "gives it a public address")
    for domain in app.of_type(*_DOMAINS) if _has_network(app) else ():
        if "VPCOptions" not in domain.properties:
            yield domain, Step(domain.at, "without VPCOptions it has a public endpoint")
