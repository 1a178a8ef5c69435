"""`stockade access` and `stockade compare` on the command line."""

import io
import json
from pathlib import Path

import pytest

from stockade.cli import main


def policy(*actions: str) -> str:
    """Write a policy that allows actions on the objects of one bucket."""
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "arn:aws:s3:::data/*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def case(action: str) -> str:
    """Write one access case: a role with a policy that reads objects."""
    request = {
        "principal": "arn:aws:iam::111122223333:role/app",
        "action": action,
        "resource": {"arn": "arn:aws:s3:::data/a", "account": "111122223333"},
        "context": {},
    }
    policies = [json.loads(policy("s3:GetObject"))]
    return json.dumps({"name": action, "request": request, "identity_policies": policies})


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Two policies, the second of which allows more."""
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(policy("s3:GetObject"))
    new.write_text(policy("s3:GetObject", "s3:PutObject"))
    return old, new


def test_compare_shows_a_request_that_only_the_new_policy_allows(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code is 10 and the witness names the action that was added."""
    old, new = files

    code = main(["compare", str(old), str(new), "--format", "json"])

    told = json.loads(capsys.readouterr().out)
    assert (code, told["verdict"], told["witness"]["action"]) == (10, "new", "s3:PutObject")


def test_compare_proves_that_nothing_is_new(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """A policy that allows less is nothing new, and the exit code is 0."""
    old, new = files

    assert main(["compare", str(new), str(old)]) == 0
    assert "allows nothing" in capsys.readouterr().out


def test_compare_cannot_prove_anything_of_a_malformed_policy(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code is 1, and the error names the file."""
    old, new = files
    new.write_text('{"Statement": [{"Effect": "Perhaps"}]}')

    assert main(["compare", str(old), str(new)]) == 1
    assert "Statement[0]" in capsys.readouterr().err


def test_access_answers_each_case_on_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bad line is answered with its error, and the rest goes on."""
    cases = tmp_path / "cases.jsonl"
    cases.write_text("\n".join([case("s3:GetObject"), "no case", case("s3:PutObject")]))

    code = main(["access", "--cases", str(cases)])

    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert code == 0
    assert [each.get("decision") for each in told] == ["Allowed", None, "ImplicitlyDenied"]
    assert told[1]["line"] == 2
    assert told[1]["error"]


def test_access_reads_cases_from_the_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--cases -` is the standard input."""
    monkeypatch.setattr("sys.stdin", io.StringIO(case("s3:GetObject")))

    assert main(["access", "--cases", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["decision"] == "Allowed"


def test_a_file_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """The error says which file cannot be read, and the exit code is that of bad usage."""
    assert main(["access", "--cases", "nowhere.jsonl"]) == 2
    assert "nowhere.jsonl" in capsys.readouterr().err


EXAMPLES = Path(__file__).parent.parent / "examples" / "cv-mailbox"
READING = "--principal Intake --action s3:GetObject --resource MailBucket/incoming/1"


@pytest.mark.parametrize(
    ("example", "question", "told"),
    [
        (
            "careless",
            "--principal Intake --action s3:GetObject --resource MailBucket/incoming/1",
            "Intake may do s3:GetObject on MailBucket/incoming/1\n  Allow statement number 1",
        ),
        (
            "careless",
            "--principal Recruiters --action dynamodb:DeleteTable --resource Candidates",
            "Recruiters may do dynamodb:DeleteTable on Candidates",
        ),
        (
            "careless",
            "--principal Intake --action sqs:SendMessage --resource *",
            "Intake may not do sqs:SendMessage on *: nothing allows it",
        ),
        (
            "careless",
            "--action s3:GetObject --resource MailBucket/incoming/1",
            "an unsigned request may not do s3:GetObject on MailBucket/incoming/1",
        ),
        (
            "careful",
            "--principal Intake --action s3:GetObject --resource MailBucket/incoming/1",
            "decided by: aws:securetransport",
        ),
        (
            "careful",
            f"{READING} --context aws:SecureTransport=true",
            "Intake may do s3:GetObject on MailBucket/incoming/1",
        ),
        (
            "careful",
            f"{READING} --context aws:SecureTransport=false",
            "it is denied\n  Deny statement “OnlyOverTls”",
        ),
        (
            "careful",
            "--principal Recruiters --action s3:GetObject --resource MailBucket/incoming/1",
            "nothing allows it",
        ),
    ],
)
def test_access_answers_a_question_about_an_application(
    example: str, question: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The answer is a sentence, and quotes the statements that made it."""
    code = main(["access", str(EXAMPLES / example), *question.split()])

    assert code == 0
    assert told in capsys.readouterr().out


def test_access_tells_the_line_of_the_statement(capsys: pytest.CaptureFixture[str]) -> None:
    """Every statement is quoted with its place in the template."""
    question = [
        "--principal",
        "Intake",
        "--action",
        "dynamodb:PutItem",
        "--resource",
        "Candidates",
    ]
    main(["access", str(EXAMPLES / "careless"), *question])

    line = capsys.readouterr().out.splitlines()[1]
    number = int(line.rpartition(":")[2])
    text = (EXAMPLES / "careless" / "template.yaml").read_text().splitlines()
    assert "Effect: Allow" in text[number - 1]


_BY_TEAM = """
Resources:
  Reader:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: own
          PolicyDocument:
            VERSION
            Statement:
              - Effect: Allow
                Action: s3:*
                Resource: arn:aws:s3:::home/${aws:PrincipalTag/team}/*
"""


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("Version: 2012-10-17", "Reader may do s3:GetObject"),
        ("Version: 2008-10-17", "nothing allows it"),
        ("", "nothing allows it"),
    ],
)
def test_variables_of_a_policy_without_the_newer_version_are_texts(
    version: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From "IAM JSON policy elements: Version": so it is in 2008-10-17, which holds if unsaid."""
    (tmp_path / "template.yaml").write_text(_BY_TEAM.replace("VERSION", version))
    question = "--principal Reader --action s3:GetObject --resource arn:aws:s3:::home/red/1"

    main(["access", str(tmp_path), *question.split(), "--context", "aws:PrincipalTag/team=red"])

    assert told in capsys.readouterr().out


def test_access_knows_the_nearest_name(capsys: pytest.CaptureFixture[str]) -> None:
    """A principal that is not there is bad usage."""
    question = ["--principal", "Intaek", "--action", "s3:GetObject", "--resource", "MailBucket"]

    assert main(["access", str(EXAMPLES / "careless"), *question]) == 2
    assert "Intake" in capsys.readouterr().err


def test_catalogue_tells_of_when_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """The day of the data and the packages it was made from are told."""
    assert main(["catalogue"]) == 0

    told = capsys.readouterr().out
    assert "actions of AWS as of 20" in told
    assert "botocore" in told


def test_catalogue_is_not_updated_from_what_is_no_reference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder without the reference's documents is refused, and nothing is changed."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    assert main(["catalogue", "update", "--from", str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err
    assert not (tmp_path / "data").exists()
