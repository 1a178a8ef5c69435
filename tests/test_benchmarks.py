"""What the benchmarks scan is what they say it is."""

from pathlib import Path

import pytest
from rescanning import measured
from synthetic import SHAPES, collection

from stockade.api import scan


@pytest.mark.parametrize("shape", ["long", "deep", "wide", "branches"])
def test_the_analysis_reaches_the_end_of_each_shape(shape: str, tmp_path: Path) -> None:
    """Event data comes out at the other end, so that the time is that of real work."""
    SHAPES[shape](tmp_path, 30)

    report = scan(tmp_path)

    assert (report.unseen, report.failures) == ((), ())
    assert {finding.rule.practice for finding in report.findings} == {"C1", "I2"}


def test_a_collection_is_made_of_applications_that_are_read(tmp_path: Path) -> None:
    """Each application has functions whose code is found; some of them are weak."""
    collection(tmp_path, 20)

    report = scan(tmp_path)

    assert len(report.applications) == 20
    assert all(app.functions and app.event_sources for app in report.applications)
    assert (report.unseen, report.failures) == ((), ())
    assert report.findings


def test_a_collection_is_always_the_same(tmp_path: Path) -> None:
    """Two measurements measure the same thing."""
    texts = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        collection(folder, 3)
        texts.append({f.relative_to(folder): f.read_text() for f in folder.rglob("*.*")})

    assert texts[0] == texts[1]


def test_a_function_of_ten_thousand_lines_does_not_stall(tmp_path: Path) -> None:
    """It is analysed as a whole, and its weakness found."""
    SHAPES["long"](tmp_path, 10_000)

    report = scan(tmp_path)

    assert [finding.rule.practice for finding in report.findings] == ["C1", "I2"]


def test_a_scan_after_a_change_costs_a_fraction(tmp_path: Path) -> None:
    """Of forty applications the one that changed is worked out anew, not the others."""
    collection(tmp_path, 40)

    result = measured(tmp_path, edits=5)

    assert result["applications"] == 40
    for what in ("template", "code"):
        ratio = result[f"{what}_changed_ratio"]
        assert isinstance(ratio, float)
        assert 0 < ratio < 0.2
