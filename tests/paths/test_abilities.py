"""What whoever holds a role can do, decided by the policy language."""

from pathlib import Path

import pytest
from paths_apps import role, write

from stockade.analysis.escalation import WAYS, Way
from stockade.api import applications
from stockade.paths import abilities
from stockade.paths.abilities import Abilities, Powers

STORES = """\
  Bucket: {Type: AWS::S3::Bucket}
  Table:
    Type: AWS::DynamoDB::Table
    Properties: {TableName: orders-live}
  Queue: {Type: AWS::SQS::Queue}
  Secret: {Type: AWS::SecretsManager::Secret}
"""

OPEN = {
    "an object of a bucket": (
        "{Effect: Allow, Action: s3:GetObject, Resource: !Sub '${Bucket.Arn}/*'}",
        {"Bucket": ("read",)},
    ),
    "objects below a prefix": (
        "{Effect: Allow, Action: s3:GetObject, Resource: !Sub '${Bucket.Arn}/in/*'}",
        {"Bucket": ("read",)},
    ),
    "a table by the name that it is given": (
        (
            "{Effect: Allow, Action: 'dynamodb:*', "
            "Resource: !Sub 'arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/orders-live'}"
        ),
        {"Table": ("read", "change", "delete")},
    ),
    "a pattern of actions": (
        "{Effect: Allow, Action: 'dynamodb:*Item', Resource: !GetAtt Table.Arn}",
        {"Table": ("read", "change", "delete")},
    ),
    "only what is listed": (
        "{Effect: Allow, Action: [s3:ListBucket], Resource: !GetAtt Bucket.Arn}",
        {},
    ),
    "the bucket instead of its objects": (
        "{Effect: Allow, Action: s3:GetObject, Resource: !GetAtt Bucket.Arn}",
        {},
    ),
    "what the attacker chooses": (
        (
            "{Effect: Allow, Action: s3:PutObject, Resource: !Sub '${Bucket.Arn}/*', "
            "Condition: {StringEquals: {s3:x-amz-server-side-encryption: AES256}}}"
        ),
        {"Bucket": ("change",)},
    ),
    "over TLS only": (
        (
            "{Effect: Allow, Action: s3:GetObject, Resource: !Sub '${Bucket.Arn}/*', "
            "Condition: {Bool: {'aws:SecureTransport': 'true'}}}"
        ),
        {"Bucket": ("read",)},
    ),
    "from one network only": (
        (
            "{Effect: Allow, Action: s3:GetObject, Resource: !Sub '${Bucket.Arn}/*', "
            "Condition: {StringEquals: {'aws:SourceVpce': vpce-1}}}"
        ),
        {},
    ),
    "a secret": (
        "{Effect: Allow, Action: secretsmanager:GetSecretValue, Resource: !Ref Secret}",
        {"Secret": ("read",)},
    ),
    "another application's table": (
        (
            "{Effect: Allow, Action: dynamodb:GetItem, Resource: "
            "!Sub 'arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/theirs'}"
        ),
        {},
    ),
}


@pytest.mark.parametrize("name", OPEN)
def test_a_statement_opens_what_it_names(name: str, tmp_path: Path) -> None:
    """The verbs that the policy language allows, on each store of the application."""
    statement, expected = OPEN[name]

    powers = powers_of(tmp_path, STORES, role("Role", statement))

    assert {store: held.verbs for store, held in powers.stores.items()} == expected
    assert powers.every == {}


def powers_of(folder: Path, *resources: str) -> Powers:
    """Return the powers of the role that is called Role."""
    (app,) = applications(write(folder, *resources))
    return Abilities(app).of(app.roles["Role"])


EVERYTHING = {
    "a star": ("{Effect: Allow, Action: 's3:*', Resource: '*'}", ["bucket"]),
    "every bucket in words": (
        "{Effect: Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::*/*'}",
        ["bucket"],
    ),
    "all but one action": (
        "{Effect: Allow, NotAction: 'iam:*', Resource: '*'}",
        ["bucket", "parameter", "queue", "secret", "stream", "table"],
    ),
    "names that begin alike": (
        "{Effect: Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::orders-*/*'}",
        [],
    ),
}


@pytest.mark.parametrize("name", EVERYTHING)
def test_every_store_is_open_where_a_strange_one_is(name: str, tmp_path: Path) -> None:
    """A role that may read a store which the application does not hold may read every one."""
    statement, expected = EVERYTHING[name]

    powers = powers_of(tmp_path, STORES, role("Role", statement))

    assert sorted(kind.one for kind in powers.every) == expected


def test_a_deny_closes_what_is_allowed(tmp_path: Path) -> None:
    """An explicit deny wins over a star."""
    powers = powers_of(
        tmp_path,
        STORES,
        role(
            "Role",
            "{Effect: Allow, Action: 'dynamodb:*', Resource: !GetAtt Table.Arn}",
            "{Effect: Deny, Action: ['dynamodb:*Item', 'dynamodb:DeleteTable'], Resource: '*'}",
        ),
    )

    assert powers.stores["Table"].verbs == ("read",)


BUCKET_POLICY = """\
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {{Effect: Deny, Principal: "*", Action: s3:PutObject,
             Resource: !Sub "${{Bucket.Arn}}/*",
             Condition: {{ArnNotEquals: {{aws:PrincipalArn: !GetAtt {name}.Arn}}}}}}
"""


@pytest.mark.parametrize(("name", "verbs"), [("Role", ("read", "change")), ("Other", ("read",))])
def test_the_policy_of_the_bucket_counts(
    name: str, verbs: tuple[str, ...], tmp_path: Path
) -> None:
    """A bucket that lets one role write keeps the others from writing, whatever they hold."""
    powers = powers_of(
        tmp_path,
        STORES,
        BUCKET_POLICY.format(name=name),
        role(
            "Role",
            "{Effect: Allow, Action: [s3:GetObject, s3:PutObject], "
            "Resource: !Sub '${Bucket.Arn}/*'}",
        ),
        role("Other"),
    )

    assert powers.stores["Bucket"].verbs == verbs


ENCRYPTED = """\
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: !GetAtt Reader.Arn}
            Action: kms:Decrypt
            Resource: "*"
  Sealed:
    Type: AWS::S3::Bucket
    Properties:
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault:
              {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
"""


def test_without_the_key_nothing_is_read(tmp_path: Path) -> None:
    """Who may get an object but not use the key that encrypts it reads nothing."""
    may = "{Effect: Allow, Action: s3:GetObject, Resource: !Sub '${Sealed.Arn}/*'}"
    (app,) = applications(write(tmp_path, ENCRYPTED, role("Role", may), role("Reader", may)))
    known = Abilities(app)

    assert known.of(app.roles["Role"]).stores == {}
    assert known.of(app.roles["Reader"]).stores["Sealed"].verbs == ("read",)


def test_a_boundary_bounds(tmp_path: Path) -> None:
    """What the permissions boundary leaves out is not open."""
    boundary = "PermissionsBoundary: arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess"
    powers = powers_of(
        tmp_path,
        STORES,
        role("Role", "{Effect: Allow, Action: '*', Resource: '*'}", more=boundary),
    )

    assert {kind.one: held.verbs for kind, held in powers.every.items()} == {"table": ("read",)}
    assert powers.account == []


ESCALATIONS = {
    "'*'": "do anything in the account",
    "iam:PutRolePolicy": "write any permission into a role",
    "iam:AttachRolePolicy": "attach AdministratorAccess to a role",
    "iam:CreatePolicyVersion": "rewrite a policy",
    "iam:CreateAccessKey": "sign as any user",
    "iam:UpdateAssumeRolePolicy": "let itself assume any role",
    "iam:PassRole, lambda:CreateFunction, lambda:InvokeFunction": (
        "run a function of its own with any role"
    ),
    "iam:PassRole, cloudformation:CreateStack": "deploy a stack with any role",
    "iam:PassRole, 'states:*'": "run a state machine of its own with any role",
}


@pytest.mark.parametrize("actions", ESCALATIONS)
def test_a_role_that_can_raise_its_power_is_the_account(actions: str, tmp_path: Path) -> None:
    """The ways are named in words."""
    powers = powers_of(
        tmp_path, role("Role", f"{{Effect: Allow, Action: [{actions}], Resource: '*'}}")
    )

    assert [how for how, _ in powers.account] == [ESCALATIONS[actions]]


@pytest.mark.parametrize("way", [one for one in WAYS if not one.alone], ids=lambda way: way.name)
def test_a_way_that_takes_more_than_the_role_is_not_the_account(way: Way, tmp_path: Path) -> None:
    """Who holds a role alone has no user to give a policy to."""
    actions = ", ".join(one.action for one in way.asked)
    powers = powers_of(
        tmp_path, role("Role", f"{{Effect: Allow, Action: [{actions}], Resource: '*'}}")
    )

    assert powers.account == []


@pytest.mark.parametrize(
    ("service", "owns"), [("lambda.amazonaws.com", True), ("ecs-tasks.amazonaws.com", False)]
)
def test_a_role_is_passed_to_the_service_that_the_way_needs(
    service: str, tmp_path: Path, *, owns: bool
) -> None:
    """A role that may be passed to containers alone starts no function."""
    passes = (
        "{Effect: Allow, Action: iam:PassRole, Resource: '*',"
        f" Condition: {{StringEquals: {{'iam:PassedToService': {service}}}}}}}"
    )
    runs = "{Effect: Allow, Action: 'lambda:*', Resource: '*'}"

    assert bool(powers_of(tmp_path, role("Role", passes, runs)).account) is owns


@pytest.mark.parametrize(
    "statement",
    [
        "{Effect: Allow, Action: iam:PassRole, Resource: '*'}",
        "{Effect: Allow, Action: [iam:PassRole, lambda:CreateFunction], Resource: '*'}",
        "{Effect: Allow, Action: iam:PutRolePolicy, Resource: 'arn:aws:iam::*:role/x'}",
        "{Effect: Allow, Action: [iam:Get*, iam:List*], Resource: '*'}",
        "{Effect: Allow, Action: 'iam:*', Resource: !Sub 'arn:aws:iam::${AWS::AccountId}:user/x'}",
    ],
)
def test_half_a_way_is_none(statement: str, tmp_path: Path) -> None:
    """All of the actions are needed, on something that gives power."""
    assert powers_of(tmp_path, role("Role", statement)).account == []


def test_a_role_that_trusts_another_is_taken_on(tmp_path: Path) -> None:
    """Both sides have to say so: the trust of the one, the statement of the other."""
    may = "{Effect: Allow, Action: sts:AssumeRole, Resource: !GetAtt Admin.Arn}"
    trusts = "{Effect: Allow, Principal: {AWS: !GetAtt Role.Arn}, Action: sts:AssumeRole}"
    trusted = powers_of(tmp_path, role("Role", may), role("Admin", trust=trusts))
    assert list(trusted.assumes.some) == ["Admin"]

    refused = powers_of(tmp_path, role("Role", may), role("Admin"))
    assert not refused.assumes


def test_what_was_not_read_is_told(tmp_path: Path) -> None:
    """A policy that the application does not hold may open more."""
    arn = "ManagedPolicyArns: ['arn:aws:iam::111122223333:policy/ours']"
    powers = powers_of(tmp_path, role("Role", more=arn))

    assert any("ours" in why for why in powers.unknown)


def test_questions_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many questions nothing more is asked, and that is told."""
    monkeypatch.setattr(abilities, "MOST_QUESTIONS", 1)
    powers = powers_of(
        tmp_path, STORES, role("Role", "{Effect: Allow, Action: 's3:*', Resource: '*'}")
    )

    assert {kind.one: held.verbs for kind, held in powers.every.items()} == {"bucket": ("read",)}
    assert any("not asked" in why for why in powers.unknown)
