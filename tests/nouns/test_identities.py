"""Users and groups hold every policy that the application attaches to them, wherever it stands."""

from pathlib import Path

from folders import write
from loaded import application

from stockade.api import applications
from stockade.model import Identity

_DOCUMENT = "{Statement: [{Effect: Allow, Action: 's3:*', Resource: '*'}]}"


def _named(identity: Identity) -> list[str]:
    return [policy.name for policy in identity.policies]


def test_a_user_holds_its_own_policies_and_those_of_its_groups(tmp_path: Path) -> None:
    """Inline, attached, declared apart for it, and through a group that it is added to."""
    app = application(
        tmp_path,
        f"""
Resources:
  Ann:
    Type: AWS::IAM::User
    Properties:
      Policies: [{{PolicyName: own, PolicyDocument: {_DOCUMENT}}}]
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess', !Ref Shared]
  Shared: {{Type: AWS::IAM::ManagedPolicy, Properties: {{PolicyDocument: {_DOCUMENT}}}}}
  Apart:
    Type: AWS::IAM::UserPolicy
    Properties: {{UserName: !Ref Ann, PolicyName: apart, PolicyDocument: {_DOCUMENT}}}
  Developers: {{Type: AWS::IAM::Group}}
  OfGroup:
    Type: AWS::IAM::Policy
    Properties: {{Groups: [!Ref Developers], PolicyName: group, PolicyDocument: {_DOCUMENT}}}
  Joins:
    Type: AWS::IAM::UserToGroupAddition
    Properties: {{GroupName: !Ref Developers, Users: [!Ref Ann]}}
""",
    )

    ann = app.identities["Ann"]

    assert _named(ann) == ["own", "ReadOnlyAccess", "Shared", "apart", "group"]
    assert ann.groups == ("Developers",)
    assert _named(app.identities["Developers"]) == ["group"]


def test_a_group_that_is_declared_elsewhere_is_known_to_give_nothing(tmp_path: Path) -> None:
    """Its name alone tells of no policy."""
    app = application(
        tmp_path,
        "Resources: {Ann: {Type: AWS::IAM::User, Properties: {Groups: [admins]}}}",
    )

    assert app.identities["Ann"].policies == ()


def test_terraform_attaches_policies_to_users_and_groups(tmp_path: Path) -> None:
    """Attachments, policies of their own, memberships: each belongs to whom it names."""
    write(
        tmp_path,
        {
            "main.tf": """
                resource "aws_iam_user" "ann" { name = "ann" }
                resource "aws_iam_group" "developers" { name = "developers" }
                resource "aws_iam_group_membership" "joins" {
                  name  = "joins"
                  group = aws_iam_group.developers.name
                  users = [aws_iam_user.ann.name]
                }
                resource "aws_iam_user_policy_attachment" "reads" {
                  user       = aws_iam_user.ann.name
                  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
                }
                resource "aws_iam_group_policy" "writes" {
                  name   = "writes"
                  group  = aws_iam_group.developers.name
                  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
                }
                resource "aws_iam_user_login_profile" "signs_in" {
                  user                    = aws_iam_user.ann.name
                  password_reset_required = true
                }
                resource "aws_iam_access_key" "key" { user = aws_iam_user.ann.name }
            """  # noqa: E501 - one statement a line
        },
    )

    (app,) = applications(tmp_path)

    ann = app.identities["aws_iam_user.ann"]
    assert _named(ann) == ["ReadOnlyAccess", "writes"]
    assert "LoginProfile" in app.resources["aws_iam_user.ann"].properties
    assert app.resources["aws_iam_access_key.key"].type == "AWS::IAM::AccessKey"
    assert app.unseen == ()
