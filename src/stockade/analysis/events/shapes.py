"""Which fields of an event are written by whoever sends it, by the type of the event source.

A field that is not listed is written by AWS: an id, a time, an ARN. `[]` is any item of a list.
Everything below a listed field is written by the sender too. Sources: the pages "Using Lambda
with ..." of the AWS Lambda Developer Guide, "Working with AWS Lambda proxy integrations for
HTTP APIs" and "Lambda proxy integrations in API Gateway" of the API Gateway Developer Guide,
"Event message structure" of the Amazon S3 User Guide, "Contents of the notification" of the
Amazon SES Developer Guide, "Customizing user pool workflows with Lambda triggers" of the
Amazon Cognito Developer Guide, "Lambda@Edge event structure" of the CloudFront Developer Guide.
"""

from typing import Final

from stockade.model import GATEWAY_APIS, EventSourceType

EVERYTHING: Final = ("",)

_HTTP = (
    "body",
    "cookies",
    "headers",
    "multiValueHeaders",
    "multiValueQueryStringParameters",
    "path",
    "pathParameters",
    "queryStringParameters",
    "rawPath",
    "rawQueryString",
    "requestContext.http.path",
    "requestContext.http.userAgent",
    "requestContext.identity.userAgent",
    "requestContext.path",
)
_CLAIMS = ("requestContext.authorizer.claims", "requestContext.authorizer.jwt.claims")

WRITTEN: Final[dict[EventSourceType, tuple[str, ...]]] = {
    EventSourceType.REST_API: (*_HTTP, *_CLAIMS),
    EventSourceType.HTTP_API: (*_HTTP, *_CLAIMS),
    EventSourceType.WEBSOCKET_API: _HTTP,
    EventSourceType.FUNCTION_URL: _HTTP,
    EventSourceType.LOAD_BALANCER: _HTTP,
    EventSourceType.GRAPHQL_API: (
        "arguments",
        "identity.claims",
        "identity.username",
        "info.variables",
        "request.headers",
        "[].arguments",
        "[].request.headers",
    ),
    EventSourceType.CLOUDFRONT: (
        "Records[].cf.request.body",
        "Records[].cf.request.headers",
        "Records[].cf.request.querystring",
        "Records[].cf.request.uri",
    ),
    EventSourceType.AUTHORIZER: (
        "authorizationToken",
        "cookies",
        "headers",
        "identitySource",
        "multiValueHeaders",
        "multiValueQueryStringParameters",
        "path",
        "pathParameters",
        "queryStringParameters",
        "rawPath",
        "rawQueryString",
        "requestContext.path",
        "requestContext.http.path",
        "requestContext.queryString",
        "requestContext.variables",
    ),
    EventSourceType.S3: ("Records[].s3.object.key", "detail.object.key"),
    EventSourceType.SNS: (
        "Records[].Sns.Message",
        "Records[].Sns.MessageAttributes",
        "Records[].Sns.Subject",
    ),
    EventSourceType.SQS: (
        "Records[].attributes.MessageDeduplicationId",
        "Records[].attributes.MessageGroupId",
        "Records[].body",
        "Records[].messageAttributes",
    ),
    EventSourceType.EVENT_BUS: ("detail", "resources"),
    EventSourceType.SCHEDULE: (),
    EventSourceType.DYNAMODB_STREAM: (
        "Records[].dynamodb.Keys",
        "Records[].dynamodb.NewImage",
        "Records[].dynamodb.OldImage",
    ),
    EventSourceType.KINESIS: ("Records[].kinesis.data", "Records[].kinesis.partitionKey"),
    EventSourceType.KAFKA: ("records",),
    EventSourceType.MQ: ("messages[].data", "messages[].properties", "rmqMessagesByQueue"),
    EventSourceType.DOCUMENTDB: ("events[].event.fullDocument", "events[].event.documentKey"),
    EventSourceType.FIREHOSE: ("records[].data",),
    EventSourceType.LOGS: ("awslogs.data",),
    EventSourceType.IOT: EVERYTHING,
    EventSourceType.SES: (
        "Records[].ses.mail.commonHeaders",
        "Records[].ses.mail.destination",
        "Records[].ses.mail.headers",
        "Records[].ses.mail.source",
        "Records[].ses.receipt.recipients",
    ),
    EventSourceType.COGNITO: (
        "request.challengeAnswer",
        "request.clientMetadata",
        "request.password",
        "request.userAttributes",
        "request.validationData",
        "userName",
    ),
    EventSourceType.ALEXA: ("request", "session.attributes"),
    EventSourceType.LEX: (
        "currentIntent",
        "inputTranscript",
        "interpretations",
        "requestAttributes",
        "sessionAttributes",
        "sessionState",
        "transcriptions",
    ),
    EventSourceType.CONNECT: (
        "Details.ContactData.Attributes",
        "Details.ContactData.CustomerEndpoint",
        "Details.Parameters",
    ),
    EventSourceType.STEP_FUNCTIONS: EVERYTHING,
    EventSourceType.CUSTOM_RESOURCE: (),
    EventSourceType.CONFIG: (),
    EventSourceType.SECRETS_ROTATION: (),
    EventSourceType.CODEDEPLOY: (),
    EventSourceType.BEDROCK_AGENT: (
        "inputText",
        "parameters",
        "promptSessionAttributes",
        "requestBody",
        "sessionAttributes",
    ),
    EventSourceType.INVOKE: EVERYTHING,
}

_HTTP_ENVELOPE: Final = frozenset(
    (
        *("body", "cookies", "headers", "httpMethod", "isBase64Encoded", "multiValueHeaders"),
        *("multiValueQueryStringParameters", "path", "pathParameters", "queryStringParameters"),
        *("rawPath", "rawQueryString", "requestContext", "resource", "routeKey"),
        *("stageVariables", "version"),
    )
)
_BUS_ENVELOPE: Final = frozenset(
    (
        *("account", "detail", "detail-type", "id", "region", "replay-name", "resources"),
        *("source", "time", "version"),
    )
)
_BATCH_ENVELOPE: Final = frozenset(
    (
        *("Records", "eventSourceARN", "isFinalInvokeForWindow", "isWindowTerminatedEarly"),
        *("shardId", "state", "window"),
    )
)
_RECORDS: Final = frozenset({"Records"})

ENVELOPES: Final[dict[EventSourceType, frozenset[str]]] = {
    EventSourceType.REST_API: _HTTP_ENVELOPE,
    EventSourceType.HTTP_API: _HTTP_ENVELOPE,
    EventSourceType.WEBSOCKET_API: _HTTP_ENVELOPE,
    EventSourceType.FUNCTION_URL: _HTTP_ENVELOPE,
    EventSourceType.LOAD_BALANCER: _HTTP_ENVELOPE,
    EventSourceType.CLOUDFRONT: _RECORDS,
    EventSourceType.S3: _RECORDS | _BUS_ENVELOPE,
    EventSourceType.SNS: _RECORDS,
    EventSourceType.SQS: _RECORDS,
    EventSourceType.SES: _RECORDS,
    EventSourceType.EVENT_BUS: _BUS_ENVELOPE,
    EventSourceType.DYNAMODB_STREAM: _BATCH_ENVELOPE,
    EventSourceType.KINESIS: _BATCH_ENVELOPE,
    EventSourceType.LOGS: frozenset({"awslogs"}),
}
"""The fields that an event has at its top, for the types where AWS says that there are no others:
what code reads beside them was sent by none of these. Not those whose events the author shapes."""

VERIFIED: Final = (*_CLAIMS, "identity.claims", "identity.username")
"""What a checked token says of its holder, who may have chosen it when signing up."""

ASSIGNED: Final = frozenset(
    [
        "sub",
        "iss",
        "aud",
        "exp",
        "iat",
        "nbf",
        "jti",
        "token_use",
        "client_id",
        "auth_time",
        "event_id",
        "origin_jti",
        "scope",
        "cognito:groups",
        "cognito:roles",
        "cognito:preferred_role",
    ]
)
"""Claims that the identity provider sets, whatever the holder would like."""

PROVIDED: Final = frozenset(
    {"headers.Host", "headers.host", "headers.X-Amzn-Trace-Id", "headers.x-amzn-trace-id"}
)
"""Fields below a written one that AWS sets itself."""

ANSWERING: Final = GATEWAY_APIS | {
    EventSourceType.FUNCTION_URL,
    EventSourceType.LOAD_BALANCER,
    EventSourceType.GRAPHQL_API,
    EventSourceType.CLOUDFRONT,
}
"""The event sources that hand what the handler returns to whoever sent the event."""
