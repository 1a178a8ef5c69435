"""Functions and roles."""

from pathlib import Path

from loaded import application

from stockade.model import Choice, Map, NoValue, Scalar, Unknown, constant

_ROLE = """
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Sub "${AWS::StackName}-role"
      AssumeRolePolicyDocument: {Statement: []}
      PermissionsBoundary: !Ref Boundary
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess
        - !Ref Attached
      Policies:
        - PolicyName: own
          PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:*', Resource: '*'}]}
  Attached:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {Statement: [{Effect: Allow, Action: 'sqs:*', Resource: '*'}]}
  Boundary:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {Statement: [{Effect: Allow, Action: '*', Resource: '*'}]}
  Elsewhere:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: elsewhere
      Roles: [!Ref Role]
      PolicyDocument: {Statement: [{Effect: Allow, Action: 'sns:*', Resource: '*'}]}
"""


def _function(properties: str) -> str:
    return f"""
Conditions:
  Prod: !Equals [!Ref AWS::Region, eu-west-1]
Parameters:
  RoleArn: {{Type: String}}
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Code: src
{properties}
{_ROLE}"""


def test_a_role_has_every_policy_wherever_it_is_attached(tmp_path: Path) -> None:
    """Inline, managed and attached by another resource, each tells where it comes from."""
    app = application(tmp_path, _function("      Role: !GetAtt Role.Arn"))

    role = app.role_of(app.functions["F"])
    assert role is not None
    assert [(one.name, one.source) for one in role.policies] == [
        ("own", "inline"),
        ("AmazonS3ReadOnlyAccess", "managed"),
        ("Attached", "managed"),
        ("elsewhere", "inline"),
    ]
    assert isinstance(role.policies[1].document, Unknown)
    assert not isinstance(role.policies[2].document, Unknown)
    assert isinstance(role.boundary, Map)


def test_a_role_is_found_by_the_name_in_its_arn(tmp_path: Path) -> None:
    """An ARN that is written out means the role whose name it ends in."""
    arn = '      Role: !Sub "arn:aws:iam::${AWS::AccountId}:role/${AWS::StackName}-role"'
    app = application(tmp_path, _function(arn))

    assert app.functions["F"].role == "Role"


def test_a_role_that_a_condition_may_replace_is_still_the_role(tmp_path: Path) -> None:
    """The application's own role is judged where the other branch brings a foreign one."""
    app = application(
        tmp_path, _function("      Role: !If [Prod, !Ref RoleArn, !GetAtt Role.Arn]")
    )

    assert app.functions["F"].role == "Role"


def test_a_role_made_elsewhere_is_unknown(tmp_path: Path) -> None:
    """A role that is given at deployment is unknown, with the line that says so."""
    app = application(tmp_path, _function("      Role: !Ref RoleArn"))

    role = app.functions["F"].role
    assert isinstance(role, Unknown)
    assert "RoleArn" in role.why


def test_variables_that_hang_on_a_condition_are_choices(tmp_path: Path) -> None:
    """Of two sets of variables each variable is what either branch gives it."""
    app = application(
        tmp_path,
        _function("""
      Role: !GetAtt Role.Arn
      Environment: !If
        - Prod
        - Variables: {A: one, B: two}
        - Variables: {A: three}
"""),
    )

    environment = app.functions["F"].environment
    assert not isinstance(environment, Unknown)
    a, b = environment["A"], environment["B"]
    assert isinstance(a, Choice)
    assert isinstance(b, Choice)
    assert [constant(a.then), constant(a.otherwise)] == ["one", "three"]
    assert isinstance(b.then, Scalar)
    assert isinstance(b.otherwise, NoValue)


def test_policies_of_sam_tell_where_they_come_from(tmp_path: Path) -> None:
    """Statements are inline, policy templates are SAM's, what SAM adds itself is implied."""
    app = application(
        tmp_path,
        """
        Transform: AWS::Serverless-2016-10-31
        Resources:
          T: {Type: AWS::DynamoDB::Table, Properties: {}}
          F:
            Type: AWS::Serverless::Function
            Properties:
              Runtime: python3.13
              Handler: app.handler
              Policies:
                - DynamoDBReadPolicy: {TableName: !Ref T}
                - Statement: [{Effect: Allow, Action: 'sqs:*', Resource: '*'}]
        """,
    )

    role = app.role_of(app.functions["F"])
    assert role is not None
    sources = {one.source for one in role.policies}
    assert {"sam-template", "inline", "managed"} <= sources
