"""Write the pictures of docs/: what HTML reports of the examples look like in a browser."""

import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).parent.parent
IMAGES = PROJECT / "docs" / "images"
PICTURES = {
    "html-report.png": (
        800,
        "examples/cv-mailbox/careless",
        "",
        ("j", "ArrowRight", "ArrowRight"),
    ),
    "attack-path.png": (900, "examples/link-preview/careless", "path-0", ("ArrowRight",) * 5),
}
"""For each picture its height, what is scanned, what is opened, and the keys pressed then."""

SETTLED = 0.6
"""Seconds until the drawing stands still."""

sys.path.insert(0, str(PROJECT / "tests"))

from chromium import browser  # noqa: E402 - the browser of the tests

from stockade.api import scan  # noqa: E402
from stockade.model.record import replace  # noqa: E402
from stockade.reports.html import render  # noqa: E402


def main() -> None:
    """Open each report, go to what is to be seen, and take a picture."""
    IMAGES.mkdir(exist_ok=True)
    with browser() as started:
        for picture, (height, folder, address, keys) in PICTURES.items():
            report = scan(PROJECT / folder, least_privilege=True, measure=True)
            with tempfile.TemporaryDirectory() as place:
                file = Path(place) / "report.html"
                file.write_text(render(replace(report, root=folder)), encoding="utf-8")
                page = started.page(1280, height)
                page.prefer(color_scheme="light")
                page.open(file)
                page.run(f"location.hash = {address!r}")
                page.press(*keys)
                time.sleep(SETTLED)
                page.screenshot(IMAGES / picture)
                page.close()


if __name__ == "__main__":
    main()
