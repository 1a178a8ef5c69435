"""Lines written to a stream: coloured on a terminal, plain everywhere else."""

import os
import shutil
from collections.abc import Iterable
from typing import IO

from stockade.reports.layout import STYLES, Line, plain

READABLE = 100
"""Columns of a page of prose; wider lines are hard to follow."""


def coloured(stream: IO[str], choice: str = "auto") -> bool:
    """Tell whether to colour: as `choice` says, else on a terminal that was not told not to.

    `NO_COLOR` with any value switches colours off, as https://no-color.org asks.
    """
    if choice != "auto":
        return choice == "always"
    calm = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not calm


def width(stream: IO[str], otherwise: int) -> int:
    """Return the columns of the terminal, or `otherwise` where there is none."""
    return shutil.get_terminal_size().columns if stream.isatty() else otherwise


def paint(lines: Iterable[Line], stream: IO[str], *, colour: bool) -> None:
    """Write the lines to `stream`."""
    if not colour:
        stream.write(plain(lines))
        return
    from rich.console import Console  # noqa: PLC0415 - takes longer to import than a scan
    from rich.text import Text  # noqa: PLC0415

    console = Console(
        file=stream,
        force_terminal=True,
        highlight=False,
        markup=False,
        emoji=False,
        no_color=False,
    )
    for one in lines:
        text = Text.assemble(*((piece.text, STYLES.get(piece.style, "")) for piece in one))
        console.print(text, soft_wrap=True)


def paint_markdown(text: str, stream: IO[str]) -> None:
    """Write Markdown of ours to a terminal, laid out."""
    from rich.console import Console  # noqa: PLC0415
    from rich.markdown import Markdown  # noqa: PLC0415

    console = Console(file=stream, force_terminal=True)
    console.print(
        Markdown(text, code_theme="ansi_dark", hyperlinks=False),
        width=min(console.width, READABLE),
    )
