"""The two stories of the examples come out as paths, and each named cut closes its path."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from paths_apps import moves, paths

from stockade.model import CutKind, Exposure, GoalKind, Severity

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
MAILBOX, PREVIEW = EXAMPLES / "cv-mailbox", EXAMPLES / "link-preview"


def test_the_mailbox_ends_in_every_store() -> None:
    """A mail runs commands, which act as the role, which opens every bucket and table."""
    first = paths(MAILBOX / "careless")[0]

    assert first.says == (
        "anyone who can mail it can run commands in Intake, act as FunctionRole, "
        "and read and change every bucket and table of the account"
    )
    assert moves(first) == ["send", "inject", "use-role", "read-store"]
    assert (first.severity, first.exposure) == (Severity.CRITICAL, Exposure.ANYONE)
    assert first.goal.kind is GoalKind.EVERY_STORE
    assert set(first.goal.resources) == {"MailBucket", "Candidates"}
    assert first.controls == ()


def test_the_mailbox_ends_in_the_secret_of_its_environment() -> None:
    """The same command reads the key that stands in the settings."""
    second = paths(MAILBOX / "careless")[1]

    assert second.goal.kind is GoalKind.SECRET
    assert moves(second) == ["send", "inject", "read-environment"]
    assert "ATS_API_KEY" in second.says


def test_the_preview_ends_in_every_bucket() -> None:
    """An address with the scheme file: reads the environment, and its credentials the rest."""
    first = paths(PREVIEW / "careless")[0]

    assert first.says == (
        "anyone can make Preview open file:///proc/self/environ, act as PreviewRole, "
        "and read and change every bucket of the account"
    )
    assert moves(first) == ["send", "inject", "read-environment", "use-role", "read-store"]


def test_every_move_shows_its_place() -> None:
    """Each move of each story has a reason, with a line of the author's own files."""
    for folder in (MAILBOX / "careless", PREVIEW / "careless"):
        for path in paths(folder):
            for move in path.moves:
                assert move.because, move
                assert all((folder / step.at.path).is_file() for step in move.because)


@pytest.mark.parametrize("story", [MAILBOX, PREVIEW], ids=lambda one: one.name)
def test_the_careful_ones_have_no_path(story: Path) -> None:
    """Where every practice is kept nothing leads anywhere."""
    assert paths(story / "careful") == ()


def _edit(file: str, pattern: str, instead: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        path = folder / file
        text, changed = re.subn(pattern, instead, path.read_text(), flags=re.DOTALL)
        assert changed, "the edit found its place"
        path.write_text(text)

    return edit


NARROWED = """\\1- Effect: Allow
                Action: s3:GetObject
                Resource: !Sub arn:aws:s3:::${AWS::StackName}-mail/*
              - Effect: Allow
                Action: [dynamodb:PutItem, dynamodb:GetItem, dynamodb:Scan]
                Resource: !GetAtt Candidates.Arn"""

EDITS = {
    (MAILBOX, CutKind.MEND_CODE): _edit(
        "intake/extract.py",
        r"result = subprocess.run\(command, shell=True",
        'result = subprocess.run(["pdftotext", "-layout", "--", command, "-"]',
    ),
    (MAILBOX, CutKind.NARROW_ROLE): _edit(
        "template.yaml",
        r"(Statement:\n              )- Effect: Allow\n                Action:\n"
        r' *- s3:\*\n *- dynamodb:\*\n *Resource: "\*"',
        NARROWED,
    ),
    (MAILBOX, CutKind.MOVE_SECRET): _edit(
        "template.yaml", "ATS_API_KEY: !Ref AtsApiKey", "ATS_API_KEY_ARN: !Ref AtsUrl"
    ),
    (PREVIEW, CutKind.MEND_CODE): _edit(
        "preview/page.py",
        r"with urlopen\(url, timeout=10\)",
        'with urlopen("https://news.example.com/" + url, timeout=10)',
    ),
    (PREVIEW, CutKind.NARROW_ROLE): _edit(
        "template.yaml",
        r"- s3:List\*\n *- s3:GetObject\n *- s3:PutObject\n *Resource: \"\*\"",
        "- s3:PutObject\n                Resource: !Sub ${Pictures.Arn}/*",
    ),
    (PREVIEW, CutKind.REQUIRE_AUTHORIZER): _edit(
        "template.yaml",
        r"CorsConfiguration:",
        "Auth: {DefaultAuthorizer: AWS_IAM, EnableIamAuthorizer: true}\n      CorsConfiguration:",
    ),
}
"""What an author would do about each kind of cut that the stories' paths name."""


@pytest.mark.parametrize("story", [MAILBOX, PREVIEW], ids=lambda one: one.name)
def test_each_named_cut_closes_its_path(story: Path, tmp_path: Path) -> None:
    """Whichever cut of whichever path is made, that path is gone from the next scan."""
    tried = set()
    for path in paths(story / "careless"):
        assert path.cuts, path.says
        for number, cut in enumerate(path.cuts):
            copy = tmp_path / f"{path.fingerprint}-{number}"
            shutil.copytree(story / "careless", copy)
            EDITS[story, cut.kind](copy)
            tried.add(cut.kind)

            left = {one.fingerprint for one in paths(copy)}

            assert path.fingerprint not in left, (path.says, cut)
    assert tried == {kind for folder, kind in EDITS if folder is story}


def test_cuts_name_the_lines_that_the_edits_change() -> None:
    """A cut points at the very call and the very statement."""
    mend, narrow = paths(MAILBOX / "careless")[0].cuts

    lines = (MAILBOX / "careless" / mend.at.path).read_text().splitlines()
    assert "shell=True" in lines[mend.at.line - 1]
    lines = (MAILBOX / "careless" / narrow.at.path).read_text().splitlines()
    assert "s3:*" in "".join(lines[narrow.at.line - 1 : narrow.at.line + 3])
    assert "stockade policy --function Intake" in narrow.help
