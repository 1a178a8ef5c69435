"""`stockade access`: may this principal do this action on this resource, and who says so."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from stockade.cli.output import write
from stockade.errors import InputError


def run(arguments: argparse.Namespace) -> int:
    """Answer a stream of cases, a line each as it comes."""
    from stockade.iam.cases import run_cases  # noqa: PLC0415 - only this command decides

    for answer in run_cases(_lines(arguments.cases)):
        write(f"{answer}\n", None)
    return 0


def _lines(file: str) -> Iterable[str]:
    """Read the cases from a file, or from the standard input where it is `-`."""
    if file == "-":
        yield from sys.stdin
        return
    try:
        with Path(file).open(encoding="utf-8") as lines:
            yield from lines
    except (OSError, UnicodeDecodeError) as error:
        message = f"the cases in {file} cannot be read: {error}"
        raise InputError(
            message, "name a file of JSON Lines, or - for the standard input"
        ) from error
