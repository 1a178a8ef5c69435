"""aws-sam-translator as the oracle: what AWS would create, beside what stockade says.

Both sides are brought into one form (`canonical`): texts with `${...}` for what is open, lists
without their conditions' nesting, documents of APIs as routes. What is left out is named in
`_IGNORED`: code, tags, and texts that only tell CloudFormation what changed.
"""

import copy
import json
import os
import re
from collections.abc import Set as AbstractSet
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias
from unittest.mock import patch

from sam_loading import as_json, template_of
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

from stockade.load.sam import Expanded, expand

REGION = "us-east-1"

Json: TypeAlias = Any
"""What `json.loads` gives."""

Resources = dict[str, dict[str, Json]]

_IGNORED = {
    "AWS::Lambda::Function": {"Code"},
    "AWS::Lambda::LayerVersion": {"Content"},
    "AWS::ApiGateway::Deployment": {"Description"},
    "AWS::StepFunctions::StateMachine": {
        *("Definition", "DefinitionString", "DefinitionSubstitutions", "DefinitionS3Location"),
    },
    "AWS::AppSync::Resolver": {"Code", "Runtime"},
    "AWS::Lambda::CapacityProvider": {"PropagateTags"},
    "AWS::CodeDeploy::DeploymentGroup": {"DeploymentConfigName"},
}

_HASHED = re.compile(r"^(.+?)[0-9a-f]{10}$")

_NEGATED = re.compile(r"^NOT(.+?)[0-9a-f]{10}$")

_HASHED_TYPES = frozenset(
    {
        *("AWS::Lambda::Version", "AWS::Lambda::LayerVersion", "AWS::ApiGateway::Deployment"),
        *("AWS::ApiGateway::DomainName", "AWS::ApiGateway::DomainNameV2"),
        *("AWS::ApiGatewayV2::DomainName", "AWS::Route53::RecordSetGroup"),
        "AWS::ApiGateway::DomainNameAccessAssociation",
    }
)

_APIS = frozenset({"AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"})

_LOCAL = {
    "AWS::Serverless::Function": "CodeUri",
    "AWS::Serverless::LayerVersion": "ContentUri",
    "AWS::Serverless::Api": "DefinitionUri",
    "AWS::Serverless::HttpApi": "DefinitionUri",
    "AWS::Serverless::StateMachine": "DefinitionUri",
}


class NotTranslatedError(Exception):
    """The translator itself refuses the template."""


def translated(path: Path) -> dict[str, Json]:
    """Return what the translator makes of the template at `path`, after a make-believe package."""
    source = yaml_parse(path.read_text(encoding="utf-8"))
    _package(source)
    with patch.dict(os.environ, {"AWS_DEFAULT_REGION": REGION}):
        os.environ.pop("AWS_PROFILE", None)
        try:
            output: dict[str, Json] = Translator({}, Parser()).translate(source, {})
        except Exception as error:
            raise NotTranslatedError(str(error) + str(getattr(error, "causes", ""))) from error
    return output


def _package(source: dict[str, Json]) -> None:
    """Put addresses in S3 where `sam package` would put them."""
    shared = (source.get("Globals") or {}).get("Function") or {}
    if isinstance(shared.get("CodeUri"), str):
        shared["CodeUri"] = "s3://bucket/key"
    for logical_id, resource in list(source["Resources"].items()):
        kind = resource.get("Type")
        if kind == "AWS::Serverless::Application":
            del source["Resources"][logical_id]
            continue
        properties = resource.setdefault("Properties", {}) or {}
        resource["Properties"] = properties
        key = _LOCAL.get(kind)
        if key and not str(properties.get(key, "s3://")).startswith(("s3://", "{")):
            properties[key] = "s3://bucket/key"
        if kind == "AWS::Serverless::Function":
            _package_function(properties, shared)


def _package_function(properties: dict[str, Json], shared: dict[str, Json]) -> None:
    if properties.get("PackageType") == "Image" or shared.get("PackageType") == "Image":
        properties.setdefault("ImageUri", "account.dkr.ecr.us-east-1.amazonaws.com/image:tag")
    elif not {"CodeUri", "InlineCode"} & {*properties, *shared}:
        properties["CodeUri"] = "s3://bucket/key"


def differences(path: Path) -> list[str]:
    """Return how the two differ over the template at `path`, a line for each difference."""
    output = translated(path)
    source = yaml_parse(path.read_text(encoding="utf-8"))
    expanded = expand(template_of(path))
    given = {
        name: {"Ref": name} if one.get("Default") is None else one["Default"]
        for name, one in (source.get("Parameters") or {}).items()
    }
    plain = _plain(expanded)
    common = plain.keys() & output["Resources"].keys()
    theirs = _canonical_resources(output["Resources"], given, common)
    ours = _canonical_resources(plain, given, common)
    lines = [f"only SAM makes {key} ({theirs[key]['Type']})" for key in theirs if key not in ours]
    lines += [
        f"only stockade makes {key} ({ours[key]['Type']})" for key in ours if key not in theirs
    ]
    for key in theirs:
        if key in ours and theirs[key] != ours[key]:
            lines += _described(key, theirs[key], ours[key])
    return lines


def _described(key: str, theirs: Json, ours: Json) -> list[str]:
    if isinstance(theirs, dict) and isinstance(ours, dict):
        return [
            line
            for name in {**theirs, **ours}
            if theirs.get(name) != ours.get(name)
            for line in _described(f"{key}.{name}", theirs.get(name), ours.get(name))
        ]
    return [f"{key}: SAM {json.dumps(theirs)}\n    stockade {json.dumps(ours)}"]


def _plain(expanded: Expanded) -> Resources:
    plain: Resources = {}
    for resource in expanded.resources.values():
        if resource.type == "AWS::Serverless::Application":
            continue
        properties = as_json(resource.properties)
        one: dict[str, Json] = {"Type": resource.type, "Properties": properties}
        if resource.condition:
            one["Condition"] = resource.condition
        plain[resource.logical_id] = one
    return plain


def _canonical_resources(
    resources: Resources, given: dict[str, Json], common: AbstractSet[str]
) -> Resources:
    names = {
        key: key if key in common else _without_hash(key, one["Type"])
        for key, one in resources.items()
    }
    canonical_ones: Resources = {}
    for key, resource in resources.items():
        kind = resource["Type"]
        properties = copy.deepcopy(resource.get("Properties") or {})
        if properties.get("FailOnWarnings") is False:
            del properties["FailOnWarnings"]
        for ignored in {"Tags", "Source", *_IGNORED.get(kind, ())}:
            properties.pop(ignored, None)
        if kind == "AWS::IAM::Role":
            properties = _without_source(properties)
        body = properties.pop("Body", None) if kind in _APIS else None
        one = {"Type": kind, "Properties": canonical(properties, given, names)}
        if body is not None:
            one["Body"] = _canonical_body(body, given, names)
        if resource.get("Condition"):
            one["Condition"] = _HASHED.sub(r"\1", resource["Condition"])
        canonical_ones[names[key]] = one
    return canonical_ones


def _without_hash(logical_id: str, kind: str) -> str:
    return _HASHED.sub(r"\1", logical_id) if kind in _HASHED_TYPES else logical_id


def _without_source(properties: Json) -> Json:
    """Leave out the entry `Source`, which is stockade's own."""
    if isinstance(properties, dict):
        own = "PolicyName" in properties
        return {
            key: _without_source(value)
            for key, value in properties.items()
            if not (own and key == "Source")
        }
    if isinstance(properties, list):
        return [_without_source(item) for item in properties]
    return properties


def canonical(value: Json, given: dict[str, Json], names: dict[str, str]) -> Json:
    """Bring a value of a template into the form that both sides are compared in."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(int(value) if value == int(value) else value)
    if isinstance(value, str):
        return _open(value)
    if isinstance(value, list):
        return _canonical_list(value, given, names)
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        (key, argument), *_ = value.items()
        if key == "Ref" or key.startswith("Fn::"):
            return _canonical_function(key, argument, given, names)
    entries = {key: canonical(item, given, names) for key, item in value.items()}
    return {key: item for key, item in entries.items() if item not in (None, "${AWS::NoValue}")}


def _canonical_list(value: list[Json], given: dict[str, Json], names: dict[str, str]) -> Json:
    items = []
    for item in value:
        one = canonical(item, given, names)
        if isinstance(one, dict) and "If" in one:
            condition, then, otherwise = one["If"]
            nothing = "${AWS::NoValue}"
            if then != nothing:
                items.append({"If": [condition, then, nothing]})
            if otherwise != nothing:
                items.append({"If": [condition, nothing, otherwise]})
        else:
            items.append(one)
    return sorted(items, key=lambda one: json.dumps(one, sort_keys=True))


def _canonical_function(
    key: str, argument: Json, given: dict[str, Json], names: dict[str, str]
) -> Json:
    match key:
        case "Ref":
            if argument in given and given[argument] != {"Ref": argument}:
                return canonical(given[argument], given, names)
            return f"${{{_renamed(str(argument), names)}}}"
        case "Fn::GetAtt":
            parts = argument if isinstance(argument, list) else argument.split(".")
            return f"${{{_renamed(parts[0], names)}.{'.'.join(parts[1:])}}}"
        case "Fn::Sub":
            return _canonical_text(argument, given, names)
        case "Fn::Join" if isinstance(argument[1], list):
            parts = [canonical(part, given, names) for part in argument[1]]
            return _open(argument[0].join(_as_text(part) for part in parts))
        case "Fn::If":
            condition, *branches = argument
            then, otherwise = (canonical(branch, given, names) for branch in branches)
            negated = _NEGATED.match(condition)
            if negated:
                return {"If": [negated[1], otherwise, then]}
            return {"If": [condition, then, otherwise]}
        case _:
            inner = json.dumps(canonical(argument, given, names), sort_keys=True)
            return f"${{{key} {inner}}}"


def _renamed(name: str, names: dict[str, str]) -> str:
    return names.get(name, name)


def _canonical_text(argument: Json, given: dict[str, Json], names: dict[str, str]) -> Json:
    text, variables = argument if isinstance(argument, list) else (argument, {})

    def value_of(match: re.Match[str]) -> str:
        name = match[1]
        if name.startswith("!"):
            return "${" + name[1:] + "}"
        if name in variables:
            one = canonical(variables[name], given, names)
            return _as_text(one)
        key, value = ("Fn::GetAtt", name) if "." in name else ("Ref", name)
        return str(_canonical_function(key, value, given, names))

    made = re.sub(r"\$\{([^}]+)\}", value_of, text)
    return _open(made)


def _open(text: str) -> str:
    """Open again what the translator fills in for the region it is told."""
    made = text.replace("arn:aws:", "arn:${AWS::Partition}:")
    return made.replace(REGION, "${AWS::Region}")


def _as_text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _canonical_body(body: Json, given: dict[str, Json], names: dict[str, str]) -> Json:
    """Bring an OpenAPI document into routes, with the conditions that each hangs on."""
    whole = canonical(body, given, names)
    if not isinstance(whole, dict):
        return whole
    whole.pop("tags", None)
    routes: dict[str, Json] = {}
    for path, item in (whole.pop("paths", None) or {}).items():
        for _, methods in _branches(item):
            for method, definition in methods.items():
                for conditions, one in _branches(definition):
                    name = f"{method.lower()} {path} {' '.join(conditions)}"
                    routes[name] = _route(method, one)
    return {**whole, "routes": routes}


def _branches(value: Json) -> list[tuple[tuple[str, ...], Json]]:
    if isinstance(value, dict) and "If" in value:
        condition, then, otherwise = value["If"]
        return [
            (((condition if outcome else f"not {condition}"), *rest), one)
            for outcome, branch in ((True, then), (False, otherwise))
            for rest, one in _branches(branch)
        ]
    return [((), value)] if value != "${AWS::NoValue}" else []


def _route(method: str, definition: Json) -> Json:
    if not isinstance(definition, dict):
        return definition
    integration: Json = definition.get("x-amazon-apigateway-integration")
    if method == "options" and definition.get("summary") == "CORS support":
        default = integration["responses"]["default"]
        return {"cors": default["responseParameters"], "security": definition.get("security")}
    if isinstance(integration, dict) and isinstance(integration.get("uri"), dict):
        (_, uri), *_ = _branches(integration["uri"])
        definition = {**definition, "x-amazon-apigateway-integration": {**integration, "uri": uri}}
    return definition
