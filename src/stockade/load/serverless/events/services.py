"""Events of single services: CloudWatch Logs, IoT, Alexa.

Serverless: "CloudWatch Log", "IoT", "IoT Fleet Provisioning", "Alexa Skill", "Alexa Smart Home".
"""

from stockade.load.building import Plain, entry
from stockade.load.serverless.naming import normalized
from stockade.load.serverless.permissions import permission
from stockade.load.serverless.service import Event, FunctionDraft, Service, get_att, ref


def cloudwatch_log(service: Service, function: FunctionDraft, event: Event) -> None:
    """Add a subscription to a group of logs."""
    group = entry(event.value, "logGroup") or event.value
    service.add(
        f"{normalized(function.key)}LogsSubscriptionFilterCloudWatchLog{event.of_type}",
        "AWS::Logs::SubscriptionFilter",
        {
            "LogGroupName": group,
            "FilterPattern": event.get("filter") or "",
            "DestinationArn": get_att(function.logical_id),
        },
        event.at,
        f"functions.{function.key} cloudwatchLog",
    )
    arn = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Group}:*"
    permission(
        service,
        f"{normalized(function.key)}LambdaPermissionLogsSubscriptionFilterCloudWatchLog",
        function,
        "logs",
        {"Fn::Sub": [arn, {"Group": group}]},
        event.at,
    )


def iot(service: Service, function: FunctionDraft, event: Event) -> None:
    """Add a rule for what devices publish."""
    logical_id = f"{normalized(function.key)}IotTopicRule{event.of_type}"
    is_off = service.text(event.get("enabled")) == "false"
    payload: dict[str, Plain] = {
        "RuleDisabled": is_off,
        "Sql": event.get("sql"),
        "AwsIotSqlVersion": event.get("sqlVersion"),
        "Actions": [{"Lambda": {"FunctionArn": get_att(function.logical_id)}}],
    }
    service.add(
        logical_id,
        "AWS::IoT::TopicRule",
        {"RuleName": event.get("name"), "TopicRulePayload": payload},
        event.at,
        f"functions.{function.key} iot",
    )
    arn = "arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:rule/${Rule}"
    permission(
        service,
        f"{normalized(function.key)}LambdaPermissionIotTopicRule{event.of_type}",
        function,
        "iot",
        {"Fn::Sub": [arn, {"Rule": ref(logical_id)}]},
        event.at,
    )


def iot_fleet_provisioning(service: Service, function: FunctionDraft, event: Event) -> None:
    """Let AWS IoT ask the function before it provisions a device."""
    service.add(
        f"{normalized(function.key)}IotProvisioningTemplate",
        "AWS::IoT::ProvisioningTemplate",
        {
            "TemplateBody": event.get("templateBody"),
            "TemplateName": event.get("templateName"),
            "ProvisioningRoleArn": event.get("provisioningRoleArn"),
            "PreProvisioningHook": {"TargetArn": get_att(function.logical_id)},
        },
        event.at,
        f"functions.{function.key} iotFleetProvisioning",
    )
    name = f"{normalized(function.key)}LambdaPermissionIotProvisioningTemplate"
    permission(service, name, function, "iot", None, event.at)


def alexa_skill(service: Service, function: FunctionDraft, event: Event) -> None:
    """Let a skill of Alexa invoke the function; without an id, every skill may."""
    skill = entry(event.value, "appId")
    if skill is None and service.text(event.value) not in {None, "alexaSkill"}:
        skill = event.value
    _allow(service, function, event, "alexa-appkit", "AlexaSkill", event.of_type, skill)


def alexa_smart_home(service: Service, function: FunctionDraft, event: Event) -> None:
    """Let a smart home skill of Alexa invoke the function."""
    skill = entry(event.value, "appId") or event.value
    name = "AlexaSmartHome"
    _allow(service, function, event, "alexa-connectedhome", name, event.of_type, skill)


def _allow(  # noqa: PLR0913, PLR0917 - what a permission says
    service: Service,
    function: FunctionDraft,
    event: Event,
    principal: str,
    name: str,
    number: int,
    skill: "Plain",
) -> None:
    service.add(
        f"{normalized(function.key)}LambdaPermission{name}{number}",
        "AWS::Lambda::Permission",
        {
            "FunctionName": get_att(function.logical_id),
            "Action": "lambda:InvokeFunction",
            "Principal": f"{principal}.amazon.com",
            "EventSourceToken": skill,
        },
        event.at,
        f"functions.{function.key} {event.type}",
    )
