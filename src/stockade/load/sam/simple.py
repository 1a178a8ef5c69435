"""SAM resources that come to one CloudFormation resource, or one and its role."""

from stockade.load.building import Plain, entry, is_empty, only, text, write, write_map
from stockade.load.sam.code import location
from stockade.load.sam.expansion import Expansion
from stockade.load.sam.policies import managed, trust
from stockade.model import Map, Resource, Value

_KEY_TYPES = {"String": "S", "Number": "N", "Binary": "B"}


def expand_table(expansion: Expansion, owner: Resource) -> None:
    """Expand a table with one key. Follows "AWS::Serverless::SimpleTable"."""
    properties = owner.properties
    key = entry(properties, "PrimaryKey")
    name: Plain = entry(key, "Name") or "id"
    given = entry(key, "Type")
    kind: Plain = _KEY_TYPES.get(text(given) or "String") or given
    throughput = entry(properties, "ProvisionedThroughput")
    made: dict[str, Plain] = {
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": kind}],
        "KeySchema": [{"AttributeName": name, "KeyType": "HASH"}],
        **only(properties, "PointInTimeRecoverySpecification", "SSESpecification", "TableName"),
    }
    if is_empty(throughput):
        made["BillingMode"] = "PAY_PER_REQUEST"
    else:
        made["ProvisionedThroughput"] = throughput
    _put(expansion, owner, "AWS::DynamoDB::Table", made)


def _put(expansion: Expansion, owner: Resource, kind: str, made: dict[str, Plain]) -> None:
    """Put the resource in the owner's place; what keeps its name keeps the place of its key."""
    properties = owner.properties
    written = write_map(made, owner.at)
    places = {key: properties.key_at(key) for key in made if key in properties}
    expansion.put(owner, kind, Map(written.entries, properties.at, places))


def expand_layer(expansion: Expansion, owner: Resource) -> None:
    """Expand a layer. Follows "AWS::Serverless::LayerVersion".

    SAM gives it a new logical id for each content; here it keeps the author's.
    """
    properties = owner.properties
    uri = entry(properties, "ContentUri")
    copied = ("Description", "CompatibleArchitectures", "CompatibleRuntimes", "LicenseInfo")
    made: dict[str, Plain] = {
        "LayerName": entry(properties, "LayerName") or owner.logical_id,
        **only(properties, *copied),
        "Content": None if uri is None else location(uri),
    }
    _put(expansion, owner, "AWS::Lambda::LayerVersion", made)


def expand_capacity_provider(expansion: Expansion, owner: Resource) -> None:
    """Expand the machines that functions run on. Follows "AWS::Serverless::CapacityProvider"."""
    properties, at = owner.properties, owner.at
    role = entry(properties, "OperatorRole")
    if role is None:
        logical_id = f"{owner.logical_id}OperatorRole"
        made_role = {
            "AssumeRolePolicyDocument": trust("lambda.amazonaws.com", at),
            "ManagedPolicyArns": [managed("AWSLambdaManagedEC2ResourceOperator", at)],
        }
        expansion.add(owner, logical_id, "AWS::IAM::Role", made_role, at)
        role = expansion.refer(logical_id, at, "Arn")
    logging = entry(properties, "LoggingConfig")
    made: dict[str, Plain] = {
        **only(properties, "CapacityProviderName", "VpcConfig", "KmsKeyArn"),
        "PermissionsConfig": {"CapacityProviderOperatorRoleArn": role},
        "InstanceRequirements": _instances(entry(properties, "InstanceRequirements")),
        "CapacityProviderScalingConfig": _scaling(entry(properties, "ScalingConfig")),
        "TelemetryConfig": {"LoggingConfig": logging} if logging is not None else None,
    }
    _put(expansion, owner, "AWS::Lambda::CapacityProvider", made)


def _instances(given: Value | None) -> Plain:
    if is_empty(given):
        return None
    return {
        "Architectures": entry(given, "Architectures"),
        "AllowedInstanceTypes": entry(given, "AllowedTypes"),
        "ExcludedInstanceTypes": entry(given, "ExcludedTypes"),
    }


def _scaling(given: Value | None) -> Plain:
    if given is None or is_empty(given):
        return None
    target = entry(given, "AverageCPUUtilization")
    made: dict[str, Plain] = {"MaxVCpuCount": entry(given, "MaxVCpuCount"), "ScalingMode": "Auto"}
    if target is not None:
        metric = "LambdaCapacityProviderAverageCPUUtilization"
        policies = [{"PredefinedMetricType": metric, "TargetValue": target}]
        made["ScalingMode"] = "Manual"
        made["ScalingPolicies"] = write(policies, target.at)
    return made
