"""Write the expected reports of tests/apps/ anew. Review the change with `git diff`."""

import os
from pathlib import Path

from stockade.api import scan
from stockade.reports.terminal import render

APPS = Path(__file__).parent.parent / "tests" / "apps"


def main() -> None:
    """Scan each application from within its own folder, as its authors would."""
    for folder in sorted(path for path in APPS.iterdir() if path.is_dir()):
        os.chdir(folder)
        expected = folder / "report.txt"
        report = render(scan("."))
        changed = not expected.exists() or expected.read_text() != report
        expected.write_text(report)
        print("changed " if changed else "the same", folder.name)


if __name__ == "__main__":
    main()
