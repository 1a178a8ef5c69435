# ruff: noqa: E501 - a table of policies is read row by row
"""What strangers may do with a resource, by its own policies and settings."""

from pathlib import Path

import pytest
from loaded import application

from stockade.analysis.stores.buckets import LISTS, READS, WRITES, blocks, opened
from stockade.analysis.stores.outsiders import Outsiders

_QUEUE = """
Parameters:
  Partner: {{Type: String}}
Resources:
  Topic: {{Type: AWS::SNS::Topic}}
  Box: {{Type: AWS::S3::Bucket}}
  Queue: {{Type: AWS::SQS::Queue}}
  QueuePolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
{}
"""


def _queue(statements: str) -> str:
    return _QUEUE.format("\n".join(f"          - {line}" for line in statements.splitlines()))


def _allow(principal: str, condition: str = "") -> str:
    more = f", Condition: {condition}" if condition else ""
    return (
        f"{{Effect: Allow, Principal: {principal}, Action: 'sqs:SendMessage', "
        f"Resource: !GetAtt Queue.Arn{more}}}"
    )


_OWN = "StringEquals: {'aws:PrincipalAccount': !Ref 'AWS::AccountId'}"

ADMITTED = [
    ("everyone", _allow("'*'"), True),
    ("everyone, as AWS", _allow("{AWS: '*'}"), True),
    ("all but one", _allow("'*'").replace("Principal: '*'", "NotPrincipal: {AWS: 'arn:aws:iam::111122223333:root'}"), True),
    ("the own account", _allow("{AWS: !Ref 'AWS::AccountId'}"), False),
    ("one account", _allow("{AWS: '111122223333'}"), False),
    ("an account given later", _allow("{AWS: !Ref Partner}"), False),
    ("who sends for a topic", _allow("'*'", "{ArnEquals: {'aws:SourceArn': !Ref Topic}}"), False),
    ("an organisation", _allow("'*'", "{StringEquals: {'aws:PrincipalOrgID': o-a1b2c3d4e5}}"), False),
    ("some addresses", _allow("'*'", "{IpAddress: {'aws:SourceIp': 192.0.2.0/24}}"), False),
    ("any address", _allow("'*'", "{IpAddress: {'aws:SourceIp': 0.0.0.0/0}}"), True),
    ("over TLS", _allow("'*'", "{Bool: {'aws:SecureTransport': 'true'}}"), True),
    ("a browser", _allow("'*'", "{StringLike: {'aws:UserAgent': 'Mozilla*'}}"), True),
    ("allowed and denied", _allow("'*'") + "\n{Effect: Deny, Principal: '*', Action: 'sqs:*', Resource: '*'}", False),
    (
        "denied from outside",
        _allow("'*'")
        + "\n{Effect: Deny, Principal: '*', Action: 'sqs:*', Resource: '*', Condition: "
        + "{StringNotEquals: {'aws:PrincipalAccount': !Ref 'AWS::AccountId'}}}",
        False,
    ),
    ("another action", _allow("'*'").replace("SendMessage", "GetQueueUrl"), False),
    ("another queue", _allow("'*'").replace("!GetAtt Queue.Arn", "'arn:aws:sqs:eu-west-1:111122223333:other'"), False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("statements", "expected"), [one[1:] for one in ADMITTED], ids=[one[0] for one in ADMITTED]
)
def test_a_queue_is_open_to_strangers(statements: str, expected: bool, tmp_path: Path) -> None:  # noqa: FBT001
    """Only what certainly lets a stranger send is told, whoever else may."""
    app = application(tmp_path, _queue(statements))
    outsiders = Outsiders(app)

    found = list(outsiders.allowed(app.resources["Queue"], ("sqs:SendMessage",)))

    assert bool(found) is expected


SERVICES = [
    ("sns", "{Service: sns.amazonaws.com}", "", ["sns.amazonaws.com"]),
    ("sns for a topic", "{Service: sns.amazonaws.com}", "{ArnEquals: {'aws:SourceArn': !Ref Topic}}", []),
    ("s3 for the account", "{Service: s3.amazonaws.com}", "{StringEquals: {'aws:SourceAccount': !Ref 'AWS::AccountId'}}", []),
    ("s3 for any bucket", "{Service: s3.amazonaws.com}", "{ArnLike: {'aws:SourceArn': 'arn:aws:s3:*'}}", ["s3.amazonaws.com"]),
    ("s3 for a bucket", "{Service: s3.amazonaws.com}", "{ArnLike: {'aws:SourceArn': 'arn:aws:s3:*:*:box'}}", []),
    ("an account given later", "{Service: s3.amazonaws.com}", "{StringEquals: {'aws:SourceAccount': !Ref Partner}}", []),
    ("a service that delivers for its own account", "{Service: lambda.amazonaws.com}", "", []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("principal", "condition", "expected"),
    [one[1:] for one in SERVICES],
    ids=[one[0] for one in SERVICES],
)
def test_a_service_sends_for_strangers(
    principal: str, condition: str, expected: list[str], tmp_path: Path
) -> None:
    """A service that delivers for any account is let in only with the account or its resource."""
    app = application(tmp_path, _queue(_allow(principal, condition)))
    queue = app.resources["Queue"]

    found = Outsiders(app).through_services(queue, ("sqs:SendMessage",))

    assert [access.service for access in found] == expected


_BUCKET = """
Conditions:
  Open: !Equals [!Ref Stage, dev]
Parameters:
  Stage: {{Type: String}}
Resources:
  Box:
    Type: AWS::S3::Bucket
    Properties: {}
  BoxPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Box
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: !Sub "${{Box.Arn}}/a/*"}}
          - {{Effect: Allow, Principal: "*", Action: "s3:ListBucket", Resource: !GetAtt Box.Arn}}
"""

OPENED = ["s3:GetObject", "s3:ListBucket"]
SETTINGS = [
    ("none", "{Tags: []}", True, OPENED, "AWS keeps buckets closed"),
    ("empty", "{PublicAccessBlockConfiguration: {}}", False, OPENED, ""),
    (
        "one is enough",
        "{PublicAccessBlockConfiguration: {RestrictPublicBuckets: true}}",
        False,
        [],
        "",
    ),
    ("as text", "{PublicAccessBlockConfiguration: {BlockPublicPolicy: 'True'}}", True, [], ""),
    (
        "depends",
        "{PublicAccessBlockConfiguration: !If [Open, {}, !Ref 'AWS::NoValue']}",
        None,
        OPENED,
        "who deploys it chooses",
    ),
    (
        "given later",
        "{PublicAccessBlockConfiguration: {BlockPublicPolicy: !Ref Stage}}",
        None,
        OPENED,
        "who deploys it chooses",
    ),
]


@pytest.mark.parametrize(
    ("properties", "blocked", "expected", "unless"),
    [one[1:] for one in SETTINGS],
    ids=[one[0] for one in SETTINGS],
)
def test_a_bucket_is_as_open_as_all_its_settings(
    properties: str, blocked: object, expected: list[str], unless: str, tmp_path: Path
) -> None:
    """A policy that admits everyone counts where no block surely stops it, and says what may."""
    app = application(tmp_path, _BUCKET.format(properties))
    bucket = app.resources["Box"]

    found = list(opened(bucket, Outsiders(app), (*READS, *LISTS, *WRITES)))

    assert blocks(bucket, "BlockPublicPolicy") is blocked
    assert [one.action for one in found] == expected
    assert all(bool(one.unless) is bool(unless) and unless in one.unless for one in found)


def test_a_bucket_keeps_its_name(tmp_path: Path) -> None:
    """A policy may name its bucket by its name's text as well as by reference."""
    template = """
    Resources:
      Box:
        Type: AWS::S3::Bucket
        Properties:
          BucketName: !Sub ${AWS::StackName}-box
          PublicAccessBlockConfiguration: {}
      BoxPolicy:
        Type: AWS::S3::BucketPolicy
        Properties:
          Bucket: !Sub ${AWS::StackName}-box
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Principal: "*"
                Action: s3:GetObject
                Resource: !Sub arn:${AWS::Partition}:s3:::${AWS::StackName}-box/*
    """
    app = application(tmp_path, template)

    found = [one.action for one in opened(app.resources["Box"], Outsiders(app), READS)]

    assert found == ["s3:GetObject"]


def test_the_default_bus_has_policies_too(tmp_path: Path) -> None:
    """Nobody declares the default event bus; its policies are found all the same."""
    template = """
    Resources:
      Policy:
        Type: AWS::Events::EventBusPolicy
        Properties: {StatementId: a, Action: "events:PutEvents", Principal: "*"}
    """
    outsiders = Outsiders(application(tmp_path, template))

    (bus,) = outsiders.protected("AWS::Events::EventBus")
    (access,) = outsiders.allowed(bus, ("events:PutEvents",))

    assert bus.logical_id == "the default event bus"
    assert not access.unsigned


def test_a_policy_that_is_a_text_counts_as_what_it_says(tmp_path: Path) -> None:
    """A policy written as JSON in a text is read, with what Fn::Sub puts into it."""
    app = application(
        tmp_path,
        """
Resources:
  Queue: {Type: AWS::SQS::Queue}
  Open:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument: !Sub |
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "${Queue.Arn}"}
        ]}
""",
    )

    (found,) = Outsiders(app).allowed(app.resources["Queue"], ["sqs:SendMessage"])

    assert found.statement.at.line > 8


ALONE = [
    ("an organisation or none", "{StringEqualsIfExists: {'aws:PrincipalOrgID': o-a1b2c3}}", True),
    ("whoever is in some", "{'Null': {'aws:PrincipalOrgID': 'false'}}", True),
    ("tags of the own role", "{StringEquals: {'aws:PrincipalTag/team': ops}}", True),
    ("networks of the own", "{IpAddress: {'aws:VpcSourceIp': 10.0.0.0/8}}", True),
    ("one organisation", "{StringEquals: {'aws:PrincipalOrgID': o-a1b2c3}}", False),
]


@pytest.mark.parametrize(
    ("condition", "expected"), [one[1:] for one in ALONE], ids=[one[0] for one in ALONE]
)
def test_strangers_bring_what_they_can_choose(
    condition: str,
    expected: bool,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    """A stranger is in an organisation or in none, and has tags and networks of their own."""
    app = application(tmp_path, _queue(_allow("{AWS: '*'}", condition)))

    found = list(Outsiders(app).allowed(app.resources["Queue"], ("sqs:SendMessage",)))

    assert bool(found) is expected
