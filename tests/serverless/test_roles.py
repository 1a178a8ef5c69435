"""Roles: which one a function has, and what stands in it."""

from pathlib import Path

import pytest
from serverless_services import service

from stockade.model import Application, Function, expression, inside

STATEMENT = "{Effect: Allow, Action: 's3:GetObject', Resource: '*'}"
OWN = "{Effect: Allow, Action: 'sqs:SendMessage', Resource: '*'}"
HEAD = "service: shop\n"


def actions(application: Application, function: Function, source: str = "") -> set[str]:
    """Return the actions that a function's role allows, those of one source of policies."""
    role = application.role_of(function)
    assert role is not None
    return {
        expression(action)
        for policy in role.policies
        if not source or policy.source == source
        for action in inside(policy.document, "Statement", "[]", "Action", "[]")
    }


@pytest.mark.parametrize(
    "provider",
    [
        f"iam: {{role: {{statements: [{STATEMENT}]}}}}",
        f"iamRoleStatements: [{STATEMENT}]",
        f"iamRoleStatements: [[{STATEMENT}]]",
    ],
)
def test_the_shared_role_has_the_statements_of_the_provider(tmp_path: Path, provider: str) -> None:
    """Old and new spelling, also as lists that files give, come to the same role."""
    text = f"{HEAD}provider:\n  name: aws\n  runtime: nodejs22.x\n  {provider}\n"
    found = service(tmp_path, text + "functions: {one: {handler: one.main}}\n")

    function = found.functions["one"]
    assert function.role == "IamRoleLambdaExecution"
    assert actions(found, function, "inline") == {"s3:GetObject"}
    assert "logs:PutLogEvents" in actions(found, function, "implied")


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("Mine", "Mine"),
        ("!GetAtt Mine.Arn", "Mine"),
        ("arn:aws:iam::111111111111:role/elsewhere", None),
    ],
)
@pytest.mark.parametrize("where", ["function", "provider", "provider.iam"])
def test_a_role_may_be_named(tmp_path: Path, role: str, expected: str | None, where: str) -> None:
    """By its logical id, by its ARN, by a reference; for one function or for all."""
    provider = {"provider": f"role: {role}", "provider.iam": f"iam: {{role: {role}}}"}
    own = f", role: {role}" if where == "function" else ""
    text = f"""
        service: shop
        provider:
          name: aws
          {provider.get(where, "memorySize: 128")}
        functions: {{one: {{handler: one.main{own}}}}}
        resources: {{Resources: {{Mine: {{Type: AWS::IAM::Role}}}}}}
    """

    found = service(tmp_path, text)

    role_found = found.functions["one"].role
    assert role_found == expected if expected else not isinstance(role_found, str)
    assert "IamRoleLambdaExecution" not in found.resources


@pytest.mark.parametrize(
    ("plugin", "settings", "expected"),
    [
        ("serverless-iam-roles-per-function", f"iamRoleStatements: [{OWN}]", {"sqs:SendMessage"}),
        (
            "serverless-iam-roles-per-function",
            f"iamRoleStatements: [{OWN}], iamRoleStatementsInherit: true",
            {"sqs:SendMessage", "s3:GetObject"},
        ),
        ("", f"iam: {{role: {{statements: [{OWN}]}}}}", {"sqs:SendMessage"}),
        (
            "",
            f"iam: {{inheritStatements: true, role: {{statements: [{OWN}]}}}}",
            {"sqs:SendMessage", "s3:GetObject"},
        ),
        ("", f"iamRoleStatements: [{OWN}]", {"s3:GetObject"}),
    ],
)
def test_a_function_may_have_a_role_of_its_own(
    tmp_path: Path, plugin: str, settings: str, expected: set[str]
) -> None:
    """The plug-in's and version 4's; without the plug-in its settings mean nothing."""
    text = f"""
        service: shop
        plugins: [{plugin}]
        provider: {{name: aws, iamRoleStatements: [{STATEMENT}]}}
        functions:
          one: {{handler: one.main, {settings}}}
          two: {{handler: two.main}}
    """

    found = service(tmp_path, text)

    assert actions(found, found.functions["one"], "inline") == expected
    assert actions(found, found.functions["two"], "inline") == {"s3:GetObject"}


def test_managed_policies_and_the_boundary_are_those_of_the_provider(tmp_path: Path) -> None:
    """Also the policy that a function in a network is given."""
    text = """
        service: shop
        provider:
          name: aws
          vpc: {securityGroupIds: [sg-1], subnetIds: [subnet-1]}
          iam:
            role:
              managedPolicies: [arn:aws:iam::aws:policy/ReadOnlyAccess]
              permissionsBoundary: arn:aws:iam::111111111111:policy/edge
        functions: {one: {handler: one.main}}
    """

    role = service(tmp_path, text).roles["IamRoleLambdaExecution"]

    names = {policy.name for policy in role.policies}
    assert {"ReadOnlyAccess", "AWSLambdaVPCAccessExecutionRole"} <= names
    assert role.boundary is not None
    assert expression(role.boundary).endswith("policy/edge")


def test_what_one_function_needs_for_its_events_is_in_its_own_role(tmp_path: Path) -> None:
    """A role per function holds what its own queue needs, and not what another's needs."""
    text = f"""
        service: shop
        plugins: [serverless-iam-roles-per-function]
        provider: {{name: aws}}
        functions:
          one:
            handler: one.main
            iamRoleStatements: [{OWN}]
            events: [sqs: arn:aws:sqs:eu-west-1:111111111111:jobs]
          two:
            handler: two.main
            iamRoleStatements: []
            events: [stream: arn:aws:kinesis:eu-west-1:111111111111:stream/clicks]
    """

    found = service(tmp_path, text)

    one = actions(found, found.functions["one"])
    two = actions(found, found.functions["two"])
    assert "sqs:ReceiveMessage" in one
    assert "kinesis:GetRecords" not in one
    assert "kinesis:GetRecords" in two


def test_what_a_plug_in_may_grant_is_not_taken_for_missing(tmp_path: Path) -> None:
    """Constructs of serverless-lift are told as not read, and so is what they grant."""
    text = """
        service: shop
        plugins: [serverless-lift]
        provider: {name: aws}
        constructs: {jobs: {type: queue}}
        functions: {one: {handler: one.main}}
    """

    found = service(tmp_path, text)

    unknown = [
        one for one in found.roles["IamRoleLambdaExecution"].policies if one.name == "constructs"
    ]
    assert [type(one.document).__name__ for one in unknown] == ["Unknown"]
    assert any("serverless-lift" in one.why for one in found.unseen)
