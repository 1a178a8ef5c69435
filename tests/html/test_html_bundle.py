"""The page that is shipped is the one that its sources make."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from stockade.reports import html

WEB = Path(__file__).parents[2] / "web"
BUILT = Path(html.__file__).parent / "built"

installed = pytest.mark.skipif(
    shutil.which("node") is None or not (WEB / "node_modules").is_dir(),
    reason="the page's tools are not installed: `sh support/page tools` does",
)


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run one of the page's tools in its folder."""
    return subprocess.run(command, cwd=WEB, capture_output=True, text=True, check=False)


@installed
def test_the_shipped_page_is_current() -> None:
    """Building it anew changes nothing."""
    built = run("node", "build.mjs", "--check")

    assert built.returncode == 0, built.stderr


@installed
def test_the_pages_types_are_right() -> None:
    """TypeScript finds nothing to complain of."""
    checked = run(os.fspath(WEB / "node_modules" / ".bin" / "tsc"), "--noEmit")

    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("name", ["report.js", "report.css"])
def test_what_is_shipped_can_stand_in_a_page(name: str) -> None:
    """Nothing in the bundle could end its block early, and it stays small."""
    text = (BUILT / name).read_text(encoding="ascii")

    assert "</" not in text
    assert "<!--" not in text
    assert len(text) < 150_000


def test_the_page_never_writes_markup() -> None:
    """No source of the page uses what turns text into elements or code."""
    sources = "".join(file.read_text() for file in sorted((WEB / "src").glob("*.ts")))

    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
                 "DOMParser", "Function(", "srcdoc", "http://", "https://"):  # fmt: skip
        assert word not in sources.replace("http://www.w3.org/2000/svg", "")


def test_the_licence_of_what_is_bundled_is_shipped() -> None:
    """The graph library's licence asks for its notice."""
    assert "Permission is hereby granted" in (BUILT / "dagre.LICENSE").read_text()


def test_the_lock_file_names_no_address() -> None:
    """Packages come from whatever registry the reader's client uses."""
    lock = (WEB / "package-lock.json").read_text()

    assert '"resolved"' not in lock
    assert '"integrity"' in lock
