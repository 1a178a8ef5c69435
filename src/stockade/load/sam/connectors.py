"""`AWS::Serverless::Connector`: what one resource may do with another.

Follows "AWS SAM connector reference". The profiles say, for two types of resources, which
policy on which side each of `Read` and `Write` comes to. A policy that a connector makes has,
beside its document, an entry `Source` of our own: `"sam-connector"`.
"""

from typing import Any

from stockade.load.building import (
    Plain,
    entry,
    items_of,
    substitute,
    substitute_all,
    text,
)
from stockade.load.sam.expansion import Expansion
from stockade.load.sam.policies import connectors
from stockade.model import List, Location, Map, Reference, Resource, Scalar, Value, references
from stockade.model.record import record

_CONNECTOR = "AWS::Serverless::Connector"

_EXPANDED = {
    "AWS::Serverless::Function": "AWS::Lambda::Function",
    "AWS::Serverless::StateMachine": "AWS::StepFunctions::StateMachine",
    "AWS::Serverless::Api": "AWS::ApiGateway::RestApi",
    "AWS::Serverless::HttpApi": "AWS::ApiGatewayV2::Api",
    "AWS::Serverless::SimpleTable": "AWS::DynamoDB::Table",
}


@record
class _End:
    """One side of a connector. `values` has what the profiles may ask for: Arn, Name, ..."""

    type: str
    values: dict[str, Value]
    role: Value | None
    url: Value | None


@record
class _Link:
    """A connector to one destination."""

    connector: Resource
    source: _End
    destination: _End
    profile: dict[str, Any]
    permissions: tuple[str, ...]
    ending: str
    """What tells destinations apart where there are several."""
    at: Location

    def name(self, middle: str) -> str:
        return self.connector.logical_id + middle + self.ending

    @property
    def values(self) -> dict[str, Value]:
        ends = (("Source", self.source), ("Destination", self.destination))
        return {f"{side}.{key}": one for side, end in ends for key, one in end.values.items()}

    @property
    def holder(self) -> _End:
        """The side whose policy it is."""
        return self.source if self.profile["SourcePolicy"] else self.destination


def expand_connector(expansion: Expansion, connector: Resource) -> None:
    """Expand one connector into the policies and permissions it comes to."""
    properties = connector.properties
    destinations = entry(properties, "Destination")
    several = isinstance(destinations, List)
    wanted = tuple(
        name for item in items_of(entry(properties, "Permissions")) if (name := text(item))
    )
    for number, destination in enumerate(items_of(destinations)):
        ending = f"Destination{number}" if several else ""
        _connect(expansion, connector, destination, wanted, ending)


def _connect(
    expansion: Expansion,
    connector: Resource,
    destination: Value,
    wanted: tuple[str, ...],
    ending: str,
) -> None:
    at = connector.at
    source = entry(connector.properties, "Source")
    from_end = _end(expansion, source, destination)
    to_end = _end(expansion, destination, source)
    if from_end is None or to_end is None:
        expansion.miss(at, "connects something that the template does not hold")
        return
    found = connectors()["permissions"].get(from_end.type, {}).get(to_end.type)
    if found is None:
        expansion.miss(at, f"connects {from_end.type} to {to_end.type}, which SAM does not know")
        return
    profile = found["Properties"]
    link = _Link(connector, from_end, to_end, profile, wanted, ending, at)
    match found["Type"]:
        case "AWS_IAM_ROLE_MANAGED_POLICY":
            _add_role_policy(expansion, link)
        case "AWS_SQS_QUEUE_POLICY":
            _add_resource_policy(expansion, link, "Queue", link.holder.url)
        case "AWS_SNS_TOPIC_POLICY":
            _add_resource_policy(expansion, link, "Topic", link.holder.values.get("Arn"))
        case _:
            _add_permissions(expansion, link)


def _end(expansion: Expansion, given: Value | None, other: Value | None) -> _End | None:
    if not isinstance(given, Map):
        return None
    logical_id = text(entry(given, "Id"))
    if logical_id is None:
        return _described(given)
    resource = expansion.resources.get(expansion.identify(logical_id))
    if resource is None:
        return None
    kind = _EXPANDED.get(resource.type, resource.type)
    known = connectors()["resources"].get(kind, {})
    values = {
        name: _output(expansion, logical_id, output, given.at)
        for name, output in known.get("outputs", {}).items()
    }
    if "Id" in values:
        values["ResourceId"] = values.pop("Id")
    qualifier = entry(given, "Qualifier")
    if qualifier is not None:
        values["Qualifier"] = qualifier
    role = _role_of(expansion, resource, known.get("role"), other)
    return _End(kind, values, role, values.pop("Url", None))


def _output(expansion: Expansion, logical_id: str, output: dict[str, str], at: Location) -> Value:
    if "text" in output:
        return Scalar(output["text"], at)
    return expansion.refer(logical_id, at, output["attribute"])


def _described(given: Map) -> _End | None:
    """Return the side that the author describes by ARN instead of naming it."""
    kind = text(entry(given, "Type"))
    if kind is None:
        return None
    values = {
        key: value
        for key in ("Arn", "ResourceId", "Name", "Qualifier")
        if (value := entry(given, key)) is not None
    }
    role, url = entry(given, "RoleName"), entry(given, "QueueUrl")
    return _End(_EXPANDED.get(kind, kind), values, role, url)


def _role_of(
    expansion: Expansion, resource: Resource, key: str | None, other: Value | None
) -> Value | None:
    """Refer to the role of a resource; for a rule, to that of the target on the other side."""
    value = entry(resource.properties, key) if key else None
    if resource.type == "AWS::Events::Rule":
        value = _target_role(expansion, resource, other)
    for reference in references(value) if value is not None else ():
        return Reference(reference.resource, "Ref", reference.at)
    return None


def _target_role(expansion: Expansion, rule: Resource, other: Value | None) -> Value | None:
    logical_id = text(entry(other, "Id"))
    wanted = expansion.identify(logical_id) if logical_id else None
    for target in items_of(entry(rule.properties, "Targets")):
        arn = entry(target, "Arn")
        if isinstance(arn, Reference) and arn.resource == wanted:
            return entry(target, "RoleArn")
    return None


def _document(link: _Link) -> Value:
    statements: list[Plain] = []
    for name, category in link.profile["AccessCategories"].items():
        if name in link.permissions:
            statements.extend(category["Statement"])
    plain: dict[str, Plain] = {"Version": "2012-10-17", "Statement": statements}
    return substitute_all(plain, link.at, link.values)


def _add_role_policy(expansion: Expansion, link: _Link) -> None:
    role = link.holder.role
    if role is None:
        expansion.miss(link.at, "connects by a role that the template does not hold")
        return
    properties = {
        "PolicyDocument": _document(link),
        "Roles": [role],
        "Source": "sam-connector",
    }
    name = link.name("Policy")
    expansion.add(link.connector, name, "AWS::IAM::ManagedPolicy", properties, link.at)


def _add_resource_policy(
    expansion: Expansion, link: _Link, kind: str, resource: Value | None
) -> None:
    if resource is None:
        expansion.miss(link.at, f"connects a {kind.lower()} that is not named")
        return
    service = "SQS" if kind == "Queue" else "SNS"
    properties = {
        "PolicyDocument": _document(link),
        f"{kind}s": [resource],
        "Source": "sam-connector",
    }
    name = link.name(f"{kind}Policy")
    expansion.add(link.connector, name, f"AWS::{service}::{kind}Policy", properties, link.at)


def _add_permissions(expansion: Expansion, link: _Link) -> None:
    for name, category in link.profile["AccessCategories"].items():
        if name not in link.permissions:
            continue
        limits = {
            key: substitute(category[key], link.at, link.values)
            for key in ("Action", "Principal", "SourceArn", "SourceAccount")
            if key in category
        }
        properties = {"FunctionName": link.holder.values.get("Arn"), **limits}
        logical_id = link.name(f"{name}LambdaPermission")
        expansion.add(link.connector, logical_id, "AWS::Lambda::Permission", properties, link.at)
