"""What the code makes sure of who calls decides who can do harm through it."""

import re
from pathlib import Path

import pytest
from folders import write

from stockade.api import scan

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: {runtime}
      Handler: app.handler
      Environment: {{Variables: {{TOKEN_SECRET: !Ref Given, ORIGIN: x}}}}
      Events: {{A: {{Type: HttpApi, Properties: {{Path: /a, Method: post}}}}}}
Parameters: {{Given: {{Type: String, NoEcho: true}}}}
"""
CASES = Path(__file__).parent / "proofs"
RUNTIMES = {".py": "python3.13", ".mjs": "nodejs22.x"}


def cases() -> list[tuple[str, str, str, str]]:
    """Read the snippets: each begins with `=== name: exposure` in a comment."""
    found = []
    for path in sorted(CASES.iterdir()):
        for part in re.split(r"^(?:#|//) === ", path.read_text(), flags=re.MULTILINE)[1:]:
            title, _, code = part.partition("\n")
            exposure, _, name = title.partition(": ")
            found.append((name, exposure, path.suffix, code))
    return found


@pytest.mark.parametrize(
    ("name", "exposure", "suffix", "code"),
    cases(),
    ids=[f"{name} {suffix}" for name, _, suffix, _ in cases()],
)
def test_who_can_run_commands(
    name: str, exposure: str, suffix: str, code: str, tmp_path: Path
) -> None:
    """Whoever fails a check that every way makes is none of those who can; others are."""
    template = TEMPLATE.format(runtime=RUNTIMES[suffix])
    write(tmp_path, {"template.yaml": template, f"app{suffix}": code})

    found = [one for one in scan(tmp_path).findings if one.rule.id == "event-in-shell"]

    assert [one.match.exposure.name.lower() for one in found] == [exposure], name


def test_the_place_is_told_where_the_role_is_asked_for(tmp_path: Path) -> None:
    """Not where the token is verified before."""
    (code,) = (one[3] for one in cases() if one[0] == "a middleware stands before the routes")
    write(tmp_path, {"template.yaml": TEMPLATE.format(runtime="nodejs22.x"), "app.mjs": code})

    (found,) = [one for one in scan(tmp_path).findings if one.rule.id == "event-in-shell"]

    (step,) = [one for one in found.match.because if "has a role" in one.note]
    assert 'role !== "admin"' in code.splitlines()[step.at.line - 1]
