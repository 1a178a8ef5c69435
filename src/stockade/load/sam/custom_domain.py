"""Names of one's own for APIs: `Domain`, with its mapping and DNS records.

Follows "DomainConfiguration" of AWS::Serverless::Api and AWS::Serverless::HttpApi.
"""

from stockade.load.building import (
    Plain,
    entry,
    is_empty,
    is_false,
    is_true,
    items_of,
    only,
    text,
)
from stockade.load.sam.expansion import Expansion, with_hash
from stockade.model import Location, Map, Resource, Value, expression

_CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"


def expand_rest_domain(expansion: Expansion, owner: Resource, stage: Resource) -> None:
    """Add the domain of a REST API, its base paths and its DNS records."""
    domain = entry(owner.properties, "Domain")
    if not isinstance(domain, Map):
        return
    at = owner.properties.key_at("Domain")
    name = entry(domain, "DomainName")
    kind = text(entry(domain, "EndpointConfiguration")) or "REGIONAL"
    private = kind == "PRIVATE"
    version = "V2" if private else ""
    hashed = with_hash("", _named(name))
    logical_id = f"ApiGatewayDomainName{version}{hashed}"
    certificate = "RegionalCertificateArn" if kind == "REGIONAL" else "CertificateArn"
    properties = {
        "DomainName": name,
        certificate: entry(domain, "CertificateArn"),
        "EndpointConfiguration": {
            "Types": [kind],
            "IpAddressType": entry(domain, "IpAddressType"),
        },
        **only(domain, "SecurityPolicy", "EndpointAccessMode"),
        **only(domain, "OwnershipVerificationCertificateArn"),
    }
    if private:
        properties.update(only(domain, "Policy"))
    else:
        properties.update(only(domain, "MutualTlsAuthentication"))
    expansion.add(owner, logical_id, f"AWS::ApiGateway::DomainName{version}", properties, at)
    alias = expansion.identify(logical_id)
    expansion.aliases[owner.id, f"DomainName{version}"] = alias
    _map_base_paths(expansion, owner, domain, logical_id, stage)
    _admit_endpoint(expansion, owner, domain, logical_id)
    _add_records(expansion, owner, domain, logical_id, kind)


def _named(value: Value | None) -> str:
    """Return a text that is different for different names, known or not."""
    if value is None:
        return ""
    return text(value) or expression(value)


def _map_base_paths(
    expansion: Expansion, owner: Resource, domain: Map, logical_id: str, stage: Resource
) -> None:
    at = owner.properties.key_at("Domain")
    private = logical_id.startswith("ApiGatewayDomainNameV2")
    for short, written in _base_paths(domain):
        kept: str | None = short
        if written is None or is_false(entry(domain, "NormalizeBasePath")):
            kept = written
        expansion.add(
            owner,
            f"{owner.logical_id}{short}BasePathMapping",
            "AWS::ApiGateway::BasePathMapping" + ("V2" if private else ""),
            {
                "DomainNameArn" if private else "DomainName": expansion.refer(logical_id, at),
                "RestApiId": expansion.refer(owner.logical_id, at),
                "Stage": expansion.refer(stage.logical_id, at),
                "BasePath": kept,
            },
            at,
        )


def _base_paths(domain: Map) -> list[tuple[str, str | None]]:
    """Return each base path without and with its punctuation; one without if there is none."""
    written = [text(item) for item in items_of(entry(domain, "BasePath"))]
    paths = [path for path in written if path]
    if not paths:
        return [("", None)]
    return [("".join(one for one in path if one.isalnum()), path) for path in paths]


def _admit_endpoint(expansion: Expansion, owner: Resource, domain: Map, logical_id: str) -> None:
    """Associate the network endpoint by which a private domain is reached."""
    endpoint = entry(entry(domain, "AccessAssociation"), "VpcEndpointId")
    if endpoint is None or not logical_id.startswith("ApiGatewayDomainNameV2"):
        return
    expansion.add(
        owner,
        with_hash("DomainNameAccessAssociation", expression(endpoint) + logical_id),
        "AWS::ApiGateway::DomainNameAccessAssociation",
        {
            "DomainNameArn": expansion.refer(logical_id, endpoint.at),
            "AccessAssociationSourceType": "VPCE",
            "AccessAssociationSource": endpoint,
        },
        endpoint.at,
    )


def _add_records(
    expansion: Expansion, owner: Resource, domain: Map, logical_id: str, kind: str
) -> None:
    route = entry(domain, "Route53")
    if not isinstance(route, Map):
        return
    at = domain.key_at("Route53")
    zone = entry(route, "HostedZoneId") or entry(route, "HostedZoneName")
    name = entry(domain, "DomainName")
    record: dict[str, Plain] = {
        "Name": name,
        "Type": "A",
        "AliasTarget": _alias_target(expansion, route, logical_id, kind, at),
        **only(route, "Region", "SetIdentifier"),
    }
    records = [record]
    if is_true(entry(route, "IpV6")):
        records.append({**record, "Type": "AAAA"})
    shared = _named(zone)
    if is_true(entry(route, "SeparateRecordSetGroup")):
        shared += _named(name)
    group = with_hash("RecordSetGroup", shared)
    earlier = expansion.resources.get(expansion.identify(group))
    present = earlier.properties.get("RecordSets") if earlier else None
    properties = {
        **only(route, "HostedZoneId", "HostedZoneName"),
        "RecordSets": [*items_of(present), *records],
    }
    expansion.add(owner, group, "AWS::Route53::RecordSetGroup", properties, at)


def _alias_target(
    expansion: Expansion, route: Map, logical_id: str, kind: str, at: Location
) -> Plain:
    target: dict[str, Plain] = {"EvaluateTargetHealth": entry(route, "EvaluateTargetHealth")}
    if kind == "REGIONAL":
        target["HostedZoneId"] = expansion.refer(logical_id, at, "RegionalHostedZoneId")
        target["DNSName"] = expansion.refer(logical_id, at, "RegionalDomainName")
    elif kind == "EDGE":
        own = expansion.refer(logical_id, at, "DistributionDomainName")
        target["HostedZoneId"] = _CLOUDFRONT_ZONE
        target["DNSName"] = entry(route, "DistributionDomainName") or own
    else:
        target["HostedZoneId"] = entry(route, "VpcEndpointHostedZoneId")
        target["DNSName"] = entry(route, "VpcEndpointDomainName")
    return target


def expand_http_domain(expansion: Expansion, owner: Resource, stage: Value | None) -> None:
    """Add the domain of an HTTP or WebSocket API, its mappings and its DNS records."""
    domain = entry(owner.properties, "Domain")
    if not isinstance(domain, Map):
        return
    at = owner.properties.key_at("Domain")
    name = entry(domain, "DomainName")
    logical_id = with_hash("ApiGatewayDomainNameV2", _named(name))
    kind = text(entry(domain, "EndpointConfiguration")) or "REGIONAL"
    config = {
        "EndpointType": kind,
        **only(domain, "CertificateArn", "OwnershipVerificationCertificateArn", "SecurityPolicy"),
    }
    trust = entry(domain, "MutualTlsAuthentication")
    properties = {
        "DomainName": name,
        "DomainNameConfigurations": [config],
        "MutualTlsAuthentication": None if is_empty(trust) else trust,
    }
    expansion.add(owner, logical_id, "AWS::ApiGatewayV2::DomainName", properties, at)
    expansion.aliases[owner.id, "DomainName"] = expansion.identify(logical_id)
    for _, written in _base_paths(domain):
        key = written.strip("/") if written is not None else None
        short = (written or "").translate(str.maketrans("", "", "-_/"))
        expansion.add(
            owner,
            f"{owner.logical_id}{short}ApiMapping",
            "AWS::ApiGatewayV2::ApiMapping",
            {
                "DomainName": expansion.refer(logical_id, at),
                "ApiId": expansion.refer(owner.logical_id, at),
                "Stage": stage,
                "ApiMappingKey": key,
            },
            at,
        )
    _add_records(expansion, owner, domain, logical_id, kind)
