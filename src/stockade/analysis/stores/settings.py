"""Where secrets stand in an application: settings of functions, templates, files of code."""

import base64
import json
from collections.abc import Iterator
from itertools import islice

from stockade._late import pattern
from stockade.analysis.stores import secrets
from stockade.analysis.stores.bound import bound
from stockade.model import (
    Application,
    Concatenation,
    Framework,
    Function,
    Location,
    Map,
    Parameter,
    Reference,
    Resource,
    Scalar,
    SourceFile,
    Unknown,
    Value,
    alternatives,
    constant,
    expression,
    inside,
    walk,
)
from stockade.model.naming import LINKED
from stockade.model.record import record

LARGEST = 200_000
"""Characters of a file; a larger one is data, not code."""
MOST_FILES = 400
"""Files of code that are looked at in one application."""

_CODE = (
    ".py",
    ".js",
    ".mjs",
    ".cjs",
    ".ts",
    ".jsx",
    ".tsx",
    ".json",
    ".yaml",
    ".yml",
    ".env",
    ".ini",
    ".toml",
    ".sh",
)
_SKIPPED = ("test_", "test/", "tests/", "__tests__/", "spec/", "package-lock.json", "events/")


@record
class Held:
    """A secret that is written out, and what it is."""

    name: str
    """What it is called, or what kind of secret it is."""
    text: str
    at: Location


@record
class Setting:
    """An environment variable that holds a secret once the function is deployed."""

    function: Function
    name: str
    at: Location
    why: str
    """What makes it one, as the end of a step."""


_OF_TYPES = {
    "AWS::RDS::DBInstance": (("MasterUserPassword",),),
    "AWS::RDS::DBCluster": (("MasterUserPassword",),),
    "AWS::DocDB::DBCluster": (("MasterUserPassword",),),
    "AWS::Redshift::Cluster": (("MasterUserPassword",),),
    "AWS::RedshiftServerless::Namespace": (("AdminUserPassword",),),
    "AWS::ElastiCache::ReplicationGroup": (("AuthToken",),),
    "AWS::ElastiCache::User": (("Passwords", "[]"),),
    "AWS::AmazonMQ::Broker": (("Users", "[]", "Password"),),
    "AWS::OpenSearchService::Domain": (
        ("AdvancedSecurityOptions", "MasterUserOptions", "MasterUserPassword"),
    ),
    "AWS::Elasticsearch::Domain": (
        ("AdvancedSecurityOptions", "MasterUserOptions", "MasterUserPassword"),
    ),
    "AWS::DocDBElastic::Cluster": (("AdminUserPassword",),),
    "AWS::DirectoryService::MicrosoftAD": (("Password",),),
    "AWS::DirectoryService::SimpleAD": (("Password",),),
    "AWS::KinesisFirehose::DeliveryStream": (
        ("RedshiftDestinationConfiguration", "Password"),
        ("SplunkDestinationConfiguration", "HECToken"),
        ("HttpEndpointDestinationConfiguration", "EndpointConfiguration", "AccessKey"),
    ),
    "AWS::CodePipeline::Pipeline": (
        ("Stages", "[]", "Actions", "[]", "Configuration", "OAuthToken"),
    ),
    "AWS::CodePipeline::Webhook": (("AuthenticationConfiguration", "SecretToken"),),
    "AWS::CodeBuild::SourceCredential": (("Token",),),
    "AWS::Glue::Connection": (("ConnectionInput", "ConnectionProperties", "PASSWORD"),),
    "AWS::DMS::Endpoint": (("Password",),),
    "AWS::IAM::User": (("LoginProfile", "Password"),),
    "AWS::Cognito::UserPoolIdentityProvider": (("ProviderDetails", "client_secret"),),
    "AWS::Amplify::App": (("OauthToken",), ("AccessToken",)),
    "AWS::ApiGateway::ApiKey": (("Value",),),
    "AWS::Events::Connection": (
        ("AuthParameters", "ApiKeyAuthParameters", "ApiKeyValue"),
        ("AuthParameters", "BasicAuthParameters", "Password"),
        ("AuthParameters", "OAuthParameters", "ClientParameters", "ClientSecret"),
    ),
}
"""Properties that hold a secret whatever it looks like."""


def in_templates(app: Application) -> Iterator[Held]:
    """Yield the secrets that are written into the templates and files of parameters."""
    for stack in app.stacks:
        for name, value in stack.parameters.items():
            yield from _of_parameter(name, value)
    for function in app.functions.values():
        if not isinstance(function.environment, Unknown):
            for name, value in function.environment.items():
                yield from _written(name, value)
    for resource in app.resources.values():
        for path in _OF_TYPES.get(resource.type, ()):
            for value in inside(resource.properties, *path):
                if (
                    isinstance(value, Scalar)
                    and isinstance(value.value, str)
                    and secrets.is_a_password(value.value)
                ):
                    yield Held(f"{resource.name}.{path[-1]}", value.value, value.at)
        yield from _of_resource(resource)
    for template in dict.fromkeys(stack.template for stack in app.stacks):
        file = app.sources.read(template)
        if isinstance(file, SourceFile):
            yield from _in_file(file)


def _of_parameter(name: str, value: Value) -> Iterator[Held]:
    if not isinstance(value, Parameter) or not isinstance(value.value, Scalar):
        return
    text = value.value.value
    if not isinstance(text, str):
        return
    # Authors hide what is theirs, secret or not: a region, the id of an account.
    certain = value.no_echo and secrets.is_a_password(text) and not secrets.is_plain(name)
    if certain or secrets.is_secret(name, text):
        yield Held(name, text, value.value.at)


def _written(name: str, value: Value) -> Iterator[Held]:
    for way in alternatives(value):
        text = getattr(way, "value", None)
        if isinstance(way, Scalar) and isinstance(text, str) and secrets.is_secret(name, text):
            yield Held(name, text, way.at)


def _of_resource(resource: Resource) -> Iterator[Held]:
    """Yield the secrets that a resource is made with, whose names tell that they are such."""
    properties = resource.properties
    match resource.type:
        case "AWS::SecretsManager::Secret":
            yield from _of_secret(resource.name, properties.get("SecretString"))
        case "AWS::SSM::Parameter":
            name = constant(properties.get("Name"))
            last = name.rpartition("/")[2] if isinstance(name, str) else resource.name
            for value in inside(properties, "Value"):
                yield from _written(last, value)
        case _ if resource.type in _MAPS:
            for variables in inside(properties, *_MAPS[resource.type]):
                for name, value in variables if isinstance(variables, Map) else ():
                    yield from _written(name, value)
        case (
            "AWS::EC2::Instance"
            | "AWS::EC2::LaunchTemplate"
            | "AWS::AutoScaling::LaunchConfiguration"
        ):
            for script in (
                *inside(properties, "UserData"),
                *inside(properties, "LaunchTemplateData", "UserData"),
            ):
                yield from _of_script(script)
        case _:
            for path in _NAMED_VALUES.get(resource.type, ()):
                for one in inside(properties, *path):
                    yield from _of_pair(one)


_MAPS = {
    "AWS::ApiGateway::Stage": ("Variables",),
    "AWS::ApiGatewayV2::Stage": ("StageVariables",),
    "AWS::CloudFormation::Stack": ("Parameters",),
    "AWS::Serverless::Application": ("Parameters",),
    "AWS::Glue::Job": ("DefaultArguments",),
}
"""Maps of names to values, by the type of the resource."""
_NAMED_VALUES = {
    "AWS::CodeBuild::Project": (("Environment", "EnvironmentVariables", "[]"),),
    "AWS::ECS::TaskDefinition": (("ContainerDefinitions", "[]", "Environment", "[]"),),
    "AWS::Batch::JobDefinition": (("ContainerProperties", "Environment", "[]"),),
    "AWS::AppRunner::Service": (
        (
            *("SourceConfiguration", "ImageRepository", "ImageConfiguration"),
            *("RuntimeEnvironmentVariables", "[]"),
        ),
    ),
    "AWS::ElasticBeanstalk::Environment": (("OptionSettings", "[]"),),
    "AWS::Amplify::App": (("EnvironmentVariables", "[]"),),
    "AWS::Amplify::Branch": (("EnvironmentVariables", "[]"),),
    "AWS::CloudFront::Distribution": (
        ("DistributionConfig", "Origins", "[]", "OriginCustomHeaders", "[]"),
    ),
}
"""Lists of names and their values, by the type of the resource."""
_SET = pattern(r"(?m)^[ \t]*(?:export[ \t]+)?([A-Z][A-Z0-9_]{2,60})=[\"']?([^\s\"'$`]{6,200})")
"""A variable that a script sets to a text."""


def _of_pair(one: Value) -> Iterator[Held]:
    """Yield the secret of a name and a value, where the value is no reference to one."""
    if not isinstance(one, Map) or constant(one.get("Type")) not in (None, "PLAINTEXT"):
        return
    name = constant(one.get("Name") or one.get("HeaderName") or one.get("OptionName"))
    value = one.get("Value") or one.get("HeaderValue")
    if isinstance(name, str) and value is not None:
        yield from _written(name, value)


def _of_script(script: Value) -> Iterator[Held]:
    """Yield what a script that a machine begins with sets variables to."""
    for part in walk(script):
        if isinstance(part, Scalar) and isinstance(part.value, str):
            for found in _SET.finditer(_script(part.value)[:LARGEST]):
                if secrets.is_secret(found[1], found[2]):
                    yield Held(found[1], found[2], part.at)


def _script(text: str) -> str:
    """Return a script as it was before the template encoded it for machines, if it did."""
    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError:
        return text


def _of_secret(name: str, value: Value | None) -> Iterator[Held]:
    """Yield what a secret is made with, if the template says it: a text, or a map of texts."""
    for part in walk(value) if value is not None else ():
        if isinstance(part, Map):
            for key, held in part:
                yield from _written(key, held)
    if not isinstance(value, Scalar) or not isinstance(value.value, str):
        return
    text = value.value
    if text.lstrip().startswith("{"):
        for key, held_text in _texts_of(text):
            if secrets.is_secret(key, held_text):
                yield Held(f"{name}.SecretString, {key}", held_text, value.at)
    elif secrets.is_a_password(text) and "{" not in text:
        yield Held(f"{name}.SecretString", text, value.at)


def _texts_of(text: str) -> Iterator[tuple[str, str]]:
    """Yield the texts of a map of JSON, with their keys."""
    try:
        told = json.loads(text)
    except ValueError:
        return
    for key, value in told.items() if isinstance(told, dict) else ():
        if isinstance(value, str):
            yield str(key), value


def in_code(app: Application) -> Iterator[Held]:
    """Yield the secrets of known formats in the files that functions are made of."""
    seen = {stack.template for stack in app.stacks}
    left = MOST_FILES
    for path in _files_of(app, *app.functions.values()):
        if path in seen:
            continue
        seen.add(path)
        left -= 1
        if left < 0:
            return
        found = app.sources.worked_out(path, _in_code_file)
        if not isinstance(found, Unknown):
            yield from found


def _files_of(app: Application, *functions: Function) -> Iterator[str]:
    """Yield the files of code that functions are made of."""
    for root in dict.fromkeys(root for one in functions for root in one.roots):
        for path in app.sources.files_below(root):
            if path.endswith(_CODE) and not _is_skipped(path):
                yield path


def written_in_code(app: Application, function: str, text: str) -> Location | None:
    """Return where a text stands between quotes in a function's code, if it does."""
    declared = app.functions.get(function)
    asked = _files_of(app, declared) if declared is not None else ()
    for path in islice(asked, MOST_FILES):
        file = app.sources.read(path)
        if isinstance(file, Unknown) or len(file.text) > LARGEST:
            continue
        for quote in ('"', "'", "`"):
            start = file.text.find(f"{quote}{text}{quote}")
            if start >= 0:
                line, column = _place(file.text, start + 1)
                return Location(path, line, column, line, column + len(text))
    return None


def _in_code_file(file: SourceFile) -> tuple[Held, ...]:
    if len(file.text) > LARGEST:
        return ()
    return (*_in_file(file), *_bound(file))


def _bound(file: SourceFile) -> Iterator[Held]:
    """Yield the texts that a script binds to names of passwords and keys."""
    for found in bound(file.path, file.text):
        line, column = _place(file.text, found.start)
        at = Location(file.path, line, column, line, column + len(found.text))
        yield Held(f"`{found.name}`", found.text, at)


def _is_skipped(path: str) -> bool:
    return any(f"/{part}" in f"/{path}" for part in _SKIPPED)


def _in_file(file: SourceFile) -> Iterator[Held]:
    for found in secrets.in_text(file.text):
        line, column = _place(file.text, found.start)
        end_line, end_column = _place(file.text, found.end)
        at = Location(file.path, line, column, end_line, end_column)
        yield Held(found.kind, file.text[found.start : found.end], at)


def _place(text: str, offset: int) -> tuple[int, int]:
    line = text.count("\n", 0, offset) + 1
    return line, offset - text.rfind("\n", 0, offset)


_RESOLVED = pattern(r"\{\{resolve:secretsmanager:([^{}]{1,2048})\}\}")
_EXPRESSION = pattern(r"\$\{[^{}]{0,512}\}")
_PLAIN = ("user", "username", "host", "port", "dbname", "engine", "endpoint", "region", "arn")


def _resolves_secret(name: str, text: str) -> bool:
    """Tell whether CloudFormation puts a secret's value in: a user's name or a host is none."""
    if "{{resolve:secretsmanager:" not in text:
        return False
    # The name of a secret may be an expression of Fn::Sub, which stands in braces too.
    found = _RESOLVED.search(_EXPRESSION.sub("secret", text))
    key = found[1].partition(":SecretString:")[2].partition(":")[0] if found is not None else ""
    if found is None or key.lower() in _PLAIN:
        return False
    return not (secrets.is_plain(name) and (not key or secrets.is_plain(key)))


_SECRET_ATTRIBUTES = {
    "ClientSecret": "the secret of a client",
    "SecretAccessKey": "the key of an IAM user",
    "SecretString": "a secret",
}


def deployed(app: Application) -> Iterator[Setting]:
    """Yield the environment variables that will hold a secret, though none is written out."""
    for function in app.functions.values():
        if isinstance(function.environment, Unknown):
            continue
        for name, value in function.environment.items():
            why = _holds(name, value, app.framework_of(function.id))
            if why and not name.startswith(LINKED):
                yield Setting(function, name, value.at, why)


def _holds(name: str, value: Value, framework: Framework) -> str:
    """Say what makes a value a secret, or nothing."""
    for part in walk(value):
        match part:
            case Parameter(no_echo=True) if secrets.is_plain(name) and secrets.is_plain(part.name):
                continue
            case Parameter(no_echo=True) if framework is Framework.TERRAFORM:
                return f"{part.name} is sensitive"
            case Parameter(no_echo=True):
                return f"the parameter {part.name} is a secret: it has NoEcho"
            case Scalar(value=str(text)) if _resolves_secret(name, text):
                return "CloudFormation puts the secret itself here, at deployment"
            case Reference() if part.attribute in _SECRET_ATTRIBUTES:
                return f"this is {_SECRET_ATTRIBUTES[part.attribute]}"
            case Concatenation() if _resolves_secret(name, expression(part)):
                return "CloudFormation puts the secret itself here, at deployment"
            case _:
                pass
    if not isinstance(value, Parameter) or not _is_left_open(value):
        return ""
    if "appsync" in value.name.lower():
        return ""  # Its keys are for clients to carry.
    kind, _, source = value.name.rpartition(":")
    if kind == "ssm" and secrets.is_named(name) and not secrets.is_plain(source):
        return f"the framework reads {source} and puts it here, at deployment"
    if secrets.is_value(name) and secrets.is_value(source):
        return f"the parameter {value.name} is a secret by its name"
    return ""


def _is_left_open(parameter: Parameter) -> bool:
    """Tell whether a deployment has to say what a parameter is: a default only keeps its place."""
    given = constant(parameter.value) if parameter.value is not None else None
    return parameter.value is None or (isinstance(given, str) and secrets.is_placeholder(given))
