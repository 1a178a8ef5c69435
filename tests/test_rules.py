"""Every rule does what its page says."""

import re
from pathlib import Path

import pytest
from pages import PAGES, Example, examples

from stockade.api import Workspace, scan
from stockade.config import Config
from stockade.errors import InputError
from stockade.model import Report
from stockade.model.record import replace
from stockade.reports.terminal import render
from stockade.rules import RULES
from stockade.rules._rule import Rule
from stockade.rules.pages import page

EXAMPLES = [
    pytest.param(rule, example, id=example.name)
    for rule in RULES
    for example in examples(PAGES / f"{rule.info.id}.md")
]
OF_PYTHON = re.compile(
    r"Python|\w_\w+\(|\bget_secret|generate_presigned|\b(?:hashlib|shlex|subprocess|json\.loads|"
    r"uuid4|ldap3|traceback|tuple|dictionary|str\(|os\.path|html\.escape|jinja2)|\b\w+=[\[\d]"
)
"""Words that only programmers of Python use."""
SECTIONS = ("Why it matters", "Vulnerable", "Fixed", "What it cannot see", "References")


def _scan(rule: Rule, example: Example, folder: Path) -> Report:
    example.write(folder)
    report = scan(folder, config=_only(rule), rules=[rule])
    assert report.failures == ()
    assert len(report.applications) == 1
    return report


def _only(rule: Rule) -> Config:
    return Config(select=(rule.info.id,))


def test_every_page_has_its_rule() -> None:
    """No page describes a rule that does not exist, and no rule is without a page."""
    assert {file.stem for file in PAGES.glob("*.md")} == {rule.info.id for rule in RULES}


def test_the_list_says_what_the_rules_say() -> None:
    """A rule is listed by its own name and for its own persona, and once."""
    assert [(rule.id, rule.persona) for rule in RULES] == [
        (rule.info.id, rule.info.persona) for rule in RULES
    ]
    assert len({rule.id for rule in RULES}) == len(RULES)


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_a_workspace_finds_what_a_scan_finds(rule: Rule, example: Example, tmp_path: Path) -> None:
    """What is left out of what a rule hangs on, so as not to run it again, it does not ask for."""
    once = _scan(rule, example, tmp_path)
    kept = Workspace(tmp_path, _only(rule), rules=[rule]).scan()

    assert (kept.findings, kept.failures) == (once.findings, ())


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_an_example_yields_what_its_comments_promise(
    rule: Rule, example: Example, tmp_path: Path
) -> None:
    """The rule finds the marked lines of the example, those of one cause together, no other."""
    report = _scan(rule, example, tmp_path)

    told = {(f.rule.id, f.match.at.path, f.match.at.line) for f in report.findings}
    beside = {(f.rule.id, one.at.path, one.at.line) for f in report.findings for one in f.also}
    assert told <= example.promised <= told | beside
    if example.report is not None:
        assert render(replace(report, root=".")) == example.report


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_a_finding_says_who_where_why_and_what_instead(
    rule: Rule, example: Example, tmp_path: Path
) -> None:
    """Each finding has a claim, a cure, and steps that lie inside the example's files."""
    for finding in _scan(rule, example, tmp_path).findings:
        match = finding.match

        assert match.message
        assert match.help
        assert match.identity
        assert match.because
        for step in match.because:
            lines = example.files[step.at.path].splitlines()
            assert 1 <= step.at.line <= len(lines), step
            assert step.note
        if example.name.endswith("in JavaScript"):
            assert not OF_PYTHON.search(f"{match.message} {match.help}")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.info.id)
def test_a_page_shows_what_is_found_and_what_is_not(rule: Rule) -> None:
    """Each page has an example that breaks the rule, one that keeps it, and all its sections."""
    shown = examples(PAGES / f"{rule.info.id}.md")
    text = (PAGES / f"{rule.info.id}.md").read_text(encoding="utf-8")

    assert {bool(example.promised) for example in shown} == {True, False}
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == list(SECTIONS)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.info.id)
def test_what_a_page_shows_in_python_it_shows_in_javascript(rule: Rule) -> None:
    """Each example with code in Python has a twin that yields as much, or says why not."""
    for example in examples(PAGES / f"{rule.info.id}.md"):
        if not example.in_python:
            continue
        if example.twin is None:
            assert example.no_twin, f"{example.name}: show it in JavaScript too, or say why not"
            continue
        assert not example.no_twin
        assert not example.twin.in_python
        assert "python" not in example.twin.files["template.yaml"]
        assert len(example.twin.promised) == len(example.promised), example.name


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.info.id)
def test_explain_gives_the_page(rule: Rule) -> None:
    """`page` returns the text of a rule's page."""
    assert page(rule.info.id).startswith(f"# {rule.info.id}\n")


def test_no_page_is_told() -> None:
    """`page` raises for an id without a page, also for one that looks like a path."""
    for wrong in ("no-such-rule", "../rules/event-in-shell", ""):
        with pytest.raises(InputError):
            page(wrong)
