# ruff: noqa: E501 - a table of resources is read row by row
"""What is a secret, and what only looks like one."""

import json
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loaded import application

from stockade.analysis.stores import secrets
from stockade.analysis.stores.settings import in_templates
from stockade.api import scan
from stockade.reports.json import render as as_json
from stockade.reports.sarif import render as as_sarif
from stockade.reports.terminal import render as as_text

ARE = [
    ("MAIL_API_KEY", "9f86d081884c7d659a2feaa0c55ad015"),
    ("apiKey", "kJ8sD0fQ2wE4rT6yU8iO0pA2"),
    ("CLIENT_SECRET", "8cf2c1ac-1f5d-4d3b-9c39-0b8d3b6a1f77"),
    ("DbPassword", "h4mster-wheel"),
    ("ACCESS_TOKEN", "xK9dQ2mV7pLw3ZrT"),
]
ARE_NOT = [
    ("DB_SECRET", "my-database-secret-a1b2c3"),
    ("DB_SECRET", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-a1b2c3"),
    ("API_KEY", "{{resolve:secretsmanager:mail:SecretString:key}}"),
    ("API_KEY", "/prod/mail/key-1"),
    ("API_KEY", "https://keys.internal/key1"),
    ("API_KEY_NAME", "9f86d081884c7d659a2feaa0c55ad015"),
    ("SORT_KEY", "sk#2024-01-01T00:00:00"),
    ("NEXT_TOKEN_TTL", "3600"),
    ("SECRET", "MyDatabaseSecret-a1b2c3d4"),
    ("PASSWORD", "your-password-1"),
    ("PASSWORD", "CHANGEME123"),
    ("PASSWORD_POLICY", "min-8-chars"),
    ("HANDLER", "secret.token_handler"),
    ("TOKEN", ""),
    ("TEST_PASSWORD", "h4mster-wheel"),
    ("mockApiKey", "9f86d081884c7d659a2feaa0c55ad015"),
]


@pytest.mark.parametrize(("name", "text"), ARE)
def test_a_secret_is_known(name: str, text: str) -> None:
    """Under the name of a secret stands something that nobody would think of as a name."""
    assert secrets.is_secret(name, text)


@pytest.mark.parametrize(("name", "text"), ARE_NOT)
def test_a_name_is_no_secret(name: str, text: str) -> None:
    """Names, ARNs, paths, references and placeholders are no secrets."""
    assert not secrets.is_secret(name, text)


# No secret of these tests is written as a whole: tools that look for them would find these.
FORMATS = [
    "AKIA" + "Q3EGTUUV7WZ5YB2D",
    "ghp_" + "0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX",
    "glpat-" + "aB3dE5fG7hI9jK1lM3nO",
    "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
    "AIza" + "SyD3fG5hJ7kL9mN1pQ3rS5tU7vW9xY1zA3b",
    "postgresql://app:h4mster" + "@db.internal/shop",
    "https://api.telegram.org/bot" + "7190284635:AAE4dq1Zp8s" + "Kx0mVb7LwYtR2uJ5nHcGf3Q_/send",
    "https://discord.com/api/webhooks/" + "1187654321098765432/" + "aB3dE5fG7hI9jK1lM3nO" * 3,
    "GOCSPX" + "-aB3dE5fG7hI9jK1lM3nOpQ5rS7tU",
    "whsec" + "_aB3dE5fG7hI9jK1lM3nOpQ5rS7tU9vWx",
    "https://api.weather.example.org/now?q=Oslo&appid=" + "4f9c2e7b1a8d6053" + "e6b7d1c9a2f80345",
    "current.json?key=" + "4f9c2e7b1a8d6053" + "e6b7d1c9a2f80345&q=${city}",
    "-----BEGIN RSA PRIVATE" + " KEY-----\nMIIEowIBAAKCAQEAx1y2z3\n",
]


@pytest.mark.parametrize("text", FORMATS)
def test_a_known_format_is_found_anywhere(text: str) -> None:
    """A key whose format is known is found in the middle of any text."""
    assert [found.kind for found in secrets.in_text(f'key = "{text}"\n')]


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "postgresql://user:password@host/db",
        "postgresql://${User}:${Password}@host/db",
        "mysql://root:secret@localhost:3306/db",
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0B\n",
        "an sk-learn model, xoxo, AIza",
        "https://api.weather.example.org/now?appid=${KEY}&q=Oslo",
        "https://api.weather.example.org/now?appid=YOUR_API_KEY_GOES_HERE1",
        "https://files.example.org/o/a.png?alt=media&token=4f9c2e7b-1a8d-6053-e6b7-d1c9a2f80345",
        "for (const key=4f9c2e7b1a8d6053e6b7d1c9a2f80345; ;)",
        "?next_token=4f9c2e7b1a8d6053e6b7d1c9a2f80345",
    ],
)
def test_examples_are_left_alone(text: str) -> None:
    """What documentation shows, and what is filled in later, is no secret."""
    assert list(secrets.in_text(text)) == []


@pytest.mark.parametrize(
    "around",
    [
        'firebase.initializeApp({{apiKey: "{}", authDomain: "a.firebaseapp.com"}})',
        'new webpack.DefinePlugin({{KEY: "{}"}})',
        "NEXT_PUBLIC_MAPS_KEY={}",
    ],
)
def test_a_key_of_google_that_is_packed_for_browsers_is_no_secret(around: str) -> None:
    """Every page has it: what it may do is narrowed where it is made."""
    key = "AIza" + "SyD3fG5hJ7kL9mN1pQ3rS5tU7vW9xY1zA3b"

    assert list(secrets.in_text(around.format(key))) == []
    assert [found.kind for found in secrets.in_text(f"MAPS_KEY={key}")]


@given(st.text(min_size=1))
def test_a_redacted_secret_is_not_the_secret(text: str) -> None:
    """At most four characters of a secret are told, and never more than a quarter of it."""
    shown = secrets.redacted(text).rpartition("...")[0]

    assert len(shown) <= max(1, len(text) // 4)


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    """No text breaks the search, and what is found lies inside it."""
    for found in secrets.in_text(text):
        assert 0 <= found.start < found.end <= len(text)


@pytest.mark.parametrize(
    "part",
    [
        "sk-",
        "AKIA",
        "SG.",
        "mysql://a:",
        "xoxb-1-",
        "-----BEGIN RSA PRIVATE KEY-----\\n",
        "sk-ant-",
    ],
)
def test_no_text_makes_the_search_slow(part: str) -> None:
    """A text made to be searched for long is searched in no more time than another."""
    text = part * (200_000 // len(part))
    began = process_time()

    list(secrets.in_text(text))
    secrets.is_secret("API_KEY", text)

    assert process_time() - began < 2


TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  Password: {Type: String, NoEcho: true, Default: h4mster-wheel-of-fortune}
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: app.handler
      Runtime: python3.13
      Environment: {Variables: {MAIL_API_KEY: 9f86d081884c7d659a2feaa0c55ad015}}
"""
CODE = """
import pymysql


def handler(event, context):
    pymysql.connect(host="db", user="app", password="w4lrus-and-carpenter")
"""


def test_no_report_tells_a_secret(tmp_path: Path) -> None:
    """The text, the JSON and the SARIF report show where a secret stands, not what it is."""
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "app.py").write_text(CODE)
    report = scan(tmp_path)

    found = {finding.rule.id for finding in report.findings}
    texts = [as_text(report), as_json(report), as_sarif(report)]

    assert {"secret-in-template", "secret-in-code"} <= found
    for text in texts:
        for secret in ("heel-of-fortune", "d081884c7d659a", "rus-and-carpenter"):
            assert secret not in text
    assert json.loads(texts[1])


COPIED = {
    "template.yaml": """
Transform: AWS::Serverless-2016-10-31
Resources:
  A:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: ., Handler: a.handler, Runtime: nodejs22.x}
  B:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: b.handler
      Runtime: nodejs22.x
      Environment:
        Variables: {KEY: '{{resolve:secretsmanager:shop:SecretString:key}}'}
""",
    "a.mjs": "import { enter } from './sign.mjs';\n"
    "export const handler = () => enter('w4lrus-and-carpenter');\n",
    "b.mjs": "import jwt from 'jsonwebtoken';\nimport { enter } from './sign.mjs';\n"
    "export const handler = () => {\n  enter('w4lrus-and-carpenter');\n"
    "  return jwt.sign({}, process.env.KEY);\n};\n",
    "sign.mjs": "import axios from 'axios';\n"
    "export const enter = (password) => axios.post('https://x.example', { password });\n",
}


def test_what_everybody_may_know_is_no_secret_wherever_it_is_kept(tmp_path: Path) -> None:
    """Ids, public keys and the address of Sentry, also where they stand beside a secret."""
    resolved = "'{{resolve:secretsmanager:chat:SecretString:%s}}'"
    variables = {
        "BOT_TOKEN": resolved % "token",
        "BOT_PUBLIC_KEY": resolved % "bot-public-key",
        "APP_ID": resolved % "app_id",
        "SENTRY_DSN": resolved % "sentry_dsn",
        "ROOM_ID": resolved % "key",
    }
    lines = "".join(f"          {name}: {text}\n" for name, text in variables.items())
    (tmp_path / "template.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Fn:\n"
        "    Type: AWS::Serverless::Function\n    Properties:\n      Handler: app.handler\n"
        "      Runtime: python3.13\n      CodeUri: .\n      Environment:\n"
        f"        Variables:\n{lines}"
    )

    messages = [
        match.message
        for one in scan(tmp_path).findings
        if one.rule.id == "secret-in-environment"
        for match in (one.match, *one.also)
    ]

    assert [text.partition(" can read ")[2].partition(",")[0] for text in messages] == [
        "BOT_TOKEN",
        "ROOM_ID",
    ]


def test_a_secret_that_is_copied_is_one_finding_where_it_is_written(tmp_path: Path) -> None:
    """Each copy is named, not the call that passes it on; a reference to a secret is none."""
    for name, text in COPIED.items():
        (tmp_path / name).write_text(text)

    found = [one for one in scan(tmp_path).findings if one.rule.id == "secret-in-code"]

    assert [[f"{step.at.path}:{step.at.line}" for step in one.match.because] for one in found] == [
        ["a.mjs:2", "b.mjs:4"]
    ]


def test_a_key_in_the_template_is_found_where_it_stands(tmp_path: Path) -> None:
    """A place of a secret is exactly its text."""
    key = "glpat-" + "aB3dE5fG7hI9jK1lM3nO"
    app = application(
        tmp_path,
        f"""
        Description: {key}
        Resources:
          Box: {{Type: AWS::S3::Bucket}}
        """,
    )

    (held,) = in_templates(app)

    line = (tmp_path / held.at.path).read_text().splitlines()[held.at.line - 1]
    assert line[held.at.column - 1 : held.at.end_column - 1] == key


PLACES = [
    '{Type: AWS::SecretsManager::Secret, Properties: {SecretString: \'{"user": "app", "password": "h4mster-wheel"}\'}}',
    "{Type: AWS::SSM::Parameter, Properties: {Name: /prod/db/password, Type: String, Value: h4mster-wheel}}",
    "{Type: AWS::ApiGateway::Stage, Properties: {Variables: {dbPassword: h4mster-wheel}}}",
    "{Type: AWS::CodeBuild::Project, Properties: {Environment: {EnvironmentVariables: [{Name: DB_PASSWORD, Value: h4mster-wheel}]}}}",
    "{Type: AWS::ECS::TaskDefinition, Properties: {ContainerDefinitions: [{Environment: [{Name: DB_PASSWORD, Value: h4mster-wheel}]}]}}",
    "{Type: AWS::EC2::Instance, Properties: {UserData: 'export DB_PASSWORD=h4mster-wheel'}}",
    "{Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {UserData: !Base64 'export DB_PASSWORD=h4mster-wheel'}}}",
    "{Type: AWS::AutoScaling::LaunchConfiguration, Properties: {UserData: 'export DB_PASSWORD=h4mster-wheel'}}",
    "{Type: AWS::CloudFormation::Stack, Properties: {Parameters: {DbPassword: h4mster-wheel}}}",
    "{Type: AWS::Batch::JobDefinition, Properties: {ContainerProperties: {Environment: [{Name: DB_PASSWORD, Value: h4mster-wheel}]}}}",
    "{Type: AWS::ElasticBeanstalk::Environment, Properties: {OptionSettings: [{OptionName: DB_PASSWORD, Value: h4mster-wheel}]}}",
    "{Type: AWS::CodePipeline::Pipeline, Properties: {Stages: [{Actions: [{Configuration: {OAuthToken: h4mster-wheel}}]}]}}",
    "{Type: AWS::SSM::Parameter, Properties: {Name: /app/jwt-secret, Type: String, Value: h4mster-wheel-2}}",
]
NO_PLACES = [
    '{Type: AWS::SecretsManager::Secret, Properties: {SecretString: \'{"user": "app-1-user", "password": ""}\'}}',
    "{Type: AWS::SSM::Parameter, Properties: {Name: /prod/db/password, Type: String, Value: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db'}}",
    "{Type: AWS::CodeBuild::Project, Properties: {Environment: {EnvironmentVariables: [{Name: DB_PASSWORD, Type: SECRETS_MANAGER, Value: 'db-1:password'}]}}}",
    "{Type: AWS::ApiGateway::Stage, Properties: {Variables: {passwordPolicy: min-8-chars}}}",
]


@pytest.mark.parametrize("resource", PLACES)
def test_a_secret_is_found_where_a_template_puts_it(resource: str, tmp_path: Path) -> None:
    """What a resource sets by a secret's name is one."""
    app = application(tmp_path, f"Resources: {{One: {resource}}}")

    assert list(in_templates(app))


@pytest.mark.parametrize("resource", NO_PLACES)
def test_what_leads_to_a_secret_is_none(resource: str, tmp_path: Path) -> None:
    """What a resource sets by a secret's name may be where the secret is, or say what it is like."""
    app = application(tmp_path, f"Resources: {{One: {resource}}}")

    assert not list(in_templates(app))


def test_a_password_of_another_file_is_found_there(tmp_path: Path) -> None:
    """What several functions take from one file of settings is one finding, in that file."""
    events = "{A: {Type: HttpApi, Properties: {Path: /%s, Method: post}}}"
    function = "Type: AWS::Serverless::Function\n    Properties: {Runtime: nodejs22.x, "
    template = "Transform: AWS::Serverless-2016-10-31\nResources:\n" + "".join(
        f"  {name}:\n    {function}Handler: {name}.handler, Events: {events % name}}}\n"
        for name in ("a", "b")
    )
    code = (
        'const { Pool } = require("pg");\nconst kept = require("./kept.js");\n'
        "const pool = new Pool(kept);\n"
        'exports.handler = async () => pool.query("SELECT 1");\n'
    )
    kept = 'module.exports = {\n  user: "own",\n  password: "jR7kLw2x",\n};\n'
    for name, text in {"a.js": code, "b.js": code, "kept.js": kept}.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "template.yaml").write_text(template)

    found = [one for one in scan(tmp_path).findings if one.rule.id == "secret-in-code"]

    assert [(one.match.at.path, one.match.at.line) for one in found] == [("kept.js", 3)]
    assert len(found[0].match.because) == 1
