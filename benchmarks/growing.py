"""How time and memory grow with the size of what is scanned.

Applications are made by benchmarks/generate into a folder that goes away again, and scanned by
processes of their own. `factor` is how much more processor time ten times the size took, apart
from the start of Python: 10 is linear.
"""

import argparse
import json
import tempfile
from dataclasses import asdict
from pathlib import Path

from measuring import Run, run, typical
from synthetic import SHAPES

SIZES = {
    "collection": (1, 10, 100, 1000),
    "long": (100, 1000, 10_000),
    "deep": (10, 100, 1000),
    "wide": (10, 100, 1000),
    "branches": (10, 100, 1000),
}


def main() -> None:
    """Measure each shape at each size, smallest first."""
    arguments = _arguments()
    results = []
    with tempfile.TemporaryDirectory(prefix="stockade-growth-") as made:
        if not arguments.json:
            print(f"{'shape':<12}{'size':>7}{'cpu s':>9}{'wall s':>9}{'MiB':>7}{'factor':>8}")
        for shape in arguments.shapes:
            before = None
            for size in [size for size in SIZES[shape] if size <= arguments.largest]:
                folder = Path(made) / f"{shape}-{size}"
                SHAPES[shape](folder, size)
                one = typical([run(folder) for _ in range(arguments.runs)])
                factor: float | None = None if before is None else _work(one) / _work(before)
                before = one
                results.append({"shape": shape, "size": size, "factor": factor, **asdict(one)})
                if not arguments.json:
                    _print(shape, size, one, factor)
    if arguments.json:
        print(json.dumps(results, indent=2))


def _work(one: Run) -> float:
    """Return the processor seconds after the start; less than a millisecond says nothing."""
    return max(one.cpu - one.stages["start"], 0.001)


def _print(shape: str, size: int, one: Run, factor: float | None) -> None:
    told = "" if factor is None else f"{factor:.1f}"
    print(
        f"{shape:<12}{size:>7}{one.cpu:>9.3f}{one.wall:>9.3f}{one.peak_mib:>7.0f}{told:>8}",
        flush=True,
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/growth", description=__doc__)
    parser.add_argument("--shapes", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--largest", type=int, default=10_000, help="leave out larger sizes")
    parser.add_argument("--runs", type=int, default=3, help="how often each is scanned (3)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args()
