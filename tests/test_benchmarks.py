"""What the benchmarks scan is what they say it is."""

from pathlib import Path

import pytest
from measuring import floor, parsable
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
    for what in ("template_end", "template_top", "template_number", "code_end", "code_top"):
        ratio = result[f"{what}_ratio"]
        assert isinstance(ratio, float)
        assert 0 < ratio < 0.2


def test_the_parsers_alone_take_the_own_files_of_a_folder_broken_ones_too(tmp_path: Path) -> None:
    """What a scan takes for a package or a link is not theirs to parse either."""
    for name in ("template.yaml", "app.py", "site.js", "deep/types.ts", "node_modules/left.js"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("{ [\n")
    (tmp_path / "linked.py").symlink_to(tmp_path / "app.py")

    files = parsable(tmp_path)

    own = ("app.py", "deep/types.ts", "site.js", "template.yaml")
    assert files == tuple(tmp_path / name for name in own)
    assert set(floor(files).kinds) == {"python", "typescript", "javascript", "yaml"}
