"""What services show beside code and among tests: GitHub's annotations, JUnit's XML."""

import re
from xml.etree import ElementTree as ET

import pytest
from hostile_report import HOSTILE, hostile_report
from sample_report import MAIL, PATH, READ, application, finding, match, report

from stockade.model import Baseline, Ignore, Ignored, Location, RuleFailure, Severity, Unseen
from stockade.reports import github, junit

INJECTIONS = (
    *HOSTILE,
    "x\n::error::injected",
    "x\r::set-output name=a::b",
    "a,line=1::forged",
    "%0A::error::x",
    "##[error]x",
    "]]><failure/>",
    '"><failure message="x',
    "\ufffe\uffff\x0b",
)

IGNORE = Ignore(rule="event-in-path", fingerprint="00aa11bb", reason="only we", at=READ)

FULL = report(
    finding(also=(match(at=MAIL, message="elsewhere"),)),
    finding(rule=PATH, severity=Severity.LOW, fingerprint="b" * 16, at=Location("a b/x.py", 3)),
    ignored=(Ignored(finding=finding(rule=PATH), ignore=IGNORE),),
    failures=(RuleFailure(rule="event-in-sql", application="template.yaml", error="KeyError"),),
    baseline=Baseline(name="old.json", known=(finding(fingerprint="c" * 16),)),
)


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Read workflow commands as the runner does."""
    found = []
    for line in text.splitlines():
        told = re.fullmatch(r"::(\w+) (.*?)::(.*)", line)
        if told is not None:
            properties = dict(one.split("=", 1) for one in told[2].split(","))
            found.append((told[1], {key: _read(one) for key, one in properties.items()}, told[3]))
    return found


def _read(escaped: str) -> str:
    for code, character in (("2C", ","), ("3A", ":"), ("0A", "\n"), ("0D", "\r"), ("25", "%")):
        escaped = escaped.replace(f"%{code}", character)
    return escaped


def test_annotation_stands_at_the_line_to_mend() -> None:
    """A finding is a command with its file, line, columns, rule and steps."""
    failed, first, second = commands(github.render(FULL))

    assert failed[0] == "error"
    assert failed[1]["title"] == "stockade could not finish"
    assert first[:2] == (
        "error",
        {
            "file": "app.py",
            "line": "6",
            "title": "critical: event-in-shell (C1)",
            "col": "5",
            "endColumn": "40",
        },
    )
    lines = _read(first[2]).split("\n")
    assert lines[0] == "anyone can run commands in Extract"
    assert lines[1] == "template.yaml:7:9  anyone can send mail that is stored here"
    assert lines[-2] == "also: elsewhere (template.yaml:7:9)"
    assert lines[-1].startswith("help: run a list")
    assert second[0] == "notice"
    assert second[1]["file"] == "a b/x.py"


def test_paths_of_annotations_are_those_of_the_repository() -> None:
    """The scanned folder stands before each path: GitHub counts from the repository's top."""
    (told,) = commands(github.render(report(finding(), root="services/mail")))

    assert told[1]["file"] == "services/mail/app.py"


def test_annotations_end_with_the_totals() -> None:
    """The log tells what was looked at, what is new, and what is set aside."""
    told = github.render(FULL).splitlines()[-1]

    assert told == (
        "1 application, 1 function, 2 new findings (1 critical, 1 low), 1 ignored, "
        "1 in the baseline"
    )


@pytest.mark.parametrize("text", INJECTIONS)
def test_scanned_names_make_no_command(text: str) -> None:
    """However something is called, each finding stays one command, and none is added."""
    lines = github.render(hostile_report(text)).splitlines()

    assert len(lines) == 2
    ((name, properties, _),) = commands("\n".join(lines))
    assert name == "error"
    assert set(properties) <= {"file", "line", "title", "col", "endColumn"}
    assert not lines[1].lstrip().startswith(("::", "##["))


def test_junit_has_a_case_for_each_finding() -> None:
    """Findings fail, failures are errors, what is ignored or known is skipped."""
    suite = ET.fromstring(junit.render(FULL))[0]  # noqa: S314 - our own text

    assert dict(suite.attrib) == {
        "name": "template.yaml",
        "tests": "5",
        "failures": "2",
        "errors": "1",
        "skipped": "2",
    }
    outcomes = [(case.get("classname"), case[0].tag, case[0].get("message")) for case in suite]
    assert outcomes == [
        ("event-in-sql", "error", "KeyError"),
        ("event-in-shell", "failure", "anyone can run commands in Extract"),
        ("event-in-path", "failure", "anyone can run commands in Extract"),
        ("event-in-path", "skipped", "ignored: only we"),
        ("event-in-shell", "skipped", "in the baseline"),
    ]
    assert (suite[1].get("file"), suite[1].get("line")) == ("app.py", "6")
    assert "template.yaml:7:9  anyone can send mail" in (suite[1][0].text or "")


def test_junit_agrees_with_the_exit_code() -> None:
    """What is less severe than `--fail-on` is told in a case that passes."""
    suite = ET.fromstring(junit.render(FULL, Severity.HIGH))[0]  # noqa: S314

    assert suite.get("failures") == "1"
    assert [case[0].tag for case in suite][2] == "system-out"
    assert (suite[2][0].text or "").startswith("low: anyone can run")


def test_junit_of_silence_has_a_case_that_passes() -> None:
    """An application in which nothing was found is there: no suite looks as if it had not run."""
    suite = ET.fromstring(junit.render(report()))[0]  # noqa: S314

    assert [(case.get("name"), len(case)) for case in suite] == [("nothing found", 0)]


@pytest.mark.parametrize("text", INJECTIONS)
def test_scanned_names_make_no_element(text: str) -> None:
    """Whatever something is called, the document is well formed and has the same elements."""
    root = ET.fromstring(junit.render(hostile_report(text)))  # noqa: S314

    assert [element.tag for element in root.iter()] == [
        "testsuites",
        "testsuite",
        "testcase",
        "failure",
        "testcase",
        "skipped",
    ]


def test_annotations_leave_room_for_what_was_not_seen() -> None:
    """The last line counts what was not seen, so that silence is not taken for more than it is."""
    unseen = Unseen(MAIL, "handler", "runtime java21")
    shown = report(applications=(application(),), unseen=(unseen,))

    assert github.render(shown) == "1 application, 1 function, 0 findings, 1 not seen\n"
