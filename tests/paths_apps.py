"""Small applications for the tests of attack paths, and what a scan tells of them."""

from pathlib import Path

from stockade.api import scan
from stockade.model import Path as AttackPath
from stockade.model import Report

SHELL = """\
import os
def handler(event, context):
    os.system("convert " + event["queryStringParameters"]["name"])
"""
"""A handler that runs what callers of an API send."""

LAMBDA_ROLE = """\
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
"""


def role(name: str, *statements: str, trust: str = "", more: str = "") -> str:
    """Write a role that Lambda may take on, with statements in YAML's flow style."""
    text = f"  {name}:\n{LAMBDA_ROLE}"
    if trust:
        text += f"          - {trust}\n"
    if more:
        text += f"      {more}\n"
    if statements:
        text += "      Policies:\n        - PolicyName: own\n          PolicyDocument:\n"
        text += '            Version: "2012-10-17"\n            Statement:\n'
        text += "".join(f"              - {one}\n" for one in statements)
    return text


def function(
    name: str,
    role_name: str,
    events: str = "{Call: {Type: HttpApi}}",
    more: str = "",
    code: str = "app",
) -> str:
    """Write a function with a role of its own and one event source."""
    extra = f"      {more}\n" if more else ""
    return (
        f"  {name}:\n    Type: AWS::Serverless::Function\n    Properties:\n"
        f"      CodeUri: .\n      Handler: {code}.handler\n      Runtime: python3.13\n"
        f"      Role: !GetAtt {role_name}.Arn\n      Events: {events}\n{extra}"
    )


def write(folder: Path, *resources: str, **files: str) -> Path:
    """Write an application: a template of resources, and files of Python."""
    header = "Transform: AWS::Serverless-2016-10-31\nResources:\n"
    (folder / "template.yaml").write_text(header + "".join(resources))
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    return folder


def scanned(folder: Path) -> Report:
    """Scan, and make sure that nothing failed."""
    report = scan(folder, measure=True)
    assert report.failures == ()
    return report


def paths(folder: Path) -> tuple[AttackPath, ...]:
    """Return the attack paths of an application."""
    return scanned(folder).paths


def moves(path: AttackPath) -> list[str]:
    """Return the kinds of a path's moves."""
    return [move.kind.value for move in path.moves]
