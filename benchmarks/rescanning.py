"""Time of another scan after one file changed, as an editor has it: `stockade.Workspace`.

The folder is copied, without `.git`. Then templates and files of code, picked by chance, are
changed one after the other by a line at their ends, and the workspace is told of each. Figures are
milliseconds of processor time; `ratio` is that of the median to the first scan.
"""

import argparse
import json
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from stockade import Report, Workspace

LINES = {".py": "\n", ".js": "\n", ".mjs": "\n", ".ts": "\n", ".yaml": "\n", ".yml": "\n"}
"""What is put to the end of a file, by what its name ends in: it changes the text, not more."""


def main() -> None:
    """Measure each folder, and print a table or JSON."""
    arguments = _arguments()
    results = [measured(folder, arguments.edits) for folder in arguments.folders]
    if arguments.json:
        print(json.dumps(results, indent=2))
        return
    for one in results:
        print(one.pop("folder"))
        for what, value in one.items():
            print(f"  {what.replace('_', ' '):<28}{value:>10}")


def measured(folder: Path, edits: int) -> dict[str, object]:
    """Scan a copy of a folder, change its files one by one, and return what each scan took."""
    with tempfile.TemporaryDirectory(prefix="stockade-rescan-") as made:
        root = Path(made) / folder.resolve().name
        shutil.copytree(folder, root, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        workspace = Workspace(root)
        report, first = _timed(workspace.scan)
        _, again = _timed(workspace.scan)
        templates, code = _files(report)
        chance = random.Random(1)
        result: dict[str, object] = {
            "folder": str(folder),
            "applications": len(report.applications),
            "first_ms": round(first),
            "all_read_again_ms": round(again),
        }
        for what, files in (("template", templates), ("code", code)):
            picked = chance.sample(files, min(edits, len(files)))
            spent = [_edited(workspace, root / path) for path in picked]
            if spent:
                result[f"{what}_changed_median_ms"] = round(statistics.median(spent), 1)
                result[f"{what}_changed_most_ms"] = round(max(spent), 1)
                result[f"{what}_changed_ratio"] = round(statistics.median(spent) / first, 4)
        return result


def _files(report: Report) -> tuple[list[str], list[str]]:
    """Return the templates that can be changed, and the files that handlers are in."""
    templates = {stack.template for app in report.applications for stack in app.stacks}
    handlers = {
        function.handler.file.path
        for app in report.applications
        for function in app.functions.values()
        if hasattr(function.handler, "file")
    }
    known = tuple(LINES)
    return (
        sorted(path for path in templates if path.endswith(known)),
        sorted(path for path in handlers - templates if path.endswith(known)),
    )


def _edited(workspace: Workspace, path: Path) -> float:
    with path.open("a", encoding="utf-8") as file:
        file.write(LINES[path.suffix])
    return _timed(lambda: workspace.changed([path]))[1]


def _timed(scan: Callable[[], Report]) -> tuple[Report, float]:
    began = time.process_time()
    report = scan()
    return report, (time.process_time() - began) * 1000


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/rescan", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--edits", type=int, default=20, help="files of each kind changed (20)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args()
