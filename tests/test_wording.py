"""Who can do it: the first words of messages, and how severe that makes them."""

from pathlib import Path

import pytest
from folders import write

from stockade.api import scan
from stockade.model import Exposure, Severity
from stockade.model import weighed as severity
from stockade.rules import RULES

FUNCTION = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Things: {Type: AWS::SQS::Queue}
  News: {Type: AWS::SNS::Topic}
  Box: {Type: AWS::S3::Bucket}
  Users:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        DefaultAuthorizer: Tokens
        Authorizers:
          Tokens:
            IdentitySource: $request.header.Authorization
            JwtConfiguration: {issuer: "https://id.example.com", audience: [app]}
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: app.handler
      Runtime: python3.12
"""

SENDERS = [
    (
        "event['body']",
        "Call: {Type: HttpApi, Properties: {Path: /a, Method: post}}",
        "anyone can run commands in Fn",
        Severity.CRITICAL,
    ),
    (
        "event['body']",
        "Call: {Type: HttpApi, Properties: {Path: /a, Method: post, ApiId: !Ref Users}}",
        "any signed-in user can run commands in Fn",
        Severity.HIGH,
    ),
    (
        "event['Records'][0]['body']",
        "Call: {Type: SQS, Properties: {Queue: !GetAtt Things.Arn}}",
        "whoever may send to its queue can run commands in Fn",
        Severity.MEDIUM,
    ),
    (
        "event['Records'][0]['Sns']['Message']",
        "Call: {Type: SNS, Properties: {Topic: !Ref News}}",
        "whoever may publish to its topic can run commands in Fn",
        Severity.MEDIUM,
    ),
    (
        "event['Records'][0]['s3']['object']['key']",
        "Call: {Type: S3, Properties: {Bucket: !Ref Box, Events: 's3:ObjectCreated:*'}}",
        "whoever may write to its bucket can run commands in Fn",
        Severity.MEDIUM,
    ),
    (
        "event['detail']['name']",
        "Call: {Type: EventBridgeRule, Properties: {Pattern: {source: [app]}}}",
        "whoever may put events on its bus can run commands in Fn",
        Severity.MEDIUM,
    ),
]


@pytest.mark.parametrize(
    ("field", "event", "message", "expected"), SENDERS, ids=[one[2] for one in SENDERS]
)
def test_a_message_begins_with_who_can_do_it(
    field: str, event: str, message: str, expected: Severity, tmp_path: Path
) -> None:
    """The same line is told by who can send the event, and weighs as much as they are many."""
    (tmp_path / "template.yaml").write_text(f"{FUNCTION}      Events:\n        {event}\n")
    (tmp_path / "app.py").write_text(
        f"import os\n\n\ndef handler(event, context):\n    os.system({field})\n"
    )

    found = [(f.match.message, f.severity) for f in scan(tmp_path).findings]

    assert found == [(message, expected)]


def test_two_lines_of_one_function_are_two_findings(tmp_path: Path) -> None:
    """Findings that differ in their place only have fingerprints of their own."""
    (tmp_path / "template.yaml").write_text(f"{FUNCTION}      Events:\n        {SENDERS[0][1]}\n")
    (tmp_path / "app.py").write_text(
        "import os\n\n\ndef handler(event, context):\n"
        "    os.system('a ' + event['body'])\n    os.system('b ' + event['body'])\n"
    )

    findings = scan(tmp_path).findings

    assert [finding.match.at.line for finding in findings] == [5, 6]
    assert len({finding.fingerprint for finding in findings}) == 2


def test_one_file_is_one_finding(tmp_path: Path) -> None:
    """A path that is opened and removed has one root cause, which is told once."""
    (tmp_path / "template.yaml").write_text(f"{FUNCTION}      Events:\n        {SENDERS[0][1]}\n")
    (tmp_path / "app.py").write_text(
        "import os\n\n\ndef handler(event, context):\n"
        "    path = '/tmp/' + event['body']\n    open(path)\n    os.remove(path)\n"
    )

    findings = scan(tmp_path).findings

    assert [(f.rule.id, f.match.at.line) for f in findings] == [("event-chooses-path", 6)]
    assert [match.at.line for match in findings[0].also] == [7]


@pytest.mark.parametrize("harm", Severity)
def test_fewer_senders_never_weigh_more(harm: Severity) -> None:
    """Severity grows with exposure, is the whole harm for anyone, and never nothing."""
    weighed = [severity(harm, exposure) for exposure in sorted(Exposure)]

    assert weighed == sorted(weighed)
    assert weighed[-1] is harm
    assert weighed[0] >= Severity.LOW


def test_rules_have_names_of_their_own() -> None:
    """No two rules share an id, and every practice of the code has a rule."""
    practices = {rule.info.practice for rule in RULES}

    assert len({rule.info.id for rule in RULES}) == len(RULES)
    assert practices >= {f"C{number}" for number in range(1, 10)}


NAMED = """Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String%s}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Environment: {Variables: {NAME: !Sub "${Stage}/db"}}
      Events: {A: {Type: HttpApi, Properties: {Path: /a, Method: get}}}
"""
TELLS = """import os
import boto3
def handler(event, context):
    found = boto3.client("secretsmanager").get_secret_value(SecretId=os.environ["NAME"])
    return {"statusCode": 200, "body": found["SecretString"]}
"""


@pytest.mark.parametrize(
    ("declared", "name"),
    [
        (", Default: dev", "dev/db"),
        ("", "${Stage}/db"),
        (", Default: dev, NoEcho: true", "${Stage}/db"),
    ],
)
def test_a_name_is_told_with_the_values_of_its_parameters(
    declared: str, name: str, tmp_path: Path
) -> None:
    """A default stands in its place; what nothing says, or what is secret, does not."""
    write(tmp_path, {"template.yaml": NAMED % declared, "app.py": TELLS})

    told = [one.match.message for one in scan(tmp_path).findings]

    assert f"anyone can read the secret {name} from the answer of F" in told


ADMINISTRATION = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: "def handler(event, context): pass"
      Handler: index.handler
      Runtime: python3.13
      Policies:
        - Statement:
            - {Effect: Allow, Action: "iam:CreatePolicyVersion", Resource: "*"}
            - {Effect: Allow, Action: "lambda:UpdateFunctionCode", Resource: "*"}
      Events:
        Call: {Type: HttpApi, Properties: {Path: /a, Method: post}}
"""


def test_more_ways_to_power_than_one_are_counted(tmp_path: Path) -> None:
    """The first way is the message, how many more there are ends it, and the steps name them."""
    write(tmp_path, {"template.yaml": ADMINISTRATION})
    (found,) = (one for one in scan(tmp_path).findings if one.rule.id == "role-can-escalate")
    assert found.match.message == (
        "whoever gets into Fn can rewrite a policy, and raise its power in 1 more way"
    )
    notes = [step.note for step in found.match.because if step.note.startswith("and its role")]
    assert notes == [
        "and its role may rewrite a policy (CreateNewPolicyVersion)",
        "and its role may put its own code into any function (EditExistingLambdaFunctionWithRole)",
    ]
