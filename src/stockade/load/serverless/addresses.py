"""The address of a function, and where the outcome of its asynchronous invocations goes.

Serverless: "Lambda Function URLs", "Destinations".
"""

from stockade.load.building import Plain, entry, write
from stockade.load.serverless.naming import normalized
from stockade.load.serverless.permissions import allow
from stockade.load.serverless.service import FunctionDraft, Service, get_att, ref
from stockade.model import Scalar, Value

_SENDING = {
    "lambda": "lambda:InvokeFunction",
    "function": "lambda:InvokeFunction",
    "sqs": "sqs:SendMessage",
    "sns": "sns:Publish",
    "events": "events:PutEvents",
    "eventBus": "events:PutEvents",
}

_SERVICE = 2
"""Where the service stands in an ARN, counted from 0."""


def add_url(service: Service, function: FunctionDraft) -> None:
    """Add the address of a function. Without an authorizer it is open to everyone."""
    url = function.get("url")
    if url is None or service.text(url) == "false":
        return
    at = function.written.key_at("url")
    authorizer = entry(url, "authorizer")
    is_iam = authorizer is not None and (service.text(authorizer) or "").lower() == "aws_iam"
    kind = Scalar("AWS_IAM" if is_iam else "NONE", authorizer.at if authorizer else at)
    written_as = f"functions.{function.key}.url"
    service.add(
        f"{normalized(function.key)}LambdaFunctionUrl",
        "AWS::Lambda::Url",
        {
            "AuthType": kind,
            "TargetFunctionArn": get_att(function.logical_id),
            "Cors": _url_cors(service, url),
            "InvokeMode": entry(url, "invokeMode"),
        },
        at,
        written_as,
    )
    if not is_iam:
        service.add(
            f"{normalized(function.key)}LambdaPermissionFnUrl",
            "AWS::Lambda::Permission",
            {
                "FunctionName": get_att(function.logical_id),
                "Action": "lambda:InvokeFunctionUrl",
                "Principal": "*",
                "FunctionUrlAuthType": "NONE",
            },
            at,
            written_as,
        )


def _url_cors(service: Service, url: Value) -> Plain:
    cors = entry(url, "cors")
    if cors is None or service.text(cors) == "false":
        return None
    headers = ["Content-Type", "X-Amz-Date", "Authorization", "X-Api-Key"]
    headers += ["X-Amz-Security-Token", "X-Amzn-Trace-Id"]
    return {
        "AllowOrigins": entry(cors, "allowedOrigins") or ["*"],
        "AllowHeaders": entry(cors, "allowedHeaders") or headers,
        "AllowMethods": entry(cors, "allowedMethods") or ["*"],
        "AllowCredentials": entry(cors, "allowCredentials"),
        "ExposeHeaders": entry(cors, "exposedResponseHeaders"),
        "MaxAge": entry(cors, "maxAge"),
    }


def add_destinations(service: Service, function: FunctionDraft) -> None:
    """Add the settings of asynchronous invocation; the role may send to the destinations."""
    written = function.get("destinations")
    age, retries = function.get("maximumEventAge"), function.get("maximumRetryAttempts")
    if written is None and age is None and retries is None:
        return
    at = function.written.key_at("destinations")
    destinations: dict[str, Plain] = {}
    for key, name in (("onSuccess", "OnSuccess"), ("onFailure", "OnFailure")):
        target = entry(written, key)
        if target is not None:
            arn, action = _destination(service, target)
            destinations[name] = {"Destination": arn}
            if action is not None:
                function.needs.append(allow([action], arn, target.at))
    service.add(
        f"{normalized(function.key)}LambdaEvConf",
        "AWS::Lambda::EventInvokeConfig",
        {
            "FunctionName": ref(function.logical_id),
            "Qualifier": "$LATEST",
            "DestinationConfig": destinations or None,
            "MaximumEventAgeInSeconds": age,
            "MaximumRetryAttempts": retries,
        },
        at,
        f"functions.{function.key}.destinations",
    )


def _destination(service: Service, target: Value) -> tuple[Plain, str | None]:
    """Return the ARN of a destination, and the action that sends to it."""
    kind = service.text(entry(target, "type"))
    arn = entry(target, "arn") or target
    text = service.text(arn)
    if text is not None and ":" not in text:
        for other in service.functions:
            if other.key == text:
                return write(get_att(other.logical_id), arn.at), _SENDING["lambda"]
    if kind is None and text is not None and text.count(":") > _SERVICE:
        kind = text.split(":")[_SERVICE]
    return arn, _SENDING.get(kind or "")
