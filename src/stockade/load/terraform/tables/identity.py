"""Who may do what: roles, policies, user pools, and the logs of what was done."""

from collections.abc import Mapping
from typing import Final

from stockade.load.terraform.documents import document
from stockade.load.terraform.kinds import Kind, Made, Template, owned_by, pairs, text, words
from stockade.load.terraform.resources import ResourceInstance
from stockade.load.terraform.tables.storage import one
from stockade.load.terraform.values import is_null
from stockade.model import List, Map, Value, items

_ROLE: Final = "AWS::IAM::Role"
_USER: Final = "AWS::IAM::User"
_GROUP: Final = "AWS::IAM::Group"


def _role(made: Made, instance: ResourceInstance, into: Template) -> None:
    made.take("InlinePolicy")
    policies: list[Value] = []
    for block in items(instance.argument("inline_policy")):
        policy = block.get("policy") if isinstance(block, Map) else None
        if isinstance(block, Map) and policy is not None and not is_null(policy):
            entries: dict[str, Value] = {"PolicyDocument": document(policy, into.scope)}
            name = block.get("name")
            if name is not None:
                entries["PolicyName"] = name
            policies.append(Map(entries, block.at, dict.fromkeys(entries, block.at)))
    if policies:
        made.put("Policies", List(tuple(policies), policies[0].at))


def _attachment(made: Made, _instance: ResourceInstance, _into: Template) -> None:
    arn = made.take("PolicyArn")
    if arn is not None:
        made.put("ManagedPolicyArns", List((arn,), arn.at))


def _to_many(made: Made, instance: ResourceInstance, into: Template) -> None:
    """Attach a policy to several roles, users and groups, each of which takes it as its own."""
    arn = instance.argument("policy_arn")
    holders = (
        (one, kind)
        for name, kind in (("roles", _ROLE), ("users", _USER), ("groups", _GROUP))
        for one in items(instance.argument(name))
    )
    for holder, kind in holders:
        found = into.find(holder, kind)
        if found is not None and arn is not None:
            into.merge(
                found,
                Map(
                    {"ManagedPolicyArns": List((arn,), arn.at)},
                    made.at,
                    {"ManagedPolicyArns": arn.at},
                ),
            )


def _nobody(_made: Made, _instance: ResourceInstance, _into: Template) -> str:
    return ""


def _sign_in(made: Made, _instance: ResourceInstance, _into: Template) -> None:
    """Let a user have a password, as the property of the user that says so."""
    entries = {name: value for name, value in made.entries.items() if name != "User"}
    profile = Map(entries, made.at, dict(made.keys))
    for name in entries:
        made.take(name)
    made.put("LoginProfile", profile)


def _pool(made: Made, instance: ResourceInstance, _into: Template) -> None:
    made.wrap("PasswordPolicy", "Policies", "PasswordPolicy")
    token = one(instance.argument("software_token_mfa_configuration"))
    made.take("SoftwareTokenMfaConfiguration")
    if token is not None and token.get("enabled") is not None:
        made.put("EnabledMfas", List((text("SOFTWARE_TOKEN_MFA", token.at),), token.at))


IDENTITY: Final[Mapping[str, Kind]] = {
    "aws_iam_role": Kind(
        type=_ROLE,
        names=pairs("name=RoleName assume_role_policy=AssumeRolePolicyDocument"),
        json=words("assume_role_policy"),
        dropped=words("name_prefix force_detach_policies"),
        references={"name": "", "id": "", "unique_id": ".RoleId"},
        shape=_role,
    ),
    "aws_iam_role_policy": Kind(
        type="AWS::IAM::RolePolicy",
        names=pairs("role=RoleName name=PolicyName policy=PolicyDocument"),
        json=words("policy"),
        dropped=words("name_prefix"),
    ),
    "aws_iam_policy": Kind(
        type="AWS::IAM::ManagedPolicy",
        names=pairs("name=ManagedPolicyName policy=PolicyDocument"),
        json=words("policy"),
        dropped=words("name_prefix"),
        references={"arn": "", "id": ""},
    ),
    "aws_iam_role_policy_attachment": Kind(
        type="", owner=owned_by("Role", _ROLE), shape=_attachment
    ),
    "aws_iam_policy_attachment": Kind(type="", owner=_nobody, shape=_to_many),
    "aws_iam_user": Kind(
        type=_USER,
        names=pairs("name=UserName"),
        dropped=words("force_destroy"),
        references={"name": "", "id": ""},
    ),
    "aws_iam_group": Kind(
        type=_GROUP, names=pairs("name=GroupName"), references={"name": "", "id": ""}
    ),
    "aws_iam_user_policy": Kind(
        type="AWS::IAM::UserPolicy",
        names=pairs("user=UserName name=PolicyName policy=PolicyDocument"),
        json=words("policy"),
        dropped=words("name_prefix"),
    ),
    "aws_iam_group_policy": Kind(
        type="AWS::IAM::GroupPolicy",
        names=pairs("group=GroupName name=PolicyName policy=PolicyDocument"),
        json=words("policy"),
        dropped=words("name_prefix"),
    ),
    "aws_iam_user_policy_attachment": Kind(
        type="", owner=owned_by("User", _USER), shape=_attachment
    ),
    "aws_iam_group_policy_attachment": Kind(
        type="", owner=owned_by("Group", _GROUP), shape=_attachment
    ),
    "aws_iam_group_membership": Kind(
        type="AWS::IAM::UserToGroupAddition",
        names=pairs("group=GroupName"),
        dropped=words("name"),
    ),
    "aws_iam_user_group_membership": Kind(type="", owner=owned_by("User", _USER)),
    "aws_iam_user_login_profile": Kind(
        type="", dropped=words("pgp_key"), owner=owned_by("User", _USER), shape=_sign_in
    ),
    "aws_iam_access_key": Kind(
        type="AWS::IAM::AccessKey",
        names=pairs("user=UserName"),
        dropped=words("pgp_key"),
        references={"id": "", "secret": ".SecretAccessKey"},
    ),
    "aws_iam_openid_connect_provider": Kind(
        type="AWS::IAM::OIDCProvider", references={"arn": "", "id": ""}
    ),
    "aws_cognito_user_pool": Kind(
        type="AWS::Cognito::UserPool",
        names=pairs("name=UserPoolName lambda_config=LambdaConfig"),
        single=words(
            "admin_create_user_config lambda_config password_policy user_pool_add_ons "
            "account_recovery_setting username_configuration device_configuration "
            "email_configuration sms_configuration software_token_mfa_configuration "
            "verification_message_template lambda_config.custom_email_sender "
            "lambda_config.custom_sms_sender lambda_config.pre_token_generation_config"
        ),
        references={"endpoint": ".ProviderName"},
        shape=_pool,
    ),
    "aws_cognito_user_pool_client": Kind(
        type="AWS::Cognito::UserPoolClient",
        names=pairs(
            "name=ClientName allowed_oauth_flows=AllowedOAuthFlows "
            "allowed_oauth_scopes=AllowedOAuthScopes "
            "allowed_oauth_flows_user_pool_client=AllowedOAuthFlowsUserPoolClient "
            "callback_urls=CallbackURLs logout_urls=LogoutURLs"
        ),
        single=words("token_validity_units"),
        references={"id": "", "client_secret": ".ClientSecret"},
    ),
    "aws_cognito_user_pool_domain": Kind(
        type="AWS::Cognito::UserPoolDomain",
        single=words("custom_domain_config"),
        references={"domain": "", "id": ""},
    ),
    "aws_cognito_resource_server": Kind(
        type="AWS::Cognito::UserPoolResourceServer",
        names=pairs("scope=Scopes"),
        references={"identifier": "", "id": ""},
    ),
    "aws_cognito_user_group": Kind(
        type="AWS::Cognito::UserPoolGroup", names=pairs("name=GroupName"), references={"name": ""}
    ),
    "aws_cognito_identity_provider": Kind(
        type="AWS::Cognito::UserPoolIdentityProvider", references={"provider_name": ""}
    ),
    "aws_cognito_identity_pool": Kind(
        type="AWS::Cognito::IdentityPool",
        names=pairs(
            "openid_connect_provider_arns=OpenIdConnectProviderARNs "
            "saml_provider_arns=SamlProviderARNs"
        ),
    ),
    "aws_cognito_identity_pool_roles_attachment": Kind(
        type="AWS::Cognito::IdentityPoolRoleAttachment"
    ),
    "aws_cloudwatch_log_group": Kind(
        type="AWS::Logs::LogGroup",
        names=pairs("name=LogGroupName"),
        dropped=words("name_prefix skip_destroy"),
        references={
            "name": "",
            "id": "",
            "arn": "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${}",
        },
    ),
    "aws_cloudwatch_log_subscription_filter": Kind(type="AWS::Logs::SubscriptionFilter"),
    "aws_cloudwatch_log_resource_policy": Kind(
        type="AWS::Logs::ResourcePolicy", json=words("policy_document")
    ),
    "aws_cloudwatch_metric_alarm": Kind(
        type="AWS::CloudWatch::Alarm", references={"alarm_name": ""}
    ),
    "aws_config_config_rule": Kind(
        type="AWS::Config::ConfigRule",
        names=pairs("name=ConfigRuleName source.source_detail=SourceDetails"),
        single=words("source scope"),
    ),
}
