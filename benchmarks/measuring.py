"""Whole processes of stockade, measured: processor time, wall time, peak memory, stages."""

import compileall
import io
import json
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import parsing

from stockade.load.vendored import SKIPPED_FOLDERS, is_build_output, vendored_names

PROJECT = Path(__file__).resolve().parent.parent
KIB_PER_MIB = 1024

COUNT = """\
import json, sys
from pathlib import Path
from stockade.api import scan
report = scan(sys.argv[1])
templates, files, functions = set(), set(), 0
for app in report.applications:
    templates.update(stack.template for stack in app.stacks)
    functions += len(app.functions)
    for function in app.functions.values():
        for root in function.roots:
            files.update(f for f in app.sources.files_below(root) if f.endswith(".py"))
def lines(paths):
    read = (report.applications[0].sources.read(path) for path in sorted(paths))
    return sum(file.text.count("\\n") + 1 for file in read if hasattr(file, "text"))
print(json.dumps({
    "applications": len(report.applications),
    "functions": functions,
    "template_lines": lines(templates),
    "code_lines": lines(files),
    "findings": len(report.findings),
    "unseen": len(report.unseen),
    "failures": len(report.failures),
}))
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One process: seconds of processor and of wall, peak memory, processor seconds by stage."""

    cpu: float
    wall: float
    peak_mib: float
    stages: dict[str, float]


@dataclass(frozen=True, slots=True)
class Floor:
    """What the parsers alone take for a folder's files: seconds of processor, all and by kind."""

    cpu: float
    kinds: dict[str, float]


@dataclass(frozen=True, slots=True)
class Revision:
    """A version of stockade: what it is called, and its `src` folder."""

    name: str
    sources: Path


HERE = Revision("this", PROJECT / "src")


def interpreter() -> str:
    """Return the Python that has what stockade needs."""
    own = PROJECT / ".venv" / "bin" / "python"
    return str(own) if own.exists() else sys.executable


@contextmanager
def unpacked(revision: str) -> Iterator[Revision]:
    """Take the sources of another revision out of git, into a folder that goes away again."""
    folder = Path(tempfile.mkdtemp(prefix="stockade-revision-"))
    git = ["git", "-C", str(PROJECT), "archive", revision, "src"]
    try:
        packed = subprocess.run(git, stdout=subprocess.PIPE, check=True).stdout
        with tarfile.open(fileobj=io.BytesIO(packed)) as files:
            files.extractall(folder, filter="data")
        # As an installation does: else its start would be told with compiling in it.
        compileall.compile_dir(folder, quiet=1)
        compileall.compile_dir(HERE.sources, quiet=1)
        yield Revision(revision, folder / "src")
    finally:
        shutil.rmtree(folder)


def run(folder: Path, revision: Revision = HERE) -> Run:
    """Scan `folder` in a process of its own, as its user would, and measure it."""
    command = ["-P", "-m", "stockade", "scan", str(folder), "--exit-zero", "--profile-stages"]
    one, code, told = _process([interpreter(), *command], {"PYTHONPATH": str(revision.sources)})
    if code:
        message = f"stockade of {revision.name} failed on {folder}: {told.strip()}"
        raise SystemExit(message)
    stages: dict[str, float] = json.loads(told.splitlines()[-1])["cpu_seconds"]
    return replace(one, stages=stages)


def run_beside(command: str, folder: Path) -> Run:
    """Run another program on `folder`, which stands for `{}` in its command line.

    Whatever code it exits with, it is taken to have done its work: scanners exit with what they
    found.
    """
    words = [str(folder) if word == "{}" else word for word in shlex.split(command)]
    return _process(words, {})[0]


def _process(command: Sequence[str], variables: Mapping[str, str]) -> tuple[Run, int, str]:
    """Run a process to its end; return what it took, its exit code, and what it complained of."""
    began = time.perf_counter()
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tempfile.gettempdir(),
        env={**os.environ, **variables},
    ) as process:
        assert process.stderr is not None  # noqa: S101 - it is a pipe
        told = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    one = Run(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / KIB_PER_MIB, {})
    return one, process.returncode, told


def parsable(folder: Path) -> tuple[Path, ...]:
    """Return the folder's own templates and code, as far as a parser of `parsing.py` takes them.

    What a scan does not take for the application's own is left out, and so are links.
    """
    found = []
    for here, folders, names in os.walk(folder):
        everything = {*folders, *names}
        strange = vendored_names(here, everything) | SKIPPED_FOLDERS
        folders[:] = (
            name
            for name in folders
            if name not in strange and not is_build_output(here, name, everything)
        )
        for name in everything.difference(folders, strange):
            path = Path(here, name)
            if path.suffix in parsing.KINDS and path.is_file() and not path.is_symlink():
                found.append(path)
    return tuple(sorted(found))


def floor(files: Sequence[Path]) -> Floor:
    """Have the files parsed by a process of its own, see `parsing.py`, and measure it."""
    done = subprocess.run(
        [interpreter(), "-P", parsing.__file__],
        input="".join(f"{path}\n" for path in files),
        capture_output=True,
        text=True,
        check=True,
    )
    kinds: dict[str, float] = json.loads(done.stdout)
    return Floor(kinds.pop("all"), kinds)


def typical(runs: Sequence[Run]) -> Run:
    """Return the median of each figure."""
    names = dict.fromkeys(name for one in runs for name in one.stages)
    return Run(
        cpu=statistics.median(one.cpu for one in runs),
        wall=statistics.median(one.wall for one in runs),
        peak_mib=max(one.peak_mib for one in runs),
        stages={n: statistics.median(one.stages.get(n, 0.0) for one in runs) for n in names},
    )


def size(folder: Path) -> dict[str, int]:
    """Count what is in a folder: applications, functions, lines, and what was found."""
    done = subprocess.run(
        [interpreter(), "-P", "-c", COUNT, str(folder)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(HERE.sources)},
    )
    counted: dict[str, int] = json.loads(done.stdout)
    return counted
