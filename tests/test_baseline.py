"""An earlier report: what is new since then counts, what is known is told, what is gone too."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator, Draft202012Validator
from sample_report import PATH, READ, finding, match, report

from stockade.api import scan
from stockade.baseline import Earlier, apply, read
from stockade.cli import main
from stockade.config import Config
from stockade.errors import InputError
from stockade.model import Ignore, Ignored, Known, Report
from stockade.reports import json as as_json
from stockade.reports import sarif, terminal

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Convert:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      Events:
        Web: {Type: Api, Properties: {Method: GET, Path: /}}
"""

CARELESS = """\
import os

def handler(event, context):
    os.system("convert " + event["queryStringParameters"]["name"])
"""

EVAL = '    return eval(event["queryStringParameters"]["sum"])\n'

OLD = finding(also=(match(at=READ, message="in Inner"),))
SCHEMA = json.loads((Path(__file__).parents[1] / "docs" / "report.schema.json").read_text())
SARIF = json.loads((Path(__file__).parent / "reports" / "sarif-2.1.0.json").read_text())


@pytest.fixture
def careless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with one careless application, and its report of today."""
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "app.py").write_text(CARELESS)
    monkeypatch.chdir(tmp_path)
    for form in ("json", "sarif"):
        main(["scan", "--format", form, "--output", f"old.{form}", "--exit-zero"])
    return tmp_path


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_what_the_baseline_holds_does_not_count(
    careless: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same application has nothing new, also when its lines have moved."""
    (careless / "app.py").write_text(f"# moved\n\n\n{CARELESS}")

    assert main(["scan", "--baseline", f"old.{form}"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("nothing new found")
    assert "0 new findings, 1 in the baseline" in out


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_only_what_is_new_counts(
    careless: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A second weakness is told alone, and the exit code is its own."""
    (careless / "app.py").write_text(CARELESS + EVAL)

    assert main(["scan", "--baseline", f"old.{form}"]) == 14
    out = capsys.readouterr().out
    assert "event-evaluated" in out
    assert "event-in-shell" not in out
    assert "1 new finding (1 critical), 1 in the baseline" in out


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_what_is_mended_is_told_as_gone(
    careless: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the baseline held and is not found any more is counted."""
    (careless / "app.py").write_text("def handler(event, context):\n    return 1\n")

    assert main(["scan", "--baseline", f"old.{form}"]) == 0
    assert "0 in the baseline, 1 of the baseline gone" in capsys.readouterr().out


@pytest.mark.usefixtures("careless")
def test_what_has_become_worse_is_new() -> None:
    """The same weakness that more people can use is no longer the one that was known."""
    signed_in = TEMPLATE.replace("Path: /}", "Path: /, Auth: {Authorizer: AWS_IAM}}")
    Path("template.yaml").write_text(signed_in)
    main(["scan", "--format", "json", "--output", "guarded.json", "--exit-zero"])
    Path("template.yaml").write_text(TEMPLATE)

    assert main(["scan", "--baseline", "guarded.json"]) == 14


@pytest.mark.usefixtures("careless")
def test_baselines_can_be_carried_on() -> None:
    """A report that was made against a baseline is itself one, with all that it knew."""
    for form in ("json", "sarif"):
        main(["scan", "--format", form, "--baseline", f"old.{form}", "--output", f"new.{form}"])

        assert main(["scan", "--baseline", f"new.{form}"]) == 0


@pytest.mark.usefixtures("careless")
def test_other_rules_say_nothing_of_what_is_gone() -> None:
    """What a rule found that did not run this time is not gone."""
    config = Config(select=("C2",), baseline=read("old.json"))
    held = scan(".", config).baseline

    assert held is not None
    assert held.gone == ()


def test_ignored_finding_is_not_gone() -> None:
    """A finding that is there and accepted is neither new nor gone."""
    earlier = Earlier(name="old.json", findings=(Known("event-in-shell", OLD.fingerprint),))
    applied = apply([], earlier, run={"event-in-shell"}, ignored=[OLD])

    assert applied.baseline is not None
    assert applied.baseline.gone == ()


def test_finding_that_was_ignored_is_no_part_of_a_baseline(tmp_path: Path) -> None:
    """Whoever takes an ignore away sees its finding again, whatever the baseline."""
    ignore = Ignore(rule="event-in-path", fingerprint="00aa11bb", reason="only we", at=READ)
    shown = report(ignored=(Ignored(finding=finding(rule=PATH), ignore=ignore),))
    (tmp_path / "old.json").write_text(as_json.render(shown))
    (tmp_path / "old.sarif").write_text(sarif.render(shown))

    assert read(tmp_path / "old.json").findings == ()
    assert read(tmp_path / "old.sarif").findings == ()


def against(*fingerprints: str) -> Report:
    """Return the report of two findings held against a baseline that had these."""
    earlier = Earlier(
        name="old.json",
        findings=tuple(Known("event-in-shell", one, "told before") for one in fingerprints),
    )
    found = [finding(), finding(fingerprint="b" * 16)]
    applied = apply(found, earlier, run={"event-in-shell"})
    return report(*applied.findings, baseline=applied.baseline)


def test_json_tells_the_baseline() -> None:
    """JSON holds what was known and what is gone, as its schema says."""
    document = as_json.document(against("b" * 16, "c" * 16))

    Draft202012Validator(SCHEMA).validate(document)
    assert [one["fingerprint"] for one in document["findings"]] == ["3f2a91c0aaaabbbb"]
    assert document["baseline"]["file"] == "old.json"
    assert [one["fingerprint"] for one in document["baseline"]["known"]] == ["b" * 16]
    assert document["baseline"]["gone"] == [
        {"rule": "event-in-shell", "fingerprint": "c" * 16, "message": "told before"}
    ]


def test_sarif_keeps_what_was_known() -> None:
    """SARIF holds all results with their baseline state: a service closes what is missing."""
    document = sarif.document(against("b" * 16, "c" * 16))

    Draft4Validator(SARIF).validate(document)
    states = [one["baselineState"] for one in document["runs"][0]["results"]]
    assert states == ["new", "unchanged", "absent"]


def test_silence_says_that_it_is_about_what_is_new() -> None:
    """A report without new findings does not claim that there are none."""
    shown = against("b" * 16, "3f2a91c0aaaabbbb")

    assert terminal.render(shown).startswith("nothing new found")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "is no report of stockade"),
        ('{"findings": []}', "is no report of stockade"),
        ("\ud800".encode("utf-16", "surrogatepass").decode("latin-1"), "is not JSON"),
    ],
)
def test_file_that_is_no_report_is_told(tmp_path: Path, text: str, said: str) -> None:
    """What is no report of stockade's is an error: it would make everything new."""
    file = tmp_path / "old.json"
    file.write_text(text, encoding="latin-1")

    with pytest.raises(InputError, match=said):
        read(file)


@pytest.mark.parametrize(
    "document",
    [
        {"stockade": "1", "findings": None},
        {"stockade": "1", "findings": [1, {}, {"rule": 3, "fingerprint": []}]},
        {"stockade": "1", "findings": [], "baseline": [], "x": {}},
        {"runs": 1},
        {"runs": [{"results": [{"ruleId": "a", "partialFingerprints": 3, "message": []}]}]},
    ],
)
def test_malformed_parts_hold_nothing(tmp_path: Path, document: dict[str, Any]) -> None:
    """Parts that are not as stockade writes them are no findings, and nothing fails."""
    file = tmp_path / "old.json"
    file.write_text(json.dumps(document))

    assert read(file).findings == ()


def test_missing_baseline_is_bad_usage(careless: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A baseline that is not there stops the scan: nothing is passed off as new."""
    assert main(["scan", str(careless), "--baseline", "none.json"]) == 2
    assert "the baseline none.json cannot be read" in capsys.readouterr().err
