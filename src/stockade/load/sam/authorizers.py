"""The authorizers of an API, as security schemes of its OpenAPI document.

Follows "ApiAuth" and "HttpApiAuth", and in API Gateway's words "x-amazon-apigateway-authtype"
and "x-amazon-apigateway-authorizer".
"""

from collections.abc import Iterator, Mapping

from stockade.load.building import (
    Plain,
    entry,
    is_empty,
    is_false,
    is_true,
    items_of,
    join,
    substitute,
    text,
    write,
)
from stockade.load.sam.expansion import Expansion
from stockade.model import List, Location, Map, Resource, Scalar, Value

_AUTHORIZER = "x-amazon-apigateway-authorizer"
_AUTH_TYPE = "x-amazon-apigateway-authtype"
_INVOKE = (
    "arn:${AWS::Partition}:apigateway:${AWS::Region}:"
    "lambda:path/2015-03-31/functions/${Function}/invocations"
)
_REST_IDENTITY = {
    "Headers": "method.request.header.",
    "QueryStrings": "method.request.querystring.",
    "StageVariables": "stageVariables.",
    "Context": "context.",
}
_HTTP_IDENTITY = {
    "Headers": "$request.header.",
    "QueryStrings": "$request.querystring.",
    "StageVariables": "$stageVariables.",
    "Context": "$context.",
}

IAM: Mapping[str, Plain] = {
    "type": "apiKey",
    "name": "Authorization",
    "in": "header",
    _AUTH_TYPE: "awsSigv4",
}
"""The scheme of callers that IAM identifies."""

API_KEY: Mapping[str, Plain] = {"type": "apiKey", "name": "x-api-key", "in": "header"}
"""The scheme of callers that send an API key."""


def authorizers_of(auth: Value | None) -> Iterator[tuple[str, Map, Location]]:
    """Yield the name, the settings and the line of each authorizer."""
    written = entry(auth, "Authorizers")
    if isinstance(written, Map):
        for name, given in written:
            if isinstance(given, Map):
                yield name, given, written.key_at(name)


def rest_scheme(given: Map, at: Location) -> Value:
    """Return the security scheme of an authorizer of a REST API."""
    pool = entry(given, "UserPoolArn")
    identity = entry(given, "Identity")
    by_request = text(entry(given, "FunctionPayloadType")) == "REQUEST"
    header = entry(identity, "Header") or "Authorization"
    scheme: dict[str, Plain] = {
        "type": "apiKey",
        "name": "Unused" if by_request and pool is None else header,
        "in": "header",
        _AUTH_TYPE: "custom" if pool is None else "cognito_user_pools",
    }
    if pool is not None:
        arns = pool if isinstance(pool, List) else [pool]
        authorizer: dict[str, Plain] = {"type": "cognito_user_pools", "providerARNs": arns}
    else:
        authorizer = _by_function(given, at)
        authorizer["type"] = "request" if by_request else "token"
        authorizer["authorizerResultTtlInSeconds"] = entry(identity, "ReauthorizeEvery")
        if by_request:
            authorizer["identitySource"] = _listed_identity(identity, at)
    if not by_request or pool is not None:
        authorizer["identityValidationExpression"] = entry(identity, "ValidationExpression")
    scheme[_AUTHORIZER] = authorizer
    return write(scheme, at)


def http_scheme(given: Map, at: Location) -> Value:
    """Return the security scheme of an authorizer of an HTTP API."""
    tokens = entry(given, "JwtConfiguration")
    if isinstance(tokens, Map):
        config = {key.lower(): value for key, value in tokens}
        authorizer: dict[str, Plain] = {
            "type": "jwt",
            "jwtConfiguration": config,
            "identitySource": entry(given, "IdentitySource"),
        }
        return write({"type": "oauth2", _AUTHORIZER: authorizer}, at)
    identity = entry(given, "Identity")
    authorizer = _by_function(given, at)
    authorizer["type"] = "request"
    if not is_empty(identity):
        authorizer["authorizerResultTtlInSeconds"] = entry(identity, "ReauthorizeEvery")
        authorizer["identitySource"] = _identity(identity, _HTTP_IDENTITY)
    authorizer["authorizerPayloadFormatVersion"] = entry(given, "AuthorizerPayloadFormatVersion")
    simple = entry(given, "EnableSimpleResponses")
    authorizer["enableSimpleResponses"] = None if is_empty(simple) else simple
    scheme: Plain = {"type": "apiKey", "name": "Unused", "in": "header", _AUTHORIZER: authorizer}
    return write(scheme, at)


def _by_function(given: Map, at: Location) -> dict[str, Plain]:
    function = entry(given, "FunctionArn")
    role = entry(given, "FunctionInvokeRole")
    return {
        "authorizerUri": substitute(_INVOKE, at, {"Function": function} if function else None),
        "authorizerCredentials": None if text(role) == "NONE" else role,
    }


def _identity(identity: Value | None, prefixes: Mapping[str, str]) -> list[Plain]:
    found: list[Plain] = []
    for key, prefix in prefixes.items():
        for item in items_of(entry(identity, key)):
            name = text(item)
            given = Scalar(prefix, item.at)
            found.append(prefix + name if name is not None else join((given, item), item.at))
    return found


def _listed_identity(identity: Value | None, at: Location) -> Plain:
    """Return the sources of a caller's identity as one text, the way REST APIs want it."""
    parts: list[Value] = []
    for number, item in enumerate(_identity(identity, _REST_IDENTITY)):
        if number:
            parts.append(Scalar(", ", at))
        parts.append(write(item, at))
    if all(isinstance(part, Scalar) for part in parts):
        return "".join(text(part) or "" for part in parts) or None
    return join(parts, at)


def permit_authorizers(
    expansion: Expansion, owner: Resource, auth: Value | None, *, unless_disabled: bool
) -> None:
    """Let API Gateway invoke the functions that authorize callers.

    For REST APIs this is so `unless_disabled`; for HTTP APIs only where the author asks for it.
    """
    for name, given, at in authorizers_of(auth):
        function = entry(given, "FunctionArn")
        if function is None:
            continue
        if unless_disabled:
            wanted = not is_true(entry(given, "DisableFunctionDefaultPermissions"))
        else:
            asked = entry(given, "EnableFunctionDefaultPermissions")
            wanted = asked is not None and not is_false(asked)
        if wanted:
            logical_id = f"{owner.logical_id}{name}AuthorizerPermission"
            permit_authorizer(expansion, owner, function, logical_id, at)


def permit_authorizer(
    expansion: Expansion, owner: Resource, function: Value, logical_id: str, at: Location
) -> None:
    """Let API Gateway invoke one authorizer of the API `owner`."""
    arn = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/authorizers/*"
    source = substitute(arn, at, {"Api": expansion.refer(owner.logical_id, at)})
    expansion.add(
        owner,
        logical_id,
        "AWS::Lambda::Permission",
        {
            "Action": "lambda:InvokeFunction",
            "FunctionName": function,
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": source,
        },
        at,
    )
