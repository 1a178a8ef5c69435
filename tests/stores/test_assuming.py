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
    "every application of a provider": _allowing("{Federated: accounts.google.com}", _WEB),
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
