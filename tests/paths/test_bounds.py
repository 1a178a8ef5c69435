"""Whatever is scanned, attack paths end in bounded time, and say what they leave out."""

import time
from pathlib import Path

from paths_apps import SHELL, scanned, write

from stockade.paths.found import MOST_PATHS, MOST_STARTS

FUNCTIONS = 1_000

EVERYTHING = """\
  F{number}:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: app.h{number}
      Runtime: python3.13
      Policies:
        - Version: "2012-10-17"
          Statement: [{{Effect: Allow, Action: {actions}, Resource: "*"}}]
      Events: {{Call: {{Type: HttpApi, Properties: {{Method: GET, Path: /{number}}}}}}}
  T{number}: {{Type: AWS::DynamoDB::Table}}
"""


def handlers(number: int) -> str:
    """Write so many handlers, each of which runs what it is sent."""
    return "import os\n" + "".join(
        f"def h{one}(event, context):\n"
        '    os.system("convert " + event["queryStringParameters"]["name"])\n'
        for one in range(number)
    )


def test_a_thousand_functions_that_may_do_everything(tmp_path: Path) -> None:
    """Each could reach each: the worst are told, and that there are more."""
    actions = '["dynamodb:*", "lambda:*", "s3:*", "sqs:*", "sts:*"]'
    functions = (EVERYTHING.format(number=number, actions=actions) for number in range(FUNCTIONS))
    write(tmp_path, *functions, app=handlers(FUNCTIONS))

    began = time.process_time()
    report = scanned(tmp_path)
    seconds = time.process_time() - began

    assert 0 < len(report.paths) <= MOST_PATHS
    told = [one.why for one in report.unseen if one.kind == "limit"]
    assert f"attack paths are followed from {MOST_STARTS} weaknesses; 975 more are there" in told
    assert len(report.blast_radius) == FUNCTIONS
    assert seconds < 60, "a scan of all rules takes most of it"


def test_a_thousand_administrators(tmp_path: Path) -> None:
    """Every function is the account: one path for each that is followed, no more."""
    functions = (EVERYTHING.format(number=number, actions='"*"') for number in range(300))
    write(tmp_path, *functions, app=handlers(300))

    report = scanned(tmp_path)

    assert len(report.paths) == MOST_PATHS
    assert all("own the account" in path.says for path in report.paths)
    assert all(radius.account for radius in report.blast_radius)


def test_roles_that_take_each_other_on_end(tmp_path: Path) -> None:
    """A circle is walked once."""
    names = [f"R{number}" for number in range(20)]
    statement = "{Effect: Allow, Action: sts:AssumeRole, Resource: '*'}"
    roles = "".join(
        f"""\
  {name}:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: sts:AssumeRole}}
          - Effect: Allow
            Principal: {{AWS: !Sub "arn:aws:iam::${{AWS::AccountId}}:root"}}
            Action: sts:AssumeRole
      Policies:
        - PolicyName: own
          PolicyDocument: {{Version: "2012-10-17", Statement: [{statement}]}}
"""
        for name in names
    )
    function = """\
  F:
    Type: AWS::Serverless::Function
    Properties:
      {CodeUri: ., Handler: app.handler, Runtime: python3.13, Role: !GetAtt R0.Arn,
       Events: {Call: {Type: HttpApi}}}
"""
    last = """\
  Last:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: reads
      Roles: [!Ref R19]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Action: dynamodb:GetItem, Resource: !GetAtt Orders.Arn}
  Orders: {Type: AWS::DynamoDB::Table}
"""
    write(tmp_path, roles, function, last, app=SHELL)

    report = scanned(tmp_path)

    (path,) = report.paths
    assert path.says.count("take on") == 1
