"""The command line: words in, report and exit code out."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sample_report import finding, report

from stockade import cli
from stockade.cli import main
from stockade.cli import scan as scan_command
from stockade.cli.arguments import SHOW_EPILOG
from stockade.cli.progress import Bar, Stages
from stockade.cli.scan import exit_code
from stockade.config import Config
from stockade.model import Report, RuleFailure, Severity
from stockade.practices import PRACTICES, Practice
from stockade.reports.reported import REPORTED
from stockade.reports.tables import VIEWS
from stockade.rules import RULES

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Convert:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      Events:
        Web: {Type: HttpApi, Properties: {Method: GET, Path: /}}
"""

CARELESS = """\
import os

def handler(event, context):
    os.system("convert " + event["queryStringParameters"]["name"])
"""

CAREFUL = """\
import json

def handler(event, context):
    return json.dumps({"ok": True})
"""


@pytest.fixture
def careless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with one careless application."""
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "app.py").write_text(CARELESS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def careful(careless: Path) -> Path:
    """Stand in the same folder, mended."""
    (careless / "app.py").write_text(CAREFUL)
    return careless


def test_worst_finding_is_the_first_line(
    careless: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A careless application is told in the first line, and the exit code says how bad."""
    assert main(["scan"]) == 14

    out, err = capsys.readouterr()
    assert re.match(r"critical  anyone .*Convert  event-in-shell  C1\n", out)
    assert "template.yaml:9:9" in out
    assert "app.py:4:5" in out
    assert err == ""
    assert careless.is_dir()


@pytest.mark.usefixtures("careful")
def test_careful_application_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    """A careful application has no finding, and the report says what was looked at."""
    assert main(["scan"]) == 0
    assert capsys.readouterr().out.startswith("nothing found, invoked through 1 http-api")


@pytest.mark.usefixtures("careless")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--select", "C2"], 0),
        (["--ignore", "event-in-shell"], 0),
        (["--select", "C1,C2", "--select", "C3"], 14),
        (["--fail-on", "critical"], 14),
        (["--exit-zero"], 0),
        (["--format", "sarif"], 14),
        (["--format", "github"], 14),
        (["--format", "junit", "--fail-on", "critical"], 14),
        (["--format", "sarif", "--relative-to", ".."], 14),
        (["--format", "sarif", "--relative-to", "/nowhere"], 2),
        (["--baseline", "none.json"], 2),
        (["--format", "sarif", "--exit-zero"], 0),
        (["--persona", "strict"], 14),
        (["template.yaml"], 14),
        (["--parameter", "Stage=prod"], 14),
        (["--exclude", "template.yaml"], 3),
        (["--persona", "nosy"], 2),
        (["--fail-on", "worst"], 2),
        (["--select", "C77"], 2),
        (["--parameter", "Stage"], 2),
        (["--parameter-file", "none.json"], 2),
        (["--config", "none.toml"], 2),
        (["nowhere"], 2),
    ],
)
def test_exit_codes(words: list[str], code: int) -> None:
    """The exit code tells the highest severity, or what was wrong with the command."""
    assert main(["scan", *words]) == code


@pytest.mark.usefixtures("careless")
@pytest.mark.parametrize(
    "words", [[], ["scna"], ["scan", "--formt", "json"], ["scan", "--form=json"]]
)
def test_words_that_are_not_understood(words: list[str]) -> None:
    """Unknown commands and options exit with 2."""
    with pytest.raises(SystemExit) as exit_:
        main(words)

    assert exit_.value.code == 2


@pytest.mark.parametrize("severity", list(Severity))
@pytest.mark.parametrize("fail_on", list(Severity))
def test_exit_code_is_ten_and_the_severity(severity: Severity, fail_on: Severity) -> None:
    """Findings below the bar do not count; the others give 11 to 14."""
    shown = report(finding(severity=severity))
    expected = 10 + severity if severity >= fail_on else 0

    assert exit_code(shown, Config(fail_on=fail_on)) == expected


def test_failures_beat_findings() -> None:
    """A rule that failed gives 1, whatever was found or asked for."""
    failure = RuleFailure(rule="x", application="y", error="z")
    shown = report(finding(), failures=(failure,))

    assert exit_code(shown, Config(), zero=True) == 1


def test_nothing_to_scan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder without templates exits with 3 and says what would be scanned."""
    monkeypatch.chdir(tmp_path)

    assert main(["scan"]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: nothing was scanned: . holds no template, and no Lambda handler")
    assert "  help: name the folder or the template" in err


def test_template_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """If the only template is broken, the error names it and its line."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "template.yaml").write_text("Resources:\n  A: {Type: AWS::S3::Bucket, [\n")

    assert main(["scan"]) == 3
    assert "template.yaml:" in capsys.readouterr().err


def test_parameter_that_no_template_has_is_told(
    careless: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A misspelt parameter is answered with the one that was meant, and the scan goes on."""
    template = careless / "template.yaml"
    template.write_text(TEMPLATE + "Parameters:\n  Stage: {Type: String}\n")

    assert main(["scan", "--parameter", "Stage=prod"]) == 14
    assert capsys.readouterr().err == ""

    assert main(["scan", "--parameter", "Stge=prod"]) == 14
    assert capsys.readouterr().err == (
        "warning: no template has a parameter 'Stge'\n  help: did you mean Stage?\n"
    )


@pytest.mark.usefixtures("careless")
def test_json_is_written_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--output` writes the report there and nothing to stdout."""
    assert main(["scan", "--format", "json", "--output", "report.json"]) == 14

    assert json.loads((tmp_path / "report.json").read_text())["severity"] == "critical"
    assert capsys.readouterr() == ("", "")


def test_output_follows_no_link_of_the_repository(
    careless: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A link in the scanned folder cannot make a report overwrite a file elsewhere."""
    outside = tmp_path_factory.mktemp("outside")
    victim = outside / "victim"
    victim.write_text("mine")
    (careless / "report.json").symlink_to(victim)
    (careless / "reports").symlink_to(outside)

    for file in ("report.json", "reports/victim", str(careless / "report.json")):
        assert main(["scan", "--format", "json", "--output", file]) == 2
    assert victim.read_text() == "mine"


@pytest.mark.usefixtures("careless")
def test_output_that_cannot_be_written(capsys: pytest.CaptureFixture[str]) -> None:
    """A file that cannot be written is told in a line."""
    assert main(["scan", "--output", "no/such/folder/report"]) == 2
    assert "could not be written" in capsys.readouterr().err


def test_command_line_beats_the_file(careless: Path) -> None:
    """The configuration of the folder counts until the command line says otherwise."""
    (careless / "stockade.toml").write_text('ignore = ["C1"]\nfail-on = "critical"\n')

    assert main(["scan"]) == 0
    assert main(["scan", "--ignore", "C2"]) == 14
    assert main(["scan", "--isolated"]) == 14


def test_what_is_left_out_by_choice_is_told(
    careless: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A configuration that silences rules does not make the report look complete."""
    (careless / "stockade.toml").write_text('ignore = ["C1"]\nexclude = ["old/*"]\n')

    assert main(["scan"]) == 0
    assert "left out by choice: C1, old/*\n" in capsys.readouterr().out


def test_mistake_in_the_configuration_is_told(
    careless: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong setting stops the scan with its line."""
    (careless / "stockade.toml").write_text("\nselct = []\n")

    assert main(["scan"]) == 2
    assert capsys.readouterr().err == (
        "error: stockade.toml:2: 'selct' is not a setting\n  help: did you mean select?\n"
    )


def test_ignore_line_of_the_report_works(
    careless: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the report prints to ignore a finding ignores it, and says so."""
    main(["scan"])
    comment = next(
        line for line in capsys.readouterr().out.splitlines() if "# stockade: ignore" in line
    )
    code = CARELESS.replace("import os\n", f"import os\n{comment.strip()}\n")
    (careless / "app.py").write_text(code)

    assert main(["scan"]) == 0
    assert "1 ignored" in capsys.readouterr().out


@pytest.mark.usefixtures("careless")
def test_unexpected_errors_are_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistake of stockade's own is told without a stack trace, unless that was asked for."""

    def fail(*_: object, **__: object) -> Report:
        message = "no such key"
        raise LookupError(message)

    monkeypatch.delenv("STOCKADE_DEBUG", raising=False)
    monkeypatch.setattr(scan_command, "scan", fail)
    assert main(["scan"]) == cli.FAILED
    assert capsys.readouterr().err.startswith(
        "error: stockade failed: LookupError: no such key (tests/test_cli.py:"
    )

    monkeypatch.setenv("STOCKADE_DEBUG", "1")
    with pytest.raises(LookupError):
        main(["scan"])


@pytest.mark.usefixtures("careless")
def test_interrupt_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An interrupted scan says that it reported nothing."""

    def interrupt(*_: object, **__: object) -> Report:
        raise KeyboardInterrupt

    monkeypatch.setattr(scan_command, "scan", interrupt)

    assert main(["scan"]) == cli.INTERRUPTED
    assert capsys.readouterr() == ("", "error: interrupted: nothing was reported\n")


def run(*words: str, **changes: Any) -> "subprocess.CompletedProcess[str]":  # noqa: ANN401
    """Run the command line as a process."""
    return subprocess.run(
        [sys.executable, "-m", "stockade", *words],
        capture_output=True,
        text=True,
        check=False,
        **{"env": {**os.environ, "PYTHONPATH": SOURCES}, **changes},
    )


SOURCES = str(Path(cli.__file__).parents[2])


def test_reader_that_stops_is_no_error(careless: Path) -> None:
    """`stockade scan | head -1` ends quietly."""
    command = f"{sys.executable} -m stockade scan --full | head -c 1"
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=careless,
        env={**os.environ, "PYTHONPATH": SOURCES},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "c"
    assert done.stderr == ""


def test_terminal_that_knows_only_ascii(careless: Path) -> None:
    """Characters that the terminal does not know are written as their numbers."""
    (careless / "app.py").write_text(CARELESS.replace("convert", "k\u00e4se"), encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": SOURCES, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = run("scan", cwd=careless, env=env)

    assert done.returncode == 14
    assert "k\\xe4se" in done.stdout


def test_explain_shows_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    """`explain` prints a rule's page, by the rule's name."""
    assert main(["explain", "event-in-shell"]) == 0
    assert capsys.readouterr().out.startswith("# event-in-shell\n")


def test_explain_lists_rules(capsys: pytest.CaptureFixture[str]) -> None:
    """`explain` alone prints a line for each rule."""
    assert main(["explain"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(RULES)


@pytest.mark.parametrize("practice", PRACTICES, ids=lambda practice: practice.id)
def test_explain_tells_of_a_practice(
    practice: Practice, capsys: pytest.CaptureFixture[str]
) -> None:
    """`explain G2` says what the practice is, when it is broken, and what judges it."""
    assert main(["explain", practice.id.lower()]) == 0

    told = capsys.readouterr().out
    assert told.startswith(f"{practice.id}  {practice.does}\n    broken when {practice.broken}\n")
    for rule in RULES:
        assert (f"{rule.info.id} " in told) == (rule.info.practice == practice.id)
    for figure in practice.figures:
        assert figure.command in told


def test_explain_offers_near_names(capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt rule is answered with the one that was meant."""
    assert main(["explain", "event-in-shel"]) == 2
    assert "did you mean event-in-shell" in capsys.readouterr().err


@pytest.mark.usefixtures("careless")
@pytest.mark.parametrize("view", [*VIEWS, "radius", "figures"])
def test_show_gives_each_view(view: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each view is shown as text and as JSON, with the same rows."""
    assert main(["show", view]) == 0
    text = capsys.readouterr().out
    assert text.startswith(view)

    assert main(["show", view, "--format", "json"]) == 0
    (application,) = json.loads(capsys.readouterr().out)
    assert application["application"] == "template.yaml"
    rows = application[view]
    assert text.startswith(f"{view}  {len(rows)}\n" if rows else f"{view}: none\n")


def test_show_paths_tells_each_move_and_its_cuts(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As text one path after the other with places, as JSON a row for each."""
    monkeypatch.chdir(Path(__file__).parent.parent / "examples" / "cv-mailbox" / "careless")
    assert main(["show", "routes,paths"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("routes")
    assert "can run commands in Intake, act as FunctionRole, and read and change" in text
    assert re.search(
        r"^  2  run commands in Intake  .*intake/extract.py:19:14$", text, re.MULTILINE
    )
    assert "  cut mend intake/extract.py:19:14: pass a list of arguments" in text

    assert main(["show", "paths", "--format", "json"]) == 0
    (application,) = json.loads(capsys.readouterr().out)
    first = application["paths"][0]
    assert first["goal"] == "every-store"
    assert first["moves"][2] == "use-role: act as FunctionRole"


@pytest.mark.usefixtures("careless")
def test_show_surface_ranks_by_exposure(capsys: pytest.CaptureFixture[str]) -> None:
    """The surface names who can send, the entry, the code, and what data reaches."""
    main(["show", "surface", "--format", "json"])
    (row,) = json.loads(capsys.readouterr().out)[0]["surface"]

    assert row["who"] == "anyone"
    assert row["entry"] == "GET /"
    assert row["code"] == "app.py:handler"
    assert "shell" in row["reaches"]


@pytest.mark.usefixtures("careless")
def test_show_takes_several_views_and_offers_near_names(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Views are separated by commas; a misspelt one is answered with the one that was meant."""
    assert main(["show", "functions,routes", "--format", "json"]) == 0
    assert list(json.loads(capsys.readouterr().out)[0]) == ["application", "functions", "routes"]

    assert main(["show", "surfaces"]) == 2
    assert "did you mean surface" in capsys.readouterr().err


def test_show_unknowns_lists_broken_templates(
    careless: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What belongs to no application is listed as well, so that the report's promise holds."""
    (careless / "broken.yaml").write_text("Resources:\n  A: {Type: AWS::S3::Bucket, [\n")

    assert main(["show", "unknowns"]) == 0
    assert "broken.yaml:" in capsys.readouterr().out


def test_show_of_nothing(tmp_path: Path) -> None:
    """A folder without templates exits with 3."""
    assert main(["show", "functions", str(tmp_path)]) == 3


@pytest.mark.usefixtures("careless")
def test_stages_are_measured(capsys: pytest.CaptureFixture[str]) -> None:
    """The benchmark's option writes the processor seconds of each stage as a line of JSON."""
    assert main(["scan", "--profile-stages"]) == 14

    figures = json.loads(capsys.readouterr().err)
    assert list(figures["cpu_seconds"]) == [
        "start",
        "load",
        "analyse",
        "rules",
        "paths",
        "ignores",
        "report",
    ]
    assert figures["wall_seconds"] > 0
    assert figures["peak_mib"] > 0


def test_bar_is_drawn_on_long_scans_only() -> None:
    """The bar waits until a scan is long, and is taken away before the report."""
    stream = io.StringIO()
    quick = Bar(stream)
    quick("load", 0, 0)
    quick.clear()
    assert stream.getvalue() == ""

    slow = Bar(stream)
    slow._next = 0  # noqa: SLF001 - as if time had passed
    slow("analyse", 5, 10)
    slow.clear()
    assert stream.getvalue() == "\r[############------------] analysing 5 of 10\x1b[K\r\x1b[K"


def test_stages_add_up() -> None:
    """A stage that comes again adds to its seconds."""
    stream = io.StringIO()
    stages = Stages()
    for stage in ("analyse", "rules", "analyse", "rules"):
        stages(stage)
    stages.write(stream, 1.0)

    assert list(json.loads(stream.getvalue())["cpu_seconds"]) == ["start", "analyse", "rules"]


def test_help_names_every_view() -> None:
    """The help of `show` lists the views that there are."""
    listed = re.findall(r"^  (\w+) {2,}", SHOW_EPILOG.partition("\nexamples")[0], re.MULTILINE)
    assert listed == [*VIEWS, *REPORTED]
