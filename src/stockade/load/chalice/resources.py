"""What Chalice deploys for a program, in the words of SAM that `chalice package` uses."""

from collections.abc import Iterator, Mapping

from stockade.load.building import Plain, write_map
from stockade.load.chalice.config import Config
from stockade.load.chalice.decorators import Decorated, Program
from stockade.load.draft import Draft
from stockade.load.sam_draft import Resource, bucket_notification, sam_draft
from stockade.model import Framework, List, Location, Map, Scalar, Unknown, Value, constant

_API = "RestAPI"
_SOCKETS = "WebsocketAPI"
_API_HANDLER = "APIHandler"
_ROLE = "DefaultRole"
_TIMEOUT = "it is Chalice's own, 60 seconds, and nobody's choice"
_MEMORY = 128
_ROUTES = {
    "on_ws_connect": "$connect",
    "on_ws_message": "$default",
    "on_ws_disconnect": "$disconnect",
}
_LANGUAGE = "Chalice deploys for the Python that it runs in"


def template_of(program: Program, config: Config) -> Draft:
    """Return the template of a program."""
    resources = _resources(program, config)
    return sam_draft(resources, config.stage, program.at, Framework.CHALICE)


def _resources(program: Program, config: Config) -> Iterator[Resource]:
    if config.policy is not None:
        yield _ROLE, config.at, _role(config.policy)
    routes = [one for one in program.decorated if one.kind == "route"]
    if routes:
        yield _API, program.at, _api(program, config)
        events = {f"Route{number}": one for number, one in enumerate(_routes(routes, program))}
        places = {name: one.at for name, one in events.items()}
        section = Map(events, program.at, places)
        yield _API_HANDLER, program.at, _function(config, f"app.{program.app}", "", section)
    sockets = [one for one in program.decorated if one.kind in _ROUTES]
    if sockets:
        yield from _websocket_api(sockets, program.at)
    for one in program.decorated:
        if one.kind in {"route", "middleware", "register_middleware"}:
            continue
        name = one.function
        handler = f"{one.module}.{one.function}"
        own = str(constant(one.arguments.get("name")) or one.function)
        section = write_map(dict(_events(one)), one.at)
        yield name, one.at, _function(config, handler, own, section)
        if one.kind == "on_s3_event":
            yield f"{name}Notification", one.at, _notification(one)


def _role(policy: Value) -> Mapping[str, Plain]:
    trusted: dict[str, Plain] = {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
    }
    statement: Plain = {**trusted, "Action": "sts:AssumeRole"}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
            "Policies": [{"PolicyName": "DefaultRolePolicy", "PolicyDocument": policy}],
        },
    }


def _function(config: Config, handler: str, name: str, events: Map) -> Mapping[str, Plain]:
    own = config.setting("environment_variables", name)
    variables = {**config.environment, **(own.entries if isinstance(own, Map) else {})}
    role: Plain = {"Fn::GetAtt": [_ROLE, "Arn"]}
    if config.policy is None:
        role = config.setting("iam_role_arn", name) or Unknown("no role is named", config.at)
    return {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "CodeUri": ".",
            "Handler": handler,
            "Runtime": Unknown(_LANGUAGE, config.at),
            "Role": role,
            "Timeout": config.setting("lambda_timeout", name) or Unknown(_TIMEOUT, config.at),
            "MemorySize": config.setting("lambda_memory_size", name) or _MEMORY,
            "Environment": {"Variables": variables} if variables else None,
            "ReservedConcurrentExecutions": config.setting("reserved_concurrency", name),
            "Layers": config.setting("layers", name),
            "Events": events if events.entries else None,
        },
    }


def _api(program: Program, config: Config) -> Mapping[str, Plain]:
    authorizers: dict[str, Plain] = {}
    for name, one in program.authorizers.items():
        arns = one.arguments.get("provider_arns") or one.arguments.get("1")
        if one.kind == "cognito":
            authorizers[name] = {"UserPoolArn": arns or Unknown("no pool is named", one.at)}
        elif one.kind == "custom":
            unknown = Unknown("it is made elsewhere", one.at)
            authorizers[name] = {"FunctionArn": one.arguments.get("authorizer_uri") or unknown}
    for decorated in program.decorated:
        if decorated.kind == "authorizer":
            authorizers[decorated.function] = {
                "FunctionArn": {"Fn::GetAtt": [decorated.function, "Arn"]}
            }
    for decorated in program.decorated:
        name = decorated.authorizer
        if name and name not in authorizers and name not in program.authorizers:
            # Somebody is asked, wherever that one is made: the route is not open.
            unknown = Unknown("it is made when the program runs", decorated.at)
            authorizers[name] = {"FunctionArn": unknown}
    return {
        "Type": "AWS::Serverless::Api",
        "Properties": {
            "StageName": config.setting("api_gateway_stage") or "api",
            "EndpointConfiguration": config.setting("api_gateway_endpoint_type"),
            "Auth": {"Authorizers": authorizers} if authorizers else None,
        },
    }


def _routes(routes: list[Decorated], program: Program) -> Iterator[Map]:
    for one in routes:
        methods = one.arguments.get("methods")
        listed = methods.items if isinstance(methods, List) else (Scalar("GET", one.at),)
        for method in listed:
            properties: dict[str, Plain] = {
                "RestApiId": {"Ref": _API},
                "Path": one.arguments.get("0") or Unknown("no path is written", one.at),
                "Method": method,
                "Auth": _auth(one, program),
            }
            yield write_map({"Type": "Api", "Properties": properties}, one.at)


def _auth(route: Decorated, program: Program) -> Plain:
    name = route.authorizer
    declared = program.authorizers.get(name)
    written: dict[str, Plain] = {"Authorizer": name} if name else {}
    if declared is not None and declared.kind == "iam":
        written = {"Authorizer": "AWS_IAM"}
    if constant(route.arguments.get("api_key_required")) in {True, "true"}:
        written["ApiKeyRequired"] = True
    # Nobody declares a route public by leaving the authorizer out.
    return written or None


def _events(one: Decorated) -> Iterator[tuple[str, Plain]]:
    """Yield the event of a function that is put on one by its decorator."""
    first = one.arguments.get("0")

    def argument(name: str) -> Value:
        return one.arguments.get(name) or first or Unknown(f"no {name} is written", one.at)

    match one.kind:
        case "schedule":
            yield (
                "Schedule",
                {"Type": "Schedule", "Properties": {"Schedule": argument("expression")}},
            )
        case "on_cw_event":
            yield (
                "Rule",
                {"Type": "EventBridgeRule", "Properties": {"Pattern": argument("event_pattern")}},
            )
        case "on_sns_message":
            yield "Topic", {"Type": "SNS", "Properties": {"Topic": argument("topic")}}
        case "on_sqs_message":
            queue = one.arguments.get("queue_arn") or argument("queue")
            yield "Queue", {"Type": "SQS", "Properties": {"Queue": queue}}
        case "on_kinesis_record":
            stream = {"Stream": argument("stream"), "StartingPosition": "LATEST"}
            yield "Stream", {"Type": "Kinesis", "Properties": stream}
        case "on_dynamodb_record":
            stream = {"Stream": argument("stream_arn"), "StartingPosition": "LATEST"}
            yield "Stream", {"Type": "DynamoDB", "Properties": stream}
        case _:
            return


def _notification(one: Decorated) -> Mapping[str, Plain]:
    """Return what tells S3 to call the function: Chalice sets it on a bucket made elsewhere."""
    events = one.arguments.get("events") or _default_events(one.at)
    rules: list[Plain] = [
        {"Name": name, "Value": value}
        for name in ("prefix", "suffix")
        if (value := one.arguments.get(name)) is not None
    ]
    bucket = one.arguments.get("bucket") or one.arguments.get("0")
    made_elsewhere = bucket or Unknown("no bucket is written", one.at)
    return bucket_notification(one.function, made_elsewhere, events, rules)


def _default_events(at: Location) -> Value:
    """Return the events that Chalice asks for where none are named."""
    return List((Scalar("s3:ObjectCreated:*", at),), at)


def _websocket_api(sockets: list[Decorated], at: Location) -> Iterator[Resource]:
    expression = "$request.body.action"
    properties = {"ProtocolType": "WEBSOCKET", "RouteSelectionExpression": expression}
    yield _SOCKETS, at, {"Type": "AWS::ApiGatewayV2::Api", "Properties": properties}
    uri = (
        "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
        "${%s.Arn}/invocations"
    )
    for one in sockets:
        integration = f"{one.function}Integration"
        yield (
            integration,
            one.at,
            {
                "Type": "AWS::ApiGatewayV2::Integration",
                "Properties": {
                    "ApiId": {"Ref": _SOCKETS},
                    "IntegrationType": "AWS_PROXY",
                    "IntegrationUri": {"Fn::Sub": uri % one.function},
                },
            },
        )
        yield (
            f"{one.function}Route",
            one.at,
            {
                "Type": "AWS::ApiGatewayV2::Route",
                "Properties": {
                    "ApiId": {"Ref": _SOCKETS},
                    "RouteKey": _ROUTES[one.kind],
                    "Target": {"Fn::Sub": f"integrations/${{{integration}}}"},
                },
            },
        )
