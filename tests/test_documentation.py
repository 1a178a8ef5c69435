"""What the documentation says is so."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from stockade.cli.arguments import parser
from stockade.rules import RULES
from stockade.settings import SETTINGS

PROJECT = Path(__file__).parent.parent
DOCS = PROJECT / "docs"
README = (PROJECT / "README.md").read_text()
PAGES = [
    PROJECT / "README.md",
    PROJECT / "CONTRIBUTING.md",
    PROJECT / "CHANGELOG.md",
    *sorted(DOCS.rglob("*.md")),
]
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)]*)?\)")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def test_the_generated_parts_are_current() -> None:
    """The report in the README is what a scan prints; help texts and tables are the real ones."""
    done = subprocess.run(
        [sys.executable, str(PROJECT / "support" / "docs.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT).as_posix())
def test_links_lead_to_files(page: Path) -> None:
    """Every relative link of a page is a file or folder of the repository."""
    links = [link for link, _ in LINK.findall(FENCED.sub("", page.read_text()))]
    broken = [
        link
        for link in links
        if not link.startswith(("https://", "http://", "mailto:"))
        and not (page.parent / link).exists()
    ]

    assert broken == []


def commands() -> list[str]:
    """Return the names of the commands."""
    (choices,) = (action.choices for action in parser()._actions if action.dest == "==SUPPRESS==")  # noqa: SLF001 - argparse has no other way
    return list(choices or ())


@pytest.mark.parametrize("command", commands())
def test_every_command_has_its_help_in_the_documentation(command: str) -> None:
    """The page of commands shows the help of each."""
    assert f"<!-- generated: help {command} -->" in (DOCS / "commands.md").read_text()


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_is_documented(setting: str) -> None:
    """The page of the configuration names each key."""
    assert f"`{setting}`" in (DOCS / "configuration.md").read_text()


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    """No rule is without its page, no page speaks of a rule that is not there."""
    pages = {page.stem for page in (DOCS / "rules").glob("*.md")}

    assert pages == {rule.info.id for rule in RULES}


def test_every_page_can_be_reached_from_the_readme() -> None:
    """Whoever starts at the README finds all pages."""
    reached, waiting = set(), [PROJECT / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        for link, _ in LINK.findall(FENCED.sub("", page.read_text())):
            linked = (page.parent / link).resolve()
            if linked.suffix == ".md" and linked.exists() and linked not in reached:
                waiting.append(linked)

    assert set(PAGES) <= reached


def test_the_readme_has_exactly_two_commands_to_set_up() -> None:
    """One runs the bundled example, the other the tests; both through the same script."""
    told = re.findall(r"^sh support/dev .+$", README, re.MULTILINE)

    assert told == ["sh support/dev scan examples/cv-mailbox/careless", "sh support/dev test"]


def test_the_exit_codes_of_the_readme_are_those_of_the_command() -> None:
    """Each code that the help of `scan` tells stands in the README."""
    help_text = (DOCS / "commands.md").read_text()
    codes = set(re.findall(r"\b(?:1[1-4]|[0-3])\b", help_text.partition("exit codes:")[2][:400]))
    table = README.partition("## Exit codes")[2]

    assert all(re.search(rf"^\|.*\b{code}\b", table, re.MULTILINE) for code in codes)


def test_nothing_names_a_machine() -> None:
    """No page or script holds a path of somebody's machine or the address of a registry."""
    scripts = [PROJECT / "support" / "dev", PROJECT / ".ci" / "run", PROJECT / "Makefile"]
    wrong = re.compile(r"/(?:home|Users|work)/|index-url|pypi\.org/simple|registry\.")

    assert [str(page) for page in [*PAGES, *scripts] if wrong.search(page.read_text())] == []
