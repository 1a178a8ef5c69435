"""Two versions of an application compared: what the new one allows that the old one did not."""

import json
from pathlib import Path
from textwrap import dedent, indent

import pytest

from stockade.analysis.comparison import Compared, Comparison
from stockade.api import compare
from stockade.cli import main

HEAD = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Name: {Type: String}
  Guard: {Type: String}
Conditions:
  Prod: !Equals [!Ref Name, prod]
Resources:
  Orders: {Type: AWS::DynamoDB::Table}
  Mails: {Type: AWS::S3::Bucket}
  Jobs: {Type: AWS::SQS::Queue}
  News: {Type: AWS::SNS::Topic}
  F:
    Type: AWS::Lambda::Function
    Properties: {Role: !GetAtt R.Arn}
"""


def role(*statements: str, more: str = "", trust: str = "") -> str:
    """Write the role R with one inline policy, other properties, and further trust."""
    listed = "".join(f"              - {one}\n" for one in statements)
    return f"""\
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: sts:AssumeRole}}
{indent(trust, "          ")}
      Policies:
        - PolicyName: Own
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
{listed or "              []"}
{indent(dedent(more), "      ")}
"""


def allow(action: str, resource: str = '"*"', more: str = "") -> str:
    """Write an Allow."""
    return f"{{Effect: Allow, Action: [{action}], Resource: {resource}{more}}}"


GET = allow("dynamodb:GetItem", "!GetAtt Orders.Arn")
OWN = role(GET)


def compared(folder: Path, old: str, new: str) -> Comparison:
    """Compare two versions of what follows the head of the template."""
    for name, text in (("old", old), ("new", new)):
        (folder / name).mkdir()
        (folder / name / "template.yaml").write_text(HEAD + text, encoding="utf-8")
    return compare(folder / "old", folder / "new")


def told(found: Comparison) -> list[tuple[str, str, str]]:
    """List what is not proved to be the same: subject, kind and verdict."""
    return [
        (one.subject, one.type, one.verdict) for one in found.subjects if one.verdict != "none"
    ]


IF = "!If [Prod, {0}, !Ref AWS::NoValue]"
ELSE = "!If [Prod, {0}, {0}]"
ARN = '!Sub "arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}"'
IN_PARTITION = (
    '!Sub "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}"'
)
READ_ONLY = "ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess]"
FULL = "ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess_v2]"
GIVEN = "ManagedPolicyArns: [!Ref Guard]"
OTHER_GIVEN = "ManagedPolicyArns: [!Ref Guard, !Ref Name]"
LIMIT = "PermissionsBoundary: arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess"
LIMIT_GIVEN = "PermissionsBoundary: !Ref Guard"
NEW = [("R", "identity", "new")]
UNKNOWN = [("R", "identity", "unknown")]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(OWN, OWN, [], id="the same"),
        pytest.param(OWN, role(allow("dynamodb:GetItem", ARN)), [], id="the ARN written out"),
        pytest.param(OWN, role(allow("dynamodb:GetItem", IN_PARTITION)), [], id="any partition"),
        pytest.param(
            OWN, role(allow("dynamodb:PutItem", "!GetAtt Orders.Arn")), NEW, id="another action"
        ),
        pytest.param(OWN, role(allow("dynamodb:GetItem")), NEW, id="every table"),
        pytest.param(role(allow("dynamodb:*")), OWN, [], id="less"),
        pytest.param(
            role(allow("s3:GetObject", '!Sub "${Mails.Arn}/*"')),
            role(allow("s3:GetObject", '!Sub "${Mails.Arn}/${Name}/*"')),
            [],
            id="a narrower path",
        ),
        pytest.param(
            role(allow("s3:GetObject", '!Sub "${Mails.Arn}/${Name}"')),
            role(allow("s3:GetObject", '!Sub "${Mails.Arn}/${Name}"')),
            [],
            id="the same unknown key",
        ),
        pytest.param(
            role(allow("dynamodb:GetItem", '!Sub "arn:aws:dynamodb:eu-west-1:1:table/${Name}"')),
            role(allow("dynamodb:GetItem", '!Sub "arn:aws:dynamodb:eu-west-1:1:table/${Guard}"')),
            UNKNOWN,
            id="another parameter may be the same name",
        ),
        pytest.param(role(IF.format(GET)), OWN, NEW, id="no longer under a condition"),
        pytest.param(OWN, role(IF.format(GET)), [], id="now under a condition"),
        pytest.param(OWN, role(ELSE.format(GET)), [], id="in both branches"),
        pytest.param(role(ELSE.format(GET)), OWN, [], id="out of both branches"),
        pytest.param(OWN, role(GET, more=READ_ONLY), NEW, id="a managed policy"),
        pytest.param(
            role(GET, more=FULL), role(GET, more=READ_ONLY), NEW, id="reads other services"
        ),
        pytest.param(OWN, role(GET, more=GIVEN), UNKNOWN, id="a policy that is not read"),
        pytest.param(
            role(GET, more=GIVEN), role(GET, more=GIVEN), [], id="the same unread policy"
        ),
        pytest.param(
            role(GET, more=GIVEN),
            role(GET, allow("s3:*"), more=GIVEN),
            UNKNOWN,
            id="an unread policy may have allowed it",
        ),
        pytest.param(role(GET, more=LIMIT), OWN, [], id="a boundary that let it through is gone"),
        pytest.param(
            role(allow("dynamodb:PutItem"), more=LIMIT),
            role(allow("dynamodb:PutItem")),
            NEW,
            id="a boundary that kept it back is gone",
        ),
        pytest.param(
            OWN, role(GET, allow("s3:*"), more=LIMIT), [], id="behind a boundary nothing is new"
        ),
        pytest.param(OWN, role(GET, more=LIMIT_GIVEN), [], id="an unread boundary limits"),
        pytest.param(role(GET, more=LIMIT_GIVEN), OWN, UNKNOWN, id="an unread boundary is gone"),
        pytest.param(
            OWN,
            role(GET, trust="- {Effect: Allow, Principal: {AWS: '444455556666'}, Action: sts:*}"),
            [("R", "trust", "new")],
            id="another account may assume it",
        ),
        pytest.param("", OWN, [("R", "identity", "new"), ("R", "trust", "new")], id="a new role"),
        pytest.param(OWN, "", [], id="a role that is gone"),
    ],
)
def test_roles(tmp_path: Path, old: str, new: str, expected: list[tuple[str, str, str]]) -> None:
    """A role's policies, its boundary and its trust policy are compared, symbols being equal."""
    assert told(compared(tmp_path, old, new)) == expected


def attached(kind: str, where: str, *statements: str) -> str:
    """Write a resource's policy."""
    listed = "".join(f"          - {one}\n" for one in statements)
    return (
        f"  P:\n    Type: {kind}\n    Properties:\n      {where}\n"
        f"      PolicyDocument:\n        Statement:\n{listed}"
    )


def bucket(*statements: str) -> str:
    """Write the policy of the bucket."""
    return attached("AWS::S3::BucketPolicy", "Bucket: !Ref Mails", *statements)


def permit(more: str) -> str:
    """Write a permission to invoke F."""
    return (
        "  P:\n    Type: AWS::Lambda::Permission\n    Properties: "
        f"{{FunctionName: !Ref F, Action: lambda:InvokeFunction, {more}}}\n"
    )


TO_PARTNER = (
    "{Effect: Allow, Principal: {AWS: '444455556666'}, Action: 's3:GetObject', Resource: '*'}"
)
TO_ORG = (
    "{Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: '*', "
    "Condition: {StringEquals: {'aws:PrincipalOrgID': o-1}}}"
)
NO_HTTP = (
    "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: '*', "
    "Condition: {Bool: {'aws:SecureTransport': 'false'}}}"
)
KEY = """\
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement:
          - Effect: Allow
            Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}
            Action: 'kms:*'
            Resource: '*'
"""
KEY_TO_ALL = (
    KEY + "          - {Effect: Allow, Principal: '*', Action: 'kms:Decrypt', Resource: '*'}\n"
)
BUS = """\
  B: {Type: AWS::Events::EventBus, Properties: {Name: b}}
  P:
    Type: AWS::Events::EventBusPolicy
    Properties:
      EventBusName: !Ref B
      StatementId: a
      Action: events:PutEvents
      Principal: '444455556666'
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("", bucket(TO_PARTNER), [("Mails", "resource", "new")], id="bucket"),
        pytest.param(bucket(TO_PARTNER), bucket(TO_PARTNER), [], id="the same bucket policy"),
        pytest.param(bucket(TO_ORG), bucket(TO_PARTNER), [("Mails", "resource", "new")], id="org"),
        pytest.param(
            bucket(NO_HTTP, TO_PARTNER),
            bucket(TO_PARTNER),
            [("Mails", "resource", "new")],
            id="a Deny less",
        ),
        pytest.param(bucket(NO_HTTP), "", [("Mails", "resource", "new")], id="the policy is gone"),
        pytest.param(bucket(TO_PARTNER), bucket(NO_HTTP), [], id="a Deny more"),
        pytest.param(
            "",
            attached(
                "AWS::SQS::QueuePolicy",
                "Queues: [!Ref Jobs]",
                "{Effect: Allow, Principal: '*', Action: 'sqs:SendMessage', Resource: '*'}",
            ),
            [("Jobs", "resource", "new")],
            id="queue",
        ),
        pytest.param(
            "",
            attached(
                "AWS::SNS::TopicPolicy",
                "Topics: [!Ref News]",
                "{Effect: Allow, Principal: '*', Action: 'sns:Subscribe', Resource: '*'}",
            ),
            [("News", "resource", "new")],
            id="topic",
        ),
        pytest.param(KEY, KEY_TO_ALL, [("Key", "resource", "new")], id="key"),
        pytest.param("", BUS, [("B", "resource", "new")], id="bus"),
        pytest.param(
            permit("Principal: sns.amazonaws.com, SourceArn: !Ref News"),
            permit("Principal: sns.amazonaws.com"),
            [("F", "resource", "new")],
            id="function for any topic",
        ),
        pytest.param(
            permit("Principal: sns.amazonaws.com"),
            permit("Principal: sns.amazonaws.com, SourceArn: !Ref News"),
            [],
            id="function for one topic",
        ),
        pytest.param(
            permit("Principal: '444455556666'"),
            permit("Principal: '*'"),
            [("F", "resource", "new")],
            id="function for anyone",
        ),
    ],
)
def test_resource_policies(
    tmp_path: Path, old: str, new: str, expected: list[tuple[str, str, str]]
) -> None:
    """Policies of buckets, queues, topics, keys, buses and functions are compared."""
    assert told(compared(tmp_path, old, new)) == expected


def the_one(found: Comparison, verdict: str) -> Compared:
    """Return the one subject with a verdict."""
    (one,) = (one for one in found.subjects if one.verdict == verdict)
    return one


def test_each_new_statement_has_its_line_and_a_request(tmp_path: Path) -> None:
    """A statement with old and new actions tells the new ones, its line, and why OLD refused."""
    put = allow("dynamodb:GetItem, dynamodb:PutItem", "!GetAtt Orders.Arn")
    (difference,) = the_one(compared(tmp_path, OWN, role(put)), "new").differences

    assert difference.actions == ("dynamodb:PutItem",)
    assert difference.witness.shown_action == "dynamodb:PutItem"
    assert difference.statement.at is not None
    text = (tmp_path / "new/template.yaml").read_text(encoding="utf-8")
    assert "dynamodb:PutItem" in text.splitlines()[difference.statement.at.line - 1]
    assert [one.text for one in difference.because] == ["no policy of the old version allows it"]


def test_it_is_said_under_which_condition_the_old_version_allowed_it(tmp_path: Path) -> None:
    """A statement that loses its `Fn::If` is new where the condition does not hold."""
    (difference,) = the_one(compared(tmp_path, role(IF.format(GET)), OWN), "new").differences

    assert "only where the condition Prod is true" in difference.because[-1].text


def test_a_template_that_is_broken_proves_nothing(tmp_path: Path) -> None:
    """What cannot be read of the new version is never taken to allow nothing."""
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "template.yaml").write_text(HEAD + OWN, encoding="utf-8")
    (tmp_path / "new/other.yaml").write_text(HEAD + "  X: {Type: [", encoding="utf-8")
    found = compare(tmp_path / "old", tmp_path / "new")

    assert found.verdict == "unknown"
    assert [one.at.path for one in found.unseen] == ["other.yaml"]


def test_the_command_fails_a_pull_request(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code, JSON and text say the same: 10 and a request, or 0."""
    compared(tmp_path, OWN, role(allow("dynamodb:*", "!GetAtt Orders.Arn")))
    old, new = str(tmp_path / "old"), str(tmp_path / "new")

    assert main(["compare", old, new, "--format", "json"]) == 10
    told = json.loads(capsys.readouterr().out)
    assert (told["verdict"], told["witness"]["resource"]["arn"].rpartition("/")[2]) == (
        "new",
        "${Orders}",
    )
    assert told["applications"][0]["compared"][0]["differences"][0]["because"][0]["at"]
    assert main(["compare", old, new, "--color", "never"]) == 10
    assert "R allows what it did not" in capsys.readouterr().out
    assert main(["compare", new, old]) == 0
    assert "allows nothing" in capsys.readouterr().out
    assert main(["compare", old, new, "--type", "trust"]) == 0


def test_a_policy_is_not_compared_with_an_application(tmp_path: Path) -> None:
    """The two must be of one kind."""
    document = tmp_path / "policy.json"
    document.write_text('{"Version": "2012-10-17", "Statement": []}', encoding="utf-8")

    assert main(["compare", str(document), str(tmp_path)]) == 2
