"""Branches that the template decides: what is dead where the code runs is not told."""

from pathlib import Path
from textwrap import indent

import pytest
from loaded import application

from stockade.analysis.code.modules import ModuleCache
from stockade.analysis.run import run_handler
from stockade.api import scan
from stockade.config import Config
from stockade.model import Handler

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {{Type: String, AllowedValues: [dev, prod]}}
  Mode: {{Type: String, Default: s3}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Table: {{Type: AWS::Serverless::SimpleTable}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: {runtime}
      Events: {{Web: {{Type: HttpApi, Properties: {{Method: POST, Path: /}}}}}}
      {more}
"""
VARIABLES = """\
Environment:
        Variables:
          STORAGE: " S3 "
          EMPTY: ""
          FLAG: true
          STAGE: !Ref Stage
          MODE: !Ref Mode
          IS_LOCAL: !Ref Mode
          TABLE: !Ref Table
          KIND: !If [IsProd, a, b]
          WHERE: !Sub "${Stage}-local"
          MAYBE: !If [IsProd, x, !Ref AWS::NoValue]
"""
PYTHON = """\
import os
import sys
{before}
def handler(event, context):
{code}
"""
JAVASCRIPT = """\
const {{ execSync }} = require("child_process");
{before}
exports.handler = async (event) => {{
{code}
}};
"""

SAME = [
    # The condition in Python, in JavaScript, and what comes of it.
    ('os.environ["STORAGE"].strip() == "s3"', 'process.env.STORAGE.trim() === "s3"', False),
    (
        'os.environ.get("STORAGE", "").strip().lower() != "s3"',
        '(process.env.STORAGE || "").trim().toLowerCase() !== "s3"',
        False,
    ),
    ('os.getenv("EMPTY")', "process.env.EMPTY", False),
    ('os.environ["FLAG"] == "true"', 'process.env.FLAG === "true"', True),
    ('os.environ["FLAG"] != "true"', 'process.env.FLAG !== "true"', False),
    ('os.environ["STAGE"] == "local"', 'process.env.STAGE === "local"', False),
    ('os.environ["STAGE"] == "prod"', 'process.env.STAGE === "prod"', True),
    (
        'os.environ["STAGE"] in ("local", "test")',
        '["local", "test"].includes(process.env.STAGE)',
        False,
    ),
    (
        'os.environ["STAGE"] not in ("dev", "prod")',
        '!["dev", "prod"].includes(process.env.STAGE)',
        False,
    ),
    ('os.environ["MODE"] == "local"', 'process.env.MODE === "local"', True),
    ('not os.environ.get("TABLE")', "!process.env.TABLE", False),
    ('os.environ["KIND"] == "c"', 'process.env.KIND === "c"', False),
    ('os.environ["KIND"] == "a"', 'process.env.KIND === "a"', True),
    ('os.environ["WHERE"] == ""', 'process.env.WHERE === ""', False),
    ('os.environ.get("MAYBE") == "y"', 'process.env.MAYBE === "y"', False),
    ('os.environ.get("MAYBE")', "process.env.MAYBE", True),
    ('os.environ.get("NONE")', "process.env.NONE", False),
    ('os.environ.get("NONE") is not None', "process.env.NONE !== undefined", False),
    ('os.environ.get("NONE", "no") == "yes"', '(process.env.NONE ?? "no") === "yes"', False),
    ('(os.environ.get("NONE") or "no") == "no"', '(process.env.NONE || "no") === "no"', True),
    ('"NONE" in os.environ', '"NONE" in process.env', False),
    ('bool(os.environ.get("NONE"))', "Boolean(process.env.NONE)", False),
    ('not not os.environ.get("NONE")', "!!process.env.NONE", False),
    ('int(os.environ.get("NONE", "0"))', 'Number(process.env.NONE || "0")', False),
    (
        'os.environ.get("NONE", "x").startswith("y")',
        '(process.env.NONE || "x").startsWith("y")',
        False,
    ),
    ('os.environ.get("NONE") and event["body"]', "process.env.NONE && event.body", False),
    ('os.environ.get("NONE") or event["body"]', "process.env.NONE || event.body", True),
    (
        'not os.environ.get("AWS_LAMBDA_FUNCTION_NAME")',
        "!process.env.AWS_LAMBDA_FUNCTION_NAME",
        False,
    ),
    ('os.environ.get("AWS_EXECUTION_ENV") is None', "!process.env.AWS_EXECUTION_ENV", False),
    ('os.environ.get("AWS_SAM_LOCAL") == "true"', 'process.env.AWS_SAM_LOCAL === "true"', False),
    # What a tool sets away from Lambda nobody gives at a deployment: its default is what counts.
    ('os.environ.get("IS_LOCAL") == "true"', 'process.env.IS_LOCAL === "true"', False),
    ('os.environ.get("IS_LOCAL") == "s3"', 'process.env.IS_LOCAL === "s3"', True),
    ('os.environ.get("_X_AMZN_TRACE_ID")', "process.env._X_AMZN_TRACE_ID", True),
]


def is_followed(folder: Path, name: str, code: str, more: str = VARIABLES) -> bool:
    """Run the handler, and tell whether what it does with a shell was seen."""
    runtime = "python3.13" if name.endswith(".py") else "nodejs22.x"
    app = application(folder, TEMPLATE.format(runtime=runtime, more=more), {name: code})
    function = app.functions["F"]
    assert isinstance(function.handler, Handler)
    run = run_handler(app, function, function.handler, ModuleCache())
    assert not run.unseen
    return any(hit.kind == "shell" for hit in run.hits)


def python(code: str, before: str = "") -> str:
    """Write a handler; `RUN` in its code is a command that whoever calls it chooses."""
    return PYTHON.format(
        before=before.replace("RUN", 'os.system(event["body"])'),
        code=indent(code.replace("RUN", 'os.system(event["body"])'), "    "),
    )


def script(code: str, before: str = "") -> str:
    """Write a handler; `RUN` in its code is a command that whoever calls it chooses."""
    return JAVASCRIPT.format(before=before, code=code.replace("RUN", "execSync(event.body)"))


@pytest.mark.parametrize(("condition", "_", "followed"), SAME, ids=[case[0] for case in SAME])
def test_python(tmp_path: Path, condition: str, _: str, *, followed: bool) -> None:
    """A branch is followed if some deployment of the template takes it."""
    assert is_followed(tmp_path, "app.py", python(f"if {condition}: RUN")) is followed


@pytest.mark.parametrize(("_", "condition", "followed"), SAME, ids=[case[1] for case in SAME])
def test_javascript(tmp_path: Path, _: str, condition: str, *, followed: bool) -> None:
    """A branch is followed if some deployment of the template takes it."""
    assert is_followed(tmp_path, "app.js", script(f"if ({condition}) RUN;")) is followed


STATEMENTS_OF_PYTHON = [
    ('x = RUN if os.environ.get("NONE") else 1', "", False),
    ('os.environ.get("NONE") and RUN', "", False),
    ("if LOCAL: RUN", 'LOCAL = os.environ.get("NONE") == "1"', False),
    ('match os.environ["FLAG"]:\n    case "no": RUN', "", False),
    ('if os.environ["FLAG"] == "true": return 1\nRUN', "", False),
    ('if os.environ["FLAG"] == "true": raise ValueError\nRUN', "", False),
    # What the code cannot do without is set by somebody, if not by the template.
    ('if not os.environ.get("NONE"): raise ValueError\nRUN', "", True),
    ('if os.environ.get("NONE") is None: return {"statusCode": 500}\nRUN', "", True),
    ('assert os.environ.get("NONE")\nRUN', "", True),
    ('os.environ.get("NONE") or sys.exit(1)\nRUN', "", True),
    ('if os.environ.get("OTHER"): RUN', 'needed = os.environ["NONE"]', True),
    # What the code sets, or a file that it reads.
    ('if os.environ.get("NONE"): RUN', 'os.environ["NONE"] = "1"', True),
    ('if os.environ["FLAG"] == "no": RUN', 'os.environ["FLAG"] = "no"', True),
    ('if os.environ["FLAG"] == "true": RUN', 'os.environ["FLAG"] = "no"', False),
    ('os.environ.update(A="1")\nif os.environ.get("A"): RUN', "", True),
    ('os.environ.update(event)\nif os.environ.get("A"): RUN', "", True),
    ('os.environ.setdefault("FLAG", "no")\nif os.environ["FLAG"] == "no": RUN', "", False),
    ('if event["a"]: os.environ["FLAG"] = "no"\nif os.environ["FLAG"] == "no": RUN', "", True),
    ('if os.environ.get("NONE"): RUN', "from dotenv import load_dotenv", True),
    ('if os.environ.get("IS_OFFLINE"): RUN', "from dotenv import load_dotenv", False),
]
STATEMENTS_OF_JAVASCRIPT = [
    ("const x = process.env.NONE ? RUN : 1;", "", False),
    ("process.env.NONE && RUN;", "", False),
    ("if (local) RUN;", 'const local = process.env.NONE === "1";', False),
    ('if (mode !== "s3") RUN;', 'const { NONE: mode = "s3" } = process.env;', False),
    ('if (mode !== "true") RUN;', 'const { FLAG: mode = "s3" } = process.env;', False),
    ('if (typeof process.env.NONE !== "undefined") RUN;', "", False),
    ('if (process.env.STORAGE.replace(/["\' ]/g, "") !== "S3") RUN;', "", False),
    ('if (process.env.NODE_ENV === "test") RUN;', "", False),
    ('if (process.env.NODE_ENV !== "production") RUN;', "", True),
    ('switch (process.env.FLAG) { case "no": RUN; break; default: }', "", False),
    ('if (process.env.FLAG === "true") return 1; RUN;', "", False),
    ("if (!process.env.NONE) throw new Error(); RUN;", "", True),
    ("if (process.env.NONE === undefined) return { statusCode: 500 }; RUN;", "", True),
    ("process.env.NONE ?? process.exit(1); RUN;", "", True),
    ("if (process.env.NONE) RUN;", 'process.env.NONE = "1";', True),
    ('if (process.env.FLAG === "no") RUN;', 'process.env.FLAG = "no";', True),
    ("if (process.env.A) RUN;", "for (const k of load()) process.env[k] = '1';", True),
    ("if (process.env.A) RUN;", "Object.assign(process.env, load());", True),
    ("if (process.env.NONE) RUN;", 'require("dotenv").config();', True),
    ("if (process.env.JEST_WORKER_ID) RUN;", 'require("dotenv").config();', False),
]


@pytest.mark.parametrize(("code", "before", "followed"), STATEMENTS_OF_PYTHON)
def test_statements_of_python(tmp_path: Path, code: str, before: str, *, followed: bool) -> None:
    """However a branch is written, it is followed if some deployment takes it."""
    assert is_followed(tmp_path, "app.py", python(code, before)) is followed


@pytest.mark.parametrize(("code", "before", "followed"), STATEMENTS_OF_JAVASCRIPT)
def test_statements_of_javascript(
    tmp_path: Path, code: str, before: str, *, followed: bool
) -> None:
    """However a branch is written, it is followed if some deployment takes it."""
    assert is_followed(tmp_path, "app.js", script(code, before)) is followed


@pytest.mark.parametrize(
    ("more", "followed"),
    [
        ("", False),
        ("Environment: {Variables: {OTHER: x}}", False),
        ("Environment: {Variables: {AWS_LAMBDA_EXEC_WRAPPER: /opt/wrapper}}", True),
        ("Environment: {Variables: !FindInMap [Nothing, Here, There]}", True),
    ],
)
def test_what_others_may_set_is_not_decided(tmp_path: Path, more: str, *, followed: bool) -> None:
    """A variable is not there only if a template that was read whole does not set it."""
    code = python('if os.environ.get("NONE"): RUN')

    assert is_followed(tmp_path, "app.py", code, more) is followed


SERVICE = """\
service: s
provider: {name: aws, runtime: python3.13}
plugins: [PLUGIN]
functions:
  f: {handler: app.handler, events: [httpApi: POST /]}
"""


@pytest.mark.parametrize(
    ("plugin", "followed"), [("serverless-offline", False), ("serverless-dotenv-plugin", True)]
)
def test_a_plug_in_may_add_variables(tmp_path: Path, plugin: str, *, followed: bool) -> None:
    """Where a plug-in reads files of variables, one that the service does not set may be there."""
    code = python('if os.environ.get("NONE"): RUN')
    files = {"serverless.yml": SERVICE.replace("PLUGIN", plugin), "app.py": code}
    for name, text in files.items():
        (tmp_path / name).write_text(text)

    found = scan(tmp_path, Config(select=("event-in-shell",))).findings

    assert bool(found) is followed
