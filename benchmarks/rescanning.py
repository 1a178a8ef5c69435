"""Time of another scan after one file changed, as an editor has it: `stockade.Workspace`.

The folder is copied, without `.git`. Then templates and files of code, picked by chance, are
changed one after the other, and the workspace is told of each: by a comment at the end (`end`),
by one at the top, which moves all places (`top`), and by a number that is another (`number`: of a
template's setting, of code what it computes with). Figures are milliseconds of processor time,
`median` and `most` of all edits of a kind; `ratio` is that of the median to the first scan.
"""

import argparse
import json
import random
import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from stockade import Report, Workspace

COMMENTS = {
    ".py": "#",
    ".js": "//",
    ".mjs": "//",
    ".ts": "//",
    ".yaml": "#",
    ".yml": "#",
    ".tf": "#",
}
"""What begins a comment, by what a file's name ends in."""

_NUMBER = re.compile(r"(?<=[:=(] )\d+\b|(?<=[(\[=])\d+\b")


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
            for kind, change in CHANGES.items():
                picked = chance.sample(files, min(edits, len(files)))
                spent = [
                    one
                    for path in picked
                    if (one := _edited(workspace, root / path, change, chance)) is not None
                ]
                if spent:
                    median = statistics.median(spent)
                    result[f"{what}_{kind}_median_ms"] = round(median, 1)
                    result[f"{what}_{kind}_most_ms"] = round(max(spent), 1)
                    result[f"{what}_{kind}_ratio"] = round(median / first, 4)
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
    known = tuple(COMMENTS)
    return (
        sorted(path for path in templates if path.endswith(known)),
        sorted(path for path in handlers - templates if path.endswith(known)),
    )


def _at_the_end(text: str, mark: str, _chance: random.Random) -> str:
    return f"{text}\n{mark} A comment.\n"


def _at_the_top(text: str, mark: str, _chance: random.Random) -> str:
    return f"{mark} A comment.\n{text}"


def _another_number(text: str, _mark: str, chance: random.Random) -> str:
    found = list(_NUMBER.finditer(text))
    if not found:
        return text
    number = chance.choice(found)
    return f"{text[: number.start()]}{int(number[0]) + 1}{text[number.end() :]}"


CHANGES: Mapping[str, Callable[[str, str, random.Random], str]] = {
    "end": _at_the_end,
    "top": _at_the_top,
    "number": _another_number,
}
"""What becomes of a file's text, given what begins a comment in it."""


def _edited(
    workspace: Workspace,
    path: Path,
    change: Callable[[str, str, random.Random], str],
    chance: random.Random,
) -> float | None:
    """Return what the scan after a change took; None where there is nothing to change."""
    text = path.read_text(encoding="utf-8")
    changed = change(text, COMMENTS[path.suffix], chance)
    if changed == text:
        return None
    path.write_text(changed, encoding="utf-8")
    return _timed(lambda: workspace.changed([path]))[1]


def _timed(scan: Callable[[], Report]) -> tuple[Report, float]:
    began = time.process_time()
    report = scan()
    return report, (time.process_time() - began) * 1000


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/rescan", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--edits", type=int, default=20, help="files changed in each way (20)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args()
