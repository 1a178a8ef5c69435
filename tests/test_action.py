"""The action and the hook that this repository offers to others."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from stockade.cli.arguments import parser

PROJECT = Path(__file__).parent.parent
ACTION: dict[str, Any] = yaml.safe_load((PROJECT / "action.yml").read_text())
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]


def test_actions_of_others_are_pinned() -> None:
    """Each action that ours uses is named by its full commit."""
    used = [step["uses"] for step in STEPS if "uses" in step]

    assert used
    assert all(re.search(r"@[0-9a-f]{40}$", one) for one in used)


def test_inputs_are_never_part_of_a_script() -> None:
    """What a workflow gives reaches the shell as a variable: nothing in it is run."""
    scripts = [step["run"] for step in STEPS if "run" in step]

    assert scripts
    assert not any("${{" in script for script in scripts)


def test_every_input_is_used_and_described() -> None:
    """No input does nothing."""
    text = (PROJECT / "action.yml").read_text()

    for name, given in ACTION["inputs"].items():
        assert given["description"]
        assert re.search(rf"inputs\.{name}\b", text)


def run(step: str, folder: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """Run a step of the action in a folder, as the runner would."""
    (script,) = (one["run"] for one in STEPS if one.get("name") == step)
    variables = {
        "STOCKADE": str(Path(sys.executable).with_name("stockade")),
        "RUNNER_TEMP": str(folder),
        "GITHUB_WORKSPACE": str(folder),
        "GITHUB_OUTPUT": str(folder / "output"),
        "SCANNED": "services/mail",
        "FAIL_ON": "high",
        "PERSONA": "regular",
        "BASELINE": "",
        "ISOLATED": "true",
    }
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, **variables, **given},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Make a repository whose application stands below its top."""
    folder = tmp_path / "services" / "mail"
    folder.mkdir(parents=True)
    (folder / "template.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\n"
        "Resources:\n"
        "  Convert:\n"
        "    Type: AWS::Serverless::Function\n"
        "    Properties:\n"
        "      Handler: app.handler\n"
        "      Runtime: python3.13\n"
        "      Events: {Web: {Type: HttpApi, Properties: {Method: GET, Path: /}}}\n"
    )
    (folder / "app.py").write_text("def handler(event, context):\n    eval(event['body'])\n")
    return tmp_path


def test_action_scans_and_judges(repository: Path) -> None:
    """The scan leaves SARIF whose paths count from the repository's top; judging fails the job."""
    scanned = run("Scan", repository)
    assert scanned.returncode == 0, scanned.stderr
    assert (repository / "output").read_text() == f"sarif={repository}/stockade.sarif\n"
    sarif = yaml.safe_load((repository / "stockade.sarif").read_text())
    (result,) = sarif["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uri"] == "services/mail/app.py"
    assert sarif["runs"][0]["originalUriBaseIds"]["SRCROOT"]["uri"] == f"file://{repository}/"

    judged = run("Judge", repository)
    assert judged.returncode == 14
    assert judged.stdout.startswith("::error file=services/mail/app.py,line=2,")


def test_action_takes_a_baseline(repository: Path) -> None:
    """What the baseline holds does not fail the job."""
    run("Scan", repository)
    judged = run("Judge", repository, BASELINE="stockade.sarif")

    assert judged.returncode == 0, judged.stdout + judged.stderr


def test_inputs_that_are_hostile_run_nothing(repository: Path) -> None:
    """A path with a command in it is a path that does not exist."""
    judged = run("Judge", repository, SCANNED='x"; touch hacked; "$(touch hacked)')

    assert judged.returncode == 2
    assert not (repository / "hacked").exists()


def test_hook_calls_what_there_is() -> None:
    """The hook for pre-commit is a command that stockade understands."""
    (hook,) = yaml.safe_load((PROJECT / ".pre-commit-hooks.yaml").read_text())
    program, *words = hook["entry"].split()

    assert program == "stockade"
    assert parser().parse_args([*words, "--fail-on", "low"]).fail_on == "low"
    assert hook["pass_filenames"] is False
