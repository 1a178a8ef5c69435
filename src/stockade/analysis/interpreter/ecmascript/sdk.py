"""AWS SDK for JavaScript, versions 2 and 3: clients and calls by the names that boto3 gives them.

A call becomes `aws.s3.Client.get_object` with its parameters by name, so that what is known of
AWS is known once for all languages. Follows the packages' own names: `@aws-sdk/client-s3`,
`@aws-sdk/lib-dynamodb`, `@aws-sdk/lib-storage`, `@aws-sdk/s3-request-presigner`, `aws-sdk`.
"""

from typing import Final

from stockade._late import pattern
from stockade.analysis.interpreter.ecmascript.functions import is_function
from stockade.analysis.interpreter.ecmascript.protocol import ScriptMachine
from stockade.analysis.interpreter.protocol import Arguments, Invocation, Site
from stockade.analysis.interpreter.values import (
    NUMBER,
    UNKNOWN,
    External,
    Val,
    const,
    constant_text,
)
from stockade.analysis.operations import python_name
from stockade.model.record import replace

_V3: Final = "npm:@aws-sdk/client-"
CLIENT: Final = "aws.Client"
"""The name by which tables speak of the making of any client."""
_DOCUMENT: Final = "aws.dynamodb.DocumentClient"
_SERVICES: Final = {
    "api-gateway": "apigateway",
    "application-auto-scaling": "application-autoscaling",
    "auto-scaling": "autoscaling",
    "cloudwatch-events": "events",
    "cloudwatch-logs": "logs",
    "cloudwatchevents": "events",
    "cloudwatchlogs": "logs",
    "cognito-identity-provider": "cognito-idp",
    "cognitoidentity": "cognito-identity",
    "cognitoidentityserviceprovider": "cognito-idp",
    "config-service": "config",
    "configservice": "config",
    "cost-explorer": "ce",
    "costexplorer": "ce",
    "data-pipeline": "datapipeline",
    "database-migration-service": "dms",
    "dynamodb-streams": "dynamodbstreams",
    "elastic-load-balancing": "elb",
    "elastic-load-balancing-v2": "elbv2",
    "elasticsearch-service": "es",
    "eventbridge": "events",
    "global-accelerator": "globalaccelerator",
    "iot-data-plane": "iot-data",
    "iotdata": "iot-data",
    "kinesis-video": "kinesisvideo",
    "lex-runtime-service": "lex-runtime",
    "lex-runtime-v2": "lexv2-runtime",
    "lexruntime": "lex-runtime",
    "rdsdataservice": "rds-data",
    "redshiftdata": "redshift-data",
    "resource-groups-tagging-api": "resourcegroupstaggingapi",
    "route-53": "route53",
    "s3-control": "s3control",
    "secrets-manager": "secretsmanager",
    "service-catalog": "servicecatalog",
    "sfn": "stepfunctions",
    "storage-gateway": "storagegateway",
    "timestreamquery": "timestream-query",
    "timestreamwrite": "timestream-write",
    "transcribeservice": "transcribe",
}
"""What boto3 calls a service, where it is not what the package or class is called."""

_OF_DOCUMENTS: Final = {
    "get": "get_item",
    "put": "put_item",
    "update": "update_item",
    "delete": "delete_item",
    "query": "query",
    "scan": "scan",
    "batchGet": "batch_get_item",
    "batchWrite": "batch_write_item",
    "transactGet": "transact_get_items",
    "transactWrite": "transact_write_items",
    "executeStatement": "execute_statement",
    "batchExecuteStatement": "batch_execute_statement",
    "executeTransaction": "execute_transaction",
}
_NO_SERVICES: Final = frozenset(
    [
        "CognitoIdentityCredentials",
        "Config",
        "Credentials",
        "EC2MetadataCredentials",
        "Endpoint",
        "EnvironmentCredentials",
        "FileSystemCredentials",
        "HttpRequest",
        "SharedIniFileCredentials",
        "TemporaryCredentials",
        "WebIdentityCredentials",
        "ChainableTemporaryCredentials",
        "Request",
    ]
)
_CALL: Final = pattern(r"aws\.([\w-]+)\.(Client|DocumentClient)\.(\w+)")


def _client(machine: ScriptMachine, type_: str, call: Invocation) -> Val:
    """Return a client; what it was made of tells whose credentials it signs with."""
    made_of = tuple((name, value) for name, value in call.arguments.by_key().items())
    address = machine.address(call.site, type_)
    return Val((machine.made(External(type_, instance=True, made_of=made_of, address=address)),))


def made(machine: ScriptMachine, call: Invocation) -> Val | None:
    """Return the client or command that a construction makes."""
    name = call.callee
    if name.startswith(_V3):
        return _made_v3(machine, call)
    if name.startswith("npm:@aws-sdk/lib-dynamodb."):
        last = name.rpartition(".")[2]
        if last.endswith("Command"):
            return _command(machine, call)
        return _client(machine, _DOCUMENT, call) if last == "from" else None
    if name.startswith("npm:aws-sdk"):
        return _made_v2(machine, call)
    if name.rpartition(".")[2] in ("captureAWSv3Client", "captureAWSClient", "captureAWS"):
        return call.arguments.get(0, None)
    return None


def _made_v3(machine: ScriptMachine, call: Invocation) -> Val | None:
    package, _, last = call.callee.removeprefix(_V3).partition(".")
    if last.endswith("Command"):
        return _command(machine, call)
    if last.startswith("waitUntil"):
        return NUMBER
    if not last[:1].isupper() or "." in last or last.endswith(("Exception", "Error")):
        return None
    return _client(machine, f"aws.{_SERVICES.get(package, package)}.Client", call)


def _made_v2(machine: ScriptMachine, call: Invocation) -> Val | None:
    rest = call.callee.removeprefix("npm:aws-sdk").removeprefix("/clients/").removeprefix(".")
    service, _, kind = rest.partition(".")
    if kind == "DocumentClient":
        return _client(machine, _DOCUMENT, call)
    if not service or kind or service in _NO_SERVICES or service.startswith("/"):
        return None
    service = service.lower()
    return _client(machine, f"aws.{_SERVICES.get(service, service)}.Client", call)


def _command(machine: ScriptMachine, call: Invocation) -> Val:
    made_of = tuple(call.arguments.by_key().items())
    name = f"{call.callee}()"
    return Val((External(name, True, made_of, machine.address(call.site, name)),))  # noqa: FBT003


def normal(machine: ScriptMachine, call: Invocation) -> Invocation | None:
    """Return a call of AWS as boto3 would name it, or None where it is none."""
    name = call.callee
    if name.startswith("npm:@aws-sdk/"):
        return _helper(machine, call)
    found = _CALL.fullmatch(name)
    if found is None:
        return None
    service, kind, method = found.groups()
    if method == "send":
        return _sent(machine, call, service)
    operation = _OF_DOCUMENTS.get(method) if kind == "DocumentClient" else None
    if method in ("getSignedUrl", "getSignedUrlPromise"):
        return _signed(machine, call, 0, 1)
    if method == "createPresignedPost":
        return _form(_with_parameters(machine, call, service, "generate_presigned_post", 0))
    if service == "s3" and method == "upload":
        operation = "put_object"
    return _with_parameters(machine, call, service, operation or python_name(method), 0)


def _with_parameters(
    machine: ScriptMachine, call: Invocation, service: str, operation: str, place: int
) -> Invocation:
    positional = call.arguments.positional
    given = positional[place] if len(positional) > place else None
    functions = [value for value in positional[place + 1 :] if is_function(value)]
    if given is not None and is_function(given):
        functions = [given]
        given = None
    arguments = _named(machine, given, call.site)
    arguments.positional.extend(functions)
    return replace(call, callee=f"aws.{service}.Client.{operation}", arguments=arguments)


def _named(machine: ScriptMachine, given: Val | None, site: Site) -> Arguments:
    """Return the entries of an object as arguments by name."""
    arguments = Arguments()
    if given is None:
        return arguments
    found = [each for _, each in machine.objects(given)]
    for each in found:
        for key, value in each.entries.items():
            arguments.named[str(key)] = value
        if each.rest is not None:
            arguments.more_entries = each.rest
    if not found:
        arguments.more_entries = machine.index(given, UNKNOWN, site)
        arguments.spread_map = given
    return arguments


def _sent(machine: ScriptMachine, call: Invocation, service: str) -> Invocation:
    command = call.arguments.get(0, None) or UNKNOWN
    for shape in command.shapes:
        if isinstance(shape, External) and shape.name.endswith("Command()"):
            operation = _operation(shape.name)
            given = dict(shape.made_of).get("0")
            arguments = _named(machine, given, call.site)
            arguments.positional.extend(
                value for value in call.arguments.positional[1:] if is_function(value)
            )
            return replace(call, callee=f"aws.{service}.Client.{operation}", arguments=arguments)
    return replace(call, callee=f"aws.{service}.Client.<unknown>", arguments=Arguments())


def _operation(command: str) -> str:
    name = command.rpartition(".")[2].removesuffix("Command()")
    if command.startswith("npm:@aws-sdk/lib-dynamodb."):
        return _OF_DOCUMENTS.get(name[:1].lower() + name[1:], python_name(name))
    return python_name(name)


def _helper(machine: ScriptMachine, call: Invocation) -> Invocation | None:
    package, _, name = call.callee.removeprefix("npm:@aws-sdk/").partition(".")
    if package == "s3-request-presigner" and name == "getSignedUrl":
        return _signed_command(machine, call)
    if package == "s3-presigned-post" and name == "createPresignedPost":
        return _form(_with_parameters(machine, call, "s3", "generate_presigned_post", 1))
    if package == "lib-storage" and name == "Upload":
        settings = call.arguments.get(0, None) or UNKNOWN
        given = machine.index(settings, const("params"), call.site)
        arguments = _named(machine, given, call.site)
        return replace(call, callee="aws.s3.Client.put_object", arguments=arguments)
    if name.startswith("paginate"):
        service = package.removeprefix("client-")
        if package == "lib-dynamodb":
            service = "dynamodb"
        operation = python_name(name.removeprefix("paginate"))
        return _with_parameters(machine, call, _SERVICES.get(service, service), operation, 1)
    return None


def _form(call: Invocation) -> Invocation:
    """Return the making of a form with the name that boto3 gives to how long it lasts."""
    expires = call.arguments.named.pop("Expires", None)
    if expires is not None:
        call.arguments.named["ExpiresIn"] = expires
    return call


def _signed_command(machine: ScriptMachine, call: Invocation) -> Invocation | None:
    command = call.arguments.get(1, None) or UNKNOWN
    for shape in command.shapes:
        if isinstance(shape, External) and shape.name.endswith("Command()"):
            arguments = Arguments()
            arguments.named["ClientMethod"] = const(_operation(shape.name))
            arguments.named["Params"] = dict(shape.made_of).get("0", UNKNOWN)
            options = call.arguments.get(2, None)
            if options is not None:
                expires = machine.index(options, const("expiresIn"), call.site)
                arguments.named["ExpiresIn"] = expires
            callee = "aws.s3.Client.generate_presigned_url"
            return replace(call, callee=callee, arguments=arguments)
    return None


def _signed(machine: ScriptMachine, call: Invocation, method: int, given: int) -> Invocation:
    arguments = Arguments()
    name = constant_text(call.arguments.get(method, None) or UNKNOWN)
    parameters = call.arguments.get(given, None) or UNKNOWN
    arguments.named["ClientMethod"] = UNKNOWN if name is None else const(python_name(name))
    arguments.named["Params"] = parameters
    arguments.named["ExpiresIn"] = machine.index(parameters, const("Expires"), call.site)
    callee = "aws.s3.Client.generate_presigned_url"
    return replace(call, callee=callee, arguments=arguments)
