"""The CV mailbox in every language and every framework: the same findings, the same ways."""

import json
import re
import shutil
from pathlib import Path

import pytest

from stockade.analysis import LANGUAGES
from stockade.api import scan
from stockade.cli import main
from stockade.config import Config
from stockade.model import Finding, Persona

EXAMPLES = Path(__file__).parent.parent / "examples" / "cv-mailbox"
CARELESS = EXAMPLES / "careless"
MAILBOXES = Path(__file__).parent / "mailboxes"
PLACE = re.compile(r"\S+\.\w+:\d+:\d+")
RUNTIMES = {"javascript": "nodejs22.x"}
FRAMEWORKS: dict[str, dict[str, str]] = {
    "cdk": {},
    "serverless": {
        "LambdaFunction": "",
        "IntakeLogGroup": "IntakeLogs",
        "RecruitersLogGroup": "RecruitersLogs",
    },
    "terraform": {
        'aws_lambda_function.this["intake"]': "Intake",
        'aws_lambda_function.this["recruiters"]': "Recruiters",
        "aws_lambda_function.intake": "Intake",
        "aws_lambda_function.recruiters": "Recruiters",
        "aws_dynamodb_table.candidates": "Candidates",
        "aws_s3_bucket.mail": "MailBucket",
        "module.mail.aws_s3_bucket.this": "MailBucket",
        "module.cvs.aws_s3_bucket.this": "CvBucket",
        "aws_kms_key.storage": "StorageKey",
        "aws_kms_key.contact": "ContactKey",
        "aws_secretsmanager_secret.ats": "AtsKey",
        "aws_sqs_queue.failed": "FailedMails",
        "aws_cloudwatch_log_group.intake": "IntakeLogs",
        "aws_cloudwatch_log_group.recruiters": "RecruitersLogs",
        "cv-mailbox-mail": "${AWS::StackName}-mail",
    },
    "sst": {},
}
"""Frameworks that both mailboxes are written for in `mailboxes`, without their code; and for
what the framework's names have where SAM's have another: both are told in SAM's words."""
CAREFUL = sorted(one for one in FRAMEWORKS if (MAILBOXES / one / "careful").is_dir())
WRITTEN = [(one, "careless") for one in FRAMEWORKS] + [(one, "careful") for one in CAREFUL]
BROUGHT = {"cdk": ["its code comes from a package, not from the scanned folder"]}
"""What is not seen of a framework's mailbox: functions that the framework brings."""


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


def written_for(framework: str, which: str, folder: Path) -> Path:
    """Write a mailbox for a framework: its own files around the code of the example."""
    shutil.copytree(EXAMPLES / which, folder, dirs_exist_ok=True)
    (folder / "template.yaml").unlink()
    (folder / "samconfig.toml").unlink(missing_ok=True)
    shutil.copytree(MAILBOXES / framework / which, folder, dirs_exist_ok=True)
    for manifest in folder.glob("cdk.out/*.assets.json"):
        for asset, described in json.loads(manifest.read_text())["files"].items():
            source = folder / described["displayName"].removesuffix("/Code").lower()
            if source.is_dir():
                shutil.copytree(source, folder / "cdk.out" / f"asset.{asset}")
    return folder


def renamed(framework: str, text: str) -> str:
    """Say in SAM's names what is said in those of a framework."""
    for own, of_sam in FRAMEWORKS[framework].items():
        text = text.replace(own, of_sam)
    return text


def way(finding: Finding) -> tuple[str, ...]:
    """Return the places in the code on the way of a finding, and how many others there are.

    What is wrong in the settings alone shows in as many places as a framework writes them.
    """
    steps = finding.match.because
    code = [str(step.at) for step in steps if step.at.path.endswith(".py")]
    return (*code, f"{len(steps) - len(code)} others") if code else ()


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_another_framework_has_the_same_findings(framework: str, tmp_path: Path) -> None:
    """Rules, severities, messages and the whole way through the code are those of SAM."""
    found = scan(written_for(framework, "careless", tmp_path))
    expected = scan(CARELESS)

    assert sorted(
        (one.rule.id, one.severity.name, renamed(framework, one.match.message), way(one))
        for one in found.findings
    ) == sorted(
        (one.rule.id, one.severity.name, one.match.message, way(one)) for one in expected.findings
    )
    assert [one.why for one in found.unseen] == BROUGHT.get(framework, [])


@pytest.mark.parametrize("framework", CAREFUL)
def test_a_careful_mailbox_is_quiet_in_every_framework(framework: str, tmp_path: Path) -> None:
    """Not even the strict persona has anything to say, and nothing was left unseen."""
    report = scan(written_for(framework, "careful", tmp_path), Config(persona=Persona.STRICT))

    assert [(one.rule.id, one.match.message) for one in report.findings] == []
    assert not report.unseen
    assert len(report.applications) == 1


@pytest.mark.parametrize(("framework", "which"), WRITTEN)
def test_another_framework_needs_the_same_policy(
    framework: str, which: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What each function needs, is granted and should be granted is that of SAM."""
    told = []
    for folder in (EXAMPLES / which, written_for(framework, which, tmp_path)):
        main(["policy", str(folder)])
        text = renamed(framework, PLACE.sub("", capsys.readouterr().out))
        told.append(sorted(text.splitlines()))

    assert any("dynamodb:PutItem" in line for line in told[0])
    assert told[0] == told[1]
