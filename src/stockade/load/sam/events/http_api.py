"""Requests to an HTTP API that invoke a function.

Follows the page of the event type HttpApi.
"""

from stockade._late import pattern
from stockade.load.building import Plain, entry, is_empty, substitute, text
from stockade.load.sam.api_draft import ApiDraft, Operation
from stockade.load.sam.events.implicit_api import api_of_event
from stockade.load.sam.events.permission import permit
from stockade.load.sam.events.routes import EXECUTE, PRINCIPAL, integration_uri
from stockade.load.sam.events.target import Event, Target
from stockade.load.sam.expansion import Expansion
from stockade.load.sam.role import RoleDraft

_PARAMETER = pattern(r"\{(?:[a-zA-Z0-9._-]+|proxy\+)\}")
_PATH_VARIABLE = pattern(r"\{(.*?)\}")
_ANY = "x-amazon-apigateway-any-method"


def http_api(expansion: Expansion, event: Event, target: Target, role: RoleDraft) -> None:
    """Add the event's route to its HTTP API, and let the API invoke the function."""
    del role
    path, method = text(event.get("Path")), text(event.get("Method"))
    if event.get("Path") is None and event.get("Method") is None:
        path, method = "$default", _ANY
    if not path or not method:
        expansion.miss(event.at, "the path or method of a route cannot be known")
        return
    draft, reference = api_of_event(expansion, event, "ApiId")
    if not _is_covered(draft, target, path):
        source = EXECUTE + _http_resource(path, method)
        arn = substitute(source, event.at, {"Api": reference})
        permit(expansion, event, target, PRINCIPAL, SourceArn=arn)
    if draft is None:
        return
    draft.conditions.append(event.owner.condition)
    draft.operations.append(_http_operation(event, target, draft, path, method))
    if path == "$default":
        draft.answering.add(target.owner.id)
    settings = event.get("RouteSettings")
    if settings is not None:
        route = path if method == _ANY else f"{method.upper()} {path}"
        draft.route_settings[route] = settings


def _is_covered(draft: ApiDraft | None, target: Target, path: str) -> bool:
    """Tell whether the function already answers everything that no other route takes."""
    if draft is None or path == "$default":
        return False
    return target.owner.id in draft.answering


def _http_resource(path: str, method: str) -> str:
    trimmed = "" if path == "$default" else path.rstrip("/") if len(path) > 1 else path
    verb = "*" if method.lower() in ("any", _ANY) else method.upper()
    if method.lower() == "any" and trimmed == "/$default":
        return trimmed
    return f"/{verb}{_PARAMETER.sub('*', trimmed)}"


def _http_operation(
    event: Event, target: Target, draft: ApiDraft, path: str, method: str
) -> Operation:
    integration: dict[str, Plain] = {
        "type": "aws_proxy",
        "httpMethod": "POST",
        "payloadFormatVersion": event.get("PayloadFormatVersion") or "2.0",
        "uri": integration_uri(target.arn, event.at),
        "timeoutInMillis": event.get("TimeoutInMillis"),
    }
    parameters = [
        {"name": name, "in": "path", "required": True} for name in _PATH_VARIABLE.findall(path)
    ]
    default = path == "$default" and method.lower() in ("any", _ANY)
    definition: dict[str, Plain] = {
        "x-amazon-apigateway-integration": integration,
        "isDefaultRoute": True if default else None,
        "responses": {},
        "parameters": parameters or None,
    }
    return Operation(
        path=path,
        method=method,
        at=event.at,
        definition=definition,
        security=_http_security(event, draft),
        condition=event.owner.condition,
    )


def _http_security(event: Event, draft: ApiDraft) -> tuple[tuple[str, Plain], ...] | None:
    auth = event.get("Auth")
    if is_empty(auth):
        return None
    name = text(entry(auth, "Authorizer")) or draft.default_authorizer
    if not name:
        return None
    scopes: Plain = []
    known = draft.authorizer(name)
    if known is not None and name not in ("NONE", "AWS_IAM"):
        for holder in (auth, known):
            own = entry(holder, "AuthorizationScopes")
            if not is_empty(own):
                scopes = own
                break
    return ((name, scopes),)
