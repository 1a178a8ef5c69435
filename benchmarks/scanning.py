"""Time and memory of `stockade scan` over folders of applications.

Each folder is scanned several times, each time by a process of its own. Figures are medians (peak
memory: the most). With --against, another revision scans the same folders in turns with this one,
so that the ratio of the two means something whatever else the machine does. For the same reason
each folder's own files are parsed, and no more, in turns with the scans: `times the parsers`.
With --beside, another program runs in turns as well; `{}` in its command line is the folder:

    benchmarks/scan FOLDER --beside 'checkov --directory {} --quiet --compact'
"""

import argparse
import json
from contextlib import ExitStack
from dataclasses import asdict
from functools import partial
from pathlib import Path

from measuring import (
    HERE,
    Floor,
    Revision,
    Run,
    floor,
    parsable,
    run,
    run_beside,
    size,
    typical,
    unpacked,
)


def main() -> None:
    """Measure, and print a table or JSON."""
    arguments = _arguments()
    results = []
    with ExitStack() as stack:
        revisions = [HERE]
        if arguments.against:
            revisions.append(stack.enter_context(unpacked(arguments.against)))
        for folder in arguments.folders:
            measured, least = in_turns(
                folder.resolve(), revisions, arguments.beside, arguments.runs
            )
            counted = {"folder": str(folder), **size(folder.resolve())}
            results.append({**counted, "runs": measured, "parsers": least})
            if not arguments.json:
                _print(counted, measured, least)
    if arguments.json:
        print(json.dumps(results, indent=2, default=asdict))


def in_turns(
    folder: Path, revisions: list[Revision], beside: list[str], times: int
) -> tuple[dict[str, Run], Floor]:
    """Scan `folder` with each revision in turn, `times` times after one that warms up.

    `beside` are command lines of other programs, which take their turns too. Return what is
    typical of each, by the name of the revision or by the command line, and of the parsers alone.
    """
    scans = {revision.name: partial(run, folder, revision) for revision in revisions}
    scans |= {command: partial(run_beside, command, folder) for command in beside}
    runs: dict[str, list[Run]] = {name: [] for name in scans}
    files = parsable(folder)
    parsed = []
    for scan in scans.values():
        scan()
    for _ in range(times):
        parsed.append(floor(files))
        for name, scan in scans.items():
            runs[name].append(scan())
    least = sorted(parsed, key=lambda one: one.cpu)[times // 2]
    return {name: typical(several) for name, several in runs.items()}, least


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/scan", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--runs", type=int, default=5, help="how often each is scanned (5)")
    parser.add_argument("--against", metavar="REVISION", help="compare with this git revision")
    parser.add_argument(
        "--beside",
        action="append",
        default=[],
        metavar="COMMAND",
        help="compare with this command line, too; `{}` in it is the folder",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args()


def _print(counted: dict[str, object], measured: dict[str, Run], least: Floor) -> None:
    print(counted["folder"])
    print("  ", ", ".join(f"{n} {what.replace('_', ' ')}" for what, n in _numbers(counted)))
    for name, one in measured.items():
        stages = "  ".join(f"{stage} {spent:.3f}" for stage, spent in one.stages.items())
        print(f"  {name:<10} cpu {one.cpu:.3f} s  wall {one.wall:.3f} s  {one.peak_mib:.0f} MiB")
        if stages:
            print(f"  {'':<10} cpu by stage: {stages}")
    kinds = "  ".join(f"{kind} {spent:.3f}" for kind, spent in least.kinds.items())
    times = measured[HERE.name].cpu / least.cpu
    print(f"  {'parsers':<10} cpu {least.cpu:.3f} s  {kinds}")
    print(f"  {'ratio':<10} {times:.1f} times the parsers")
    this, *others = measured.items()
    for name, other in others:
        cpu, wall = this[1].cpu / other.cpu, this[1].wall / other.wall
        print(f"  {'ratio':<10} cpu {cpu:.3f}  wall {wall:.3f}  of {name}")


def _numbers(counted: dict[str, object]) -> list[tuple[str, object]]:
    return [(what, n) for what, n in counted.items() if isinstance(n, int)]
