"""A folder that is scanned again and again while its files change."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import stockade
from stockade import Application, Config, InputError, Persona, Report, Severity, Workspace
from stockade.analysis import run
from stockade.analysis.across.joined import Joined
from stockade.analysis.facts import Facts
from stockade.model import Confidence, Exposure, Match, Step
from stockade.model.record import fields
from stockade.rules._rule import Rule, rule

HEAD = "Transform: AWS::Serverless-2016-10-31\n"
FUNCTION = """\
  {name}:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: {code}
      Handler: {handler}.handler
      Runtime: {runtime}
      Events:
        Web: {{Type: HttpApi, Properties: {{Method: POST, Path: /{name}}}}}
"""


def template(*functions: str, more: str = "") -> str:
    """Write a SAM template."""
    return f"{HEAD}Resources:\n{''.join(functions)}{more}"


def function(name: str, code: str = ".", handler: str = "app", runtime: str = "python3.13") -> str:
    """Write a function that anyone may call."""
    return FUNCTION.format(name=name, code=code, handler=handler, runtime=runtime)


SHELL = 'import os\ndef run(name):\n    os.system("convert " + name)\n'
QUOTED = 'import os, shlex\ndef run(name):\n    os.system("convert " + shlex.quote(name))\n'
CALLS = 'import helpers\ndef handler(event, context):\n    helpers.run(event["body"])\n'
EVALUATES = 'def handler(event, context):\n    return eval(event["body"])\n'
NODE = (
    'const { execSync } = require("child_process");\n'
    "exports.handler = async (event) => execSync(event.body);\n"
)
NESTED = (
    "  Inner:\n    Type: AWS::Serverless::Application\n    Properties: {Location: inner.yaml}\n"
)
EXPORTS = "Outputs: {Name: {Value: !Ref Bucket, Export: {Name: shared-bucket}}}\n"
BUCKET = "  Bucket: {Type: AWS::S3::Bucket}\n"
IMPORTS = (
    "  Other:\n    Type: AWS::S3::Bucket\n"
    "    Properties: {BucketName: !ImportValue shared-bucket}\n"
)
MACHINE = (
    "  Steps:\n    Type: AWS::Serverless::StateMachine\n"
    "    Properties: {DefinitionUri: steps.json}\n"
)
SERVICE = """\
service: mail
provider: {{name: aws, runtime: python3.13, stage: dev}}
functions: {functions}
"""
TERRAFORM = """\
data "archive_file" "code" {
  type        = "zip"
  source_dir  = var.code
  output_path = "code.zip"
}
resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = "arn:aws:iam::123456789012:role/worker"
  handler       = "app.handler"
  runtime       = "python3.13"
  filename      = data.archive_file.code.output_path
}
resource "aws_lambda_function_url" "worker" {
  function_name      = aws_lambda_function.worker.function_name
  authorization_type = "NONE"
}
"""

TEXTS = {
    "a/template.yaml": (
        template(function("A")),
        template(function("A"), function("B", handler="other"), more=NESTED),
        template(function("A", code="../shared"), more=BUCKET + EXPORTS),
        template(function("A", handler="index", runtime="nodejs22.x"), more=MACHINE),
        "Resources: [",
        "",
    ),
    "a/inner.yaml": (template(function("I")), template(more=BUCKET), "a: b\n"),
    "a/app.py": (CALLS, EVALUATES, "# stockade: ignore event-evaluated 0123abcd because why\n"),
    "a/other.py": (EVALUATES, "def handler(event, context): (\n"),
    "a/helpers.py": (SHELL, QUOTED),
    "a/helpers/__init__.py": (SHELL, QUOTED),
    "a/index.js": (NODE, "exports.handler = async () => 1;\n"),
    "a/steps.json": ('{"StartAt": "X", "States": {"X": {"Type": "Pass", "End": true}}}', "{"),
    "a/samconfig.toml": (
        'version = 0.1\n[default.deploy.parameters]\nparameter_overrides = "X=1"\n',
    ),
    "a/requirements.txt": ("helpers\n", "boto3\n"),
    "b/template.yaml": (
        template(function("C", code="../shared"), more=IMPORTS),
        template(function("C", code="../a")),
    ),
    "b/helpers.py": (SHELL,),
    "shared/app.py": (EVALUATES, CALLS),
    "shared/helpers.py": (QUOTED, SHELL),
    "shared/pyvenv.cfg": ("home = /\n",),
    "s/serverless.yml": (SERVICE.format(functions="${file(functions.yml)}"), SERVICE),
    "s/functions.yml": (
        "hello: {handler: app.handler, events: [{httpApi: 'POST /hello'}]}\n",
        "other: {handler: index.handler, runtime: nodejs22.x, events: [{sqs: {arn: x}}]}\n",
    ),
    "s/app.py": (EVALUATES, QUOTED),
    "t/main.tf": (TERRAFORM, TERRAFORM.replace("python3.13", "nodejs22.x")),
    "t/variables.tf": ('variable "code" { default = "../a" }\n',),
    "stray.txt": ("nothing\n",),
}
FOLDERS = ("a", "b", "s", "t", "shared", "a/helpers")
LINKS = {"b/app.py": "../a/app.py", "c": "a", "a/out.py": "/etc/hostname"}


PARAMETERS = """\
[default.deploy.parameters]
parameter_overrides = "Stage=prod"
"""

TABLE = "{Type: AWS::DynamoDB::Table, Properties: {TableName: of-this}}"
SWITCHES = """\
import boto3
tables = boto3.resource("dynamodb")
def handler(event, context):
    path = event["rawPath"]
    if path == "/a":
        return tables.Table("X").scan()
    elif path == "/b":
        return tables.Table("Y").put_item(Item={"id": "1"})
"""
RICH = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String, Default: dev}
Resources:
  Inline:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: python3.13
      InlineCode: |
        import os
        def handler(event, context):
            os.system(event["body"])
      Events:
        Web: {Type: HttpApi, Properties: {Method: POST, Path: /inline}}
  Takes:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: takes.handler
      Runtime: python3.13
      Environment: {Variables: {TABLE: !Ref Orders, QUEUE: !Ref Jobs}}
      Policies:
        - DynamoDBCrudPolicy: {TableName: !Ref Orders}
        - SQSSendMessagePolicy: {QueueName: !GetAtt Jobs.QueueName}
      Events:
        Web: {Type: HttpApi, Properties: {Method: POST, Path: /orders}}
  Works:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: works.handler
      Runtime: python3.13
      Environment: {Variables: {TABLE: orders}}
      Policies:
        - Statement: [{Effect: Allow, Action: "dynamodb:GetItem", Resource: "*"}]
      Events:
        Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}
  Orders:
    Type: AWS::DynamoDB::Table
    Properties: {TableName: orders}
  Jobs: {Type: AWS::SQS::Queue}
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        openapi: 3.0.1
        info: {title: all, version: 7}
        paths:
          /described:
            get:
              responses: {200: {description: fine}}
              x-amazon-apigateway-integration:
                type: aws_proxy
                httpMethod: POST
                timeoutInMillis: 900
                uri: !Sub >-
                  arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Works.Arn}/invocations
  Plan:
    Type: AWS::ApiGateway::UsagePlan
    Properties:
      ApiStages: [{ApiId: !Ref Api, Stage: live}]
      Throttle: {RateLimit: 100}
  Nested:
    Type: AWS::Serverless::Application
    Properties: {Location: nested.yaml, Parameters: {Table: !Ref Orders}}
"""
RICH_NESTED = """\
Transform: AWS::Serverless-2016-10-31
Parameters: {Table: {Type: String}}
Resources:
  Inside:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: works.handler
      Runtime: python3.13
      Environment: {Variables: {TABLE: !Ref Table}}
      Events: {Web: {Type: HttpApi, Properties: {Method: GET, Path: /inside}}}
"""
TAKES = """\
import boto3, os
def handler(event, context):
    table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
    table.put_item(Item={"id": "1", "name": event["body"]})
    boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody=event["body"])
    if os.environ.get("PREVIEW"):
        os.system("show " + event["body"])
"""
WORKS = """\
import boto3, os
def handler(event, context):
    table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
    os.system("show " + table.get_item(Key={"id": "1"})["Item"]["name"])
    for record in event.get("Records", []):
        os.system("work " + record["body"])
"""
TASKS = """\
  Tasks:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: Take
        States:
          Take: {Type: Task, Resource: !GetAtt Takes.Arn, Next: Work}
          Work: {Type: Task, Resource: !GetAtt Works.Arn, End: true}
"""
RICH_FILES = {
    "template.yaml": RICH,
    "nested.yaml": RICH_NESTED,
    "takes.py": TAKES,
    "works.py": WORKS,
}
RICH_EDITS = {
    "a comment": ("template.yaml", "  Jobs: {Type: A", "  # Work.\n  Jobs: {Type: A"),
    "a line at the top": ("template.yaml", "Transform", "\n# All.\nTransform"),
    "another table in the environment": ("template.yaml", "TABLE: orders", "TABLE: others"),
    "the environment by reference": ("template.yaml", "TABLE: orders", "TABLE: !Ref Orders"),
    "a variable that decides a branch": (
        "template.yaml",
        "TABLE: !Ref Orders, QUEUE",
        "TABLE: !Ref Orders, PREVIEW: on, QUEUE",
    ),
    "another name of a table": ("template.yaml", "TableName: orders", "TableName: !Ref Stage"),
    "a table that is none": ("template.yaml", "DynamoDB::Table", "DynamoDB::GlobalTable"),
    "a wider policy": ("template.yaml", '"dynamodb:GetItem"', '"dynamodb:*"'),
    "a policy that is gone": (
        "template.yaml",
        "        - SQSSendMessagePolicy: {QueueName: !GetAtt Jobs.QueueName}\n",
        "",
    ),
    "a source of events that is gone": (
        "template.yaml",
        "      Events:\n        Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}\n",
        "",
    ),
    "a route that asks who calls": (
        "template.yaml",
        "Path: /orders}",
        "Path: /orders, Auth: {Authorizer: AWS_IAM}}",
    ),
    "a filter": (
        "template.yaml",
        "{Queue: !GetAtt Jobs.Arn}",
        "{Queue: !GetAtt Jobs.Arn, FilterCriteria: {Filters: [{Pattern: '{\"a\": [1]}'}]}}",
    ),
    "a resource with another name": ("template.yaml", "Orders", "Bookings"),
    "a function with another name": ("template.yaml", "Works", "Toils"),
    "another resource": ("template.yaml", "  Takes:", "  A: {Type: AWS::S3::Bucket}\n  Takes:"),
    "a nested stack that is gone": ("template.yaml", "AWS::Serverless::Application", "A::B::C"),
    "a nested stack that is given another": (
        "template.yaml",
        "Parameters: {Table: !Ref Orders}",
        "Parameters: {Table: !Ref Stage}",
    ),
    "a line in the nested stack": ("nested.yaml", "Resources:", "# Inside.\nResources:"),
    "the route of the nested stack": ("nested.yaml", "GET", "POST"),
    "a line at the top of the code": ("works.py", "import", "# Works.\nimport"),
    "a line above what is sent": ("takes.py", "    boto3", "    # Send.\n    boto3"),
    "another field that is sent": ("takes.py", 'Body=event["body"]', 'Body=event["rawPath"]'),
    "another import": ("takes.py", "import boto3, os\n", "import os\nimport boto3\n"),
    "a helper": ("works.py", "import boto3, os\n", "import boto3, os\ndef helper(): pass\n"),
    "a call that is gone": (
        "works.py",
        '    os.system("show " + table.get_item(Key={"id": "1"})["Item"]["name"])\n',
        "",
    ),
    "a handler with another name": ("works.py", "def handler", "def handle"),
    "a function that is called": (
        "works.py",
        '        os.system("work " + record["body"])\n',
        '        work(record)\n\ndef work(record):\n    os.system("work " + record["body"])\n',
    ),
    "a statement that denies": ("template.yaml", "Effect: Allow", "Effect: Deny"),
    "a longer timeout": (
        "template.yaml",
        "works.handler\n",
        "works.handler\n      Timeout: 900\n",
    ),
    "a state machine": ("template.yaml", "  Jobs: {Type: A", f"{TASKS}  Jobs: {{Type: A"),
    "code that is mended": ("works.py", '"work " + record["body"]', '"work"'),
    "code that sends nothing": ("takes.py", 'MessageBody=event["body"]', 'MessageBody="x"'),
    "a line within inline code": ("template.yaml", "        def", "        # Do.\n        def"),
    "lines that become one": (
        "template.yaml",
        "POST, Path: /orders}}",
        "POST, Path: /orders}} # ",
    ),
    "a line that is longer": ("template.yaml", "      Events:", "      Events: # These."),
    "a text that is nested deeper": ("template.yaml", "Transform", "Transform "),
    "a number in the description of an API": ("template.yaml", "version: 7", "version: 8"),
    "a longer time for an integration": ("template.yaml", "Millis: 900", "Millis: 800"),
    "another number of requests": ("template.yaml", "RateLimit: 100", "RateLimit: 200"),
    "an API that asks for a key": (
        "template.yaml",
        "              responses",
        "              security: [{key: []}]\n              responses",
    ),
    "an API of another name": ("template.yaml", "Api", "Gateway"),
    "what holds for all functions": (
        "template.yaml",
        "Resources:",
        "Globals: {Function: {Timeout: 20, Environment: {Variables: {PREVIEW: on}}}}\nResources:",
    ),
    "a role that is shared": (
        "template.yaml",
        "      Handler: works.handler",
        "      Role: !GetAtt TakesRole.Arn\n      Handler: works.handler",
    ),
    "no code any more": ("works.py", WORKS, ""),
    "a parameter file": ("samconfig.toml", "", PARAMETERS),
}

Edit = tuple[str, str | None, str | None]
"""What happens to a path: the text that is written, or else the target of a link; or neither,
which takes it away."""

EDITS: st.SearchStrategy[Edit] = st.one_of(
    st.sampled_from([(path, text, None) for path, texts in TEXTS.items() for text in texts]),
    st.sampled_from([(path, None, None) for path in (*TEXTS, *FOLDERS, *LINKS)]),
    st.sampled_from([(path, None, target) for path, target in LINKS.items()]),
)


def edit(folder: Path, path: str, text: str | None, target: str | None) -> None:
    """Let something happen to a path."""
    place = folder / path
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)
    if text is None and target is None:
        return
    for above in reversed(place.relative_to(folder).parents):
        if not (folder / above).is_dir():
            (folder / above).unlink(missing_ok=True)
            (folder / above).mkdir()
    if target is not None:
        place.symlink_to(target)
    elif text is not None:
        place.write_text(text, encoding="utf-8")


def told(report: Report) -> list[str]:
    """Write out all that a report says, and the applications that it is about."""
    parts = [
        f"{app.name} {name} {getattr(app, name)!r}"
        for app in report.applications
        for name in fields(app)
        if name != "sources"
    ]
    parts += [
        f"{name} {getattr(report, name)!r}" for name in fields(report) if name != "applications"
    ]
    return parts


@settings(max_examples=30)
@given(
    start=st.lists(EDITS, max_size=12),
    steps=st.lists(st.tuples(st.lists(EDITS, max_size=3), st.booleans()), max_size=6),
)
def test_a_report_is_always_that_of_a_fresh_scan(
    start: list[Edit], steps: list[tuple[list[Edit], bool]]
) -> None:
    """Whatever happened to the folder before, and whether or not it was said what."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for path, texts in TEXTS.items():
            if path != "shared/pyvenv.cfg":
                edit(folder, path, texts[0], None)
        for one in start:
            edit(folder, *one)
        workspace = Workspace(folder)
        assert told(workspace.scan()) == told(stockade.scan(folder))
        for edits, is_said in steps:
            for one in edits:
                edit(folder, *one)
            paths = [path for path, _, _ in edits]
            report = workspace.changed(paths) if is_said else workspace.scan()
            assert told(report) == told(stockade.scan(folder))


@pytest.mark.parametrize("first", RICH_EDITS)
def test_a_report_is_that_of_a_fresh_scan_after_edits_of_every_kind(
    tmp_path: Path, first: str
) -> None:
    """One edit, a second on top of it, and both undone: what is remembered is never stale."""
    second = min((name for name in RICH_EDITS if name > first), default=min(RICH_EDITS))
    states = [{"samconfig.toml": "", **RICH_FILES}]
    for name in (first, second):
        path, old, new = RICH_EDITS[name]
        states.append({**states[-1], path: states[-1][path].replace(old, new)})
    workspace = Workspace(tmp_path)
    before: dict[str, str] = {}
    for state in (*states, *reversed(states[:-1])):
        changed = [path for path, text in state.items() if before.get(path) != text]
        for path in changed:
            edit(tmp_path, path, state[path] or None, None)
        assert told(workspace.changed(changed)) == told(stockade.scan(tmp_path))
        assert changed
        before = state


def test_only_rules_that_ask_for_what_changed_judge_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number in the description of an API has nothing to do with what roles open."""
    for path, text in RICH_FILES.items():
        edit(tmp_path, path, text, None)
    workspace = Workspace(tmp_path)
    workspace.scan()
    judged: list[str] = []
    findings = Rule.findings

    def noted(one: Rule, app: Application, facts: Facts) -> Any:  # noqa: ANN401
        judged.append(one.id)
        return findings(one, app, facts)

    monkeypatch.setattr(Rule, "findings", noted)

    def after(name: str) -> set[str]:
        path, old, new = RICH_EDITS[name]
        edit(tmp_path, path, RICH_FILES[path].replace(old, new), None)
        judged.clear()
        workspace.changed([path])
        found = set(judged)
        edit(tmp_path, path, RICH_FILES[path], None)
        workspace.changed([path])
        return found

    roles = {"permission-missing", "role-opens-every-store", "role-can-escalate"}
    assert after("a comment") == {"secret-in-template"}
    assert "route-without-authorizer" in after("a number in the description of an API")
    assert not roles & after("a number in the description of an API")
    assert not roles & after("another number of requests")
    assert roles <= after("a wider policy")


@settings(max_examples=25)
@given(
    steps=st.lists(
        st.lists(st.sampled_from(sorted(RICH_EDITS)), min_size=1, max_size=3),
        min_size=1,
        max_size=6,
    )
)
@example([["a handler with another name"], ["a line at the top of the code"]])
def test_a_report_is_that_of_a_fresh_scan_whatever_was_edited_before(
    steps: list[list[str]],
) -> None:
    """Edits are made, made on top of others, and undone: what moved or stayed is told as it is."""
    state = {"samconfig.toml": "", **RICH_FILES}
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for path, text in state.items():
            edit(folder, path, text or None, None)
        workspace = Workspace(folder)
        assert told(workspace.scan()) == told(stockade.scan(folder))
        for names in steps:
            for name in names:
                path, old, new = RICH_EDITS[name]
                text = state[path]
                is_made = bool(new) and new in text
                state[path] = text.replace(new, old, 1) if is_made else text.replace(old, new, 1)
                edit(folder, path, state[path] or None, None)
            report = workspace.changed([RICH_EDITS[name][0] for name in names])
            assert told(report) == told(stockade.scan(folder))


SHARED_TEMPLATE = template(
    function("Reads", handler="both"),
    function("Writes", handler="both").replace("both.handler", "both.write"),
    function("Page", handler="page", runtime="nodejs22.x"),
)
SHARED_FILES = {
    "template.yaml": SHARED_TEMPLATE,
    "both.py": (
        "import os\nimport helpers\n\nLIMIT = 3\n\n"
        "def handler(event, context):\n    def inner(name):\n        return name.strip()\n"
        '    return helpers.run(inner(event["body"]))\n\n'
        "class Store:\n    def put(self, name):\n        os.system(name)\n\n"
        'def write(event, context):\n    Store().put(event["body"])\n'
        '    return {"statusCode": 200}\n'
    ),
    "helpers.py": SHELL + "\ndef unused(name):\n    return 1\n",
    "page.js": (
        'const { run } = require("./lib");\n'
        "const other = () => 1;\n"
        "exports.handler = async (event) => run(event.body);\n"
    ),
    "lib.js": (
        'const { execSync } = require("child_process");\n'
        "const spare = (name) => name + 1;\n"
        "exports.run = (name) => execSync(name);\n"
    ),
}
SHARED_EDITS = {
    "a comment at the end": ("both.py", "200}\n", "200}\n# The end.\n", []),
    "a comment at the top": ("both.py", "import os\n", "# All.\nimport os\n", []),
    "a number in one handler": ("both.py", "200", "201", ["Writes"]),
    "a method of a class": ("both.py", "os.system(name)", "print(name)", ["Writes"]),
    "a function within another": ("both.py", "name.strip()", "int(name)", ["Reads"]),
    "a number of the module": ("both.py", "LIMIT = 3", "LIMIT = 4", ["Reads", "Writes"]),
    "a function that nobody calls": ("helpers.py", "return 1", "return eval(name)", []),
    "a helper that is called": ("helpers.py", "convert", "shrink", ["Reads"]),
    "a helper on other lines": ("helpers.py", "def run", "\n\ndef run", []),
    "a script on other lines": ("page.js", "const other", "// Other.\nconst other", []),
    "a script that is not called": ("page.js", "=> 1", "=> eval('1')", []),
    "a library's spare part": ("lib.js", "name + 1", "name + 2", []),
    "a library's own part": ("lib.js", "execSync(name)", "execSync('ls')", ["Page"]),
    "code that does not parse": ("lib.js", "exports.run", "exports.run = (((", ["Page"]),
    "words that say no": ("both.py", "LIMIT = 3", "# 401: denied\nLIMIT = 3", []),
}


@pytest.mark.parametrize("first", SHARED_EDITS)
def test_only_the_handlers_that_enter_what_was_edited_are_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    """Others stay as they are, on their new lines; and again when it is edited once more."""
    for path, text in SHARED_FILES.items():
        edit(tmp_path, path, text, None)
    workspace = Workspace(tmp_path)
    workspace.scan()
    ran: list[str] = []
    run_one = run._run  # noqa: SLF001 - how often it is called is what counts
    monkeypatch.setattr(run, "_run", lambda start, *others: _noted(ran, start, run_one, *others))

    state = dict(SHARED_FILES)
    for name in (first, "a comment at the top", first, "a comment at the top"):
        path, old, new, again = SHARED_EDITS[name]
        text = state[path]
        state[path] = text.replace(new, old) if new in text else text.replace(old, new)
        edit(tmp_path, path, state[path], None)
        ran.clear()
        report = workspace.changed([path])
        says_no = "words that say no" in {first, name}
        assert sorted(ran) == again or (says_no and sorted(ran) == ["Reads", "Writes"])
        assert told(report) == told(stockade.scan(tmp_path))


def test_only_the_handlers_that_a_change_touches_are_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A template's change runs those handlers that begin otherwise or meet another resource."""
    for path, text in RICH_FILES.items():
        edit(tmp_path, path, text, None)
    workspace = Workspace(tmp_path)
    workspace.scan()
    ran: list[str] = []
    run_one = run._run  # noqa: SLF001 - how often it is called is what counts
    monkeypatch.setattr(run, "_run", lambda start, *others: _noted(ran, start, run_one, *others))

    def after(name: str) -> list[str]:
        path, old, new = RICH_EDITS[name]
        for text in (RICH_FILES[path].replace(old, new), RICH_FILES[path]):
            ran.clear()
            edit(tmp_path, path, text, None)
            workspace.changed([path])
        return sorted(ran)

    assert after("a wider policy") == []
    assert after("a comment") == []
    assert after("another resource") == []
    assert not after("a line at the top of the code")
    assert after("a call that is gone") == ["Nested/Inside", "Works"]
    assert after("another table in the environment") == ["Works"]
    assert after("a variable that decides a branch") == ["Takes"]
    assert after("another name of a table") == ["Works"]
    assert after("a filter") == []
    assert after("code that is mended") == ["Nested/Inside", "Works"]


def test_what_functions_hand_each_other_is_joined_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ways between functions are looked for anew where something else is sent or passed on."""
    for path, text in RICH_FILES.items():
        edit(tmp_path, path, text, None)
    workspace = Workspace(tmp_path)
    workspace.scan()
    made: list[object] = []
    join = Joined.of

    def joining(*given: Any) -> Joined:  # noqa: ANN401 - passed on
        made.append(given)
        return join(*given)

    monkeypatch.setattr(Joined, "of", joining)

    def after(name: str) -> int:
        path, old, new = RICH_EDITS[name]
        edit(tmp_path, path, RICH_FILES[path].replace(old, new), None)
        made.clear()
        workspace.changed([path])
        count = len(made)
        edit(tmp_path, path, RICH_FILES[path], None)
        workspace.changed([path])
        return count

    assert after("a line at the top") == 0
    assert after("a line above what is sent") == 0
    assert after("a call that is gone") == 0
    assert after("a longer timeout") == 0
    assert after("another field that is sent") == 1
    assert after("a filter") == 1


def _noted(ran: list[str], start: Any, run_one: Any, *others: Any) -> Any:  # noqa: ANN401
    ran.append(start.function.id)
    return run_one(start, *others)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with two applications, of which one shares the other's code."""
    edit(tmp_path, "a/template.yaml", template(function("A")), None)
    edit(tmp_path, "a/app.py", CALLS, None)
    edit(tmp_path, "a/helpers.py", SHELL, None)
    declared = "Parameters: {Stage: {Type: String}}\n"
    edit(tmp_path, "b/template.yaml", declared + template(function("C")), None)
    edit(tmp_path, "b/app.py", EVALUATES, None)
    return tmp_path


def ids(report: Report) -> list[str]:
    """Return the applications and rules of the findings that an outsider is behind."""
    return sorted(
        f"{one.application.split('/')[0]} {one.rule.id}"
        for one in report.findings
        if one.rule.practice.startswith("C")
    )


@rule(title="the application is judged", harm=Severity.LOW, practice="C1", cwe=(1,))
def judged(app: Application, _facts: Facts) -> Iterator[Match]:
    """Note each application that is judged."""
    JUDGED.append(app.name)
    yield Match(
        at=app.stacks[0].at,
        message="judged",
        because=(Step(app.stacks[0].at, "here"),),
        confidence=Confidence.HIGH,
        exposure=Exposure.ANYONE,
        identity=(app.name,),
    )


JUDGED: list[str] = []


@pytest.fixture(name="judges")
def _judges() -> list[str]:
    """Return the names of the applications that are judged from now on."""
    JUDGED.clear()
    return JUDGED


def workspace_of(folder: Path, rules: tuple[Rule, ...] = (judged,)) -> Workspace:
    """Return a workspace that has been scanned."""
    workspace = Workspace(folder, rules=rules)
    workspace.scan()
    JUDGED.clear()
    return workspace


def test_mended_and_broken_code_is_seen(folder: Path) -> None:
    """What a helper does to event data changes the report of the application that calls it."""
    workspace = Workspace(folder)
    assert ids(workspace.scan()) == ["a event-in-shell", "b event-evaluated"]

    edit(folder, "a/helpers.py", QUOTED, None)
    assert ids(workspace.changed(["a/helpers.py"])) == ["b event-evaluated"]

    edit(folder, "a/helpers.py", SHELL, None)
    assert ids(workspace.changed([folder / "a" / "helpers.py"])) == [
        "a event-in-shell",
        "b event-evaluated",
    ]


@pytest.mark.parametrize(
    ("path", "text", "again"),
    [
        ("a/helpers.py", QUOTED, ["a/template.yaml"]),
        ("a/template.yaml", template(function("A2")), ["a/template.yaml"]),
        ("b/template.yaml", template(function("C", code="../a")), ["b/template.yaml"]),
        ("a/unused.py", "x = 1\n", []),
        ("a/helpers.py", SHELL + "# A comment changes nothing.\n", []),
        ("a/template.yaml", template(function("A")) + "# A comment changes nothing.\n", []),
        ("stray.txt", "nothing", []),
        ("a/helpers/__init__.py", QUOTED, ["a/template.yaml"]),
        ("b/samconfig.toml", "version = 0.1\n", []),
        ("b/samconfig.toml", PARAMETERS, ["b/template.yaml"]),
        ("d/template.yaml", template(function("D", code="../b")), ["d/template.yaml"]),
    ],
)
def test_only_what_a_change_touches_is_judged_again(
    folder: Path, judges: list[str], path: str, text: str, again: list[str]
) -> None:
    """A file belongs to the applications that read it, or looked for it in vain."""
    workspace = workspace_of(folder)

    edit(folder, path, text, None)
    workspace.changed([path])

    assert judges == again


def test_a_rule_that_reads_code_sees_what_no_fact_tells(tmp_path: Path) -> None:
    """What a handler switches on is read anew, though it calls what it called before."""
    text = template(
        function("A"),
        more="".join(f"  {name}: {TABLE.replace('of-this', name)}\n" for name in ("X", "Y")),
    )
    edit(tmp_path, "template.yaml", text, None)
    edit(tmp_path, "app.py", SWITCHES, None)
    config = Config(persona=Persona.STRICT, select=("function-of-many-jobs",))
    workspace = Workspace(tmp_path, config)
    messages = []
    for code in (SWITCHES, SWITCHES.replace('"/a"', '"/z"')):
        edit(tmp_path, "app.py", code, None)
        (found,) = workspace.changed(["app.py"]).findings
        messages.append(repr(found))

    assert "/z" not in messages[0]
    assert "/z" in messages[1]


def test_shared_code_touches_all_that_share_it(folder: Path, judges: list[str]) -> None:
    """A changed file that several applications use is looked at for each of them."""
    edit(folder, "b/template.yaml", template(function("C", code="../a")), None)
    workspace = workspace_of(folder)

    edit(folder, "a/helpers.py", QUOTED, None)
    workspace.changed(["a/helpers.py"])

    assert judges == ["a/template.yaml", "b/template.yaml"]


def test_deleted_application_is_gone(folder: Path, judges: list[str]) -> None:
    """A folder that is taken away takes its applications and findings with it."""
    workspace = workspace_of(folder)

    edit(folder, "b", None, None)
    report = workspace.changed(["b"])

    assert [app.name for app in report.applications] == ["a/template.yaml"]
    assert judges == []


def test_scan_finds_out_itself_what_changed(folder: Path, judges: list[str]) -> None:
    """Nobody has to say which files changed: a scan reads again what was read."""
    workspace = workspace_of(folder)

    workspace.scan()
    assert judges == []

    edit(folder, "b/app.py", CALLS, None)
    workspace.scan()
    assert judges == ["b/template.yaml"]


def test_another_configuration_holds_from_then_on(folder: Path) -> None:
    """Rules, parameters, excluded paths and ignores are those of the configuration that is set."""
    workspace = Workspace(folder)
    workspace.scan()
    for config in (
        Config(persona=Persona.STRICT),
        Config(select=("C1",)),
        Config(exclude=("a",)),
        Config(parameters={"Stage": "prod"}),
        Config(trusted=False),
        Config(),
    ):
        workspace.config = config
        assert workspace.config is config
        assert told(workspace.changed([])) == told(stockade.scan(folder, config))


def test_paths_outside_the_folder_are_of_no_account(folder: Path, judges: list[str]) -> None:
    """A change elsewhere changes nothing here, and nothing elsewhere is looked at."""
    workspace = workspace_of(folder)

    workspace.changed(["../elsewhere.py", "/etc/passwd", folder.parent])

    assert judges == []


def test_one_template_can_be_followed(folder: Path) -> None:
    """A workspace of one template is that of its application."""
    workspace = Workspace(folder / "a" / "template.yaml")
    assert ids(workspace.scan()) == ["template.yaml event-in-shell"]

    edit(folder, "a/helpers.py", QUOTED, None)
    assert ids(workspace.changed(["helpers.py"])) == []


def test_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """Neither one that never was, nor one that went away, looks like an empty one."""
    with pytest.raises(InputError):
        Workspace(tmp_path / "none")
    (tmp_path / "some").mkdir()
    workspace = Workspace(tmp_path / "some")
    workspace.scan()
    (tmp_path / "some").rmdir()
    with pytest.raises(InputError):
        workspace.changed(["."])


def test_failure_of_a_rule_is_told_each_time(folder: Path) -> None:
    """A report that is partial stays one until the rule works."""

    @rule(title="fails", harm=Severity.LOW, practice="C2", cwe=(2,))
    def broken(_app: Application, _facts: Facts) -> Iterator[Match]:
        raise KeyError

    workspace = Workspace(folder, rules=[broken])

    assert len(workspace.scan().failures) == 2
    assert len(workspace.changed([]).failures) == 2
