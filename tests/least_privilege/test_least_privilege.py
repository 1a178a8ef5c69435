"""What each function's role should have been, and the proof of it."""

import json
from pathlib import Path

import pytest
from folders import write
from loaded import application

from stockade.analysis import analyse
from stockade.analysis.least_privilege import Judgement, judge, place_of
from stockade.analysis.least_privilege.split import parts
from stockade.analysis.permissions import needs
from stockade.api import scan
from stockade.cli import main
from stockade.load import load
from stockade.model import expression

EXAMPLES = Path(__file__).parents[2] / "examples" / "cv-mailbox"

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}]}
  Archive:
    Type: AWS::S3::Bucket
  Other:
    Type: AWS::S3::Bucket
  Taker:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: app.handler
      Runtime: python3.13
      Environment: {Variables: {TABLE: !Ref Orders, ARCHIVE: !Ref Archive, OTHER: !Ref Other}}
      Policies: POLICIES
      Events: {Take: {Type: HttpApi, Properties: {Method: post, Path: /orders}}}
"""

CODE = """
import json
import os
import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
s3 = boto3.client("s3")

def handler(event, context):
    order = json.loads(event["body"])
    table.put_item(Item=order)
    s3.put_object(Bucket=os.environ["ARCHIVE"], Key="orders/" + order["id"], Body=event["body"])
"""


def judged(folder: Path) -> dict[str, Judgement]:
    """Judge every function of the application in a folder."""
    found = {}
    for app in load(folder).applications:
        for judgement in judge(app, needs(app, analyse(app))):
            found[judgement.function] = judgement
    return found


@pytest.fixture
def taker(tmp_path: Path) -> "Taker":
    """Give an application of one function, whose policies a test chooses."""
    return Taker(tmp_path)


class Taker:
    """Writes the application and judges its function."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *policies: object) -> Judgement:
        """Judge the function with these SAM policies."""
        template = TEMPLATE.replace("POLICIES", json.dumps(policies))
        (self.folder / "template.yaml").write_text(template)
        (self.folder / "app.py").write_text(CODE)
        return judged(self.folder)["Taker"]


def statement(action: str, resource: object) -> dict[str, object]:
    """Write a policy of one statement."""
    allowed = {"Effect": "Allow", "Action": action, "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [allowed]}


def data(judgement: Judgement) -> set[tuple[str, str]]:
    """Return what the code needs of stores, without the logs that every function writes."""
    return {
        (need.action, expression(need.resource))
        for need in judgement.needed
        if not need.action.startswith("logs:")
    }


TABLE = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}"


def test_a_function_needs_exactly_what_its_code_uses(taker: Taker) -> None:
    """One action on the table, one below the prefix of one bucket, nothing of the other."""
    judgement = taker()

    assert data(judgement) == {
        ("dynamodb:PutItem", TABLE),
        ("s3:PutObject", "arn:${AWS::Partition}:s3:::${Archive}/orders/*"),
    }
    assert judgement.complete


def test_what_the_role_lacks_is_missing(taker: Taker) -> None:
    """Without policies both are missing; with one policy only the other is."""
    assert {need.action for need in taker().missing} == {"dynamodb:PutItem", "s3:PutObject"}

    judgement = taker({"DynamoDBWritePolicy": {"TableName": {"Ref": "Orders"}}})

    assert {need.action for need in judgement.missing} == {"s3:PutObject"}


def test_a_grant_that_is_wider_is_told_with_what_is_needed_of_it(taker: Taker) -> None:
    """A wildcard serves its need; a grant that serves nothing is told as unused."""
    judgement = taker(statement("dynamodb:*", "*"), statement("sqs:SendMessage", "*"))

    excess = {each.grant.action: {need.action for need in each.used} for each in judgement.excess}
    assert excess["dynamodb:*"] == {"dynamodb:PutItem"}
    assert excess["sqs:SendMessage"] == set()


def test_a_part_of_what_is_needed_is_not_too_much(taker: Taker) -> None:
    """The author may know which objects there are: `orders/new/*` of `orders/*`."""
    part = {"Fn::Sub": "arn:${AWS::Partition}:s3:::${Archive}/orders/new/*"}
    other = {"Fn::Sub": "arn:${AWS::Partition}:s3:::${Archive}/bills/*"}
    judgement = taker(statement("s3:PutObject", part), statement("s3:PutObject", other))

    excess = [expression(each.grant.resource) for each in judgement.excess]
    assert [one for one in excess if "Archive" in one] == [
        "arn:${AWS::Partition}:s3:::${Archive}/bills/*"
    ]


def test_a_role_that_grants_exactly_what_is_needed_has_no_excess_of_data(taker: Taker) -> None:
    """However the template writes the ARN."""
    arn = {"Fn::GetAtt": ["Orders", "Arn"]}
    objects = {"Fn::Sub": "arn:${AWS::Partition}:s3:::${Archive}/orders/*"}

    judgement = taker(statement("dynamodb:PutItem", arn), statement("s3:PutObject", objects))

    assert not judgement.missing
    assert not [e for e in judgement.excess if not e.grant.action.startswith("logs:")]


def test_the_exact_policy_is_proved(taker: Taker) -> None:
    """Every need is allowed by it, and each of its statements is necessary."""
    proof = taker().proof

    assert proof.holds
    assert proof.allowed == proof.asked > 0


def test_the_careless_mailbox_should_have_been_given_two_permissions() -> None:
    """`s3:*` and `dynamodb:*` on `*` are replaced by one action on one resource each."""
    intake = judged(EXAMPLES / "careless")["Intake"]

    table = TABLE.replace("Orders", "Candidates")
    assert ("dynamodb:PutItem", table) in data(intake)
    assert {action for action, _ in data(intake)} == {"dynamodb:PutItem", "s3:GetObject"}
    assert {"s3:*", "dynamodb:*"} <= {each.grant.action for each in intake.excess}
    assert intake.proof.holds


def test_the_careful_mailbox_has_what_it_needs_and_the_proof() -> None:
    """No permission is missing in the application done well."""
    for judgement in judged(EXAMPLES / "careful").values():
        assert not judgement.missing
        assert judgement.complete
        assert judgement.proof.holds


@pytest.mark.parametrize(
    ("form", "telling"),
    [
        ("sam", '!Sub "arn:${AWS::Partition}:s3:::${MailBucket}/'),
        ("cloudformation", "Type: AWS::IAM::Role"),
        ("serverless", "statements:"),
        ("terraform", 'data "aws_iam_policy_document" "intake" {'),
        ("json", '"action": "s3:GetObject"'),
        ("text", "proof: "),
    ],
)
def test_the_policy_is_written_in_the_words_of_each_framework(
    form: str, telling: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each form holds the exact policy of the one function that was asked for."""
    arguments = ["policy", str(EXAMPLES / "careless"), "--function", "Intake", "--format", form]

    code = main(arguments)

    told = capsys.readouterr().out
    assert code == 0
    assert telling in told
    assert "Recruiters" not in told


def test_a_function_that_is_not_there_is_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """The error tells the nearest name."""
    assert main(["policy", str(EXAMPLES / "careless"), "--function", "Intaek"]) == 2
    assert "Intake" in capsys.readouterr().err


def test_a_handler_of_several_jobs_is_split(tmp_path: Path) -> None:
    """Each part is told what it would need: its own store, the log, and what all calls need."""
    app = application(
        tmp_path,
        """\
        Transform: AWS::Serverless-2016-10-31
        Resources:
          Users: {Type: AWS::Serverless::SimpleTable}
          Refunds: {Type: AWS::Serverless::SimpleTable}
          Audit: {Type: AWS::S3::Bucket}
          F:
            Type: AWS::Serverless::Function
            Properties:
              CodeUri: .
              Handler: app.handler
              Runtime: python3.13
              Environment:
                Variables: {USERS: !Ref Users, REFUNDS: !Ref Refunds, AUDIT: !Ref Audit}
        """,
        {
            "app.py": """\
            import os

            import boto3

            tables = boto3.resource("dynamodb")
            s3 = boto3.client("s3")


            def handler(event, context):
                s3.put_object(Bucket=os.environ["AUDIT"], Key="log", Body="seen")
                if event["path"] == "/users":
                    return tables.Table(os.environ["USERS"]).scan()["Items"]
                elif event["path"] == "/refunds":
                    tables.Table(os.environ["REFUNDS"]).put_item(Item={"id": event["body"]})
            """
        },
    )
    found = parts(app, analyse(app), app.functions["F"])
    needed = [
        {(one.action, place_of(one)) for one in part.needs.needed if "logs:" not in one.action}
        for part in found
    ]

    assert [part.job.labels for part in found] == [("/users",), ("/refunds",)]
    assert needed == [
        {("dynamodb:Scan", "Users"), ("s3:PutObject", "Audit")},
        {("dynamodb:PutItem", "Refunds"), ("s3:PutObject", "Audit")},
    ]


APP = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Users: {Type: AWS::Serverless::SimpleTable}
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: app.app
      Runtime: python3.13
      Environment: {Variables: {USERS: !Ref Users}}
"""


def test_an_application_of_flask_may_be_the_handler(tmp_path: Path) -> None:
    """What deploys it puts the adapter before it: its routes are what it needs."""
    code = """\
    import os

    import boto3
    from flask import Flask

    app = Flask(__name__)
    users = boto3.resource("dynamodb").Table(os.environ["USERS"])


    @app.route("/users")
    def users_route():
        return users.scan()["Items"]
    """
    app = application(tmp_path, APP, {"app.py": code})
    found = needs(app, analyse(app))["F"]

    assert found.complete
    assert "dynamodb:Scan" in {one.action for one in found.needed}


def test_a_handler_that_a_library_makes_is_not_said_to_need_nothing(tmp_path: Path) -> None:
    """Where nothing of what it runs was seen, the policy is not complete, and that is said."""
    code = """\
    from some_framework import make_handler

    app = make_handler("routes.yaml")
    """
    app = application(tmp_path, APP, {"app.py": code})
    found = needs(app, analyse(app))["F"]

    assert [one.why for one in found.unknown] == [
        "its code was not followed: a library makes app; what that runs is not followed"
    ]


def test_an_arn_that_is_written_out_is_what_the_code_needs(tmp_path: Path) -> None:
    """A grant that names partition, region or account serves the need that leaves them open."""
    template = (
        APP.replace("app.app", "app.handler")
        + """\
      Policies:
        - Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Action: bedrock:InvokeModel
              Resource: arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0
"""
    )
    code = """\
    import boto3

    client = boto3.client("bedrock-runtime")


    def handler(event, context):
        client.invoke_model(modelId="amazon.nova-lite-v1:0", body="{}")
    """
    app = application(tmp_path, template, {"app.py": code})
    (judged,) = judge(app, needs(app, analyse(app)))

    assert "bedrock:InvokeModel" not in {one.grant.action for one in judged.excess}
    assert judged.missing == ()


def test_the_variables_that_lambda_sets_are_known(tmp_path: Path) -> None:
    """The region and the function's own name need no variable of the template."""
    template = APP.replace("app.app", "app.handler")
    code = """\
    import os

    import boto3

    region = os.environ["AWS_REGION"]
    account = "111122223333"


    def handler(event, context):
        boto3.client("sns").publish(
            TopicArn=f"arn:aws:sns:{region}:{account}:news", Message="ready"
        )
        boto3.client("lambda").invoke(FunctionName=os.environ["AWS_LAMBDA_FUNCTION_NAME"])
    """
    app = application(tmp_path, template, {"app.py": code})
    found = needs(app, analyse(app))["F"]
    resources = {one.action: expression(one.resource) for one in found.needed}

    assert found.complete
    assert resources["sns:Publish"] == "arn:aws:sns:${AWS::Region}:111122223333:news"
    assert resources["lambda:InvokeFunction"].endswith(":function:${F}")


def test_what_a_wider_need_covers_makes_no_statement_of_its_own(tmp_path: Path) -> None:
    """Objects under a prefix and all of a bucket are one statement, and the proof holds."""
    template = APP.replace("app.app", "app.handler").replace(
        "Users: {Type: AWS::Serverless::SimpleTable}", "Users: {Type: AWS::S3::Bucket}"
    )
    code = """\
    import os

    import boto3

    s3 = boto3.client("s3")


    def handler(event, context):
        s3.get_object(Bucket=os.environ["USERS"], Key="reports/" + event["name"])
        s3.get_object(Bucket=os.environ["USERS"], Key=event["name"])
    """
    app = application(tmp_path, template, {"app.py": code})
    (judged,) = judge(app, needs(app, analyse(app)))
    read = [one for one in judged.policy.statements if "s3:GetObject" in one.actions]

    assert [[expression(each) for each in one.resources] for one in read] == [
        ["arn:${AWS::Partition}:s3:::${Users}/*"]
    ]
    assert judged.proof.holds


@pytest.mark.parametrize(
    ("granted", "refused"),
    [("orders-R3IWWV", False), ("orders", True), ("orders-old-R3IWWV", True), ("*", False)],
)
def test_a_secret_is_granted_by_its_whole_arn(
    granted: str, *, refused: bool, tmp_path: Path
) -> None:
    """AWS puts six characters behind its name, which the template has and the code has not."""
    write(
        tmp_path,
        {
            "template.yaml": f"""\
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Policies:
        - AWSSecretsManagerGetSecretValuePolicy:
            SecretArn: !Sub "arn:aws:secretsmanager:${{AWS::Region}}:1:secret:{granted}"
""".replace(":1:", ":${AWS::AccountId}:"),
            "app.py": """\
import boto3

def handler(event, context):
    return boto3.client("secretsmanager").get_secret_value(SecretId="orders")["SecretString"]
""",
        },
    )

    found = [one.rule.id for one in scan(tmp_path).findings]

    assert ("permission-missing" in found) is refused
