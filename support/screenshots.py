"""Write the pictures of docs/: what the HTML report of the example looks like in a browser."""

import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).parent.parent
IMAGES = PROJECT / "docs" / "images"
SETTLED = 0.6
"""Seconds until the drawing stands still."""

sys.path.insert(0, str(PROJECT / "tests"))

from chromium import browser  # noqa: E402 - the browser of the tests

from stockade.api import scan  # noqa: E402
from stockade.model.record import replace  # noqa: E402
from stockade.reports.html import render  # noqa: E402


def main() -> None:
    """Open the report, play two steps, and take a picture."""
    folder = "examples/cv-mailbox/careless"
    report = replace(scan(PROJECT / folder, least_privilege=True), root=folder)
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place, browser() as started:
        file = Path(place) / "report.html"
        file.write_text(render(report), encoding="utf-8")
        page = started.page(1280, 800)
        page.prefer(color_scheme="light")
        page.open(file)
        page.press("j", "ArrowRight", "ArrowRight")
        time.sleep(SETTLED)
        page.screenshot(IMAGES / "html-report.png")


if __name__ == "__main__":
    main()
