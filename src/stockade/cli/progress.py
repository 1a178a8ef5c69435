"""What is told while a scan runs: a bar for people, times of stages for the benchmark."""

import json
import sys
import time
from typing import IO

BEFORE_SHOWING = 0.7
"""Seconds after which a scan is long enough for a bar."""

BETWEEN = 0.1
"""Seconds between two drawings."""

CELLS = 24

WORDS = {"load": "reading"}
"""What stages of a scan do with the applications; the others analyse them."""


class Bar:
    """A progress bar on stderr. Called as `stockade.api.Progress`."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._next = time.monotonic() + BEFORE_SHOWING
        self._drawn = False

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Draw how far the scan is, if it is time to."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + BETWEEN
        self._drawn = True
        filled = CELLS * done // total if total else 0
        bar = "#" * filled + "-" * (CELLS - filled)
        told = (
            f"{WORDS.get(stage, 'analysing')} {done} of {total}"
            if total
            else "looking for templates"
        )
        self._stream.write(f"\r[{bar}] {told}\x1b[K")
        self._stream.flush()

    def clear(self) -> None:
        """Take the bar away before the report is written."""
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


class Stages:
    """Measures the processor seconds of each stage. Called as `stockade.api.Progress`."""

    def __init__(self) -> None:
        # What came before is the interpreter's start and the imports.
        self._seconds = {"start": time.process_time()}
        self._stage = "start"
        self._since = time.process_time()

    def __call__(self, stage: str, _done: int = 0, _total: int = 0) -> None:
        """End the stage that runs and begin another."""
        now = time.process_time()
        self._seconds[self._stage] = self._seconds.get(self._stage, 0.0) + now - self._since
        self._stage, self._since = stage, now

    def write(self, stream: IO[str], wall: float) -> None:
        """Write one line of JSON: processor seconds by stage, wall seconds, peak memory."""
        self("end")
        figures: dict[str, object] = {
            "cpu_seconds": {name: round(spent, 4) for name, spent in self._seconds.items()},
            "wall_seconds": round(wall, 4),
            "peak_mib": _peak_mib(),
        }
        stream.write(json.dumps(figures) + "\n")


def _peak_mib() -> float | None:
    """Return the most memory that the process held, where the system tells it."""
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts in KiB, macOS in bytes.
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)
