"""The example of a caller-chosen address: it works, the finding is real, the careful one holds."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import boto3
import pytest
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from test_examples import deployable

from stockade.api import scan
from stockade.cli import main

EXAMPLES = Path(__file__).parent.parent / "examples" / "link-preview"
CARELESS, CAREFUL = EXAMPLES / "careless", EXAMPLES / "careful"
BOTH = pytest.mark.parametrize("folder", [CARELESS, CAREFUL], ids=lambda one: one.name)


def test_the_exit_code_tells_how_bad_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """13 for high, 0 for nothing."""
    assert main(["scan", str(CARELESS)]) == 13
    assert "attack paths" in capsys.readouterr().out
    assert main(["scan", str(CAREFUL), "--persona", "strict"]) == 0
    assert capsys.readouterr().out.startswith("nothing found")


@BOTH
def test_every_file_is_seen(folder: Path) -> None:
    """Nothing in them is beyond what stockade understands."""
    assert scan(folder).unseen == ()


@BOTH
def test_they_can_be_deployed(folder: Path) -> None:
    """AWS's own translator turns each template into CloudFormation."""
    session = boto3.Session(region_name="eu-west-1")

    translated = Translator({}, Parser(), None, session).translate(
        deployable(folder / "template.yaml"), {}
    )

    types = {resource["Type"] for resource in translated["Resources"].values()}
    assert {"AWS::Lambda::Function", "AWS::Lambda::Permission", "AWS::S3::Bucket"} <= types


@BOTH
def test_their_tests_pass_on_their_own(folder: Path) -> None:
    """Whoever copies the folder can test it with pytest and the standard library alone."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", ".", "."],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTEST_ADDOPTS": "", "PYTHONDONTWRITEBYTECODE": "1"},
    )

    assert done.returncode == 0, done.stdout
    assert re.search(r"\d+ passed", done.stdout)


ATTACK = """\
import sys
from types import ModuleType

boto3 = sys.modules["boto3"] = ModuleType("boto3")
boto3.client = lambda name: None
sys.path.insert(0, sys.argv[1])
import app
event = {"queryStringParameters": {"url": "file:///proc/self/environ"}}
print(app.handler(event, None)["body"])
"""


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="there is no /proc here")
@pytest.mark.parametrize(("folder", "taken"), [(CARELESS, True), (CAREFUL, False)])
def test_the_path_is_real(folder: Path, taken: bool) -> None:  # noqa: FBT001 - a case
    """The address of a file shows the credentials that Lambda puts into the environment."""
    told = subprocess.run(
        [sys.executable, "-B", "-c", ATTACK, str(folder / "preview")],
        check=True,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        env={"AWS_SESSION_TOKEN": "the-credentials", "PICTURES": "pictures"},
    )

    answer = json.loads(told.stdout)
    assert ("the-credentials" in json.dumps(answer)) is taken
