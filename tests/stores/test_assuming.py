"""Which roles strangers can take on is decided by their trust policies as a whole."""

from pathlib import Path

import pytest
from folders import write
from loaded import application

from stockade.analysis.stores.assuming import assumable
from stockade.api import applications

_GITHUB = "token.actions.githubusercontent.com"
_PROVIDER = f"{{Federated: 'arn:aws:iam::111122223333:oidc-provider/{_GITHUB}'}}"


def _who(folder: Path, statements: str) -> list[str]:
    app = application(
        folder,
        f"""
Parameters:
  Organisation: {{Type: String}}
Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{statements}]
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess']
""",
    )
    return [found.who for found in assumable(app)]


def _allowing(principal: str, action: str, condition: str = "{}") -> str:
    return f"{{Effect: Allow, Principal: {principal}, Action: '{action}', Condition: {condition}}}"


def _at(host: str) -> str:
    return f"{{Federated: 'arn:aws:iam::111122223333:oidc-provider/{host}'}}"


_ANY = "{AWS: '*'}"
_WEB = "sts:AssumeRoleWithWebIdentity"

OPEN = {
    "everyone": _allowing(_ANY, "sts:AssumeRole"),
    "everyone who shows any multi-factor device": _allowing(
        _ANY, "sts:AssumeRole", "{Bool: {'aws:MultiFactorAuthPresent': 'true'}}"
    ),
    "every repository": _allowing(_PROVIDER, _WEB),
    "every repository by a pattern": _allowing(
        _PROVIDER, _WEB, f"{{StringLike: {{'{_GITHUB}:sub': 'repo:*:ref:refs/heads/main'}}}}"
    ),
    "every repository of that name": _allowing(
        _PROVIDER, _WEB, f"{{StringLike: {{'{_GITHUB}:sub': 'repo:*/infra:*'}}}}"
    ),
    "every owner whose name begins so": _allowing(
        _PROVIDER, _WEB, f"{{StringLike: {{'{_GITHUB}:sub': 'repo:ours*'}}}}"
    ),
    "every environment of that name": _allowing(
        _PROVIDER, _WEB, f"{{StringLike: {{'{_GITHUB}:sub': '*:environment:prod'}}}}"
    ),
    "every project at GitLab": _allowing(
        _at("gitlab.com"), _WEB, "{StringEquals: {'gitlab.com:aud': 'https://gitlab.com'}}"
    ),
    "every organisation at HCP Terraform": _allowing(
        _at("app.terraform.io"),
        _WEB,
        "{StringLike: {'app.terraform.io:sub': 'organization:*:workspace:prod:*'}}",
    ),
    "every pipeline at Buildkite": _allowing(_at("agent.buildkite.com"), _WEB),
    "every application of a provider": _allowing("{Federated: accounts.google.com}", _WEB),
    "every identity pool there is": _allowing(
        "{Federated: cognito-identity.amazonaws.com}",
        _WEB,
        "{'ForAnyValue:StringLike': {'cognito-identity.amazonaws.com:amr': authenticated}}",
    ),
    "everyone who names the session so": _allowing(
        _ANY, "sts:AssumeRole", "{StringLike: {'sts:RoleSessionName': 'ops-*'}}"
    ),
    "every account but one": _allowing(
        _ANY, "sts:AssumeRole", "{StringNotEquals: {'aws:PrincipalAccount': '111122223333'}}"
    ),
    "every account in no organisation": _allowing(
        _ANY,
        "sts:AssumeRole",
        "{'ForAllValues:StringLike': {'aws:PrincipalOrgPaths': 'o-example12345/*'}}",
    ),
    "everyone who tags the own role so": _allowing(
        _ANY, "sts:AssumeRole", "{StringEquals: {'aws:PrincipalTag/team': 'ops'}}"
    ),
}
CLOSED = {
    "an organisation": _allowing(
        _ANY, "sts:AssumeRole", "{StringEquals: {'aws:PrincipalOrgID': !Ref Organisation}}"
    ),
    "an external id": _allowing(
        _ANY, "sts:AssumeRole", "{StringEquals: {'sts:ExternalId': 'a-secret-of-two'}}"
    ),
    "a denial of all others": _allowing(_ANY, "sts:AssumeRole")
    + ", {Effect: Deny, Principal: '*', Action: 'sts:*', "
    "Condition: {StringNotEquals: {'aws:PrincipalAccount': !Ref AWS::AccountId}}}",
    "the own account": _allowing("{AWS: !Ref AWS::AccountId}", "sts:AssumeRole"),
    "a service": _allowing("{Service: lambda.amazonaws.com}", "sts:AssumeRole"),
    "one repository": _allowing(
        _PROVIDER, _WEB, f"{{StringLike: {{'{_GITHUB}:sub': 'repo:ours/orders:*'}}}}"
    ),
    "repositories of one owner": _allowing(
        _PROVIDER, _WEB, f"{{StringEquals: {{'{_GITHUB}:repository_owner': 'ours'}}}}"
    ),
    "a repository that is chosen at deployment": _allowing(
        _PROVIDER,
        _WEB,
        f"{{StringLike: {{'{_GITHUB}:sub': !Sub 'repo:${{Organisation}}/x:*'}}}}",
    ),
    "a whole name of a repository that is chosen at deployment": _allowing(
        _PROVIDER,
        _WEB,
        f"{{StringLike: {{'{_GITHUB}:sub': !Sub 'repo:${{Organisation}}:*'}}}}",
    ),
    "one group at GitLab": _allowing(
        _at("gitlab.com"), _WEB, "{StringLike: {'gitlab.com:sub': 'project_path:ours/*'}}"
    ),
    "one organisation at HCP Terraform": _allowing(
        _at("app.terraform.io"),
        _WEB,
        "{StringLike: {'app.terraform.io:sub': 'organization:ours:*'}}",
    ),
    "one team at Vercel": _allowing(
        _at("oidc.vercel.com"),
        _WEB,
        "{StringEquals: {'oidc.vercel.com:aud': 'https://vercel.com/ours'}}",
    ),
    "one workspace at Bitbucket": _allowing(
        _at("api.bitbucket.org/2.0/workspaces/ours/pipelines-config/identity/oidc"), _WEB
    ),
    "one identity pool": _allowing(
        "{Federated: cognito-identity.amazonaws.com}",
        _WEB,
        "{StringEquals: {'cognito-identity.amazonaws.com:aud': 'eu-west-1:ours'}}",
    ),
    "one application of a provider": _allowing(
        "{Federated: accounts.google.com}",
        _WEB,
        "{StringEquals: {'accounts.google.com:aud': 'ours.apps.example'}}",
    ),
}


@pytest.mark.parametrize("name", OPEN)
def test_a_trust_that_names_nobody_lets_strangers_in(name: str, tmp_path: Path) -> None:
    """Whoever has an account, a repository or an application of his own."""
    assert len(_who(tmp_path, OPEN[name])) == 1


@pytest.mark.parametrize("name", CLOSED)
def test_a_trust_that_narrows_who_comes_lets_no_stranger_in(name: str, tmp_path: Path) -> None:
    """What is not known at deployment lets nobody in either."""
    assert _who(tmp_path, CLOSED[name]) == []


def test_a_provider_of_terraform_is_known_by_its_address(tmp_path: Path) -> None:
    """The role names the resource, and that tells whose tokens it takes."""
    write(
        tmp_path,
        {
            "main.tf": """
                resource "aws_iam_openid_connect_provider" "github" {
                  url            = "https://token.actions.githubusercontent.com"
                  client_id_list = ["sts.amazonaws.com"]
                }
                resource "aws_iam_role" "deploy" {
                  assume_role_policy = jsonencode({
                    Version = "2012-10-17"
                    Statement = [{
                      Effect    = "Allow"
                      Principal = { Federated = aws_iam_openid_connect_provider.github.arn }
                      Action    = "sts:AssumeRoleWithWebIdentity"
                    }]
                  })
                }
            """
        },
    )

    (app,) = applications(tmp_path)

    assert [one.who for one in assumable(app)] == ["any workflow of any repository at GitHub"]
