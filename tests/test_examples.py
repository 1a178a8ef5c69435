"""The bundled examples: one that anyone can take over, and the same one done well."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from stockade.api import scan
from stockade.cli import main
from stockade.model import Location, Severity

EXAMPLES = Path(__file__).parent.parent / "examples" / "cv-mailbox"
CARELESS, CAREFUL = EXAMPLES / "careless", EXAMPLES / "careful"


def test_the_worst_of_the_careless_mailbox_comes_first() -> None:
    """Whoever sends a mail runs commands: first in the report, with every step."""
    first = scan(CARELESS).findings[0]

    steps = [step.at.path for step in first.match.because]
    assert first.rule.practice == "C1"
    assert first.severity >= Severity.HIGH
    assert steps[0] == "template.yaml"
    assert steps[-1] == "intake/extract.py"
    assert "shell=True" in line_of(CARELESS, first.match.because[-1].at)
    names = [step for step in first.match.because if "get_filename" in line_of(CARELESS, step.at)]
    assert names, "the steps pass the line that reads the attachment's name"


def line_of(folder: Path, at: Location) -> str:
    """Return the line of source at a place."""
    return (folder / at.path).read_text().splitlines()[at.line - 1]


def test_the_exit_code_tells_how_bad_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """13 for high, 14 for critical, 0 for nothing."""
    assert main(["scan", str(CARELESS)]) in {13, 14}
    assert main(["scan", str(CAREFUL)]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("persona", ["regular", "strict"])
def test_the_careful_mailbox_gets_no_finding(
    persona: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every rule stays silent on the application that keeps every practice."""
    main(["scan", str(CAREFUL), "--persona", persona, "--format", "json"])

    assert json.loads(capsys.readouterr().out)["findings"] == []


@pytest.mark.parametrize("folder", [CARELESS, CAREFUL], ids=["careless", "careful"])
def test_every_file_of_the_examples_is_seen(folder: Path) -> None:
    """Nothing in them is beyond what stockade understands."""
    assert scan(folder).unseen == ()


def test_sarif_shows_the_flow_across_template_and_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The code flow of the first result begins in the template and ends in the code."""
    main(["scan", str(CARELESS), "--format", "sarif"])

    log = json.loads(capsys.readouterr().out)
    (run,) = log["runs"]
    (flow,) = run["results"][0]["codeFlows"][0]["threadFlows"]
    places = [
        location["location"]["physicalLocation"]["artifactLocation"]["uri"]
        for location in flow["locations"]
    ]
    assert places[0].endswith("template.yaml")
    assert places[-1].endswith("extract.py")


@pytest.mark.parametrize("folder", [CARELESS, CAREFUL], ids=["careless", "careful"])
def test_the_examples_can_be_deployed(folder: Path) -> None:
    """AWS's own translator turns each template into CloudFormation."""
    template = deployable(folder / "template.yaml")
    session = boto3.Session(region_name="eu-west-1")

    translated = Translator({}, Parser(), None, session).translate(template, {})

    types = {resource["Type"] for resource in translated["Resources"].values()}
    assert {"AWS::Lambda::Function", "AWS::Lambda::Permission", "AWS::SES::ReceiptRule"} <= types


def deployable(path: Path) -> dict[str, Any]:
    """Read a template as `sam package` hands it on: local code has become an address in S3."""
    template: dict[str, Any] = yaml.load(path.read_text(), _Intrinsics)  # noqa: S506 - a SafeLoader
    for resource in template["Resources"].values():
        for name in ("CodeUri", "ContentUri"):
            if name in resource.get("Properties", {}):
                resource["Properties"][name] = "s3://bucket/key"
    return template


class _Intrinsics(yaml.SafeLoader):
    """YAML with CloudFormation's short forms, and dates left as they are written."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as in the base class
        first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _intrinsic(loader: yaml.SafeLoader, name: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in {"Ref", "Condition"} else f"Fn::{name}": value}


_Intrinsics.add_multi_constructor("!", _intrinsic)


@pytest.mark.parametrize("folder", [CARELESS, CAREFUL], ids=["careless", "careful"])
def test_the_examples_tests_pass_on_their_own(folder: Path) -> None:
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
from email.message import EmailMessage
from io import BytesIO
from types import ModuleType

message = EmailMessage()
message["X-SES-Virus-Verdict"] = "PASS"
message["From"] = "mallory@attacker.example"
message.set_content("My CV.")
message.add_attachment(b"%PDF-1.7", "application", "pdf", filename="x;env > taken #.pdf")

class Aws:
    def __getattr__(self, name):
        return lambda *_, **__: Aws()
    def __getitem__(self, name):
        return BytesIO(message.as_bytes()) if name == "Body" else b"..."
    def get_object(self, **_):
        return Aws()
    def __str__(self):
        return "key"

boto3 = sys.modules["boto3"] = ModuleType("boto3")
boto3.client = boto3.resource = lambda name: Aws()
sys.path.insert(0, sys.argv[1])
import app
app.ats.announce = lambda candidate: None
if hasattr(app.cv, "FOLDER"):
    app.cv.FOLDER = "cvs"
key = "incoming/" + "0" * 40
record = {"s3": {"bucket": {"name": "mail"}, "object": {"key": key, "size": 1000}}}
try:
    app.handler({"Records": [record]}, None)
except FileNotFoundError as error:
    assert "pdftotext" in str(error), error
"""


@pytest.fixture
def attacked(tmp_path: Path) -> Callable[[Path], bool]:
    """Send the story's mail to an example, for real, and tell whether its command was run."""

    def attack(folder: Path) -> bool:
        subprocess.run(
            [sys.executable, "-B", "-c", ATTACK, str(folder / "intake")],
            cwd=tmp_path,
            check=True,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=60,
            env={
                "PATH": os.environ["PATH"],
                "MAIL_BUCKET": "mail",
                "CV_BUCKET": "cvs",
                "TABLE": "candidates",
                "CONTACT_KEY": "key",
                "ATS_API_KEY": "the-secret",
            },
        )
        taken = tmp_path / "taken"
        return taken.exists() and "the-secret" in taken.read_text()

    return attack


def test_the_finding_is_real(attacked: Callable[[Path], bool]) -> None:
    """The name of an attachment takes the secrets of the careless mailbox."""
    assert attacked(CARELESS)


def test_the_careful_mailbox_withstands(attacked: Callable[[Path], bool]) -> None:
    """The same mail does nothing to the careful one."""
    assert not attacked(CAREFUL)
