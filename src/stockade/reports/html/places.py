"""Where things are written, as the page reads it."""

from typing import Any

from stockade.model import Location
from stockade.reports.untrusted import shown


def place(at: Location) -> list[Any] | None:
    """Write a place as path, line and column; None for what no file states."""
    return [shown(at.path), at.line, at.column] if at.path else None
