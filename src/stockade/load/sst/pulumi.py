"""Pulumi's names for what Terraform's AWS provider has: types, arguments, attributes.

Pulumi's AWS provider is made of Terraform's ("Pulumi AWS Classic: How-to guides"): names are
written in camel case, blocks that may stand several times are lists with a plural name, blocks
that stand once are objects.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from stockade._late import pattern
from stockade.load.terraform.kinds import pairs, words
from stockade.load.terraform.tables import KINDS
from stockade.load.terraform.translation import WITHOUT_CONCERN
from stockade.load.terraform.values import encoded
from stockade.model import List, Map, Value

_HUMP = pattern(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_TYPES: Final = pairs(
    "rds.Instance=aws_db_instance lb.LoadBalancer=aws_lb alb.LoadBalancer=aws_lb "
    "s3.BucketObject=aws_s3_object s3.BucketObjectv2=aws_s3_object ec2.Vpc=aws_vpc "
    "ec2.Instance=aws_instance ses.DomainDkim=aws_ses_domain_dkim "
    "cognito.UserPoolClient=aws_cognito_user_pool_client apigateway.Response="
    "aws_api_gateway_gateway_response cognito.IdentityPoolRoleAttachment="
    "aws_cognito_identity_pool_roles_attachment sesv2.EmailIdentity=aws_sesv2_email_identity"
)
_ARGUMENTS: Final[Mapping[str, Mapping[str, str]]] = {
    "aws_lambda_function": {"name": "function_name", "code": "filename"},
    "aws_lambda_layer_version": {"code": "filename"},
    "aws_lambda_permission": {"function": "function_name"},
    "aws_sns_topic_subscription": {"topic": "topic_arn"},
    "aws_api_gateway_deployment": {"rest_api": "rest_api_id"},
    "aws_api_gateway_resource": {"rest_api": "rest_api_id"},
    "aws_api_gateway_method": {"rest_api": "rest_api_id"},
    "aws_api_gateway_integration": {"rest_api": "rest_api_id"},
    "aws_api_gateway_authorizer": {"rest_api": "rest_api_id"},
    "aws_api_gateway_request_validator": {"rest_api": "rest_api_id"},
    "aws_api_gateway_model": {"rest_api": "rest_api_id"},
    "aws_api_gateway_stage": {"rest_api": "rest_api_id", "deployment": "deployment_id"},
    "aws_api_gateway_method_settings": {"rest_api": "rest_api_id"},
    "aws_api_gateway_base_path_mapping": {"rest_api": "api_id"},
    "aws_api_gateway_gateway_response": {"rest_api": "rest_api_id"},
}
"""Arguments that Pulumi calls something else."""

_PLURAL: Final = words(
    "principals not_principals route_settings cognito_identity_providers settings "
    "domain_name_configurations"
)
"""Blocks that have a plural name in Terraform, too."""

_LISTED: Final = words("types")
"""Lists of at most one text, which Pulumi takes as that text."""


def snake(name: str) -> str:
    """Return a name of Pulumi in Terraform's manner: `memorySize`, `memory_size`."""
    return _HUMP.sub("_", name).lower()


@cache
def type_of(name: str) -> str:
    """Return the type of Terraform that a class of Pulumi is: `lambda.Function`.

    A type that no table has gets the name that it would have.
    """
    base = re.sub(r"V[2-4]$", "", name) if "apigatewayv2" not in name else name
    known = _TYPES.get(name) or _TYPES.get(base)
    if known is not None:
        return known
    service, _, class_ = base.rpartition(".")
    ways = (f"aws_{service}_{snake(class_)}", f"aws_{snake(class_)}")
    flat = {way.replace("_", ""): way for way in (*KINDS, *WITHOUT_CONCERN)}
    for way in ways:
        found = flat.get(way.replace("_", "").replace(".", ""))
        if found is not None:
            return found
    return ways[0].replace(".", "_")


def data_type_of(name: str) -> str:
    """Return the data source that a function of Pulumi asks: `iam.getPolicyDocumentOutput`."""
    service, _, function = name.rpartition(".")
    own = function.removeprefix("get").removesuffix("Output")
    if service in {"", "index"}:
        return f"aws_{snake(own)}"
    return type_of(f"{service}.{own}")


def argument_of(type_: str, name: str) -> str:
    """Return the name of an argument of Terraform for one of Pulumi."""
    own = snake(name)
    return _ARGUMENTS.get(type_, {}).get(own, own)


def attribute_of(type_: str, name: str) -> str:
    """Return the name of an attribute of Terraform for one of Pulumi."""
    return argument_of(type_, name)


def arguments(type_: str, written: Map) -> Map:
    """Return the arguments of a resource in Terraform's shape."""
    return _translated(written, type_, "", 0)


_DEEPEST: Final = 12


def _translated(written: Map, type_: str, prefix: str, level: int) -> Map:
    entries: dict[str, Value] = {}
    keys = {}
    for name, value in written:
        own = argument_of(type_, name) if not prefix else snake(name)
        if isinstance(value, List) and any(isinstance(one, Map) for one in value.items):
            own = own if own in _PLURAL else _singular(own)
        way = f"{prefix}{own}"
        entries[own] = _nested(value, type_, way, level)
        keys[own] = written.key_at(name)
    return Map(entries, written.at, keys)


def _nested(value: Value, type_: str, way: str, level: int) -> Value:
    kind = KINDS.get(type_)
    if level > _DEEPEST:
        return value
    if isinstance(value, Map) and encoded(value) is None:
        if way in (kind.single if kind is not None else ()):
            return List((_translated(value, type_, f"{way}.", level + 1),), value.at)
        if way.rpartition(".")[2] in _MAPS:
            return value
        return _translated(value, type_, f"{way}.", level + 1)
    if isinstance(value, List):
        items = tuple(
            _translated(one, type_, f"{way}.", level + 1)
            if isinstance(one, Map) and encoded(one) is None
            else one
            for one in value.items
        )
        return List(items, value.at)
    if way.rpartition(".")[2] in _LISTED:
        return List((value,), value.at)
    return value


_MAPS: Final = words(
    "tags variables triggers request_templates request_parameters response_parameters "
    "response_templates stage_variables input_paths provider_details attribute_mapping "
    "supported_login_providers tags_all environment_variables parameters roles policy body "
    "default_tags event_pattern definition assume_role_policy redrive_policy filter_policy "
    "resource_policy policy_document redrive_allow_policy"
)
"""Arguments whose keys are the author's own words, and documents."""


def _singular(name: str) -> str:
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    if name.endswith(("xes", "sses", "ches")):
        return name[:-2]
    return name.removesuffix("s")
