"""`AWS::Serverless::Function`: the function, its role, versions and address, and its events.

Follows "AWS::Serverless::Function" and "Generated AWS CloudFormation resources for AWS SAM".
"""

from stockade.load.building import (
    entry,
    guarded_items,
    is_empty,
    only,
    text,
    write,
)
from stockade.load.sam.code import code_of
from stockade.load.sam.destinations import expand_destinations
from stockade.load.sam.events import expand_events
from stockade.load.sam.events.target import Target
from stockade.load.sam.expansion import Expansion
from stockade.load.sam.function_url import expand_url
from stockade.load.sam.policies import trust
from stockade.load.sam.publishing import publish
from stockade.load.sam.role import RoleDraft
from stockade.model import Choice, Map, NoValue, Resource, Value

_COPIED = (
    *("FunctionName", "Handler", "Runtime", "Description", "MemorySize", "Timeout", "VpcConfig"),
    *("Environment", "KmsKeyArn", "ReservedConcurrentExecutions", "Layers", "FileSystemConfigs"),
    *("ImageConfig", "PackageType", "Architectures", "SnapStart", "EphemeralStorage"),
    *("CodeSigningConfigArn", "RuntimeManagementConfig", "LoggingConfig", "TenancyConfig"),
    *("RecursiveLoop", "DurableConfig", "FunctionScalingConfig", "PublishToLatestPublished"),
)
"""Properties that a Lambda function has under the same name."""

_READ = frozenset(
    {
        *("CodeUri", "ImageUri", "InlineCode", "DeadLetterQueue", "Role", "Policies", "RolePath"),
        *("AssumeRolePolicyDocument", "PermissionsBoundary", "Events", "Tags", "PropagateTags"),
        *("Tracing", "DeploymentPreference", "EventInvokeConfig", "AutoPublishAlias"),
        *("AutoPublishCodeSha256", "AutoPublishAliasAllProperties", "VersionDescription"),
        *("ProvisionedConcurrencyConfig", "FunctionUrlConfig", "SourceKMSKeyArn"),
        *("CapacityProviderConfig", "VersionDeletionPolicy"),
    }
)

_KNOWN = _READ.union(_COPIED)

_DEAD_LETTER_ACTIONS = {"SQS": "sqs:SendMessage", "SNS": "sns:Publish"}


def expand_function(expansion: Expansion, owner: Resource) -> None:
    """Expand one function; `owner.properties` have the Globals merged in."""
    properties = owner.properties
    for key, value in properties:
        if key not in _KNOWN:
            expansion.miss(value.at, f"is a property of functions that is not known: {key}")
    role = _role(expansion, owner)
    function = _lambda_function(expansion, owner, role)
    alias = publish(expansion, owner)
    target = Target.of_function(expansion, owner, alias)
    expand_url(expansion, owner, target)
    expand_destinations(expansion, owner, alias, role)
    role.add_all(entry(properties, "Policies"), expansion)
    expand_events(expansion, owner, target, role)
    _finish_role(expansion, function, role)


def _lambda_function(expansion: Expansion, owner: Resource, role: RoleDraft) -> Resource:
    properties = owner.properties
    made: dict[str, Value] = only(properties, *_COPIED)
    places = {key: properties.key_at(key) for key in made}
    code = code_of(properties)
    if code is not None:
        made["Code"], places["Code"] = code
    places["Role"] = properties.key_at("Role")
    made["Role"] = _role_value(expansion, properties, role)
    tracing = entry(properties, "Tracing")
    if tracing is not None and text(tracing) != "Disabled":
        made["TracingConfig"] = write({"Mode": tracing}, tracing.at)
    queue = entry(entry(properties, "DeadLetterQueue"), "TargetArn")
    if queue is not None:
        made["DeadLetterConfig"] = write({"TargetArn": queue}, queue.at)
    capacity = entry(properties, "CapacityProviderConfig")
    if isinstance(capacity, Map):
        made["CapacityProviderConfig"] = _capacity(capacity)
    tags = entry(properties, "Tags")
    if isinstance(tags, Map):
        made["Tags"] = _tag_list(tags)
    return expansion.put(owner, "AWS::Lambda::Function", Map(made, properties.at, places))


def _tag_list(tags: Map) -> Value:
    return write([{"Key": key, "Value": value} for key, value in tags], tags.at)


def _capacity(given: Map) -> Value:
    inner = only(
        given, "PerExecutionEnvironmentMaxConcurrency", "ExecutionEnvironmentMemoryGiBPerVCpu"
    )
    arn = entry(given, "Arn")
    config = {"CapacityProviderArn": arn, **inner}
    return write({"LambdaManagedInstancesCapacityProviderConfig": config}, given.at)


def _role(expansion: Expansion, owner: Resource) -> RoleDraft:
    """Start the role with what the function's own settings imply."""
    properties, at = owner.properties, owner.at
    assumed = entry(properties, "AssumeRolePolicyDocument") or trust("lambda.amazonaws.com", at)
    role = RoleDraft(f"{owner.logical_id}Role", at, assumed)
    durable = not is_empty(entry(properties, "DurableConfig"))
    basic = (
        "AWSLambdaBasicDurableExecutionRolePolicy" if durable else "AWSLambdaBasicExecutionRole"
    )
    role.attach(f"service-role/{basic}", at)
    tracing = entry(properties, "Tracing")
    if not is_empty(tracing) and text(tracing) != "Disabled":
        role.attach("AWSXrayWriteOnlyAccess", properties.key_at("Tracing"))
    if not is_empty(entry(properties, "VpcConfig")):
        vpc = "service-role/AWSLambdaVPCAccessExecutionRole"
        role.attach(vpc, properties.key_at("VpcConfig"))
    _imply_dead_letters(expansion, owner, role)
    return role


def _imply_dead_letters(expansion: Expansion, owner: Resource, role: RoleDraft) -> None:
    queue = entry(owner.properties, "DeadLetterQueue")
    if queue is None:
        return
    at = owner.properties.key_at("DeadLetterQueue")
    action = _DEAD_LETTER_ACTIONS.get(text(entry(queue, "Type")) or "")
    arn = entry(queue, "TargetArn")
    if action is None or arn is None:
        expansion.miss(at, "names no dead-letter queue or topic that SAM knows")
        return
    statement = {"Effect": "Allow", "Action": action, "Resource": arn}
    document = write({"Version": "2012-10-17", "Statement": [statement]}, at)
    role.imply("DeadLetterQueuePolicy", document, at)


def _role_value(expansion: Expansion, properties: Map, role: RoleDraft) -> Value:
    """Return the function's role; where a branch of the author's choice has none, SAM's."""
    own = expansion.refer(role.logical_id, role.at, "Arn")
    given = entry(properties, "Role")
    if given is None:
        return own
    if isinstance(given, Choice):
        then = own if isinstance(given.then, NoValue) else given.then
        otherwise = own if isinstance(given.otherwise, NoValue) else given.otherwise
        if then is own and otherwise is own:
            return own
        return Choice(given.condition, then, otherwise, given.at)
    return given


def _finish_role(expansion: Expansion, function: Resource, role: RoleDraft) -> None:
    """Make the role, under the conditions under which the function uses it."""
    owner = expansion.template.resources[function.id]
    value = function.properties.get("Role")
    own = expansion.identify(role.logical_id)
    for guards, used in guarded_items(value):
        if getattr(used, "resource", None) == own and used.at == role.at:
            role.finish(expansion, owner, owner.properties, guards)
            return
