"""Libraries that call AWS on the code's behalf: Powertools, the cache of secrets.

Follows "Parameters", "Idempotency" and "Feature flags" of Powertools for AWS Lambda (Python), each
with its list of required permissions.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from stockade.analysis.facts import ExternalCall
from stockade.analysis.permissions.calls import OperationCall
from stockade.catalogue import Catalogue, Operation
from stockade.model import Map, Unknown, Value
from stockade.model.record import record


@record
class Calling:
    """What a library's function calls: operations, each with parameters by the function's own.

    A parameter of the function is `name@position`; with `of` it is one of the call that made
    the object.
    """

    service: str
    operations: tuple[str, ...]
    given: Mapping[str, str]
    of: bool = False


_POWERTOOLS: Final = "aws_lambda_powertools.utilities"
_PARAMETERS: Final = f"{_POWERTOOLS}.parameters"
_TABLES: Final = {"TableName": "table_name@0"}

LIBRARIES: Final[Mapping[str, Calling]] = {
    f"{_PARAMETERS}.get_parameter": Calling("ssm", ("GetParameter",), {"Name": "name@0"}),
    f"{_PARAMETERS}.set_parameter": Calling("ssm", ("PutParameter",), {"Name": "name@0"}),
    f"{_PARAMETERS}.get_parameters": Calling("ssm", ("GetParametersByPath",), {"Path": "path@0"}),
    f"{_PARAMETERS}.get_parameters_by_name": Calling(
        "ssm", ("GetParameters",), {"Names": "parameters@0"}
    ),
    f"{_PARAMETERS}.get_secret": Calling(
        "secretsmanager", ("GetSecretValue",), {"SecretId": "name@0"}
    ),
    f"{_PARAMETERS}.set_secret": Calling(
        "secretsmanager",
        ("PutSecretValue", "CreateSecret"),
        {"SecretId": "name@0", "Name": "name@0"},
    ),
    f"{_PARAMETERS}.SSMProvider().get": Calling("ssm", ("GetParameter",), {"Name": "name@0"}),
    f"{_PARAMETERS}.SSMProvider().get_multiple": Calling(
        "ssm", ("GetParametersByPath",), {"Path": "path@0"}
    ),
    f"{_PARAMETERS}.SecretsProvider().get": Calling(
        "secretsmanager", ("GetSecretValue",), {"SecretId": "name@0"}
    ),
    f"{_PARAMETERS}.DynamoDBProvider().get": Calling("dynamodb", ("GetItem",), _TABLES, of=True),
    f"{_PARAMETERS}.DynamoDBProvider().get_multiple": Calling(
        "dynamodb", ("Query",), _TABLES, of=True
    ),
    f"{_POWERTOOLS}.idempotency.DynamoDBPersistenceLayer": Calling(
        "dynamodb", ("GetItem", "PutItem", "UpdateItem", "DeleteItem"), _TABLES
    ),
    f"{_POWERTOOLS}.idempotency.persistence.dynamodb.DynamoDBPersistenceLayer": Calling(
        "dynamodb", ("GetItem", "PutItem", "UpdateItem", "DeleteItem"), _TABLES
    ),
    "aws_secretsmanager_caching.SecretCache.get_secret_string": Calling(
        "secretsmanager", ("DescribeSecret", "GetSecretValue"), {"SecretId": "secret_id@0"}
    ),
    "aws_secretsmanager_caching.SecretCache.get_secret_binary": Calling(
        "secretsmanager", ("DescribeSecret", "GetSecretValue"), {"SecretId": "secret_id@0"}
    ),
}

_CONFIGURATIONS: Final = (
    f"{_PARAMETERS}.get_app_config",
    f"{_PARAMETERS}.AppConfigProvider().get",
    f"{_POWERTOOLS}.feature_flags.AppConfigStore",
)

KNOWN: Final = (
    "aws_secretsmanager_caching.",
    "aws_xray_sdk.",
    "aws_lambda_powertools.",
    "boto3.",
    "botocore.",
    "aws.",
    "builtins.",
    "functools.",
    "logging.",
)
"""What may be given a client without calling it in ways that are not seen."""


def library_calls(call: ExternalCall, catalogue: Catalogue) -> Iterator[OperationCall | Unknown]:
    """Yield what a library asks of AWS; an `Unknown` where it is given a client to use."""
    calling = LIBRARIES.get(call.callee)
    if calling is not None:
        source = call.receiver if calling.of else call.arguments
        given: dict[str, Value] = {}
        for parameter, name in calling.given.items():
            word, _, position = name.partition("@")
            value = source.get(word) or source.get(position)
            if value is not None:
                given[parameter] = value
        for name in calling.operations:
            operation = catalogue.operation(calling.service, name)
            if isinstance(operation, Operation):
                short = call.callee.rpartition(".")[2]
                yield OperationCall(
                    operation=operation,
                    given=given,
                    complete=call.complete,
                    note=f"calls {short}(), which calls {operation.name}",
                )
    elif call.callee in _CONFIGURATIONS:
        yield Unknown("the ids of an AppConfig configuration are not its names", call.at)
    elif not call.callee.startswith(KNOWN):
        for value in call.arguments.values():
            inner = value.entries.values() if isinstance(value, Map) else ()
            service = next(filter(None, map(_client, (value, *inner))), "")
            if service:
                yield Unknown(
                    f"{call.callee}() is given a client of {service}, and what it asks of it is"
                    " not seen",
                    call.at,
                )


def _client(value: Value) -> str:
    """Return the service whose client a value is."""
    why = value.why if isinstance(value, Unknown) else ""
    start = "it comes from aws."
    if why.startswith(start) and why.endswith((".Client", ".ServiceResource")):
        return why.removeprefix(start).partition(".")[0]
    return ""
