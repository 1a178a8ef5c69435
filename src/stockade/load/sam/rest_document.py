"""The OpenAPI document of a REST API: routes, who may call them, and what SAM adds.

Follows "ApiAuth", "CorsConfiguration" and "RequestModel" of AWS::Serverless::Api.
"""

from stockade.load.building import (
    Plain,
    entry,
    is_empty,
    is_false,
    is_true,
    text,
    write,
    write_map,
)
from stockade.load.sam.api_draft import ApiDraft, Operation
from stockade.load.sam.authorizers import API_KEY, IAM, authorizers_of, rest_scheme
from stockade.load.sam.openapi import (
    Requirements,
    add_operations,
    change_methods,
    disabled_endpoint,
    extended,
    methods_of,
    requirements,
    with_requirements,
    without,
)
from stockade.load.sam.resource_policy import ResourcePolicyDraft
from stockade.load.sam.rest_cors import add_cors
from stockade.model import List, Location, Map, NoValue, Parameter, Scalar, Value

_POLICY = "x-amazon-apigateway-policy"


def rest_document(draft: ApiDraft) -> Value | None:
    """Return the `Body` of the REST API, or None if its definition is somewhere else."""
    properties = draft.owner.properties
    base = entry(properties, "DefinitionBody")
    if base is None and draft.managed:
        base = _skeleton(draft)
    if not isinstance(base, Map):
        return base
    paths = entry(base, "paths")
    if not isinstance(paths, Map):
        paths = Map({}, base.at, {})
    paths = add_operations(paths, draft.operations, replacing=draft.merging)
    paths = _override(paths, draft.overrides)
    policy = ResourcePolicyDraft()
    _add_event_policies(draft, paths, policy)
    paths = add_cors(paths, entry(properties, "Cors"))
    paths, schemes = _secure(draft, paths, _schemes(base))
    _add_api_policy(draft, paths, policy)
    document = extended(base, {"paths": paths})
    document = _with_extras(draft, document, schemes, policy)
    return _as_openapi_3(document, properties)


def _skeleton(draft: ApiDraft) -> Map:
    at = draft.owner.at
    version = text(entry(draft.owner.properties, "OpenApiVersion")) or ""
    title = Parameter("AWS::StackName", None, at)
    kind = {"openapi": version} if version.startswith("3") else {"swagger": "2.0"}
    return write_map({**kind, "info": {"version": "1.0", "title": title}, "paths": {}}, at)


def _schemes(base: Map) -> Map:
    written = entry(base, "securityDefinitions")
    return written if isinstance(written, Map) else Map({}, base.at, {})


def _override(paths: Map, overrides: list[Operation]) -> Map:
    """Add what events say of methods that the author's definition has."""
    wanted = {(one.path, one.key): one for one in overrides if one.security}

    def change(path: str, method: str, definition: Map) -> Map:
        one = wanted.get((path, method.lower()))
        if one is None:
            return definition
        added = [(name, write(scopes, one.at)) for name, scopes in one.security or ()]
        return with_requirements(definition, [*requirements(definition), *added], one.at)

    return change_methods(paths, change) if wanted else paths


def _secure(draft: ApiDraft, paths: Map, schemes: Map) -> tuple[Map, Map]:
    """Give every method the authorizer and the key that take effect; return the schemes too."""
    auth = draft.auth
    made = {name: rest_scheme(given, at) for name, given, at in authorizers_of(auth)}
    schemes = extended(schemes, made)
    default = draft.default_authorizer
    if isinstance(auth, Map) and default:
        preflight = entry(auth, "AddDefaultAuthorizerToCorsPreflight")
        scopes = _default_scopes(draft, default, auth.key_at("DefaultAuthorizer"))
        names = frozenset({"AWS_IAM", *made})
        paths = _with_default(paths, default, scopes, names, options=not is_false(preflight))
    if isinstance(auth, Map) and is_true(entry(auth, "ApiKeyRequired")):
        preflight = entry(auth, "AddApiKeyRequiredToCorsPreflight")
        at = auth.key_at("ApiKeyRequired")
        paths = _with_keys(paths, at, options=not is_false(preflight))
    return paths, _with_used(paths, schemes, draft)


def _default_scopes(draft: ApiDraft, default: str, at: Location) -> Value:
    scopes = entry(draft.authorizer(default), "AuthorizationScopes")
    return List(scopes.items, at) if isinstance(scopes, List) else List((), at)


def _with_default(
    paths: Map, default: str, scopes: Value, names: frozenset[str], *, options: bool
) -> Map:
    def change(path: str, method: str, definition: Map) -> Map:
        del path
        if method.lower() == "options" and not options:
            return definition
        present = requirements(definition)
        own = [one for one in present if one[0] in names]
        others = [one for one in present if one[0] not in names]
        freed = [one for one in others if one[0] == "NONE"]
        if freed:
            others.remove(freed[0])
            wanted, place = others, freed[0][1].at
        else:
            wanted, place = others + (own or [(default, scopes)]), scopes.at
        return with_requirements(definition, wanted, place) if wanted else definition

    return change_methods(paths, change)


def _with_keys(paths: Map, at: Location, *, options: bool) -> Map:
    def change(path: str, method: str, definition: Map) -> Map:
        del path
        present = requirements(definition)
        others: Requirements = [
            one for one in present if one[0] not in ("api_key", "api_key_false")
        ]
        freed = [scopes.at for name, scopes in present if name == "api_key_false"]
        asked = [one for one in present if one[0] == "api_key"]
        if freed or (method.lower() == "options" and not options):
            wanted = others
        else:
            wanted = others + (asked[:1] or [("api_key", List((), at))])
        if wanted == present:
            return definition
        return with_requirements(definition, wanted, freed[0] if freed else at)

    return change_methods(paths, change)


def _with_used(paths: Map, schemes: Map, draft: ApiDraft) -> Map:
    """Add the schemes that SAM adds where a method uses them."""
    used: dict[str, Location] = {}
    if draft.merging and not is_true(entry(draft.auth, "ApiKeyRequired")):
        return schemes

    def note(path: str, method: str, definition: Map) -> Map:
        del path, method
        for name, scopes in requirements(definition):
            used.setdefault(name, scopes.at)
        return definition

    change_methods(paths, note)
    if draft.default_authorizer == "AWS_IAM" and isinstance(draft.auth, Map):
        used.setdefault("AWS_IAM", draft.auth.key_at("DefaultAuthorizer"))
    added: dict[str, Value] = {}
    for name, scheme in (("AWS_IAM", IAM), ("api_key", API_KEY)):
        if name in used and name not in schemes:
            added[name] = write(scheme, used[name])
    return extended(schemes, added)


def _add_event_policies(draft: ApiDraft, paths: Map, policy: ResourcePolicyDraft) -> None:
    name = entry(draft.owner.properties, "StageName")
    for operation in (*draft.operations, *draft.overrides):
        own = operation.resource_policy
        if own is not None:
            stage = name if isinstance(name, Scalar) else Scalar("Stage", own.at)
            methods = methods_of(paths.get(operation.path) or NoValue(own.at))
            policy.add_path(own, operation.path, methods, stage)
            policy.add_custom(entry(own, "CustomStatements"))


def _add_api_policy(draft: ApiDraft, paths: Map, policy: ResourcePolicyDraft) -> None:
    own = entry(draft.auth, "ResourcePolicy")
    if isinstance(own, Map):
        stage = entry(draft.owner.properties, "StageName") or Scalar("Stage", own.at)
        for path, item in paths:
            policy.add_path(own, path, methods_of(item), stage)
        policy.add_custom(entry(own, "CustomStatements"))


def _with_extras(draft: ApiDraft, document: Map, schemes: Map, policy: ResourcePolicyDraft) -> Map:
    properties, at = draft.owner.properties, draft.owner.at
    added: dict[str, Value] = {}
    if schemes.entries:
        added["securityDefinitions"] = schemes
    written = policy.document(entry(document, _POLICY), at)
    if written is not None:
        added[_POLICY] = written
    media = entry(properties, "BinaryMediaTypes")
    if not is_empty(media) and media is not None:
        added["x-amazon-apigateway-binary-media-types"] = _media_types(media)
    responses = entry(properties, "GatewayResponses")
    if isinstance(responses, Map):
        present = entry(document, "x-amazon-apigateway-gateway-responses")
        base = present if isinstance(present, Map) else Map({}, responses.at, {})
        made = {name: _gateway_response(one) for name, one in responses}
        added["x-amazon-apigateway-gateway-responses"] = extended(base, made)
    models = entry(properties, "Models")
    if isinstance(models, Map):
        present = entry(document, "definitions")
        base = present if isinstance(present, Map) else Map({}, models.at, {})
        added["definitions"] = extended(base, {name.lower(): one for name, one in models})
    if draft.validators:
        added["x-amazon-apigateway-request-validators"] = write(draft.validators, at)
    disabled = entry(properties, "DisableExecuteApiEndpoint")
    if disabled is not None:
        added.update(disabled_endpoint(document, disabled))
    return extended(document, added, at)


def _media_types(media: Value) -> Value:
    """Write `image~1png` as `image/png`."""
    if not isinstance(media, List):
        return media
    return write([(text(item) or "").replace("~1", "/") or item for item in media], media.at)


def _gateway_response(given: Value) -> Value:
    if not isinstance(given, Map):
        return given
    parameters: dict[str, Plain] = {}
    for key, prefix in (("Headers", "header"), ("Paths", "path"), ("QueryStrings", "querystring")):
        written = entry(entry(given, "ResponseParameters"), key)
        for name, value in written if isinstance(written, Map) else ():
            parameters[f"gatewayresponse.{prefix}.{name}"] = value
    return write(
        {
            "responseParameters": parameters,
            "responseTemplates": entry(given, "ResponseTemplates") or {},
            "statusCode": entry(given, "StatusCode"),
        },
        given.at,
    )


def _as_openapi_3(document: Map, properties: Map) -> Map:
    """Put schemes and models where OpenAPI 3 wants them."""
    asked = text(entry(properties, "OpenApiVersion"))
    version = asked or text(entry(document, "openapi")) or ""
    if "swagger" in document or not version.startswith("3"):
        return document
    moved: dict[str, Value] = {}
    for old, new in (("securityDefinitions", "securitySchemes"), ("definitions", "schemas")):
        written = entry(document, old)
        if not is_empty(written) and written is not None:
            moved[new] = written
    if not moved:
        return document
    components = entry(document, "components")
    base = components if isinstance(components, Map) else Map({}, document.at, {})
    for key, value in tuple(moved.items()):
        earlier = entry(base, key)
        if isinstance(earlier, Map) and isinstance(value, Map):
            moved[key] = extended(earlier, value.entries)
    rest = without(document, "securityDefinitions", "definitions")
    return extended(rest, {"components": extended(base, moved)})
