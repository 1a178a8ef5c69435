"""The whole of stockade as Python programs use it."""

import gc
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import stockade
from stockade import api
from stockade.analysis.facts import Facts
from stockade.config import Config
from stockade.errors import InputError
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Ignore,
    Location,
    Match,
    Persona,
    Severity,
    Step,
)
from stockade.rules._rule import rule

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      Events:
        Web: {Type: HttpApi, Properties: {Method: GET, Path: /}}
"""

CODE = "def handler(event, context):\n    return 'hello'\n"


@rule(title="a function exists", harm=Severity.HIGH, practice="C1", cwe=(1,))
def some_function(app: Application, _facts: Facts) -> Iterator[Match]:
    """Report every function."""
    for function in app.functions.values():
        yield Match(
            at=function.at,
            message=f"{function.id} exists",
            because=(Step(function.at, "here"),),
            confidence=Confidence.HIGH,
            exposure=Exposure.ANYONE,
            identity=(function.id,),
        )


@rule(title="fails", harm=Severity.LOW, practice="C2", cwe=(2,))
def broken(_app: Application, _facts: Facts) -> Iterator[Match]:
    """Raise."""
    message = "no such thing"
    raise KeyError(message)


@rule(title="hygiene", harm=Severity.LOW, practice="C3", cwe=(3,), persona=Persona.STRICT)
def hygiene(_app: Application, _facts: Facts) -> Iterator[Match]:
    """Report nothing."""
    return iter(())


RULES = (some_function, broken, hygiene)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one small application."""
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "app.py").write_text(CODE)
    return tmp_path


def test_scan_gives_a_report(folder: Path) -> None:
    """A folder is loaded, analysed and judged; places are relative to it."""
    report = stockade.scan(folder, rules=[some_function])

    assert [finding.match.message for finding in report.findings] == ["Hello exists"]
    assert report.findings[0].match.at[:2] == ("template.yaml", 3)
    assert report.severity is Severity.HIGH
    assert [info.id for info in report.rules] == ["some-function"]
    assert len(report.applications) == 1


def test_template_can_be_scanned_alone(folder: Path) -> None:
    """A path of a template means that template, and its folder."""
    report = stockade.scan(folder / "template.yaml", rules=[some_function])

    assert Path(report.root) == folder
    assert len(report.findings) == 1


def test_rule_that_raises_is_told_and_the_others_run(folder: Path) -> None:
    """A failing rule is named with the line that raised; the scan goes on."""
    report = stockade.scan(folder, rules=[broken, some_function])

    assert len(report.findings) == 1
    assert report.failures[0].rule == "broken"
    assert report.failures[0].error.startswith("KeyError: 'no such thing' (tests/test_api.py:")


def test_analysis_that_raises_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An application that cannot be analysed is told; nothing of it looks clean."""

    def fail(_app: Application, _cache: object) -> Facts:
        raise RecursionError

    monkeypatch.setattr(api, "analyse", fail)
    report = stockade.scan(folder, rules=[some_function])

    assert [failure.rule for failure in report.failures] == ["analysis"]


def test_ignores_of_code_and_configuration_apply(folder: Path) -> None:
    """An ignore in the code covers its finding; one that covers nothing is stale."""
    (finding,) = stockade.scan(folder, rules=[some_function]).findings
    comment = f"# stockade: ignore some-function {finding.fingerprint[:8]} because it must\n"
    (folder / "app.py").write_text(comment + CODE)
    stale = Ignore(
        rule="some-function", fingerprint="0" * 8, reason="x", at=Location("stockade.toml", 1)
    )

    report = stockade.scan(folder, Config(ignores=(stale,)), rules=[some_function])
    assert report.findings == ()
    assert report.ignored[0].ignore.reason == "it must"
    assert report.stale_ignores == (stale,)

    believed = stockade.scan(folder, Config(trusted=False), rules=[some_function])
    assert len(believed.findings) == 1


@pytest.mark.parametrize(
    ("config", "names"),
    [
        (Config(), ["some-function", "broken"]),
        (Config(persona=Persona.STRICT), ["some-function", "broken", "hygiene"]),
        (Config(select=("hygiene",)), ["hygiene"]),
        (Config(select=("C3", "C1")), ["some-function", "hygiene"]),
        (Config(ignore=("C1",)), ["broken"]),
        (Config(select=("C1",), ignore=("some-function",)), []),
    ],
)
def test_rules_are_chosen(config: Config, names: list[str]) -> None:
    """Rules run by persona, or by name and practice; ignoring wins."""
    assert [one.info.id for one in api.chosen(RULES, config)] == names


def test_rule_that_does_not_exist_is_an_error() -> None:
    """A misspelt rule is answered with the one that was meant."""
    with pytest.raises(InputError) as error:
        api.chosen(RULES, Config(select=("some-funktion",)))

    assert error.value.hint == "did you mean some-function?"


def test_folder_without_templates_gives_an_empty_report(tmp_path: Path) -> None:
    """Nothing to scan is a report without applications."""
    report = stockade.scan(tmp_path)

    assert report.applications == ()
    assert report.findings == ()


def test_missing_path_is_an_error(tmp_path: Path) -> None:
    """A path that is not there is the caller's mistake."""
    with pytest.raises(InputError):
        stockade.scan(tmp_path / "none")


def test_progress_is_told(folder: Path) -> None:
    """Each stage of each application is told, with how many there are."""
    told: list[tuple[str, int, int]] = []
    stockade.scan(folder, rules=[], progress=lambda *step: told.append(step))

    assert told[0] == ("load", 0, 0)
    stages = ("analyse", "rules", "paths", "ignores")
    assert told[-4:] == [(stage, 0, 1) for stage in stages]


def test_garbage_is_collected_again_after_a_scan(folder: Path) -> None:
    """A scan leaves the caller's garbage collection as it was."""
    assert gc.isenabled()
    stockade.scan(folder, rules=[])
    assert gc.isenabled()


def test_examine_gives_facts(folder: Path) -> None:
    """Each application comes with what was found out about it."""
    ((app, facts),) = api.examine(folder).applications

    assert "Hello" in app.functions
    assert isinstance(facts, Facts)


def test_public_names_are_exact() -> None:
    """Each public name is there, and nothing else looks public."""
    for name in stockade.__all__:
        assert getattr(stockade, name) is not None
    assert dir(stockade) == sorted(stockade.__all__)
    with pytest.raises(AttributeError, match="no attribute 'scam'"):
        _ = stockade.scam


def test_import_costs_nothing() -> None:
    """`import stockade` loads nothing but itself until a name is used."""
    code = "import sys, stockade; print([m for m in sys.modules if m.startswith('stockade.')])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert out.stdout.strip() == "[]"
