"""The command line: words in, report and exit code out. No logic of scanning lives here."""

import os
import sys
import time
from collections.abc import Sequence

from stockade.errors import StockadeError, describe

FAILED = 1
BAD_USAGE = 2
NOTHING_TO_SCAN = 3
INTERRUPTED = 130
"""As shells count a process that the user interrupted."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, and return the exit code of the process."""
    # What a person waits for begins here: most of a small scan is importing what it needs.
    began = time.perf_counter()
    from stockade.cli.arguments import parse  # noqa: PLC0415 - an interrupt may come this early

    try:
        arguments = parse(argv)
        arguments.began = began
        code: int = arguments.run(arguments)
    except StockadeError as error:
        return _told(str(error), error.hint, BAD_USAGE)
    except KeyboardInterrupt:
        return _told("interrupted: nothing was reported", "", INTERRUPTED)
    except BrokenPipeError:
        # Whoever read the report has seen enough. Python must not try to flush the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        if os.environ.get("STOCKADE_DEBUG"):
            raise
        return _told(
            f"stockade failed: {describe(error)}",
            "this is a mistake of stockade's own: please report it with the line above;"
            " STOCKADE_DEBUG=1 shows where it happened",
            FAILED,
        )
    return code


def _told(message: str, hint: str, code: int) -> int:
    from stockade.cli.output import complain  # noqa: PLC0415 - only after something went wrong

    complain(message, hint)
    return code
