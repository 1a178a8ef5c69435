"""Time and memory of `stockade scan` over folders of applications.

Each folder is scanned several times, each time by a process of its own. Figures are medians (peak
memory: the most). With --against, another revision scans the same folders in turns with this one,
so that the ratio of the two means something whatever else the machine does.
"""

import argparse
import json
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from measuring import HERE, Revision, Run, run, size, typical, unpacked


def main() -> None:
    """Measure, and print a table or JSON."""
    arguments = _arguments()
    results = []
    with ExitStack() as stack:
        revisions = [HERE]
        if arguments.against:
            revisions.append(stack.enter_context(unpacked(arguments.against)))
        for folder in arguments.folders:
            measured = in_turns(folder.resolve(), revisions, arguments.runs)
            results.append({"folder": str(folder), **size(folder.resolve()), "runs": measured})
            if not arguments.json:
                _print(results[-1], measured)
    if arguments.json:
        print(json.dumps(results, indent=2, default=asdict))


def in_turns(folder: Path, revisions: list[Revision], times: int) -> dict[str, Run]:
    """Scan `folder` with each revision in turn, `times` times after one that warms up."""
    runs: dict[str, list[Run]] = {revision.name: [] for revision in revisions}
    for revision in revisions:
        run(folder, revision)
    for _ in range(times):
        for revision in revisions:
            runs[revision.name].append(run(folder, revision))
    return {name: typical(several) for name, several in runs.items()}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/scan", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--runs", type=int, default=5, help="how often each is scanned (5)")
    parser.add_argument("--against", metavar="REVISION", help="compare with this git revision")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args()


def _print(counted: dict[str, object], measured: dict[str, Run]) -> None:
    print(counted["folder"])
    print("  ", ", ".join(f"{n} {what.replace('_', ' ')}" for what, n in _numbers(counted)))
    for name, one in measured.items():
        stages = "  ".join(f"{stage} {spent:.3f}" for stage, spent in one.stages.items())
        print(f"  {name:<10} cpu {one.cpu:.3f} s  wall {one.wall:.3f} s  {one.peak_mib:.0f} MiB")
        print(f"  {'':<10} cpu by stage: {stages}")
    if len(measured) > 1:
        this, other = measured.values()
        print(f"  {'ratio':<10} cpu {this.cpu / other.cpu:.2f}  wall {this.wall / other.wall:.2f}")


def _numbers(counted: dict[str, object]) -> list[tuple[str, object]]:
    return [(what, n) for what, n in counted.items() if isinstance(n, int)]
