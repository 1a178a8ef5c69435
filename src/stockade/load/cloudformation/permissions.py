"""Resource-based policies of functions: who else may invoke one, where no trigger explains it.

Follows AWS::Lambda::Permission and AWS::Lambda::LayerVersionPermission in the CloudFormation
template reference and "Working with resource-based IAM policies in Lambda" in the AWS Lambda
Developer Guide.
"""

from collections.abc import Iterable, Iterator

from stockade.load.cloudformation.authorizers import is_true
from stockade.load.cloudformation.trigger import Declared, Trigger
from stockade.model import EventSource, EventSourceType, Resource, ResourceId, expression, inside

_TYPES = {
    "apigateway": (
        EventSourceType.REST_API,
        EventSourceType.HTTP_API,
        EventSourceType.WEBSOCKET_API,
        EventSourceType.AUTHORIZER,
    ),
    "s3": (EventSourceType.S3,),
    "sns": (EventSourceType.SNS,),
    "sqs": (EventSourceType.SQS,),
    "events": (EventSourceType.EVENT_BUS, EventSourceType.SCHEDULE),
    "scheduler": (EventSourceType.SCHEDULE,),
    "pipes": (EventSourceType.EVENT_BUS,),
    "logs": (EventSourceType.LOGS,),
    "iot": (EventSourceType.IOT, EventSourceType.AUTHORIZER),
    "ses": (EventSourceType.SES,),
    "cognito-idp": (EventSourceType.COGNITO,),
    "cognito-sync": (EventSourceType.COGNITO,),
    "elasticloadbalancing": (EventSourceType.LOAD_BALANCER,),
    "vpc-lattice": (EventSourceType.LOAD_BALANCER,),
    "appsync": (EventSourceType.GRAPHQL_API, EventSourceType.AUTHORIZER),
    "alexa-appkit": (EventSourceType.ALEXA,),
    "alexa-connectedhome": (EventSourceType.ALEXA,),
    "lex": (EventSourceType.LEX,),
    "lexv2": (EventSourceType.LEX,),
    "connect": (EventSourceType.CONNECT,),
    "states": (EventSourceType.STEP_FUNCTIONS,),
    "config": (EventSourceType.CONFIG,),
    "secretsmanager": (EventSourceType.SECRETS_ROTATION,),
    "codedeploy": (EventSourceType.CODEDEPLOY,),
    "bedrock": (EventSourceType.BEDROCK_AGENT,),
    "bedrock-agentcore": (EventSourceType.BEDROCK_AGENT,),
    "cloudfront": (EventSourceType.CLOUDFRONT,),
    "edgelambda": (EventSourceType.CLOUDFRONT,),
    "replicator.lambda": (EventSourceType.CLOUDFRONT,),
    "cloudformation": (EventSourceType.CUSTOM_RESOURCE,),
    "firehose": (EventSourceType.FIREHOSE,),
    "kafka": (EventSourceType.KAFKA,),
}
"""By service principal, without `.amazonaws.com`. The first type is taken where none fits."""

_SOURCES = {
    EventSourceType.REST_API: ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"),
    EventSourceType.S3: ("AWS::S3::Bucket",),
    EventSourceType.SNS: ("AWS::SNS::Topic",),
    EventSourceType.SQS: ("AWS::SQS::Queue",),
    EventSourceType.EVENT_BUS: ("AWS::Events::Rule",),
    EventSourceType.SCHEDULE: ("AWS::Scheduler::Schedule", "AWS::Events::Rule"),
    EventSourceType.LOGS: ("AWS::Logs::LogGroup",),
    EventSourceType.IOT: ("AWS::IoT::TopicRule",),
    EventSourceType.COGNITO: ("AWS::Cognito::UserPool",),
    EventSourceType.GRAPHQL_API: ("AWS::AppSync::GraphQLApi",),
    EventSourceType.CLOUDFRONT: ("AWS::CloudFront::Distribution",),
    EventSourceType.LOAD_BALANCER: ("AWS::ElasticLoadBalancingV2::TargetGroup",),
}


def unexplained(declared: Declared, known: Iterable[EventSource]) -> Iterator[Trigger]:
    """Yield what permissions admit and no trigger in `known` has: a service, an account, `*`."""
    have: dict[ResourceId, set[EventSourceType]] = {}
    for source in known:
        have.setdefault(source.function, set()).add(source.type)
    for permission in declared.of_type("AWS::Lambda::Permission"):
        function = declared.names.function(permission.properties.get("FunctionName"))
        if function is not None:
            yield from _of_permission(declared, permission, have.get(function, set()))


def _of_permission(
    declared: Declared, permission: Resource, have: set[EventSourceType]
) -> Iterator[Trigger]:
    properties = permission.properties
    for principal in inside(properties, "Principal"):
        name = expression(principal)
        if name.endswith((".amazonaws.com", ".amazon.com")):
            service = name.removesuffix(".com").removesuffix(".amazonaws").removesuffix(".amazon")
            types = _TYPES.get(service, (EventSourceType.INVOKE,))
            if have.isdisjoint(types) and not _for_url(permission):
                yield _trigger(declared, permission, types[0])
        elif not _for_url(permission):
            yield _trigger(declared, permission, EventSourceType.INVOKE)


def _trigger(declared: Declared, permission: Resource, kind: EventSourceType) -> Trigger:
    properties = permission.properties
    source = properties.get("SourceArn")
    found = declared.names.find(source, *_SOURCES.get(kind, ()))
    if found is not None and declared.resources[found].type == "AWS::ApiGatewayV2::Api":
        kind = EventSourceType.HTTP_API
    return Trigger(
        type=kind,
        at=permission.at,
        target=properties.get("FunctionName"),
        resource=found or (permission.id if kind is EventSourceType.INVOKE else None),
        source=source or properties.get("Principal"),
        detail=properties,
    )


def _for_url(permission: Resource) -> bool:
    """Tell whether a permission is for the function's URL, which is an event source of its own."""
    properties = permission.properties
    actions = {expression(action) for action in inside(properties, "Action")}
    return (
        actions == {"lambda:InvokeFunctionUrl"}
        or "FunctionUrlAuthType" in properties
        or is_true(properties.get("InvokedViaFunctionUrl"))
    )
