"""Starting fast: what is heavy is imported where it is used."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import stockade
from stockade.rules import RULES, STRICT

SOURCES = str(Path(stockade.__file__).parents[1])

HEAVY = (
    "asyncio",
    "boto3",
    "botocore",
    "bz2",
    "cfnlint",
    "dataclasses",
    "decimal",
    "email",
    "hashlib",
    "http",
    "importlib.metadata",
    "importlib.resources",
    "inspect",
    "jsonschema",
    "logging",
    "multiprocessing",
    "pydantic",
    "rich",
    "samtranslator",
    "shlex",
    "shutil",
    "socket",
    "sqlite3",
    "ssl",
    "string",
    "subprocess",
    "tempfile",
    "tokenize",
    "tomllib",
    "tree_sitter",
    "unittest",
    "urllib.request",
    "xml",
)
"""Modules that cost more to import than a small scan takes, or that a scan has no use for."""

UNUSED = (
    "stockade.analysis.code.javascript",
    "stockade.analysis.code.python.patterns",
    "stockade.analysis.comparison",
    "stockade.analysis.interpreter.ecmascript",
    "stockade.analysis.permissions.partiql",
    "stockade.analysis.pipelines.codebuild",
    "stockade.analysis.pipelines.github",
    "stockade.analysis.pipelines.gitlab",
    "stockade.iam.compare",
    "stockade.iam.moments",
    "stockade.load.cdk",
    "stockade.load.chalice",
    "stockade.load.handlers.archives",
    "stockade.load.handlers.inline",
    "stockade.load.sam.api",
    "stockade.load.sam.connectors",
    "stockade.load.sam.events.poll",
    "stockade.load.sam.events.push",
    "stockade.load.sam.events.rest_api",
    "stockade.load.sam.events.rules",
    "stockade.load.sam.rest_document",
    "stockade.load.serverless",
    "stockade.load.terraform",
)
"""Parts of our own that the application below has no use for."""

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      Events:
        Web: {Type: HttpApi, Properties: {Method: GET, Path: /}}
"""


def imported_by(*words: str, folder: Path) -> set[str]:
    """Run the command line, and return the modules that it imported."""
    code = (
        "import sys, json\n"
        "from stockade.cli import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "except SystemExit:\n    pass\n"
        "sys.stderr.write(json.dumps(sorted(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code, *words],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
        # Without the site packages' own start-up files, which import what they like.
        env={**os.environ, "PYTHONPATH": os.pathsep.join([SOURCES, *packages()])},
    )
    return set(json.loads(done.stderr))


def packages() -> list[str]:
    """Return where installed packages are."""
    return [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]


def test_help_imports_nothing_of_the_analysis(tmp_path: Path) -> None:
    """`stockade --help` needs neither the model nor any stage of a scan."""
    modules = imported_by("--help", folder=tmp_path)
    ours = {name for name in modules if name.startswith("stockade.")}

    assert ours == {
        "stockade._columns",
        "stockade.cli",
        "stockade.cli.arguments",
        "stockade.errors",
    }
    assert modules.isdisjoint(HEAVY)
    assert "yaml" not in modules


@pytest.mark.parametrize("command", ["scan", "scan --format json", "show surface"])
def test_scan_of_a_small_application_imports_nothing_heavy(command: str, tmp_path: Path) -> None:
    """A scan that writes plain text or JSON imports none of the heavy modules."""
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "app.py").write_text("def handler(event, context):\n    return 1\n")
    modules = imported_by(*command.split(), folder=tmp_path)

    assert "yaml" in modules
    assert modules.intersection(HEAVY) == set()


def test_scan_of_a_small_application_imports_what_it_needs(tmp_path: Path) -> None:
    """Of our own, a scan imports neither what reads other applications nor the strict rules."""
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "app.py").write_text("def handler(event, context):\n    return 1\n")
    modules = imported_by("scan", folder=tmp_path)
    names = [one.id.replace("-", "_") for one in RULES if one.persona is STRICT]
    strict = {f"stockade.rules.{name}" for name in names}

    assert "stockade.rules.event_in_shell" in modules
    assert modules.intersection(UNUSED) == set()
    assert modules.intersection(strict) == set()
    assert len(strict) > 20
