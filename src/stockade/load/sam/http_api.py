"""`AWS::Serverless::HttpApi`: an HTTP API with its routes, authorizers and stage.

Follows "AWS::Serverless::HttpApi" and "HttpApiAuth".
"""

from stockade.load.building import Plain, entry, is_empty, is_true, only, write, write_map
from stockade.load.sam.api_draft import ApiDraft, with_condition
from stockade.load.sam.authorizers import IAM, authorizers_of, http_scheme, permit_authorizers
from stockade.load.sam.code import body_location
from stockade.load.sam.custom_domain import expand_http_domain
from stockade.load.sam.expansion import Expansion, suffixed
from stockade.load.sam.openapi import (
    add_operations,
    change_methods,
    disabled_endpoint,
    extended,
    requirements,
    with_requirements,
)
from stockade.model import List, Map, Parameter, Resource, Scalar, Value

_CORS = {
    "AllowOrigins": "allowOrigins",
    "AllowHeaders": "allowHeaders",
    "AllowMethods": "allowMethods",
    "ExposeHeaders": "exposeHeaders",
    "MaxAge": "maxAge",
    "AllowCredentials": "allowCredentials",
}

_STAGE = ("StageVariables", "AccessLogSettings", "DefaultRouteSettings")


def expand_http_api(expansion: Expansion, draft: ApiDraft) -> None:
    """Expand one API, after every event added to it."""
    draft.owner = owner = with_condition(draft)
    properties = owner.properties
    made: dict[str, Value] = only(properties, "FailOnWarnings")
    places = {}
    uri = entry(properties, "DefinitionUri")
    body = _document(draft)
    if uri is not None:
        made["BodyS3Location"] = body_location(uri)
        places["BodyS3Location"] = properties.key_at("DefinitionUri")
    elif body is not None:
        made["Body"] = body
        places["Body"] = properties.key_at("DefinitionBody")
    expansion.put(owner, "AWS::ApiGatewayV2::Api", Map(made, properties.at, places))
    permit_authorizers(expansion, owner, draft.auth, unless_disabled=False)
    stage = _stage(expansion, draft)
    at = properties.key_at("Domain")
    expand_http_domain(expansion, owner, expansion.refer(stage, at))


def _document(draft: ApiDraft) -> Value | None:
    properties, at = draft.owner.properties, draft.owner.at
    base = entry(properties, "DefinitionBody")
    if base is None and draft.managed:
        title = entry(properties, "Name") or Parameter("AWS::StackName", None, at)
        info = {"version": "1.0", "title": title, **_description(properties)}
        base = write_map({"openapi": "3.0.1", "info": info, "paths": {}}, at)
    if not isinstance(base, Map):
        return base
    written = entry(base, "paths")
    paths = written if isinstance(written, Map) else Map({}, base.at, {})
    paths = add_operations(paths, draft.operations, replacing=False)
    schemes = _schemes(draft)
    paths = _with_default(draft, paths)
    added: dict[str, Value] = {"paths": paths}
    if schemes:
        components = entry(base, "components")
        parts = components if isinstance(components, Map) else Map({}, base.at, {})
        present = entry(parts, "securitySchemes")
        known = present if isinstance(present, Map) else Map({}, base.at, {})
        added["components"] = extended(parts, {"securitySchemes": extended(known, schemes)})
    cors = entry(properties, "CorsConfiguration")
    if not is_empty(cors) and cors is not None:
        added["x-amazon-apigateway-cors"] = _cors(cors)
    disabled = entry(properties, "DisableExecuteApiEndpoint")
    if disabled is not None:
        added.update(disabled_endpoint(base, disabled))
    return extended(base, added, at)


def _description(properties: Map) -> dict[str, Plain]:
    given = entry(properties, "Description")
    return {} if given is None else {"description": given}


def _schemes(draft: ApiDraft) -> dict[str, Value]:
    made: dict[str, Value] = {}
    auth = draft.auth
    if isinstance(auth, Map) and is_true(entry(auth, "EnableIamAuthorizer")):
        made["AWS_IAM"] = write(IAM, auth.key_at("EnableIamAuthorizer"))
    for name, given, at in authorizers_of(auth):
        made[name] = http_scheme(given, at)
    return made


def _with_default(draft: ApiDraft, paths: Map) -> Map:
    """Give the default authorizer to every method that says nothing itself."""
    default, auth = draft.default_authorizer, draft.auth
    if not default or not isinstance(auth, Map):
        return paths
    at = auth.key_at("DefaultAuthorizer")
    given = entry(draft.authorizer(default), "AuthorizationScopes")
    scopes = List(given.items, at) if isinstance(given, List) else List((), at)

    def change(path: str, method: str, definition: Map) -> Map:
        del path
        if method.lower() == "options" or requirements(definition):
            return definition
        return with_requirements(definition, [(default, scopes)], at)

    return change_methods(paths, change)


def _cors(cors: Value) -> Value:
    if isinstance(cors, Map):
        entries = {_CORS.get(key, key): value for key, value in cors}
        places = {_CORS.get(key, key): place for key, place in cors.keys.items()}
        return Map(entries, cors.at, places)
    if isinstance(cors, Scalar) and isinstance(cors.value, bool):
        return write({"allowOrigins": ["*"]}, cors.at)
    return write({"allowOrigins": cors}, cors.at)


def _stage(expansion: Expansion, draft: ApiDraft) -> str:
    owner = draft.owner
    properties = owner.properties
    at = properties.key_at("StageName")
    name = entry(properties, "StageName") or Scalar("$default", at)
    logical_id = _stage_id(owner, name)
    stage: dict[str, Plain] = {
        "ApiId": expansion.refer(owner.logical_id, at),
        "StageName": name,
        **only(properties, *_STAGE),
        "RouteSettings": _route_settings(draft),
        "AutoDeploy": True,
    }
    made = expansion.add(owner, logical_id, "AWS::ApiGatewayV2::Stage", stage, at)
    expansion.aliases[owner.id, "Stage"] = made.id
    return logical_id


def _route_settings(draft: ApiDraft) -> Value | None:
    given = entry(draft.owner.properties, "RouteSettings")
    if not draft.route_settings:
        return given
    base = given if isinstance(given, Map) else Map({}, draft.owner.at, {})
    merged = dict(base.entries)
    for route, settings in draft.route_settings.items():
        earlier = merged.get(route)
        if isinstance(earlier, Map) and isinstance(settings, Map):
            merged[route] = extended(earlier, settings.entries)
        else:
            merged[route] = settings
    return Map(merged, base.at, base.keys)


def _stage_id(owner: Resource, name: Value) -> str:
    """Return the logical id of the stage: its name is in it, if it is written out."""
    written = name.value if isinstance(name, Scalar) else ""
    text = written if isinstance(written, str) else ""
    if text == "$default":
        return f"{owner.logical_id}ApiGatewayDefaultStage"
    if text.isalnum():
        return f"{owner.logical_id}{text}Stage"
    return suffixed(f"{owner.logical_id}Stage", text)
