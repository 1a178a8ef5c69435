"""Run stockade: `python -m stockade`, or the command `stockade`."""

import gc
import os
import sys

from stockade.cli import main


def run() -> None:
    """Run the command line, and end the process with its exit code."""
    # A tenth of the start would go into looking for garbage among freshly imported modules.
    gc.disable()
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Freeing every object of several hundred applications one by one would take a second.
    os._exit(code)


if __name__ == "__main__":
    run()
