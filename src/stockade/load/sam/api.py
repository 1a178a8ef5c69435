"""`AWS::Serverless::Api`: a REST API with its deployment, stage, authorizers and usage plan.

Follows "AWS::Serverless::Api" and "AWS CloudFormation resources generated when
AWS::Serverless::Api is specified".
"""

from stockade.load.building import Plain, entry, is_empty, only, write
from stockade.load.sam.api_draft import ApiDraft, with_condition
from stockade.load.sam.authorizers import permit_authorizers
from stockade.load.sam.code import body_location
from stockade.load.sam.custom_domain import expand_rest_domain
from stockade.load.sam.expansion import Expansion, suffixed
from stockade.load.sam.rest_document import rest_document
from stockade.load.sam.usage_plan import expand_usage_plan
from stockade.model import Map, Resource, Scalar, Value

_COPIED = (
    *("BinaryMediaTypes", "MinimumCompressionSize", "FailOnWarnings", "Name", "Description"),
    *("Mode", "ApiKeySourceType", "Policy", "SecurityPolicy", "EndpointAccessMode"),
)

_STAGE = (
    *("StageName", "CacheClusterEnabled", "CacheClusterSize", "Variables", "MethodSettings"),
    *("AccessLogSetting", "CanarySetting", "TracingEnabled"),
)


def expand_rest_api(expansion: Expansion, draft: ApiDraft) -> None:
    """Expand one API, after every event added to it."""
    draft.owner = owner = with_condition(draft)
    properties = owner.properties
    made: dict[str, Value] = only(properties, *_COPIED)
    places = {key: properties.key_at(key) for key in made}
    made.update(_endpoint(entry(properties, "EndpointConfiguration")))
    body = rest_document(draft)
    uri = entry(properties, "DefinitionUri")
    if uri is not None:
        made["BodyS3Location"] = body_location(uri)
        places["BodyS3Location"] = properties.key_at("DefinitionUri")
    elif body is not None:
        made["Body"] = body
        places["Body"] = properties.key_at("DefinitionBody")
    expansion.put(owner, "AWS::ApiGateway::RestApi", Map(made, properties.at, places))
    stage = _stage(expansion, owner)
    permit_authorizers(expansion, owner, draft.auth, unless_disabled=True)
    expand_rest_domain(expansion, owner, stage)
    expand_usage_plan(expansion, owner, stage)


def _endpoint(given: Value | None) -> dict[str, Value]:
    if given is None:
        return {}
    kind = entry(given, "Type") if isinstance(given, Map) else given
    if kind is None:
        return {"EndpointConfiguration": given}
    networks = entry(given, "VPCEndpointIds") or entry(given, "VpcEndpointIds")
    config = {
        "Types": [kind],
        "VpcEndpointIds": networks,
        "IpAddressType": entry(given, "IpAddressType"),
    }
    return {
        "EndpointConfiguration": write(config, given.at),
        "Parameters": write({"endpointConfigurationTypes": kind}, given.at),
    }


def _stage(expansion: Expansion, owner: Resource) -> Resource:
    at = owner.properties.key_at("StageName")
    api = expansion.refer(owner.logical_id, at)
    deployment_settings: dict[str, Plain] = {"RestApiId": api}
    if is_empty(entry(owner.properties, "OpenApiVersion")):
        deployment_settings["StageName"] = "Stage"
    deployment = expansion.add(
        owner,
        f"{owner.logical_id}Deployment",
        "AWS::ApiGateway::Deployment",
        deployment_settings,
        at,
    )
    stage = expansion.add(
        owner,
        stage_id(owner),
        "AWS::ApiGateway::Stage",
        {
            "RestApiId": api,
            "DeploymentId": expansion.refer(deployment.logical_id, at),
            **only(owner.properties, *_STAGE),
        },
        at,
    )
    expansion.aliases[owner.id, "Stage"] = stage.id
    expansion.aliases[owner.id, "Deployment"] = deployment.id
    return stage


def stage_id(owner: Resource) -> str:
    """Return the logical id of the API's stage: its name is in it, if it is written out."""
    name = entry(owner.properties, "StageName")
    written = name.value if isinstance(name, Scalar) else ""
    text = written if isinstance(written, str) else ""
    if text.isalnum():
        return f"{owner.logical_id}{text}Stage"
    return suffixed(f"{owner.logical_id}Stage", text)
