"""What Zappa deploys for a project, in the words of SAM."""

from collections.abc import Iterator, Mapping

from stockade.load.building import Plain, entry, is_false, is_true, text, write_map
from stockade.load.draft import Draft
from stockade.load.sam_draft import Resource, sam_draft
from stockade.load.zappa.events import event_of
from stockade.load.zappa.settings import Settings
from stockade.model import Framework, List, Location, Map, Scalar, Unknown, Unseen, Value, constant

_APP = "App"
_API = "Api"
_ROLE = "ZappaLambdaExecutionRole"
_AUTHORIZER = "ZappaAuthorizer"
_TIMEOUT = "it is Zappa's own, 30 seconds, and nobody's choice"
_LANGUAGE = "Zappa deploys for the Python that it runs in"
_DJANGO = "it is an application of Django, whose views are not followed"


def template_of(settings: Settings, unseen: list[Unseen]) -> Draft:
    """Return the template of a project as one stage of it is deployed."""
    resources = _resources(settings, unseen)
    return sam_draft(resources, settings.stage, Location(settings.path, 1), Framework.ZAPPA)


def _resources(settings: Settings, unseen: list[Unseen]) -> Iterator[Resource]:
    if _makes_role(settings):
        attached = settings.get("attach_policy")
        yield _ROLE, settings.at if attached is None else attached.at, _role(settings)
    app = _app(settings)
    if app is not None:
        handler, at = app
        api = _api(settings)
        if api is not None:
            yield _API, settings.at, api
        yield _APP, at, _function(settings, handler, **_entries(settings, api))
    yield from _authorizer(settings)
    events = settings.get("events")
    for written in events.items if isinstance(events, List) else ():
        called = entry(written, "function")
        if isinstance(called, Scalar):
            name = str(called.value).rpartition(".")[2]
            event, others = event_of(written, name, unseen)
            yield name, written.at, _function(settings, called, Events=event)
            yield from others
    yield from _user_pool(settings)


def _app(settings: Settings) -> tuple[Value, Location] | None:
    """Return the handler of the web application, and where it is named."""
    named = settings.get("app_function")
    if named is not None:
        return named, named.at
    django = settings.get("django_settings")
    return None if django is None else (Unknown(_DJANGO, django.at), django.at)


def _function(settings: Settings, handler: Value, **more: Plain) -> Mapping[str, Plain]:
    role: Plain = {"Fn::GetAtt": [_ROLE, "Arn"]}
    if not _makes_role(settings):
        unnamed = Unknown("its name alone is written", settings.at)
        role = settings.get("role_arn") or unnamed
    dead_letters = settings.get("dead_letter_arn")
    tracing = is_true(settings.get("xray_tracing"))
    properties = write_map(
        {
            "CodeUri": ".",
            "Handler": handler,
            "Runtime": settings.get("runtime") or Unknown(_LANGUAGE, settings.at),
            "Role": role,
            "Timeout": settings.get("timeout_seconds") or Unknown(_TIMEOUT, settings.at),
            "MemorySize": settings.get("memory_size"),
            "Environment": _environment(settings),
            "ReservedConcurrentExecutions": settings.get("lambda_concurrency"),
            "Layers": settings.get("layers"),
            "VpcConfig": settings.get("vpc_config"),
            "KmsKeyArn": settings.get("aws_kms_key_arn"),
            "Tracing": "Active" if tracing else None,
            "DeadLetterConfig": {"TargetArn": dead_letters} if dead_letters else None,
            **more,
        },
        handler.at,
    )
    # Each setting stands where the author wrote it.
    places = {name: value.at for name, value in properties}
    return {
        "Type": "AWS::Serverless::Function",
        "Properties": Map(properties.entries, handler.at, places),
    }


def _environment(settings: Settings) -> Plain:
    """Return the variables; Unknown where Zappa reads more of them from S3 as it starts."""
    remote = settings.get("remote_env")
    if remote is not None:
        return Unknown("more of it is read from S3 when the function starts", remote.at)
    variables: dict[str, Plain] = {}
    for name in ("environment_variables", "aws_environment_variables"):
        written = settings.get(name)
        variables.update(written.entries if isinstance(written, Map) else {})
    return {"Variables": variables} if variables else None


# --- the API ----------------------------------------------------------------------------------


def _api(settings: Settings) -> Mapping[str, Plain] | None:
    if is_false(settings.get("apigateway_enabled")) or is_false(settings.get("use_apigateway")):
        return None
    if text(settings.get("apigateway_version")) == "v2":
        return {"Type": "AWS::Serverless::HttpApi", "Properties": {"Auth": _declared(settings)}}
    kinds = settings.get("endpoint_configuration")
    kind = kinds.items[0] if isinstance(kinds, List) and kinds.items else kinds
    policy = settings.documents.get("apigateway_policy")
    statements = entry(policy, "Statement")
    auth: dict[str, Plain] = dict(_declared(settings) or {})
    if policy is not None:
        auth["ResourcePolicy"] = {"CustomStatements": statements or policy}
    return {
        "Type": "AWS::Serverless::Api",
        "Properties": {
            "StageName": settings.stage,
            "EndpointConfiguration": {"Type": kind} if kind else None,
            "Cors": "'*'" if is_true(settings.get("cors")) else None,
            "Auth": auth or None,
        },
    }


def _declared(settings: Settings) -> Mapping[str, Plain] | None:
    """Return the authorizer that the settings declare, as SAM has it under `Auth`."""
    written = settings.get("authorizer")
    if not isinstance(written, Map) or is_true(settings.get("iam_authorization")):
        return None
    kind = (text(entry(written, "type")) or "TOKEN").upper()
    if kind == "COGNITO_USER_POOLS":
        pools = entry(written, "provider_arns") or Unknown("no pool is named", written.at)
        return {"Authorizers": {_AUTHORIZER: {"UserPoolArn": pools}}}
    arn: Plain = entry(written, "arn") or Unknown("no function is named", written.at)
    if entry(written, "function") is not None:
        arn = {"Fn::GetAtt": [_AUTHORIZER, "Arn"]}
    return {"Authorizers": {_AUTHORIZER: {"FunctionArn": arn}}}


def _authorizer(settings: Settings) -> Iterator[Resource]:
    """Yield the authorizer's function, where it is one of the project's own."""
    handler = entry(settings.get("authorizer"), "function")
    if handler is not None and _declared(settings) is not None:
        yield _AUTHORIZER, handler.at, _function(settings, handler)


def _entries(settings: Settings, api: Mapping[str, Plain] | None) -> Mapping[str, Plain]:
    """Return the events, and the URL, by which the web application is called."""
    found: dict[str, Plain] = {}
    if api is not None:
        kind = "Api" if api["Type"] == "AWS::Serverless::Api" else "HttpApi"
        link = "RestApiId" if kind == "Api" else "ApiId"
        shared: dict[str, Plain] = {link: {"Ref": _API}, "Auth": _asked(settings)}
        paths = {"Root": "/", "Every": "/{proxy+}"}
        found["Events"] = {
            name: {"Type": kind, "Properties": {**shared, "Path": path, "Method": "ANY"}}
            for name, path in paths.items()
        }
    if is_true(settings.get("function_url_enabled")):
        written = settings.get("function_url_config")
        found["FunctionUrlConfig"] = {
            "AuthType": entry(written, "authorizer") or "NONE",
            "Cors": _url_cors(entry(written, "cors")),
        }
    return found


def _asked(settings: Settings) -> Plain:
    """Return what every route asks of its callers."""
    asked: dict[str, Plain] = {}
    if is_true(settings.get("iam_authorization")):
        asked["Authorizer"] = "AWS_IAM"
    elif _declared(settings) is not None:
        asked["Authorizer"] = _AUTHORIZER
    if is_true(settings.get("api_key_required")):
        asked["ApiKeyRequired"] = True
    return asked or None


_URL_CORS = {
    "allowedOrigins": "AllowOrigins",
    "allowedHeaders": "AllowHeaders",
    "allowedMethods": "AllowMethods",
    "allowCredentials": "AllowCredentials",
    "exposedResponseHeaders": "ExposeHeaders",
    "maxAge": "MaxAge",
}


def _url_cors(written: Value | None) -> Plain:
    if not isinstance(written, Map):
        return None
    return {ours: entry(written, name) for name, ours in _URL_CORS.items()}


# --- the role ---------------------------------------------------------------------------------

_ATTACHED: tuple[tuple[tuple[str, ...], str], ...] = (
    (("logs:*",), "arn:aws:logs:*:*:*"),
    (("lambda:InvokeFunction", "lambda:InvokeFunctionUrl"), "*"),
    (("xray:PutTraceSegments", "xray:PutTelemetryRecords"), "*"),
    (
        (
            *("ec2:AttachNetworkInterface", "ec2:CreateNetworkInterface"),
            *("ec2:DeleteNetworkInterface", "ec2:DescribeInstances"),
            *("ec2:DescribeNetworkInterfaces", "ec2:DetachNetworkInterface"),
            *("ec2:ModifyNetworkInterfaceAttribute", "ec2:ResetNetworkInterfaceAttribute"),
        ),
        "*",
    ),
    (("s3:*",), "arn:aws:s3:::*"),
    (("kinesis:*",), "arn:aws:kinesis:*:*:*"),
    (("sns:*",), "arn:aws:sns:*:*:*"),
    (("sqs:*",), "arn:aws:sqs:*:*:*"),
    (("dynamodb:*",), "arn:aws:dynamodb:*:*:*"),
    (("route53:*",), "*"),
)
"""What the role may do that Zappa makes where the settings name no policy."""

_TRUSTED = ("apigateway.amazonaws.com", "lambda.amazonaws.com", "events.amazonaws.com")


def _makes_role(settings: Settings) -> bool:
    return not is_false(settings.get("manage_roles")) and settings.get("role_arn") is None


def _role(settings: Settings) -> Mapping[str, Plain]:
    trust: Plain = settings.documents.get("assume_policy")
    statement: Plain = {
        "Effect": "Allow",
        "Principal": {"Service": list(_TRUSTED)},
        "Action": "sts:AssumeRole",
    }
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": trust
            or {"Version": "2012-10-17", "Statement": [statement]},
            "Policies": [{"PolicyName": "zappa-permissions", "PolicyDocument": _policy(settings)}],
        },
    }


def _policy(settings: Settings) -> Plain:
    """Return the role's policy: the author's or Zappa's own, with the extra permissions."""
    written = settings.documents.get("attach_policy")
    extra = settings.get("extra_permissions")
    more = extra.items if isinstance(extra, List) else ()
    if written is not None and not more:
        return written
    statements: list[Plain] = []
    if written is None:
        statements = [
            {"Effect": "Allow", "Action": list(actions), "Resource": resource}
            for actions, resource in _ATTACHED
        ]
    else:
        own = entry(written, "Statement")
        statements = list(own.items) if isinstance(own, List) else [own or written]
    return {"Version": "2012-10-17", "Statement": [*statements, *more]}


# --- Cognito ----------------------------------------------------------------------------------


def _user_pool(settings: Settings) -> Iterator[Resource]:
    """Yield the functions that a user pool made elsewhere calls."""
    triggers = entry(settings.get("cognito"), "triggers")
    for trigger in triggers.items if isinstance(triggers, List) else ():
        handler = entry(trigger, "function")
        named = constant(handler)
        if handler is None or not isinstance(named, str):
            continue
        name = named.rpartition(".")[2]
        yield name, trigger.at, _function(settings, handler)
        permission: dict[str, Plain] = {
            "Action": "lambda:InvokeFunction",
            "FunctionName": {"Ref": name},
            "Principal": "cognito-idp.amazonaws.com",
            "SourceArn": entry(settings.get("cognito"), "user_pool"),
        }
        resource: dict[str, Plain] = {"Type": "AWS::Lambda::Permission", "Properties": permission}
        yield f"{name}Permission", trigger.at, resource
