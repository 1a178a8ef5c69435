"""Twins: of two applications that look alike, the one that is at fault is told, the other not."""

from pathlib import Path
from typing import NamedTuple

import pytest

from stockade.api import scan
from stockade.config import Config
from stockade.model import Severity

WEB = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Web:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: {runtime}
      Events: {{Web: {{Type: HttpApi, Properties: {{Method: POST, Path: /}}}}}}
"""
NODE = WEB.format(runtime="nodejs22.x")

MODEL = """\
const mongoose = require("mongoose");
const bcrypt = require("bcryptjs");
const schema = new mongoose.Schema({{ email: String, password: String }});
{hook}
const User = mongoose.model("User", schema);
exports.handler = async (event) => {{
  const {{ email, password }} = JSON.parse(event.body);
  const user = await User.create({{ email, password }});
  return {{ statusCode: 200, body: JSON.stringify({{ id: user.id }}) }};
}};
"""
HOOK = """\
schema.pre("save", async function (next) {
  this.password = await bcrypt.hash(this.password, 10);
  next();
});
"""


LOGIN = """\
import bcrypt from "bcryptjs";
import jwt from "jsonwebtoken";
export const handler = async (event) => {{
  const {{ email, password }} = JSON.parse(event.body);
  {check}
  const token = jwt.sign({{ email }}, process.env.KEY);
  return {{ statusCode: 200, body: JSON.stringify({{ token }}) }};
}};
"""
SIGNED_IN = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: {AutoVerifiedAttributes: [email]}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Auth: {DefaultAuthorizer: P, Authorizers: {P: {UserPoolArn: !GetAtt Pool.Arn}}}
  Notes: {Type: AWS::Serverless::SimpleTable}
  Web:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      Environment: {Variables: {NOTES: !Ref Notes}}
      Policies: [DynamoDBCrudPolicy: {TableName: !Ref Notes}]
      Events:
        Web: {Type: Api, Properties: {RestApiId: !Ref Api, Method: POST, Path: /}}
  Mails:
    Type: AWS::Serverless::Function
    Properties:
      Handler: mails.handler
      Runtime: python3.13
      Environment: {Variables: {NOTES: !Ref Notes}}
      Policies: [DynamoDBReadPolicy: {TableName: !Ref Notes}]
      Events: {Daily: {Type: Schedule, Properties: {Schedule: rate(1 day)}}}
"""
NOTES = """\
import json, os
import boto3
notes = boto3.resource("dynamodb").Table(os.environ["NOTES"])
def handler(event, context):
    claims = event["requestContext"]["authorizer"]["claims"]
    body = json.loads(event["body"])
    notes.put_item(Item={"id": body["id"], "email": EMAIL})
"""
MAILS = """\
import os
import boto3
notes = boto3.resource("dynamodb").Table(os.environ["NOTES"])
mail = boto3.client("ses")
def handler(event, context):
    for note in notes.scan()["Items"]:
        mail.send_email(Source="a@example.com", Destination={"ToAddresses": [note["email"]]})
"""


HIDDEN = """\
Transform: AWS::Serverless-2016-10-31
Parameters: {NAME: {Type: String, NoEcho: true}}
Resources:
  Web:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      Environment: {Variables: {VARIABLE: !Ref NAME}}
"""

CODES = """\
const nodemailer = require("nodemailer");
const jwt = require("jsonwebtoken");
exports.handler = async (event) => {{
  const {{ email, note }} = JSON.parse(event.body);
  const code = await issue(email);
  await nodemailer.createTransport({{}}).sendMail({{
    from: "shop@example.com", to: email, subject: "Your code", text: {says},
  }});
}};
"""
KEY = """\
const jwt = require("jsonwebtoken");
exports.handler = async (event) => jwt.verify(event.headers.token, "{key}");
"""
CONFIRMS = """\
import {{ CognitoIdentityProvider }} from "@aws-sdk/client-cognito-identity-provider";
const pool = new CognitoIdentityProvider({{}});
export const handler = async (event) => {{
  const {{ email, password }} = JSON.parse(event.body);
  {made}
  await pool.adminDeleteUser({{ UserPoolId: process.env.POOL, Username: email }});
}};
"""
UPLOADS = """\
import {{ S3 }} from "@aws-sdk/client-s3";
import {{ v4 as uuid }} from "uuid";
const s3 = new S3({{}});
export const handler = async (event) => {{
  const {{ user, end, content }} = JSON.parse(event.body);
  await s3.putObject({{ Bucket: process.env.BUCKET, Key: {key}, Body: content }});
}};
"""
ORDERS = """\
const {{ MongoClient }} = require("mongodb");
const orders = new MongoClient(process.env.URL).db("shop").collection("orders");
const by = (name, event) => ({{ [name]: {what} }});
exports.handler = async (event) => orders.findOne(by(process.env.NAME, event));
"""
GREETS = """\
exports.handler = async (event) => ({{
  statusCode: 200, headers: {{ "Content-Type": "text/html" }}, body: `<p>${{{what}}}</p>`,
}});
"""
PYTHON = WEB.format(runtime="python3.13")
DECODES = """\
import base64, json
def handler(event, context):
    asked = event["queryStringParameters"]["{name}"]
    return json.loads(base64.urlsafe_b64decode(asked + "==="))
"""


BROADCASTS = """\
import {{ DynamoDBDocumentClient, DeleteCommand }} from "@aws-sdk/lib-dynamodb";
const items = DynamoDBDocumentClient.from({{}});
async function send({name}) {{
  await items.send(new DeleteCommand({{ TableName: "subscribers", Key: {{ {name} }} }}));
}}
export const handler = async (event) => {{
  await send(JSON.parse(event.body).to);
  return {{ statusCode: 200 }};
}};
"""


STALLS = """\
import {{ read }} from "library";
export const handler = async (event) => {{
  const text = await {call}(event.headers["x-name"]);
  return {{ statusCode: /^(a+)+$/.test(text) ? 200 : 400 }};
}};
"""


class Twins(NamedTuple):
    """The files of an application, and what makes one twin of the other: the rule that tells."""

    rule: str
    told: dict[str, str]
    quiet: dict[str, str]


CASES = {
    "a header that no page of others can have a browser send": Twins(
        "event-in-page",
        told={"template.yaml": NODE, "app.js": GREETS.format(what="event.headers.referer")},
        quiet={"template.yaml": NODE, "app.js": GREETS.format(what="event.headers.Authorization")},
    ),
    "what names the next page of a list is no token of anybody": Twins(
        "unverified-token",
        told={"template.yaml": PYTHON, "app.py": DECODES.format(name="token")},
        quiet={"template.yaml": PYTHON, "app.py": DECODES.format(name="nextToken")},
    ),
    "a text that was found under what the caller says": Twins(
        "pattern-that-stalls",
        told={"template.yaml": NODE, "app.mjs": STALLS.format(call="read.trimmed")},
        quiet={"template.yaml": NODE, "app.mjs": STALLS.format(call="read.getName")},
    ),
    "a connection that is gone is deleted whoever calls": Twins(
        "route-without-authorizer",
        told={"template.yaml": NODE, "app.mjs": BROADCASTS.format(name="customerId")},
        quiet={"template.yaml": NODE, "app.mjs": BROADCASTS.format(name="connectionId")},
    ),
    "a key that was taken out before it was shown": Twins(
        "secret-in-code",
        told={"template.yaml": NODE, "app.js": KEY.format(key="s3")},
        quiet={"template.yaml": NODE, "app.js": KEY.format(key="xxxx")},
    ),
    "a user of the pool whom the same function makes": Twins(
        "event-chooses-target",
        told={"template.yaml": NODE, "app.mjs": CONFIRMS.format(made="")},
        quiet={
            "template.yaml": NODE,
            "app.mjs": CONFIRMS.format(
                made="await pool.signUp({ ClientId: 'c', Username: email, Password: password });"
            ),
        },
    ),
    "a key that is a new one each time": Twins(
        "event-chooses-object-key",
        told={"template.yaml": NODE, "app.mjs": UPLOADS.format(key="`${user}/photo.png`")},
        quiet={"template.yaml": NODE, "app.mjs": UPLOADS.format(key="`${user}-${uuid()}.png`")},
    ),
    "where a text was replaced in a key, its parts stay where they are": Twins(
        "event-chooses-object-key",
        told={
            "template.yaml": NODE,
            "app.mjs": UPLOADS.format(key="`${user}/photo.${end}`.replace('#', '_')"),
        },
        quiet={
            "template.yaml": NODE,
            "app.mjs": UPLOADS.format(key="`photos/photo.${end}`.replace('#', '_')"),
        },
    ),
    "a filter whose field the author computes": Twins(
        "event-in-query-expression",
        told={"template.yaml": NODE, "app.js": ORDERS.format(what="JSON.parse(event.body).id")},
        quiet={"template.yaml": NODE, "app.js": ORDERS.format(what="event.pathParameters.id")},
    ),
    "a hook of the model hashes the password": Twins(
        "password-in-plain-text",
        told={"template.yaml": NODE, "app.js": MODEL.format(hook="")},
        quiet={"template.yaml": NODE, "app.js": MODEL.format(hook=HOOK)},
    ),
    "where people sign up there is no password to guess": Twins(
        "home-made-login",
        told={
            "template.yaml": NODE,
            "app.mjs": LOGIN.format(
                check="if (!(await bcrypt.compare(password, await load(email)))) return {};"
            ),
        },
        quiet={
            "template.yaml": NODE,
            "app.mjs": LOGIN.format(check="await save(email, await bcrypt.hash(password, 10));"),
        },
    ),
    "what is found by a name is no secret, though it is not shown": Twins(
        "secret-in-environment",
        told={
            "template.yaml": HIDDEN.replace("NAME", "ShopKey").replace("VARIABLE", "SHOP_KEY"),
            "app.py": "def handler(event, context): pass",
        },
        quiet={
            "template.yaml": HIDDEN.replace("NAME", "ShopId").replace("VARIABLE", "SHOP_ID"),
            "app.py": "def handler(event, context): pass",
        },
    ),
    "a user's own address, where no trigger takes it for confirmed": Twins(
        "event-chooses-recipient",
        told={
            "template.yaml": SIGNED_IN.replace(
                "[email]}", "[email], LambdaConfig: {PreSignUp: !GetAtt Mails.Arn}}"
            ),
            "app.py": NOTES.replace("EMAIL", 'claims["email"]'),
            "mails.py": MAILS,
        },
        quiet={
            "template.yaml": SIGNED_IN,
            "app.py": NOTES.replace("EMAIL", 'claims["email"]'),
            "mails.py": MAILS,
        },
    ),
    "a user's own address, as the checked token says it": Twins(
        "event-chooses-recipient",
        told={
            "template.yaml": SIGNED_IN,
            "app.py": NOTES.replace("EMAIL", 'body["email"]'),
            "mails.py": MAILS,
        },
        quiet={
            "template.yaml": SIGNED_IN,
            "app.py": NOTES.replace("EMAIL", 'claims["email"]'),
            "mails.py": MAILS,
        },
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_only_the_twin_at_fault_is_told(name: str, tmp_path: Path) -> None:
    """The rule tells the one, and says nothing of the other."""
    rule, told, quiet = CASES[name]

    assert found(tmp_path / "told", rule, told)
    assert not found(tmp_path / "quiet", rule, quiet)


def found(folder: Path, rule: str, files: dict[str, str]) -> list[str]:
    """Write an application and return what a rule says of it."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return [one.match.message for one in scan(folder, Config(select=(rule,))).findings]


TOGETHER = """\
service: orders
provider: {name: aws, runtime: python3.13}
functions:
  put: {handler: app.put}
  get: {handler: app.get}
"""
TABLE = """\
import boto3
table = boto3.resource("dynamodb").Table("orders")
def put(event, context):
    table.put_item(Item={"id": "1"})
def get(event, context):
    return table.get_item(Key={"id": "1"})
"""


def test_one_role_that_lacks_much_is_one_finding(tmp_path: Path) -> None:
    """The functions that act as it are told together: there is one place to mend."""
    messages = found(tmp_path, "permission-missing", {"serverless.yml": TOGETHER, "app.py": TABLE})

    assert len(messages) == 1
    assert "and 1 more will be refused: their role may not dynamodb:" in messages[0]
    assert messages[0].endswith(", and 1 more")


QUOTED = """\
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/x
      Code:
        ZipFile: "import os\\n\\ndef handler(event, context):\\n    os.system(event['body'])\\n"
  Url:
    Type: AWS::Lambda::Url
    Properties: {AuthType: NONE, TargetFunctionArn: !GetAtt F.Arn}
"""


def test_quoted_code_is_where_its_text_is(tmp_path: Path) -> None:
    """Code in one quoted text has lines that are none of the template's: its place is told."""
    (tmp_path / "template.yaml").write_text(QUOTED)

    (finding,) = scan(tmp_path, Config(select=("event-in-shell",))).findings

    assert finding.match.at.line == 9


def test_a_code_is_no_mail_of_the_callers_own(tmp_path: Path) -> None:
    """Whom anyone may have sent a fixed text is told as less than what they may write to whom."""
    severities = []
    for says in ("`Your code is ${code}`", "`${note}, says ${email}`"):
        (tmp_path / "template.yaml").write_text(NODE)
        (tmp_path / "app.js").write_text(CODES.format(says=says))
        (finding,) = scan(tmp_path, Config(select=("event-chooses-recipient",))).findings
        severities.append(finding.severity)

    assert severities == [Severity.LOW, Severity.HIGH]


DIRECT = """\
import jwt from "jsonwebtoken";
export const handler = async (event) => {
  const { email } = jwt.decode(event.headers.Authorization);
  return { statusCode: 200, body: email };
};
"""


def test_a_gateway_that_is_not_seen_may_have_verified_a_token(tmp_path: Path) -> None:
    """Where no template shows the API, a token that is only read is told as less."""
    (tmp_path / "alone").mkdir()
    (tmp_path / "alone" / "index.mjs").write_text(DIRECT)
    (tmp_path / "whole").mkdir()
    (tmp_path / "whole" / "template.yaml").write_text(NODE)
    (tmp_path / "whole" / "app.mjs").write_text(DIRECT)
    only = Config(select=("unverified-token",))

    (alone,) = scan(tmp_path / "alone", only).findings
    (whole,) = scan(tmp_path / "whole", only).findings

    assert (alone.severity, whole.severity) == (Severity.MEDIUM, Severity.CRITICAL)


POOL = """\
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: {LambdaConfig: {PostConfirmation: !GetAtt Confirmed.Arn}}
  Confirmed:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Runtime: python3.13
      Role: arn:aws:iam::111122223333:role/x
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              boto3.client("cognito-idp").admin_add_user_to_group(
                  UserPoolId=event["userPoolId"], Username=event["userName"],
                  GroupName=GROUP)
"""


def test_a_trigger_of_a_pool_is_about_the_user_it_names(tmp_path: Path) -> None:
    """The name that Cognito gives is the user's own: nobody chooses another's."""
    (tmp_path / "template.yaml").write_text(POOL.replace("GROUP)", "'customers')"))

    assert not scan(tmp_path, Config(select=("event-chooses-target",))).findings


PEOPLE = """\
Resources:
  People:
    Type: AWS::IAM::Role
    Properties:
      RoleName: {name}
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {{AWS: !Sub "arn:aws:iam::${{AWS::AccountId}}:root"}}
            Action: sts:AssumeRole
      Policies:
        - PolicyName: work
          PolicyDocument:
            Statement:
              - {{Effect: Allow, Action: "dynamodb:DeleteTable", Resource: "*"}}
              - {{Effect: Allow, Action: "s3:DeleteObject", Resource: "*"}}
"""


@pytest.mark.parametrize(("name", "told"), [("support", 1), ("deployment", 0)])
def test_what_people_may_delete_is_one_finding(tmp_path: Path, name: str, told: int) -> None:
    """Each statement is a step of it; a pipeline's role may delete where no stage is told."""
    (tmp_path / "template.yaml").write_text(
        PEOPLE.format(name=name).replace("People:", f"{name}:")
    )

    found = scan(tmp_path, Config(select=("people-can-delete",))).findings

    assert len(found) == told
    assert [len(one.match.mends) for one in found] == [2] * told


CRAWLER = """\
Resources:
  Crawler:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Service: glue.amazonaws.com}
            Action: sts:AssumeRole
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/%s"]
  %s:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement: [{Effect: Allow, Action: "iam:CreatePolicyVersion", Resource: "*"}]
"""


@pytest.mark.parametrize(
    ("managed", "policy", "resources"),
    [
        ("service-role/AWSGlueServiceRole", "PermissionsBoundary", []),
        ("AWSGlueConsoleFullAccess", "PermissionsBoundary", ["Crawler"]),
        ("service-role/AWSGlueServiceRole", "Tools", ["Tools"]),
    ],
)
def test_power_that_nobody_chose_is_no_finding(
    tmp_path: Path, managed: str, policy: str, resources: list[str]
) -> None:
    """What AWS's own policy of a service's role allows is AWS's, and a boundary grants nothing."""
    (tmp_path / "template.yaml").write_text(CRAWLER % (managed, policy))

    found = scan(tmp_path, Config(select=("role-can-escalate",))).findings

    assert [one.match.resource for one in found] == resources
