"""Where text goes: reports to stdout or a file, all else to stderr."""

import io
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from stockade.errors import InputError
from stockade.reports.layout import Line, coloured, plain
from stockade.reports.paint import in_colour
from stockade.reports.untrusted import shown


def complain(
    message: str, hint: str = "", details: Iterable[str] = (), *, kind: str = "error"
) -> None:
    """Write an error or warning to stderr: what failed, where, and what to do next."""
    told = [f"{kind}: {shown(message)}", *(f"  {shown(detail)}" for detail in details)]
    if hint:
        told.append(f"  help: {shown(hint)}")
    _forgiving(sys.stderr)
    sys.stderr.write("".join(f"{line}\n" for line in told))


def write(text: str, file: str | None, scanned: str = "") -> None:
    """Write a report to `file`, or to stdout if there is none or it is `-`."""
    if file is None or file == "-":
        _forgiving(sys.stdout)
        sys.stdout.write(text)
        sys.stdout.flush()
    else:
        _write_file(Path(file), text, Path(scanned))


def write_lines(lines: Iterable[Line], colour: str, file: str | None, scanned: str = "") -> None:
    """Write lines for people: coloured if `colour` says so, or on a terminal."""
    stream: IO[str] = sys.stdout if file in (None, "-") else io.StringIO()
    as_text = coloured if in_colour(stream, colour) else plain
    write(as_text(lines), file, scanned)


def _forgiving(stream: IO[str]) -> None:
    """Let a terminal that knows few characters show the others as their numbers."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")


def _write_file(path: Path, text: str, scanned: Path) -> None:
    """Write a file; inside the scanned folder, follow no link that the repository holds."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    root = Path(os.path.abspath(scanned if scanned.is_dir() else scanned.parent))  # noqa: PTH100
    target = Path(os.path.abspath(path))  # noqa: PTH100 - must not follow links
    if target.is_relative_to(root):
        if not target.parent.resolve().is_relative_to(root.resolve()):
            message = f"{path}: a link leads out of the scanned folder"
            raise InputError(message, "name another file")
        flags |= getattr(os, "O_NOFOLLOW", 0)
    try:
        with os.fdopen(os.open(path, flags, 0o666), "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        message = f"the report could not be written to {path}: {error.strerror}"
        raise InputError(message, "name another file") from error
