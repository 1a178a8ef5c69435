"""Small whole applications get exactly the report that stands beside them."""

from pathlib import Path

import pytest

from stockade.api import scan
from stockade.model import Severity
from stockade.reports.terminal import render

APPS = Path(__file__).parent / "apps"
NAMES = sorted(path.name for path in APPS.iterdir() if path.is_dir())

DECENT = {"onboarding", "orders-worker", "thumbnails", "todo-api"}
"""Applications that were done decently: nothing in them is worth an hour of their authors."""


@pytest.mark.parametrize("name", NAMES)
def test_the_report_is_the_expected_one(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`make snapshots` writes what is expected; the change is read with `git diff`."""
    monkeypatch.chdir(APPS / name)

    assert render(scan(".")) == (APPS / name / "report.txt").read_text()


@pytest.mark.parametrize("name", sorted(DECENT))
def test_a_decent_application_gets_a_quiet_report(name: str) -> None:
    """Nothing above low is found where nothing is wrong."""
    loud = [f for f in scan(APPS / name).findings if f.severity > Severity.LOW]

    assert [(finding.rule.id, str(finding.match.at)) for finding in loud] == []


@pytest.mark.parametrize(
    ("name", "rule", "path"),
    [
        ("link-preview", "event-chooses-host", "preview/page.py"),
        ("inventory", "event-in-sql", "shared/python/stock/database.py"),
    ],
)
def test_a_real_weakness_comes_first(name: str, rule: str, path: str) -> None:
    """What anyone can do stands on the first line, however far the data travels to it."""
    first = scan(APPS / name).findings[0]

    assert (first.rule.id, first.match.at.path) == (rule, path)
    assert first.severity >= Severity.HIGH


def test_only_the_function_that_passes_event_data_is_named() -> None:
    """Three functions share a layer; one of them hands it what the caller wrote."""
    found = [f for f in scan(APPS / "inventory").findings if f.rule.id == "event-in-sql"]

    assert [finding.match.resource for finding in found] == ["Search"]
