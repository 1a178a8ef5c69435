"""How wide the terminal is, without `shutil`, whose compressors take 3 ms to import."""

import os
import sys

_OTHERWISE = 80


def columns() -> int:
    """Return what `COLUMNS` says, else the width of the terminal that is written to, else 80."""
    try:
        told = int(os.environ.get("COLUMNS", ""))
    except ValueError:
        told = 0
    if told > 0:
        return told
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or _OTHERWISE  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        # There is no standard output, it is closed, or it is no terminal.
        return _OTHERWISE
