"""Requests to a REST API that invoke a function.

Follows the page of the event type Api. An event adds a method to its API, with what it says of
authorization, and lets API Gateway invoke the function for this method alone.
"""

from stockade._late import pattern
from stockade.load.building import (
    Plain,
    entry,
    is_empty,
    is_false,
    is_true,
    items_of,
    substitute,
    text,
    write,
)
from stockade.load.sam.api_draft import ApiDraft, Operation
from stockade.load.sam.events.implicit_api import api_of_event
from stockade.load.sam.events.permission import permit
from stockade.load.sam.events.routes import EXECUTE, PRINCIPAL, integration_uri, route_of
from stockade.load.sam.events.target import Event, Target
from stockade.load.sam.expansion import Expansion, suffixed
from stockade.load.sam.role import RoleDraft
from stockade.model import Map, Scalar

_PARAMETER = pattern(r"\{[a-zA-Z0-9._-]+\+?\}")


def rest_api(expansion: Expansion, event: Event, target: Target, role: RoleDraft) -> None:
    """Add the event's method to its REST API, and let the API invoke the function."""
    del role
    route = route_of(expansion, event)
    if route is None:
        return
    path, method = route
    draft, reference = api_of_event(expansion, event, "RestApiId")
    logical_id = suffixed(f"{event.logical_id}Permission", _stage(draft))
    trimmed = path.rstrip("/") if len(path) > 1 else path
    verb = "*" if method.lower() == "any" else method.upper()
    source = f"{EXECUTE}/{verb}{_PARAMETER.sub('*', trimmed)}"
    arn = substitute(source, event.at, {"Api": reference})
    permit(expansion, event, target, PRINCIPAL, logical_id, SourceArn=arn)
    if draft is None:
        return
    draft.conditions.append(event.owner.condition)
    operation = _rest_operation(event, target, draft, path, method)
    if draft.managed or draft.merging:
        draft.operations.append(operation)
        _note_validator(event, draft)
    elif is_true(entry(event.get("Auth"), "OverrideApiAuth")):
        draft.overrides.append(operation)


def _stage(draft: ApiDraft | None) -> str:
    """Return the end of the permission's logical id: the stage's name if it is written out."""
    name = entry(draft.owner.properties, "StageName") if draft else None
    written = name.value if isinstance(name, Scalar) else None
    return written if isinstance(written, str) and written else "Stage"


def _rest_operation(
    event: Event, target: Target, draft: ApiDraft, path: str, method: str
) -> Operation:
    at = event.at
    streamed = text(event.get("ResponseTransferMode")) == "RESPONSE_STREAM"
    integration: dict[str, Plain] = {
        "type": "aws_proxy",
        "httpMethod": "POST",
        "uri": integration_uri(target.arn, at, streamed=streamed),
        "responseTransferMode": "STREAM" if streamed else None,
        "credentials": _credentials(event, draft),
        "timeoutInMillis": event.get("TimeoutInMillis"),
    }
    definition: dict[str, Plain] = {
        "x-amazon-apigateway-integration": integration,
        "responses": {},
        **_validation(event, draft),
    }
    parameters = _request_parameters(event, integration)
    if parameters:
        present = definition.get("parameters")
        listed = present if isinstance(present, list) else []
        definition["parameters"] = [*listed, *parameters]
    return rest_method(event, draft, path, method, definition)


def rest_method(
    event: Event, draft: ApiDraft, path: str, method: str, definition: dict[str, Plain]
) -> Operation:
    """Return the method of a REST API that an event adds, with the event's authorization."""
    policy = entry(event.get("Auth"), "ResourcePolicy")
    return Operation(
        path=path,
        method=method,
        at=event.at,
        definition=definition,
        security=_rest_security(event, draft),
        condition=event.owner.condition,
        resource_policy=policy if isinstance(policy, Map) else None,
    )


def _rest_security(event: Event, draft: ApiDraft) -> tuple[tuple[str, Plain], ...] | None:
    auth = event.get("Auth")
    requirements: list[tuple[str, Plain]] = []
    authorizer = entry(auth, "Authorizer")
    name = text(authorizer)
    if name:
        scopes: Plain = []
        known = draft.authorizer(name)
        if known is not None and name != "NONE":
            own = entry(auth, "AuthorizationScopes") or entry(known, "AuthorizationScopes")
            scopes = own if own is not None else []
        requirements.append((name, scopes))
    key = entry(auth, "ApiKeyRequired")
    if key is not None:
        requirements.append(("api_key_false" if is_false(key) else "api_key", []))
    return tuple(requirements) or None


def _credentials(event: Event, draft: ApiDraft) -> Plain:
    """Return the role with which the integration runs, for callers that IAM identifies."""
    auth = event.get("Auth")
    name = text(entry(auth, "Authorizer"))
    by_default = draft.default_authorizer == "AWS_IAM" and is_empty(auth)
    if name != "AWS_IAM" and not by_default:
        return None
    for holder in (auth, draft.auth):
        if isinstance(holder, Map) and "InvokeRole" in holder:
            role = entry(holder, "InvokeRole")
            if role is None or text(role) == "NONE":
                return None
            if text(role) != "CALLER_CREDENTIALS":
                return role
            break
    return substitute("arn:${AWS::Partition}:iam::*:user/*", event.at)


def _validation(event: Event, draft: ApiDraft) -> dict[str, Plain]:
    """Return what the method says of the model and the validator of its requests."""
    model = event.get("RequestModel")
    name = text(entry(model, "Model"))
    if not name:
        return {}
    made: dict[str, Plain] = {}
    required = entry(model, "Required")
    if is_openapi_3(draft):
        schema = {"schema": {"$ref": f"#/components/schemas/{name.lower()}"}}
        content = {"application/json": schema}
        made["requestBody"] = {"content": content, "required": required}
    else:
        made["parameters"] = [
            {
                "in": "body",
                "name": name.lower(),
                "schema": {"$ref": f"#/definitions/{name.lower()}"},
                "required": required,
            }
        ]
    validator = _validator(event)
    if validator is not None:
        made["x-amazon-apigateway-request-validator"] = validator[0]
    return made


def is_openapi_3(draft: ApiDraft) -> bool:
    """Tell whether SAM writes the API's definition in OpenAPI 3."""
    version = text(entry(draft.owner.properties, "OpenApiVersion")) or ""
    return version.startswith("3")


def _validator(event: Event) -> tuple[str, dict[str, Plain]] | None:
    model = event.get("RequestModel")
    body, parameters = entry(model, "ValidateBody"), entry(model, "ValidateParameters")
    if body is None and parameters is None:
        return None
    names = {
        (True, True): "body-and-params",
        (True, False): "body-only",
        (False, True): "params-only",
        (False, False): "no-validation",
    }
    checks = (is_true(body), is_true(parameters))
    return names[checks], {
        "validateRequestBody": checks[0],
        "validateRequestParameters": checks[1],
    }


def _note_validator(event: Event, draft: ApiDraft) -> None:
    validator = _validator(event) if text(entry(event.get("RequestModel"), "Model")) else None
    if validator is not None:
        draft.validators[validator[0]] = write(validator[1], event.at)


def _request_parameters(event: Event, integration: dict[str, Plain]) -> list[Plain]:
    """Return the parameters that the method declares; note those that are keys of its cache."""
    found: list[Plain] = []
    cached: list[Plain] = []
    for written in items_of(event.get("RequestParameters")):
        name, settings = text(written), None
        if isinstance(written, Map):
            name, settings = next(iter(written.entries.items()), (None, None))
        place, _, short = (name or "").removeprefix("method.request.").partition(".")
        if not name or not short:
            continue
        if is_true(entry(settings, "Caching")):
            cached.append(name)
        found.append(
            {
                "in": "query" if place == "querystring" else place,
                "name": short,
                "required": is_true(entry(settings, "Required")),
                "type": "string",
            }
        )
    if cached:
        integration["cacheKeyParameters"] = cached
    return found
