"""Versions and aliases of a function, and how traffic moves to a new version.

Follows "Deploying serverless applications gradually with AWS SAM".
"""

from stockade.load.building import (
    Plain,
    entry,
    is_empty,
    is_false,
    only,
    text,
    write,
    write_map,
)
from stockade.load.sam.expansion import Expansion
from stockade.load.sam.policies import managed, trust
from stockade.model import List, Map, Reference, Resource, Scalar, Value
from stockade.model.record import replace

_APPLICATION = "ServerlessDeploymentApplication"
_SERVICE_ROLE = "CodeDeployServiceRole"


def publish(expansion: Expansion, owner: Resource) -> Reference | None:
    """Add the version and alias that `AutoPublishAlias` asks for; return the alias."""
    properties = owner.properties
    written = entry(properties, "AutoPublishAlias")
    if written is None:
        return None
    at = properties.key_at("AutoPublishAlias")
    name = text(written)
    if not name:
        expansion.miss(at, "is an alias whose name cannot be known")
        return None
    function = expansion.refer(owner.logical_id, at)
    version = expansion.add(
        owner,
        f"{owner.logical_id}Version",
        "AWS::Lambda::Version",
        {"FunctionName": function, "Description": entry(properties, "VersionDescription")},
        at,
    )
    alias = expansion.add(
        owner,
        f"{owner.logical_id}Alias{name.replace('-', 'D').replace('_', 'U')}",
        "AWS::Lambda::Alias",
        {
            "Name": name,
            "FunctionName": function,
            "FunctionVersion": Reference(version.id, "Version", at),
            **only(properties, "ProvisionedConcurrencyConfig"),
        },
        at,
    )
    expansion.aliases[owner.id, "Version"] = version.id
    expansion.aliases[owner.id, "Alias"] = alias.id
    _deploy(expansion, owner, alias)
    return Reference(alias.id, "Ref", at)


def _deploy(expansion: Expansion, owner: Resource, alias: Resource) -> None:
    """Shift traffic by CodeDeploy, which calls the author's hooks."""
    preference = entry(owner.properties, "DeploymentPreference")
    if not isinstance(preference, Map) or is_false(entry(preference, "Enabled")):
        return
    at = owner.properties.key_at("DeploymentPreference")
    hooks = entry(preference, "Hooks")
    update = {
        "ApplicationName": expansion.refer(_APPLICATION, at),
        "DeploymentGroupName": expansion.refer(f"{owner.logical_id}DeploymentGroup", at),
        "BeforeAllowTrafficHook": entry(hooks, "PreTraffic"),
        "AfterAllowTrafficHook": entry(hooks, "PostTraffic"),
    }
    attributes = {
        **(alias.attributes or {}),
        "UpdatePolicy": write({"CodeDeployLambdaAliasUpdate": update}, at),
    }
    expansion.resources[alias.id] = replace(alias, attributes=attributes)
    _add_shared(expansion, owner, needs_role=is_empty(entry(preference, "Role")))
    _add_group(expansion, owner, preference)


def _add_shared(expansion: Expansion, owner: Resource, *, needs_role: bool) -> None:
    """Add what all deployments of the template share: the application and its role."""
    at = owner.properties.key_at("DeploymentPreference")
    bare = replace(owner, attributes=None, condition=None, metadata=None)
    if expansion.identify(_APPLICATION) not in expansion.resources:
        settings = {"ComputePlatform": "Lambda"}
        expansion.add(bare, _APPLICATION, "AWS::CodeDeploy::Application", settings, at)
    if needs_role and expansion.identify(_SERVICE_ROLE) not in expansion.resources:
        role = {
            "AssumeRolePolicyDocument": trust("codedeploy.amazonaws.com", at),
            "ManagedPolicyArns": [managed("service-role/AWSCodeDeployRoleForLambda", at)],
        }
        expansion.add(bare, _SERVICE_ROLE, "AWS::IAM::Role", role, at)


def _add_group(expansion: Expansion, owner: Resource, preference: Map) -> None:
    at = owner.properties.key_at("DeploymentPreference")
    service_role = expansion.refer(_SERVICE_ROLE, at, "Arn")
    alarms = entry(preference, "Alarms")
    properties: dict[str, Plain] = {
        "ApplicationName": expansion.refer(_APPLICATION, at),
        "AlarmConfiguration": _alarms(alarms) if isinstance(alarms, List) else None,
        "AutoRollbackConfiguration": {
            "Enabled": True,
            "Events": [
                "DEPLOYMENT_FAILURE",
                "DEPLOYMENT_STOP_ON_ALARM",
                "DEPLOYMENT_STOP_ON_REQUEST",
            ],
        },
        "DeploymentConfigName": _config_name(entry(preference, "Type")),
        "DeploymentStyle": {
            "DeploymentType": "BLUE_GREEN",
            "DeploymentOption": "WITH_TRAFFIC_CONTROL",
        },
        "ServiceRoleArn": entry(preference, "Role") or service_role,
        "TriggerConfigurations": entry(preference, "TriggerConfigurations"),
    }
    group = replace(owner, attributes=None, condition=None)
    kind = "AWS::CodeDeploy::DeploymentGroup"
    expansion.add(group, f"{owner.logical_id}DeploymentGroup", kind, properties, at)


def _alarms(alarms: List) -> Map:
    named = [{"Name": alarm} for alarm in alarms.items]
    return write_map({"Enabled": True, "Alarms": named} if named else {}, alarms.at)


def _config_name(kind: Value | None) -> Value | None:
    """Name CodeDeploy's predefined configuration; the author's own names stay."""
    name = text(kind)
    if kind is None or name is None or not name.startswith(("Canary", "Linear", "AllAtOnce")):
        return kind
    return Scalar(f"CodeDeployDefault.Lambda{name}", kind.at)
