"""What is known of functions without a template, in the words of CloudFormation."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence

from stockade.load.building import Plain, write_map
from stockade.load.plain.found import BRIDGES, Found
from stockade.model import Location, Map, Unknown

_SETTINGS = (
    *("Runtime", "Role", "Timeout", "MemorySize", "Environment", "VpcConfig", "Layers"),
    *("DeadLetterConfig", "KmsKeyArn", "TracingConfig", "LoggingConfig", "CodeSigningConfigArn"),
    *("ReservedConcurrentExecutions", "EphemeralStorage", "FileSystemConfigs", "SnapStart"),
    "RuntimeManagementConfig",
)
"""The settings that a template would say; that they are missing here says nothing."""

_UNTOLD = "no template was found that says it"

_RECORDS = "Records"


def _typed(*kinds: str) -> tuple[frozenset[str], ...]:
    """Return the ways to know events of these kinds by the types in handlers."""
    return tuple(frozenset({f"{one}{rest}"}) for one in kinds for rest in ("Event", "Handler"))


_GATEWAY = "apigateway.amazonaws.com"
_OF_REQUESTS = frozenset(
    [
        *("body", "headers", "multiValueHeaders", "cookies", "path", "rawPath", "resource"),
        *("queryStringParameters", "multiValueQueryStringParameters", "rawQueryString"),
        *("pathParameters", "stageVariables", "requestContext", "httpMethod", "isBase64Encoded"),
        *("version", "routeKey", "route_key", "get", "keys", "items", "hasOwnProperty"),
        *("source", "warmup", "detail", "Records", "identity"),
    ]
)
"""The fields of requests, and what is asked of any event: its keys, whether it only warms."""

_SERVICES: Mapping[str, tuple[frozenset[str], ...]] = {
    _GATEWAY: (
        frozenset({"queryStringParameters"}),
        frozenset({"multiValueQueryStringParameters"}),
        frozenset({"pathParameters"}),
        frozenset({"httpMethod"}),
        frozenset({"rawPath"}),
        frozenset({"rawQueryString"}),
        frozenset({"requestContext"}),
        frozenset({"isBase64Encoded"}),
        *(frozenset({f"event.{one}"}) for one in ("body", "headers", "path", "cookies")),
        frozenset({"statusCode"}),
        *(frozenset({f"APIGatewayProxy{rest}"}) for rest in ("Event", "EventV2", "Handler")),
        *(frozenset({f"APIGatewayProxy{rest}"}) for rest in ("HandlerV2", "EventV2Model")),
        *_typed("APIGateway", "APIGatewayProxyWithCognitoAuthorizer", "ALB", "LambdaFunctionURL"),
        *_typed("APIGatewayProxyWithLambdaAuthorizer"),
        frozenset({"APIGatewayProxyEventV2WithJWTAuthorizer"}),
        frozenset({"APIGatewayProxyEventV2WithLambdaAuthorizer"}),
        frozenset({"APIGatewayProxyWebsocketEventV2"}),
        frozenset({"APIGatewayProxyWebsocketHandlerV2"}),
        *(frozenset({f"APIGateway{rest}Resolver"}) for rest in ("Rest", "Http")),
        *(frozenset({one}) for one in ("ALBResolver", "LambdaFunctionUrlResolver", "Mangum")),
        *(frozenset({one}) for one in ("serverless_wsgi", "awsgi", "make_lambda_handler")),
        *(frozenset({one}) for one in (*sorted(BRIDGES), "@nestjs/core", "lambda-api")),
    ),
    "s3.amazonaws.com": (frozenset({_RECORDS, "s3"}), *_typed("S3")),
    "sns.amazonaws.com": (frozenset({_RECORDS, "Sns"}), *_typed("SNS")),
    "ses.amazonaws.com": (frozenset({_RECORDS, "ses"}), *_typed("SES")),
    "events.amazonaws.com": (
        frozenset({"detail-type"}),
        frozenset({"event.detail"}),
        *_typed("EventBridge", "Scheduled"),
    ),
    "cognito-idp.amazonaws.com": (
        frozenset({"triggerSource"}),
        frozenset({"userAttributes"}),
        *_typed("PreSignUpTrigger", "PostConfirmationTrigger", "PreAuthenticationTrigger"),
        *_typed("PostAuthenticationTrigger", "PreTokenGenerationTrigger", "UserMigrationTrigger"),
        *_typed(
            "CustomMessageTrigger", "DefineAuthChallengeTrigger", "CreateAuthChallengeTrigger"
        ),
        *_typed("VerifyAuthChallengeResponseTrigger"),
    ),
    "appsync.amazonaws.com": (
        frozenset({"arguments", "info"}),
        frozenset({"arguments", "identity"}),
        frozenset({"AppSyncResolver"}),
        frozenset({"event.arguments"}),
        *_typed("AppSyncResolver", "AppSyncBatchResolver"),
    ),
    "logs.amazonaws.com": (frozenset({"awslogs"}), *_typed("CloudWatchLogs")),
    "edgelambda.amazonaws.com": (
        frozenset({_RECORDS, "cf"}),
        *_typed("CloudFrontRequest", "CloudFrontResponse"),
    ),
    "alexa-appkit.amazon.com": (
        frozenset({"event.session", "event.request"}),
        frozenset({"event.request", "intent"}),
        frozenset({"SkillBuilder"}),
        frozenset({"ask-sdk-core"}),
        frozenset({"ask-sdk"}),
        frozenset({"alexa-sdk"}),
    ),
    "lex.amazonaws.com": (
        frozenset({"currentIntent"}),
        frozenset({"sessionState"}),
        frozenset({"inputTranscript"}),
        *_typed("Lex", "LexV2"),
    ),
    "iot.amazonaws.com": _typed("IoT"),
    "connect.amazonaws.com": (
        frozenset({"Details", "ContactData"}),
        *_typed("ConnectContactFlow"),
    ),
    "bedrock.amazonaws.com": (frozenset({"actionGroup"}), frozenset({"BedrockAgentResolver"})),
    "firehose.amazonaws.com": (
        frozenset({"event.records", "recordId"}),
        *_typed("FirehoseTransformation"),
    ),
    "config.amazonaws.com": (frozenset({"invokingEvent"}),),
    "secretsmanager.amazonaws.com": (frozenset({"event.SecretId", "event.Step"}),),
    "cloudformation.amazonaws.com": (
        frozenset({"event.RequestType"}),
        frozenset({"event.ResponseURL"}),
        *_typed("CloudFormationCustomResource"),
    ),
}
"""The services whose events a handler is written for, by what it names: all words of any set."""

_POLLED: Mapping[str, tuple[frozenset[str], ...]] = {
    "sqs": (
        frozenset({_RECORDS, "body"}),
        frozenset({_RECORDS, "messageAttributes"}),
        *_typed("SQS"),
        frozenset({"SqsEvent"}),
        frozenset({"EventType", "SQS"}),
    ),
    "dynamodb": (
        frozenset({_RECORDS, "dynamodb"}),
        frozenset({"EventType", "DynamoDBStreams"}),
        *_typed("DynamoDBStream"),
    ),
    "kinesis": (
        frozenset({_RECORDS, "kinesis"}),
        frozenset({"EventType", "KinesisDataStreams"}),
        *_typed("KinesisStream"),
    ),
}
"""The same for what Lambda polls, by the service's name in ARNs."""

_JUDGES: Mapping[str, tuple[frozenset[str], ...]] = {
    "TOKEN": (
        frozenset({"event.authorizationToken"}),
        *_typed("APIGatewayTokenAuthorizer"),
        frozenset({"APIGatewayTokenAuthorizerWithContextHandler"}),
    ),
    "REQUEST": (
        frozenset({"event.methodArn"}),
        frozenset({"event.routeArn"}),
        *_typed("APIGatewayRequestAuthorizer", "APIGatewayAuthorizer"),
        frozenset({"APIGatewayRequestAuthorizerEventV2"}),
        frozenset({"APIGatewayRequestSimpleAuthorizerHandlerV2"}),
    ),
}
"""The same for authorizers of an API, by their types."""


def template_of(found: Sequence[Found], folder: str, *, framework: bool) -> Map:
    """Return a template, to stand in `folder`, of the functions with these handlers.

    `framework` tells that something deploys them which may ask callers for more than is seen.
    """
    resources: dict[str, Map] = {}
    places: dict[str, Location] = {}
    for one, name in zip(found, _names(found), strict=True):
        for part, plain in _resources(one, name, folder, framework=framework):
            resources[part] = write_map(plain, one.at)
            places[part] = one.at
    at = Location(found[0].path, 1)
    return write_map({"Resources": Map(resources, at, places)}, at)


def _names(found: Sequence[Found]) -> list[str]:
    """Name each function after its file or folder, with more of its path where others share that.

    Where a file holds several, each bears its own name too.
    """
    files = [one.path for one in found]
    words = {path: _words(path) for path in files}
    names = []
    for one in found:
        own = words[one.path]
        like = [other for path, other in words.items() if path != one.path]
        count = 1
        while count < len(own) and any(other[-count:] == own[-count:] for other in like):
            count += 1
        name = "/".join(own[-count:])
        names.append(f"{name}.{one.symbol}" if files.count(one.path) > 1 else name)
    return names


_USUAL = frozenset({"index", "lambda_function", "app", "handler", "main", "lambda", "__init__"})
_FOLDERS = frozenset({"src", "lambda", "lambdas", "functions", "code", "handlers", "app"})


def _words(path: str) -> tuple[str, ...]:
    """Return the words of a path that tell a file from its like."""
    *folders, stem = posixpath.splitext(path)[0].split("/")
    told = [one for one in folders if one not in _FOLDERS]
    return tuple(told) if stem in _USUAL and told else (*told, stem)


def _resources(
    one: Found, name: str, folder: str, *, framework: bool
) -> Iterator[tuple[str, Mapping[str, Plain]]]:
    """Yield the function, and what calls it as far as its code tells."""
    untold = Unknown(_UNTOLD, one.at)
    inner = posixpath.relpath(one.path, one.root or ".")
    settings: dict[str, Plain] = dict.fromkeys(_SETTINGS, untold)
    settings["Code"] = posixpath.relpath(one.root or ".", folder or ".")
    settings["Handler"] = f"{posixpath.splitext(inner)[0]}.{one.symbol}"
    yield (
        name,
        {
            "Type": "AWS::Lambda::Function",
            "Properties": settings,
            "Metadata": {"BuildProperties": {"EntryPoints": [inner]}},
        },
    )
    somewhere: Plain = {"Fn::Join": ["", ["arn:aws:", untold]]}
    caller: dict[str, Plain] = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": {"Ref": name},
        "SourceArn": somewhere if framework else untold,
    }
    words = _telling(one)
    judged = next((kind for kind, ways in _JUDGES.items() if _fits(words, ways)), None)
    if judged is not None:
        properties: dict[str, Plain] = {
            "Type": judged,
            "RestApiId": untold,
            "AuthorizerUri": {"Fn::GetAtt": [name, "Arn"]},
        }
        yield (
            f"{name} authorizer",
            {"Type": "AWS::ApiGateway::Authorizer", "Properties": properties},
        )
        return
    polled = [service for service, ways in _POLLED.items() if _fits(words, ways)]
    called: list[Plain] = [service for service, ways in _SERVICES.items() if _fits(words, ways)]
    # Where no service sends such events, or not all of one, somebody calls the function by name.
    if not (called or polled) or (called == [_GATEWAY] and _asks_for_more(words)):
        called.append(untold)
    for number, principal in enumerate(called, start=1):
        yield (
            f"{name} permission {number}",
            {"Type": "AWS::Lambda::Permission", "Properties": {**caller, "Principal": principal}},
        )
    for service in polled:
        arn: Plain = {"Fn::Join": ["", [f"arn:aws:{service}:", untold]]}
        mapping: dict[str, Plain] = {"FunctionName": {"Ref": name}, "EventSourceArn": arn}
        yield (
            f"{name} {service}",
            {"Type": "AWS::Lambda::EventSourceMapping", "Properties": mapping},
        )


def _telling(one: Found) -> frozenset[str]:
    """Return the words that tell what a handler's events are.

    They are its own, where it asks for any field. One of a file of several that hands the event on
    as it came asks for what the rest of the file does.
    """
    if not one.hands_on:
        return one.words
    every = (*_SERVICES.values(), *_POLLED.values(), *_JUDGES.values())
    return one.words if any(_fits(one.words, ways) for ways in every) else one.around


def _asks_for_more(words: frozenset[str]) -> bool:
    """Tell whether a handler asks its event for what no request of an API holds."""
    asked = {word.removeprefix("event.") for word in words if word.startswith("event.")}
    return not asked <= _OF_REQUESTS


def _fits(words: frozenset[str], ways: Iterable[frozenset[str]]) -> bool:
    return any(way <= words for way in ways)
