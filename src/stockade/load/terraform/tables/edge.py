"""What stands before an application: distributions, balancers, firewalls, networks."""

from collections.abc import Mapping
from typing import Final

from stockade.load.terraform.kinds import (
    Kind,
    Made,
    Template,
    nested,
    owned_by,
    pairs,
    text,
    words,
)
from stockade.load.terraform.resources import ResourceInstance
from stockade.load.terraform.tables.storage import one
from stockade.load.terraform.values import truth
from stockade.model import List, Map, Value, items

_BALANCING: Final = "AWS::ElasticLoadBalancingV2::"


def _distribution(made: Made, _instance: ResourceInstance, _into: Template) -> None:
    inner = Map(dict(made.entries), made.at, dict(made.keys))
    made.entries, made.keys = {}, {}
    made.put("DistributionConfig", inner, made.at)


def _balancer(made: Made, instance: ResourceInstance, _into: Template) -> None:
    internal = instance.argument("internal")
    made.take("Internal")
    if internal is not None:
        scheme = "internal" if truth(internal) else "internet-facing"
        made.put("Scheme", text(scheme, internal.at))


def _target(made: Made, instance: ResourceInstance, _into: Template) -> None:
    target = instance.argument("target_id")
    made.take("TargetId")
    made.take("Port")
    made.take("AvailabilityZone")
    if target is not None:
        made.put("Targets", List((nested(target, "Id"),), made.at))


_FIELDS: Final = {
    "path_pattern": ("path-pattern", "PathPatternConfig"),
    "host_header": ("host-header", "HostHeaderConfig"),
    "http_header": ("http-header", "HttpHeaderConfig"),
    "http_request_method": ("http-request-method", "HttpRequestMethodConfig"),
    "query_string": ("query-string", "QueryStringConfig"),
    "source_ip": ("source-ip", "SourceIpConfig"),
}


def _listener_rule(made: Made, instance: ResourceInstance, _into: Template) -> None:
    """Name the field of each condition, which the block's own name tells here."""
    conditions: list[Value] = []
    for block in items(instance.argument("condition")):
        for name, value in block if isinstance(block, Map) else ():
            if name in _FIELDS:
                field, config = _FIELDS[name]
                inner = one(value)
                values = inner.get("values") if inner is not None else None
                entries: dict[str, Value] = {"Field": text(field, block.at)}
                if values is not None:
                    entries[config] = nested(values, "Values")
                conditions.append(Map(entries, block.at, dict.fromkeys(entries, block.at)))
    made.take("Condition")
    if conditions:
        made.put("Conditions", List(tuple(conditions), conditions[0].at))


_KINDS: Final[Mapping[str, Kind]] = {
    "aws_cloudfront_distribution": Kind(
        type="AWS::CloudFront::Distribution",
        names=pairs(
            "origin=Origins ordered_cache_behavior=CacheBehaviors web_acl_id=WebACLId "
            "origin.origin_id=Id origin.custom_header=OriginCustomHeaders "
            "origin.custom_header.name=HeaderName origin.custom_header.value=HeaderValue "
            "default_cache_behavior.lambda_function_association=LambdaFunctionAssociations "
            "default_cache_behavior.lambda_function_association.lambda_arn=LambdaFunctionARN "
            "ordered_cache_behavior.lambda_function_association=LambdaFunctionAssociations "
            "ordered_cache_behavior.lambda_function_association.lambda_arn=LambdaFunctionARN "
            "origin.custom_origin_config.origin_ssl_protocols=OriginSSLProtocols "
            "viewer_certificate.cloudfront_default_certificate=CloudFrontDefaultCertificate "
            "viewer_certificate.acm_certificate_arn=AcmCertificateArn"
        ),
        single=words(
            "default_cache_behavior viewer_certificate restrictions logging_config "
            "origin.custom_origin_config origin.s3_origin_config "
            "default_cache_behavior.forwarded_values ordered_cache_behavior.forwarded_values "
            "default_cache_behavior.forwarded_values.cookies "
            "ordered_cache_behavior.forwarded_values.cookies restrictions.geo_restriction"
        ),
        dropped=words("wait_for_deployment retain_on_delete"),
        references={
            "domain_name": ".DomainName",
            "arn": "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${}",
        },
        shape=_distribution,
    ),
    "aws_lb": Kind(
        type=f"{_BALANCING}LoadBalancer",
        names=pairs("load_balancer_type=Type"),
        references={"arn": "", "id": "", "dns_name": ".DNSName"},
        shape=_balancer,
    ),
    "aws_lb_listener": Kind(
        type=f"{_BALANCING}Listener",
        names=pairs("default_action=DefaultActions"),
        single=words(
            "default_action.forward default_action.redirect default_action.fixed_response "
            "default_action.authenticate_cognito default_action.authenticate_oidc"
        ),
        references={"arn": "", "id": ""},
    ),
    "aws_lb_listener_rule": Kind(
        type=f"{_BALANCING}ListenerRule",
        names=pairs("action=Actions"),
        single=words(
            "action.forward action.redirect action.fixed_response action.authenticate_cognito "
            "action.authenticate_oidc"
        ),
        references={"arn": "", "id": ""},
        shape=_listener_rule,
    ),
    "aws_lb_target_group": Kind(
        type=f"{_BALANCING}TargetGroup",
        single=words("health_check"),
        references={"arn": "", "id": ""},
    ),
    "aws_lb_target_group_attachment": Kind(
        type="",
        owner=owned_by("TargetGroupArn", f"{_BALANCING}TargetGroup"),
        shape=_target,
    ),
    "aws_wafv2_web_acl": Kind(
        type="AWS::WAFv2::WebACL",
        names=pairs("rule=Rules"),
        single=words(
            "default_action default_action.allow default_action.block visibility_config "
            "rule.action rule.action.block rule.action.allow rule.action.count "
            "rule.override_action rule.override_action.none rule.override_action.count "
            "rule.statement rule.statement.rate_based_statement "
            "rule.statement.managed_rule_group_statement rule.visibility_config"
        ),
    ),
    "aws_wafv2_web_acl_association": Kind(
        type="AWS::WAFv2::WebACLAssociation", names=pairs("web_acl_arn=WebACLArn")
    ),
    "aws_wafregional_web_acl_association": Kind(
        type="AWS::WAFRegional::WebACLAssociation", names=pairs("web_acl_id=WebACLId")
    ),
    "aws_vpc": Kind(type="AWS::EC2::VPC"),
    "aws_subnet": Kind(type="AWS::EC2::Subnet"),
    "aws_vpc_endpoint": Kind(
        type="AWS::EC2::VPCEndpoint",
        names=pairs("policy=PolicyDocument"),
        json=words("policy"),
    ),
    "aws_bedrockagent_agent_action_group": Kind(
        type="", owner=owned_by("AgentId", "AWS::Bedrock::Agent")
    ),
    "aws_bedrockagent_agent": Kind(
        type="AWS::Bedrock::Agent", references={"arn": ".AgentArn", "agent_arn": ".AgentArn"}
    ),
    "aws_ecs_task_definition": Kind(
        type="AWS::ECS::TaskDefinition",
        json=words("container_definitions"),
        references={"arn": ""},
    ),
    "aws_codebuild_project": Kind(
        type="AWS::CodeBuild::Project", references={"name": "", "id": ""}
    ),
    "aws_athena_workgroup": Kind(type="AWS::Athena::WorkGroup", references={"name": ""}),
    "aws_iot_policy": Kind(
        type="AWS::IoT::Policy",
        names=pairs("name=PolicyName policy=PolicyDocument"),
        json=words("policy"),
        references={"name": "", "id": ""},
    ),
    "aws_glue_resource_policy": Kind(
        type="AWS::Glue::ResourcePolicy", json=words("policy"), dropped=words("enable_hybrid")
    ),
    "aws_glue_job": Kind(type="AWS::Glue::Job", references={"name": "", "id": ""}),
    "aws_glue_crawler": Kind(type="AWS::Glue::Crawler", references={"name": "", "id": ""}),
}

_OTHER_NAMES: Final = pairs(
    "aws_alb=aws_lb aws_alb_listener=aws_lb_listener aws_alb_listener_rule=aws_lb_listener_rule "
    "aws_alb_target_group=aws_lb_target_group "
    "aws_alb_target_group_attachment=aws_lb_target_group_attachment"
)
EDGE: Final = {**_KINDS, **{old: _KINDS[new] for old, new in _OTHER_NAMES.items()}}
