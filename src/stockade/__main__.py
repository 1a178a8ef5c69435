"""Run stockade: `python -m stockade`, or the command `stockade`."""

import sys

from stockade.cli import main


def run() -> None:
    """Run the command line, and end the process with its exit code."""
    sys.exit(main())


if __name__ == "__main__":
    run()
