"""Whether to use colours, how wide to write, and pages of prose on a terminal."""

import os
from typing import IO

from stockade._columns import columns

READABLE = 100
"""Columns of a page of prose; wider lines are hard to follow."""


def in_colour(stream: IO[str], choice: str = "auto") -> bool:
    """Tell whether to colour: as `choice` says, else on a terminal that was not told not to.

    `NO_COLOR` with any value switches colours off, as https://no-color.org asks.
    """
    if choice != "auto":
        return choice == "always"
    calm = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not calm


def width(stream: IO[str], otherwise: int) -> int:
    """Return the columns of the terminal, or `otherwise` where there is none."""
    return columns() if stream.isatty() else otherwise


def paint_markdown(text: str, stream: IO[str]) -> None:
    """Write Markdown of ours to a terminal, laid out."""
    from rich.console import Console  # noqa: PLC0415 - takes longer to import than a scan
    from rich.markdown import Markdown  # noqa: PLC0415

    console = Console(file=stream, force_terminal=True)
    page = Markdown(text, code_theme="ansi_dark", hyperlinks=False)
    console.print(page, width=min(console.width, READABLE))
