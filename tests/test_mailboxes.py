"""The careless CV mailbox in every language that is analysed: the same findings, the same ways."""

import re
import shutil
from pathlib import Path

import pytest

from stockade.analysis import LANGUAGES
from stockade.api import scan
from stockade.cli import main
from stockade.model import Finding

CARELESS = Path(__file__).parent.parent / "examples" / "cv-mailbox" / "careless"
MAILBOXES = Path(__file__).parent / "mailboxes"
PLACE = re.compile(r"\S+\.\w+:\d+:\d+")
RUNTIMES = {"javascript": "nodejs22.x"}


def mailbox(language: str, folder: Path) -> Path:
    """Write the careless mailbox, its code in this language, and return its folder."""
    shutil.copytree(MAILBOXES / language, folder, dirs_exist_ok=True)
    template = (CARELESS / "template.yaml").read_text()
    (folder / "template.yaml").write_text(template.replace("python3.13", RUNTIMES[language]))
    return folder


def told(finding: Finding) -> tuple[str, str, str, tuple[str, ...]]:
    """Return what a finding says, and what it shows in the template."""
    places = [str(step.at) for step in finding.match.because if step.at.path == "template.yaml"]
    return (finding.rule.id, finding.severity.name, finding.match.message, tuple(places))


@pytest.mark.parametrize("language", sorted(LANGUAGES - {"python"}))
def test_another_language_has_the_same_findings(language: str, tmp_path: Path) -> None:
    """Rules, severities, messages and the lines of the template are those of Python."""
    found = scan(mailbox(language, tmp_path))
    expected = scan(CARELESS)

    assert sorted(map(told, found.findings)) == sorted(map(told, expected.findings))
    assert not found.unseen


@pytest.mark.parametrize("language", sorted(LANGUAGES - {"python"}))
def test_another_language_needs_the_same_policy(
    language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exact permissions are those that the code in Python needs, on the same resources."""
    written = mailbox(language, tmp_path)

    told = []
    for folder in (CARELESS, written):
        main(["policy", str(folder)])
        told.append(PLACE.sub("", capsys.readouterr().out))

    assert "dynamodb:PutItem" in told[0]
    assert told[0] == told[1]


def test_the_way_is_told_through_all_files(tmp_path: Path) -> None:
    """The steps lead from the template over the mail's attachment to the shell."""
    first = scan(mailbox("javascript", tmp_path)).findings[0]

    paths = list(dict.fromkeys(step.at.path for step in first.match.because))
    assert first.rule.id == "event-in-shell"
    assert paths == [
        "template.yaml",
        "intake/app.js",
        "intake/mail.js",
        "intake/cv.js",
        "intake/extract.js",
    ]
