"""What a template declares, in the words of AWS."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import Final

from stockade.model.location import Location
from stockade.model.record import record
from stockade.model.source import SourceFile
from stockade.model.value import Map, ResourceId, Unknown, Value


@record(kw_only=True)
class Resource:
    """A resource in CloudFormation's own type and properties, whoever wrote it and how.

    Front ends expand what is shorthand (SAM's `AWS::Serverless::*`) into the resources that
    AWS would create; `written_as` keeps the type that the author wrote. `at` is the logical id
    in the author's file, for generated resources that of the resource they come from.
    """

    id: ResourceId
    type: str
    properties: Map
    at: Location
    stack: str
    logical_id: str
    written_as: str
    condition: str | None = None
    """The undecided condition under which the resource exists."""
    metadata: Map | None = None
    attributes: Mapping[str, Value] | None = None
    """`DependsOn`, `DeletionPolicy`, `UpdatePolicy` and the like."""

    own_name: str | None = None
    """The author's own name for it, where a framework makes the logical id of that: the key of a
    function in `serverless.yml`. It stands in the `id`, too."""

    @property
    def name(self) -> str:
        """The name by which the author knows it, as messages say it."""
        return self.own_name or self.logical_id


@record(kw_only=True)
class Handler:
    """The function in the code that Lambda calls."""

    file: SourceFile
    """Who reads its text after analysis notes that (see `model/asked.py`): an application whose
    code alone has changed is not judged anew by rules that do not."""
    symbol: str
    """The name in the file, dotted for an attribute of a class or object."""
    language: str
    """`"python"` or `"javascript"`."""


@record(kw_only=True)
class Function:
    """A Lambda function."""

    id: ResourceId
    at: Location
    runtime: str | Unknown
    handler: Handler | Unknown
    roots: tuple[str, ...]
    """Folders that imports are looked up in: the code's own first, then the layers'."""
    environment: Mapping[str, Value] | Unknown
    """Each environment variable's value; Unknown if the variables as a whole cannot be known."""
    role: ResourceId | Unknown
    """The role's id, also for roles that SAM makes; Unknown if it is made elsewhere."""


@record(kw_only=True)
class AttachedPolicy:
    """A policy that a role holds: written in place, attached, managed, or from a SAM template.

    `document` is the policy document with everything resolved; Unknown for a managed policy
    whose text the application does not hold. `source` names where it comes from: `"inline"`,
    `"managed"`, `"sam-template"`, `"sam-connector"`, `"implied"` (what SAM adds itself).
    """

    name: str
    document: Value
    source: str
    at: Location
    managed_arn: Value | None = None
    conditions: tuple[tuple[str, bool], ...] = ()
    """The undecided conditions under which the role holds it, and what each must be."""


@record(kw_only=True)
class Role:
    """An IAM role, with every policy that the application attaches to it."""

    id: ResourceId
    at: Location
    trust: Value | None
    policies: tuple[AttachedPolicy, ...]
    boundary: Value | None = None


@record(kw_only=True)
class Identity:
    """An IAM user or group, with every policy that the application attaches to it.

    A user holds the policies of its groups too.
    """

    id: ResourceId
    at: Location
    policies: tuple[AttachedPolicy, ...]
    groups: tuple[ResourceId, ...] = ()
    """Those that a user is in, of the application's own."""
    boundary: Value | None = None


class AuthorizerKind(StrEnum):
    """How a route finds out who is calling."""

    NONE = "none"
    API_KEY = "api-key"
    IAM = "iam"
    COGNITO = "cognito"
    JWT = "jwt"
    LAMBDA = "lambda"
    UNKNOWN = "unknown"


@record(kw_only=True)
class Authorizer:
    """The authorizer that takes effect on a route, after defaults and overrides.

    `at` is the line that decides it. `function` is set for Lambda authorizers that the
    application holds.
    """

    kind: AuthorizerKind
    at: Location
    name: str | None = None
    function: ResourceId | None = None
    scopes: tuple[str, ...] = ()


@record(kw_only=True)
class Route:
    """A method and path of an API; `$connect` and the like for WebSocket routes.

    The method is upper case, `"ANY"` for all. `api` is None where the API is made elsewhere.
    """

    api: ResourceId | None
    method: str
    path: str
    authorizer: Authorizer
    api_key_required: bool
    at: Location


class EventSourceType(StrEnum):
    """What invokes a function. The word is part of ids, reports and `show --format json`."""

    REST_API = "rest-api"
    HTTP_API = "http-api"
    WEBSOCKET_API = "websocket-api"
    FUNCTION_URL = "function-url"
    LOAD_BALANCER = "load-balancer"
    GRAPHQL_API = "graphql-api"
    CLOUDFRONT = "cloudfront"
    AUTHORIZER = "authorizer"
    S3 = "s3"
    SNS = "sns"
    SQS = "sqs"
    EVENT_BUS = "event-bus"
    SCHEDULE = "schedule"
    DYNAMODB_STREAM = "dynamodb-stream"
    KINESIS = "kinesis"
    KAFKA = "kafka"
    MQ = "mq"
    DOCUMENTDB = "documentdb"
    FIREHOSE = "firehose"
    LOGS = "logs"
    IOT = "iot"
    SES = "ses"
    COGNITO = "cognito"
    ALEXA = "alexa"
    LEX = "lex"
    CONNECT = "connect"
    STEP_FUNCTIONS = "step-functions"
    CUSTOM_RESOURCE = "custom-resource"
    CONFIG = "config"
    SECRETS_ROTATION = "secrets-rotation"
    CODEDEPLOY = "codedeploy"
    BEDROCK_AGENT = "bedrock-agent"
    INVOKE = "invoke"
    """Called by name, with an event that the caller writes."""


RESTFUL_APIS: Final = frozenset({EventSourceType.REST_API, EventSourceType.HTTP_API})
"""The APIs of API Gateway that answer each request by itself, as its guide calls them."""
GATEWAY_APIS: Final = RESTFUL_APIS | {EventSourceType.WEBSOCKET_API}
"""All APIs of API Gateway: they have stages."""


@record(kw_only=True)
class EventSource:
    """One way in which a function is invoked.

    `resource` is the bucket, queue, API ... if the application declares it (or `DEFAULT_BUS`,
    which nobody declares); `source` is what the template says of it otherwise. `detail` holds
    the trigger's own settings in CloudFormation's words (filter, event names, prefix, schedule,
    input).
    """

    id: str
    type: EventSourceType
    function: ResourceId
    at: Location
    resource: ResourceId | None = None
    source: Value | None = None
    route: Route | None = None
    detail: Map | None = None


@record(kw_only=True)
class Delivery:
    """Events that AWS itself passes on to a resource that is no function, as the template says.

    A route's integration with a queue, a topic's subscription, a bucket's notification, a
    rule's target, a mail rule that stores into a bucket. The fields mean what they mean in
    `EventSource`; `resource` may also be a function whose destination or dead-letter queue
    `target` is. The account's default event bus has the id `DEFAULT_BUS`.
    """

    id: str
    type: EventSourceType
    target: ResourceId
    at: Location
    resource: ResourceId | None = None
    source: Value | None = None
    route: Route | None = None
    detail: Map | None = None


class Exposure(IntEnum):
    """Who can send an event, the most exposed highest."""

    PROVIDER = 0
    """Only AWS itself: a schedule, a life-cycle event."""
    APPLICATION = 1
    """Only this application, and whoever may act in its account."""
    STAFF = 2
    """Users whom the code lets in by a role that somebody gave them: administrators."""
    OTHER_ACCOUNT = 3
    """Principals of another AWS account."""
    PARTNER = 4
    """A caller who was given a key, a certificate or IAM credentials."""
    SIGNED_IN = 5
    """Any user who can sign in; where sign-up is open, whoever signs up."""
    ANYONE = 6
    """Anyone on the internet."""
