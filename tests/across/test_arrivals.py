"""What one function sends arrives in another's event, in the field that this event has."""

import textwrap
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from stockade.analysis.facts import Facts
from stockade.api import examine
from stockade.model import Exposure

CASES = Path(__file__).parent / "cases"
HEADERS = {
    "python": "import base64, boto3, json, os, uuid\n\n\ndef handler(event, context):\n",
    "javascript": (
        'const { exec } = require("node:child_process");\n'
        'const AWS = require("aws-sdk");\n\n\nexports.handler = async (event) => {\n'
    ),
}
BODIES = {
    "python": 'body = json.loads(event["body"])\n',
    "javascript": "const body = JSON.parse(event.body);\n",
}
RUNTIMES = {"python": "python3.13", "javascript": "nodejs22.x"}
ENDINGS = {"python": "py", "javascript": "js"}


class Case(NamedTuple):
    """One small application: what `A` sends, what lies between, and what `B` does."""

    name: str
    between: str
    settings: str
    sender: str
    events: str
    sends: tuple[str, str]
    does: tuple[str, str]
    more: str
    arrives: bool


def cases() -> list[Case]:
    """Read the cases: what is not said in one is as in the file's first."""
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        first: dict[str, object] = {}
        for read in yaml.safe_load(path.read_text()):
            first = first or read
            case = {**first, **read}
            for word in ("sends", "does"):
                for other in (word, f"{word}_js"):
                    if other in read:
                        language = "javascript" if other.endswith("_js") else "python"
                        case[word] = (language, read[other])
                if isinstance(case[word], str):
                    case[word] = ("python", case[word])
            found.append(
                Case(
                    name=f"{path.stem}: {case['name']}",
                    between=case["between"],
                    settings=case.get("settings", ""),
                    sender=case.get("sender", ""),
                    events=case.get("events", ""),
                    sends=case["sends"],
                    does=case["does"],
                    more=case.get("more", ""),
                    arrives=read.get("arrives", True),
                )
            )
    return found


CASES_ = cases()


def written(case: Case, folder: Path) -> Path:
    """Write the application of a case: `A` is called by anyone, `B` by what lies between."""
    (folder / "template.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\n"
        "Resources:\n"
        + textwrap.indent(case.between, "  ")
        + function("A", case.sends[0], "Post: {Type: HttpApi}\n", case.settings + case.sender)
        + function("B", case.does[0], case.events, case.settings)
        + textwrap.indent(case.more, "  ")
    )
    for name, (language, code), before in (
        ("A", case.sends, BODIES[case.sends[0]]),
        ("B", case.does, ""),
    ):
        (folder / name).mkdir()
        body = HEADERS[language] + textwrap.indent(before + code, "    ")
        end = "};\n" if language == "javascript" else ""
        (folder / name / f"app.{ENDINGS[language]}").write_text(body + end)
    return folder


def function(name: str, language: str, events: str, settings: str) -> str:
    """Write a function whose role is made elsewhere."""
    text = f"""{name}:
  Type: AWS::Serverless::Function
  Properties:
    Runtime: {RUNTIMES[language]}
    CodeUri: {name}
    Handler: app.handler
    Role: arn:aws:iam::123456789012:role/elsewhere
"""
    if settings:
        text += "    Environment:\n      Variables:\n" + textwrap.indent(settings, " " * 8)
    if events:
        text += "    Events:\n" + textwrap.indent(events, " " * 6)
    return textwrap.indent(text, "  ")


@pytest.mark.parametrize("case", CASES_, ids=[case.name for case in CASES_])
def test_it_arrives_where_the_case_says(case: Case, tmp_path: Path) -> None:
    """Anyone reaches the shell of `B` through `A`, or nobody does."""
    (examined,) = examine(written(case, tmp_path)).applications
    _, facts = examined
    assert isinstance(facts, Facts)
    flows = [flow for flow in facts.flows_into("shell") if flow.function == "B"]

    through = {flow.through for flow in flows if flow.origin.exposure is Exposure.ANYONE}

    assert through == ({("A",)} if case.arrives else set())
